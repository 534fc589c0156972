/* SPDX-License-Identifier: Apache-2.0 */
/* Clips that are saved: the desk of the store. */
#include <string.h>

#include "app/node_private.h"

void iv_node_open_exports(IvNode *node) {
  if (node->sim)
    return;
  const IvConfig *config = node->config;
  IvExportDeskOptions options = {.store = node->store,
                                 .recordings = iv_node_recordings(node),
                                 .fetcher = node->fetcher,
                                 .store_id = config->store.id.text,
                                 .time_zone = config->store.time_zone,
                                 .keep = config->recording.exports_keep,
                                 .reserve_gb = config->recording.reserve_gb};
  node->exports = iv_export_desk_new(&options);
}

static IvExportDesk *desk_of(IvNode *node, const char *store_id) {
  return strcmp(store_id, node->config->store.id.text) == 0 ? node->exports : NULL;
}

void iv_node_export_changed(gpointer host, const char *store_id, gint64 no, gboolean removed) {
  IvExportDesk *desk = desk_of(host, store_id);
  if (!desk)
    return;
  if (removed)
    iv_export_desk_drop(desk, no);
  else
    iv_export_desk_wake(desk);
}

double iv_node_export_progress(gpointer host, const char *store_id, gint64 no) {
  IvExportDesk *desk = desk_of(host, store_id);
  return desk ? iv_export_desk_progress(desk, no) : -1;
}

int iv_node_export_file(gpointer host, const char *store_id, gint64 no, GError **error) {
  const IvExportDesk *desk = desk_of(host, store_id);
  int fd = desk ? iv_export_desk_open(desk, no) : -1;
  if (fd < 0)
    g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_FILE,
                        "The clip's file is not on the disk any more, or the disk is away.");
  return fd;
}

void iv_node_export_metrics(IvNode *node, GString *text) {
  IvExportStats stats;
  if (!node->exports)
    return;
  iv_export_desk_stats(node->exports, &stats);
  iv_node_counter(text, "exports_done_total", stats.done);
  iv_node_counter(text, "exports_failed_total", stats.failed);
  iv_node_counter(text, "exports_dropped_total", stats.dropped);
  iv_node_counter(text, "exports_written_bytes_total", stats.done_bytes);
  iv_node_gauge(text, "exports_waiting", stats.waiting);
  iv_node_gauge(text, "exports_bytes", (double)stats.bytes);
}
