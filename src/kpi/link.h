/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Linked transactions: which receipt was paid by whom at the till. A receipt of a terminal mapped
 * to lane L belongs to a service interval at L that its completion lies in, give or take the slack;
 * one to one, by greatest overlap. Pure. */

#define IV_LINK_SLACK (20 * IV_SECOND) /* tills and cameras have clocks of their own */

typedef struct {
  gint64 lane; /* any number that names it */
  IvTime from, to;
} IvServiceInterval;

typedef struct {
  gint64 lane; /* -1 = the terminal is not mapped: never linked */
  IvTime ts;   /* completion */
} IvPosReceiptMark;

/* ret_service[i] becomes the index of receipt i's interval, -1 when it has none. Returns how many
 * were linked. The overlap is that of the interval with the receipt's completion ± slack. Greatest
 * first; equal overlaps: nearer to the interval's end, then the earlier interval, then the earlier
 * receipt. The order of the arrays doesn't matter but for identical entries. O(n log n + pairs). */
guint iv_link_receipts(const IvServiceInterval *services, guint n_services,
                       const IvPosReceiptMark *receipts, guint n_receipts, IvTime slack,
                       gint *ret_service);
