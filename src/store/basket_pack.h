/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/calendar.h"
#include "sql/sql.h"

/* What was bought together in an hour of the store, in few bytes: a row of basket_hours holds the
 * sales of that hour that tell their lines, the newest first. Products are numbers of the table
 * basket_items. Inside this room. */

/* Makes the row of the hour anew from its receipts; none where there is nothing to tell. Inside
 * jobs of the writer. */
gboolean iv_basket_pack_make(IvSql *sql, gint64 store_no, IvPeriod hour, GError **error);

/* Baskets one after another, as in IvBaskets (kpi/basket.h), rising. A line that was taken back
 * (quantity 0 or less) is not bought, and whoever has no line that was bought is no basket. */
typedef struct {
  GArray *items, *ends;   /* of guint32: numbers of basket_items */
  gint64 units, revenue;  /* of all of them: pieces, minor units */
  guint n_max, lines_max; /* no further basket is added once one of them is reached */
  gboolean cut;           /* there was one */
} IvBasketPile;

void iv_basket_pile_init(IvBasketPile *ret_pile, guint n_max, guint lines_max);
void iv_basket_pile_clear(IvBasketPile *pile);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvBasketPile, iv_basket_pile_clear)

/* Adds the baskets of the hours that begin in `hours`, the newest first. */
gboolean iv_basket_pile_read_hours(IvBasketPile *pile, IvSql *sql, gint64 store_no, IvPeriod hours,
                                   GError **error);

/* The same from the receipts themselves. `number_of` gives a product its number; where it isn't one
 * of basket_items the caller has its own. */
typedef guint32 (*IvBasketNumber)(gpointer self, const char *sku, GError **error);
gboolean iv_basket_pile_read_receipts(IvBasketPile *pile, IvSql *sql, gint64 store_no,
                                      IvPeriod span, IvBasketNumber number_of, gpointer self,
                                      GError **error);
