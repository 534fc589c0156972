/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/broken_track.h"

#include <math.h>

/* Of somebody who goes on as another track: unseen for so long, at most so many body heights away
 * and as many more a second, and about as tall. */
#define HEIR_GAP_MIN (500 * IV_MS)
#define HEIR_REACH 0.5
#define HEIR_SPEED 0.7
#define HEIR_RATIO 1.6f

gboolean iv_broken_track_is_near(const IvBrokenTrack *was, const IvScene *scene,
                                 const IvTrackPoint *point) {
  IvPoint at = iv_scene_to_pixels(scene, point->ground);
  float height = iv_box_height(&point->box) * (float)scene->image.height;
  IvTime gap = point->ts - was->ts;
  float tall = MAX(height, was->height);
  double reach = (double)tall * (HEIR_REACH + HEIR_SPEED * (double)gap / (double)IV_SECOND);
  if (was->visitor && point->visitor && was->visitor != point->visitor)
    return FALSE;
  return gap >= HEIR_GAP_MIN && gap <= IV_BROKEN_TRACK_GAP_MAX &&
         tall <= HEIR_RATIO * MIN(height, was->height) &&
         hypot((double)at.x - was->at.x, (double)at.y - was->at.y) <= reach;
}

gboolean iv_broken_track_goes_on(const IvBrokenTrack *was, const IvScene *scene, float hysteresis,
                                 const IvTrackPoint *point) {
  IvPoint at = iv_scene_to_pixels(scene, point->ground);
  float height = iv_box_height(&point->box) * (float)scene->image.height;
  float tall = MAX(height, was->height);
  if (!iv_broken_track_is_near(was, scene, point))
    return FALSE;
  for (guint i = 0; i < scene->n_lines; i++) {
    const IvLine *line = &scene->lines[i];
    int side = iv_crossing_side(iv_scene_to_pixels(scene, line->a),
                                iv_scene_to_pixels(scene, line->b), hysteresis * tall, at);
    if (was->crossings[i].side != 0 && side != was->crossings[i].side)
      return TRUE;
  }
  return FALSE;
}
