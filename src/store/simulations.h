/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "store/store.h"

/* Stores whose events were acted out by the simulator. A store is simulated from its first moment
 * or never: real and simulated counts are never in one database. */

#define IV_SCENARIO_DIGEST_MAX 64 /* hex digits */

typedef struct {
  char scenario[81]; /* name of the store that is acted out */
  char digest[IV_SCENARIO_DIGEST_MAX + 1];
  gint64 seed;
  IvTime from, until; /* what is in the ledger in full */
} IvSimulation;

/* Whether the database may go on with this simulation (`wanted` NULL: with real cameras).
 * IV_STORE_ERROR_CONFLICT when it holds counts of the other sort, or of another scenario or seed;
 * the message names no file. */
gboolean iv_simulations_check(IvStore *store, const IvSimulation *wanted, GError **error);

/* Marks the store as simulated, if it is not yet. IV_STORE_ERROR_NOT_FOUND without such a store. */
gboolean iv_simulations_begin(IvStore *store, const char *store_id, const IvSimulation *simulation,
                              GError **error);

/* Everything before `until` is in the ledger. Never goes back. */
gboolean iv_simulations_advance(IvStore *store, const char *store_id, IvTime until, GError **error);

/* FALSE without `error` when the store is real, or not there. */
gboolean iv_simulations_get(IvStore *store, const char *store_id, IvSimulation *ret_simulation,
                            GError **error);
