/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "kpi/basket.h"
#include "store/kpi_sales.h"
#include "store/kpi_scope.h"

/* The baskets of the range, products numbered as they come. */
typedef struct {
  GArray *items, *ends;  /* of guint32, as in IvBaskets */
  GPtrArray *skus;       /* by number */
  GHashTable *numbers;   /* SKU (borrowed) to number + 1 */
  gint64 units, revenue; /* of all of them */
} Baskets;

static void baskets_init(Baskets *baskets) {
  *baskets = (Baskets){.items = g_array_new(FALSE, FALSE, sizeof(guint32)),
                       .ends = g_array_new(FALSE, FALSE, sizeof(guint32)),
                       .skus = g_ptr_array_new_with_free_func(g_free),
                       .numbers = g_hash_table_new(g_str_hash, g_str_equal)};
}

static void baskets_clear(Baskets *baskets) {
  g_clear_pointer(&baskets->numbers, g_hash_table_unref);
  g_clear_pointer(&baskets->skus, g_ptr_array_unref);
  g_clear_pointer(&baskets->items, g_array_unref);
  g_clear_pointer(&baskets->ends, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Baskets, baskets_clear)

static guint32 number_of(Baskets *baskets, const char *sku) {
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(baskets->numbers, sku));
  if (known)
    return known - 1;
  char *copy = g_strdup(sku);
  g_ptr_array_add(baskets->skus, copy);
  g_hash_table_insert(baskets->numbers, copy, GUINT_TO_POINTER(baskets->skus->len));
  return baskets->skus->len - 1;
}

/* Newest first. A line that was taken back (quantity 0 or less) is not bought. */
static gboolean read_baskets(const IvKpiScope *scope, Baskets *baskets, gboolean *ret_cut,
                             GError **error) {
  g_autoptr(GError) wrong = NULL;
  gint64 last = 0;
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT t.transaction_no, t.items, t.amount, i.sku FROM transactions t "
                  "JOIN transaction_items i ON i.transaction_no = t.transaction_no "
                  "WHERE t.store_no = $1 AND t.ts >= $2 AND t.ts < $3 AND t.kind = 'sale' "
                  "AND i.quantity_milli > 0 ORDER BY t.ts DESC, t.transaction_no DESC");
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, scope->range.from);
  iv_bind_time(st, scope->range.to);
  *ret_cut = FALSE;
  while (!*ret_cut && iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    *ret_cut = no != last &&
               (baskets->ends->len >= IV_BASKETS_MAX || baskets->items->len >= IV_BASKET_LINES_MAX);
    if (*ret_cut)
      break;
    guint32 item = number_of(baskets, iv_column_text(st, 3)), end = baskets->items->len + 1;
    g_array_append_val(baskets->items, item);
    if (no == last) {
      g_array_index(baskets->ends, guint32, baskets->ends->len - 1) = end;
      continue;
    }
    g_array_append_val(baskets->ends, end);
    baskets->units += iv_column_int(st, 1);
    baskets->revenue += iv_column_int(st, 2);
    last = no;
  }
  iv_statement_reset(st);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static int compare_skus(gconstpointer a, gconstpointer b, gpointer skus) {
  const GPtrArray *all = skus;
  return strcmp(all->pdata[*(const guint32 *)a], all->pdata[*(const guint32 *)b]);
}

/* Numbers in the order of the SKUs, so that which receipt came first changes no answer. */
static void renumber(Baskets *baskets) {
  guint n = baskets->skus->len;
  g_autofree guint32 *order = g_new(guint32, MAX(n, 1)), *number = g_new(guint32, MAX(n, 1));
  g_autoptr(GPtrArray) old = g_steal_pointer(&baskets->skus);
  for (guint32 i = 0; i < n; i++)
    order[i] = i;
  if (n > 0)
    g_qsort_with_data(order, (gint)n, sizeof *order, compare_skus, old);
  baskets->skus = g_ptr_array_new_with_free_func(g_free);
  for (guint32 i = 0; i < n; i++) {
    number[order[i]] = i;
    g_ptr_array_add(baskets->skus, g_steal_pointer(&old->pdata[order[i]]));
    g_hash_table_insert(baskets->numbers, baskets->skus->pdata[i], GUINT_TO_POINTER(i + 1));
  }
  for (guint i = 0; i < baskets->items->len; i++) {
    guint32 *item = &g_array_index(baskets->items, guint32, i);
    *item = number[*item];
  }
}

/* ---- the rules ---- */

static GArray *find_rules(const Baskets *baskets, double min_support, GError **error) {
  guint n = baskets->ends->len;
  guint min_count = MAX(2, (guint)ceil(min_support * n - 1e-9));
  IvBaskets plain = {(const guint32 *)(gconstpointer)baskets->items->data,
                     (const guint32 *)(gconstpointer)baskets->ends->data, n, baskets->skus->len};
  g_autoptr(GArray) sets = iv_basket_mine(&plain, min_count);
  if (sets)
    return iv_basket_rules(sets, n);
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT,
              "more than %d combinations are that frequent; ask for a larger min_support",
              IV_ITEMSETS_MAX);
  return NULL;
}

/* The product's name as it is now, else as the newest receipt has it. */
static gboolean read_name(const IvKpiScope *scope, const char *sku, char **ret_name,
                          GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT coalesce((SELECT name FROM products WHERE store_no = $1 AND sku = $2), "
                  "(SELECT name FROM transaction_items WHERE store_no = $1 AND sku = $2 "
                  "ORDER BY transaction_no DESC LIMIT 1), '')");
  iv_bind_int(st, scope->store.no);
  iv_bind_text(st, sku);
  *ret_name = g_strdup(iv_step_row(st, &wrong) ? iv_column_text(st, 0) : "");
  iv_statement_reset(st);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* From the baskets' numbers to the answer's: only what is named there gets a place. */
typedef struct {
  const IvKpiScope *scope;
  const Baskets *baskets;
  IvBasketAnswer *answer;
  GHashTable *places; /* number to place + 1 */
} Naming;

static gboolean place_of(Naming *naming, guint32 *number, GError **error) {
  guint place = GPOINTER_TO_UINT(g_hash_table_lookup(naming->places, GUINT_TO_POINTER(*number)));
  if (!place) {
    IvBasketProduct product = {g_strdup(g_ptr_array_index(naming->baskets->skus, *number)), NULL};
    gboolean ok = read_name(naming->scope, product.sku, &product.name, error);
    g_array_append_val(naming->answer->products, product);
    if (!ok)
      return FALSE;
    place = naming->answer->products->len;
    g_hash_table_insert(naming->places, GUINT_TO_POINTER(*number), GUINT_TO_POINTER(place));
  }
  *number = place - 1;
  return TRUE;
}

static gboolean name_rules(Naming *naming, GError **error) {
  for (guint i = 0; i < naming->answer->rules->len; i++) {
    IvBasketRule *rule = &g_array_index(naming->answer->rules, IvBasketRule, i);
    for (guint k = 0; k < rule->n_if; k++)
      if (!place_of(naming, &rule->if_items[k], error))
        return FALSE;
    if (!place_of(naming, &rule->then_item, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean find_hint(Naming *naming, const GArray *rules, const char *const *skus,
                          GError **error) {
  guint32 basket[IV_BASKET_HINT_MAX], n = 0;
  for (guint i = 0; skus && skus[i] && n < IV_BASKET_HINT_MAX; i++) {
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(naming->baskets->numbers, skus[i]));
    if (known)
      basket[n++] = known - 1;
  }
  const IvBasketRule *rule = iv_basket_hint(rules, basket, n);
  if (!rule)
    return TRUE;
  guint32 place = rule->then_item;
  if (!place_of(naming, &place, error))
    return FALSE;
  naming->answer->hint = (int)place;
  return TRUE;
}

static gboolean tell_rules(const IvKpiScope *scope, const Baskets *baskets,
                           const IvBasketQuery *query, IvBasketAnswer *answer, GError **error) {
  g_autoptr(GArray) rules = find_rules(baskets, query->min_support, error);
  if (!rules)
    return FALSE;
  Naming naming = {scope, baskets, answer, g_hash_table_new(NULL, NULL)};
  answer->n_rules = rules->len;
  g_array_append_vals(answer->rules, rules->data, MIN(rules->len, query->limit));
  gboolean ok = find_hint(&naming, rules, query->basket, error) && name_rules(&naming, error);
  g_hash_table_unref(naming.places);
  return ok;
}

/* ---- the answer ---- */

static void clear_product(gpointer product) {
  g_free(((IvBasketProduct *)product)->sku);
  g_free(((IvBasketProduct *)product)->name);
}

static void begin_answer(const IvKpiScope *scope, IvBasketAnswer *ret_answer) {
  *ret_answer = (IvBasketAnswer){.range = scope->range,
                                 .hint = -1,
                                 .items_per_basket = (double)NAN,
                                 .average_value = (double)NAN,
                                 .provisional = iv_kpi_scope_is_provisional(scope, scope->range)};
  g_strlcpy(ret_answer->time_zone, scope->store.time_zone, sizeof ret_answer->time_zone);
  ret_answer->products = g_array_new(FALSE, FALSE, sizeof(IvBasketProduct));
  g_array_set_clear_func(ret_answer->products, clear_product);
  ret_answer->rules = g_array_new(FALSE, FALSE, sizeof(IvBasketRule));
}

static gboolean fill_answer(const IvKpiScope *scope, const IvBasketQuery *query,
                            IvBasketAnswer *answer, GError **error) {
  IvPeriod known;
  g_auto(Baskets) baskets = {0};
  baskets_init(&baskets);
  if (!iv_sales_known(scope->sql, scope->store.no, scope->zone, answer->currency, &known, error) ||
      !read_baskets(scope, &baskets, &answer->cut, error))
    return FALSE;
  answer->known = scope->range.from < known.to && scope->range.to > known.from;
  renumber(&baskets);
  answer->n_baskets = baskets.ends->len;
  if (answer->n_baskets == 0)
    return TRUE;
  answer->items_per_basket = (double)baskets.units / answer->n_baskets;
  answer->average_value = (double)baskets.revenue / answer->n_baskets;
  return tell_rules(scope, &baskets, query, answer, error);
}

gboolean iv_kpis_baskets(IvStore *store, const IvBasketQuery *query, IvBasketAnswer *ret_answer,
                         GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->range.deadline, error);
  g_auto(IvKpiScope) scope = {0};
  IvBasketAnswer answer;
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, &query->range, error))
    return FALSE;
  begin_answer(&scope, &answer);
  if (fill_answer(&scope, query, &answer, error)) {
    *ret_answer = answer;
    return TRUE;
  }
  iv_basket_answer_clear(&answer);
  return FALSE;
}

void iv_basket_answer_clear(IvBasketAnswer *answer) {
  g_clear_pointer(&answer->products, g_array_unref);
  g_clear_pointer(&answer->rules, g_array_unref);
}
