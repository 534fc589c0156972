/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence: the desk of the store, and what is known of a camera beside its pictures. */
#include <string.h>

#include "app/node_private.h"
#include "base/clock.h"

/* How its times are made: whoever reads a bundle must be able to tell how true they are. */
static json_t *clock_of(const IvNodeCamera *camera) {
  IvIngestStats stats;
  char now[IV_TIME_TEXT_MAX];
  iv_time_to_text(iv_clock_now(), now);
  if (!camera->ingest)
    return json_pack("{ss}", "source", "not known: the camera is not read now");
  iv_ingest_stats(camera->ingest, &stats);
  return json_pack("{ss so ss}", "source",
                   stats.camera_clock ? "the camera's clock (RTCP sender reports)"
                                      : "this machine's clock, when the picture arrived",
                   "camera_ahead_s",
                   stats.clock_ahead == IV_TIME_NONE
                       ? json_null()
                       : json_real((double)stats.clock_ahead / (double)IV_SECOND),
                   "read_at", now);
}

static json_t *describe(const char *camera_id, gpointer user_data) {
  IvNode *node = user_data;
  json_t *json = NULL;
  g_rw_lock_reader_lock(&node->places);
  for (guint i = 0; i < node->n_cameras && !json; i++) {
    const IvNodeCamera *camera = &node->cameras[i];
    if (camera->config && strcmp(camera->config->id.text, camera_id) == 0)
      json = json_pack("{ss ss si so sb}", "id", camera_id, "name", camera->config->name, "number",
                       camera->config->number, "clock", clock_of(camera), "recordings_masked",
                       iv_node_masks_recordings(camera));
  }
  g_rw_lock_reader_unlock(&node->places);
  return json;
}

void iv_node_open_evidence(IvNode *node) {
  if (node->sim)
    return;
  const IvConfig *config = node->config;
  IvFetcherOptions fetcher = {.store = node->store,
                              .recordings = iv_node_recordings(node),
                              .album = node->album,
                              .archiver = iv_node_archiver(node),
                              .store_id = config->store.id.text,
                              .data_dir = config->server.data_dir,
                              .reserve_gb = config->recording.reserve_gb};
  node->fetcher = iv_fetcher_new(&fetcher);
  IvEvidenceDeskOptions options = {.store = node->store,
                                   .fetcher = node->fetcher,
                                   .store_id = config->store.id.text,
                                   .store_name = config->store.name,
                                   .time_zone = config->store.time_zone,
                                   .data_dir = config->server.data_dir,
                                   .describe = describe,
                                   .user_data = node};
  node->desk = iv_evidence_desk_new(&options);
}

/* ---- what the API asks ---- */

static IvEvidenceDesk *desk_of(IvNode *node, const char *store_id) {
  return strcmp(store_id, node->config->store.id.text) == 0 ? node->desk : NULL;
}

void iv_node_evidence_changed(gpointer host, const char *store_id, gint64 no, gboolean released) {
  IvEvidenceDesk *desk = desk_of(host, store_id);
  if (!desk)
    return;
  if (released)
    iv_evidence_desk_discard(desk, no);
  else
    iv_evidence_desk_wake(desk);
}

double iv_node_evidence_progress(gpointer host, const char *store_id, gint64 no) {
  IvEvidenceDesk *desk = desk_of(host, store_id);
  return desk ? iv_evidence_desk_progress(desk, no) : -1;
}

int iv_node_evidence_file(gpointer host, const char *store_id, gint64 no, GError **error) {
  const IvEvidenceDesk *desk = desk_of(host, store_id);
  int fd = desk ? iv_evidence_desk_open(desk, no) : -1;
  if (fd < 0)
    g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_FILE,
                        "The bundle is not on the disk; make it again.");
  return fd;
}

gboolean iv_node_evidence_key(gpointer host, char **ret_pem, char **ret_fingerprint,
                              GError **error) {
  const IvNode *node = host;
  g_autoptr(GError) cause = NULL;
  if (node->desk && iv_evidence_desk_key(node->desk, ret_pem, ret_fingerprint, &cause))
    return TRUE;
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_CONFLICT,
                      cause ? cause->message : "A simulated store has no evidence.");
  return FALSE;
}
