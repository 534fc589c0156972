/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "outbox/link.h"

/* Where an edge's events wait until the server has them: a queue in memory, a spool on disk
 * (outbox.db) and a sender. Delivery is at least once; the receiver makes its effect exactly once.
 *
 *   append ──▶ bounded queue ──writer thread──▶ outbox.db ──sender thread──▶ link ──▶ receiver
 *
 * The writer commits at once when it has been idle, else every 50 ms or 500 events. What was
 * committed survives a crash and is sent again at the next start; it is deleted when the other side
 * has answered for it. When the disk is full, or the spool has reached its limit, events wait in
 * the queue; when that is full too, new ones are dropped and counted, and this is logged. */
typedef struct IvOutbox IvOutbox;

typedef struct {
  const char *path;    /* of outbox.db; its folder must exist */
  guint queue_max;     /* events in memory; 0 = IV_OUTBOX_QUEUE_MAX */
  guint64 spool_bytes; /* largest outbox.db; 0 = IV_OUTBOX_SPOOL_BYTES */
  const IvLink *link;  /* NULL = spool only, nothing is sent */
  gpointer link_self;
} IvOutboxOptions;

#define IV_OUTBOX_QUEUE_MAX 8192
#define IV_OUTBOX_SPOOL_BYTES (G_GUINT64_CONSTANT(4) << 30) /* about 10 million events */
#define IV_OUTBOX_REFUSED_MAX 1000 /* refused events are kept for a look, the oldest go */

typedef struct {
  guint queued;                      /* in memory, not yet on disk */
  guint64 spooled;                   /* on disk, not yet answered for */
  IvTime oldest_ts;                  /* event time of the oldest spooled one, IV_TIME_NONE = none */
  guint64 appended;                  /* since start: taken by iv_outbox_append */
  guint64 dropped;                   /* since start: lost, because queue and disk were full */
  guint64 delivered;                 /* since start: answered for, all verdicts */
  guint64 duplicates, late, refused; /* since start: of those */
  guint64 write_failures, send_failures; /* since start: tries that failed */
  gboolean disk_ok, link_ok;             /* the last try worked */
} IvOutboxStats;

/* Opens or makes the spool and starts the threads; what an earlier process left is sent first. */
IvOutbox *iv_outbox_open(const IvOutboxOptions *options, GError **error);

/* Writes what is queued, gives the batch under way its answer, stops. What is not delivered stays
 * on disk. */
void iv_outbox_close(IvOutbox *outbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvOutbox, iv_outbox_close)

/* Takes copies of n events. Never waits for disk or network (a mutex held for moments). Returns how
 * many were dropped because the queue is full. Any thread. */
guint iv_outbox_append(IvOutbox *outbox, const IvEvent *events, guint n);

/* Waits until everything appended so far was delivered (spool only: is on disk), at most `timeout`
 * µs; FALSE if it wasn't. For ends of files and tests. */
gboolean iv_outbox_drain(IvOutbox *outbox, IvTime timeout);

/* Any thread, no disk access. */
void iv_outbox_stats(IvOutbox *outbox, IvOutboxStats *ret_stats);
