/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"
#include "model/scene.h"
#include "model/track.h"
#include "rules/camera_rules.h"

/* What every camera shows right now: written by the analyst's thread, read by the API's. One mutex
 * inside, held for copies only, and no other lock is taken under it. */
typedef struct IvLive IvLive;

#define IV_LIVE_TRACKS_MAX 128 /* a picture with more shows the first ones */

typedef struct {
  IvTime ts; /* of the last analysed frame; IV_TIME_NONE before the first */
  guint people;
  guint n_tracks;
  IvTrackPoint tracks[IV_LIVE_TRACKS_MAX];
  int scene_version;
  guint n_zones;
  IvSlug zone_ids[IV_SCENE_ZONES_MAX];
  guint occupancy[IV_SCENE_ZONES_MAX]; /* per zone */
  guint n_queues, n_lanes;
  IvQueueNow queues[IV_SCENE_LANES_MAX];
  IvLaneNow lanes[IV_SCENE_LANES_MAX];
} IvGlance;

/* Puts what the rules know of zones, lines of people and lanes into the glance. */
void iv_glance_take_rules(IvGlance *glance, const IvCameraRules *rules);

IvLive *iv_live_new(guint n_cameras);
void iv_live_free(IvLive *live);

/* Replaces camera number `camera`'s view; `frame` (may be NULL: keep the last) is referenced. */
void iv_live_put(IvLive *live, guint camera, const IvGlance *view, IvFrame *frame);

/* A camera that is gone shows nobody, but keeps its last picture. */
void iv_live_clear(IvLive *live, guint camera);

/* Nothing is known of it, as before the first picture. */
void iv_live_reset(IvLive *live, guint camera);

void iv_live_get(IvLive *live, guint camera, IvGlance *ret_view);

/* The last analysed picture and the view that belongs to it (`ret_view` may be NULL); NULL before
 * the first. The caller unrefs. */
IvFrame *iv_live_frame(IvLive *live, guint camera, IvGlance *ret_view);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvLive, iv_live_free)
