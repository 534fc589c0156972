/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/box_sight.h"

#define TRACKLET_GAP_S 5.0

IvBoxPace iv_box_pace(const IvBoxNoise *noise, double fps) {
  return (IvBoxPace){fps, iv_chain(noise->misses.share, noise->misses.mean_seconds * fps),
                     iv_drift(1 / fps, noise->jitter_tau), iv_drift(1 / fps, noise->score_tau)};
}

void iv_box_sight_init(IvBoxSight *sight, IvDraws draws) {
  *sight = (IvBoxSight){.draws = draws, .frame = -1, .boxed = -1};
}

static inline float drifted(float x, IvDrift drift, float normal) {
  return drift.keep * x + drift.fresh * normal;
}

static void drift(IvBoxSight *sight, const IvNormals *normals, IvDrift edge, IvDrift score) {
  guint64 bits = iv_draws_bits(&sight->draws), more = iv_draws_bits(&sight->draws);
  for (int i = 0; i < 4; i++)
    sight->edges[i] = drifted(sight->edges[i], edge, iv_normal_nth(normals, bits, i));
  sight->score = drifted(sight->score, score, iv_normal_nth(normals, more, 0));
  sight->found = drifted(sight->found, score, iv_normal_nth(normals, more, 1));
}

void iv_box_sight_step(IvBoxSight *sight, const IvBoxNoise *noise, const IvBoxPace *pace,
                       const IvNormals *normals, gint64 frame) {
  gint64 n = frame - sight->frame;
  if (sight->frame < 0) {
    sight->missed = iv_chain_begin(&pace->misses, &sight->draws);
    drift(sight, normals, (IvDrift){0, 1}, (IvDrift){0, 1});
  } else if (n > 0) {
    double seconds = (double)n / pace->fps;
    sight->missed = iv_chain_after(&pace->misses, sight->missed, n, &sight->draws);
    drift(sight, normals, n == 1 ? pace->edge : iv_drift(seconds, noise->jitter_tau),
          n == 1 ? pace->score : iv_drift(seconds, noise->score_tau));
  }
  sight->frame = frame;
}

gboolean iv_box_sight_take(IvBoxSight *sight, const IvBoxPace *pace) {
  gboolean begins =
      sight->boxed < 0 || (double)(sight->frame - sight->boxed) > TRACKLET_GAP_S * pace->fps;
  sight->tracklet += begins;
  sight->boxed = sight->frame;
  return begins;
}
