/* SPDX-License-Identifier: Apache-2.0 */
/* Live video: from the API's wish to live/whep.h. */
#include "app/node_private.h"
#include "base/clock.h"

#define OPEN_TIME (4 * IV_SECOND) /* the addresses that are known by then have to do */
#define FIRST_TIME (2 * IV_SECOND)

static gboolean may_watch(const IvWhepViewer *viewer, gpointer user_data) {
  IvNode *node = user_data;
  IvWatcher watcher = {viewer->store_id, viewer->camera_id, viewer->user_id,
                       viewer->login,    IV_STREAM_MAIN,    viewer->blurred};
  return iv_server_may_watch(node->server, &watcher);
}

void iv_node_open_whep(IvNode *node) {
  const IvLiveConfig *config = &node->config->live;
  IvWhepOptions options = {
      .viewers_max = (guint)config->viewers,
      .camera_viewers_max = (guint)config->camera_viewers,
      .paths = {(guint)config->port_min, (guint)config->port_max, config->stun, config->turn},
      .may = may_watch,
      .user_data = node};
  if (!node->sim)
    node->whep = iv_whep_new(&options);
}

/* ---- opening ---- */

static gboolean refuse(GError **error, IvServerHostError code, const IvWatcher *watcher,
                       const char *what, const char *reason) {
  g_set_error(error, IV_SERVER_HOST_ERROR, code, "camera %s %s%s%s", watcher->camera_id, what,
              reason[0] ? ": " : "", reason);
  return FALSE;
}

/* With `places` locked: what is known of the stream. FALSE while it is not pulled. */
static gboolean stream_stats(const IvNodeCamera *camera, IvStream stream, IvIngestStats *ret) {
  if (!camera->ingest || !iv_node_ingest_reads(camera, stream))
    return camera->second && iv_standby_stats(camera->second, ret);
  iv_ingest_stats(camera->ingest, ret);
  return TRUE;
}

/* A stream that was not pulled until now is given time for its first keyframe; where that is not
 * enough it comes while the viewer connects. */
static void give_time(IvUnitRing *ring, IvTime deadline) {
  g_autoptr(IvUnitReader) reader = iv_unit_reader_new(ring, IV_READER_LIVE, 1, TRUE);
  IvTime span = MIN(FIRST_TIME, deadline - iv_clock_monotonic());
  IvEncodedUnit *unit = reader && span > 0 ? iv_unit_reader_pop(reader, span, NULL) : NULL;
  g_clear_pointer(&unit, iv_encoded_unit_unref);
}

/* A lost camera is not waited for. */
static gboolean gives_pictures(IvNode *node, const IvNodeCamera *camera, const IvWatcher *watcher,
                               GError **error) {
  IvIngestStats stats;
  g_rw_lock_reader_lock(&node->places);
  gboolean pulled = stream_stats(camera, watcher->stream, &stats);
  gboolean is_first = !iv_node_ingest_reads(camera, watcher->stream);
  g_rw_lock_reader_unlock(&node->places);
  if (!pulled)
    return refuse(error, IV_SERVER_HOST_ERROR_NO_CAMERA, watcher, "does not run here", "");
  if (stats.state == IV_INGEST_ONLINE || stats.state == IV_INGEST_DEGRADED ||
      (stats.state == IV_INGEST_CONNECTING && is_first))
    return TRUE;
  g_autofree char *state = g_strconcat("is ", iv_ingest_state_name(stats.state), NULL);
  return refuse(error, IV_SERVER_HOST_ERROR_NO_PICTURE, watcher, state, stats.reason);
}

/* The camera's units, if it gives any; the caller unrefs. */
static IvStreamHold *hold_stream(IvNode *node, const IvWatcher *watcher, IvTime deadline,
                                 GError **error) {
  if (node->sim) {
    refuse(error, IV_SERVER_HOST_ERROR_NOT_PLAYABLE, watcher, "is simulated and gives no picture",
           "");
    return NULL;
  }
  const IvNodeCamera *camera = iv_node_find_camera(node, watcher->store_id, watcher->camera_id);
  g_autoptr(IvStreamHold) hold = camera ? iv_node_hold(node, camera, watcher->stream) : NULL;
  if (!hold) {
    refuse(error, IV_SERVER_HOST_ERROR_NO_CAMERA, watcher, "does not run here", "");
    return NULL;
  }
  g_rw_lock_reader_lock(&node->places);
  gboolean is_first = !iv_node_ingest_reads(camera, watcher->stream);
  g_rw_lock_reader_unlock(&node->places);
  if (is_first)
    give_time(iv_stream_hold_ring(hold), deadline);
  return gives_pictures(node, camera, watcher, error)
             ? iv_node_shown(camera, hold, watcher->blur_people, error)
             : NULL;
}

static IvServerHostError host_error(const GError *error) {
  switch ((IvLiveError)error->code) {
  case IV_LIVE_ERROR_OFFER:
    return IV_SERVER_HOST_ERROR_BAD_OFFER;
  case IV_LIVE_ERROR_NO_H264:
  case IV_LIVE_ERROR_STREAM:
    return IV_SERVER_HOST_ERROR_NOT_PLAYABLE;
  case IV_LIVE_ERROR_FULL:
    return IV_SERVER_HOST_ERROR_FULL;
  case IV_LIVE_ERROR_FAILED:
    break;
  }
  return IV_SERVER_HOST_ERROR_NO_LIVE;
}

static IvWhepViewer viewer_of(const IvWatcher *watcher) {
  return (IvWhepViewer){watcher->store_id, watcher->camera_id, watcher->user_id, watcher->login,
                        watcher->blur_people};
}

gboolean iv_node_watch(gpointer host, const IvWatcher *watcher, GBytes *offer, IvTime deadline,
                       IvWatch *ret_watch, GError **error) {
  G_STATIC_ASSERT(IV_WATCH_ID_MAX >= IV_WHEP_ID_LENGTH);
  IvNode *node = host;
  g_autoptr(GError) cause = NULL;
  g_autoptr(IvStreamHold) hold = hold_stream(node, watcher, deadline, error);
  if (!hold)
    return FALSE;
  IvWhepViewer viewer = viewer_of(watcher);
  IvWatch watch = {0};
  if (iv_whep_open(node->whep, &viewer, hold, offer,
                   MIN(deadline, iv_clock_monotonic() + OPEN_TIME), watch.id, &watch.answer,
                   &cause)) {
    *ret_watch = watch;
    return TRUE;
  }
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, host_error(cause), cause->message);
  return FALSE;
}

gboolean iv_node_open_mse(gpointer host, const IvWatcher *watcher, IvTime deadline,
                          IvMseView *ret_view, GError **error) {
  G_STATIC_ASSERT(IV_MSE_VIEW_CODEC_MAX >= IV_MSE_CODEC_MAX);
  IvNode *node = host;
  g_autoptr(GError) cause = NULL;
  g_autoptr(IvStreamHold) hold = hold_stream(node, watcher, deadline, error);
  if (!hold)
    return FALSE;
  IvWhepViewer viewer = viewer_of(watcher);
  IvMseView view = {0};
  if (iv_whep_open_mse(node->whep, &viewer, hold, MIN(deadline, iv_clock_monotonic() + OPEN_TIME),
                       view.id, view.codec, &cause)) {
    *ret_view = view;
    return TRUE;
  }
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, host_error(cause), cause->message);
  return FALSE;
}

gpointer iv_node_find_mse(gpointer host, const IvWatcher *watcher, const char *id) {
  IvNode *node = host;
  IvWhepViewer viewer = viewer_of(watcher);
  return node->whep ? iv_whep_find_mse(node->whep, &viewer, id) : NULL;
}

gboolean iv_node_attach_mse(gpointer feed, void (*wake)(gpointer user_data), gpointer user_data) {
  return iv_mse_session_attach(feed, wake, user_data);
}

GBytes *iv_node_next_mse(gpointer feed, gboolean *ret_over) {
  GBytes *piece = iv_mse_session_next(feed);
  *ret_over = !piece && iv_mse_session_is_over(feed, iv_clock_monotonic()) != NULL;
  return piece;
}

void iv_node_leave_mse(gpointer feed) {
  iv_mse_session_leave(feed);
  iv_mse_session_unref(feed);
}

void iv_node_drop_mse(gpointer feed) {
  iv_mse_session_unref(feed);
}

gboolean iv_node_unwatch(gpointer host, const IvWatcher *watcher, const char *id) {
  IvNode *node = host;
  IvWhepViewer viewer = viewer_of(watcher);
  return node->whep && iv_whep_close(node->whep, &viewer, id);
}

void iv_node_user_changed(gpointer host, gint64 user_id) {
  IvNode *node = host;
  if (node->whep)
    iv_whep_recheck(node->whep, user_id);
}

/* ---- figures ---- */

void iv_node_watch_metrics(IvNode *node, GString *text) {
  IvWhepStats stats = {0};
  if (!node->whep)
    return;
  iv_whep_stats(node->whep, &stats);
  iv_node_gauge(text, "viewers", stats.viewers);
  iv_node_counter(text, "viewers_opened_total", stats.opened);
  iv_node_counter(text, "viewers_refused_total", stats.refused);
  iv_node_counter(text, "viewers_lost_total", stats.lost);
}
