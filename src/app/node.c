/* SPDX-License-Identifier: Apache-2.0 */
#include "app/node.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "api/auth/password.h"
#include "api/views.h"
#include "app/node_private.h"
#include "app/replay.h"
#include "base/clock.h"
#include "base/url.h"
#include "model/event_json.h"
#include "store/catalog.h"
#include "store/scenes.h"

#define IV_NODE_ERROR g_quark_from_static_string("iv-node-error-quark")
#define DRAIN_LIMIT (5 * IV_SECOND) /* how long a stop waits for the last events to be stored */

/* ---- from the camera to the analyst ---- */

/* Now and then, for the machine may lose its power. */
static void keep_view(IvNodeCamera *camera, IvTime ts) {
  if (camera->view_saved == 0)
    camera->view_saved = ts;
  if (ABS(ts - camera->view_saved) < IV_VIEW_FILE_SPAN)
    return;
  camera->view_saved = ts;
  iv_view_file_save(camera->node->config->server.data_dir, camera->config, camera->view);
}

static void look_at_view(IvNodeCamera *camera, const IvFrame *frame) {
  if (!camera->view)
    return;
  if (g_atomic_int_exchange(&camera->accept_view, 0)) {
    iv_view_health_accept(camera->view);
    iv_view_file_remove(camera->node->config->server.data_dir, camera->config->id.text);
  }
  keep_view(camera, frame->ts);
  if (!iv_view_health_look(camera->view, frame))
    return;
  IvViewState state = iv_view_health_state(camera->view);
  g_atomic_int_set(&camera->view_state, (gint)state);
  g_log(G_LOG_DOMAIN, state == IV_VIEW_GOOD ? G_LOG_LEVEL_MESSAGE : G_LOG_LEVEL_WARNING,
        "camera %s: its view is %s%s%s", camera->config->id.text, iv_view_state_name(state),
        state == IV_VIEW_GOOD ? "" : ": ", iv_view_state_reason(state));
  iv_analyst_view(camera->node->analyst, camera->index, state);
  iv_node_mark(camera->node, FALSE, TRUE);
}

static void on_frame(IvFrame *frame, gpointer user_data) {
  IvNodeCamera *camera = user_data;
  look_at_view(camera, frame);
  iv_node_picture_come(camera->node, camera->index, frame);
  iv_people_board_expect(camera->people, frame->ts);
  IvSubmit what =
      camera->lossless
          ? iv_inference_pool_submit_wait(camera->node->pool, camera->pool_camera, frame)
          : iv_inference_pool_submit(camera->node->pool, camera->pool_camera, frame);
  if (what == IV_SUBMIT_GATED)
    iv_people_board_pass(camera->people, frame->ts);
  else if (what == IV_SUBMIT_THINNED)
    iv_people_board_withdraw(camera->people, frame->ts);
  iv_frame_unref(frame);
}

static void on_state(IvIngestState state, const char *reason, gpointer user_data) {
  IvNodeCamera *camera = user_data;
  IvNode *node = camera->node;
  if (node->watch)
    node->watch->on_state(camera->index, state, node->watch->user_data);
  gboolean bad = state == IV_INGEST_OFFLINE || state == IV_INGEST_DEGRADED;
  g_log(G_LOG_DOMAIN, bad ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_MESSAGE, "camera %s: %s%s%s",
        camera->config->id.text, iv_ingest_state_name(state), reason[0] ? ": " : "", reason);
  if (state == IV_INGEST_ONLINE)
    iv_analyst_health(node->analyst, camera->index, IV_CAMERA_ONLINE, reason);
  else if (state == IV_INGEST_DEGRADED)
    iv_analyst_health(node->analyst, camera->index, IV_CAMERA_DEGRADED, reason);
  else if (state == IV_INGEST_OFFLINE || state == IV_INGEST_ENDED)
    iv_analyst_health(node->analyst, camera->index, IV_CAMERA_OFFLINE, reason);
  iv_node_mark(node, FALSE, TRUE);
}

static void on_detected(const IvInferenceResult *result, gpointer user_data) {
  IvNode *node = user_data;
  IvNodeCamera *camera = NULL;
  for (guint i = 0; i < node->n_cameras && !camera; i++)
    if (g_atomic_int_get(&node->cameras[i].in_pool) &&
        node->cameras[i].pool_camera == result->camera)
      camera = &node->cameras[i];
  if (!camera)
    return;
  if (!result->error) {
    iv_people_board_see(camera->people, result->frame->ts, result->detections, result->n);
    iv_analyst_see(node->analyst, camera->index, result->frame, result->discontinuity,
                   result->detections, result->n);
    return;
  }
  /* Counted by the pool; said once, so that a broken model does not fill the disk with its log. */
  if (g_atomic_int_add(&camera->detect_errors, 1) == 0)
    g_warning("camera %s: detection fails: %s", camera->config->id.text, result->error->message);
}

/* ---- from the analyst to the outbox and the dashboard ---- */

static void on_events(const IvEvent *events, guint n, IvTime arrived, gpointer user_data) {
  IvNode *node = user_data;
  if (node->watch)
    node->watch->on_events(events, n, arrived, node->watch->user_data);
  iv_node_trigger_by(node, events, n);
  iv_node_picture_events(node, events, n);
  guint dropped = iv_outbox_append(node->outbox, events, n);
  if (dropped)
    g_warning("%u events lost: the outbox is full; see disk space of %s", dropped,
              node->config->server.data_dir);
}

static void on_path(const IvSlug *camera_id, IvPathPiece *piece, gpointer user_data) {
  IvNode *node = user_data;
  iv_path_book_put(node->paths, camera_id, piece);
}

void iv_node_show(IvNode *node, guint index) {
  IvNodeCamera *camera = &node->cameras[index];
  g_autofree char *topic = g_strdup_printf("camera/%s/tracks", camera->config->id.text);
  if (iv_server_is_wanted(node->server, topic)) {
    g_autofree IvGlance *glance = g_new0(IvGlance, 1);
    iv_live_get(node->live, index, glance);
    iv_server_publish(node->server, topic,
                      iv_track_overlay_to_json(camera->config->id.text, glance->ts, glance->tracks,
                                               glance->n_tracks));
  }
  iv_node_mark(node, FALSE, FALSE);
}

/* Whoever is seen is recorded, where only events are. */
static void trigger_by_people(IvNode *node, guint index) {
  if (!iv_node_records_events(node, index))
    return;
  g_autofree IvGlance *glance = g_new0(IvGlance, 1);
  iv_live_get(node->live, index, glance);
  if (glance->ts != IV_TIME_NONE && glance->people > 0)
    iv_node_trigger(node, index);
}

static void follow_people(IvNode *node, guint index) {
  g_autofree IvGlance *glance = g_new0(IvGlance, 1);
  iv_live_get(node->live, index, glance);
  if (glance->ts != IV_TIME_NONE)
    iv_people_board_follow(node->cameras[index].people, glance->ts, glance->tracks,
                           glance->n_tracks);
}

static void on_view(guint index, gpointer user_data) {
  follow_people(user_data, index);
  trigger_by_people(user_data, index);
  iv_node_show(user_data, index);
}

static void on_watched(guint index, gboolean watched, gpointer user_data) {
  IvNode *node = user_data;
  iv_inference_pool_set_watched(node->pool, node->cameras[index].pool_camera, watched);
}

static void get_counts(guint index, IvFrameCounts *ret_counts, gpointer user_data) {
  IvNode *node = user_data;
  IvInferenceCounts counts =
      iv_inference_pool_camera_counts(node->pool, node->cameras[index].pool_camera);
  *ret_counts =
      (IvFrameCounts){.due = counts.due, .skipped = counts.skipped, .gated = counts.gated};
}

/* After the commit, on the outbox's sender thread. */
static void on_stored(const IvEvent *events, guint n, gpointer user_data) {
  IvNode *node = user_data;
  iv_foreteller_take(node->foreteller, events, n);
  json_t *rows = json_array();
  for (guint i = 0; i < n; i++)
    if (events[i].kind == IV_EVENT_UNKNOWN || !iv_event_kind_info(events[i].kind)->sample)
      json_array_append_new(rows, iv_event_to_json(&events[i]));
  if (json_array_size(rows) > 0) {
    g_autofree char *topic = g_strdup_printf("store/%s/events", node->config->store.id.text);
    iv_server_publish(node->server, topic, json_pack("{s:O}", "events", rows));
  }
  json_decref(rows);
  iv_node_mark(node, TRUE, FALSE);
}

gboolean iv_node_is_plan(const IvNodeCamera *camera) {
  return strcmp(camera->config->id.text, IV_FLOOR_PLAN_ID) == 0;
}

gboolean iv_node_runs(const IvNodeCamera *camera) {
  return camera->config && camera->config->enabled;
}

IvScene *iv_node_scene(IvNode *node, guint camera) {
  g_mutex_lock(&node->mutex);
  const IvScene *scene = g_ptr_array_index(node->scenes, camera);
  IvScene *copy = scene ? iv_scene_copy(scene) : NULL;
  g_mutex_unlock(&node->mutex);
  return copy;
}

/* ---- opening, in the order in which parts need each other ---- */

static gboolean enter_real_store(IvNode *node, char ***ret_notes, GError **error) {
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
  if (!iv_simulations_check(node->store, NULL, error) ||
      !iv_node_settle_cameras(node, notes, error) || !iv_node_import(node, notes, error))
    return FALSE;
  g_ptr_array_add(notes, NULL);
  *ret_notes = (char **)g_ptr_array_steal(notes, NULL);
  return TRUE;
}

static gboolean enter_store(IvNode *node, char ***ret_notes, GError **error) {
  IvTime now = iv_clock_now();
  if (node->sim ? iv_sim_store_enter(node->sim, node->store, node->config,
                                     iv_calendar_day_start(iv_sim_store_zone(node->sim), now), now,
                                     ret_notes, error)
                : enter_real_store(node, ret_notes, error))
    return TRUE;
  g_prefix_error(error, "data folder %s: ", node->config->server.data_dir);
  return FALSE;
}

static gboolean open_store(IvNode *node, char ***ret_notes, GError **error) {
  const IvConfig *config = node->config;
  if (g_mkdir_with_parents(config->server.data_dir, 0700) != 0) {
    g_set_error(
        error, IV_NODE_ERROR, 0,
        "cannot make the data folder %s: %s; choose another with server.data_dir or --data-dir",
        config->server.data_dir, g_strerror(errno));
    return FALSE;
  }
  node->lock = iv_data_lock_take(config->server.data_dir, error);
  if (!node->lock)
    return FALSE;
  g_autofree char *path = g_build_filename(config->server.data_dir, "inveye.db", NULL);
  node->store = iv_store_open(path, error);
  return node->store && enter_store(node, ret_notes, error);
}

static gboolean open_outbox(IvNode *node, GError **error) {
  static const IvLedger ledger = {.apply = iv_ledger_apply};
  IvKpiLimits limits = iv_kpi_limits_of(&node->config->rules);
  node->book = iv_ledger_book_new(node->store, &limits);
  IvReceiverOptions receiver = {
      .ledger = &ledger, .ledger_self = node->book, .publish = on_stored, .user_data = node};
  node->receiver = iv_receiver_new(&receiver);
  IvEdgeSession session = {.store_id = node->config->store.id, .edge_id = node->edge_id};
  node->link = iv_local_link_new(node->receiver, &session);
  g_autofree char *path = g_build_filename(node->config->server.data_dir, "outbox.db", NULL);
  IvOutboxOptions options = {.path = path, .link = &iv_local_link, .link_self = node->link};
  node->outbox = iv_outbox_open(&options, error);
  return node->outbox != NULL;
}

static gboolean open_pool(IvNode *node, GError **error) {
  const IvDetectorConfig *config = &node->config->detector;
  IvOnnxConfig onnx = iv_onnx_config_default();
  onnx.library = config->library;
  onnx.model = config->model;
  onnx.provider = config->provider;
  onnx.form = config->form;
  onnx.fit = config->fit;
  onnx.size = config->size;
  onnx.min_score = (float)(config->score > 0 ? config->score : node->config->tracker.low_score);
  onnx.nms_iou = (float)config->nms;
  node->model = iv_onnx_model_open(&onnx, error);
  if (!node->model)
    return FALSE;
  guint n = config->threads > 0 ? (guint)config->threads : iv_inference_pool_default_workers();
  g_autofree IvDetector **detectors = g_new0(IvDetector *, n);
  for (guint i = 0; i < n; i++)
    detectors[i] = iv_onnx_detector_new(node->model);
  node->pool = iv_inference_pool_new(detectors, n, on_detected, node);
  return TRUE;
}

static gboolean load_scenes(IvNode *node, GError **error) {
  node->scenes = g_ptr_array_new();
  g_ptr_array_set_size(node->scenes, (int)node->n_cameras);
  for (guint i = 0; i < node->n_cameras; i++) {
    if (!iv_node_runs(&node->cameras[i]))
      continue;
    node->scenes->pdata[i] =
        iv_scenes_get(node->store, node->config->store.id.text, node->cameras[i].config->id.text, 0,
                      IV_TIME_NONE, error);
    if (!node->scenes->pdata[i])
      return FALSE;
  }
  return TRUE;
}

/* Before anything is committed: it learns from the ledger, then from what is committed. */
static gboolean open_foreteller(IvNode *node, GError **error) {
  node->foreteller = iv_foreteller_new(node->config, &node->edge_id);
  iv_foreteller_set_scenes(node->foreteller, node->scenes);
  return iv_foreteller_learn(node->foreteller, node->store, iv_clock_now(), error);
}

static IvRulesSource rules_source(const IvNode *node, const IvNodeCamera *camera) {
  IvRulesSource source = {.store_id = node->config->store.id,
                          .edge_id = node->edge_id,
                          .camera_id = camera->config->id};
  g_strlcpy(source.model_version, iv_onnx_model_version(node->model), sizeof source.model_version);
  return source;
}

IvCameraLineConfig iv_node_line_config(const IvNode *node, const IvNodeCamera *camera) {
  const IvTrackingConfig *tracker = &node->config->tracker;
  return (IvCameraLineConfig){.tracker = {.high_score = (float)tracker->high_score,
                                          .low_score = (float)tracker->low_score,
                                          .lost_after = tracker->lost_after,
                                          .keep_lost = tracker->keep_lost},
                              .limits = iv_rule_limits_of(&node->config->rules),
                              .source = rules_source(node, camera)};
}

static GTimeZone *store_zone(const IvNode *node) {
  GTimeZone *zone = iv_calendar_zone(node->config->store.time_zone);
  return zone ? zone : g_time_zone_new_utc();
}

static IvVisitStage *make_visits(const IvNode *node) {
  const IvRulesConfig *rules = &node->config->rules;
  IvVisitLimits limits = iv_visit_limits_default();
  limits.reentry_window = rules->reentry_window;
  limits.turn_back = rules->turn_back;
  limits.engaged_dwell = rules->engaged_dwell;
  g_autoptr(GTimeZone) zone = store_zone(node);
  return iv_visit_stage_new(&limits, zone);
}

/* Of all cameras but the last, which is the plan. */
static IvFloorStage *make_floor(const IvNode *node) {
  guint n = node->n_cameras - 1;
  g_autoptr(GTimeZone) zone = store_zone(node);
  IvFloorStageConfig config = {.limits = iv_rule_limits_of(&node->config->rules),
                               .source = rules_source(node, &node->cameras[n]),
                               .zone = zone};
  return iv_floor_stage_new(&config, g_ptr_array_index(node->scenes, n),
                            (const IvScene *const *)node->scenes->pdata, n);
}

static void make_analyst(IvNode *node) {
  static const IvAnalystEvents events = {.on_events = on_events,
                                         .on_seen = iv_node_picture_seen,
                                         .on_view = on_view,
                                         .on_watched = on_watched,
                                         .on_path = on_path,
                                         .get_counts = get_counts};
  guint n = node->n_cameras - 1;
  node->live = iv_live_new(node->n_cameras);
  node->paths = iv_path_book_new(node->store, node->config->store.id.text);
  node->replays =
      iv_replay_desk_new(node->store, node->config->store.id.text, &node->config->rules);
  g_autofree IvAnalystCamera *cameras = g_new0(IvAnalystCamera, MAX(n, 1));
  for (guint i = 0; i < n; i++) {
    if (!iv_node_runs(&node->cameras[i]))
      continue;
    cameras[i].line = iv_node_line_config(node, &node->cameras[i]);
    cameras[i].scene = g_ptr_array_index(node->scenes, i);
    cameras[i].unanalysed = !iv_config_analyses(node->cameras[i].config);
  }
  node->analyst = iv_analyst_new(cameras, n, node->live, &events, node);
  iv_analyst_set_visits(node->analyst, make_visits(node));
  iv_analyst_set_floor(node->analyst, make_floor(node));
}

static void open_view(IvNodeCamera *camera) {
  camera->view = iv_view_health_new();
  camera->view_saved = 0;
  iv_view_file_load(camera->node->config->server.data_dir, camera->config, camera->view);
}

void iv_node_close_view(IvNodeCamera *camera) {
  if (camera->view)
    iv_view_file_save(camera->node->config->server.data_dir, camera->config, camera->view);
  g_clear_pointer(&camera->view, iv_view_health_free);
}

IvIngest *iv_node_open_ingest(IvNode *node, IvNodeCamera *camera, IvClockShare *clock,
                              const IvScene *scene, GError **error) {
  static const IvIngestEvents events = {.on_frame = on_frame, .on_state = on_state};
  const IvCameraConfig *config = camera->config;
  IvMotionConfig gate = iv_motion_config_default();
  int number = iv_inference_pool_add_camera(node->pool, config->motion_gate ? &gate : NULL);
  if (number < 0) {
    g_set_error(error, IV_NODE_ERROR, 0, "more than %d cameras", IV_POOL_CAMERAS_MAX);
    return NULL;
  }
  camera->pool_camera = (guint)number;
  g_atomic_int_set(&camera->in_pool, 1);
  const char *source_url = iv_config_analyses_sub(config) ? config->sub_url : config->url;
  gboolean analyses = iv_config_analyses(config);
  camera->lossless = analyses && !config->realtime && !iv_url_is_url(source_url);
  if (analyses && !camera->lossless) /* a film is looked at faster than it lasts */
    open_view(camera);
  IvIngestConfig source = {.source = source_url,
                           .transport = config->udp ? IV_TRANSPORT_UDP : IV_TRANSPORT_TCP,
                           .fps = config->fps,
                           .decode = analyses,
                           .pace = camera->lossless ? IV_PACE_AS_FAST_AS_TAKEN : IV_PACE_REAL_TIME,
                           .loop = config->loop,
                           .start = IV_TIME_NONE,
                           .clock = clock,
                           .leads = TRUE,
                           .masks = camera->masks,
                           .slots = node->slots};
  iv_masks_set(camera->masks, scene->masks, scene->n_masks);
  IvIngest *ingest = iv_ingest_new(&source, &events, camera, error);
  if (ingest) {
    iv_people_board_clear(camera->people, analyses);
    return ingest;
  }
  g_prefix_error(error, "camera %s: ", config->id.text);
  g_atomic_int_set(&camera->in_pool, 0);
  iv_inference_pool_remove_camera(node->pool, camera->pool_camera);
  g_clear_pointer(&camera->view, iv_view_health_free);
  return NULL;
}

/* A simulated store's are those of its scenario, with its plan among them; others are put at their
 * places by iv_node_settle_cameras. */
static void list_cameras(IvNode *node) {
  node->n_cameras = node->sim ? node->config->n_cameras : IV_CONFIG_CAMERAS_MAX + 1;
  node->cameras = g_new0(IvNodeCamera, node->n_cameras);
  for (guint i = 0; i < node->n_cameras; i++) {
    node->cameras[i].node = node;
    node->cameras[i].index = i;
    if (node->sim)
      node->cameras[i].config = &node->config->cameras[i];
  }
  node->setups = g_ptr_array_new_with_free_func((GDestroyNotify)iv_config_free);
  if (node->sim)
    return;
  iv_slug_set(&node->plan.id, IV_FLOOR_PLAN_ID);
  node->plan.name = "Floor plan";
  node->plan.enabled = TRUE;
  node->cameras[node->n_cameras - 1].config = &node->plan;
}

static gboolean open_server(IvNode *node, const IvNodeOptions *options, GError **error) {
  const IvServerConfig *config = &node->config->server;
  IvServerOptions server = {.listen = config->listen,
                            .port = (guint16)config->port,
                            .web_dir = options->web_dir ? options->web_dir : config->web_dir,
                            .store = node->store,
                            .privacy = node->config->privacy,
                            .fixed_bands = node->config->rules.bands == 1,
                            .wait_target = node->config->rules.wait_target};
  node->server = iv_server_new(&server, &iv_node_host, node, error);
  return node->server != NULL;
}

/* Last of all: a password that is made by a start that then fails would never be shown. */
static gboolean make_first_user(IvNode *node, IvNodeStarted *started, GError **error) {
  g_autoptr(GError) user_error = NULL;
  started->first_password = iv_server_first_password(node->store, &user_error);
  if (!user_error)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&user_error));
  return FALSE;
}

static gboolean open_cameras(IvNode *node, GError **error) {
  for (guint i = 0; i < node->n_cameras; i++) {
    IvNodeCamera *camera = &node->cameras[i];
    if (!iv_node_runs(camera) || iv_node_is_plan(camera))
      continue;
    g_autoptr(IvClockShare) clock = iv_clock_share_new();
    camera->ingest =
        iv_node_open_ingest(node, camera, clock, g_ptr_array_index(node->scenes, i), error);
    if (!camera->ingest || !iv_node_open_second(camera, clock, &camera->second, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean open_all(IvNode *node, const IvNodeOptions *options, IvNodeStarted *started,
                         GError **error) {
  list_cameras(node);
  if ((!node->sim && !open_pool(node, error)) || !open_store(node, &started->notes, error) ||
      !load_scenes(node, error) || !open_foreteller(node, error) ||
      !open_server(node, options, error) || !open_outbox(node, error))
    return FALSE;
  iv_node_open_whep(node);
  iv_node_open_veils(node);
  iv_node_open_recordings(node);
  iv_node_open_archive(node);
  iv_node_open_pictures(node);
  iv_node_open_evidence(node);
  iv_node_open_exports(node);
  if (node->sim)
    node->live = iv_live_new(node->n_cameras);
  else
    make_analyst(node);
  if ((!node->sim && !open_cameras(node, error)) || !iv_node_open_restream(node, error) ||
      !iv_server_start(node->server, error) || !make_first_user(node, started, error))
    return FALSE;
  started->port = iv_server_port(node->server);
  node->publisher = g_thread_new("publisher", iv_node_publish_loop, node);
  node->keeper = g_thread_new("retention", iv_node_keep_loop, node);
  if (node->config->sales.csv_folder)
    node->sales = g_thread_new("sales", iv_node_sales_loop, node);
  if (node->sim) {
    node->simulator = g_thread_new("simulator", iv_node_sim_loop, node);
    return TRUE;
  }
  iv_node_start_recordings(node);
  iv_node_start_archive(node);
  iv_node_start_pictures(node);
  iv_evidence_desk_start(node->desk);
  iv_export_desk_start(node->exports);
  iv_replay_desk_start(node->replays);
  iv_analyst_start(node->analyst);
  for (guint i = 0; i < node->n_cameras; i++)
    if (node->cameras[i].ingest)
      iv_ingest_start(node->cameras[i].ingest);
  return TRUE;
}

IvNode *iv_node_start(const IvNodeOptions *options, IvNodeStarted *ret_started, GError **error) {
  g_autoptr(IvNode) node = g_new0(IvNode, 1);
  IvNodeStarted started = {0};
  g_mutex_init(&node->mutex);
  g_mutex_init(&node->editing);
  g_mutex_init(&node->looking);
  g_rw_lock_init(&node->places);
  g_cond_init(&node->changed);
  node->config = options->config;
  node->watch = options->watch;
  node->sim = options->sim;
  iv_slug_set(&node->edge_id, "local");
  if (node->config->network.host_connections > 0)
    node->slots = iv_host_slots_new((guint)node->config->network.host_connections);
  if (!open_all(node, options, &started, error)) {
    iv_node_started_clear(&started);
    return NULL;
  }
  *ret_started = started;
  return g_steal_pointer(&node);
}

IvInferenceCounts iv_node_counts(IvNode *node) {
  return node->pool ? iv_inference_pool_stats(node->pool).total : (IvInferenceCounts){0};
}

void iv_node_started_clear(IvNodeStarted *started) {
  g_clear_pointer(&started->first_password, iv_password_free);
  g_clear_pointer(&started->notes, g_strfreev);
}

static void stop_threads(IvNode *node) {
  g_mutex_lock(&node->mutex);
  node->stopping = TRUE;
  g_atomic_int_set(&node->stop_flag, 1);
  g_cond_broadcast(&node->changed);
  g_mutex_unlock(&node->mutex);
  g_clear_pointer(&node->publisher, g_thread_join);
  g_clear_pointer(&node->keeper, g_thread_join);
  g_clear_pointer(&node->sales, g_thread_join);
  g_clear_pointer(&node->simulator, g_thread_join);
  iv_node_stop_archive(node);
}

/* The pool and the analyst still run, so callbacks in flight find everything in place; afterwards
 * no result can reach the analyst any more. */
static void stop_cameras(IvNode *node) {
  for (guint i = 0; i < node->n_cameras; i++)
    if (node->cameras[i].ingest)
      iv_ingest_stop(node->cameras[i].ingest);
  for (guint i = 0; i < node->n_cameras; i++) {
    if (!node->cameras[i].ingest)
      continue;
    if (node->cameras[i].second)
      iv_standby_close(node->cameras[i].second);
    g_clear_pointer(&node->cameras[i].second, iv_standby_unref);
    g_clear_pointer(&node->cameras[i].ingest, iv_ingest_free);
    iv_node_close_view(&node->cameras[i]);
    iv_inference_pool_drain(node->pool, node->cameras[i].pool_camera);
  }
}

void iv_node_free(IvNode *node) {
  if (!node)
    return;
  stop_threads(node); /* they and the server's workers ask the cameras */
  if (node->server)
    iv_server_stop(node->server);
  g_clear_pointer(&node->whep, iv_whep_free);
  iv_node_free_restream(node);
  g_clear_pointer(&node->desk, iv_evidence_desk_free);
  g_clear_pointer(&node->exports, iv_export_desk_free);
  g_clear_pointer(&node->fetcher, iv_fetcher_free);
  g_clear_pointer(&node->replays, iv_replay_desk_free);
  iv_node_close_recordings(node);
  iv_node_close_veils(node);
  stop_cameras(node);
  g_clear_pointer(&node->analyst, iv_analyst_free);
  g_clear_pointer(&node->paths, iv_path_book_free);
  g_clear_pointer(&node->photographer, iv_photographer_free);
  if (node->outbox)
    iv_outbox_drain(node->outbox, DRAIN_LIMIT);
  g_clear_pointer(&node->outbox, iv_outbox_close);
  g_clear_pointer(&node->pool, iv_inference_pool_free);
  g_clear_pointer(&node->server, iv_server_free);
  g_clear_pointer(&node->link, g_free);
  g_clear_pointer(&node->receiver, iv_receiver_free);
  g_clear_pointer(&node->foreteller, iv_foreteller_free);
  g_clear_pointer(&node->book, iv_ledger_book_free);
  iv_node_free_archive(node);
  iv_node_free_recordings(node);
  g_clear_pointer(&node->album, iv_album_free);
  g_clear_pointer(&node->store, iv_store_close);
  g_clear_pointer(&node->lock, iv_data_lock_free); /* from here on another may open the folder */
  g_clear_pointer(&node->model, iv_onnx_model_unref);
  g_clear_pointer(&node->live, iv_live_free);
  for (guint i = 0; node->scenes && i < node->scenes->len; i++)
    iv_scene_free(g_ptr_array_index(node->scenes, i));
  g_clear_pointer(&node->scenes, g_ptr_array_unref);
  g_cond_clear(&node->changed);
  g_mutex_clear(&node->mutex);
  g_mutex_clear(&node->editing);
  g_mutex_clear(&node->looking);
  g_rw_lock_clear(&node->places);
  for (guint i = 0; i < node->n_cameras; i++)
    iv_view_health_free(node->cameras[i].view);
  for (guint i = 0; i < node->n_cameras; i++)
    g_clear_pointer(&node->cameras[i].people, iv_people_board_unref);
  for (guint i = 0; i < node->n_cameras; i++)
    g_clear_pointer(&node->cameras[i].masks, iv_masks_unref);
  g_free(node->cameras);
  g_clear_pointer(&node->setups, g_ptr_array_unref);
  iv_secret_box_free(node->box);
  g_clear_pointer(&node->slots, iv_host_slots_unref);
  g_free(node);
}
