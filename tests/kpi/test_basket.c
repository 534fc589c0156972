/* SPDX-License-Identifier: Apache-2.0 */
/* FP-growth against counting every pair and triple, and rules worked out by hand. */
#include <stdlib.h>
#include <string.h>

#include "kpi/basket_private.h"

typedef struct {
  GArray *items, *ends; /* of guint32 */
  guint n_products;
} Baskets;

static void begin(Baskets *baskets, guint n_products) {
  *baskets = (Baskets){g_array_new(FALSE, FALSE, sizeof(guint32)),
                       g_array_new(FALSE, FALSE, sizeof(guint32)), n_products};
}

static void end(Baskets *baskets) {
  g_array_unref(baskets->items);
  g_array_unref(baskets->ends);
}

static void add(Baskets *baskets, const guint32 *items, guint n) {
  g_array_append_vals(baskets->items, items, n);
  guint32 at = baskets->items->len;
  g_array_append_val(baskets->ends, at);
}

static IvBaskets plain(const Baskets *baskets) {
  return (IvBaskets){(const guint32 *)(gconstpointer)baskets->items->data,
                     (const guint32 *)(gconstpointer)baskets->ends->data, baskets->ends->len,
                     baskets->n_products, FALSE};
}

static gboolean holds(const IvBaskets *baskets, guint i, guint32 item) {
  for (guint k = i ? baskets->ends[i - 1] : 0; k < baskets->ends[i]; k++)
    if (baskets->items[k] == item)
      return TRUE;
  return FALSE;
}

static guint32 count_brutally(const IvBaskets *baskets, const guint32 *items, guint n) {
  guint32 count = 0;
  for (guint i = 0; i < baskets->n_baskets; i++) {
    gboolean all = TRUE;
    for (guint k = 0; k < n; k++)
      all = all && holds(baskets, i, items[k]);
    count += all;
  }
  return count;
}

static const IvItemset *find(const GArray *sets, const guint32 *items, guint n) {
  for (guint i = 0; i < sets->len; i++) {
    const IvItemset *set = &g_array_index(sets, IvItemset, i);
    if (set->n == n && memcmp(set->items, items, n * sizeof *items) == 0)
      return set;
  }
  return NULL;
}

/* Every set of 1 to 3: it is there with its count exactly when it is frequent. */
static void compare(const IvBaskets *baskets, guint min_count) {
  g_autoptr(GArray) sets = iv_basket_mine(baskets, min_count);
  guint n = 0;
  g_assert_nonnull(sets);
  for (guint32 a = 0; a < baskets->n_products; a++)
    for (guint32 b = a; b < baskets->n_products; b++)
      for (guint32 c = b; c < baskets->n_products; c++) {
        guint32 items[3] = {a, b, c};
        guint size = a == b ? 1 : b == c ? 2 : 3;
        if (a == b && b != c)
          continue;
        guint32 count = count_brutally(baskets, items, size);
        const IvItemset *set = find(sets, items, size);
        g_assert_cmpint(set != NULL, ==, count >= min_count);
        g_assert_cmpuint(set ? set->count : count, ==, count);
        n += count >= min_count;
      }
  g_assert_cmpuint(sets->len, ==, n);
}

static int by_number(gconstpointer a, gconstpointer b) {
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return (x > y) - (x < y);
}

/* The same baskets, each in order and without doubles. */
static void put_in_order(const Baskets *baskets, Baskets *ret_ordered) {
  begin(ret_ordered, baskets->n_products);
  for (guint i = 0, from = 0; i < baskets->ends->len; i++) {
    guint32 items[12], n = 0, end = g_array_index(baskets->ends, guint32, i);
    for (; from < end; from++)
      items[n++] = g_array_index(baskets->items, guint32, from);
    qsort(items, n, sizeof *items, by_number);
    guint kept = 0;
    for (guint k = 0; k < n; k++)
      if (k == 0 || items[k] != items[kept - 1])
        items[kept++] = items[k];
    add(ret_ordered, items, kept);
  }
}

static void test_brute_force(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(7);
  for (guint round = 0; round < 40; round++) {
    Baskets baskets;
    begin(&baskets, 2 + round % 11);
    guint n = (guint)g_rand_int_range(dice, 0, 60);
    for (guint i = 0; i < n; i++) {
      guint32 items[12];
      guint size = (guint)g_rand_int_range(dice, 0, 12);
      for (guint k = 0; k < size; k++) /* small numbers are frequent; doubles come too */
        items[k] = (guint32)(g_rand_double(dice) * g_rand_double(dice) * baskets.n_products);
      add(&baskets, items, size);
    }
    IvBaskets given = plain(&baskets);
    for (guint min_count = 1; min_count < 8; min_count += 3)
      compare(&given, min_count);
    Baskets ordered;
    put_in_order(&baskets, &ordered);
    given = plain(&ordered);
    given.rising = TRUE;
    for (guint min_count = 1; min_count < 8; min_count += 3)
      compare(&given, min_count);
    end(&ordered);
    end(&baskets);
  }
}

static void assert_same_sets(GArray *a, GArray *b, guint n_products) {
  g_autofree guint32 *same = g_new(guint32, n_products);
  for (guint32 i = 0; i < n_products; i++)
    same[i] = i;
  iv_basket_renumber(a, same); /* puts them in order */
  iv_basket_renumber(b, same);
  g_assert_cmpuint(a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++) {
    const IvItemset *x = &g_array_index(a, IvItemset, i), *y = &g_array_index(b, IvItemset, i);
    g_assert_cmpuint(x->count, ==, y->count);
    g_assert_cmpmem(x->items, (int)(x->n * sizeof x->items[0]), y->items,
                    (int)(y->n * sizeof y->items[0]));
  }
}

/* Counting pairs and growing them find the same in more baskets than fit in 16 bits. */
static void test_both_ways(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(21);
  Baskets baskets;
  begin(&baskets, 40);
  for (guint i = 0; i < 140000; i++) {
    guint32 items[8] = {0, 1};
    guint n = 2 + (guint)g_rand_int_range(dice, 0, 6);
    for (guint k = 2; k < n; k++)
      items[k] = (guint32)(g_rand_double(dice) * g_rand_double(dice) * baskets.n_products);
    add(&baskets, items, n);
  }
  IvBaskets given = plain(&baskets);
  for (guint min_count = 50; min_count < 5000; min_count *= 9) {
    g_autoptr(GArray) pairs = iv_basket_mine_pairs(&given, min_count, NULL, given.n_products);
    g_autoptr(GArray) grown = iv_basket_mine_growth(&given, min_count);
    assert_same_sets(pairs, grown, given.n_products);
    const guint32 both[] = {0, 1};
    g_assert_cmpuint(find(pairs, both, 2)->count, ==, 140000);
  }
  end(&baskets);
}

/* Of so many products only the frequent ones are counted in pairs. */
static void test_many_products(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(22);
  Baskets baskets;
  begin(&baskets, 5000);
  for (guint i = 0; i < 4000; i++) {
    guint32 items[6];
    for (guint k = 0; k < 6; k++) /* multiples of 100 are often bought */
      items[k] = (guint32)(k < 3 ? g_rand_int_range(dice, 0, 8) * 100
                                 : g_rand_int_range(dice, 0, (gint32)baskets.n_products));
    add(&baskets, items, 6);
  }
  IvBaskets given = plain(&baskets);
  g_autoptr(GArray) sets = iv_basket_mine(&given, 20), grown = iv_basket_mine_growth(&given, 20);
  assert_same_sets(sets, grown, given.n_products);
  g_assert_cmpuint(sets->len, >, 8);
  end(&baskets);
}

/* Bread and butter in 2 of 5 baskets, bread in 3, butter in 2: lift (2/3) / (2/5). */
static void test_rules(void) {
  static const guint32 bread = 0, butter = 1, milk = 2;
  Baskets baskets;
  begin(&baskets, 3);
  add(&baskets, (guint32[]){bread, butter, milk}, 3);
  add(&baskets, (guint32[]){bread, butter, butter}, 3);
  add(&baskets, (guint32[]){bread, milk}, 2);
  add(&baskets, (guint32[]){milk}, 1);
  add(&baskets, (guint32[]){milk}, 1);
  IvBaskets given = plain(&baskets);
  g_autoptr(GArray) sets = iv_basket_mine(&given, 2);
  g_autoptr(GArray) rules = iv_basket_rules(sets, 5);
  const IvBasketRule *best = &g_array_index(rules, IvBasketRule, 0);
  g_assert_cmpuint(rules->len, ==, 4); /* bread-butter and bread-milk, both ways */
  g_assert_cmpuint(best->if_items[0], ==, bread);
  g_assert_cmpuint(best->then_item, ==, butter);
  g_assert_cmpfloat_with_epsilon(best->support, 0.4, 1e-12);
  g_assert_cmpfloat_with_epsilon(best->confidence, 2.0 / 3, 1e-12);
  g_assert_cmpfloat_with_epsilon(best->lift, 5.0 / 3, 1e-12);
  const IvBasketRule *hint = iv_basket_hint(rules, &bread, 1);
  g_assert_cmpuint(hint->then_item, ==, butter);
  guint32 both[] = {bread, butter};
  g_assert_null(iv_basket_hint(rules, both, 2)); /* milk goes with bread less than by chance */
  g_assert_null(iv_basket_hint(rules, NULL, 0));
  end(&baskets);
}

static void test_triples(void) {
  Baskets baskets;
  begin(&baskets, 4);
  for (int i = 0; i < 4; i++)
    add(&baskets, (guint32[]){1, 2, 3}, 3);
  for (int i = 0; i < 4; i++)
    add(&baskets, (guint32[]){0, (guint32)(i % 2)}, 2);
  IvBaskets given = plain(&baskets);
  g_autoptr(GArray) sets = iv_basket_mine(&given, 4);
  g_autoptr(GArray) rules = iv_basket_rules(sets, 8);
  guint of_two = 0;
  for (guint i = 0; i < rules->len; i++)
    of_two += g_array_index(rules, IvBasketRule, i).n_if == 2;
  g_assert_cmpuint(of_two, ==, 3);
  g_assert_cmpuint(rules->len, ==, 9);
  end(&baskets);
}

/* 150 products that are all in two baskets make 562625 sets: told, not made. */
static void test_too_many(void) {
  guint32 all[150];
  Baskets baskets;
  begin(&baskets, G_N_ELEMENTS(all));
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    all[i] = i;
  add(&baskets, all, G_N_ELEMENTS(all));
  add(&baskets, all, G_N_ELEMENTS(all));
  IvBaskets given = plain(&baskets);
  g_assert_null(iv_basket_mine(&given, 2));
  g_autoptr(GArray) none = iv_basket_mine(&given, 3);
  g_assert_cmpuint(none->len, ==, 0);
  end(&baskets);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/basket/brute-force", test_brute_force);
  g_test_add_func("/basket/rules", test_rules);
  g_test_add_func("/basket/triples", test_triples);
  g_test_add_func("/basket/too-many", test_too_many);
  g_test_add_func("/basket/both-ways", test_both_ways);
  g_test_add_func("/basket/many-products", test_many_products);
  return g_test_run();
}
