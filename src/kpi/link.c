/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/link.h"

#include <stdlib.h>

/* A receipt that could belong to an interval. */
typedef struct {
  IvTime overlap, distance; /* distance: of the completion from the interval's end */
  IvTime from, ts;
  guint service, receipt;
} Pair;

static int best_first(gconstpointer a, gconstpointer b) {
  const Pair *x = a, *y = b;
  const IvTime keys[][2] = {
      {-x->overlap, -y->overlap}, {x->distance, y->distance}, {x->from, y->from}, {x->ts, y->ts},
      {x->service, y->service},   {x->receipt, y->receipt},
  };
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    if (keys[i][0] != keys[i][1])
      return keys[i][0] < keys[i][1] ? -1 : 1;
  return 0;
}

static int by_lane_and_start(gconstpointer a, gconstpointer b, gpointer services) {
  const IvServiceInterval *x = (const IvServiceInterval *)services + *(const guint *)a;
  const IvServiceInterval *y = (const IvServiceInterval *)services + *(const guint *)b;
  if (x->lane != y->lane)
    return x->lane < y->lane ? -1 : 1;
  return x->from < y->from ? -1 : x->from > y->from;
}

/* First of the sorted intervals with (lane, from) not before (lane, t). */
static guint first_from(const IvServiceInterval *services, const guint *order, guint n, gint64 lane,
                        IvTime t) {
  guint low = 0, high = n;
  while (low < high) {
    guint mid = (low + high) / 2;
    const IvServiceInterval *at = &services[order[mid]];
    if (at->lane < lane || (at->lane == lane && at->from < t))
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

static IvTime longest(const IvServiceInterval *services, guint n) {
  IvTime length = 0;
  for (guint i = 0; i < n; i++)
    length = MAX(length, services[i].to - services[i].from);
  return length;
}

static void add_pairs(GArray *pairs, const IvServiceInterval *services, const guint *order, guint n,
                      const IvPosReceiptMark *receipt, guint index, IvTime slack, IvTime reach) {
  IvTime low = receipt->ts - slack, high = receipt->ts + slack;
  guint i = first_from(services, order, n, receipt->lane, low - reach);
  for (; i < n && services[order[i]].lane == receipt->lane && services[order[i]].from <= high;
       i++) {
    const IvServiceInterval *at = &services[order[i]];
    Pair pair = {.overlap = MIN(at->to, high) - MAX(at->from, low),
                 .distance = ABS(at->to - receipt->ts),
                 .from = at->from,
                 .ts = receipt->ts,
                 .service = order[i],
                 .receipt = index};
    if (pair.overlap >= 0)
      g_array_append_val(pairs, pair);
  }
}

static guint take_best(GArray *pairs, guint n_services, gint *ret_service) {
  g_autofree gboolean *taken = g_new0(gboolean, MAX(n_services, 1));
  guint n = 0;
  g_array_sort(pairs, best_first);
  for (guint i = 0; i < pairs->len; i++) {
    const Pair *pair = &g_array_index(pairs, Pair, i);
    if (taken[pair->service] || ret_service[pair->receipt] >= 0)
      continue;
    taken[pair->service] = TRUE;
    ret_service[pair->receipt] = (gint)pair->service;
    n++;
  }
  return n;
}

guint iv_link_receipts(const IvServiceInterval *services, guint n_services,
                       const IvPosReceiptMark *receipts, guint n_receipts, IvTime slack,
                       gint *ret_service) {
  g_autofree guint *order = g_new(guint, MAX(n_services, 1));
  g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
  IvTime reach = longest(services, n_services);
  for (guint i = 0; i < n_services; i++)
    order[i] = i;
  if (n_services > 0)
    g_qsort_with_data(order, (gint)n_services, sizeof *order, by_lane_and_start,
                      (gpointer)services);
  for (guint i = 0; i < n_receipts; i++) {
    ret_service[i] = -1;
    if (receipts[i].lane >= 0)
      add_pairs(pairs, services, order, n_services, &receipts[i], i, slack, reach);
  }
  return take_best(pairs, n_services, ret_service);
}
