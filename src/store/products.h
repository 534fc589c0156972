/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/receipt.h"
#include "store/store.h"

/* What is sold: names and categories of SKUs. Receipts may name SKUs that are not here. */

#define IV_PRODUCTS_PER_STORE_MAX 200000
#define IV_PRODUCTS_PUT_MAX 2000 /* in one request */
#define IV_PRODUCTS_LIMIT_MAX 500
#define IV_CATEGORY_MAX 80 /* bytes */
#define IV_PRICE_NONE (-1)

typedef struct {
  char sku[IV_SKU_MAX + 1];
  char name[IV_ITEM_NAME_MAX + 1];
  char category[IV_CATEGORY_MAX + 1]; /* "" = none */
  gint64 price;                       /* minor units; IV_PRICE_NONE = not told */
} IvProduct;

/* By SKU, those after `after` (NULL = from the first), at most `limit` (GArray of IvProduct).
 * IV_STORE_ERROR_NOT_FOUND for the store. */
GArray *iv_products_list(IvStore *store, const char *store_id, const char *after, guint limit,
                         IvTime deadline, GError **error);

/* Adds or replaces those named and leaves the others; inside a job of the writer. Figures of the
 * past keep the categories they were counted with. IV_STORE_ERROR_LIMIT with too many. */
gboolean iv_products_put_in(IvSql *sql, const char *store_id, const IvProduct *products, guint n,
                            GError **error);
