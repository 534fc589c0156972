/* SPDX-License-Identifier: Apache-2.0 */
/* Which frames come and when; the box level in a whole simulation; noise files. */
#include <stdlib.h>

#include "../shared_data.h"
#include "box_film.h"
#include "sim/store_time.h"

/* ---- frames ---- */

static void test_frames(void) {
  IvBoxNoise noise = standard_noise();
  noise.random_alone = 0;
  const double frames = 200000;
  Film film = {.s = read_store(KIOSK)};
  film_start(&film, &noise, 2);
  film_run_empty(&film, frames / 10);
  double told[2] = {0, 0}, gaps[2] = {0, 0};
  const KeptFrame *last[2] = {NULL, NULL};
  IvTime offset[2] = {0, 0}, before = 0;
  for (guint i = 0; i < film.frames->len; i++) {
    const KeptFrame *f = &g_array_index(film.frames, KeptFrame, i);
    g_assert_cmpint(f->taken, >=, before);
    before = f->taken;
    if (last[f->camera]) {
      IvTime step = f->taken - last[f->camera]->taken;
      g_assert_cmpint(f->ts, >, last[f->camera]->ts);
      gaps[f->camera] += step > 150 * IV_MS;
      g_assert_cmpint(ABS(step - (step + 50 * IV_MS) / (100 * IV_MS) * 100 * IV_MS), <=, 1);
      g_assert_cmpint(ABS(f->ts - f->taken - offset[f->camera]), <=, 10 * IV_MS + 1);
    } else {
      offset[f->camera] = f->ts - f->taken;
      g_assert_cmpint(ABS(offset[f->camera]), <=, 305 * IV_MS);
    }
    last[f->camera] = f;
    told[f->camera]++;
  }
  g_assert_cmpint(ABS(offset[0] - offset[1]), >, IV_MS);
  for (int c = 0; c < 2; c++) {
    double left = 1 - 0.5 - 0.01 / 0.99 / 2, lost = frames - told[c];
    assert_near(lost / frames, 0.01, error_of_mean(0.1, left, frames));
    assert_near(lost / gaps[c], 2, sqrt(2 / gaps[c]));
  }
  film_stop(&film);
}

/* However bad a clock is, it does not go back. */
static void test_clock_goes_on(void) {
  IvBoxNoise noise = iv_box_noise_ideal();
  noise.stamp_jitter_s = 0.5;
  noise.drift_ppm = -1000;
  Film film = {.s = read_store(KIOSK)};
  film_start(&film, &noise, 2);
  film_run_empty(&film, 600);
  IvTime last[2] = {G_MININT64, G_MININT64}, behind = 0;
  for (guint i = 0; i < film.frames->len; i++) {
    const KeptFrame *f = &g_array_index(film.frames, KeptFrame, i);
    g_assert_cmpint(f->ts, >, last[f->camera]);
    last[f->camera] = f->ts;
    behind += i < 100 || i >= film.frames->len - 100 ? (i < 100 ? -1 : 1) * (f->ts - f->taken) : 0;
  }
  /* A thousandth of ten minutes lost; the mean of a hundred even jitters of 0.5 s, twice. */
  assert_near((double)behind / 100 / (double)IV_SECOND, -0.6, 0.5 / sqrt(3) * sqrt(2.0 / 100));
  film_stop(&film);
}

static void test_outage(void) {
  IvBoxNoise noise = iv_box_noise_ideal();
  Film film = {.s = read_store(KIOSK), .outages = 2};
  film_start(&film, &noise, 2);
  film_run_empty(&film, 10);
  g_assert_cmpuint(film.frames->len, ==, 100);
  for (guint i = 0; i < film.frames->len; i++)
    g_assert_cmpuint(g_array_index(film.frames, KeptFrame, i).camera, ==, 0);
  g_assert_cmpuint(iv_box_level_tally(film.level).failed, ==, 100);
  film_stop(&film);
}

/* ---- a whole simulation ---- */

typedef struct {
  const IvScenario *s;
  IvSim *sim;
  GChecksum *facts, *points, *boxes;
  GArray *last, *here; /* IvSimPoint: of the tick before, of this one */
  IvTime tick;
  gboolean exact; /* every box is where its person is */
  guint n_boxes, n_staff, n_compared;
} Heard;

static void hear_fact(const IvFact *fact, gpointer user_data) {
  Heard *heard = user_data;
  g_autoptr(GString) text = g_string_new(NULL);
  iv_fact_write(heard->s, fact, text);
  g_checksum_update(heard->facts, (const guint8 *)text->str, (gssize)text->len);
}

static void hear_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  Heard *heard = user_data;
  GArray *last = heard->last;
  g_checksum_update(heard->points, (const guint8 *)points, (gssize)(n * sizeof *points));
  heard->last = heard->here, heard->here = last;
  if (ts - heard->tick != IV_SIM_TICK)
    g_array_set_size(heard->last, 0);
  g_array_set_size(heard->here, 0);
  g_array_append_vals(heard->here, points, n);
  heard->tick = ts;
}

static const IvSimPoint *point_of(const GArray *points, guint32 agent, guint camera) {
  for (guint i = 0; i < points->len; i++) {
    const IvSimPoint *p = &g_array_index(points, IvSimPoint, i);
    if (p->agent == agent && p->camera == camera)
      return p;
  }
  return NULL;
}

/* The person walks straight from the last tick to this one. */
static void compare(Heard *heard, guint camera, IvTime taken, guint32 agent, const IvBox *box) {
  const IvSimPoint *from = point_of(heard->last, agent, camera),
                   *to = point_of(heard->here, agent, camera);
  if (!from || !to || taken > heard->tick || taken <= heard->tick - IV_SIM_TICK)
    return;
  double share = 1 - (double)(heard->tick - taken) / (double)IV_SIM_TICK, u, v;
  IvSpot at = {from->x + share * (to->x - from->x), from->y + share * (to->y - from->y)};
  project_at(&heard->s->cameras[camera], at, 0, &u, &v);
  IvPoint foot = iv_box_ground_point(box);
  if (box->x0 > 0 && box->x1 < 1)
    g_assert_cmpfloat_with_epsilon((double)foot.x, u, 1e-4);
  g_assert_cmpfloat_with_epsilon((double)foot.y, v, 1e-4);
  heard->n_compared++;
}

static void hear_frame(guint camera, IvTime ts, const IvDetection *detections,
                       const IvAppearance *looks, const guint32 *agents, guint n,
                       gpointer user_data) {
  Heard *heard = user_data;
  IvTime taken;
  const IvBoxTruth *truth = iv_sim_frame_truth(heard->sim, &taken);
  g_checksum_update(heard->boxes, (const guint8 *)&ts, sizeof ts);
  g_checksum_update(heard->boxes, (const guint8 *)detections, (gssize)(n * sizeof *detections));
  g_checksum_update(heard->boxes, (const guint8 *)looks, (gssize)(n * sizeof *looks));
  g_checksum_update(heard->boxes, (const guint8 *)agents, (gssize)(n * sizeof *agents));
  heard->n_boxes += n;
  for (guint i = 0; i < n; i++) {
    heard->n_staff += truth[i].staff;
    if (heard->exact)
      compare(heard, camera, taken, agents[i], &detections[i].box);
  }
}

static Heard act_out(const IvScenario *s, const IvBoxNoise *noise, guint64 seed, IvTime piece) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  Heard heard = {.s = s,
                 .facts = g_checksum_new(G_CHECKSUM_SHA256),
                 .points = g_checksum_new(G_CHECKSUM_SHA256),
                 .boxes = g_checksum_new(G_CHECKSUM_SHA256),
                 .last = g_array_new(FALSE, FALSE, sizeof(IvSimPoint)),
                 .here = g_array_new(FALSE, FALSE, sizeof(IvSimPoint)),
                 .exact = noise && noise->box_full};
  IvSimOutput output = {.fact = hear_fact,
                        .points = hear_points,
                        .frame = noise ? hear_frame : NULL,
                        .user_data = &heard};
  IvTime start = iv_store_day(s, zone, 0).start + 11 * IV_HOUR;
  IvSimConfig config = {.seed = seed, .start = start, .until = start + IV_HOUR};
  if (noise)
    config.boxes = *noise;
  g_autoptr(IvSim) sim = open_sim(s, zone, config, &output);
  heard.sim = sim;
  for (IvTime t = start; t < config.until; t += piece)
    iv_sim_run(sim, t + piece);
  return heard;
}

static void forget(Heard *heard) {
  g_checksum_free(heard->facts);
  g_checksum_free(heard->points);
  g_checksum_free(heard->boxes);
  g_array_unref(heard->last);
  g_array_unref(heard->here);
}

static void test_only_looks(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  IvBoxNoise noise = standard_noise();
  Heard off = act_out(s, NULL, 4, IV_HOUR), on = act_out(s, &noise, 4, IV_HOUR);
  g_assert_cmpuint(off.n_boxes, ==, 0);
  g_assert_cmpuint(on.n_boxes, >, 1000);
  g_assert_cmpstr(g_checksum_get_string(off.facts), ==, g_checksum_get_string(on.facts));
  g_assert_cmpstr(g_checksum_get_string(off.points), ==, g_checksum_get_string(on.points));
  forget(&off);
  forget(&on);
}

static void test_same_bytes(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  IvBoxNoise noise = standard_noise();
  Heard a = act_out(s, &noise, 4, IV_HOUR), b = act_out(s, &noise, 4, 700 * IV_MS);
  Heard c = act_out(s, &noise, 5, IV_HOUR);
  g_assert_cmpstr(g_checksum_get_string(a.boxes), ==, g_checksum_get_string(b.boxes));
  g_assert_cmpstr(g_checksum_get_string(a.boxes), !=, g_checksum_get_string(c.boxes));
  forget(&a);
  forget(&b);
  forget(&c);
}

/* Without noise the boxes stand where the points of track level are, between two ticks too. */
static void test_exact(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  IvBoxNoise noise = iv_box_noise_ideal();
  Heard heard = act_out(s, &noise, 4, IV_HOUR);
  g_assert_cmpuint(heard.n_staff, >, 0);
  g_assert_cmpuint(heard.n_staff, <, heard.n_boxes);
  g_assert_cmpuint(heard.n_compared, >, heard.n_boxes * 9 / 10);
  forget(&heard);
}

/* ---- noise files ---- */

static IvBoxNoise read_noise(const char *path) {
  g_autofree char *text = read_text(path);
  g_autoptr(GError) error = NULL;
  IvBoxNoise noise;
  g_assert_true(iv_box_noise_parse(text, strlen(text), &noise, &error));
  return noise;
}

#define assert_same(a, b, member) g_assert_cmpfloat((double)(a).member, ==, (double)(b).member)

static void assert_same_noise(const IvBoxNoise *a, const IvBoxNoise *b) {
  assert_same(*a, *b, outages);
  assert_same(*a, *b, misses.share);
  assert_same(*a, *b, misses.mean_seconds);
  assert_same(*a, *b, persistent.share);
  assert_same(*a, *b, persistent.mean_seconds);
  assert_same(*a, *b, random.share);
  assert_same(*a, *b, random.mean_seconds);
  assert_same(*a, *b, random_alone);
  assert_same(*a, *b, jitter_px);
  assert_same(*a, *b, jitter_tau);
  assert_same(*a, *b, width_px);
  assert_same(*a, *b, walls);
  assert_same(*a, *b, fixtures);
  assert_same(*a, *b, persons);
  assert_same(*a, *b, box_full);
  assert_same(*a, *b, occluded_below);
  assert_same(*a, *b, score_floor);
  assert_same(*a, *b, score_tau);
  assert_same(*a, *b, drop_share);
  assert_same(*a, *b, drop_mean_frames);
  assert_same(*a, *b, offset_max_s);
  assert_same(*a, *b, drift_ppm);
  assert_same(*a, *b, stamp_jitter_s);
  assert_same(*a, *b, min_person_px);
  assert_same(*a, *b, n_detect);
  for (guint i = 0; i < a->n_detect; i++) {
    assert_same(*a, *b, detect[i].share);
    assert_same(*a, *b, detect[i].probability);
  }
  assert_same(*a, *b, look.dimension);
  assert_same(*a, *b, look.identity);
  assert_same(*a, *b, look.camera);
  assert_same(*a, *b, look.person_camera);
  assert_same(*a, *b, look.tracklet);
  assert_same(*a, *b, look.frame);
  assert_same(*a, *b, look.staff_shared);
  assert_same(*a, *b, look.occluded_frame);
  for (int i = 0; i < IV_SCORES; i++) {
    assert_same(*a, *b, scores[i].a);
    assert_same(*a, *b, scores[i].b);
    assert_same(*a, *b, scores[i].value);
  }
}

static void test_files(void) {
  g_autofree char *standard = iv_test_shared_path("data/scenarios/noise-standard.yaml");
  g_autofree char *none = iv_test_shared_path("data/scenarios/noise-none.yaml");
  if (!standard || !none) {
    g_test_skip("no shared data beside the checkout");
    return;
  }
  IvBoxNoise read = read_noise(standard), wanted = standard_noise();
  assert_same_noise(&read, &wanted);
  read = read_noise(none), wanted = iv_box_noise_ideal();
  /* It gives shapes for false boxes that never come. */
  wanted.scores[IV_SCORE_FALSE_RANDOM] = read.scores[IV_SCORE_FALSE_RANDOM];
  wanted.scores[IV_SCORE_FALSE_PERSISTENT] = read.scores[IV_SCORE_FALSE_PERSISTENT];
  assert_same_noise(&read, &wanted);
}

/* A whole file of ours, in which one thing is changed for each mistake. */
static const char whole[] =
    "{\"format\":\"inveye-noise\",\"version\":1,\"reference_width_px\":640,"
    "\"misses\":{\"rate\":0.1,\"mean_burst_s\":0.6},"
    "\"false_boxes\":{\"per_frame\":0.02,\"persistent_per_frame\":0.012,\"random_per_frame\":0.008,"
    "\"persistent_mean_burst_s\":3,\"random_mean_burst_s\":0.2},"
    "\"jitter\":{\"sigma_px\":3,\"tau_s\":0.4},"
    "\"occlusion\":{\"box\":\"visible part\",\"detect_probability\":[[0,0],[0.5,1],[1,1]],"
    "\"occluded_below\":0.6},"
    "\"scores\":{\"floor\":0.25,\"true\":{\"dist\":\"beta\",\"a\":12,\"b\":3.5},"
    "\"occluded\":{\"dist\":\"constant\",\"value\":0.5},"
    "\"false_random\":{\"dist\":\"beta\",\"a\":4,\"b\":6},"
    "\"false_persistent\":{\"dist\":\"beta\",\"a\":6,\"b\":6},\"tau_s\":0.5},"
    "\"appearance\":{\"dimension\":64,\"variance\":{\"identity\":0.4,\"camera\":0.1,"
    "\"person_camera\":0,\"tracklet\":0.2,\"frame\":0.3},\"staff_shared_identity\":0.8,"
    "\"occluded_extra_frame_variance\":0.3},"
    "\"frames\":{\"drop_rate\":0.01,\"mean_burst_frames\":2},"
    "\"clock\":{\"offset_max_s\":0.3,\"drift_ppm\":0,\"timestamp_jitter_s\":0.005},"
    "\"range\":{\"min_person_px\":40}}";

static const struct {
  const char *is, *becomes, *told;
} mistakes[] = {
    {"\"rate\":0.1", "\"rate\":1.5", "misses.rate: must be within 0 and 0.99, is 1.5"},
    {"\"mean_burst_s\":0.6", "\"mean_burst_s\":0", "misses.mean_burst_s: must be within"},
    {"\"tau_s\":0.4", "\"tau_s\":\"x\"", "jitter.tau_s: must be a number"},
    {"visible part", "half", "occlusion.box: \"half\" is none of visible part, full"},
    {"[0.5,1]", "[0,1]", "occlusion.detect_probability[1]: its share must be over"},
    {"[1,1]]", "[0.9,1]]", "occlusion.detect_probability: must go from share 0 to share 1"},
    {"[0.5,1]", "[0.5]", "occlusion.detect_probability[1]: must have 2 to 2 entries, has 1"},
    {"\"a\":12", "\"a\":0.5", "scores.true.a: must be within 1 and 1000"},
    {"\"value\":0.5", "\"value\":0.1", "scores.occluded.value: must be within 0.25 and 1"},
    {"\"dimension\":64", "\"dimension\":81", "appearance.dimension: must be within 1 and 80"},
    {"\"dimension\":64", "\"dimension\":6.5", "appearance.dimension: must be a whole number"},
    {"\"drop_rate\":0.01,", "", "frames.drop_rate: is missing"},
    {"\"range\":{\"min_person_px\":40}", "\"range\":null", "range: is missing"},
    {"\"version\":1", "\"version\":2", "version: must be within 1 and 1"},
};

static void test_mistakes(void) {
  IvBoxNoise noise = {0};
  g_assert_true(iv_box_noise_parse(whole, strlen(whole), &noise, NULL));
  g_assert_cmpuint(noise.n_detect, ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS(mistakes); i++) {
    g_auto(GStrv) parts = g_strsplit(whole, mistakes[i].is, 2);
    g_assert_nonnull(parts[1]);
    g_autofree char *text = g_strjoin(mistakes[i].becomes, parts[0], parts[1], NULL);
    g_autoptr(GError) error = NULL;
    noise.n_detect = 77;
    g_assert_false(iv_box_noise_parse(text, strlen(text), &noise, &error));
    g_assert_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_VALUE);
    if (!strstr(error->message, mistakes[i].told))
      g_error("\"%s\" should say \"%s\"", error->message, mistakes[i].told);
    g_assert_cmpuint(noise.n_detect, ==, 77);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/boxes/frames", test_frames);
  g_test_add_func("/sim/boxes/clock-goes-on", test_clock_goes_on);
  g_test_add_func("/sim/boxes/outage", test_outage);
  g_test_add_func("/sim/boxes/only-looks", test_only_looks);
  g_test_add_func("/sim/boxes/same-bytes", test_same_bytes);
  g_test_add_func("/sim/boxes/exact", test_exact);
  g_test_add_func("/sim/boxes/noise-files", test_files);
  g_test_add_func("/sim/boxes/noise-mistakes", test_mistakes);
  return g_test_run();
}
