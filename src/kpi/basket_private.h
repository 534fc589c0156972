/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/basket.h"

/* The two ways of iv_basket_mine; both give the same, in any order of the sets. NULL: too many. */

/* Frequent products up to which every pair has counters of its own: 4 MiB. */
#define IV_BASKET_PAIRS_MAX 1024

/* Counts all pairs of frequent products at once, and triples by the baskets that the rarer ones
 * have in common: where products are few (a shop's some hundreds that are often bought) it takes a
 * fraction of the time. `n` products, at most IV_BASKET_PAIRS_MAX, are looked at: `place_of` is
 * their place in order, and G_MAXUINT32 of the others, which are not frequent; NULL = all. */
GArray *iv_basket_mine_pairs(const IvBaskets *baskets, guint min_count, const guint32 *place_of,
                             guint n);

/* FP-growth, for any number of products. */
GArray *iv_basket_mine_growth(const IvBaskets *baskets, guint min_count);
