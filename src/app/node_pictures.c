/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures of events: the photographer is told what cameras show and what happens. */
#include <string.h>

#include "app/node_private.h"

static IvScene *get_scene(guint place, gpointer node) {
  return iv_node_scene(node, place);
}

void iv_node_open_pictures(IvNode *node) {
  const IvSnapshotConfig *config = &node->config->snapshots;
  node->album =
      iv_album_new(config, node->config->store.id.text, node->config->server.data_dir, node->store);
  if (node->sim)
    return;
  if (node->config->archive.target != IV_ARCHIVE_OFF)
    iv_album_set_archive(node->album, &node->config->archive);
  IvPhotographerOptions options = {.config = config,
                                   .n_places = node->n_cameras,
                                   .album = node->album,
                                   .get_scene = get_scene,
                                   .user_data = node};
  node->photographer = iv_photographer_new(&options);
}

void iv_node_start_pictures(IvNode *node) {
  if (node->photographer)
    iv_photographer_start(node->photographer);
}

void iv_node_picture_come(IvNode *node, guint place, IvFrame *frame) {
  if (node->photographer)
    iv_photographer_come(node->photographer, place, frame);
}

void iv_node_picture_seen(guint place, IvFrame *frame, const IvTrackPoint *tracks, guint n,
                          gpointer user_data) {
  IvNode *node = user_data;
  if (node->photographer)
    iv_photographer_see(node->photographer, place, frame, tracks, n);
}

void iv_node_picture_events(IvNode *node, const IvEvent *events, guint n) {
  for (guint i = 0; node->photographer && i < n; i++) {
    const IvNodeCamera *camera =
        iv_event_kind_info(events[i].kind)->sample
            ? NULL
            : iv_node_find_camera(node, events[i].store_id.text, events[i].camera_id.text);
    if (camera && camera->config != &node->plan)
      iv_photographer_tell(node->photographer, camera->index, &events[i]);
  }
}

void iv_node_picture_forget(IvNode *node, guint place) {
  if (node->photographer)
    iv_photographer_forget(node->photographer, place);
}

int iv_node_snapshot_file(gpointer host, const char *store_id, const char *path, GError **error) {
  const IvNode *node = host;
  int fd = -1;
  if (strcmp(store_id, node->config->store.id.text) == 0)
    fd = iv_album_open_file(node->album, path);
  if (fd < 0)
    g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_FILE,
                        "The picture is not on the disk any more.");
  return fd;
}

void iv_node_picture_metrics(IvNode *node, GString *text) {
  IvPhotographerStats taken = {0};
  IvAlbumStats album;
  if (!node->photographer)
    return;
  iv_photographer_stats(node->photographer, &taken);
  iv_album_stats(node->album, &album);
  iv_node_counter(text, "snapshots_wanted_total", taken.wanted);
  iv_node_counter(text, "snapshots_kept_total", album.kept);
  iv_node_counter(text, "snapshots_limited_total", taken.limited);
  iv_node_counter(text, "snapshots_missed_total", taken.missed);
  iv_node_counter(text, "snapshots_dropped_total", taken.dropped);
  iv_node_counter(text, "snapshots_failed_total", taken.failed);
  iv_node_counter(text, "snapshots_deleted_total", album.deleted);
  if (node->archive)
    iv_node_counter(text, "snapshots_deleted_unarchived_total", album.unarchived);
  iv_node_gauge(text, "snapshots_bytes", (double)album.bytes);
  iv_node_gauge(text, "snapshots_files", (double)album.n * IV_SNAPSHOT_FILES);
}
