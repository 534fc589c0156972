/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/sim_stage.h"
#include "config/config.h"
#include "store/simulations.h"

/* A scenario as a store that the product runs: what its configuration says, what it sells, and the
 * mark in its database. */
typedef struct {
  IvScenario *scenario;
  GTimeZone *zone;
  char digest[IV_SCENARIO_DIGEST_MAX + 1]; /* SHA-256 of the file */
  gint64 seed;
} IvSimStore;

/* Reads the scenario file. FALSE with one line that names it; `ret_store` is untouched then. */
gboolean iv_sim_store_load(const char *path, gint64 seed, IvSimStore *ret_store, GError **error);
void iv_sim_store_clear(IvSimStore *store);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvSimStore, iv_sim_store_clear)

/* Ideal cameras: points are exact, so nobody has to be forgiven a short absence. */
IvRuleLimits iv_sim_store_limits(void);

/* Puts the scenario's store, cameras and terminals in place of the configuration's. */
void iv_sim_store_configure(const IvSimStore *store, IvConfig *config);

/* Whether `database` may hold this store, then takes over the configuration and what is sold, and
 * marks the store as simulated from `from` on. `ret_notes` as of iv_catalog_import. */
gboolean iv_sim_store_enter(const IvSimStore *store, IvStore *database, const IvConfig *config,
                            IvTime from, IvTime now, char ***ret_notes, GError **error);
