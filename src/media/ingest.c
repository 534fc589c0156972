/* SPDX-License-Identifier: Apache-2.0 */
#include "media/ingest.h"

#include <string.h>

#include "base/clock.h"
#include "base/url.h"
#include "media/backoff.h"
#include "media/decoder.h"
#include "media/intake.h"
#include "media/plugins.h"
#include "media/rate_meter.h"
#include "media/source.h"

#define TICK (200 * IV_MS)
#define FIRST_UNIT_PATIENCE (10 * IV_SECOND)
#define STABLE_AFTER (10 * IV_SECOND) /* of pictures, then the next pause is short again */
#define UNDECODED_PATIENCE (4 * IV_SECOND)
#define HEALTH_WINDOW (5 * IV_SECOND)
#define DAMAGED_MIN 3        /* pictures in a window, and */
#define DAMAGED_PER_UNITS 20 /* one in so many: degraded */

G_DEFINE_QUARK(iv_ingest_error, iv_ingest_error)

/* What the streaming thread and the ingest's own thread share of one connection. */
typedef struct {
  IvTime began, first_unit, last_unit; /* monotonic; 0 = none yet */
  guint64 units, frames;
  gboolean decoder_refused; /* none can be made: don't try with each unit */
  IvTime window_start;
  guint64 window_units, window_errors;
  gboolean damaged;
} Connection;

struct IvIngest {
  IvSourceAddress address;
  IvUrlParts parts;
  char *path, *user, *password;
  gboolean decode, loop;
  IvTime backoff_max;
  guint32 seed;
  IvIngestEvents events;
  gpointer user_data;
  IvUnitRing *ring;
  IvFrameGate gate;
  IvIntake intake; /* streaming thread; between connections the ingest's */
  GThread *thread;

  GMutex mutex; /* guards what follows; never held while calling out */
  GCond changed;
  gboolean stopping;
  IvSource *source;     /* NULL between connections */
  IvDecoder *decoder;   /* made on the streaming thread, taken away on the ingest's */
  char *decoder_reason; /* why none can be made */
  Connection connection;
  IvRateMeter meter;
  IvIngestState state;
  char reason[sizeof((IvIngestStats *)0)->reason];
  IvCodec codec;
  IvSize size;
  gboolean camera_clock;
  guint64 units, bytes, connections, discontinuities, lost_before, dropped_before;
};

static const char *const state_names[] = {
    [IV_INGEST_CONNECTING] = "connecting", [IV_INGEST_ONLINE] = "online",
    [IV_INGEST_DEGRADED] = "degraded",     [IV_INGEST_OFFLINE] = "offline",
    [IV_INGEST_ENDED] = "ended",
};

const char *iv_ingest_state_name(IvIngestState state) {
  return state_names[state];
}

static gboolean is_file(const IvIngest *ingest) {
  return ingest->path != NULL;
}

static gboolean is_stopping(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  gboolean stopping = ingest->stopping;
  g_mutex_unlock(&ingest->mutex);
  return stopping;
}

/* Ingest's thread. */
static void set_state(IvIngest *ingest, IvIngestState state, const char *reason) {
  g_autofree char *masked = iv_url_mask(reason);
  g_mutex_lock(&ingest->mutex);
  gboolean same =
      ingest->state == state && strncmp(ingest->reason, masked, sizeof ingest->reason - 1) == 0;
  ingest->state = state;
  g_strlcpy(ingest->reason, masked, sizeof ingest->reason);
  g_mutex_unlock(&ingest->mutex);
  if (!same && ingest->events.on_state)
    ingest->events.on_state(state, masked, ingest->user_data);
}

/* --- streaming thread --- */

static void wake(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  if (ingest->source)
    iv_source_wake(ingest->source);
  g_cond_broadcast(&ingest->changed);
  g_mutex_unlock(&ingest->mutex);
}

static void on_decoder_news(gpointer user_data) {
  wake(user_data);
}

static void on_frame(IvFrame *frame, gpointer user_data) {
  IvIngest *ingest = user_data;
  g_mutex_lock(&ingest->mutex);
  gboolean first = ingest->connection.frames++ == 0;
  gboolean deliver = !ingest->stopping && ingest->events.on_frame;
  g_mutex_unlock(&ingest->mutex);
  if (first)
    wake(ingest);
  if (deliver)
    ingest->events.on_frame(frame, ingest->user_data);
  else
    iv_frame_unref(frame);
}

static gboolean wants_decoder(IvIngest *ingest, const IvEncodedUnit *unit) {
  g_mutex_lock(&ingest->mutex);
  gboolean wants = ingest->decode && !ingest->decoder && !ingest->stopping &&
                   !ingest->connection.decoder_refused && (unit->keyframe || is_file(ingest));
  g_mutex_unlock(&ingest->mutex);
  return wants;
}

static void make_decoder(IvIngest *ingest, const IvEncodedUnit *unit) {
  g_autoptr(GError) error = NULL;
  IvDecoderSetup setup = {.ring = ingest->ring,
                          .caps = unit->caps,
                          .gate = &ingest->gate,
                          .live = !is_file(ingest),
                          .on_frame = on_frame,
                          .on_news = on_decoder_news,
                          .user_data = ingest};
  IvDecoder *decoder = iv_decoder_new(&setup, &error);
  g_mutex_lock(&ingest->mutex);
  ingest->decoder = decoder;
  if (!decoder) {
    ingest->connection.decoder_refused = TRUE;
    g_free(ingest->decoder_reason);
    ingest->decoder_reason = g_strdup(error->message);
  }
  g_mutex_unlock(&ingest->mutex);
}

static void count(IvIngest *ingest, const IvEncodedUnit *unit, IvTime now) {
  g_mutex_lock(&ingest->mutex);
  Connection *connection = &ingest->connection;
  if (connection->units++ == 0) {
    connection->first_unit = now;
    ingest->connections += !is_file(ingest);
    iv_rate_meter_init(&ingest->meter);
  }
  connection->last_unit = now;
  iv_rate_meter_add(&ingest->meter, now, unit->ts, unit->size, unit->keyframe);
  ingest->units++;
  ingest->bytes += unit->size;
  ingest->codec = unit->codec;
  ingest->size = unit->picture;
  ingest->camera_clock = ingest->intake.clock.by_camera;
  ingest->discontinuities += unit->discontinuity;
  g_mutex_unlock(&ingest->mutex);
}

static void on_sample(GstSample *sample, gpointer user_data) {
  IvIngest *ingest = user_data;
  IvTime now = iv_clock_monotonic();
  gboolean timeless = is_file(ingest) && ingest->address.pace == IV_PACE_AS_FAST_AS_TAKEN;
  g_autoptr(IvEncodedUnit) unit =
      iv_intake_take(&ingest->intake, sample, (IvArrival){iv_clock_now(), timeless ? 0 : now});
  if (!unit)
    return;
  count(ingest, unit, now);
  if (wants_decoder(ingest, unit))
    make_decoder(ingest, unit);
  iv_unit_ring_push(ingest->ring, unit);
}

/* --- ingest's thread: watching one connection --- */

/* Takes a failed decoder away; the next keyframe makes a new one. For a file that's the end. */
static gboolean mend_decoder(IvIngest *ingest, char **ret_reason) {
  g_mutex_lock(&ingest->mutex);
  IvDecoder *decoder = ingest->decoder;
  g_autofree char *failure = decoder ? iv_decoder_failure(decoder) : NULL;
  if (failure)
    ingest->decoder = NULL;
  gboolean refused = ingest->connection.decoder_refused;
  if (failure || refused) {
    g_free(*ret_reason);
    *ret_reason = g_strdup(failure ? failure : ingest->decoder_reason);
  }
  g_mutex_unlock(&ingest->mutex);
  if (!failure)
    return !refused;
  g_mutex_lock(&ingest->mutex);
  ingest->dropped_before += iv_decoder_dropped(decoder);
  ingest->connection.damaged = TRUE;
  ingest->connection.window_start = iv_clock_monotonic();
  ingest->connection.decoder_refused = is_file(ingest);
  g_mutex_unlock(&ingest->mutex);
  iv_frame_gate_count_errors(&ingest->gate, 1);
  iv_decoder_free(decoder);
  return FALSE;
}

/* Counts damage by windows; TRUE while too many pictures are damaged. */
static gboolean is_damaged(IvIngest *ingest, IvTime now) {
  IvIngestStats stats;
  iv_frame_gate_stats(&ingest->gate, now, &stats);
  g_mutex_lock(&ingest->mutex);
  Connection *connection = &ingest->connection;
  if (now - connection->window_start >= HEALTH_WINDOW) {
    guint64 units = ingest->units - connection->window_units;
    guint64 errors = stats.decode_errors - connection->window_errors;
    connection->damaged = errors >= DAMAGED_MIN && errors * DAMAGED_PER_UNITS >= units;
    connection->window_start = now;
    connection->window_units = ingest->units;
    connection->window_errors = stats.decode_errors;
  }
  gboolean damaged = connection->damaged;
  g_mutex_unlock(&ingest->mutex);
  return damaged;
}

static void judge_state(IvIngest *ingest, IvTime now, gboolean decoder_fine, const char *reason) {
  gboolean damaged = is_damaged(ingest, now);
  g_mutex_lock(&ingest->mutex);
  Connection c = ingest->connection;
  g_mutex_unlock(&ingest->mutex);
  if (c.units == 0)
    return;
  if (!decoder_fine)
    set_state(ingest, IV_INGEST_DEGRADED, reason);
  else if (damaged)
    set_state(ingest, IV_INGEST_DEGRADED,
              "many pictures arrive damaged: check the network to the camera, or use tcp");
  else if (!ingest->decode || c.frames > 0)
    set_state(ingest, IV_INGEST_ONLINE, "");
  else if (now - c.first_unit > UNDECODED_PATIENCE)
    set_state(ingest, IV_INGEST_DEGRADED, "video comes, but no picture of it can be decoded");
}

static char *no_unit_reason(const IvIngest *ingest) {
  if (ingest->address.transport == IV_TRANSPORT_UDP)
    return g_strdup("connected, but no video came: a firewall may stop UDP, try transport tcp");
  return g_strdup("connected, but no video came: check that the camera's stream is switched on");
}

/* TRUE when a camera has been silent for too long. */
static gboolean is_stalled(IvIngest *ingest, IvTime now, char **ret_reason) {
  if (is_file(ingest))
    return FALSE;
  g_mutex_lock(&ingest->mutex);
  Connection c = ingest->connection;
  g_mutex_unlock(&ingest->mutex);
  if (c.units == 0 && now - c.began > FIRST_UNIT_PATIENCE)
    *ret_reason = no_unit_reason(ingest);
  else if (c.units > 0 && now - c.last_unit > IV_INGEST_STALL)
    *ret_reason = g_strdup("no video for 3 s: the camera or the network hangs");
  return *ret_reason != NULL;
}

static IvSourceStatus watch(IvIngest *ingest, IvSource *source, char **ret_reason) {
  IvSourceStatus status = IV_SOURCE_RUNNING;
  g_autofree char *decoder_reason = NULL;
  while (status == IV_SOURCE_RUNNING && !is_stopping(ingest)) {
    status = iv_source_poll(source, TICK, ret_reason);
    IvTime now = iv_clock_monotonic();
    gboolean fine = mend_decoder(ingest, &decoder_reason);
    if (status == IV_SOURCE_RUNNING && is_file(ingest) && !fine) {
      *ret_reason = g_steal_pointer(&decoder_reason);
      return IV_SOURCE_FAILED;
    }
    judge_state(ingest, now, fine, decoder_reason);
    if (status == IV_SOURCE_RUNNING && is_stalled(ingest, now, ret_reason))
      status = IV_SOURCE_FAILED;
  }
  return status;
}

/* A file is read to its end: wait until every frame of it was taken. */
static void drain(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  if (ingest->decoder)
    iv_decoder_finish(ingest->decoder);
  while (ingest->decoder && !ingest->stopping && !iv_decoder_is_over(ingest->decoder))
    g_cond_wait(&ingest->changed, &ingest->mutex);
  g_mutex_unlock(&ingest->mutex);
}

static void begin(IvIngest *ingest) {
  iv_intake_connect(&ingest->intake);
  IvTime now = iv_clock_monotonic();
  g_mutex_lock(&ingest->mutex);
  ingest->connection = (Connection){.began = now, .window_start = now};
  ingest->connection.window_units = ingest->units;
  IvIngestStats stats;
  iv_frame_gate_stats(&ingest->gate, now, &stats);
  ingest->connection.window_errors = stats.decode_errors;
  g_mutex_unlock(&ingest->mutex);
  IvSource *source = iv_source_new(&ingest->address, on_sample, ingest);
  g_mutex_lock(&ingest->mutex);
  ingest->source = source;
  g_mutex_unlock(&ingest->mutex);
}

/* The writer may wait for a reader of ours: that goes first, then the source, then the decoder. */
static void finish(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  IvSource *source = g_steal_pointer(&ingest->source);
  if (ingest->decoder)
    iv_decoder_cancel(ingest->decoder);
  g_mutex_unlock(&ingest->mutex);
  guint64 lost = iv_source_packets_lost(source);
  iv_source_free(source);
  g_mutex_lock(&ingest->mutex);
  IvDecoder *decoder = g_steal_pointer(&ingest->decoder);
  ingest->lost_before += lost;
  ingest->dropped_before += decoder ? iv_decoder_dropped(decoder) : 0;
  g_mutex_unlock(&ingest->mutex);
  if (decoder)
    iv_decoder_free(decoder);
  iv_unit_ring_reset(ingest->ring);
}

static IvSourceStatus connect_once(IvIngest *ingest, char **ret_reason) {
  begin(ingest);
  IvSourceStatus status = watch(ingest, ingest->source, ret_reason);
  if (status == IV_SOURCE_ENDED && is_file(ingest)) {
    drain(ingest);
    g_autofree char *decoder_reason = NULL;
    if (!mend_decoder(ingest, &decoder_reason)) {
      g_free(*ret_reason);
      *ret_reason = g_steal_pointer(&decoder_reason);
      status = IV_SOURCE_FAILED;
    }
  }
  finish(ingest);
  return status;
}

/* --- ingest's thread: one connection after the other --- */

static gboolean was_stable(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  Connection *c = &ingest->connection;
  gboolean stable = c->units > 0 && c->last_unit - c->first_unit > STABLE_AFTER;
  g_mutex_unlock(&ingest->mutex);
  return stable;
}

static void pause_before_retry(IvIngest *ingest, guint attempt) {
  IvTime pause = iv_backoff_pause(attempt, ingest->seed, ingest->backoff_max);
  gint64 deadline = g_get_monotonic_time() + pause;
  g_mutex_lock(&ingest->mutex);
  while (!ingest->stopping && g_cond_wait_until(&ingest->changed, &ingest->mutex, deadline))
    ;
  g_mutex_unlock(&ingest->mutex);
}

/* TRUE when a file's pass is over and the next may begin at once. */
static gboolean is_next_pass(IvIngest *ingest, IvSourceStatus status) {
  return status == IV_SOURCE_ENDED && is_file(ingest) && ingest->loop;
}

static gpointer run(gpointer user_data) {
  IvIngest *ingest = user_data;
  guint attempt = 0;
  while (!is_stopping(ingest)) {
    g_autofree char *reason = NULL;
    IvSourceStatus status = connect_once(ingest, &reason);
    if (is_stopping(ingest))
      break;
    if (is_next_pass(ingest, status))
      continue;
    if (status == IV_SOURCE_ENDED && is_file(ingest)) {
      set_state(ingest, IV_INGEST_ENDED, "end of file");
      break;
    }
    set_state(ingest, IV_INGEST_OFFLINE, reason);
    attempt = was_stable(ingest) ? 0 : attempt;
    pause_before_retry(ingest, attempt++);
  }
  return NULL;
}

/* --- making --- */

static gboolean take_file(IvIngest *ingest, const IvIngestConfig *config, GError **error) {
  static const char *const needed[] = {"filesrc", "parsebin",     "appsink",
                                       "appsrc",  "videoconvert", NULL};
  if (!g_file_test(config->source, G_FILE_TEST_IS_REGULAR)) {
    g_set_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE,
                "%s: no such video file: check the path (cameras begin with rtsp://)",
                config->source);
    return FALSE;
  }
  ingest->path = g_strdup(config->source);
  ingest->address.location = ingest->path;
  return iv_plugins_need(needed, error);
}

static gboolean take_camera(IvIngest *ingest, const IvIngestConfig *config, GError **error) {
  static const char *const needed[] = {"rtspsrc",   "rtpbin",       "rtph264depay",
                                       "h264parse", "h265parse",    "appsink",
                                       "appsrc",    "videoconvert", NULL};
  g_autoptr(GError) bad = NULL;
  if (!iv_url_split(config->source, &ingest->parts, &bad)) {
    g_autofree char *masked = iv_url_mask(config->source);
    g_set_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE, "%s: %s", masked, bad->message);
    return FALSE;
  }
  ingest->user = g_strdup(config->user ? config->user : ingest->parts.user);
  ingest->password = g_strdup(config->password ? config->password : ingest->parts.password);
  ingest->address.location = ingest->parts.location;
  ingest->address.host = ingest->parts.host;
  ingest->address.port = ingest->parts.port;
  ingest->address.user = ingest->user;
  ingest->address.password = ingest->password;
  ingest->address.transport = config->transport;
  return iv_plugins_need(needed, error);
}

static IvIngest *ingest_alloc(const IvIngestConfig *config) {
  IvIngest *ingest = g_new0(IvIngest, 1);
  g_mutex_init(&ingest->mutex);
  g_cond_init(&ingest->changed);
  ingest->ring = iv_unit_ring_new();
  iv_frame_gate_init(&ingest->gate, CLAMP(config->fps, 0, IV_INGEST_FPS_MAX));
  iv_rate_meter_init(&ingest->meter);
  ingest->decode = config->decode;
  ingest->loop = config->loop;
  ingest->address.pace = config->pace;
  ingest->backoff_max = config->backoff_max > 0 ? config->backoff_max : IV_INGEST_BACKOFF_MAX;
  ingest->seed = g_str_hash(config->source);
  return ingest;
}

IvIngest *iv_ingest_new(const IvIngestConfig *config, const IvIngestEvents *events,
                        gpointer user_data, GError **error) {
  iv_plugins_init();
  g_autoptr(IvIngest) ingest = ingest_alloc(config);
  ingest->events = *events;
  ingest->user_data = user_data;
  gboolean ok = iv_url_is_url(config->source) ? take_camera(ingest, config, error)
                                              : take_file(ingest, config, error);
  iv_intake_init(&ingest->intake, is_file(ingest), config->start);
  return ok ? g_steal_pointer(&ingest) : NULL;
}

void iv_ingest_start(IvIngest *ingest) {
  g_return_if_fail(!ingest->thread);
  ingest->thread = g_thread_new("ingest", run, ingest);
}

void iv_ingest_stop(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  ingest->stopping = TRUE;
  if (ingest->source)
    iv_source_wake(ingest->source);
  if (ingest->decoder)
    iv_decoder_cancel(ingest->decoder);
  g_cond_broadcast(&ingest->changed);
  g_mutex_unlock(&ingest->mutex);
}

void iv_ingest_free(IvIngest *ingest) {
  iv_ingest_stop(ingest);
  if (ingest->thread)
    g_thread_join(ingest->thread);
  iv_unit_ring_close(ingest->ring);
  iv_unit_ring_unref(ingest->ring);
  iv_intake_clear(&ingest->intake);
  iv_frame_gate_clear(&ingest->gate);
  iv_url_parts_clear(&ingest->parts);
  g_free(ingest->decoder_reason);
  g_free(ingest->path);
  g_free(ingest->user);
  g_free(ingest->password);
  g_cond_clear(&ingest->changed);
  g_mutex_clear(&ingest->mutex);
  g_free(ingest);
}

void iv_ingest_set_fps(IvIngest *ingest, double fps) {
  iv_frame_gate_set_fps(&ingest->gate, CLAMP(fps, 0, IV_INGEST_FPS_MAX));
}

IvUnitRing *iv_ingest_ring(IvIngest *ingest) {
  return ingest->ring;
}

static void fill_stats(IvIngest *ingest, IvTime now, IvIngestStats *stats) {
  const Connection *c = &ingest->connection;
  stats->state = ingest->state;
  g_strlcpy(stats->reason, ingest->reason, sizeof stats->reason);
  stats->codec = ingest->codec;
  stats->size = ingest->size;
  iv_rate_meter_read(&ingest->meter, now, &stats->fps_in, &stats->bitrate);
  stats->keyframe_interval = (double)ingest->meter.keyframe_interval / (double)IV_SECOND;
  stats->camera_clock = ingest->camera_clock;
  stats->units = ingest->units;
  stats->bytes = ingest->bytes;
  stats->units_dropped =
      ingest->dropped_before + (ingest->decoder ? iv_decoder_dropped(ingest->decoder) : 0);
  stats->packets_lost =
      ingest->lost_before + (ingest->source ? iv_source_packets_lost(ingest->source) : 0);
  stats->reconnects = ingest->connections > 1 ? ingest->connections - 1 : 0;
  stats->discontinuities = ingest->discontinuities;
  stats->connected_for = c->units > 0 && ingest->source ? now - c->first_unit : -1;
}

void iv_ingest_stats(IvIngest *ingest, IvIngestStats *ret_stats) {
  IvTime now = iv_clock_monotonic();
  IvIngestStats stats = {0};
  iv_frame_gate_stats(&ingest->gate, now, &stats);
  g_mutex_lock(&ingest->mutex);
  fill_stats(ingest, now, &stats);
  g_mutex_unlock(&ingest->mutex);
  *ret_stats = stats;
}
