/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/sim.h"

/* What the verbs that simulate have in common: which store, from when, how long, which seed. */

typedef struct {
  char *scenario, *noise, *start; /* owned; set by GOption */
  int days;                       /* 0: not given */
  double hours;                   /* 0: not given */
  gint64 seed;
} IvSimOptions;
void iv_sim_options_clear(IvSimOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvSimOptions, iv_sim_options_clear)

typedef struct {
  IvScenario *scenario;
  GTimeZone *zone;
  IvSimConfig config;
} IvSimSetup;
void iv_sim_setup_clear(IvSimSetup *setup);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvSimSetup, iv_sim_setup_clear)

/* Reads the files and works out the times. Without a start: the scenario's; with a date: its local
 * midnight; with DATEThh:mm: that local time. Hours count from there, or, when the start has no
 * time of day, from half an hour before the store opens. Without days or hours: as many days as the
 * scenario says. FALSE with one line that names the file; the setup is then empty. */
gboolean iv_sim_setup_load(IvSimSetup *ret_setup, const IvSimOptions *options, GError **error);
