/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* What is bought together: sets of two and three products that are often in one basket, and the
 * rules that follow from them. Sets are found by FP-growth (Han, Pei, Yin: Mining Frequent Patterns
 * without Candidate Generation, 2000), cut at three products, or where the frequent products are
 * few by counting every pair; the counts are exact. Pure. */

#define IV_ITEMSET_MAX 3
#define IV_ITEMSETS_MAX 200000 /* found in one run; beyond it the run fails */

typedef struct {
  guint n;                       /* 1..IV_ITEMSET_MAX */
  guint32 items[IV_ITEMSET_MAX]; /* rising */
  guint32 count;                 /* baskets that hold all of them */
} IvItemset;

/* Baskets one after another in one array: basket i is items[ends[i-1]] .. items[ends[i]-1]. A
 * product that is twice in a basket counts once. Products are numbers below `n_products`. */
typedef struct {
  const guint32 *items;
  const guint32 *ends;
  guint n_baskets, n_products;
  gboolean rising; /* in each basket products rise and none is there twice: saves a look at them */
} IvBaskets;

/* All sets of 1 to 3 products that are in at least `min_count` (>= 1) baskets, by size, then items
 * (GArray of IvItemset). NULL when there are more than IV_ITEMSETS_MAX: ask for a larger count.
 * Memory: some 20 bytes for each product of each basket. */
GArray *iv_basket_mine(const IvBaskets *baskets, guint min_count);

/* Gives the products of all sets other numbers, each its own, and puts the sets in the order that
 * iv_basket_mine promises. `number_of`: by the number a product has. */
void iv_basket_renumber(GArray *sets, const guint32 *number_of);

/* A rule: who has all of `if_items` also has `then_item`.
 * support = baskets with all / baskets; confidence = baskets with all / baskets with if_items;
 * lift = confidence / (baskets with then_item / baskets). */
typedef struct {
  guint n_if; /* 1 or 2 */
  guint32 if_items[IV_ITEMSET_MAX - 1];
  guint32 then_item;
  guint32 count;
  double support, confidence, lift;
} IvBasketRule;

/* All rules of the sets (as iv_basket_mine gives them), highest lift first; same lift: more
 * baskets first, then by items (GArray of IvBasketRule). */
GArray *iv_basket_rules(const GArray *sets, guint n_baskets);

/* The cross-sell hint: of the rules whose `if_items` are all in the basket and whose `then_item` is
 * not, the one with the highest lift above 1; NULL = none. Borrowed from `rules`. */
const IvBasketRule *iv_basket_hint(const GArray *rules, const guint32 *basket, guint n);
