/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <math.h>

#include "sim/box_level.h"
#include "store_file.h"

/* The box level without a simulation around it: people of the test's own stand on the kiosk's floor
 * and are filmed; every box is kept. */

/* The kiosk with a camera that looks along +x from (0.6, 3), over the sweets table, 2.2 to 3.6. */
static inline IvScenario *table_store(double table_height) {
  IvScenario *s = read_store(KIOSK);
  s->n_cameras = 1;
  s->cameras[0] = (IvSimCamera){.id = s->cameras[0].id,
                                .position = {0.6, 2.6},
                                .height = 2.6,
                                .yaw = 0,
                                .pitch = 25 * G_PI / 180,
                                .hfov = 70 * G_PI / 180,
                                .fps = 10,
                                .width = 1280,
                                .height_px = 720};
  for (guint i = 0; i < s->n_obstacles; i++)
    if (g_strcmp0(s->obstacles[i].id.text, "sweets-table") == 0)
      s->obstacles[i].height = table_height;
  return s;
}

/* What noise-standard.yaml says, here so that the tests need no shared data. */
static inline IvBoxNoise standard_noise(void) {
  IvBoxNoise n = iv_box_noise_ideal();
  n.outages = n.fixtures = n.persons = TRUE;
  n.box_full = FALSE;
  n.misses = (IvBurst){0.1, 0.6};
  n.persistent = (IvBurst){0.012, 3};
  n.random = (IvBurst){0.008, 0.2};
  n.random_alone = 0.02;
  n.jitter_px = 3;
  const double curve[5][2] = {{0, 0}, {0.2, 0}, {0.35, 0.4}, {0.6, 1}, {1, 1}};
  n.n_detect = 5;
  for (int i = 0; i < 5; i++)
    n.detect[i].share = curve[i][0], n.detect[i].probability = curve[i][1];
  n.scores[IV_SCORE_TRUE] = (IvScoreShape){.a = 12, .b = 3.5};
  n.scores[IV_SCORE_OCCLUDED] = (IvScoreShape){.a = 6, .b = 4.5};
  n.scores[IV_SCORE_FALSE_RANDOM] = (IvScoreShape){.a = 4, .b = 6};
  n.scores[IV_SCORE_FALSE_PERSISTENT] = (IvScoreShape){.a = 6, .b = 6};
  n.look.identity = 0.187, n.look.camera = 0.085, n.look.person_camera = 0.043;
  n.look.tracklet = 0.33, n.look.frame = 0.355, n.look.occluded_frame = 0.3;
  n.drop_share = 0.01;
  n.offset_max_s = 0.3, n.stamp_jitter_s = 0.005;
  return n;
}

typedef struct {
  guint camera;
  gint64 frame; /* of the camera, by true time */
  guint32 agent;
  float visible;
  IvDetection detection;
  IvAppearance look;
} Kept;

typedef struct {
  guint camera, n;
  IvTime taken, ts;
} KeptFrame;

typedef struct {
  IvScenario *s;
  IvGrid *grid;
  IvBoxLevel *level;
  GArray *moves, *boxes, *frames; /* IvBoxMove, Kept, KeptFrame */
  IvTime now;
  guint32 outages;
} Film;

static inline void keep_frame(guint camera, IvTime ts, const IvDetection *detections,
                              const IvAppearance *looks, const guint32 *agents, guint n,
                              gpointer user_data) {
  Film *film = user_data;
  IvTime taken;
  const IvBoxTruth *truth = iv_box_level_truth(film->level, &taken);
  gint64 frame = (gint64)((double)taken / (double)IV_SECOND * film->s->cameras[camera].fps);
  KeptFrame told = {camera, n, taken, ts};
  g_array_append_val(film->frames, told);
  for (guint i = 0; i < n; i++) {
    g_assert_cmpuint(truth[i].agent, ==, agents[i]);
    g_assert_cmpint(detections[i].class_id, ==, IV_CLASS_PERSON);
    g_assert_true(i == 0 || detections[i].score <= detections[i - 1].score);
    Kept kept = {camera, frame, agents[i], truth[i].visible, detections[i], looks[i]};
    g_array_append_val(film->boxes, kept);
  }
}

static inline void film_start(Film *film, const IvBoxNoise *noise, guint64 seed) {
  IvBoxLevelConfig config = {.seed = seed, .noise = noise, .frame = keep_frame, .user_data = film};
  film->grid = iv_grid_new(film->s, NULL);
  film->level = iv_box_level_new(film->s, film->grid, &config);
  film->moves = g_array_new(FALSE, FALSE, sizeof(IvBoxMove));
  film->boxes = g_array_new(FALSE, FALSE, sizeof(Kept));
  film->frames = g_array_new(FALSE, FALSE, sizeof(KeptFrame));
  film->now = 0;
}

static inline void film_add(Film *film, guint32 agent, IvSpot at, gboolean staff, double height) {
  IvBoxMove move = {iv_box_actor_new(agent, agent, staff, height), at, at};
  g_array_append_val(film->moves, move);
}

static inline void film_run(Film *film, double seconds) {
  IvTime end = film->now + (IvTime)(seconds * (double)IV_SECOND);
  for (; film->now < end; film->now += IV_SECOND / 2)
    iv_box_level_film(film->level, film->now, film->now + IV_SECOND / 2,
                      (const IvBoxMove *)(gconstpointer)film->moves->data, film->moves->len,
                      film->outages);
}

/* Nobody is there for a while. */
static inline void film_run_empty(Film *film, double seconds) {
  IvTime end = film->now + (IvTime)(seconds * (double)IV_SECOND);
  iv_box_level_film(film->level, film->now, end, NULL, 0, film->outages);
  film->now = end;
}

static inline void film_stop(Film *film) {
  for (guint i = 0; i < film->moves->len; i++)
    iv_box_actor_free(g_array_index(film->moves, IvBoxMove, i).actor);
  g_array_unref(film->moves);
  g_array_unref(film->boxes);
  g_array_unref(film->frames);
  iv_box_level_free(film->level);
  iv_grid_free(film->grid);
  iv_scenario_free(film->s);
}

static inline const Kept *film_box(const Film *film, guint i) {
  return &g_array_index(film->boxes, Kept, i);
}

/* The formula of docs/simulator.md, in the test's own words: share of the picture. */
static inline void project_at(const IvSimCamera *c, IvSpot p, double z, double *ret_u,
                              double *ret_v) {
  double f = c->width / 2.0 / tan(c->hfov / 2);
  double q[3] = {p.x - c->position.x, p.y - c->position.y, z - c->height};
  double right = -sin(c->yaw) * q[0] + cos(c->yaw) * q[1];
  double down = -sin(c->pitch) * cos(c->yaw) * q[0] - sin(c->pitch) * sin(c->yaw) * q[1] -
                cos(c->pitch) * q[2];
  double ahead = cos(c->pitch) * cos(c->yaw) * q[0] + cos(c->pitch) * sin(c->yaw) * q[1] -
                 sin(c->pitch) * q[2];
  *ret_u = 0.5 + f * right / ahead / c->width;
  *ret_v = 0.5 + f * down / ahead / c->height_px;
}

/* |value - expected| <= 4.5 standard errors: one in 150 000 by chance, and the seeds are fixed. */
#define NEAR_SIGMAS 4.5
#define assert_near(value, expected, standard_error)                                               \
  g_assert_cmpfloat_with_epsilon(value, expected, NEAR_SIGMAS *(standard_error))

/* Standard error of the mean of n values of an n-step memory `left` (0..1 from one to the next). */
static inline double error_of_mean(double sd, double left, double n) {
  return sd * sqrt((1 + left) / (1 - left) / n);
}
