/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <string.h>

#include "sim/sim.h"

/* The kiosk that the project ships, as text and read. */
#define KIOSK INVEYE_SOURCE_ROOT "/packaging/stores/kiosk.json"

static inline char *read_text(const char *path) {
  char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_file_get_contents(path, &text, NULL, &error);
  g_assert_no_error(error);
  return text;
}

static inline IvScenario *read_store(const char *path) {
  g_autofree char *text = read_text(path);
  g_autoptr(GError) error = NULL;
  IvScenario *scenario = iv_scenario_parse(text, strlen(text), &error);
  g_assert_no_error(error);
  return scenario;
}

/* A simulation of `days` days from the scenario's `first` day on. */
static inline IvSim *open_sim(const IvScenario *s, GTimeZone *zone, IvSimConfig config,
                              const IvSimOutput *output) {
  g_autoptr(GError) error = NULL;
  IvSim *sim = iv_sim_new(s, zone, &config, output, &error);
  g_assert_no_error(error);
  return sim;
}
