/* SPDX-License-Identifier: Apache-2.0 */
/* The node's lines of people and lanes as the API shows them. */
#include <math.h>
#include <string.h>

#include "app/node_private.h"

/* What the camera says of a line; NULL = nothing is known, as it gives no pictures or has not
 * looked at this scene yet. */
static const IvQueueNow *find_queue(const IvGlance *glance, const char *id) {
  for (guint i = 0; i < glance->n_queues; i++)
    if (strcmp(glance->queues[i].id.text, id) == 0)
      return &glance->queues[i];
  return NULL;
}

static const IvLaneNow *find_lane(const IvGlance *glance, const char *id) {
  for (guint i = 0; i < glance->n_lanes; i++)
    if (strcmp(glance->lanes[i].id.text, id) == 0)
      return &glance->lanes[i];
  return NULL;
}

static IvLiveQueueView *queue_view(IvNodeQueues *all, const IvLane *lane, const char *camera_id,
                                   const IvGlance *glance) {
  gboolean is_group = !iv_slug_is_none(&lane->group);
  const char *id = is_group ? lane->group.text : lane->id.text;
  for (guint i = 0; i < all->queues->len; i++) {
    IvLiveQueueView *view = &g_array_index(all->queues, IvLiveQueueView, i);
    if (strcmp(view->queue_id, id) == 0 && strcmp(view->camera_id, camera_id) == 0)
      return view;
  }
  const IvQueueNow *now = find_queue(glance, id);
  IvLiveQueueView view = {.queue_id = id,
                          .name = is_group ? id : lane->name,
                          .camera_id = camera_id,
                          .is_group = is_group,
                          .length = now ? (int)now->length : -1,
                          .estimated_wait_s = now ? now->estimated_s : (double)NAN,
                          .is_long = now && now->is_long};
  if (now)
    view.present_wait_s = (double)now->present_wait / (double)IV_SECOND;
  g_array_append_val(all->queues, view);
  return &g_array_index(all->queues, IvLiveQueueView, all->queues->len - 1);
}

static void add_lane(IvNodeQueues *all, const IvLane *lane, const char *camera_id,
                     const IvGlance *glance) {
  const IvLaneNow *now = find_lane(glance, lane->id.text);
  IvLiveQueueView *queue = queue_view(all, lane, camera_id, glance);
  IvLiveLaneView view = {.lane_id = lane->id.text,
                         .name = lane->name,
                         .queue_id = queue->queue_id,
                         .camera_id = camera_id,
                         .self_checkout = lane->self_checkout,
                         .known = now != NULL,
                         .open = now && now->open,
                         .serving = now && now->serving};
  queue->lanes_total++;
  queue->lanes_open += view.open ? 1 : 0;
  g_array_append_val(all->lanes, view);
}

void iv_node_queues_init(IvNodeQueues *ret_all, IvNode *node) {
  ret_all->scenes = g_ptr_array_new_with_free_func((GDestroyNotify)iv_scene_free);
  ret_all->queues = g_array_new(FALSE, FALSE, sizeof(IvLiveQueueView));
  ret_all->lanes = g_array_new(FALSE, FALSE, sizeof(IvLiveLaneView));
  g_autofree IvGlance *glance = g_new0(IvGlance, 1);
  for (guint i = 0; i < node->n_cameras; i++) {
    IvScene *scene = iv_node_scene(node, i);
    if (!scene)
      continue;
    g_ptr_array_add(ret_all->scenes, scene);
    iv_live_get(node->live, i, glance);
    for (guint k = 0; k < scene->n_lanes; k++)
      add_lane(ret_all, &scene->lanes[k], node->cameras[i].config->id.text, glance);
  }
}

void iv_node_queues_clear(IvNodeQueues *all) {
  g_ptr_array_unref(all->scenes);
  g_array_unref(all->queues);
  g_array_unref(all->lanes);
}
