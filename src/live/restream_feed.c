/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/clock.h"
#include "live/restream_private.h"

#define QUEUE_UNITS 90     /* 3 s at 30 a second; who is that far behind goes on at a keyframe */
#define POLL (100 * IV_MS) /* how long an end goes unnoticed */
#define CLOCK_SLACK                                                                                \
  (5 * IV_MS) /* so much may the clocks of time and of running time drift apart                    \
               */
#define SET_BACK_MAX (10 * IV_SECOND)
#define CLOCK_LOOK IV_MS /* a longer look at both is none */

/* ---- opening; client's thread ---- */

gboolean iv_restream_path_parse(const char *path, IvSlug *ret_camera, IvStream *ret_stream) {
  g_auto(GStrv) parts = path && path[0] == '/' ? g_strsplit(path + 1, "/", 3) : NULL;
  IvSlug camera;
  if (!parts || !parts[0] || !iv_slug_set(&camera, parts[0]))
    return FALSE;
  *ret_camera = camera;
  *ret_stream = g_strcmp0(parts[1], "sub") == 0 ? IV_STREAM_SUB : IV_STREAM_MAIN;
  return TRUE;
}

static guint count_of_camera(const IvRestream *restream, const IvSlug *camera) {
  guint n = 0;
  for (guint i = 0; i < restream->feeds->len; i++)
    n += strcmp(((const IvRestreamFeed *)restream->feeds->pdata[i])->camera_id.text,
                camera->text) == 0;
  return n;
}

/* Its place is taken before it is opened, so that the limits hold for those at the door too. */
static gboolean enter(IvRestreamFeed *feed, GError **error) {
  IvRestream *restream = feed->restream;
  g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&restream->mutex);
  guint of_camera = count_of_camera(restream, &feed->camera_id);
  gboolean full = restream->feeds->len >= restream->options.clients;
  if (!full && of_camera < restream->options.camera_clients) {
    g_ptr_array_add(restream->feeds, feed);
    return TRUE;
  }
  g_set_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_FULL,
              full ? "%u streams are read, the most that restream.clients allows"
                   : "%u clients read this camera, the most that restream.camera_clients allows",
              full ? restream->feeds->len : of_camera);
  return FALSE;
}

static gboolean is_stopping(IvRestream *restream) {
  g_mutex_lock(&restream->mutex);
  gboolean stopping = restream->stopping;
  g_mutex_unlock(&restream->mutex);
  return stopping;
}

static gboolean wait_for_first(IvRestreamFeed *feed, GError **error) {
  IvTime until = iv_clock_monotonic() + IV_RESTREAM_FIRST_TIME;
  while (!feed->first && iv_clock_monotonic() < until && !is_stopping(feed->restream) &&
         !iv_unit_reader_is_over(feed->reader))
    feed->first = iv_unit_reader_pop(feed->reader, POLL, NULL);
  feed->codec = feed->first ? feed->first->codec : IV_CODEC_NONE;
  if (feed->codec == IV_CODEC_H264 || feed->codec == IV_CODEC_H265)
    return TRUE;
  g_set_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_NO_PICTURE, "camera %s %s",
              feed->camera_id.text,
              feed->first ? "sends neither H.264 nor H.265" : "gives no picture now");
  return FALSE;
}

static gboolean open_stream(IvRestreamFeed *feed, GError **error) {
  const IvRestreamOptions *options = &feed->restream->options;
  feed->hold = options->host->open(feed->camera_id.text, feed->stream, &feed->form,
                                   options->user_data, error);
  if (!feed->hold)
    return FALSE;
  feed->reader =
      iv_unit_reader_new(iv_stream_hold_ring(feed->hold), IV_READER_LIVE, QUEUE_UNITS, TRUE);
  if (!feed->reader) {
    g_set_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_FULL,
                "camera %s already serves %d readers", feed->camera_id.text, IV_RING_READERS_MAX);
    return FALSE;
  }
  return wait_for_first(feed, error);
}

static IvRestreamFeed *feed_new(const IvRestreamClient *client, const char *path) {
  IvRestreamFeed *feed = g_new0(IvRestreamFeed, 1);
  g_atomic_ref_count_init(&feed->refs);
  g_mutex_init(&feed->mutex);
  g_queue_init(&feed->past);
  feed->restream = iv_restream_ref(client->restream);
  feed->user = g_strdup(client->user);
  feed->address = g_strdup(client->address);
  feed->path = g_strdup(path);
  feed->socket = g_object_ref(client->socket);
  return feed;
}

IvRestreamFeed *iv_restream_feed_open(IvRestreamClient *client, const char *path, GError **error) {
  IvRestreamFeed *feed = feed_new(client, path);
  if (!iv_restream_path_parse(path, &feed->camera_id, &feed->stream)) {
    g_set_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_NO_CAMERA, "there is no such camera");
    iv_restream_feed_unref(feed);
    return NULL;
  }
  if (!enter(feed, error) || !open_stream(feed, error)) {
    iv_restream_feed_unref(feed);
    return NULL;
  }
  g_mutex_lock(&feed->mutex);
  feed->ready = TRUE;
  feed->took = iv_clock_monotonic();
  g_mutex_unlock(&feed->mutex);
  return feed;
}

/* ---- its life ---- */

IvRestreamFeed *iv_restream_feed_ref(IvRestreamFeed *feed) {
  g_atomic_ref_count_inc(&feed->refs);
  return feed;
}

static void tell_ended(IvRestreamFeed *feed) {
  const IvRestreamOptions *options = &feed->restream->options;
  IvRestreamReader reader = {feed->user, feed->address, feed->camera_id.text, feed->stream};
  if (feed->began)
    options->host->ended(&reader, options->user_data);
}

guint64 iv_restream_feed_dropped(IvRestreamFeed *feed) {
  g_mutex_lock(&feed->mutex);
  guint64 dropped = feed->ready ? iv_unit_reader_dropped(feed->reader) : 0;
  g_mutex_unlock(&feed->mutex);
  return dropped;
}

/* From here on its reader is not asked any more. */
static void count_dropped(IvRestreamFeed *feed) {
  g_mutex_lock(&feed->restream->mutex);
  feed->restream->stats.dropped += iv_restream_feed_dropped(feed);
  g_mutex_lock(&feed->mutex);
  feed->ready = FALSE;
  g_mutex_unlock(&feed->mutex);
  g_mutex_unlock(&feed->restream->mutex);
}

void iv_restream_feed_unref(gpointer pointer) {
  IvRestreamFeed *feed = pointer;
  if (!g_atomic_ref_count_dec(&feed->refs))
    return;
  count_dropped(feed);
  g_queue_clear_full(&feed->past, (GDestroyNotify)iv_encoded_unit_unref);
  g_clear_pointer(&feed->first, iv_encoded_unit_unref);
  g_clear_pointer(&feed->reader, iv_unit_reader_free);
  g_clear_pointer(&feed->hold, iv_stream_hold_unref);
  tell_ended(feed);
  IvRestream *restream = feed->restream;
  g_mutex_lock(&restream->mutex); /* from here on it is counted no more */
  g_ptr_array_remove_fast(restream->feeds, feed);
  g_cond_broadcast(&restream->changed);
  g_mutex_unlock(&restream->mutex);
  g_object_unref(feed->socket);
  g_mutex_clear(&feed->mutex);
  g_free(feed->user);
  g_free(feed->address);
  g_free(feed->path);
  g_free(feed);
  iv_restream_unref(restream);
}

gboolean iv_restream_feed_begin(IvRestreamFeed *feed) {
  IvRestream *restream = feed->restream;
  const IvRestreamOptions *options = &restream->options;
  IvRestreamReader reader = {feed->user, feed->address, feed->camera_id.text, feed->stream};
  if (feed->began)
    return TRUE;
  /* Masks may have been drawn since it was opened. */
  if (options->host->form(feed->camera_id.text, options->user_data) != feed->form ||
      !options->host->began(&reader, options->user_data))
    return FALSE;
  g_mutex_lock(&restream->mutex);
  restream->stats.opened++;
  g_mutex_lock(&feed->mutex);
  feed->began = TRUE;
  g_mutex_unlock(&feed->mutex);
  g_mutex_unlock(&restream->mutex);
  return TRUE;
}

void iv_restream_feed_end(IvRestreamFeed *feed, const char *why) {
  g_mutex_lock(&feed->mutex);
  gboolean first = !feed->over;
  if (first)
    feed->over = why;
  g_mutex_unlock(&feed->mutex);
  if (first)
    g_message("camera %s: %s at %s reads its %s stream no longer: %s", feed->camera_id.text,
              feed->user, feed->address, iv_stream_name(feed->stream), why);
}

gboolean iv_restream_feed_check(IvRestreamFeed *feed, guint form, IvTime now) {
  g_mutex_lock(&feed->mutex);
  gboolean ready = feed->ready, over = feed->over != NULL;
  gboolean idle = feed->took != 0 && now - feed->took > IV_RESTREAM_TAKES;
  g_mutex_unlock(&feed->mutex);
  if (!ready || over)
    return over;
  if (feed->form != form)
    iv_restream_feed_end(feed, "something else is to be seen of the camera now");
  else if (idle)
    iv_restream_feed_end(feed, "it takes no pictures");
  return feed->form != form || idle;
}

static gboolean is_over(IvRestreamFeed *feed) {
  g_mutex_lock(&feed->mutex);
  gboolean over = feed->over != NULL;
  g_mutex_unlock(&feed->mutex);
  return over;
}

/* The client takes a picture; or (`took` 0) none is there. */
static void note_taken(IvRestreamFeed *feed, IvTime took) {
  g_mutex_lock(&feed->mutex);
  feed->took = took;
  g_mutex_unlock(&feed->mutex);
}

/* The pipeline is being taken down and waits for this thread. */
static gboolean is_flushing(const IvRestreamFeed *feed) {
  g_autoptr(GstPad) pad = gst_element_get_static_pad(feed->source, "src");
  return GST_PAD_IS_FLUSHING(pad);
}

/* ---- times ---- */

/* Running times are capture times since ts0. Sender reports say what running time it is now and
 * what o'clock, so ts0 follows the clock of this machine, wherever it is set. */
static void follow_clock(IvRestreamFeed *feed) {
  GstClockTime before = gst_element_get_current_running_time(feed->source);
  IvTime now = iv_clock_now();
  GstClockTime after = gst_element_get_current_running_time(feed->source);
  if (!GST_CLOCK_TIME_IS_VALID(before) || !GST_CLOCK_TIME_IS_VALID(after))
    return;
  IvTime ts0 = now - (IvTime)(before / GST_USECOND);
  gboolean brief = after - before < CLOCK_LOOK * GST_USECOND;
  if (!feed->started || (brief && ABS(ts0 - feed->ts0) > CLOCK_SLACK))
    feed->ts0 = ts0;
}

/* Of a unit of the past: see live/stamp.h. The order is kept, B-frames included. */
static IvTime squeezed(const IvRestreamFeed *feed, IvTime ts) {
  return feed->past_end - (IvTime)((double)(feed->past_end - ts) * feed->squeeze);
}

static void measure_past(IvRestreamFeed *feed, const IvEncodedUnit *first) {
  IvTime begin = first ? first->ts : G_MAXINT64, end = first ? first->ts : 0;
  IvTime takes = first ? iv_stamp_step(first) : 0;
  for (GList *l = feed->past.head; l; l = l->next) {
    const IvEncodedUnit *unit = l->data;
    begin = MIN(begin, unit->ts);
    end = MAX(end, unit->ts);
    takes += iv_stamp_step(unit);
  }
  feed->past_end = end;
  feed->squeeze = end > begin ? MIN(1.0, (double)takes / (double)(end - begin)) : 1;
}

static void take_past(IvRestreamFeed *feed) {
  IvEncodedUnit *unit;
  while ((unit = iv_unit_reader_pop(feed->reader, 0, NULL)))
    g_queue_push_tail(&feed->past, unit);
}

/* Only what a decoder needs for the present picture, and no more than is sent in a moment. */
static void trim_past(IvRestreamFeed *feed) {
  gsize bytes = 0;
  GList *from = feed->past.head;
  for (GList *l = feed->past.tail; l; l = l->prev) {
    bytes += ((const IvEncodedUnit *)l->data)->size;
    if (((const IvEncodedUnit *)l->data)->keyframe) {
      from = l;
      break;
    }
  }
  if (bytes > IV_STAMP_BURST_BYTES_MAX) {
    from = NULL; /* the next keyframe is there sooner */
    feed->needs_key = TRUE;
  }
  while (feed->past.head && feed->past.head != from)
    iv_encoded_unit_unref(g_queue_pop_head(&feed->past));
}

/* ---- into the pipeline; streaming thread of the source ---- */

static void push(IvRestreamFeed *feed, IvEncodedUnit *unit, IvTime ts) {
  follow_clock(feed);
  /* Steps back are mended times; with B-frames they are meant. */
  gboolean follows = unit->pts > feed->pts_last || unit->pts == IV_STREAM_TIME_NONE;
  if (feed->started && follows && ts <= feed->ts_last)
    ts = feed->ts_last + IV_MS;
  feed->started = TRUE;
  feed->ts_last = ts;
  if (unit->pts != IV_STREAM_TIME_NONE)
    feed->pts_last = unit->pts;
  GstBuffer *buffer = gst_buffer_new_wrapped_full(
      GST_MEMORY_FLAG_READONLY, (gpointer)unit->bytes, unit->size, 0, unit->size,
      iv_encoded_unit_ref(unit), (GDestroyNotify)iv_encoded_unit_unref);
  GST_BUFFER_PTS(buffer) = (GstClockTime)MAX(ts - feed->ts0, 0) * GST_USECOND;
  if (!unit->keyframe)
    GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  note_taken(feed, iv_clock_monotonic());
  gst_app_src_push_buffer(GST_APP_SRC(feed->source), buffer);
}

/* It stays in the pipeline until the client plays: what it holds is described to him. */
static void push_first(IvRestreamFeed *feed) {
  g_autoptr(IvEncodedUnit) unit = g_steal_pointer(&feed->first);
  take_past(feed);
  measure_past(feed, unit);
  iv_order_look(&feed->order, unit);
  push(feed, unit, squeezed(feed, unit->ts));
}

static void push_past(IvRestreamFeed *feed) {
  g_autoptr(IvEncodedUnit) unit = g_queue_pop_head(&feed->past);
  iv_order_look(&feed->order, unit);
  push(feed, unit, squeezed(feed, unit->ts));
  if (feed->past.length > 0) /* not all at once: it would not fit into the buffers on its way */
    g_usleep((gulong)iv_stamp_step(unit));
}

static IvEncodedUnit *pop(IvRestreamFeed *feed) {
  IvEncodedUnit *unit = iv_unit_reader_pop(feed->reader, POLL, NULL);
  if (!unit || !feed->needs_key || unit->keyframe)
    return unit;
  iv_encoded_unit_unref(unit);
  return NULL;
}

/* NULL = there are no more, or the pipeline is taken down. */
static IvEncodedUnit *next_unit(IvRestreamFeed *feed) {
  IvTime until = iv_clock_monotonic() + IV_RESTREAM_STALL;
  note_taken(feed, 0);
  while (!is_over(feed) && !is_flushing(feed)) {
    IvEncodedUnit *unit = pop(feed);
    if (unit)
      return unit;
    if (iv_unit_reader_is_over(feed->reader))
      iv_restream_feed_end(feed, "the camera was changed or removed");
    else if (iv_clock_monotonic() >= until)
      iv_restream_feed_end(feed, "the camera gives no picture");
  }
  return NULL;
}

/* GStreamer holds back what is to be shown later: a film read faster than it lasts. */
static gboolean is_ahead(const IvRestreamFeed *feed, const IvEncodedUnit *unit) {
  GstClockTime now = gst_element_get_current_running_time(feed->source);
  return GST_CLOCK_TIME_IS_VALID(now) &&
         unit->ts - feed->ts0 > (IvTime)(now / GST_USECOND) + IV_SECOND;
}

static const char *fault_of(IvRestreamFeed *feed, const IvEncodedUnit *unit) {
  if (unit->codec != feed->codec)
    return "the camera sends another codec now";
  follow_clock(feed);
  if (is_ahead(feed, unit))
    return "the camera's time is ahead of this machine's";
  /* Times that were mended are waited for: until then pictures follow each other closely. */
  return iv_order_look(&feed->order, unit) == IV_ORDER_SET_BACK &&
                 unit->pts != IV_STREAM_TIME_NONE && unit->ts < feed->ts_last - SET_BACK_MAX
             ? "the camera's clock was set back"
             : NULL;
}

/* The client plays. */
static void join(IvRestreamFeed *feed) {
  take_past(feed);
  trim_past(feed);
  measure_past(feed, NULL);
  feed->joined = TRUE;
}

static void push_next(IvRestreamFeed *feed) {
  g_autoptr(IvEncodedUnit) unit = next_unit(feed);
  const char *fault = unit ? fault_of(feed, unit) : NULL;
  if (fault)
    iv_restream_feed_end(feed, fault);
  if (is_over(feed)) {
    gst_app_src_end_of_stream(GST_APP_SRC(feed->source));
    return;
  }
  if (!unit)
    return;
  feed->needs_key = FALSE;
  push(feed, unit, unit->ts);
}

void iv_restream_feed_next(IvRestreamFeed *feed) {
  if (feed->first) {
    push_first(feed);
    return;
  }
  if (!feed->joined)
    join(feed);
  if (feed->past.length > 0 && !is_over(feed) && !is_flushing(feed))
    push_past(feed);
  else
    push_next(feed);
}
