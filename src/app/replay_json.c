/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay.h"

static const char *kind_of(IvSubject subject) {
  return subject == IV_SUBJECT_LINE ? "line" : subject == IV_SUBJECT_ZONE ? "zone" : "lane";
}

static json_t *mean_s(gint64 ms, gint64 n) {
  return n > 0 ? json_real((double)ms / (double)n / 1000) : json_null();
}

static void add_means(json_t *figures, IvSubject subject, const gint64 *amounts) {
  if (subject == IV_SUBJECT_ZONE)
    json_object_set_new(figures, "dwell_mean_s",
                        mean_s(amounts[IV_ZONE_DWELL_MS], amounts[IV_ZONE_VISITORS]));
  if (subject != IV_SUBJECT_LANE)
    return;
  json_object_set_new(figures, "wait_mean_s",
                      mean_s(amounts[IV_LANE_WAIT_MS], amounts[IV_LANE_WAITED]));
  json_object_set_new(figures, "service_mean_s",
                      mean_s(amounts[IV_LANE_SERVICE_MS], amounts[IV_LANE_SERVED]));
}

static json_t *figures_json(IvSubject subject, const gint64 *amounts) {
  const IvSubjectInfo *info = iv_subject_info(subject);
  json_t *figures = json_object();
  for (guint i = 0; i < info->n_measures; i++)
    json_object_set_new(figures, info->measures[i].column, json_integer(amounts[i]));
  add_means(figures, subject, amounts);
  return figures;
}

static json_t *row_json(const IvReplayRow *row) {
  json_t *replayed = row->drawn ? figures_json(row->subject, row->replayed) : json_null();
  return json_pack("{ss ss ss so so}", "camera_id", row->camera_id.text, "kind",
                   kind_of(row->subject), "id", row->id.text, "recorded",
                   figures_json(row->subject, row->recorded), "replayed", replayed);
}

static json_t *camera_json(const IvReplayCamera *camera) {
  return json_pack(
      "{ss si sb sI sI sI sf sf}", "camera_id", camera->camera_id.text, "scene_version",
      camera->scene_version, "changed", camera->changed, "pieces", (json_int_t)camera->pieces,
      "bad_pieces", (json_int_t)camera->bad_pieces, "bytes", (json_int_t)camera->bytes, "covered_s",
      (double)camera->looked / (double)IV_SECOND, "track_s", (double)camera->track_ms / 1000);
}

json_t *iv_replay_to_json(const IvReplayResult *result) {
  json_t *cameras = json_array(), *rows = json_array();
  for (guint i = 0; i < result->cameras->len; i++)
    json_array_append_new(cameras, camera_json(&g_array_index(result->cameras, IvReplayCamera, i)));
  for (guint i = 0; i < result->rows->len; i++)
    json_array_append_new(rows, row_json(&g_array_index(result->rows, IvReplayRow, i)));
  return json_pack("{so so}", "cameras", cameras, "rows", rows);
}
