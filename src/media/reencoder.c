/* SPDX-License-Identifier: Apache-2.0 */
#include "media/reencoder.h"

#include "base/clock.h"
#include "media/ingest.h"
#include "media/plugins.h"
#include "media/rate_meter.h"
#include "media/reencode_chain.h"

#define BACKLOG 60           /* units: 2 s at 30 fps, then on to a keyframe */
#define RETRY_SPAN IV_SECOND /* between two pipelines */
#define ALIVE_SPAN (3 * IV_SECOND)
#define MEASURE_SPAN (4 * IV_SECOND)
#define BITS_PER_PIXEL 0.1 /* as long as the source's rate is not known */
#define BITS_PER_PIXEL_MIN 0.05
#define BITS_PER_PIXEL_MAX 0.25
#define H265_FACTOR 1.6 /* bits that H.264 takes for the same picture */
#define FPS_UNKNOWN 15.0

struct IvReencoder {
  IvReencoderConfig config;
  IvUnitRing *ring; /* the result */
  IvUnitReader *reader;
  GThread *thread;

  IvRateMeter source; /* reading thread, as are the next ones */
  IvCodec codec;
  IvTime rated_at, opened_at; /* monotonic */
  double fps;                 /* that the chain was told */

  guint64 seq; /* encoder's thread, as are the next ones; of one chain after the other */
  guint generation, generation_before;

  GMutex mutex; /* guards what follows; nothing is locked under it but a chain's own */
  GCond changed;
  gboolean stopping;
  IvReencodeChain *chain;  /* set and freed by the reading thread */
  IvReencodeCounts before; /* of the chains that are gone */
  IvRateMeter result;
  IvTime last_out, measured_at, cpu_then; /* monotonic; then: cpu_time at measured_at */
  IvReencoderStats stats;
};

/* ---- rates ---- */

static double sensible_bitrate(const IvReencoder *r, IvSize size, double fps, double source_bits) {
  double pixels = (double)size.width * (double)size.height;
  if (r->config.width_max > 0 && size.width > r->config.width_max) {
    double scale = (double)r->config.width_max / (double)size.width;
    pixels *= scale * scale;
  }
  pixels *= MAX(fps, 1);
  if (source_bits <= 0)
    return pixels * BITS_PER_PIXEL;
  if (r->codec == IV_CODEC_H265)
    source_bits *= H265_FACTOR;
  return CLAMP(source_bits, pixels * BITS_PER_PIXEL_MIN, pixels * BITS_PER_PIXEL_MAX);
}

static guint bitrate_for(const IvReencoder *r, IvSize size, double fps, double source_bits) {
  double bits =
      r->config.bitrate > 0 ? r->config.bitrate : sensible_bitrate(r, size, fps, source_bits);
  return (guint)CLAMP(bits, 50e3, 100e6);
}

/* The encoder was told another rate than what comes, so it is told other bits. */
static void follow_rate(IvReencoder *r, const IvEncodedUnit *unit, IvTime now) {
  double fps, bits;
  iv_rate_meter_add(&r->source, now, unit->ts, unit->size, unit->keyframe);
  if (now - r->rated_at < MEASURE_SPAN)
    return;
  r->rated_at = now;
  iv_rate_meter_read(&r->source, now, &fps, &bits);
  if (r->chain && fps >= 1 && r->fps > 0)
    iv_reencode_chain_set_bitrate(r->chain,
                                  (guint)(bitrate_for(r, unit->picture, fps, bits) * r->fps / fps));
}

/* Of the units at hand, by their capture times. */
static double fps_of(const GQueue *units) {
  const IvEncodedUnit *first = units->head ? units->head->data : NULL;
  const IvEncodedUnit *last = units->tail ? units->tail->data : NULL;
  if (units->length < 5 || last->ts <= first->ts)
    return FPS_UNKNOWN;
  double fps = (units->length - 1) * (double)IV_SECOND / (double)(last->ts - first->ts);
  return CLAMP(fps, 1, 120);
}

/* ---- the chain ---- */

static void on_news(gpointer user_data) {
  IvReencoder *r = user_data;
  g_mutex_lock(&r->mutex);
  g_cond_broadcast(&r->changed);
  g_mutex_unlock(&r->mutex);
}

static void on_unit(IvEncodedUnit *unit, gpointer user_data) {
  IvReencoder *r = user_data;
  IvTime now = iv_clock_monotonic();
  r->generation = r->generation_before + unit->caps_generation;
  unit->caps_generation = r->generation;
  unit->seq = r->seq++;
  g_mutex_lock(&r->mutex);
  iv_rate_meter_add(&r->result, now, unit->ts, unit->size, unit->keyframe);
  r->stats.made++;
  r->stats.size = unit->picture;
  r->stats.trouble[0] = '\0';
  r->last_out = now;
  g_mutex_unlock(&r->mutex);
  iv_unit_ring_push(r->ring, unit);
  iv_encoded_unit_unref(unit);
}

static void close_chain(IvReencoder *r) {
  IvReencodeCounts counts;
  g_mutex_lock(&r->mutex);
  IvReencodeChain *chain = g_steal_pointer(&r->chain);
  g_mutex_unlock(&r->mutex);
  if (!chain)
    return;
  iv_reencode_chain_counts(chain, &counts);
  iv_reencode_chain_free(chain);
  r->generation_before = r->generation;
  g_mutex_lock(&r->mutex);
  r->before.withheld += counts.withheld;
  r->before.errors += counts.errors;
  r->before.cpu_time += counts.cpu_time;
  g_mutex_unlock(&r->mutex);
}

static void tell_trouble(IvReencoder *r, const char *trouble) {
  g_mutex_lock(&r->mutex);
  g_strlcpy(r->stats.trouble, trouble, sizeof r->stats.trouble);
  g_mutex_unlock(&r->mutex);
}

static void open_chain(IvReencoder *r, const IvEncodedUnit *unit, double fps, IvTime from) {
  g_autoptr(GError) error = NULL;
  r->codec = unit->codec;
  r->fps = fps;
  r->rated_at = r->opened_at = iv_clock_monotonic();
  IvReencodeSetup setup = {.config = &r->config,
                           .caps = unit->caps,
                           .fps = fps,
                           .bitrate = bitrate_for(r, unit->picture, fps, 0),
                           .from = from,
                           .on_unit = on_unit,
                           .on_news = on_news,
                           .user_data = r};
  IvReencodeChain *chain = iv_reencode_chain_new(&setup, &error);
  if (!chain)
    tell_trouble(r, error->message);
  g_mutex_lock(&r->mutex);
  r->chain = chain;
  g_mutex_unlock(&r->mutex);
}

/* FALSE when it failed, and was taken away. */
static gboolean is_chain_fine(IvReencoder *r, const IvEncodedUnit *unit) {
  g_autofree char *failure = r->chain ? iv_reencode_chain_failure(r->chain) : NULL;
  if (failure)
    tell_trouble(r, failure);
  if (failure || (r->chain && unit->codec != r->codec))
    close_chain(r);
  return r->chain != NULL;
}

/* ---- reading ---- */

static gboolean is_stopping(IvReencoder *r) {
  g_mutex_lock(&r->mutex);
  gboolean stopping = r->stopping;
  g_mutex_unlock(&r->mutex);
  return stopping;
}

/* FALSE: it is to stop, or the chain failed. */
static gboolean wait_for_hunger(IvReencoder *r) {
  g_mutex_lock(&r->mutex);
  for (;;) {
    g_autofree char *failure = iv_reencode_chain_failure(r->chain);
    gboolean hungry = iv_reencode_chain_is_hungry(r->chain);
    if (r->stopping || failure || hungry) {
      g_mutex_unlock(&r->mutex);
      return !failure && hungry;
    }
    g_cond_wait(&r->changed, &r->mutex);
  }
}

static void feed(IvReencoder *r, IvEncodedUnit *unit) {
  follow_rate(r, unit, iv_clock_monotonic());
  if (wait_for_hunger(r))
    iv_reencode_chain_push(r->chain, unit);
}

static void take(IvReencoder *r, IvEncodedUnit *unit) {
  g_mutex_lock(&r->mutex);
  r->stats.taken++;
  g_mutex_unlock(&r->mutex);
  if (!is_chain_fine(r, unit)) {
    if (!unit->keyframe || iv_clock_monotonic() - r->opened_at < RETRY_SPAN)
      return;
    open_chain(r, unit, r->fps > 0 ? r->fps : FPS_UNKNOWN, IV_TIME_NONE);
  }
  if (r->chain)
    feed(r, unit);
}

/* The GOP at hand: decoded at once, and encoded from its newest picture on where that is wished. */
static void take_past(IvReencoder *r) {
  g_autoptr(GQueue) past = g_queue_new();
  IvEncodedUnit *unit;
  while ((unit = iv_unit_reader_pop(r->reader, 0, NULL)))
    g_queue_push_tail(past, unit);
  const IvEncodedUnit *newest = past->tail ? past->tail->data : NULL;
  if (newest)
    open_chain(r, past->head->data, fps_of(past),
               r->config.newest_only ? newest->ts : IV_TIME_NONE);
  while ((unit = g_queue_pop_head(past))) {
    if (!is_stopping(r))
      take(r, unit);
    iv_encoded_unit_unref(unit);
  }
}

static gpointer run(gpointer user_data) {
  IvReencoder *r = user_data;
  take_past(r);
  while (!is_stopping(r)) {
    g_autoptr(IvEncodedUnit) unit = iv_unit_reader_pop(r->reader, -1, NULL);
    if (!unit)
      break;
    take(r, unit);
  }
  close_chain(r);
  iv_unit_ring_close(r->ring);
  return NULL;
}

/* ---- life ---- */

static IvReencoder *reencoder_alloc(const IvReencoderConfig *config) {
  IvReencoder *r = g_new0(IvReencoder, 1);
  r->config = *config;
  r->ring = iv_unit_ring_new();
  g_mutex_init(&r->mutex);
  g_cond_init(&r->changed);
  iv_rate_meter_init(&r->source);
  iv_rate_meter_init(&r->result);
  return r;
}

IvReencoder *iv_reencoder_new(const IvReencoderConfig *config, IvUnitRing *ring, GError **error) {
  static const char *const needed[] = {"openh264enc", "h264parse", "appsrc",       "appsink",
                                       "videoscale",  "queue",     "videoconvert", NULL};
  iv_plugins_init();
  if (!iv_plugins_need(needed, error))
    return NULL;
  IvReencoder *r = reencoder_alloc(config);
  r->reader = iv_unit_reader_new(ring, IV_READER_LIVE, BACKLOG, TRUE);
  if (!r->reader) {
    g_set_error_literal(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE,
                        "too many viewers and other readers of this camera; close some");
    iv_reencoder_free(r);
    return NULL;
  }
  r->thread = g_thread_new("reencoder", run, r);
  return r;
}

void iv_reencoder_free(IvReencoder *r) {
  if (!r)
    return;
  g_mutex_lock(&r->mutex);
  r->stopping = TRUE;
  g_cond_broadcast(&r->changed);
  g_mutex_unlock(&r->mutex);
  if (r->reader)
    iv_unit_reader_cancel(r->reader);
  if (r->thread)
    g_thread_join(r->thread);
  g_clear_pointer(&r->reader, iv_unit_reader_free);
  iv_unit_ring_close(r->ring);
  iv_unit_ring_unref(r->ring);
  g_cond_clear(&r->changed);
  g_mutex_clear(&r->mutex);
  g_free(r);
}

IvUnitRing *iv_reencoder_ring(IvReencoder *r) {
  return r->ring;
}

static void measure_cpu(IvReencoder *r, IvTime now) {
  if (r->measured_at == 0 || r->stats.cpu_time < r->cpu_then) {
    r->measured_at = now;
    r->cpu_then = r->stats.cpu_time;
  }
  IvTime span = now - r->measured_at;
  if (span < MEASURE_SPAN && r->stats.cpu_share > 0)
    return;
  if (span < IV_SECOND)
    return;
  r->stats.cpu_share = (double)(r->stats.cpu_time - r->cpu_then) / (double)span;
  r->measured_at = now;
  r->cpu_then = r->stats.cpu_time;
}

void iv_reencoder_stats(IvReencoder *r, IvReencoderStats *ret_stats) {
  IvReencodeCounts counts = {0};
  IvTime now = iv_clock_monotonic();
  guint64 dropped = iv_unit_reader_dropped(r->reader);
  g_mutex_lock(&r->mutex);
  if (r->chain)
    iv_reencode_chain_counts(r->chain, &counts);
  r->stats.withheld = r->before.withheld + counts.withheld;
  r->stats.errors = r->before.errors + counts.errors;
  r->stats.cpu_time = r->before.cpu_time + counts.cpu_time;
  r->stats.dropped = dropped;
  r->stats.running = r->last_out > 0 && now - r->last_out < ALIVE_SPAN;
  iv_rate_meter_read(&r->result, now, &r->stats.fps, &r->stats.bitrate);
  measure_cpu(r, now);
  *ret_stats = r->stats;
  g_mutex_unlock(&r->mutex);
}
