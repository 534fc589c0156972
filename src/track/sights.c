/* SPDX-License-Identifier: Apache-2.0 */
#include "track/sights.h"

#include <math.h>

#include "track/appearance.h"

#define SIDE_MIN 1.0f /* pixels */
#define SPAN_MAX 10.f /* pictures; a corner further away is a fault of the detector */

/* Comparisons are written so that NaN fails. */
static gboolean is_sane(const IvDetection *d, float low_score) {
  const IvBox *b = &d->box;
  return d->class_id == IV_CLASS_PERSON && d->score >= low_score && isfinite(d->score) &&
         b->x0 > -SPAN_MAX && b->y0 > -SPAN_MAX && b->x1 < SPAN_MAX && b->y1 < SPAN_MAX &&
         b->x0 < 1 && b->y0 < 1 && b->x1 > 0 && b->y1 > 0;
}

/* The nearer of two people has the lower feet. */
static void find_cover(const IvTrackerConfig *config, IvSight *sights, guint n) {
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < n; k++) {
      if ((double)sights[k].score < (double)config->high_score ||
          sights[k].box.y1 <= sights[i].box.y1)
        continue;
      float covered = iv_box_covered(&sights[i].box, &sights[k].box);
      sights[i].covered = MAX(sights[i].covered, covered);
    }
}

guint iv_sights_from(const IvTrackerConfig *config, IvSize image_px, const IvDetection *detections,
                     const IvAppearance *looks, guint n, IvSight *ret_sights) {
  float w = (float)image_px.width, h = (float)image_px.height;
  guint taken = 0;
  for (guint i = 0; i < n && taken < IV_DETECTIONS_MAX; i++) {
    const IvBox *b = &detections[i].box;
    if (!is_sane(&detections[i], config->low_score))
      continue;
    IvSight sight = {.box = {b->x0 * w, b->y0 * h, b->x1 * w, b->y1 * h},
                     .score = MIN(detections[i].score, 1.f)};
    if (!(iv_box_width(&sight.box) >= SIDE_MIN) || !(iv_box_height(&sight.box) >= SIDE_MIN))
      continue;
    if (looks && iv_appearance_is_known(&looks[i]))
      sight.look = &looks[i];
    ret_sights[taken++] = sight;
  }
  find_cover(config, ret_sights, taken);
  return taken;
}
