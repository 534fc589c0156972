/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* For those who act the store out. Apart, as the simulator has names of its own. */
#include "app/sim_stage.h"
#include "app/sim_store.h"

struct IvSimStore {
  IvScenario *scenario;
  GTimeZone *zone;
  char digest[IV_SCENARIO_DIGEST_MAX + 1]; /* SHA-256 of the file */
  gint64 seed;
};

/* Ideal cameras: points are exact, so nobody has to be forgiven a short absence. */
IvRuleLimits iv_sim_store_limits(void);
