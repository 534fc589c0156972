/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <jansson.h>

/* What `bench kpi` asks of the figures of a store without noise at track level. */
typedef enum {
  IV_BAR_NONE,   /* shown only */
  IV_BAR_EXACT,  /* a count: equal, or within the row's band (docs/simulator.md) */
  IV_BAR_SECOND, /* a time: no further off than the limit, seconds */
  IV_BAR_RANK,   /* a quantile: at most 1 % of the values lie between it and the true one */
  IV_BAR_ERROR,  /* the row's error is at most the limit */
} IvBarKind;

typedef struct {
  const char *kpi;
  IvBarKind kind;
  double limit;
} IvBar;

/* Of a kpi that is not in the table: IV_BAR_NONE. */
const IvBar *iv_bench_kpi_bar(const char *kpi);
const char *iv_bar_kind_name(IvBarKind kind);

/* How far off a row of `eval kpi` is in the bar's measure (people, seconds, a share), NAN when one
 * side is n/a; and whether that meets the bar. */
double iv_bar_distance(const IvBar *bar, const json_t *row);
gboolean iv_bar_is_met(const IvBar *bar, const json_t *row);
