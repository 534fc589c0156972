/* SPDX-License-Identifier: Apache-2.0 */
#include "app/live.h"

typedef struct {
  IvGlance view;
  IvFrame *frame;
} Slot;

struct IvLive {
  GMutex mutex;
  guint n;
  Slot *slots;
};

static void take_queues(IvGlance *glance, const IvQueues *queues, const IvScene *scene) {
  glance->n_queues = iv_queues_n(queues);
  glance->n_lanes = scene->n_lanes;
  for (guint i = 0; i < glance->n_queues; i++)
    glance->queues[i] = iv_queues_now(queues, i);
  for (guint i = 0; i < glance->n_lanes; i++)
    glance->lanes[i] = iv_queues_lane_now(queues, i);
}

void iv_glance_take_rules(IvGlance *glance, const IvCameraRules *rules) {
  const IvScene *scene = iv_camera_rules_scene(rules);
  glance->scene_version = scene->version;
  glance->n_zones = scene->n_zones;
  for (guint i = 0; i < scene->n_zones; i++) {
    glance->zone_ids[i] = scene->zones[i].id;
    glance->occupancy[i] = iv_camera_rules_occupancy(rules, i);
  }
  take_queues(glance, iv_camera_rules_queues(rules), scene);
}

IvLive *iv_live_new(guint n_cameras) {
  IvLive *live = g_new0(IvLive, 1);
  g_mutex_init(&live->mutex);
  live->n = n_cameras;
  live->slots = g_new0(Slot, MAX(n_cameras, 1));
  for (guint i = 0; i < n_cameras; i++)
    live->slots[i].view.ts = IV_TIME_NONE;
  return live;
}

void iv_live_free(IvLive *live) {
  if (!live)
    return;
  for (guint i = 0; i < live->n; i++)
    g_clear_pointer(&live->slots[i].frame, iv_frame_unref);
  g_mutex_clear(&live->mutex);
  g_free(live->slots);
  g_free(live);
}

void iv_live_put(IvLive *live, guint camera, const IvGlance *view, IvFrame *frame) {
  IvFrame *old = NULL;
  g_mutex_lock(&live->mutex);
  Slot *slot = &live->slots[camera];
  slot->view = *view;
  if (frame) {
    old = slot->frame;
    slot->frame = iv_frame_ref(frame);
  }
  g_mutex_unlock(&live->mutex);
  g_clear_pointer(&old, iv_frame_unref);
}

void iv_live_clear(IvLive *live, guint camera) {
  g_mutex_lock(&live->mutex);
  IvGlance *view = &live->slots[camera].view;
  view->people = view->n_tracks = 0;
  for (guint i = 0; i < view->n_zones; i++)
    view->occupancy[i] = 0;
  view->n_queues = view->n_lanes = 0; /* not known */
  g_mutex_unlock(&live->mutex);
}

void iv_live_reset(IvLive *live, guint camera) {
  static const IvGlance nothing = {.ts = IV_TIME_NONE};
  g_mutex_lock(&live->mutex);
  Slot *slot = &live->slots[camera];
  IvFrame *old = g_steal_pointer(&slot->frame);
  slot->view = nothing;
  g_mutex_unlock(&live->mutex);
  g_clear_pointer(&old, iv_frame_unref);
}

void iv_live_get(IvLive *live, guint camera, IvGlance *ret_view) {
  g_mutex_lock(&live->mutex);
  *ret_view = live->slots[camera].view;
  g_mutex_unlock(&live->mutex);
}

IvFrame *iv_live_frame(IvLive *live, guint camera, IvGlance *ret_view) {
  g_mutex_lock(&live->mutex);
  Slot *slot = &live->slots[camera];
  IvFrame *frame = slot->frame ? iv_frame_ref(slot->frame) : NULL;
  if (ret_view)
    *ret_view = slot->view;
  g_mutex_unlock(&live->mutex);
  return frame;
}
