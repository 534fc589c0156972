/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/unit.h"

/* The units of one camera, from one writer to any number of readers. The ring keeps the current GOP
 * (last keyframe and what followed), so that a new reader starts with a picture at once. Every
 * reader has a bounded queue of its own; a slow one loses units, counted, and goes on at the next
 * keyframe; it never slows the camera or another reader. Any thread; the ring and its readers are
 * reference counted together, so either may go first. Cost of a push: O(readers), no copy. */
typedef struct IvUnitRing IvUnitRing;
typedef struct IvUnitReader IvUnitReader;

#define IV_RING_GOP_UNITS_MAX 900 /* 30 s at 30 fps; a longer GOP is not kept */
#define IV_RING_GOP_BYTES_MAX (32u * 1024 * 1024)
#define IV_RING_READERS_MAX 64

typedef enum {
  IV_READER_LIVE, /* a full queue is emptied, counted, and the reader waits for a keyframe */
  IV_READER_EVERY /* the writer waits for room: for files, where nothing may be lost. Cancel it
                   * before the writer is to stop */
} IvReaderKind;

IvUnitRing *iv_unit_ring_new(void);
IvUnitRing *iv_unit_ring_ref(IvUnitRing *ring);
void iv_unit_ring_unref(IvUnitRing *ring);

/* Shares `unit` (takes its own references). Waits only for IV_READER_EVERY readers. */
void iv_unit_ring_push(IvUnitRing *ring, IvEncodedUnit *unit);

/* Forgets the GOP, so that a new reader doesn't start in the past (the camera went away). */
void iv_unit_ring_reset(IvUnitRing *ring);

/* Units of the present connection were shown in another order than they were sent in: B-frames.
 * Known within some units, and forgotten at each discontinuity and reset. */
gboolean iv_unit_ring_is_reordered(IvUnitRing *ring);

/* No more units: readers get what is queued, then NULL. */
void iv_unit_ring_close(IvUnitRing *ring);

gboolean iv_unit_ring_is_closed(IvUnitRing *ring);

/* How many read it now. */
guint iv_unit_ring_n_readers(IvUnitRing *ring);

/* A reader whose queue holds at most `capacity` (1..IV_RING_GOP_UNITS_MAX) units beyond the GOP it
 * starts with. `from_gop`: start with the GOP at hand instead of waiting for the next keyframe.
 * NULL when there are IV_RING_READERS_MAX already. */
IvUnitReader *iv_unit_reader_new(IvUnitRing *ring, IvReaderKind kind, guint capacity,
                                 gboolean from_gop);
void iv_unit_reader_free(IvUnitReader *reader);

/* The next unit, owned by the caller; waits up to `timeout` µs (< 0: for ever). NULL when none
 * came, when the reader is cancelled, or when the ring is closed and everything was read. The first
 * unit of a reader, and the first after a loss, is a keyframe; `ret_lost` (may be NULL) says how
 * many units were left out just before it. */
IvEncodedUnit *iv_unit_reader_pop(IvUnitReader *reader, IvTime timeout, guint *ret_lost);

/* Wakes the reader for good; its queue is dropped (not counted) and a waiting writer goes on. */
void iv_unit_reader_cancel(IvUnitReader *reader);

/* No more for this reader: it gets what is queued, then NULL. */
void iv_unit_reader_finish(IvUnitReader *reader);

/* TRUE once nothing will come any more. */
gboolean iv_unit_reader_is_over(IvUnitReader *reader);

/* Units lost since the start because the reader was slow. */
guint64 iv_unit_reader_dropped(IvUnitReader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvUnitRing, iv_unit_ring_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvUnitReader, iv_unit_reader_free)
