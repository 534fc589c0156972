/* SPDX-License-Identifier: Apache-2.0 */
#include "store/products.h"

#include "store/lookup.h"

GArray *iv_products_list(IvStore *store, const char *store_id, const char *after, guint limit,
                         IvTime deadline, GError **error) {
  IvStoreKey key;
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  g_autoptr(GArray) products = g_array_new(FALSE, TRUE, sizeof(IvProduct));
  IvStatement *st =
      iv_sql_statement(read.sql, "SELECT sku, name, category, price FROM products "
                                 "WHERE store_no = $1 AND sku > $2 ORDER BY sku LIMIT $3");
  iv_bind_int(st, key.no);
  iv_bind_text(st, after ? after : "");
  iv_bind_int(st, MIN(limit, IV_PRODUCTS_LIMIT_MAX));
  while (iv_step_row(st, &wrong)) {
    IvProduct product = {.price = iv_column_is_null(st, 3) ? IV_PRICE_NONE : iv_column_int(st, 3)};
    g_strlcpy(product.sku, iv_column_text(st, 0), sizeof product.sku);
    g_strlcpy(product.name, iv_column_text(st, 1), sizeof product.name);
    g_strlcpy(product.category, iv_column_text(st, 2), sizeof product.category);
    g_array_append_val(products, product);
  }
  if (!wrong)
    return g_steal_pointer(&products);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

static gboolean put(IvSql *sql, gint64 store_no, const IvProduct *product, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO products (store_no, sku, name, category, price) "
           "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (store_no, sku) DO UPDATE SET "
           "name = excluded.name, category = excluded.category, price = excluded.price");
  iv_bind_int(st, store_no);
  iv_bind_text(st, product->sku);
  iv_bind_text(st, product->name);
  iv_bind_text(st, product->category);
  if (product->price < 0)
    iv_bind_null(st);
  else
    iv_bind_int(st, product->price);
  return iv_step_done(st, error);
}

static gboolean check_count(IvSql *sql, gint64 store_no, GError **error) {
  gint64 n;
  IvStatement *st = iv_sql_statement(sql, "SELECT count(*) FROM products WHERE store_no = $1");
  iv_bind_int(st, store_no);
  if (!iv_lookup_int(st, 0, &n, error))
    return FALSE;
  if (n <= IV_PRODUCTS_PER_STORE_MAX)
    return TRUE;
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT, "a store has at most %d products",
              IV_PRODUCTS_PER_STORE_MAX);
  return FALSE;
}

gboolean iv_products_put_in(IvSql *sql, const char *store_id, const IvProduct *products, guint n,
                            GError **error) {
  IvStoreKey key;
  if (!iv_lookup_store(sql, store_id, &key, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!put(sql, key.no, &products[i], error))
      return FALSE;
  return check_count(sql, key.no, error);
}
