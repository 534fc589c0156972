/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/sim_store.h"

/* Fills a data folder with the past of a simulated store, through the rules, the ledger and the
 * receipts as `inveye run` does it with cameras. What is there already is acted out again from the
 * midnight before it ended, and counted once. */

typedef struct {
  IvTime from, until, now; /* now: how far it has got */
  guint visits;
  guint64 events, receipts; /* new in the ledger */
} IvSimProgress;

typedef struct {
  const IvSimStore *store;
  const char *data_dir;
  IvTime from, until; /* whole days of the store but for the last */
  const gint *stop;   /* atomic; set = stop at the next commit */
  void (*on_progress)(const IvSimProgress *progress, gpointer user_data); /* after each commit */
  gpointer user_data;
} IvSimHistory;

#define IV_SIM_CONFIG "inveye.yaml" /* in the data folder: what `inveye run -c` needs */
#define IV_SIM_SCENARIO "scenario.yaml"

/* TRUE when it got to the end, or was stopped: `ret_progress` says how far; all of it is durable.
 * Takes the folder's lock. The error is one line that says what to do. */
gboolean iv_sim_history_fill(const IvSimHistory *history, IvSimProgress *ret_progress,
                             GError **error);

/* Leaves in the folder a copy of the scenario and a configuration that runs the store. */
gboolean iv_sim_history_configure(const IvSimHistory *history, const char *scenario_path,
                                  GError **error);
