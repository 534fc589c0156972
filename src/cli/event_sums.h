/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/bucket.h"
#include "sim/scenario.h"

/* The 5-minute rows that events make, in memory, as the ledger counts them: amounts, spreads of
 * lengths, sets of people; by store, camera, line, zone and lane. For measuring: nothing is kept of
 * the events themselves. One thread. */
typedef struct IvEventSums IvEventSums;

IvEventSums *iv_event_sums_new(const IvScenario *scenario);
void iv_event_sums_free(IvEventSums *sums);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvEventSums, iv_event_sums_free)

void iv_event_sums_add(IvEventSums *sums, const IvEvent *event);
guint iv_event_sums_rows(const IvEventSums *sums);
