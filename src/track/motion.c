/* SPDX-License-Identifier: Apache-2.0 */
#include "track/motion.h"

#include <math.h>

#define WIDTH_MIN 2.0 /* pixels; the filters must not turn a box inside out */
#define HEIGHT_MIN 4.0

static double centre_x(const IvBox *box) {
  return ((double)box->x0 + box->x1) / 2;
}

static double centre_y(const IvBox *box) {
  return ((double)box->y0 + box->y1) / 2;
}

static void keep_size(IvMotion *m) {
  m->width.position = MAX(m->width.position, WIDTH_MIN);
  m->height.position = MAX(m->height.position, HEIGHT_MIN);
}

IvMotion iv_motion_from(const IvTrackTuning *t, const IvBox *seen) {
  double h = iv_box_height(seen);
  double place = t->place_noise * t->first_noise * h, size = t->size_noise * t->first_noise * h;
  double speed = t->first_speed * h;
  IvMotion m = {
      .x = iv_kalman_at(centre_x(seen), place, speed),
      .y = iv_kalman_at(centre_y(seen), place, speed),
      .width = iv_kalman_at(iv_box_width(seen), size, speed / 5),
      .height = iv_kalman_at(iv_box_height(seen), size, speed / 5),
  };
  keep_size(&m);
  return m;
}

/* A change of size dies away: however long the gap, it goes on for `swelling_fades` at most. */
static void swell(IvKalman *size, const IvTrackTuning *t, double seconds, double acceleration) {
  double grown = size->position + size->speed * MIN(seconds, t->swelling_fades);
  iv_kalman_predict(size, seconds, acceleration);
  size->position = grown;
  size->speed *= exp(-seconds / t->swelling_fades);
}

void iv_motion_predict(IvMotion *m, const IvTrackTuning *t, double seconds) {
  double h = m->height.position;
  iv_kalman_predict(&m->x, seconds, t->acceleration * h);
  iv_kalman_predict(&m->y, seconds, t->acceleration * h);
  swell(&m->width, t, seconds, t->swelling * h);
  swell(&m->height, t, seconds, t->swelling * h);
  keep_size(m);
}

void iv_motion_update(IvMotion *m, const IvTrackTuning *t, const IvBox *seen, double factor) {
  double h = m->height.position, spread = sqrt(factor) * h;
  iv_kalman_update(&m->x, centre_x(seen), t->place_noise * spread);
  iv_kalman_update(&m->y, centre_y(seen), t->place_noise * spread);
  iv_kalman_update(&m->width, iv_box_width(seen), t->size_noise * spread);
  iv_kalman_update(&m->height, iv_box_height(seen), t->size_noise * spread);
  keep_size(m);
}

IvBox iv_motion_box(const IvMotion *m) {
  double w = m->width.position / 2, h = m->height.position / 2;
  return (IvBox){(float)(m->x.position - w), (float)(m->y.position - h), (float)(m->x.position + w),
                 (float)(m->y.position + h)};
}

double iv_motion_distance2(const IvMotion *m, const IvTrackTuning *t, const IvBox *seen) {
  double noise = t->place_noise * m->height.position;
  double dx = centre_x(seen) - m->x.position, dy = centre_y(seen) - m->y.position;
  return dx * dx / (m->x.var_position + noise * noise) +
         dy * dy / (m->y.var_position + noise * noise);
}
