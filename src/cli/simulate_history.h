/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* `inveye simulate --history`: fills a data folder with a simulated store's past. */
typedef struct {
  const char *scenario, *data, *history; /* history: "35d" */
  const char *until;                     /* NULL = now */
  gint64 seed;
  gboolean json;
} IvHistoryOptions;

/* The verb's exit code; what is wrong is told. */
int iv_simulate_history(const IvHistoryOptions *options);
