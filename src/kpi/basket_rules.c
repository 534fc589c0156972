/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "kpi/basket.h"

static int compare_items(const IvItemset *a, const guint32 *items, guint n) {
  if (a->n != n)
    return a->n < n ? -1 : 1;
  for (guint i = 0; i < n; i++)
    if (a->items[i] != items[i])
      return a->items[i] < items[i] ? -1 : 1;
  return 0;
}

/* Baskets with all of them. A part of a frequent set is frequent, so it is there. */
static guint32 count_of(const GArray *sets, const guint32 *items, guint n) {
  guint low = 0, high = sets->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    const IvItemset *set = &g_array_index(sets, IvItemset, mid);
    int order = compare_items(set, items, n);
    if (order == 0)
      return set->count;
    if (order < 0)
      low = mid + 1;
    else
      high = mid;
  }
  g_return_val_if_reached(1);
}

/* The rule that concludes the set's item number `then`. */
static IvBasketRule make_rule(const GArray *sets, const IvItemset *set, guint then,
                              guint n_baskets) {
  IvBasketRule rule = {.then_item = set->items[then], .count = set->count};
  for (guint i = 0; i < set->n; i++)
    if (i != then)
      rule.if_items[rule.n_if++] = set->items[i];
  double with_if = count_of(sets, rule.if_items, rule.n_if);
  double with_then = count_of(sets, &rule.then_item, 1);
  rule.support = (double)set->count / n_baskets;
  rule.confidence = set->count / with_if;
  rule.lift = (double)set->count * n_baskets / (with_if * with_then);
  return rule;
}

static int compare_rules(gconstpointer a, gconstpointer b) {
  const IvBasketRule *x = a, *y = b;
  if (x->lift != y->lift)
    return x->lift > y->lift ? -1 : 1;
  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  if (x->n_if != y->n_if)
    return x->n_if < y->n_if ? -1 : 1;
  for (guint i = 0; i < x->n_if; i++)
    if (x->if_items[i] != y->if_items[i])
      return x->if_items[i] < y->if_items[i] ? -1 : 1;
  return x->then_item < y->then_item ? -1 : x->then_item > y->then_item;
}

GArray *iv_basket_rules(const GArray *sets, guint n_baskets) {
  GArray *rules = g_array_new(FALSE, FALSE, sizeof(IvBasketRule));
  for (guint i = 0; i < sets->len; i++) {
    const IvItemset *set = &g_array_index(sets, IvItemset, i);
    for (guint then = 0; set->n > 1 && then < set->n; then++) {
      IvBasketRule rule = make_rule(sets, set, then, n_baskets);
      g_array_append_val(rules, rule);
    }
  }
  g_array_sort(rules, compare_rules);
  return rules;
}

static gboolean holds(const guint32 *basket, guint n, guint32 item) {
  for (guint i = 0; i < n; i++)
    if (basket[i] == item)
      return TRUE;
  return FALSE;
}

const IvBasketRule *iv_basket_hint(const GArray *rules, const guint32 *basket, guint n) {
  for (guint i = 0; i < rules->len; i++) {
    const IvBasketRule *rule = &g_array_index(rules, IvBasketRule, i);
    gboolean fits = rule->lift > 1 && !holds(basket, n, rule->then_item);
    for (guint k = 0; fits && k < rule->n_if; k++)
      fits = holds(basket, n, rule->if_items[k]);
    if (fits)
      return rule;
  }
  return NULL;
}
