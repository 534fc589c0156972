/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup_spans.h"

IvRollupLevel iv_rollup_level_of(IvStep step) {
  switch (step) {
  case IV_STEP_5MIN:
    return IV_ROLLUP_5MIN;
  case IV_STEP_HOUR:
    return IV_ROLLUP_HOUR;
  default:
    return IV_ROLLUP_DAY;
  }
}

static void add(IvRollupSpan *spans, guint *n, IvRollupLevel level, IvTime from, IvTime to) {
  if (from < to)
    spans[(*n)++] = (IvRollupSpan){level, {from, to}};
}

/* The first beginning of a period at or after `t`. */
static IvTime next_hour(const IvKpiScope *scope, IvTime t) {
  return iv_calendar_hour_start(scope->zone, t) == t ? t : iv_calendar_hour_end(scope->zone, t);
}

static IvTime next_day(const IvKpiScope *scope, IvTime t) {
  return iv_calendar_day_start(scope->zone, t) == t ? t : iv_calendar_day_end(scope->zone, t);
}

/* Where rows of 5 minutes were deleted from the middle of an hour on, it still has all of them in
 * it: what begins before the floor is read from the rows below. */
guint iv_rollup_spans(const IvKpiScope *scope, IvPeriod range, IvRollupLevel top,
                      IvRollupSpan ret_spans[IV_ROLLUP_SPANS_MAX]) {
  guint n = 0;
  const IvStoreKey *store = &scope->store;
  IvTime least = MAX(range.from, store->buckets_from), most = MIN(range.to, store->hours_until);
  if (top == IV_ROLLUP_5MIN || least >= most) {
    add(ret_spans, &n, IV_ROLLUP_5MIN, range.from, range.to);
    return n;
  }
  IvPeriod hours = {next_hour(scope, least), iv_calendar_hour_start(scope->zone, most)};
  if (hours.from >= hours.to) {
    add(ret_spans, &n, IV_ROLLUP_5MIN, range.from, range.to);
    return n;
  }
  IvPeriod days = {hours.to, hours.to};
  IvTime most_days = MIN(hours.to, store->days_until);
  if (top == IV_ROLLUP_DAY && hours.from < most_days) {
    days = (IvPeriod){next_day(scope, hours.from), iv_calendar_day_start(scope->zone, most_days)};
    if (days.from >= days.to)
      days = (IvPeriod){hours.to, hours.to};
  }
  add(ret_spans, &n, IV_ROLLUP_5MIN, range.from, hours.from);
  add(ret_spans, &n, IV_ROLLUP_HOUR, hours.from, days.from);
  add(ret_spans, &n, IV_ROLLUP_DAY, days.from, days.to);
  add(ret_spans, &n, IV_ROLLUP_HOUR, days.to, hours.to);
  add(ret_spans, &n, IV_ROLLUP_5MIN, hours.to, range.to);
  return n;
}

IvStatement *iv_rollup_ask(const IvKpiScope *scope, const IvRollupSpan *span,
                           const char *const texts[IV_ROLLUP_LEVELS]) {
  IvStatement *st = iv_sql_statement(scope->sql, texts[span->level]);
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, span->span.from);
  iv_bind_time(st, span->span.to);
  return st;
}
