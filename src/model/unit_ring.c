/* SPDX-License-Identifier: Apache-2.0 */
#include "model/unit_ring.h"

/* One mutex for the ring and all its readers: a push touches every reader anyway, a reader's pop
 * only takes a pointer, and two locks would need an order. */
struct IvUnitRing {
  gatomicrefcount refs;
  GMutex mutex;
  GCond drained; /* a reader of kind EVERY has room, or went away */
  GQueue gop;    /* of IvEncodedUnit; empty until a keyframe, and while a GOP is too long */
  gsize gop_bytes;
  GPtrArray *readers; /* borrowed */
  guint64 serial;     /* of the unit being pushed */
  IvUnitOrder order;
  gboolean reordered, closed;
};

struct IvUnitReader {
  IvUnitRing *ring;
  IvReaderKind kind;
  GCond filled;
  GQueue queue;
  guint capacity;
  guint lost;       /* since the last unit that was queued */
  guint lost_first; /* what to report with the first unit in the queue */
  guint64 dropped;
  guint64 serial; /* of the last unit offered */
  gboolean needs_key, cancelled, finished;
};

IvUnitRing *iv_unit_ring_new(void) {
  IvUnitRing *ring = g_new0(IvUnitRing, 1);
  g_atomic_ref_count_init(&ring->refs);
  g_mutex_init(&ring->mutex);
  g_cond_init(&ring->drained);
  g_queue_init(&ring->gop);
  ring->readers = g_ptr_array_new();
  return ring;
}

IvUnitRing *iv_unit_ring_ref(IvUnitRing *ring) {
  g_atomic_ref_count_inc(&ring->refs);
  return ring;
}

static void clear_queue(GQueue *queue) {
  g_queue_clear_full(queue, (GDestroyNotify)iv_encoded_unit_unref);
}

void iv_unit_ring_unref(IvUnitRing *ring) {
  if (!g_atomic_ref_count_dec(&ring->refs))
    return;
  clear_queue(&ring->gop);
  g_ptr_array_free(ring->readers, TRUE);
  g_cond_clear(&ring->drained);
  g_mutex_clear(&ring->mutex);
  g_free(ring);
}

static void forget_gop(IvUnitRing *ring) {
  clear_queue(&ring->gop);
  ring->gop_bytes = 0;
}

static void keep_in_gop(IvUnitRing *ring, IvEncodedUnit *unit) {
  if (unit->keyframe)
    forget_gop(ring);
  else if (ring->gop.length == 0)
    return;
  g_queue_push_tail(&ring->gop, iv_encoded_unit_ref(unit));
  ring->gop_bytes += unit->size;
  if (ring->gop.length > IV_RING_GOP_UNITS_MAX || ring->gop_bytes > IV_RING_GOP_BYTES_MAX)
    forget_gop(ring);
}

static void forget_order(IvUnitRing *ring) {
  ring->order = (IvUnitOrder){0};
  ring->reordered = FALSE;
}

static void note_order(IvUnitRing *ring, const IvEncodedUnit *unit) {
  if (unit->epoch != ring->order.epoch)
    forget_order(ring);
  if (iv_unit_order_look(&ring->order, unit))
    ring->reordered = TRUE;
}

static gboolean is_done(const IvUnitReader *reader) {
  return reader->cancelled || reader->finished;
}

static gboolean has_member(IvUnitRing *ring, IvUnitReader *reader) {
  return g_ptr_array_find(ring->readers, reader, NULL);
}

/* Called with the mutex, which it gives up while waiting: the reader may be gone afterwards. */
static gboolean wait_for_room(IvUnitRing *ring, IvUnitReader *reader) {
  while (!ring->closed && has_member(ring, reader) && !is_done(reader) &&
         reader->queue.length >= reader->capacity)
    g_cond_wait(&ring->drained, &ring->mutex);
  return has_member(ring, reader) && !is_done(reader);
}

static void drop_backlog(IvUnitReader *reader) {
  guint n = reader->queue.length;
  clear_queue(&reader->queue);
  reader->dropped += n;
  reader->lost += n + reader->lost_first;
  reader->lost_first = 0;
  reader->needs_key = TRUE;
}

static void offer(IvUnitReader *reader, IvEncodedUnit *unit) {
  if (is_done(reader))
    return;
  if (reader->kind == IV_READER_LIVE && reader->queue.length >= reader->capacity)
    drop_backlog(reader);
  if (reader->needs_key && !unit->keyframe) {
    if (reader->lost > 0) { /* waiting for the first keyframe is not a loss */
      reader->lost++;
      reader->dropped++;
    }
    return;
  }
  reader->needs_key = FALSE;
  if (reader->queue.length == 0) {
    reader->lost_first += reader->lost;
    reader->lost = 0;
  }
  g_queue_push_tail(&reader->queue, iv_encoded_unit_ref(unit));
  g_cond_signal(&reader->filled);
}

/* A reader of `kind` that the present unit was not offered to yet. */
static IvUnitReader *next_reader(IvUnitRing *ring, IvReaderKind kind) {
  for (guint i = 0; i < ring->readers->len; i++) {
    IvUnitReader *reader = ring->readers->pdata[i];
    if (reader->kind == kind && reader->serial != ring->serial)
      return reader;
  }
  return NULL;
}

void iv_unit_ring_push(IvUnitRing *ring, IvEncodedUnit *unit) {
  IvUnitReader *reader;
  g_mutex_lock(&ring->mutex);
  ring->serial++;
  note_order(ring, unit);
  keep_in_gop(ring, unit);
  while ((reader = next_reader(ring, IV_READER_LIVE))) {
    reader->serial = ring->serial;
    offer(reader, unit);
  }
  while ((reader = next_reader(ring, IV_READER_EVERY))) { /* readers may come and go in the wait */
    reader->serial = ring->serial;
    if (wait_for_room(ring, reader))
      offer(reader, unit);
  }
  g_mutex_unlock(&ring->mutex);
}

gboolean iv_unit_ring_is_reordered(IvUnitRing *ring) {
  g_mutex_lock(&ring->mutex);
  gboolean reordered = ring->reordered;
  g_mutex_unlock(&ring->mutex);
  return reordered;
}

void iv_unit_ring_reset(IvUnitRing *ring) {
  g_mutex_lock(&ring->mutex);
  forget_gop(ring);
  forget_order(ring);
  for (guint i = 0; i < ring->readers->len; i++) {
    IvUnitReader *reader = ring->readers->pdata[i];
    reader->needs_key = reader->kind == IV_READER_LIVE;
  }
  g_mutex_unlock(&ring->mutex);
}

void iv_unit_ring_close(IvUnitRing *ring) {
  g_mutex_lock(&ring->mutex);
  ring->closed = TRUE;
  for (guint i = 0; i < ring->readers->len; i++)
    g_cond_broadcast(&((IvUnitReader *)ring->readers->pdata[i])->filled);
  g_cond_broadcast(&ring->drained);
  g_mutex_unlock(&ring->mutex);
}

gboolean iv_unit_ring_is_closed(IvUnitRing *ring) {
  g_mutex_lock(&ring->mutex);
  gboolean closed = ring->closed;
  g_mutex_unlock(&ring->mutex);
  return closed;
}

guint iv_unit_ring_n_readers(IvUnitRing *ring) {
  g_mutex_lock(&ring->mutex);
  guint n = ring->readers->len;
  g_mutex_unlock(&ring->mutex);
  return n;
}

static void copy_gop(IvUnitRing *ring, IvUnitReader *reader) {
  for (GList *l = ring->gop.head; l; l = l->next)
    g_queue_push_tail(&reader->queue, iv_encoded_unit_ref(l->data));
  reader->capacity += ring->gop.length;
  if (ring->gop.length > 0)
    reader->needs_key = FALSE;
}

IvUnitReader *iv_unit_reader_new(IvUnitRing *ring, IvReaderKind kind, guint capacity,
                                 gboolean from_gop) {
  g_mutex_lock(&ring->mutex);
  IvUnitReader *reader = NULL;
  if (ring->readers->len < IV_RING_READERS_MAX) {
    reader = g_new0(IvUnitReader, 1);
    reader->ring = iv_unit_ring_ref(ring);
    reader->kind = kind;
    reader->capacity = CLAMP(capacity, 1, IV_RING_GOP_UNITS_MAX);
    reader->needs_key = kind == IV_READER_LIVE;
    reader->serial = ring->serial;
    g_cond_init(&reader->filled);
    g_queue_init(&reader->queue);
    if (from_gop)
      copy_gop(ring, reader);
    g_ptr_array_add(ring->readers, reader);
  }
  g_mutex_unlock(&ring->mutex);
  return reader;
}

void iv_unit_reader_free(IvUnitReader *reader) {
  IvUnitRing *ring = reader->ring;
  g_mutex_lock(&ring->mutex);
  g_ptr_array_remove(ring->readers, reader);
  g_cond_broadcast(&ring->drained);
  g_mutex_unlock(&ring->mutex);
  clear_queue(&reader->queue);
  g_cond_clear(&reader->filled);
  iv_unit_ring_unref(ring);
  g_free(reader);
}

IvEncodedUnit *iv_unit_reader_pop(IvUnitReader *reader, IvTime timeout, guint *ret_lost) {
  IvUnitRing *ring = reader->ring;
  gint64 deadline = g_get_monotonic_time() + timeout;
  g_mutex_lock(&ring->mutex);
  while (reader->queue.length == 0 && !is_done(reader) && !ring->closed) {
    if (timeout < 0)
      g_cond_wait(&reader->filled, &ring->mutex);
    else if (!g_cond_wait_until(&reader->filled, &ring->mutex, deadline))
      break;
  }
  IvEncodedUnit *unit = g_queue_pop_head(&reader->queue);
  if (unit) {
    if (ret_lost)
      *ret_lost = reader->lost_first;
    reader->lost_first = 0;
    g_cond_broadcast(&ring->drained);
  }
  g_mutex_unlock(&ring->mutex);
  return unit;
}

void iv_unit_reader_cancel(IvUnitReader *reader) {
  g_mutex_lock(&reader->ring->mutex);
  reader->cancelled = TRUE;
  clear_queue(&reader->queue);
  g_cond_broadcast(&reader->filled);
  g_cond_broadcast(&reader->ring->drained);
  g_mutex_unlock(&reader->ring->mutex);
}

void iv_unit_reader_finish(IvUnitReader *reader) {
  g_mutex_lock(&reader->ring->mutex);
  reader->finished = TRUE;
  g_cond_broadcast(&reader->filled);
  g_cond_broadcast(&reader->ring->drained);
  g_mutex_unlock(&reader->ring->mutex);
}

gboolean iv_unit_reader_is_over(IvUnitReader *reader) {
  g_mutex_lock(&reader->ring->mutex);
  gboolean over = reader->queue.length == 0 && (is_done(reader) || reader->ring->closed);
  g_mutex_unlock(&reader->ring->mutex);
  return over;
}

guint64 iv_unit_reader_dropped(IvUnitReader *reader) {
  g_mutex_lock(&reader->ring->mutex);
  guint64 dropped = reader->dropped;
  g_mutex_unlock(&reader->ring->mutex);
  return dropped;
}
