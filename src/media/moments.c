/* SPDX-License-Identifier: Apache-2.0 */
#include "media/moments.h"

#include "media/jpeg.h"

#define FAR_QUALITY 90 /* it is encoded once more when it is stored */

struct IvMoments {
  gboolean far;
  GMutex mutex; /* guards the rest; no other is taken under it */
  IvMoment last;
  IvMoment near[IV_MOMENTS_NEAR], kept[IV_MOMENTS_FAR]; /* rings; ts IV_TIME_NONE = empty */
  guint near_at, kept_at;                               /* where the next one goes */
  IvTime kept_ts;                                       /* of the last that was chosen to be kept */
};

static const IvMoment nothing = {.ts = IV_TIME_NONE};

void iv_moment_clear(IvMoment *moment) {
  g_clear_pointer(&moment->frame, iv_frame_unref);
  g_clear_pointer(&moment->jpeg, g_bytes_unref);
  g_clear_pointer(&moment->tracks, g_free);
}

static void empty(IvMoment *moments, guint n) {
  for (guint i = 0; i < n; i++) {
    iv_moment_clear(&moments[i]);
    moments[i] = nothing;
  }
}

static void empty_all(IvMoments *m) {
  empty(&m->last, 1);
  empty(m->near, IV_MOMENTS_NEAR);
  empty(m->kept, IV_MOMENTS_FAR);
  m->near_at = m->kept_at = 0;
  m->kept_ts = IV_TIME_NONE;
}

IvMoments *iv_moments_new(gboolean far) {
  IvMoments *m = g_new0(IvMoments, 1);
  g_mutex_init(&m->mutex);
  m->far = far;
  empty_all(m);
  return m;
}

void iv_moments_free(IvMoments *m) {
  if (!m)
    return;
  empty_all(m);
  g_mutex_clear(&m->mutex);
  g_free(m);
}

void iv_moments_forget(IvMoments *m) {
  g_mutex_lock(&m->mutex);
  empty_all(m);
  g_mutex_unlock(&m->mutex);
}

static IvMoment moment_of(IvFrame *frame, const IvTrackPoint *tracks, guint n) {
  n = MIN(n, IV_MOMENTS_TRACKS_MAX);
  return (IvMoment){.ts = frame->ts,
                    .frame = iv_frame_ref(frame),
                    .n_tracks = n,
                    .tracks = g_memdup2(tracks, n * sizeof *tracks)};
}

static void put(IvMoment *place, IvMoment moment) {
  iv_moment_clear(place);
  *place = moment;
}

void iv_moments_come(IvMoments *m, IvFrame *frame) {
  IvMoment moment = moment_of(frame, NULL, 0);
  g_mutex_lock(&m->mutex);
  put(&m->last, moment);
  g_mutex_unlock(&m->mutex);
}

static guint near_size(const IvFrame *frame) {
  gsize bytes = (gsize)frame->size.width * (gsize)frame->size.height * 3 / 2;
  gsize n = IV_MOMENTS_NEAR_BYTES / MAX(bytes, 1);
  return (guint)CLAMP(n, 2, IV_MOMENTS_NEAR);
}

/* A clock that went back begins anew. */
static gboolean is_due(const IvMoments *m, IvTime ts) {
  return m->kept_ts == IV_TIME_NONE || ts - m->kept_ts >= IV_MOMENTS_FAR_STEP || ts < m->kept_ts;
}

gboolean iv_moments_see(IvMoments *m, IvFrame *frame, const IvTrackPoint *tracks, guint n) {
  IvMoment moment = moment_of(frame, tracks, n);
  guint size = near_size(frame);
  g_mutex_lock(&m->mutex);
  if (m->near_at >= size)
    m->near_at = 0;
  put(&m->near[m->near_at++], moment);
  empty(m->near + size, IV_MOMENTS_NEAR - size); /* of a smaller picture before */
  gboolean keep = m->far && n > 0 && is_due(m, frame->ts);
  if (keep)
    m->kept_ts = frame->ts;
  g_mutex_unlock(&m->mutex);
  return keep;
}

void iv_moments_keep(IvMoments *m, IvFrame *frame, const IvTrackPoint *tracks, guint n) {
  IvMoment moment = moment_of(frame, tracks, n);
  moment.jpeg = iv_jpeg_encode(frame, IV_JPEG_FULL, FAR_QUALITY, NULL, 0);
  g_clear_pointer(&moment.frame, iv_frame_unref);
  if (!moment.jpeg) {
    iv_moment_clear(&moment);
    return;
  }
  g_mutex_lock(&m->mutex);
  put(&m->kept[m->kept_at], moment);
  m->kept_at = (m->kept_at + 1) % IV_MOMENTS_FAR;
  g_mutex_unlock(&m->mutex);
}

static gboolean is_nearer(const IvMoment *a, const IvMoment *b, IvTime ts) {
  return a->ts != IV_TIME_NONE && (!b || ABS(a->ts - ts) < ABS(b->ts - ts));
}

/* Of equal ones the first: with its tracks, and as it was decoded. */
static const IvMoment *nearest(const IvMoments *m, IvTime ts) {
  const IvMoment *best = NULL;
  for (guint i = 0; i < IV_MOMENTS_NEAR; i++)
    if (is_nearer(&m->near[i], best, ts))
      best = &m->near[i];
  if (is_nearer(&m->last, best, ts))
    best = &m->last;
  for (guint i = 0; i < IV_MOMENTS_FAR; i++)
    if (is_nearer(&m->kept[i], best, ts))
      best = &m->kept[i];
  return best;
}

gboolean iv_moments_find(IvMoments *m, IvTime ts, IvTime within, IvMoment *ret_moment) {
  g_mutex_lock(&m->mutex);
  const IvMoment *found = nearest(m, ts);
  gboolean fits = found && ABS(found->ts - ts) <= within;
  if (fits)
    *ret_moment =
        (IvMoment){.ts = found->ts,
                   .frame = found->frame ? iv_frame_ref(found->frame) : NULL,
                   .jpeg = found->jpeg ? g_bytes_ref(found->jpeg) : NULL,
                   .n_tracks = found->n_tracks,
                   .tracks = g_memdup2(found->tracks, found->n_tracks * sizeof *found->tracks)};
  g_mutex_unlock(&m->mutex);
  return fits;
}

IvTime iv_moments_last(IvMoments *m) {
  g_mutex_lock(&m->mutex);
  IvTime ts = m->last.ts;
  g_mutex_unlock(&m->mutex);
  return ts;
}
