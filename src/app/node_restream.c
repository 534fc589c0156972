/* SPDX-License-Identifier: Apache-2.0 */
/* The cameras for other programs: what live/restream.h asks, and who read what, for the audit
 * log. */
#include <string.h>

#include "app/node_private.h"
#include "base/clock.h"
#include "live/restream.h"
#include "store/audit.h"

/* A program that reconnects within this time goes on reading: else a bad network would fill the
 * audit log. */
#define GRACE IV_MINUTE

/* Somebody reads, or did a moment ago. */
typedef struct {
  char *user, *address;
  IvSlug camera_id;
  IvStream stream;
  IvTime from;     /* UTC */
  IvTime until;    /* UTC, of the last one that ended */
  IvTime ended_at; /* monotonic, likewise */
  guint open, connections;
} Reading;

struct IvNodeRestream {
  IvRestream *server; /* NULL until it listens */
  GMutex mutex; /* guards what follows; held while a row is written, so that rows are in order */
  GPtrArray *readings; /* Reading, owned */
};

static void reading_free(gpointer pointer) {
  Reading *reading = pointer;
  g_free(reading->user);
  g_free(reading->address);
  g_free(reading);
}

/* ---- audit log ---- */

static gboolean write_row(IvSql *sql, gpointer entry, GError **error) {
  return iv_audit_add(sql, entry, error);
}

static gboolean note(IvNode *node, const Reading *reading, IvAuditAction action,
                     const char *detail) {
  g_autoptr(GError) error = NULL;
  IvAuditEntry entry = {.ts = iv_clock_now(),
                        .action = action,
                        .actor = reading->user,
                        .subject = reading->camera_id.text,
                        .store_id = node->config->store.id.text,
                        .address = reading->address,
                        .detail = detail};
  if (iv_store_write(node->store, write_row, &entry, &error))
    return TRUE;
  g_warning("restream: who reads camera %s can't be written to the audit log: %s",
            reading->camera_id.text, error->message);
  return FALSE;
}

static gboolean note_begun(IvNode *node, const Reading *reading) {
  g_autofree char *detail = g_strdup_printf("{\"stream\":\"%s\"}", iv_stream_name(reading->stream));
  return note(node, reading, IV_AUDIT_STREAM_OPENED, detail);
}

static void note_ended(IvNode *node, const Reading *reading) {
  char from[IV_TIME_TEXT_MAX], until[IV_TIME_TEXT_MAX];
  g_autofree char *detail =
      g_strdup_printf("{\"stream\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"connections\":%u}",
                      iv_stream_name(reading->stream), iv_time_to_text(reading->from, from),
                      iv_time_to_text(reading->until, until), reading->connections);
  note(node, reading, IV_AUDIT_STREAM_CLOSED, detail);
}

static Reading *find(const IvNodeRestream *restream, const IvRestreamReader *reader) {
  for (guint i = 0; i < restream->readings->len; i++) {
    Reading *reading = restream->readings->pdata[i];
    if (reading->stream == reader->stream &&
        strcmp(reading->camera_id.text, reader->camera_id) == 0 &&
        strcmp(reading->address, reader->address) == 0 && strcmp(reading->user, reader->user) == 0)
      return reading;
  }
  return NULL;
}

static Reading *reading_new(const IvRestreamReader *reader) {
  Reading *reading = g_new0(Reading, 1);
  reading->user = g_strdup(reader->user);
  reading->address = g_strdup(reader->address);
  iv_slug_set(&reading->camera_id, reader->camera_id);
  reading->stream = reader->stream;
  reading->from = iv_clock_now();
  return reading;
}

static gboolean began(const IvRestreamReader *reader, gpointer user_data) {
  IvNode *node = user_data;
  IvNodeRestream *restream = node->restream;
  g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&restream->mutex);
  Reading *reading = find(restream, reader);
  if (!reading) {
    reading = reading_new(reader);
    if (!note_begun(node, reading)) {
      reading_free(reading);
      return FALSE;
    }
    g_ptr_array_add(restream->readings, reading);
  }
  reading->open++;
  reading->connections++;
  return TRUE;
}

static void ended(const IvRestreamReader *reader, gpointer user_data) {
  IvNode *node = user_data;
  IvNodeRestream *restream = node->restream;
  g_mutex_lock(&restream->mutex);
  Reading *reading = find(restream, reader);
  reading->open--;
  reading->until = iv_clock_now();
  reading->ended_at = iv_clock_monotonic();
  g_mutex_unlock(&restream->mutex);
}

static void settle_readings(IvNode *node, gboolean all) {
  IvNodeRestream *restream = node->restream;
  IvTime now = iv_clock_monotonic();
  g_mutex_lock(&restream->mutex);
  for (guint i = restream->readings->len; i > 0; i--) {
    const Reading *reading = restream->readings->pdata[i - 1];
    if (reading->open > 0 || (!all && now - reading->ended_at < GRACE))
      continue;
    note_ended(node, reading);
    g_ptr_array_remove_index_fast(restream->readings, i - 1);
  }
  g_mutex_unlock(&restream->mutex);
}

static void tick(gpointer user_data) {
  settle_readings(user_data, FALSE);
}

/* ---- what is to be seen ---- */

static IvNodeCamera *find_camera(IvNode *node, const char *camera_id) {
  IvNodeCamera *camera = iv_node_find_camera(node, node->config->store.id.text, camera_id);
  return camera && camera->index != node->n_cameras - 1 ? camera : NULL; /* that is the plan */
}

static gboolean knows(const char *camera_id, gpointer user_data) {
  return find_camera(user_data, camera_id) != NULL;
}

/* A camera that is lost is not waited for. */
static gboolean check_state(IvNode *node, const IvNodeCamera *camera, const char *camera_id,
                            IvStream stream, GError **error) {
  IvIngestStats stats = {0};
  g_rw_lock_reader_lock(&node->places);
  gboolean first = camera->ingest && iv_node_ingest_reads(camera, stream);
  if (first)
    iv_ingest_stats(camera->ingest, &stats);
  g_rw_lock_reader_unlock(&node->places);
  if (!first || (stats.state != IV_INGEST_OFFLINE && stats.state != IV_INGEST_ENDED))
    return TRUE;
  g_set_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_NO_PICTURE, "camera %s is %s%s%s",
              camera_id, iv_ingest_state_name(stats.state), stats.reason[0] ? ": " : "",
              stats.reason);
  return FALSE;
}

static guint form(const char *camera_id, gpointer user_data) {
  IvNode *node = user_data;
  const IvNodeCamera *camera = find_camera(node, camera_id);
  return camera ? (guint)iv_node_restream_form(camera) : G_MAXUINT;
}

static IvStreamHold *open_stream(const char *camera_id, IvStream stream, guint *ret_form,
                                 gpointer user_data, GError **error) {
  IvNode *node = user_data;
  g_autoptr(GError) cause = NULL;
  const IvNodeCamera *camera = find_camera(node, camera_id);
  g_autoptr(IvStreamHold) hold = camera ? iv_node_hold(node, camera, stream) : NULL;
  if (!hold) {
    g_set_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_NO_CAMERA,
                "camera %s does not run here", camera_id);
    return NULL;
  }
  if (!check_state(node, camera, camera_id, stream, error))
    return NULL;
  IvRestreamForm form = iv_node_restream_form(camera);
  IvStreamHold *shown = iv_node_restreamed(camera, hold, form, &cause);
  if (!shown)
    g_set_error_literal(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_NO_PICTURE, cause->message);
  *ret_form = (guint)form;
  return shown;
}

/* ---- life ---- */

gboolean iv_node_open_restream(IvNode *node, GError **error) {
  static const IvRestreamHost host = {.knows = knows,
                                      .open = open_stream,
                                      .form = form,
                                      .began = began,
                                      .ended = ended,
                                      .tick = tick};
  const IvRestreamConfig *config = &node->config->restream;
  if (!config->enabled || node->sim)
    return TRUE;
  IvRestreamOptions options = {.address = config->address,
                               .port = (guint16)config->port,
                               .user = config->user,
                               .password = config->password,
                               .clients = (guint)config->clients,
                               .camera_clients = (guint)config->camera_clients,
                               .host = &host,
                               .user_data = node};
  node->restream = g_new0(IvNodeRestream, 1);
  g_mutex_init(&node->restream->mutex);
  node->restream->readings = g_ptr_array_new_with_free_func(reading_free);
  node->restream->server = iv_restream_new(&options, error);
  if (!node->restream->server)
    return FALSE;
  g_message("other programs read the cameras at port %u of %s: rtsp://HOST:%u/CAMERA",
            iv_restream_port(node->restream->server), config->address,
            iv_restream_port(node->restream->server));
  return TRUE;
}

void iv_node_free_restream(IvNode *node) {
  IvNodeRestream *restream = node->restream;
  if (!restream)
    return;
  iv_restream_free(restream->server);
  settle_readings(node, TRUE);
  g_ptr_array_unref(restream->readings);
  g_mutex_clear(&restream->mutex);
  g_clear_pointer(&node->restream, g_free);
}

void iv_node_end_restream(IvNode *node, const char *camera_id, const char *why) {
  if (node->restream && node->restream->server)
    iv_restream_end_camera(node->restream->server, camera_id, why);
}

/* ---- what is shown of it ---- */

/* Where every network is listened to, the machine's own name is the best that is known. */
static char *host_of(const char *address) {
  if (strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0)
    return g_strdup(g_get_host_name());
  return strchr(address, ':') ? g_strdup_printf("[%s]", address) : g_strdup(address);
}

void iv_node_show_restream(IvNode *node, const IvNodeCamera *camera, IvCameraView *view) {
  if (!node->restream || !node->restream->server)
    return;
  g_autofree char *host = host_of(node->config->restream.address);
  g_snprintf(view->restream_url, sizeof view->restream_url, "rtsp://%s:%u/%s", host,
             iv_restream_port(node->restream->server), camera->config->id.text);
}

void iv_node_restream_metrics(IvNode *node, GString *text) {
  IvRestreamStats stats = {0};
  if (!node->restream || !node->restream->server)
    return;
  iv_restream_stats(node->restream->server, &stats);
  iv_node_gauge(text, "restream_clients", stats.clients);
  iv_node_counter(text, "restream_opened_total", stats.opened);
  iv_node_counter(text, "restream_refused_total", stats.refused);
  iv_node_counter(text, "restream_wrong_password_total", stats.wrong_password);
  iv_node_counter(text, "restream_dropped_pictures_total", stats.dropped);
}
