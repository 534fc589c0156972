/* SPDX-License-Identifier: Apache-2.0 */
/* Trajectories and what-ifs: the book and the desk of the store. */
#include <string.h>

#include "app/node_private.h"

static IvReplayDesk *desk_of(IvNode *node, const char *store_id) {
  return strcmp(store_id, node->config->store.id.text) == 0 ? node->replays : NULL;
}

void iv_node_replay_changed(gpointer host, const char *store_id, gint64 no, gboolean removed) {
  IvReplayDesk *desk = desk_of(host, store_id);
  if (!desk)
    return;
  if (removed)
    iv_replay_desk_drop(desk, no);
  else
    iv_replay_desk_wake(desk);
}

double iv_node_replay_progress(gpointer host, const char *store_id, gint64 no) {
  IvReplayDesk *desk = desk_of(host, store_id);
  return desk ? iv_replay_desk_progress(desk, no) : -1;
}

void iv_node_path_metrics(IvNode *node, GString *text) {
  IvPathBookStats stats;
  if (!node->paths)
    return;
  iv_path_book_stats(node->paths, &stats);
  iv_node_gauge(text, "trajectory_pieces_queued", stats.queued);
  iv_node_counter(text, "trajectory_pieces_stored_total", stats.stored);
  iv_node_counter(text, "trajectory_bytes_total", stats.bytes);
  iv_node_counter(text, "trajectory_pieces_dropped_total", stats.dropped);
  iv_node_counter(text, "trajectory_points_lost_total", stats.points_lost);
}
