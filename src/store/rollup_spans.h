/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/kpi_scope.h"
#include "store/rollup.h"

/* Which rows answer for which part of a range: days where whole days of the store lie in it, hours
 * and 5 minutes at its ends and where no rollup is there yet (store/rollup.h). Together they say
 * what the rows of 5 minutes say. Inside this room. */

typedef struct {
  IvRollupLevel level;
  IvPeriod span; /* rows of it begin in this, and lie in it wholly */
} IvRollupSpan;

#define IV_ROLLUP_SPANS_MAX 5

/* Cuts the range, in order of time; returns how many. `top`: the longest rows that may be used, so
 * that none reaches over the end of a period that is told by itself. */
guint iv_rollup_spans(const IvKpiScope *scope, IvPeriod range, IvRollupLevel top,
                      IvRollupSpan ret_spans[IV_ROLLUP_SPANS_MAX]);

/* The longest rows that lie within the periods of a step. */
IvRollupLevel iv_rollup_level_of(IvStep step);

/* `SELECT ... FROM kpi_<level>_name ...` for each level, to be indexed by it: TEXT is a macro that
 * makes the text out of the beginning of the table's name. */
#define IV_ROLLUP_TEXTS(TEXT)                                                                      \
  { TEXT("kpi_5min"), TEXT("kpi_hour"), TEXT("kpi_day") }

/* Binds store, from and to: what all of these begin with. */
IvStatement *iv_rollup_ask(const IvKpiScope *scope, const IvRollupSpan *span,
                           const char *const texts[IV_ROLLUP_LEVELS]);
