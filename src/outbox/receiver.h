/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "outbox/link.h"

/* The server's end of an outbox: checks what comes in at the door, hands it to the ledger in one
 * transaction, and tells of what is new after the commit. Replays change nothing. */
typedef struct IvReceiver IvReceiver;

/* The store room's iv_ledger_apply has this shape. In one transaction: stores the events that
 * aren't there yet and counts exactly those; one receipt per event. FALSE = nothing was stored. */
typedef struct {
  gboolean (*apply)(gpointer self, const IvEvent *events, guint n, IvTime now,
                    gboolean *ret_inserted, const char **ret_refused, GError **error);
} IvLedger;

/* Events that were inserted, after the commit, in the order of the batch. On the delivering thread.
 * The events are borrowed. */
typedef void (*IvReceiverPublish)(const IvEvent *events, guint n, gpointer user_data);

typedef struct {
  const IvLedger *ledger;
  gpointer ledger_self;
  IvReceiverPublish publish; /* may be NULL */
  gpointer user_data;
} IvReceiverOptions;

/* Whose batches these are: from the edge's key (or the one process), never from the batch. */
typedef struct {
  IvSlug store_id, edge_id;
} IvEdgeSession;

typedef struct {
  guint64 batches, accepted, duplicates, late, refused, unknown_kind, failed_batches;
} IvReceiverStats; /* since creation */

IvReceiver *iv_receiver_new(const IvReceiverOptions *options);
void iv_receiver_free(IvReceiver *receiver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvReceiver, iv_receiver_free)

/* Takes a batch that came through `session`; `now` is the server's clock. store_id and edge_id of
 * the events are overwritten by the session's. Any thread. */
gboolean iv_receiver_take(IvReceiver *receiver, const IvEdgeSession *session, const IvEvent *events,
                          guint n, IvTime now, IvReceipt *ret_receipts, GError **error);

void iv_receiver_stats(IvReceiver *receiver, IvReceiverStats *ret_stats);

/* The door's rules for one event alone: ids that its kind needs, times that can be, numbers in
 * range. NULL when it may come in, else why not (static text). Pure. */
#define IV_EVENT_FUTURE_MAX IV_HOUR /* how far an edge's clock may be ahead */
#define IV_EVENT_SPAN_MAX IV_DAY    /* longest interval fact */
#define IV_EVENT_NUMBER_MAX 1e12    /* of any attribute, and not negative */
const char *iv_receiver_check(const IvEvent *event, IvTime now);

/* The receiver as the far end of an outbox in the same process. `session` is copied; free with
 * g_free once the outbox is closed. The link's `self` is the returned pointer. */
typedef struct IvLocalLink IvLocalLink;
IvLocalLink *iv_local_link_new(IvReceiver *receiver, const IvEdgeSession *session);
extern const IvLink iv_local_link;
