/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "track/tuning.h"

/* A tracker that is shown made-up frames; every point it gives out is kept. The picture has
 * 1000 x 1000 px, so that lengths below are pixels. */

#define IV_TEST_SIDE 1000

typedef struct {
  IvTracker *tracker;
  GArray *points; /* IvTrackPoint, of all calls so far */
} IvTestFilm;

static inline IvTestFilm iv_test_film(const IvTrackerConfig *config, const IvTrackTuning *tuning) {
  IvSize size = {IV_TEST_SIDE, IV_TEST_SIDE};
  return (IvTestFilm){.tracker = tuning ? iv_tracker_new_tuned(config, size, tuning)
                                        : iv_tracker_new(config, size),
                      .points = g_array_new(FALSE, FALSE, sizeof(IvTrackPoint))};
}

static inline void iv_test_film_clear(IvTestFilm *film) {
  g_clear_pointer(&film->tracker, iv_tracker_free);
  g_clear_pointer(&film->points, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvTestFilm, iv_test_film_clear)

static inline void iv_test_film_keep(IvTestFilm *film) {
  guint n = 0;
  const IvTrackPoint *points = iv_tracker_points(film->tracker, &n);
  if (n)
    g_array_append_vals(film->points, points, n);
}

static inline void iv_test_film_show(IvTestFilm *film, IvTime ts, const IvDetection *people,
                                     const IvAppearance *looks, guint n) {
  iv_tracker_update(film->tracker, ts, people, looks, n);
  iv_test_film_keep(film);
}

static inline void iv_test_film_end(IvTestFilm *film) {
  iv_tracker_end_all(film->tracker);
  iv_test_film_keep(film);
}

/* Somebody whose feet are at (x, y), 0.4 times as wide as high. */
static inline IvDetection iv_test_person(double x, double y, double height, double score) {
  double side = IV_TEST_SIDE;
  return (IvDetection){.box = {(float)((x - 0.2 * height) / side), (float)((y - height) / side),
                               (float)((x + 0.2 * height) / side), (float)(y / side)},
                       .score = (float)score,
                       .class_id = IV_CLASS_PERSON};
}

static inline const IvTrackPoint *iv_test_film_point(const IvTestFilm *film, guint i) {
  g_assert_cmpuint(i, <, film->points->len);
  return &g_array_index(film->points, IvTrackPoint, i);
}

/* Points of this track in this state; id 0 = of any track. */
static inline guint iv_test_film_count(const IvTestFilm *film, guint64 id, IvTrackState state) {
  guint n = 0;
  for (guint i = 0; i < film->points->len; i++) {
    const IvTrackPoint *point = iv_test_film_point(film, i);
    n += (id == 0 || point->tracklet_id == id) && point->state == state ? 1 : 0;
  }
  return n;
}

/* The last point given out. */
static inline const IvTrackPoint *iv_test_film_last(const IvTestFilm *film) {
  return iv_test_film_point(film, film->points->len - 1);
}
