/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "store/simulations.h"

/* A scenario as a store that the product runs: what its configuration says, what it sells, and the
 * mark in its database. Immutable: any thread. */
typedef struct IvSimStore IvSimStore;

/* Reads the scenario file. NULL with one line that names it. */
IvSimStore *iv_sim_store_new(const char *path, gint64 seed, GError **error);
void iv_sim_store_free(IvSimStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSimStore, iv_sim_store_free)

const char *iv_sim_store_id(const IvSimStore *store);
gint64 iv_sim_store_seed(const IvSimStore *store);
GTimeZone *iv_sim_store_zone(const IvSimStore *store); /* borrowed */

/* Puts the scenario's store, cameras, floor plan and terminals in place of the configuration's. The
 * plan stands as the last of the cameras too, as the node shows live what happens on it. */
void iv_sim_store_configure(const IvSimStore *store, IvConfig *config);

/* Whether `database` may hold this store, then takes over the configuration and what is sold, and
 * marks the store as simulated from `from` on. `ret_notes` as of iv_catalog_import. */
gboolean iv_sim_store_enter(const IvSimStore *store, IvStore *database, const IvConfig *config,
                            IvTime from, IvTime now, char ***ret_notes, GError **error);
