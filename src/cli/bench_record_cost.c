/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <unistd.h>

#include "app/recordings.h"
#include "base/clock.h"
#include "cli/bench_record.h"
#include "cli/camera_farm.h"
#include "media/ingest.h"
#include "media/mp4_scan.h"
#include "store/catalog.h"

#define SETTLE (4 * IV_SECOND) /* connecting is not counted */
#define SLACK (60 * IV_SECOND)
#define LOOK_EVERY (100 * IV_MS)

/* ---- cameras that are recorded ---- */

typedef struct {
  IvRecordings *recordings;
  IvSlug id;
  IvIngest *ingest;
  IvRecorder *recorder;
} Recorded;

static void on_segment(const IvSegmentNews *news, gpointer user_data) {
  Recorded *recorded = user_data;
  iv_recordings_note(recorded->recordings, &recorded->id, news);
}

static void recorded_clear(gpointer p) {
  Recorded *recorded = p;
  g_clear_pointer(&recorded->recorder, iv_recorder_free);
  g_clear_pointer(&recorded->ingest, iv_ingest_free);
}

static gboolean start_one(Recorded *recorded, const IvConfig *config, guint i, GError **error) {
  static const IvRecorderEvents events = {.on_segment = on_segment};
  const IvIngestEvents silent = {0};
  const IvIngestConfig ingest = {.source = config->cameras[i].url};
  const IvRecorderConfig recorder = {.folder = iv_recordings_folder(recorded->recordings),
                                     .camera = config->cameras[i].id.text,
                                     .mode = IV_RECORD_CONTINUOUS,
                                     .segment = config->recording.segment};
  recorded->id = config->cameras[i].id;
  recorded->ingest = iv_ingest_new(&ingest, &silent, NULL, error);
  if (!recorded->ingest)
    return FALSE;
  recorded->recorder =
      iv_recorder_new(&recorder, iv_ingest_ring(recorded->ingest), &events, recorded, error);
  if (!recorded->recorder)
    return FALSE;
  iv_ingest_start(recorded->ingest);
  return TRUE;
}

static guint64 sum_units(const Recorded *all, guint n) {
  guint64 sum = 0;
  for (guint i = 0; i < n; i++) {
    IvRecorderStats stats;
    iv_recorder_stats(all[i].recorder, &stats);
    sum += stats.units;
  }
  return sum;
}

/* Measures from when all are connected to when the first ends; then waits for the others. */
static void wait_for_all(const Recorded *all, guint n, guint pictures, IvRecordCost *cost) {
  IvTime length = (IvTime)pictures * IV_SECOND / IV_BENCH_RECORD_FPS;
  IvTime begun = iv_clock_monotonic(), until = begun + length + SLACK;
  while (sum_units(all, n) < n && iv_clock_monotonic() < until)
    g_usleep((gulong)LOOK_EVERY);
  g_usleep((gulong)SETTLE);
  IvTime at = iv_clock_monotonic(), cpu = iv_clock_process_cpu();
  while (sum_units(all, n) < (guint64)n * pictures && iv_clock_monotonic() < begun + length)
    g_usleep((gulong)LOOK_EVERY);
  IvTime spent = iv_clock_monotonic() - at;
  cost->cores = (double)(iv_clock_process_cpu() - cpu) / (double)MAX(spent, 1) / n;
  cost->seconds = (double)spent / (double)IV_SECOND;
  while (sum_units(all, n) < (guint64)n * pictures && iv_clock_monotonic() < until)
    g_usleep((gulong)LOOK_EVERY);
}

static gboolean read_files(const char *folder, IvRecordCost *cost, GError **error) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
  if (!dir)
    return FALSE;
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
      if (!read_files(path, cost, error))
        return FALSE;
      continue;
    }
    if (!g_str_has_suffix(name, ".mp4"))
      continue;
    g_auto(IvMp4Scan) scan = {0};
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    gboolean fine = fd >= 0 && iv_mp4_scan(fd, &scan, NULL);
    cost->files++;
    cost->damaged += !fine || scan.end != IV_MP4_WHOLE;
    for (guint i = 0; fine && i < scan.fragments->len; i++)
      cost->in_files += g_array_index(scan.fragments, IvMp4Fragment, i).samples;
    cost->bytes += fine ? scan.file_bytes : 0;
    if (fd >= 0)
      close(fd);
  }
  return TRUE;
}

static gboolean record(IvRecordings *recordings, const IvConfig *config, guint pictures,
                       IvRecordCost *cost, GError **error) {
  guint n = config->n_cameras;
  g_autofree Recorded *all = g_new0(Recorded, n);
  gboolean fine = TRUE;
  for (guint i = 0; i < n && fine; i++) {
    all[i].recordings = recordings;
    fine = start_one(&all[i], config, i, error);
  }
  if (fine)
    wait_for_all(all, n, pictures, cost);
  for (guint i = 0; i < n; i++) {
    IvRecorderStats stats = {0};
    if (all[i].recorder) {
      iv_recorder_stop(all[i].recorder);
      iv_recorder_stats(all[i].recorder, &stats);
    }
    cost->stored += stats.stored;
    cost->lost += stats.lost;
    recorded_clear(&all[i]);
  }
  return fine;
}

static char **farm_urls(const IvCameraFarm *farm, guint n) {
  char **urls = g_new0(char *, n + 1);
  for (guint i = 0; i < n; i++)
    urls[i] = iv_camera_farm_url(farm, i);
  return urls;
}

gboolean iv_bench_record_cost(const char *film, const char *folder, guint cameras, guint pictures,
                              IvRecordCost *ret_cost, GError **error) {
  g_autoptr(IvCameraFarm) farm = iv_camera_farm_start(film, cameras, pictures, error);
  if (!farm)
    return FALSE;
  g_auto(GStrv) urls = farm_urls(farm, cameras), notes = NULL;
  g_autoptr(IvConfig) config = iv_bench_record_config(cameras, urls, NULL);
  g_autofree char *file = g_build_filename(folder, "inveye.db", NULL);
  g_autoptr(IvStore) store = iv_store_open(file, error);
  if (!store || !iv_catalog_import(store, config, iv_clock_now(), &notes, error))
    return FALSE;
  g_autoptr(IvRecordings) recordings =
      iv_recordings_new(&config->recording, config->store.id.text, folder, store);
  IvRecordingsRepair repair;
  IvRecordCost cost = {0};
  g_autofree guint64 *sent = g_new0(guint64, cameras);
  if (!iv_recordings_open(recordings, &repair, error) ||
      !record(recordings, config, pictures, &cost, error) ||
      !iv_camera_farm_sent(farm, sent, error) ||
      !read_files(iv_recordings_folder(recordings), &cost, error))
    return FALSE;
  for (guint i = 0; i < cameras; i++)
    cost.sent += sent[i];
  *ret_cost = cost;
  return TRUE;
}

/* ---- bare GStreamer ---- */

gboolean iv_bench_record_bare(const char *film, const char *folder, guint cameras, guint pictures,
                              double *ret_cores, GError **error) {
  g_autoptr(IvCameraFarm) farm = iv_camera_farm_start(film, cameras, pictures, error);
  if (!farm)
    return FALSE;
  g_autoptr(GPtrArray) pipelines = g_ptr_array_new_with_free_func(gst_object_unref);
  for (guint i = 0; i < cameras; i++) {
    g_autofree char *url = iv_camera_farm_url(farm, i);
    g_autofree char *text = g_strdup_printf(
        "rtspsrc location=%s protocols=tcp latency=100 ! rtph264depay ! h264parse ! mp4mux "
        "fragment-duration=1000 streamable=true ! filesink location=\"%s/bare%u.mp4\"",
        url, folder, i);
    GstElement *pipeline = gst_parse_launch(text, error);
    if (!pipeline)
      return FALSE;
    g_ptr_array_add(pipelines, pipeline);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
  }
  g_usleep((gulong)SETTLE);
  IvTime length = (IvTime)pictures * IV_SECOND / IV_BENCH_RECORD_FPS - 2 * SETTLE;
  IvTime at = iv_clock_monotonic(), cpu = iv_clock_process_cpu();
  g_usleep((gulong)MAX(length, IV_SECOND)); /* there is nothing to wait for but the clock */
  *ret_cores = (double)(iv_clock_process_cpu() - cpu) / (double)(iv_clock_monotonic() - at) /
               MAX(cameras, 1);
  for (guint i = 0; i < pipelines->len; i++)
    gst_element_set_state(pipelines->pdata[i], GST_STATE_NULL);
  return TRUE;
}
