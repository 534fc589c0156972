/* SPDX-License-Identifier: Apache-2.0 */
/* People who hide each other: ids stay with them, at every rate. */
#include <math.h>
#include <string.h>

#include "tests/track/film.h"

#define HEIGHT 200.0
#define PEOPLE 2

/* Where somebody's feet are at a time (seconds), and whether the detector finds him. */
typedef struct {
  double x, feet;
  gboolean found;
} Place;
typedef void (*Script)(double t, Place places[PEOPLE]);

static const double rates[] = {5, 10, 30};

static IvAppearance look_of(guint person) {
  IvAppearance look = {0};
  look.bins[person == 0 ? 3 : 60] = 1;
  return look;
}

static void show(IvTestFilm *film, IvTime ts, const Place *places, gboolean with_looks) {
  IvDetection found[PEOPLE];
  IvAppearance looks[PEOPLE];
  guint n = 0;
  for (guint i = 0; i < PEOPLE; i++) {
    if (!places[i].found)
      continue;
    looks[n] = look_of(i);
    found[n++] = iv_test_person(places[i].x, places[i].feet, HEIGHT, 0.8);
  }
  iv_test_film_show(film, ts, found, with_looks ? looks : NULL, n);
}

/* Id of the confirmed track whose live point is nearest; fails if none is near. */
static guint64 id_of(const IvTestFilm *film, const Place *place) {
  guint n = 0;
  const IvTrackPoint *live = iv_tracker_live(film->tracker, &n), *best = NULL;
  double least = 0.05;
  for (guint i = 0; i < n; i++) {
    double distance = hypot((double)live[i].ground.x - place->x / IV_TEST_SIDE,
                            (double)live[i].ground.y - place->feet / IV_TEST_SIDE);
    if (live[i].state == IV_TRACK_CONFIRMED && distance < least) {
      least = distance;
      best = &live[i];
    }
  }
  g_assert_nonnull(best);
  return best->tracklet_id;
}

static guint64 last_id(const IvTestFilm *film) {
  guint64 last = 0;
  for (guint i = 0; i < film->points->len; i++)
    last = MAX(last, iv_test_film_point(film, i)->tracklet_id);
  return last;
}

/* Plays `seconds` of the script; the people seen at `early` must have the same ids at the end. */
static void assert_ids_stay(Script script, double fps, double early, double seconds,
                            gboolean with_looks) {
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  guint64 ids[PEOPLE] = {0};
  Place places[PEOPLE];
  int last = (int)(seconds * fps), noted = (int)(early * fps);
  for (int frame = 0; frame <= last; frame++) {
    script(frame / fps, places);
    show(&film, (IvTime)(frame * (double)IV_SECOND / fps), places, with_looks);
    for (guint i = 0; frame == noted && i < PEOPLE; i++)
      ids[i] = places[i].found ? id_of(&film, &places[i]) : 0;
  }
  for (guint i = 0; i < PEOPLE; i++)
    if (ids[i])
      g_assert_cmpuint(id_of(&film, &places[i]), ==, ids[i]);
  g_assert_cmpuint(iv_test_film_count(&film, 0, IV_TRACK_ENDED), ==, 0);
  guint people = (ids[0] ? 1 : 0) + (ids[1] ? 1 : 0);
  g_assert_cmpuint(last_id(&film), ==, people);
}

/* The one behind is not found while the nearer one covers half of him. */
static void hide(Place places[PEOPLE]) {
  places[0].found = fabs(places[0].x - places[1].x) > 0.4 * HEIGHT / 2;
  places[1].found = TRUE;
}

static void crossing(double t, Place places[PEOPLE]) {
  places[0] = (Place){.x = 200 + 120 * t, .feet = 600};
  places[1] = (Place){.x = 800 - 120 * t, .feet = 615};
  hide(places);
}

static void test_crossing(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(rates); i++) {
    assert_ids_stay(crossing, rates[i], 1, 5, FALSE);
    assert_ids_stay(crossing, rates[i], 1, 5, TRUE);
  }
}

/* They meet, both are hidden (behind a third thing) for 0.8 s, and either walks back the way he
 * came: motion says they crossed, only their looks tell. */
static void turning_back(double t, Place places[PEOPLE]) {
  double way = t < 2.5 ? t : t > 3.3 ? 5.8 - t : 2.5;
  places[0] = (Place){.x = 260 + 80 * way, .feet = 600, .found = t < 2.5 || t > 3.3};
  places[1] = (Place){.x = 740 - 80 * way, .feet = 600, .found = t < 2.5 || t > 3.3};
}

static void test_turning_back(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(rates); i++)
    assert_ids_stay(turning_back, rates[i], 1, 5.4, TRUE);
}

/* Alone, behind a pillar from 440 to 560 px: unseen for over 1.6 s, so lost and found. */
static void pillar(double t, Place places[PEOPLE]) {
  double x = 200 + 100 * t;
  places[0] = (Place){.x = x, .feet = 600, .found = fabs(x - 500) > 60 + 0.1 * HEIGHT};
  places[1] = (Place){0};
}

static void test_pillar(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(rates); i++) {
    assert_ids_stay(pillar, rates[i], 1.5, 6, FALSE);
    assert_ids_stay(pillar, rates[i], 1.5, 6, TRUE);
  }
}

/* ---- determinism ---- */

#define CROWD 40
#define CROWD_FRAMES 600

static double jitter(GRand *rand, double most) {
  return g_rand_double_range(rand, -most, most);
}

/* People on loops, missed at times, with noise, weak scores, looks, false ones and clock faults. */
static guint crowd_frame(GRand *rand, int frame, IvDetection *people, IvAppearance *looks) {
  guint n = 0;
  for (int i = 0; i < CROWD; i++) {
    double turn = 2 * G_PI * frame / (200 + 7 * i) + i, height = 90 + 3 * i;
    if (g_rand_double(rand) < 0.15)
      continue;
    looks[n] = look_of(g_rand_double(rand) < 0.9 ? (guint)i % 2 : 1);
    people[n++] = iv_test_person(500 + 420 * cos(turn) + jitter(rand, 5),
                                 560 + 300 * sin(1.3 * turn) + jitter(rand, 5),
                                 height + jitter(rand, 6), g_rand_double_range(rand, 0.2, 1));
  }
  if (g_rand_boolean(rand))
    people[n++] = iv_test_person(500 + jitter(rand, 400), 600 + jitter(rand, 300), 120,
                                 g_rand_double_range(rand, 0.2, 0.9));
  return n;
}

/* All that is given out, field by field: what lies between the fields is no part of the promise. */
static void put_points(GByteArray *bytes, const IvTrackPoint *points, guint n) {
  for (guint i = 0; i < n; i++) {
    const IvTrackPoint *p = &points[i];
    g_byte_array_append(bytes, (const guint8 *)&p->tracklet_id, sizeof p->tracklet_id);
    g_byte_array_append(bytes, (const guint8 *)&p->state, sizeof p->state);
    g_byte_array_append(bytes, (const guint8 *)&p->ts, sizeof p->ts);
    g_byte_array_append(bytes, (const guint8 *)&p->box, sizeof p->box);
    g_byte_array_append(bytes, (const guint8 *)&p->ground, sizeof p->ground);
    g_byte_array_append(bytes, (const guint8 *)&p->score, sizeof p->score);
  }
}

static GByteArray *run_crowd(guint32 seed) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  GByteArray *bytes = g_byte_array_new();
  IvDetection people[CROWD + 1];
  IvAppearance looks[CROWD + 1] = {0};
  IvTime ts = 0;
  for (int frame = 0; frame < CROWD_FRAMES; frame++) {
    guint n = crowd_frame(rand, frame, people, looks), n_live = 0;
    ts += g_rand_int_range(rand, -10, 200) * IV_MS;
    if (frame % 250 == 249)
      iv_test_film_end(&film);
    iv_test_film_show(&film, ts, people, frame % 100 < 70 ? looks : NULL, n);
    const IvTrackPoint *live = iv_tracker_live(film.tracker, &n_live);
    put_points(bytes, live, n_live);
  }
  iv_test_film_end(&film);
  put_points(bytes, (const IvTrackPoint *)(gconstpointer)film.points->data, film.points->len);
  return bytes;
}

static void test_same_bytes(void) {
  g_autoptr(GByteArray) one = run_crowd(17), two = run_crowd(17), other = run_crowd(18);
  g_assert_cmpuint(one->len, >, 100000);
  g_assert_cmpmem(one->data, one->len, two->data, two->len);
  g_assert_false(one->len == other->len && memcmp(one->data, other->data, one->len) == 0);
}

/* ---- what holds for every track in any crowd ---- */

typedef struct {
  IvTrackState state;
  IvTime ts;
} Latest;

/* Begins with CONFIRMED, time never goes back, LOST follows CONFIRMED, nothing follows ENDED. */
static void check_point(GHashTable *tracks, const IvTrackPoint *point) {
  gint64 id = (gint64)point->tracklet_id;
  Latest *latest = g_hash_table_lookup(tracks, &id);
  if (!latest) {
    g_assert_cmpint(point->state, ==, IV_TRACK_CONFIRMED);
    latest = g_new0(Latest, 1);
    g_hash_table_insert(tracks, g_memdup2(&id, sizeof id), latest);
  } else {
    g_assert_cmpint(latest->state, !=, IV_TRACK_ENDED);
    if (point->state == IV_TRACK_CONFIRMED)
      g_assert_cmpint(point->ts, >, latest->ts);
    else
      g_assert_cmpint(point->ts, ==, latest->ts);
    if (point->state == IV_TRACK_LOST)
      g_assert_cmpint(latest->state, ==, IV_TRACK_CONFIRMED);
  }
  *latest = (Latest){point->state, point->ts};
}

static void check_live(const IvTestFilm *film) {
  guint n = 0;
  const IvTrackPoint *live = iv_tracker_live(film->tracker, &n);
  for (guint i = 0; i < n; i++) {
    g_assert_true(live[i].state == IV_TRACK_TENTATIVE || live[i].state == IV_TRACK_CONFIRMED);
    g_assert_true(i == 0 || live[i].tracklet_id > live[i - 1].tracklet_id);
  }
}

static void test_every_track_in_order(void) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(5);
  g_auto(IvTestFilm) film = iv_test_film(NULL, NULL);
  g_autoptr(GHashTable) tracks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  IvDetection people[CROWD + 1];
  IvAppearance looks[CROWD + 1] = {0};
  for (int frame = 0; frame < CROWD_FRAMES; frame++) {
    guint n = crowd_frame(rand, frame, people, looks);
    /* A pause of 1 to 5 s now and then, so that people are lost and linked. */
    IvTime ts = frame * 100 * IV_MS + frame / 40 * (1 + frame / 40 % 5) * IV_SECOND;
    iv_test_film_show(&film, ts, people, looks, n);
    check_live(&film);
  }
  iv_test_film_end(&film);
  for (guint i = 0; i < film.points->len; i++)
    check_point(tracks, iv_test_film_point(&film, i));
  g_assert_cmpuint(iv_test_film_count(&film, 0, IV_TRACK_LOST), >, 0);
  g_assert_cmpuint(iv_test_film_count(&film, 0, IV_TRACK_ENDED), ==, g_hash_table_size(tracks));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/crowd/crossing", test_crossing);
  g_test_add_func("/crowd/turning-back", test_turning_back);
  g_test_add_func("/crowd/pillar", test_pillar);
  g_test_add_func("/crowd/same-bytes", test_same_bytes);
  g_test_add_func("/crowd/every-track-in-order", test_every_track_in_order);
  return g_test_run();
}
