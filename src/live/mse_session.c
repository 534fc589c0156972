/* SPDX-License-Identifier: Apache-2.0 */
#include "live/mse_session.h"

#include <string.h>

#include "base/clock.h"
#include "live/live_error.h"
#include "live/live_mp4.h"
#include "live/stamp.h"

#define QUEUE_UNITS 90 /* 3 s at 30 a second */

G_STATIC_ASSERT(IV_MSE_CODEC_MAX == IV_CODEC_NAME_MAX);

struct IvMseSession {
  gatomicrefcount refs;
  IvUnitReader *reader;
  IvTime opened;
  GThread *thread; /* joined by iv_mse_session_free */

  /* The session's thread only, after opening. */
  IvEncodedUnit *first; /* read when it was opened */
  IvLiveMp4 mp4;
  IvOrderWatch order;
  gboolean needs_key;

  GMutex mutex; /* guards what follows; `wake` is called under it */
  GCond changed;
  GQueue pieces; /* GBytes */
  gsize bytes;
  gboolean skipping; /* nothing is taken up to the next keyframe */
  guint64 dropped;
  gboolean attached;
  void (*wake)(gpointer user_data);
  gpointer user_data;
  const char *over; /* static text */
};

/* ---- its life ---- */

IvMseSession *iv_mse_session_ref(IvMseSession *session) {
  g_atomic_ref_count_inc(&session->refs);
  return session;
}

void iv_mse_session_unref(IvMseSession *session) {
  if (!g_atomic_ref_count_dec(&session->refs))
    return;
  g_clear_pointer(&session->first, iv_encoded_unit_unref);
  g_clear_pointer(&session->reader, iv_unit_reader_free);
  iv_live_mp4_clear(&session->mp4);
  g_queue_clear_full(&session->pieces, (GDestroyNotify)g_bytes_unref);
  g_cond_clear(&session->changed);
  g_mutex_clear(&session->mutex);
  g_free(session);
}

void iv_mse_session_end(IvMseSession *session, const char *why) {
  g_mutex_lock(&session->mutex);
  if (!session->over) {
    session->over = why;
    if (session->wake)
      session->wake(session->user_data);
  }
  g_cond_broadcast(&session->changed);
  g_mutex_unlock(&session->mutex);
  iv_unit_reader_cancel(session->reader);
}

const char *iv_mse_session_is_over(IvMseSession *session, IvTime now) {
  g_mutex_lock(&session->mutex);
  const char *over = session->over;
  if (!over && !session->attached && now - session->opened > IV_MSE_CONNECT_TIME)
    over = "the viewer never connected";
  g_mutex_unlock(&session->mutex);
  return over;
}

void iv_mse_session_free(IvMseSession *session) {
  if (!session)
    return;
  iv_mse_session_end(session, "it was closed");
  g_thread_join(session->thread);
  iv_mse_session_unref(session);
}

guint64 iv_mse_session_dropped(IvMseSession *session) {
  g_mutex_lock(&session->mutex);
  guint64 dropped = session->dropped;
  g_mutex_unlock(&session->mutex);
  return dropped;
}

/* ---- pieces ---- */

static void write_head(guint8 *head, IvMseKind kind, guint8 flag, guint length, IvTime time) {
  guint64 big = GUINT64_TO_BE((guint64)time);
  memset(head, 0, IV_MSE_HEADER);
  head[0] = (guint8)kind;
  head[1] = flag;
  head[2] = (guint8)(length >> 8);
  head[3] = (guint8)(length & 0xff);
  memcpy(head + 8, &big, sizeof big);
}

static GBytes *begin_piece(const IvLiveMp4 *mp4, GBytes *header) {
  guint8 head[IV_MSE_HEADER];
  gsize n = 0;
  const guint8 *bytes = g_bytes_get_data(header, &n);
  guint length = (guint)strlen(mp4->codec);
  GByteArray *out = g_byte_array_sized_new((guint)n + IV_MSE_HEADER + length);
  write_head(head, IV_MSE_BEGIN, 0, length, mp4->origin);
  g_byte_array_append(out, head, sizeof head);
  g_byte_array_append(out, (const guint8 *)mp4->codec, length);
  g_byte_array_append(out, bytes, (guint)n);
  return g_byte_array_free_to_bytes(out);
}

static GBytes *picture_piece(IvLiveMp4 *mp4, const IvEncodedUnit *unit) {
  GByteArray *out = iv_live_mp4_fragment(mp4, unit, IV_MSE_HEADER);
  write_head(out->data, IV_MSE_PICTURE, unit->keyframe ? 1 : 0, 0, unit->ts);
  return g_byte_array_free_to_bytes(out);
}

/* Called with the mutex. Beginnings stay, or nothing after them could be understood. */
static void drop_pictures(IvMseSession *session) {
  GQueue kept = G_QUEUE_INIT;
  for (GBytes *piece; (piece = g_queue_pop_head(&session->pieces));) {
    if (((const guint8 *)g_bytes_get_data(piece, NULL))[0] == IV_MSE_BEGIN) {
      g_queue_push_tail(&kept, piece);
      continue;
    }
    session->bytes -= g_bytes_get_size(piece);
    session->dropped++;
    g_bytes_unref(piece);
  }
  session->pieces = kept;
}

/* Takes `piece`. */
static void hand_out(IvMseSession *session, GBytes *piece, gboolean is_picture, gboolean is_key) {
  g_mutex_lock(&session->mutex);
  gboolean was_empty = g_queue_is_empty(&session->pieces);
  gboolean full = !was_empty && (session->pieces.length >= IV_MSE_PIECES_MAX ||
                                 session->bytes + g_bytes_get_size(piece) > IV_MSE_BYTES_MAX);
  if (full && is_picture) {
    drop_pictures(session);
    session->skipping = TRUE;
  }
  if (is_picture && session->skipping && !is_key) {
    session->dropped++;
    g_bytes_unref(piece);
  } else {
    session->skipping = session->skipping && !is_picture;
    session->bytes += g_bytes_get_size(piece);
    g_queue_push_tail(&session->pieces, piece);
    if (was_empty && session->wake && !session->over)
      session->wake(session->user_data);
  }
  g_mutex_unlock(&session->mutex);
}

/* ---- its thread ---- */

static const char *fault_of(IvMseSession *session, const IvEncodedUnit *unit) {
  if (unit->codec != IV_CODEC_H264 && unit->codec != IV_CODEC_H265)
    return "the camera's stream is neither H.264 nor H.265 any more";
  return iv_order_look(&session->order, unit) == IV_ORDER_SET_BACK
             ? "the camera's clock was set back"
             : NULL;
}

/* FALSE when it is over. */
static gboolean take(IvMseSession *session, const IvEncodedUnit *unit) {
  g_autoptr(GBytes) header = NULL;
  const char *fault = fault_of(session, unit);
  if (!fault && unit->keyframe && !iv_live_mp4_begin(&session->mp4, unit, &header))
    fault = "the camera's stream lacks its parameter sets";
  if (fault) {
    iv_mse_session_end(session, fault);
    return FALSE;
  }
  if (header)
    hand_out(session, begin_piece(&session->mp4, header), FALSE, FALSE);
  session->needs_key = session->needs_key && !unit->keyframe;
  if (!session->needs_key)
    hand_out(session, picture_piece(&session->mp4, unit), TRUE, unit->keyframe);
  return TRUE;
}

static gboolean wait_for_socket(IvMseSession *session) {
  g_mutex_lock(&session->mutex);
  while (!session->attached && !session->over)
    g_cond_wait(&session->changed, &session->mutex);
  gboolean goes_on = !session->over;
  g_mutex_unlock(&session->mutex);
  return goes_on;
}

static gpointer run(gpointer user_data) {
  IvMseSession *session = user_data;
  guint lost = 0;
  if (wait_for_socket(session)) {
    gboolean goes_on = take(session, session->first);
    while (goes_on) {
      g_autoptr(IvEncodedUnit) unit = iv_unit_reader_pop(session->reader, -1, &lost);
      if (!unit)
        break;
      goes_on = take(session, unit);
    }
    iv_mse_session_end(session, "the camera was closed");
  }
  iv_mse_session_unref(session);
  return NULL;
}

/* ---- opening ---- */

static gboolean fail(GError **error, IvLiveError code, const char *text) {
  g_set_error_literal(error, IV_LIVE_ERROR, (gint)code, text);
  return FALSE;
}

/* Reads the first keyframe, which tells what the viewer must be able to play. */
static gboolean begin(IvMseSession *session, IvTime deadline, GError **error) {
  IvTime patience = MAX(deadline - iv_clock_monotonic(), 0);
  g_autoptr(GBytes) header = NULL;
  session->first = iv_unit_reader_pop(session->reader, patience, NULL);
  if (!session->first)
    return fail(error, IV_LIVE_ERROR_FAILED,
                "The camera has not sent a keyframe yet. Try again in a moment.");
  if (session->first->codec != IV_CODEC_H264 && session->first->codec != IV_CODEC_H265)
    return fail(error, IV_LIVE_ERROR_STREAM,
                "The camera's stream is neither H.264 nor H.265, which live video needs. Set it to "
                "H.264 in the camera's own pages; its snapshots go on.");
  if (!iv_live_mp4_begin(&session->mp4, session->first, &header))
    return fail(error, IV_LIVE_ERROR_STREAM,
                "The camera's stream lacks its parameter sets, so no browser can play it.");
  g_clear_pointer(&session->mp4.config, g_byte_array_unref); /* the thread begins anew */
  return TRUE;
}

IvMseSession *iv_mse_session_open(IvUnitRing *ring, IvTime deadline,
                                  char ret_codec[IV_MSE_CODEC_MAX], GError **error) {
  g_autoptr(IvMseSession) session = g_new0(IvMseSession, 1);
  g_atomic_ref_count_init(&session->refs);
  g_mutex_init(&session->mutex);
  g_cond_init(&session->changed);
  g_queue_init(&session->pieces);
  session->opened = iv_clock_monotonic();
  session->needs_key = TRUE;
  session->reader = iv_unit_reader_new(ring, IV_READER_LIVE, QUEUE_UNITS, TRUE);
  if (!session->reader) {
    g_set_error(error, IV_LIVE_ERROR, IV_LIVE_ERROR_FULL,
                "The camera already serves %d viewers and other readers. Close some.",
                IV_RING_READERS_MAX);
    return NULL;
  }
  if (!begin(session, deadline, error))
    return NULL;
  g_strlcpy(ret_codec, session->mp4.codec, IV_MSE_CODEC_MAX);
  session->thread = g_thread_new("mse-viewer", run, iv_mse_session_ref(session));
  return g_steal_pointer(&session);
}

/* ---- the socket ---- */

gboolean iv_mse_session_attach(IvMseSession *session, void (*wake)(gpointer user_data),
                               gpointer user_data) {
  g_mutex_lock(&session->mutex);
  gboolean fine = !session->attached && !session->over;
  if (fine) {
    session->attached = TRUE;
    session->wake = wake;
    session->user_data = user_data;
    g_cond_broadcast(&session->changed);
  }
  g_mutex_unlock(&session->mutex);
  return fine;
}

GBytes *iv_mse_session_next(IvMseSession *session) {
  g_mutex_lock(&session->mutex);
  GBytes *piece = session->over ? NULL : g_queue_pop_head(&session->pieces);
  if (piece)
    session->bytes -= g_bytes_get_size(piece);
  g_mutex_unlock(&session->mutex);
  return piece;
}

void iv_mse_session_leave(IvMseSession *session) {
  g_mutex_lock(&session->mutex);
  session->wake = NULL;
  g_mutex_unlock(&session->mutex);
  iv_mse_session_end(session, "the viewer closed it");
}
