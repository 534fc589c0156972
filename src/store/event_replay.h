/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "store/store.h"

/* The ledger again, for what learns from events and must know after a restart what it knew before.
 */
typedef void (*IvEventSeen)(const IvEvent *event, gpointer user_data);

/* Tells events of the given kinds whose `ts` lies in [from, to), in the order in which they became
 * known: points by their time, intervals by their end; who was told later than within a day of its
 * beginning comes with that day's last. A day at a time in memory. Blocks; any thread but the
 * writer. */
gboolean iv_event_replay(IvStore *store, const char *store_id, const IvEventKind *kinds,
                         guint n_kinds, IvTime from, IvTime to, IvEventSeen seen,
                         gpointer user_data, GError **error);
