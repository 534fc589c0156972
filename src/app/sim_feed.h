/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/live.h"
#include "app/sim_store.h"
#include "model/event.h"
#include "model/receipt.h"

/* A simulated store as a source of events and receipts, day after day. Each day of the store is
 * acted out by itself, from an empty store at midnight on, with a seed made of the store's and the
 * date: so a day is the same whenever it is acted out, and whoever acts it out a second time gives
 * the same events and receipts, which the ledger then knows already. That is how a history that was
 * interrupted goes on, and how a live store follows on its history.
 *
 * One thread; pure but for the time it takes. */
typedef struct IvSimFeed IvSimFeed;

/* Begins with the store's day that holds `from`, at its midnight; `store` must outlive it. NULL
 * with IV_SCENARIO_ERROR when the floor cannot be walked. */
IvSimFeed *iv_sim_feed_new(const IvSimStore *store, IvTime from, GError **error);
void iv_sim_feed_free(IvSimFeed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSimFeed, iv_sim_feed_free)

/* What came out of a stretch; the caller empties it. */
typedef struct {
  GArray *events;      /* of IvEvent */
  GPtrArray *receipts; /* of IvPosReceipt, owned */
} IvSimYield;
void iv_sim_yield_init(IvSimYield *ret_yield);
void iv_sim_yield_empty(IvSimYield *yield);
void iv_sim_yield_clear(IvSimYield *yield);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvSimYield, iv_sim_yield_clear)

/* Goes on until `until` and appends what happened. What happens within a day comes out the same
 * however it is cut into stretches. */
gboolean iv_sim_feed_run(IvSimFeed *feed, IvTime until, IvSimYield *yield, GError **error);

/* Everything before it has come out. */
IvTime iv_sim_feed_now(const IvSimFeed *feed);

/* Visits so far, over all days. */
guint iv_sim_feed_visits(const IvSimFeed *feed);

/* What camera `i` of the configuration sees now. */
void iv_sim_feed_glance(const IvSimFeed *feed, guint i, IvGlance *ret_glance);

/* Cameras tell that they are alive this often, at full multiples. */
#define IV_SIM_SAMPLE_SPAN (5 * IV_MINUTE)
