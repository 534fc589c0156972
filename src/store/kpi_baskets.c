/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "kpi/basket.h"
#include "store/basket_pack.h"
#include "store/kpi_sales.h"
#include "store/rollup_spans.h"

/* The baskets of the range. Products are numbers of basket_items, and above those of the receipts
 * that are not packed yet; in the rules the frequent ones are 0, 1, ... in the order of their
 * SKUs. */
typedef struct {
  IvBasketPile pile;
  guint32 n_packed;    /* numbers below are basket_items' */
  GPtrArray *more;     /* of SKUs: the numbers from n_packed on */
  GHashTable *numbers; /* SKU of a receipt to its number */
  GPtrArray *skus;     /* of the frequent products */
  const IvKpiScope *scope;
} Baskets;

static void baskets_init(Baskets *baskets, const IvKpiScope *scope) {
  *baskets = (Baskets){.more = g_ptr_array_new_with_free_func(g_free),
                       .numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                       .skus = g_ptr_array_new_with_free_func(g_free),
                       .scope = scope};
  iv_basket_pile_init(&baskets->pile, IV_BASKETS_MAX, IV_BASKET_LINES_MAX);
}

static void baskets_clear(Baskets *baskets) {
  iv_basket_pile_clear(&baskets->pile);
  g_clear_pointer(&baskets->numbers, g_hash_table_unref);
  g_clear_pointer(&baskets->more, g_ptr_array_unref);
  g_clear_pointer(&baskets->skus, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Baskets, baskets_clear)

/* ---- numbers and SKUs ---- */

static gboolean count_packed(Baskets *baskets, GError **error) {
  gint64 most;
  IvStatement *st =
      iv_sql_statement(baskets->scope->sql,
                       "SELECT coalesce(max(item_no), 0) FROM basket_items WHERE store_no = $1");
  iv_bind_int(st, baskets->scope->store.no);
  if (!iv_lookup_int(st, 0, &most, error))
    return FALSE;
  baskets->n_packed = (guint32)most + 1;
  return TRUE;
}

static guint32 number_of(gpointer self, const char *sku, GError **error) {
  Baskets *baskets = self;
  gint64 no;
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(baskets->numbers, sku));
  if (known)
    return known;
  g_autofree char *key = g_strdup(sku);
  guint32 fresh = baskets->n_packed + baskets->more->len;
  IvStatement *st = iv_sql_statement(
      baskets->scope->sql, "SELECT item_no FROM basket_items WHERE store_no = $1 AND sku = $2");
  iv_bind_int(st, baskets->scope->store.no);
  iv_bind_text(st, key);
  if (!iv_lookup_int(st, fresh, &no, error))
    return 0;
  if (no == fresh)
    g_ptr_array_add(baskets->more, g_strdup(key));
  g_hash_table_insert(baskets->numbers, g_steal_pointer(&key), GUINT_TO_POINTER((guint)no));
  return (guint32)no;
}

static char *sku_of(const Baskets *baskets, guint32 number, GError **error) {
  if (number >= baskets->n_packed)
    return g_strdup(baskets->more->pdata[number - baskets->n_packed]);
  IvStatement *st = iv_sql_statement(
      baskets->scope->sql, "SELECT sku FROM basket_items WHERE store_no = $1 AND item_no = $2");
  iv_bind_int(st, baskets->scope->store.no);
  iv_bind_int(st, number);
  char *sku = iv_step_row(st, error) ? g_strdup(iv_column_text(st, 0)) : NULL;
  iv_statement_reset(st);
  return sku;
}

/* ---- reading ---- */

/* Newest first. Packed hours are used where none of their receipts was deleted. */
static gboolean read_baskets(const IvKpiScope *scope, Baskets *baskets, GError **error) {
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  IvPeriod range = scope->range;
  IvTime kept = CLAMP(scope->store.sales_from, range.from, range.to);
  guint n = kept < range.to
                ? iv_rollup_spans(scope, (IvPeriod){kept, range.to}, IV_ROLLUP_HOUR, spans)
                : 0;
  if (!count_packed(baskets, error))
    return FALSE;
  for (guint i = n; i-- > 0;) {
    IvPeriod span = spans[i].span;
    gboolean ok =
        spans[i].level == IV_ROLLUP_HOUR
            ? iv_basket_pile_read_hours(&baskets->pile, scope->sql, scope->store.no, span, error)
            : iv_basket_pile_read_receipts(&baskets->pile, scope->sql, scope->store.no, span,
                                           number_of, baskets, error);
    if (!ok)
      return FALSE;
  }
  return iv_basket_pile_read_receipts(&baskets->pile, scope->sql, scope->store.no,
                                      (IvPeriod){range.from, kept}, number_of, baskets, error);
}

/* ---- frequent products ---- */

typedef struct {
  guint32 number;
  char *sku;
} Product;

static int by_sku(gconstpointer a, gconstpointer b) {
  return strcmp(((const Product *)a)->sku, ((const Product *)b)->sku);
}

/* Those that the sets name: each is one of its own. */
static gboolean find_frequent(const Baskets *baskets, const GArray *sets, GArray *frequent,
                              GError **error) {
  g_autoptr(GError) wrong = NULL;
  for (guint i = 0; !wrong && i < sets->len; i++) {
    const IvItemset *set = &g_array_index(sets, IvItemset, i);
    if (set->n != 1)
      continue;
    Product product = {set->items[0], sku_of(baskets, set->items[0], &wrong)};
    if (!product.sku && !wrong)
      g_set_error_literal(&wrong, IV_SQL_ERROR, IV_SQL_ERROR_CORRUPT,
                          "stored baskets are damaged; restore a backup");
    g_array_append_val(frequent, product);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* From numbers to places in the order of SKUs, so that which receipt came first changes no answer.
 */
static gboolean name_products(Baskets *baskets, GArray *sets, GError **error) {
  guint n_products = baskets->n_packed + baskets->more->len;
  g_autofree guint32 *place_of = g_new0(guint32, n_products);
  g_autoptr(GArray) frequent = g_array_new(FALSE, FALSE, sizeof(Product));
  gboolean ok = find_frequent(baskets, sets, frequent, error);
  if (ok)
    g_array_sort(frequent, by_sku);
  for (guint i = 0; i < frequent->len; i++) {
    const Product *product = &g_array_index(frequent, Product, i);
    place_of[product->number] = i;
    g_ptr_array_add(baskets->skus, product->sku);
  }
  if (ok)
    iv_basket_renumber(sets, place_of);
  return ok;
}

/* ---- the rules ---- */

static GArray *find_rules(Baskets *baskets, double min_support, GError **error) {
  const IvBasketPile *pile = &baskets->pile;
  guint n = pile->ends->len;
  guint min_count = MAX(2, (guint)ceil(min_support * n - 1e-9));
  IvBaskets plain = {(const guint32 *)(gconstpointer)pile->items->data,
                     (const guint32 *)(gconstpointer)pile->ends->data, n,
                     baskets->n_packed + baskets->more->len, TRUE};
  g_autoptr(GArray) sets = iv_basket_mine(&plain, min_count);
  if (sets)
    return name_products(baskets, sets, error) ? iv_basket_rules(sets, n) : NULL;
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

static gboolean name_rule(Naming *naming, IvBasketRule *rule, GError **error) {
  for (guint k = 0; k < rule->n_if; k++)
    if (!place_of(naming, &rule->if_items[k], error))
      return FALSE;
  return place_of(naming, &rule->then_item, error);
}

static gboolean name_rules(Naming *naming, GError **error) {
  for (guint i = 0; i < naming->answer->rules->len; i++)
    if (!name_rule(naming, &g_array_index(naming->answer->rules, IvBasketRule, i), error))
      return FALSE;
  return TRUE;
}

/* The place of a product among the frequent ones, which are in order; FALSE = it is none. */
static gboolean find_place(const Baskets *baskets, const char *sku, guint32 *ret_place) {
  guint low = 0, high = baskets->skus->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (strcmp(baskets->skus->pdata[mid], sku) < 0)
      low = mid + 1;
    else
      high = mid;
  }
  *ret_place = low;
  return low < baskets->skus->len && strcmp(baskets->skus->pdata[low], sku) == 0;
}

/* Rare products are in no rule. */
static gboolean find_hint(Naming *naming, const GArray *rules, const char *const *skus,
                          GError **error) {
  guint32 basket[IV_BASKET_HINT_MAX], n = 0;
  for (guint i = 0; skus && skus[i] && i < IV_BASKET_HINT_MAX; i++)
    if (find_place(naming->baskets, skus[i], &basket[n]))
      n++;
  const IvBasketRule *rule = iv_basket_hint(rules, basket, n);
  if (!rule)
    return TRUE;
  naming->answer->hint = *rule;
  return name_rule(naming, &naming->answer->hint, error);
}

static gboolean tell_rules(const IvKpiScope *scope, Baskets *baskets, const IvBasketQuery *query,
                           IvBasketAnswer *answer, GError **error) {
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
  baskets_init(&baskets, scope);
  if (!iv_sales_known(scope->sql, scope->store.no, scope->zone, answer->currency, &known, error) ||
      !read_baskets(scope, &baskets, error))
    return FALSE;
  answer->cut = baskets.pile.cut;
  answer->known = scope->range.from < known.to && scope->range.to > known.from;
  answer->n_baskets = baskets.pile.ends->len;
  if (answer->n_baskets == 0)
    return TRUE;
  answer->items_per_basket = (double)baskets.pile.units / answer->n_baskets;
  answer->average_value = (double)baskets.pile.revenue / answer->n_baskets;
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
