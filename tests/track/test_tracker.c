/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a track, as tracker.h promises it. */
#include <math.h>
#include <string.h>

#include "tests/track/film.h"

#define STEP (100 * IV_MS) /* 10 fps */

/* Frames from *ts on, one STEP apart, that show one standing person or (score 0) nobody. */
static void stand(IvTestFilm *film, IvTime *ts, guint frames, double x, double score) {
  IvDetection person = iv_test_person(x, 600, 200, score);
  for (guint i = 0; i < frames; i++, *ts += STEP)
    iv_test_film_show(film, *ts, &person, NULL, score > 0 ? 1 : 0);
}

static guint n_live(const IvTestFilm *film) {
  guint n = 0;
  iv_tracker_live(film->tracker, &n);
  return n;
}

static const IvTrackPoint *only_live(const IvTestFilm *film) {
  guint n = 0;
  const IvTrackPoint *live = iv_tracker_live(film->tracker, &n);
  g_assert_cmpuint(n, ==, 1);
  return live;
}

/* 0.3⁴ = 0.008 is the first product under 0.01: the fourth sight confirms and brings the others. */
static void test_confirmation(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  for (int i = 0; i < 3; i++) {
    stand(&film, &ts, 1, 500, 0.7);
    g_assert_cmpuint(film.points->len, ==, 0);
    g_assert_cmpint(only_live(&film)->state, ==, IV_TRACK_TENTATIVE);
    g_assert_cmpuint(iv_tracker_n_confirmed(film.tracker), ==, 0);
  }
  stand(&film, &ts, 1, 500, 0.7);
  g_assert_cmpuint(film.points->len, ==, 4);
  for (guint i = 0; i < 4; i++) {
    const IvTrackPoint *point = iv_test_film_point(&film, i);
    g_assert_cmpuint(point->tracklet_id, ==, 1);
    g_assert_cmpint(point->state, ==, IV_TRACK_CONFIRMED);
    g_assert_cmpint(point->ts, ==, i * STEP);
    g_assert_cmpfloat(point->score, ==, 0.7f);
    g_assert_cmpfloat_with_epsilon(point->ground.x, 0.5f, 1e-4f);
    g_assert_cmpfloat_with_epsilon(point->ground.y, 0.6f, 1e-4f);
  }
  g_assert_cmpint(only_live(&film)->state, ==, IV_TRACK_CONFIRMED);
  g_assert_cmpuint(iv_tracker_n_confirmed(film.tracker), ==, 1);
  stand(&film, &ts, 1, 500, 0.7);
  g_assert_cmpuint(film.points->len, ==, 5);
}

static void test_certain_sight(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  stand(&film, &ts, 1, 500, 1);
  g_assert_cmpuint(film.points->len, ==, 1);
  g_assert_cmpint(iv_test_film_last(&film)->state, ==, IV_TRACK_CONFIRMED);
}

/* However doubtful: after 16 tentative sights the next one confirms, with all points. */
static void test_confirmed_in_any_case(void) {
  IvTrackTuning never = iv_track_tuning;
  never.false_chance = 0;
  g_auto(IvTestFilm) film = iv_test_film(NULL, &never);
  IvTime ts = 0;
  stand(&film, &ts, 16, 500, 0.6);
  g_assert_cmpuint(film.points->len, ==, 0);
  stand(&film, &ts, 1, 500, 0.6);
  g_assert_cmpuint(film.points->len, ==, 17);
}

static void test_lost_and_found(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  stand(&film, &ts, 10, 500, 0.9);
  IvTrackPoint seen = *iv_test_film_last(&film);
  stand(&film, &ts, 10, 500, 0); /* up to 1.0 s unseen */
  g_assert_cmpuint(film.points->len, ==, 10);
  g_assert_cmpuint(iv_tracker_n_confirmed(film.tracker), ==, 1);
  stand(&film, &ts, 5, 500, 0);
  g_assert_cmpuint(film.points->len, ==, 11);
  g_assert_cmpuint(iv_tracker_n_confirmed(film.tracker), ==, 0);
  const IvTrackPoint *lost = iv_test_film_last(&film);
  g_assert_cmpint(lost->state, ==, IV_TRACK_LOST);
  g_assert_cmpint(lost->ts, ==, seen.ts);
  g_assert_cmpfloat(lost->score, ==, 0);
  g_assert_cmpmem(&lost->box, sizeof lost->box, &seen.box, sizeof seen.box);
  g_assert_cmpmem(&lost->ground, sizeof lost->ground, &seen.ground, sizeof seen.ground);
  stand(&film, &ts, 1, 500, 0.9);
  g_assert_cmpint(iv_test_film_last(&film)->state, ==, IV_TRACK_CONFIRMED);
  g_assert_cmpuint(iv_test_film_last(&film)->tracklet_id, ==, 1);
  g_assert_cmpint(iv_test_film_last(&film)->ts, ==, ts - STEP);
  g_assert_cmpuint(iv_tracker_n_confirmed(film.tracker), ==, 1);
}

static void test_ended_once(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  stand(&film, &ts, 10, 500, 0.9);
  IvTrackPoint seen = *iv_test_film_last(&film);
  stand(&film, &ts, 100, 500, 0);
  iv_test_film_end(&film);
  g_assert_cmpuint(film.points->len, ==, 12);
  g_assert_cmpuint(iv_test_film_count(&film, 1, IV_TRACK_LOST), ==, 1);
  g_assert_cmpuint(iv_test_film_count(&film, 1, IV_TRACK_ENDED), ==, 1);
  const IvTrackPoint *ended = iv_test_film_last(&film);
  g_assert_cmpint(ended->state, ==, IV_TRACK_ENDED);
  g_assert_cmpint(ended->ts, ==, seen.ts);
  g_assert_cmpfloat(ended->score, ==, 0);
  g_assert_cmpmem(&ended->box, sizeof ended->box, &seen.box, sizeof seen.box);
}

static void test_never_confirmed(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  stand(&film, &ts, 2, 500, 0.7);
  stand(&film, &ts, 60, 500, 0);
  g_assert_cmpuint(n_live(&film), ==, 0);
  stand(&film, &ts, 2, 200, 0.7);
  iv_test_film_end(&film);
  g_assert_cmpuint(film.points->len, ==, 0);
}

/* Away for `frames` and back: the id of the last point. */
static guint64 id_after(const IvTrackerConfig *config, guint frames) {
  g_auto(IvTestFilm) film = iv_test_film(config, NULL);
  IvTime ts = 0;
  stand(&film, &ts, 10, 500, 0.9);
  stand(&film, &ts, frames, 500, 0);
  stand(&film, &ts, 10, 500, 0.9);
  return iv_test_film_last(&film)->tracklet_id;
}

static void test_keep_lost(void) {
  IvTrackerConfig config = iv_tracker_config_default();
  config.lost_after = IV_SECOND / 2;
  config.keep_lost = 2 * IV_SECOND;
  g_assert_cmpuint(id_after(&config, 18), ==, 1); /* seen again after 1.9 s */
  g_assert_cmpuint(id_after(&config, 20), ==, 2); /* after 2.1 s */
  g_assert_cmpuint(id_after(NULL, 20), ==, 1);
  g_assert_cmpuint(id_after(NULL, 45), ==, 2);
}

/* Too old for the matching (2.2 s at most), but the newcomer is linked when it is confirmed: its
 * early points come under the old id, in order, after the LOST one. From there on the track is
 * where the newcomer is. */
static void test_linked(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  stand(&film, &ts, 10, 500, 0.7);
  stand(&film, &ts, 30, 500, 0);
  guint before = film.points->len;
  stand(&film, &ts, 1, 560, 0.7);
  g_assert_cmpint(only_live(&film)->state, ==, IV_TRACK_TENTATIVE);
  g_assert_cmpuint(only_live(&film)->tracklet_id, ==, 2);
  stand(&film, &ts, 3, 560, 0.7);
  g_assert_cmpuint(only_live(&film)->tracklet_id, ==, 1);
  g_assert_cmpuint(film.points->len, ==, before + 4);
  for (guint i = before; i < film.points->len; i++) {
    const IvTrackPoint *point = iv_test_film_point(&film, i);
    g_assert_cmpuint(point->tracklet_id, ==, 1);
    g_assert_cmpint(point->state, ==, IV_TRACK_CONFIRMED);
    g_assert_cmpint(point->ts, >, iv_test_film_point(&film, i - 1)->ts);
  }
  stand(&film, &ts, 1, 560, 0);
  g_assert_cmpfloat_with_epsilon(only_live(&film)->ground.x, 0.56f, 0.005f);
  iv_test_film_end(&film);
  g_assert_cmpuint(iv_test_film_count(&film, 0, IV_TRACK_ENDED), ==, 1);
  g_assert_cmpfloat_with_epsilon(iv_test_film_last(&film)->ground.x, 0.56f, 0.005f);
}

static void show_two(IvTestFilm *film, IvTime ts) {
  IvDetection two[] = {iv_test_person(300, 600, 200, 1), iv_test_person(700, 600, 200, 1)};
  iv_test_film_show(film, ts, two, NULL, 2);
}

static void test_gap_ends_all(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  show_two(&film, 0);
  show_two(&film, STEP);
  show_two(&film, 10 * IV_SECOND);
  g_assert_cmpuint(film.points->len, ==, 8);
  for (guint i = 4; i < 6; i++) {
    g_assert_cmpint(iv_test_film_point(&film, i)->state, ==, IV_TRACK_ENDED);
    g_assert_cmpint(iv_test_film_point(&film, i)->ts, ==, STEP);
  }
  g_assert_cmpuint(iv_test_film_point(&film, 6)->tracklet_id, ==, 3);
  g_assert_cmpuint(iv_test_film_point(&film, 7)->tracklet_id, ==, 4);
}

/* Time may start anew after a seam; ids go on. */
static void test_end_all(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  show_two(&film, IV_HOUR);
  iv_test_film_end(&film);
  g_assert_cmpuint(film.points->len, ==, 4);
  g_assert_cmpuint(iv_test_film_count(&film, 1, IV_TRACK_ENDED), ==, 1);
  g_assert_cmpuint(iv_test_film_count(&film, 2, IV_TRACK_ENDED), ==, 1);
  g_assert_cmpuint(n_live(&film), ==, 0);
  g_assert_cmpuint(iv_tracker_n_confirmed(film.tracker), ==, 0);
  iv_test_film_end(&film);
  g_assert_cmpuint(film.points->len, ==, 4);
  show_two(&film, 0);
  g_assert_cmpuint(film.points->len, ==, 6);
  g_assert_cmpuint(iv_test_film_point(&film, 4)->tracklet_id, ==, 3);
  g_assert_cmpint(iv_test_film_point(&film, 4)->ts, ==, 0);
}

static void test_stumbling_clock(void) {
  static const IvTime told[] = {IV_SECOND, IV_SECOND, 0, IV_SECOND + 5 * IV_MS};
  static const IvTime counted[] = {IV_SECOND, IV_SECOND + IV_MS, IV_SECOND + 2 * IV_MS,
                                   IV_SECOND + 5 * IV_MS};
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvDetection person = iv_test_person(500, 600, 200, 1);
  for (guint i = 0; i < G_N_ELEMENTS(told); i++) {
    iv_test_film_show(&film, told[i], &person, NULL, 1);
    g_assert_cmpint(iv_test_film_point(&film, i)->ts, ==, counted[i]);
    g_assert_cmpint(only_live(&film)->ts, ==, counted[i]);
  }
}

/* IV_DETECTIONS_MAX small people in a grid, moved to the right by `shift` px. */
static guint make_grid(IvDetection *people, double shift) {
  for (guint i = 0; i < IV_DETECTIONS_MAX; i++)
    people[i] = iv_test_person(15 + 30 * (i % 32) + shift, 40 + 60 * (double)(i / 32), 15, 0.7);
  return IV_DETECTIONS_MAX;
}

static void test_refused(void) {
  G_STATIC_ASSERT(IV_DETECTIONS_MAX == IV_TRACKS_MAX);
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvDetection people[IV_DETECTIONS_MAX];
  guint n = make_grid(people, 0);
  iv_test_film_show(&film, 0, people, NULL, n);
  g_assert_cmpuint(n_live(&film), ==, IV_TRACKS_MAX);
  g_assert_cmpuint(iv_tracker_n_refused(film.tracker), ==, 0);
  make_grid(people, 14);
  iv_test_film_show(&film, STEP, people, NULL, 100);
  g_assert_cmpuint(iv_tracker_n_refused(film.tracker), ==, 100);
  g_assert_cmpuint(n_live(&film), ==, 0);
  /* The first ones were dropped meanwhile, and the count stays. */
  iv_test_film_show(&film, 5 * STEP, NULL, NULL, 0);
  iv_test_film_show(&film, 6 * STEP, people, NULL, n);
  g_assert_cmpuint(n_live(&film), ==, IV_TRACKS_MAX);
  g_assert_cmpuint(iv_tracker_n_refused(film.tracker), ==, 100);
}

static void test_detections_max(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvDetection people[IV_DETECTIONS_MAX + 1];
  for (guint i = 0; i < G_N_ELEMENTS(people); i++)
    people[i] = iv_test_person(100, 600, 200, 0.3); /* too weak to begin */
  people[IV_DETECTIONS_MAX] = iv_test_person(700, 600, 200, 1);
  iv_test_film_show(&film, 0, people, NULL, IV_DETECTIONS_MAX + 1);
  g_assert_cmpuint(n_live(&film), ==, 0);
  people[0].class_id = 1; /* does not count */
  iv_test_film_show(&film, STEP, people, NULL, IV_DETECTIONS_MAX + 1);
  g_assert_cmpuint(n_live(&film), ==, 1);
}

typedef enum { X0, Y0, X1, Y1, SCORE, CLASS } Field;

static IvDetection with(Field field, float value) {
  IvDetection d = iv_test_person(500, 600, 200, 0.9);
  float *const fields[] = {&d.box.x0, &d.box.y0, &d.box.x1, &d.box.y1, &d.score};
  if (field == CLASS)
    d.class_id = (int)value;
  else
    *fields[field] = value;
  return d;
}

static void test_left_out(void) {
  static const struct {
    Field field;
    float value;
  } cases[] = {
      {CLASS, 1},      {CLASS, -1},     {SCORE, NAN},   {SCORE, INFINITY}, {SCORE, -INFINITY},
      {SCORE, 0.2f},   {X0, NAN},       {Y0, NAN},      {X1, NAN},         {Y1, NAN},
      {X0, -INFINITY}, {Y0, -INFINITY}, {X1, INFINITY}, {Y1, INFINITY},    {X0, 0.54f},
      {Y1, 0.4f},      {X1, 0.4605f},   {Y0, 0.5995f},  {X0, 0.9f},        {X1, -0.2f},
      {Y0, 2},         {Y1, -1},        {X1, 20},       {Y0, -1e30f},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
    IvDetection wrong = with(cases[i].field, cases[i].value);
    for (int frame = 0; frame < 5; frame++) {
      iv_test_film_show(&film, frame * STEP, &wrong, NULL, 1);
      g_assert_cmpuint(n_live(&film), ==, 0);
    }
    g_assert_cmpuint(film.points->len, ==, 0);
  }
}

static void test_outside(void) {
  static const struct {
    double x, feet;
  } places[] = {{-41, 600}, {1041, 600}, {500, -1}, {500, 1201}};
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
    g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
    IvDetection wrong = iv_test_person(places[i].x, places[i].feet, 200, 1);
    iv_test_film_show(&film, 0, &wrong, NULL, 1);
    g_assert_cmpuint(n_live(&film), ==, 0);
  }
}

/* A score above 1 counts as 1 and is given out so. */
static void test_score_above_1(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  stand(&film, &ts, 1, 500, 1.5);
  g_assert_cmpfloat(iv_test_film_last(&film)->score, ==, 1);
}

static void test_weak_only_continue(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  stand(&film, &ts, 20, 500, 0.4);
  g_assert_cmpuint(n_live(&film), ==, 0);
  stand(&film, &ts, 2, 500, 0.7); /* tentative: a weak sight does not help it */
  stand(&film, &ts, 4, 500, 0.4);
  g_assert_cmpuint(n_live(&film), ==, 0);
  g_assert_cmpuint(film.points->len, ==, 0);
  stand(&film, &ts, 5, 500, 0.9);
  guint before = film.points->len;
  stand(&film, &ts, 30, 500, 0.3);
  g_assert_cmpuint(film.points->len, ==, before + 30);
  g_assert_cmpint(iv_test_film_last(&film)->state, ==, IV_TRACK_CONFIRMED);
  g_assert_cmpfloat(iv_test_film_last(&film)->score, ==, 0.3f);
  stand(&film, &ts, 11, 500, 0); /* lost: a weak sight does not find it again */
  g_assert_cmpint(iv_test_film_last(&film)->state, ==, IV_TRACK_LOST);
  stand(&film, &ts, 5, 500, 0.3);
  g_assert_cmpint(iv_test_film_last(&film)->state, ==, IV_TRACK_LOST);
}

/* A second box on somebody who is tracked begins nothing, a person beside him does. */
static void test_double_box(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvDetection two[] = {iv_test_person(500, 600, 200, 1), iv_test_person(505, 602, 200, 0.9)};
  iv_test_film_show(&film, 0, two, NULL, 1);
  for (int frame = 1; frame < 10; frame++) {
    iv_test_film_show(&film, frame * STEP, two, NULL, 2);
    g_assert_cmpuint(n_live(&film), ==, 1);
  }
  two[1] = iv_test_person(560, 602, 200, 0.9);
  iv_test_film_show(&film, 10 * STEP, two, NULL, 2);
  g_assert_cmpuint(n_live(&film), ==, 2);
}

/* 100 px/s to the right from x on, seen in `frames` frames. */
static void walk(IvTestFilm *film, IvTime *ts, guint frames, double x) {
  for (guint i = 0; i < frames; i++, *ts += STEP) {
    IvDetection person = iv_test_person(x + 10 * i, 600, 200, 0.9);
    iv_test_film_show(film, *ts, &person, NULL, 1);
  }
}

static void test_foretold(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  walk(&film, &ts, 20, 300);
  guint before = film.points->len;
  for (int missed = 1; missed <= 2; missed++) {
    stand(&film, &ts, 1, 0, 0);
    const IvTrackPoint *live = only_live(&film);
    g_assert_cmpint(live->state, ==, IV_TRACK_CONFIRMED);
    g_assert_cmpint(live->ts, ==, ts - STEP);
    g_assert_cmpfloat(live->score, ==, 0);
    g_assert_cmpfloat_with_epsilon(live->ground.x, (float)(0.49 + 0.01 * missed), 0.004f);
  }
  stand(&film, &ts, 1, 0, 0); /* 0.3 s */
  g_assert_cmpuint(n_live(&film), ==, 0);
  g_assert_cmpuint(film.points->len, ==, before);
}

static void test_not_foretold(void) {
  g_auto(IvTestFilm) brief = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  walk(&brief, &ts, 5, 300); /* confirmed, but seen five times only */
  g_assert_cmpint(only_live(&brief)->state, ==, IV_TRACK_CONFIRMED);
  stand(&brief, &ts, 1, 0, 0);
  g_assert_cmpuint(n_live(&brief), ==, 0);
  g_auto(IvTestFilm) leaving = iv_test_film(NULL, NULL);
  ts = 0;
  walk(&leaving, &ts, 20, 765); /* box up to 995, foretold 1005 */
  stand(&leaving, &ts, 1, 0, 0);
  g_assert_cmpuint(n_live(&leaving), ==, 0);
}

/* Foretold outside the picture: ended at once, not kept for keep_lost. */
static void test_left_the_picture(void) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  IvTime ts = 0;
  walk(&film, &ts, 30, 690);
  IvTime last = iv_test_film_last(&film)->ts;
  stand(&film, &ts, 5, 0, 0);
  g_assert_cmpint(iv_test_film_last(&film)->state, ==, IV_TRACK_ENDED);
  g_assert_cmpint(iv_test_film_last(&film)->ts, ==, last);
  g_assert_cmpuint(iv_test_film_count(&film, 0, IV_TRACK_LOST), ==, 0);
}

static void test_config(void) {
  IvTrackerConfig config = iv_tracker_config_default();
  g_assert_cmpfloat(config.high_score, ==, 0.45f);
  g_assert_cmpfloat(config.low_score, ==, 0.25f);
  g_assert_cmpint(config.lost_after, ==, IV_SECOND);
  g_assert_cmpint(config.keep_lost, ==, 4 * IV_SECOND);
  config.high_score = 0.8f;
  g_auto(IvTestFilm) film = iv_test_film(&config, NULL);
  IvTime ts = 0;
  stand(&film, &ts, 10, 500, 0.75);
  g_assert_cmpuint(n_live(&film), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/tracker/confirmation", test_confirmation);
  g_test_add_func("/tracker/certain-sight", test_certain_sight);
  g_test_add_func("/tracker/confirmed-in-any-case", test_confirmed_in_any_case);
  g_test_add_func("/tracker/lost-and-found", test_lost_and_found);
  g_test_add_func("/tracker/ended-once", test_ended_once);
  g_test_add_func("/tracker/never-confirmed", test_never_confirmed);
  g_test_add_func("/tracker/keep-lost", test_keep_lost);
  g_test_add_func("/tracker/linked", test_linked);
  g_test_add_func("/tracker/gap-ends-all", test_gap_ends_all);
  g_test_add_func("/tracker/end-all", test_end_all);
  g_test_add_func("/tracker/stumbling-clock", test_stumbling_clock);
  g_test_add_func("/tracker/refused", test_refused);
  g_test_add_func("/tracker/detections-max", test_detections_max);
  g_test_add_func("/tracker/left-out", test_left_out);
  g_test_add_func("/tracker/outside", test_outside);
  g_test_add_func("/tracker/score-above-1", test_score_above_1);
  g_test_add_func("/tracker/weak-only-continue", test_weak_only_continue);
  g_test_add_func("/tracker/double-box", test_double_box);
  g_test_add_func("/tracker/foretold", test_foretold);
  g_test_add_func("/tracker/not-foretold", test_not_foretold);
  g_test_add_func("/tracker/left-the-picture", test_left_the_picture);
  g_test_add_func("/tracker/config", test_config);
  return g_test_run();
}
