/* SPDX-License-Identifier: Apache-2.0 */
#include "track/living.h"

#include <math.h>

#include "track/appearance.h"

static void learn_look(IvLivingTrack *track, const IvTrackTuning *t, const IvSight *sight,
                       double factor) {
  if (!sight->look || (double)sight->covered >= t->look_clear)
    return;
  iv_appearance_blend(&track->look, sight->look, (float)(t->look_share / factor));
}

/* What is given out lies between the filter (steady, but slow at turns) and the sight. */
static void set_box(IvLivingTrack *track, const IvTrackTuning *t, const IvBox *seen) {
  IvBox kept = iv_motion_box(&track->motion);
  float share = (float)t->smoothing;
  track->box =
      (IvBox){seen->x0 + share * (kept.x0 - seen->x0), seen->y0 + share * (kept.y0 - seen->y0),
              seen->x1 + share * (kept.x1 - seen->x1), seen->y1 + share * (kept.y1 - seen->y1)};
}

static void note_sight(IvLivingTrack *track, const IvSight *sight, IvTime ts) {
  track->last = ts;
  track->seen = TRUE;
  track->sights++;
  track->score = sight->score;
  track->doubt *= 1 - (double)sight->score;
}

void iv_living_begin(IvLivingTrack *track, const IvTrackTuning *t, guint64 id, const IvSight *sight,
                     IvTime ts) {
  *track = (IvLivingTrack){.id = id, .state = IV_TRACK_TENTATIVE, .first = ts, .doubt = 1};
  track->motion = iv_motion_from(t, &sight->box);
  note_sight(track, sight, ts);
  set_box(track, t, &sight->box);
  learn_look(track, t, sight, 1);
}

void iv_living_see(IvLivingTrack *track, const IvTrackTuning *t, const IvSight *sight, IvTime ts,
                   double factor) {
  double doubt = 1 + t->doubt * (1 - (double)sight->score);
  iv_motion_update(&track->motion, t, &sight->box, factor * doubt);
  note_sight(track, sight, ts);
  set_box(track, t, &sight->box);
  learn_look(track, t, sight, factor);
}

void iv_living_take_over(IvLivingTrack *lost, const IvLivingTrack *found) {
  lost->state = IV_TRACK_CONFIRMED;
  lost->motion = found->motion;
  lost->last = found->last;
  lost->sights += found->sights;
  lost->seen = TRUE;
  lost->box = found->box;
  lost->score = found->score;
  iv_appearance_blend(&lost->look, &found->look, 0.5f);
}

IvTrackPoint iv_living_point(const IvLivingTrack *track, IvTrackState state, IvTime ts,
                             const IvBox *box, float score, IvSize image_px) {
  float w = (float)image_px.width, h = (float)image_px.height;
  IvBox shares = {box->x0 / w, box->y0 / h, box->x1 / w, box->y1 / h};
  return (IvTrackPoint){.tracklet_id = track->id,
                        .state = state,
                        .ts = ts,
                        .box = shares,
                        .ground = iv_box_ground_point(&shares),
                        .score = score};
}
