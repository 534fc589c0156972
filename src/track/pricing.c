/* SPDX-License-Identifier: Apache-2.0 */
#include "track/pricing.h"

#include <math.h>

#include "track/appearance.h"

static IvBox grown(const IvBox *box, double share) {
  float dx = (float)share * iv_box_width(box), dy = (float)share * iv_box_height(box);
  return (IvBox){box->x0 - dx, box->y0 - dy, box->x1 + dx, box->y1 + dy};
}

static double seconds(IvTime span) {
  return (double)span / (double)IV_SECOND;
}

static double look_bonus(const IvPricing *pricing, double weight, const IvAppearance *a,
                         const IvAppearance *b) {
  if (weight == 0 || !b || !iv_appearance_is_known(a))
    return 0;
  double most = pricing->tuning->look_most;
  double like = (double)iv_appearance_correlation(a, b) - pricing->looks.even;
  return CLAMP(weight * pricing->looks.gain * like, -most, most);
}

/* Distance of the centres in heights of the foretold box. */
static double reach(const IvMotion *m, const IvBox *seen) {
  double dx = ((double)seen->x0 + seen->x1) / 2 - m->x.position;
  double dy = ((double)seen->y0 + seen->y1) / 2 - m->y.position;
  return hypot(dx, dy) / m->height.position;
}

double iv_price_sight(const IvPricing *pricing, const IvMatchTuning *step,
                      const IvLivingTrack *track, const IvSight *sight) {
  const IvTrackTuning *t = pricing->tuning;
  const IvMotion *m = &track->motion;
  double ratio = fabs(log((double)iv_box_height(&sight->box) / m->height.position));
  double distance = iv_motion_distance2(m, t, &sight->box);
  if (ratio > log(t->height_ratio_max) || distance > step->distance_max ||
      reach(m, &sight->box) > step->reach_max)
    return IV_PRICE_NEVER;
  IvBox foretold = iv_motion_box(m);
  IvBox a = grown(&foretold, step->grow), b = grown(&sight->box, step->grow);
  double iou = (double)iv_box_iou(&a, &b);
  if (step->touch && iou <= 0)
    return IV_PRICE_NEVER;
  return 1 - iou + step->distance * distance + step->height * ratio +
         step->age * seconds(pricing->ts - track->last) -
         look_bonus(pricing, step->look, &track->look, sight->look);
}

double iv_price_link(const IvPricing *pricing, const IvLivingTrack *lost,
                     const IvLivingTrack *found) {
  const IvTrackTuning *t = pricing->tuning;
  const IvMotion *a = &lost->motion, *b = &found->motion;
  double ratio = fabs(log(b->height.position / a->height.position));
  IvBox place = iv_motion_box(b);
  if (ratio > log(t->link_height_ratio_max) || reach(a, &place) > t->link_reach)
    return IV_PRICE_NEVER;
  const IvAppearance *look = iv_appearance_is_known(&found->look) ? &found->look : NULL;
  return iv_kalman_distance2(&a->x, &b->x) + iv_kalman_distance2(&a->y, &b->y) +
         t->link_age * seconds(found->first - lost->last) -
         look_bonus(pricing, t->link_look, &lost->look, look);
}
