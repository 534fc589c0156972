/* SPDX-License-Identifier: Apache-2.0 */
/* The node's live state as the values that the API shows. */
#include <math.h>
#include <string.h>

#include "api/outlook_view.h"
#include "api/views.h"
#include "app/node_private.h"
#include "base/clock.h"
#include "kpi/figure.h"
#include "media/jpeg.h"

static void fill_ingest(const IvIngestStats *stats, IvCameraView *view) {
  view->state = iv_ingest_state_name(stats->state);
  view->codec = stats->codec == IV_CODEC_NONE ? NULL : iv_codec_name(stats->codec);
  view->size = stats->size;
  view->fps_in = stats->fps_in;
  view->bitrate = stats->bitrate;
  view->keyframe_interval = stats->keyframe_interval;
  view->decode_errors = stats->decode_errors;
  view->packets_lost = stats->packets_lost;
  view->reconnects = stats->reconnects;
  view->camera_clock = stats->camera_clock;
  view->clock_ahead_s = stats->clock_ahead == IV_TIME_NONE
                            ? (double)NAN
                            : (double)stats->clock_ahead / (double)IV_SECOND;
}

static void fill_pool(IvNode *node, const IvNodeCamera *camera, IvCameraView *view) {
  IvInferenceCounts counts = iv_inference_pool_camera_counts(node->pool, camera->pool_camera);
  view->frames_due = counts.due;
  view->frames_skipped = counts.skipped;
  view->frames_gated = counts.gated;
  g_mutex_lock(&node->mutex);
  view->fps_analysed = camera->fps_analysed;
  g_mutex_unlock(&node->mutex);
}

/* A simulated camera gives figures and no picture. */
static void fill_simulated(const IvNodeCamera *camera, const IvGlance *glance, IvCameraView *view) {
  view->state = iv_ingest_state_name(IV_INGEST_ONLINE);
  view->reason = "simulated: no picture";
  view->size = camera->config->scene->image;
  view->fps_in = view->fps_analysed = camera->config->fps;
  view->last_frame_ts = glance->ts;
  view->scene_version = glance->scene_version;
  view->people = glance->ts != IV_TIME_NONE ? (int)glance->people : -1;
}

/* Borrowed texts live in `config` and `stats`. */
static void fill_camera(IvNode *node, const IvNodeCamera *camera, IvIngestStats *stats,
                        IvCameraView *view) {
  const IvCameraConfig *config = camera->config;
  *view = (IvCameraView){.id = config->id.text,
                         .name = config->name,
                         .number = config->number,
                         .role = iv_camera_role_name(config->role),
                         .state = "disabled",
                         .source = config->url,
                         .clock_ahead_s = (double)NAN,
                         .last_frame_ts = IV_TIME_NONE,
                         .analysed = config->enabled && iv_config_analyses(config),
                         .people = -1};
  iv_node_show_recording(node, camera, view);
  iv_node_show_privacy(node, camera, view);
  iv_node_show_restream(node, camera, view);
  if (!node->sim && !camera->ingest)
    return; /* disabled, or just being changed */
  g_autofree IvGlance *glance = g_new0(IvGlance, 1);
  iv_live_get(node->live, camera->index, glance);
  if (node->sim) {
    fill_simulated(camera, glance, view);
    return;
  }
  iv_ingest_stats(camera->ingest, stats);
  fill_ingest(stats, view);
  fill_pool(node, camera, view);
  iv_node_show_streams(camera, view);
  view->reason = stats->reason;
  if (!view->analysed) {
    g_autoptr(IvScene) scene = iv_node_scene(node, camera->index);
    view->view_reason = "not analysed";
    view->scene_version = scene ? scene->version : 0;
    return;
  }
  IvViewState shown = (IvViewState)g_atomic_int_get(&camera->view_state);
  view->view = iv_view_state_name(shown);
  view->view_reason = iv_view_state_reason(shown);
  view->last_frame_ts = glance->ts;
  view->scene_version = glance->scene_version;
  gboolean seeing = stats->state == IV_INGEST_ONLINE || stats->state == IV_INGEST_DEGRADED;
  view->people = seeing && glance->ts != IV_TIME_NONE ? (int)glance->people : -1;
}

json_t *iv_node_cameras(IvNode *node) {
  json_t *all = json_array();
  for (guint i = 0; i < node->n_cameras; i++) {
    IvCameraView view;
    IvIngestStats stats;
    if (!node->cameras[i].config || iv_node_is_plan(&node->cameras[i]))
      continue;
    fill_camera(node, &node->cameras[i], &stats, &view);
    json_array_append_new(all, iv_camera_view_to_json(&view));
  }
  return all;
}

static IvFigureView figure(IvFigure which, double value, const IvTraffic *traffic) {
  const IvFigureInfo *info = iv_figure_info(which);
  return (IvFigureView){.value = value,
                        .unit = info->unit,
                        .denominator = info->denominator,
                        .definition = info->definition,
                        .definition_version = info->definition_version,
                        .coverage = traffic ? traffic->coverage : NAN,
                        .provisional = traffic ? traffic->provisional : FALSE};
}

/* How many the camera, or all of those on the plan, see now; -1 = not known. */
static int people_of(const IvNode *node, const IvCameraView *cameras, guint i) {
  if (node->cameras[i].config != &node->plan)
    return cameras[i].people;
  g_autofree IvGlance *glance = g_new0(IvGlance, 1);
  iv_live_get(node->live, i, glance);
  return glance->ts == IV_TIME_NONE ? -1 : (int)glance->people;
}

/* Counted by the camera that sees the whole store, if there is one and it delivers. */
static IvFigureView occupancy(IvNode *node, const IvCameraView *cameras, GString *source) {
  IvFigureView view = figure(IV_FIGURE_OCCUPANCY, NAN, NULL);
  for (guint i = 0; i < node->n_cameras; i++) {
    g_autoptr(IvScene) scene = iv_node_scene(node, i);
    const IvCameraConfig *config = node->cameras[i].config;
    if (!scene || !scene->full_view)
      continue;
    g_string_printf(source, "full view of camera %s", config->name);
    int people = people_of(node, cameras, i);
    view.value = people < 0 ? (double)NAN : people;
    view.coverage = people < 0 ? 0 : 1;
    return view;
  }
  return view;
}

typedef struct {
  IvZone zone;
  GPtrArray *cameras; /* char*, borrowed from the configuration; NULL-terminated at the end */
  int occupancy;      /* -1 = not known */
} ZoneSum;

static void zone_sum_clear(gpointer p) {
  g_ptr_array_unref(((ZoneSum *)p)->cameras);
}

static ZoneSum *zone_sum(GArray *sums, const IvZone *zone) {
  for (guint i = 0; i < sums->len; i++) {
    ZoneSum *sum = &g_array_index(sums, ZoneSum, i);
    if (strcmp(sum->zone.id.text, zone->id.text) == 0)
      return sum;
  }
  ZoneSum fresh = {.zone = *zone, .cameras = g_ptr_array_new(), .occupancy = -1};
  g_array_append_val(sums, fresh);
  return &g_array_index(sums, ZoneSum, sums->len - 1);
}

/* The same zone id in two cameras is one zone: their counts are added. */
static GArray *sum_zones(IvNode *node, const IvCameraView *cameras) {
  GArray *sums = g_array_new(FALSE, FALSE, sizeof(ZoneSum));
  g_array_set_clear_func(sums, zone_sum_clear);
  g_autofree IvGlance *glance = g_new0(IvGlance, 1);
  for (guint i = 0; i < node->n_cameras; i++) {
    g_autoptr(IvScene) scene = iv_node_scene(node, i);
    const IvCameraConfig *config = node->cameras[i].config;
    if (!scene)
      continue;
    gboolean seeing = people_of(node, cameras, i) >= 0;
    iv_live_get(node->live, i, glance);
    for (guint k = 0; k < scene->n_zones; k++) {
      ZoneSum *sum = zone_sum(sums, &scene->zones[k]);
      g_ptr_array_add(sum->cameras, (gpointer)config->id.text);
      sum->zone.capacity = MAX(sum->zone.capacity, scene->zones[k].capacity);
      for (guint z = 0; seeing && z < glance->n_zones; z++)
        if (strcmp(glance->zone_ids[z].text, scene->zones[k].id.text) == 0)
          sum->occupancy = MAX(sum->occupancy, 0) + (int)glance->occupancy[z];
    }
  }
  return sums;
}

static IvLiveZoneView *zone_views(GArray *sums) {
  IvLiveZoneView *views = g_new0(IvLiveZoneView, MAX(sums->len, 1));
  for (guint i = 0; i < sums->len; i++) {
    ZoneSum *sum = &g_array_index(sums, ZoneSum, i);
    g_ptr_array_add(sum->cameras, NULL);
    views[i] = (IvLiveZoneView){.zone_id = sum->zone.id.text,
                                .name = sum->zone.name,
                                .kind = iv_zone_kind_name(sum->zone.kind),
                                .camera_ids = (const char *const *)sum->cameras->pdata,
                                .occupancy = sum->occupancy,
                                .capacity = sum->zone.capacity};
  }
  return views;
}

static IvLineView *line_views(const IvDayToDate *day) {
  IvLineView *views = g_new0(IvLineView, MAX(day->lines->len, 1));
  for (guint i = 0; i < day->lines->len; i++) {
    const IvLineTraffic *line = &g_array_index(day->lines, IvLineTraffic, i);
    views[i] = (IvLineView){.line_id = line->line_id.text,
                            .camera_id = line->camera_id.text,
                            .name = line->name,
                            .kind = iv_line_kind_name(line->kind),
                            .in = (guint64)line->in,
                            .out = (guint64)line->out};
  }
  return views;
}

json_t *iv_node_outlook(IvNode *node) {
  g_autofree IvOutlook *outlook = g_new(IvOutlook, 1);
  iv_foreteller_get(node->foreteller, outlook);
  return iv_outlook_to_json(outlook->ts, outlook->pools, outlook->n_pools, &outlook->score,
                            node->config->rules.wait_target, node->config->rules.queue_long);
}

json_t *iv_node_live_kpis(IvNode *node, const IvDayToDate *day) {
  g_autofree IvCameraView *by_place = g_new0(IvCameraView, node->n_cameras);
  g_autofree IvCameraView *cameras = g_new0(IvCameraView, node->n_cameras);
  g_autofree IvIngestStats *stats = g_new0(IvIngestStats, node->n_cameras);
  guint n = 0;
  for (guint i = 0; i < node->n_cameras; i++) {
    if (!node->cameras[i].config || node->cameras[i].config == &node->plan)
      continue;
    fill_camera(node, &node->cameras[i], &stats[i], &by_place[i]);
    cameras[n++] = by_place[i];
  }
  g_autoptr(GString) source = g_string_new(NULL);
  g_autoptr(GArray) sums = sum_zones(node, by_place);
  g_autofree IvLiveZoneView *zones = zone_views(sums);
  g_autofree IvLineView *lines = line_views(day);
  const IvTraffic *today = &day->today;
  g_auto(IvNodeQueues) queues;
  iv_node_queues_init(&queues, node);
  IvLiveView view = {.ts = iv_clock_now(),
                     .day_start = day->day_start,
                     .footfall_today =
                         figure(iv_figure_footfall(today->known_share), today->footfall, today),
                     .traffic_in = figure(IV_FIGURE_TRAFFIC_IN, today->in, today),
                     .traffic_out = figure(IV_FIGURE_TRAFFIC_OUT, today->out, today),
                     .occupancy = occupancy(node, by_place, source),
                     .n_lines = day->lines->len,
                     .lines = lines,
                     .n_zones = sums->len,
                     .zones = zones,
                     .n_queues = queues.queues->len,
                     .queues = (const IvLiveQueueView *)(gconstpointer)queues.queues->data,
                     .n_lanes = queues.lanes->len,
                     .lanes = (const IvLiveLaneView *)(gconstpointer)queues.lanes->data,
                     .n_cameras = n,
                     .cameras = cameras};
  view.occupancy_source = source->str;
  json_t *json = iv_live_view_to_json(&view);
  json_object_set_new(json, "outlook", iv_node_outlook(node));
  return json;
}

static json_t *host_live_kpis(gpointer host, const char *store_id) {
  IvNode *node = host;
  g_auto(IvDayToDate) day = {0};
  IvTime deadline = iv_clock_monotonic() + IV_SECOND;
  if (strcmp(store_id, node->config->store.id.text) != 0 ||
      !iv_kpis_day_to_date(node->store, store_id, iv_clock_now(), deadline, &day, NULL))
    return NULL;
  g_rw_lock_reader_lock(&node->places);
  json_t *kpis = iv_node_live_kpis(node, &day);
  g_rw_lock_reader_unlock(&node->places);
  return kpis;
}

static json_t *host_outlook(gpointer host, const char *store_id) {
  IvNode *node = host;
  return strcmp(store_id, node->config->store.id.text) == 0 ? iv_node_outlook(node) : NULL;
}

static json_t *host_cameras(gpointer host, const char *store_id) {
  IvNode *node = host;
  if (strcmp(store_id, node->config->store.id.text) != 0)
    return NULL;
  g_rw_lock_reader_lock(&node->places);
  json_t *cameras = iv_node_cameras(node);
  g_rw_lock_reader_unlock(&node->places);
  return cameras;
}

IvNodeCamera *iv_node_find_camera(IvNode *node, const char *store_id, const char *camera_id) {
  IvNodeCamera *found = NULL;
  if (strcmp(store_id, node->config->store.id.text) != 0)
    return NULL;
  g_rw_lock_reader_lock(&node->places);
  for (guint i = 0; i < node->n_cameras && !found; i++)
    if (iv_node_runs(&node->cameras[i]) && strcmp(node->cameras[i].config->id.text, camera_id) == 0)
      found = &node->cameras[i];
  g_rw_lock_reader_unlock(&node->places);
  return found;
}

static guint confirmed_boxes(const IvGlance *glance, IvJpegBox *ret_boxes) {
  guint n = 0;
  for (guint i = 0; i < glance->n_tracks; i++)
    if (glance->tracks[i].state == IV_TRACK_CONFIRMED)
      ret_boxes[n++] = (IvJpegBox){.box = glance->tracks[i].box,
                                   .rgb = 0x3b82f6,
                                   .label = (guint32)glance->tracks[i].tracklet_id};
  return n;
}

static const char *why_no_picture(const IvNodeCamera *camera) {
  IvNode *node = camera->node;
  if (node->sim)
    return "is simulated and gives no picture";
  g_rw_lock_reader_lock(&node->places);
  gboolean analyses = camera->config && iv_config_analyses(camera->config);
  g_rw_lock_reader_unlock(&node->places);
  return analyses ? "has not given a picture yet; see its state"
                  : "is not analysed, so none of its pictures is decoded; watch it live";
}

static GBytes *host_picture(gpointer host, const IvPictureWish *wish, IvTime *ret_ts,
                            GError **error) {
  IvNode *node = host;
  const IvNodeCamera *camera = iv_node_find_camera(node, wish->store_id, wish->camera_id);
  if (!camera || (!node->sim && camera->index == node->n_cameras - 1)) {
    g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_CAMERA,
                "camera %s does not run here", wish->camera_id);
    return NULL;
  }
  g_autofree IvGlance *glance = g_new0(IvGlance, 1);
  g_autoptr(IvFrame) frame = iv_live_frame(node->live, camera->index, glance);
  if (!frame) {
    g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_PICTURE, "camera %s %s",
                wish->camera_id, why_no_picture(camera));
    return NULL;
  }
  if (wish->blur_people) {
    IvFrame *blurred = iv_node_blur_frame(camera, frame);
    iv_frame_unref(frame);
    frame = blurred;
  }
  if (!frame) {
    g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_PICTURE,
                "people in the picture of camera %s can't be blurred, so it is not shown",
                wish->camera_id);
    return NULL;
  }
  IvJpegBox boxes[IV_LIVE_TRACKS_MAX];
  guint n = wish->boxes ? confirmed_boxes(glance, boxes) : 0;
  *ret_ts = frame->ts;
  return iv_jpeg_encode(frame, iv_jpeg_scale_for(frame->size, wish->width), 80, boxes, n);
}

/* At once, also what is recorded. */
static void mask_camera(IvNode *node, IvNodeCamera *camera, const IvScene *scene) {
  iv_node_change_masks(camera, scene);
  g_mutex_lock(&node->mutex);
  g_atomic_int_set(&node->settle_now, 1);
  g_cond_broadcast(&node->changed);
  g_mutex_unlock(&node->mutex);
}

static void host_scene_changed(gpointer host, const char *store_id, const IvScene *scene) {
  IvNode *node = host;
  g_autoptr(GMutexLocker) editing = g_mutex_locker_new(&node->editing);
  (void)editing; /* held to the end */
  IvNodeCamera *camera = iv_node_find_camera(node, store_id, scene->camera_id.text);
  if (!camera)
    return;
  g_mutex_lock(&node->mutex);
  IvScene *old = g_ptr_array_index(node->scenes, camera->index);
  g_ptr_array_index(node->scenes, camera->index) = iv_scene_copy(scene);
  iv_foreteller_set_scenes(node->foreteller, node->scenes);
  g_mutex_unlock(&node->mutex);
  iv_scene_free(old);
  if (node->analyst) /* a simulated store keeps to its scenario */
    iv_analyst_set_scene(node->analyst, camera->index, scene);
  mask_camera(node, camera, scene);
  iv_node_mark(node, TRUE, TRUE);
}

static gboolean host_accept_view(gpointer host, const char *store_id, const char *camera_id) {
  IvNode *node = host;
  g_autoptr(GMutexLocker) editing = g_mutex_locker_new(&node->editing);
  (void)editing; /* held to the end */
  IvNodeCamera *camera = iv_node_find_camera(node, store_id, camera_id);
  if (!camera || !camera->view)
    return FALSE;
  g_atomic_int_set(&camera->accept_view, 1);
  return TRUE;
}

void iv_node_counter(GString *text, const char *name, guint64 value) {
  g_string_append_printf(text, "# TYPE inveye_%s counter\ninveye_%s %" G_GUINT64_FORMAT "\n", name,
                         name, value);
}

void iv_node_gauge(GString *text, const char *name, double value) {
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(text, "# TYPE inveye_%s gauge\ninveye_%s %s\n", name, name,
                         g_ascii_dtostr(number, sizeof number, value));
}

static void outbox_metrics(IvNode *node, GString *text) {
  IvOutboxStats outbox;
  IvReceiverStats receiver;
  IvLedgerStats ledger;
  iv_outbox_stats(node->outbox, &outbox);
  iv_receiver_stats(node->receiver, &receiver);
  iv_ledger_stats(node->book, &ledger);
  iv_node_gauge(text, "outbox_queued", outbox.queued);
  iv_node_gauge(text, "outbox_spooled", (double)outbox.spooled);
  iv_node_counter(text, "events_appended_total", outbox.appended);
  iv_node_counter(text, "events_dropped_total", outbox.dropped);
  iv_node_counter(text, "events_delivered_total", outbox.delivered);
  iv_node_counter(text, "events_duplicate_total", outbox.duplicates);
  iv_node_counter(text, "events_late_total", outbox.late);
  iv_node_counter(text, "events_refused_total", outbox.refused);
  iv_node_counter(text, "events_unknown_kind_total", receiver.unknown_kind);
  iv_node_counter(text, "events_unplaced_total", ledger.unplaced);
}

static void pool_metrics(IvNode *node, GString *text) {
  if (!node->pool)
    return;
  IvInferenceStats stats = iv_inference_pool_stats(node->pool);
  iv_node_gauge(text, "inference_busy_share", stats.busy_share);
  iv_node_gauge(text, "inference_rate_factor", stats.rate_factor);
  iv_node_counter(text, "frames_due_total", stats.total.due);
  iv_node_counter(text, "frames_analysed_total", stats.total.analysed);
  iv_node_counter(text, "frames_gated_total", stats.total.gated);
  iv_node_counter(text, "frames_skipped_total", stats.total.skipped);
  iv_node_counter(text, "frames_failed_total", stats.total.failed);
}

static void floor_metrics(IvNode *node, GString *text) {
  if (node->analyst)
    iv_node_counter(text, "floor_points_late_total", iv_analyst_floor_late(node->analyst));
}

static void camera_metrics(IvNode *node, GString *text) {
  g_string_append(text, "# TYPE inveye_camera_online gauge\n");
  g_rw_lock_reader_lock(&node->places);
  for (guint i = 0; i < node->n_cameras; i++) {
    if (!iv_node_runs(&node->cameras[i]) || node->cameras[i].config == &node->plan)
      continue;
    IvIngestStats stats = {.state = IV_INGEST_ONLINE};
    if (node->cameras[i].ingest)
      iv_ingest_stats(node->cameras[i].ingest, &stats);
    g_string_append_printf(text, "inveye_camera_online{camera=\"%s\"} %d\n",
                           node->cameras[i].config->id.text, stats.state == IV_INGEST_ONLINE);
  }
  g_rw_lock_reader_unlock(&node->places);
}

static void sim_metrics(const IvNode *node, GString *text) {
  if (!node->sim)
    return;
  iv_node_counter(text, "simulated_events_refused_total",
                  (guint)g_atomic_int_get(&node->sim_events_lost));
  iv_node_counter(text, "simulated_receipts_refused_total",
                  (guint)g_atomic_int_get(&node->sim_receipts_lost));
}

static void host_metrics(gpointer host, GString *text) {
  outbox_metrics(host, text);
  iv_node_path_metrics(host, text);
  sim_metrics(host, text);
  pool_metrics(host, text);
  floor_metrics(host, text);
  camera_metrics(host, text);
  iv_node_watch_metrics(host, text);
  iv_node_restream_metrics(host, text);
  iv_node_record_metrics(host, text);
  iv_node_archive_metrics(host, text);
  iv_node_export_metrics(host, text);
  iv_node_picture_metrics(host, text);
  iv_node_privacy_metrics(host, text);
}

const IvServerHost iv_node_host = {
    .live_kpis = host_live_kpis,
    .outlook = host_outlook,
    .cameras = host_cameras,
    .picture = host_picture,
    .scene_changed = host_scene_changed,
    .accept_view = host_accept_view,
    .watch = iv_node_watch,
    .unwatch = iv_node_unwatch,
    .open_mse = iv_node_open_mse,
    .find_mse = iv_node_find_mse,
    .attach_mse = iv_node_attach_mse,
    .next_mse = iv_node_next_mse,
    .leave_mse = iv_node_leave_mse,
    .drop_mse = iv_node_drop_mse,
    .user_changed = iv_node_user_changed,
    .recording_file = iv_node_recording_file,
    .still = iv_node_still,
    .blurred = iv_node_blurred,
    .archived_part = iv_node_archived_part,
    .archive = iv_node_archive_state,
    .try_archive = iv_node_try_archive,
    .snapshot_file = iv_node_snapshot_file,
    .evidence_changed = iv_node_evidence_changed,
    .evidence_progress = iv_node_evidence_progress,
    .evidence_file = iv_node_evidence_file,
    .evidence_key = iv_node_evidence_key,
    .export_changed = iv_node_export_changed,
    .export_progress = iv_node_export_progress,
    .export_file = iv_node_export_file,
    .replay_changed = iv_node_replay_changed,
    .replay_progress = iv_node_replay_progress,
    .camera_settings = iv_node_camera_settings,
    .put_camera = iv_node_put_camera,
    .remove_camera = iv_node_remove_camera,
    .test_camera = iv_node_test_camera,
    .metrics = host_metrics,
};
