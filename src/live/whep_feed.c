/* SPDX-License-Identifier: Apache-2.0 */
#include "live/live_error.h"
#include "live/whep_private.h"

#define QUEUE_UNITS 90 /* 3 s at 30 a second; a viewer that far behind goes on at a keyframe */

static const char h265_advice[] =
    "The camera sends H.265, which browsers do not play live. Set its stream to H.264 in the "
    "camera's own pages, or let it be converted (live_transcode); its snapshots go on.";
static const char b_frame_advice[] =
    "The camera sends B-frames, which live view (WebRTC) can't show. Switch them off in the "
    "camera's own pages (profile Baseline, or \"B-frames: 0\"), or let it be converted "
    "(live_transcode); its snapshots go on.";
static const char other_advice[] =
    "The camera's stream is not H.264, which live view needs. Set it to H.264 in the camera's own "
    "pages; its snapshots go on.";

/* ---- what is there when the viewer comes ---- */

static gboolean refuse(GError **error, const char *advice) {
  g_set_error_literal(error, IV_LIVE_ERROR, IV_LIVE_ERROR_STREAM, advice);
  return FALSE;
}

static const char *codec_fault(const IvEncodedUnit *unit) {
  if (unit->codec == IV_CODEC_H264)
    return NULL;
  return unit->codec == IV_CODEC_H265 ? h265_advice : other_advice;
}

static void take_past(IvWhepFeed *feed) {
  IvEncodedUnit *unit;
  while ((unit = iv_unit_reader_pop(feed->reader, 0, NULL)))
    g_queue_push_tail(&feed->past, unit);
}

static void drop_past(IvWhepFeed *feed) {
  g_queue_clear_full(&feed->past, (GDestroyNotify)iv_encoded_unit_unref);
}

static gboolean judge(IvUnitRing *ring, const IvWhepFeed *feed, GError **error) {
  const IvEncodedUnit *newest = feed->past.tail ? feed->past.tail->data : NULL;
  if (newest && codec_fault(newest))
    return refuse(error, codec_fault(newest));
  return iv_unit_ring_is_reordered(ring) ? refuse(error, b_frame_advice) : TRUE;
}

gboolean iv_whep_feed_open(IvWhepFeed *feed, IvUnitRing *ring, GError **error) {
  feed->reader = iv_unit_reader_new(ring, IV_READER_LIVE, QUEUE_UNITS, TRUE);
  if (!feed->reader) {
    g_set_error(error, IV_LIVE_ERROR, IV_LIVE_ERROR_FULL,
                "The camera already serves %d viewers and other readers. Close some.",
                IV_RING_READERS_MAX);
    return FALSE;
  }
  take_past(feed);
  return judge(ring, feed, error);
}

void iv_whep_feed_init(IvWhepFeed *feed) {
  g_mutex_init(&feed->mutex);
  g_cond_init(&feed->changed);
  g_queue_init(&feed->past);
}

void iv_whep_feed_start(IvWhepFeed *feed) {
  g_mutex_lock(&feed->mutex);
  feed->connected = TRUE;
  g_cond_broadcast(&feed->changed);
  g_mutex_unlock(&feed->mutex);
}

void iv_whep_feed_stop(IvWhepFeed *feed) {
  if (!feed->reader)
    return;
  g_mutex_lock(&feed->mutex);
  feed->stopping = TRUE;
  g_cond_broadcast(&feed->changed);
  g_mutex_unlock(&feed->mutex);
  iv_unit_reader_cancel(feed->reader);
}

void iv_whep_feed_clear(IvWhepFeed *feed) {
  drop_past(feed);
  g_clear_pointer(&feed->reader, iv_unit_reader_free);
  g_cond_clear(&feed->changed);
  g_mutex_clear(&feed->mutex);
}

/* ---- into the pipeline ---- */

static GstBuffer *wrap(IvEncodedUnit *unit, GstClockTime pts) {
  GstBuffer *buffer = gst_buffer_new_wrapped_full(
      GST_MEMORY_FLAG_READONLY, (gpointer)unit->bytes, unit->size, 0, unit->size,
      iv_encoded_unit_ref(unit), (GDestroyNotify)iv_encoded_unit_unref);
  GST_BUFFER_PTS(buffer) = pts;
  return buffer;
}

/* Two pictures of one time would be one to the browser, so a small step back is none. */
static void push(IvWhepSession *session, IvEncodedUnit *unit, IvTime ts) {
  IvWhepFeed *feed = &session->feed;
  if (feed->started)
    ts = MAX(ts, feed->ts_last + IV_MS);
  feed->started = TRUE;
  feed->ts_last = ts;
  GstClockTime pts = (GstClockTime)MAX(ts - feed->ts0, 0) * GST_USECOND;
  gst_app_src_push_buffer(GST_APP_SRC(session->source), wrap(unit, pts));
}

typedef struct {
  GstBufferList *packets;
  GstClockTime pts;
} Cut;

static void take_packet(const guint8 *packet, gsize size, gpointer user_data) {
  const Cut *cut = user_data;
  GstBuffer *buffer = gst_buffer_new_memdup(packet, size);
  GST_BUFFER_PTS(buffer) = cut->pts;
  gst_buffer_list_add(cut->packets, buffer);
}

GstBufferList *iv_whep_feed_cut(IvWhepFeed *feed, GstBuffer *unit) {
  GstMapInfo map;
  Cut cut = {gst_buffer_list_new(), GST_BUFFER_PTS(unit)};
  IvTime ts = feed->ts0 + (IvTime)(cut.pts / GST_USECOND);
  if (gst_buffer_map(unit, &map, GST_MAP_READ)) {
    iv_rtp_h264_cut(&feed->rtp, map.data, map.size, iv_stamp_rtp(ts), take_packet, &cut);
    gst_buffer_unmap(unit, &map);
  }
  return cut.packets;
}

static void wait_for(IvWhepFeed *feed, IvTime span) {
  gint64 until = g_get_monotonic_time() + span;
  g_mutex_lock(&feed->mutex);
  while (!feed->stopping && g_cond_wait_until(&feed->changed, &feed->mutex, until))
    ;
  g_mutex_unlock(&feed->mutex);
}

/* Only what a decoder needs for the present picture. */
static void trim_past(IvWhepFeed *feed) {
  gsize bytes = 0;
  GList *from = feed->past.tail;
  for (; from; from = from->prev) {
    bytes += ((const IvEncodedUnit *)from->data)->size;
    if (((const IvEncodedUnit *)from->data)->keyframe)
      break;
  }
  if (!from || bytes > IV_STAMP_BURST_BYTES_MAX) {
    drop_past(feed); /* the next keyframe is there sooner */
    return;
  }
  while (feed->past.head != from)
    iv_encoded_unit_unref(g_queue_pop_head(&feed->past));
}

/* What is sent before the viewer is connected would reach him late, all at once, and make him
 * believe in a delay: it joins the past instead. */
static void begin(IvWhepFeed *feed) {
  g_mutex_lock(&feed->mutex);
  while (!feed->stopping && !feed->connected)
    g_cond_wait(&feed->changed, &feed->mutex);
  g_mutex_unlock(&feed->mutex);
  take_past(feed);
  trim_past(feed);
  feed->begun = TRUE;
  for (GList *l = feed->past.head; l && l->next; l = l->next)
    feed->behind += iv_stamp_step(l->data);
  if (feed->past.length > 0)
    feed->past_end = ((const IvEncodedUnit *)feed->past.tail->data)->ts;
}

static void push_past(IvWhepSession *session) {
  IvWhepFeed *feed = &session->feed;
  g_autoptr(IvEncodedUnit) unit = g_queue_pop_head(&feed->past);
  gboolean is_last = feed->past.length == 0;
  iv_order_look(&feed->order, unit);
  push(session, unit, feed->past_end - feed->behind);
  if (is_last)
    return;
  feed->behind -= iv_stamp_step(unit);
  wait_for(feed, iv_stamp_step(unit));
}

/* GStreamer holds back what is to be shown later: a film read faster than it lasts, or the clock of
 * this machine was set forward. */
static gboolean is_ahead(const IvWhepSession *session, const IvEncodedUnit *unit) {
  GstClockTime now = gst_element_get_current_running_time(session->pipeline);
  return GST_CLOCK_TIME_IS_VALID(now) &&
         unit->ts - session->feed.ts0 > (IvTime)(now / GST_USECOND) + IV_SECOND;
}

static const char *fault_of(IvWhepSession *session, const IvEncodedUnit *unit) {
  IvWhepFeed *feed = &session->feed;
  if (unit->codec != IV_CODEC_H264)
    return "the camera's stream is not H.264 any more";
  if (is_ahead(session, unit))
    return "the camera's time is ahead of this machine's";
  switch (iv_order_look(&feed->order, unit)) {
  case IV_ORDER_REORDERED:
    return "the camera sends B-frames";
  case IV_ORDER_SET_BACK:
    return "the camera's clock was set back";
  case IV_ORDER_FINE:
    break;
  }
  return NULL;
}

/* A unit that can be shown; NULL when there are no more. */
static IvEncodedUnit *next_unit(IvWhepFeed *feed) {
  IvEncodedUnit *unit;
  while ((unit = iv_unit_reader_pop(feed->reader, -1, NULL)) && !feed->started && !unit->keyframe)
    iv_encoded_unit_unref(unit);
  return unit;
}

void iv_whep_feed_next(IvWhepSession *session) {
  IvWhepFeed *feed = &session->feed;
  if (!feed->begun)
    begin(feed);
  if (feed->past.length > 0) {
    push_past(session);
    return;
  }
  g_autoptr(IvEncodedUnit) unit = next_unit(feed);
  const char *fault = unit ? fault_of(session, unit) : "the camera was closed";
  if (!fault) {
    push(session, unit, unit->ts);
    return;
  }
  iv_whep_session_end(session, fault);
  gst_app_src_end_of_stream(GST_APP_SRC(session->source));
}
