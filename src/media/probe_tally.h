/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/probe.h"

/* Adds up a camera's units. Pure. */
typedef struct {
  guint n, keyframes;
  guint64 bytes;
  IvTime first_ts, last_ts; /* earliest and latest shown */
  IvTime last_key;
  IvTime key_gap; /* largest */
  IvStreamTime last_pts;
  guint backwards; /* units shown before the one that came before them */
  IvCodec codec;
  IvSize size;
} IvProbeTally;

void iv_probe_tally_init(IvProbeTally *tally);
void iv_probe_tally_add(IvProbeTally *tally, const IvEncodedUnit *unit);

/* Seconds from the first picture to the last. */
double iv_probe_tally_span(const IvProbeTally *tally);

/* Fills the report's measured fields. */
void iv_probe_tally_report(const IvProbeTally *tally, IvProbeReport *report);
