/* SPDX-License-Identifier: Apache-2.0 */
#include "store/basket_pack.h"

#include <stdlib.h>

#include "store/lookup.h"

void iv_basket_pile_init(IvBasketPile *ret_pile, guint n_max, guint lines_max) {
  *ret_pile = (IvBasketPile){.items = g_array_new(FALSE, FALSE, sizeof(guint32)),
                             .ends = g_array_new(FALSE, FALSE, sizeof(guint32)),
                             .n_max = n_max,
                             .lines_max = lines_max};
}

void iv_basket_pile_clear(IvBasketPile *pile) {
  g_clear_pointer(&pile->items, g_array_unref);
  g_clear_pointer(&pile->ends, g_array_unref);
}

#define READ_BASKETS                                                                               \
  "SELECT t.transaction_no, t.items, t.amount, i.sku FROM transactions t "                         \
  "JOIN transaction_items i ON i.transaction_no = t.transaction_no "                               \
  "WHERE t.store_no = $1 AND t.ts >= $2 AND t.ts < $3 AND t.kind = 'sale' "                        \
  "AND i.quantity_milli > 0 ORDER BY t.ts DESC, t.transaction_no DESC"

/* Whether there is room for another; notes when not. */
static gboolean has_room(IvBasketPile *pile) {
  pile->cut = pile->cut || pile->ends->len >= pile->n_max || pile->items->len >= pile->lines_max;
  return !pile->cut;
}

/* ---- from receipts ---- */

static int compare_items(gconstpointer a, gconstpointer b) {
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return (x > y) - (x < y);
}

/* Ends the basket whose products are those after the last end, if there are any. */
static void end_basket(IvBasketPile *pile) {
  guint begun = pile->ends->len ? g_array_index(pile->ends, guint32, pile->ends->len - 1) : 0;
  guint n = pile->items->len - begun, kept = 0;
  if (n == 0)
    return;
  guint32 *items = &g_array_index(pile->items, guint32, begun);
  qsort(items, n, sizeof *items, compare_items);
  for (guint i = 0; i < n; i++)
    if (i == 0 || items[i] != items[kept - 1])
      items[kept++] = items[i];
  guint32 end = begun + kept;
  g_array_set_size(pile->items, end);
  g_array_append_val(pile->ends, end);
}

gboolean iv_basket_pile_read_receipts(IvBasketPile *pile, IvSql *sql, gint64 store_no,
                                      IvPeriod span, IvBasketNumber number_of, gpointer self,
                                      GError **error) {
  g_autoptr(GError) wrong = NULL;
  gint64 last = 0;
  if (span.from >= span.to || pile->cut)
    return TRUE;
  IvStatement *st = iv_sql_statement(sql, READ_BASKETS);
  iv_bind_int(st, store_no);
  iv_bind_time(st, span.from);
  iv_bind_time(st, span.to);
  while (iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    if (no != last)
      end_basket(pile);
    if (no != last && !has_room(pile))
      break;
    guint32 item = number_of(self, iv_column_text(st, 3), &wrong);
    if (wrong)
      break;
    g_array_append_val(pile->items, item);
    if (no == last)
      continue;
    pile->units += iv_column_int(st, 1);
    pile->revenue += iv_column_int(st, 2);
    last = no;
  }
  end_basket(pile);
  iv_statement_reset(st);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* ---- bytes ---- */

/* A basket is: how many lines; pieces and money, negative ones folded in; the products, rising, as
 * distances. Each number in bytes of 7 bits, the lowest first, whose bit 7 says that another
 * follows. */

static void put(GByteArray *bytes, guint64 value) {
  do {
    guint8 byte = (guint8)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    g_byte_array_append(bytes, &byte, 1);
    value >>= 7;
  } while (value);
}

static inline gboolean get(const guint8 **p, const guint8 *end, guint64 *ret_value) {
  guint64 value = 0;
  if (*p < end && **p < 0x80) { /* nearly all are */
    *ret_value = *(*p)++;
    return TRUE;
  }
  if (end - *p >= 3 && ((*p)[1] & (*p)[2] & 0x80) == 0) { /* most others, money among them */
    guint more = (*p)[1] >> 7;
    *ret_value = (guint64)((*p)[0] & 0x7f) | (guint64)((*p)[1] & 0x7f) << 7 |
                 (guint64)((*p)[2] * more) << 14;
    *p += 2 + more;
    return TRUE;
  }
  for (int shift = 0; shift < 64 && *p < end; shift += 7) {
    guint8 byte = *(*p)++;
    value |= (guint64)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) {
      *ret_value = value;
      return TRUE;
    }
  }
  return FALSE;
}

static guint64 fold(gint64 value) {
  return (guint64)value << 1 ^ (guint64)(value >> 63);
}

static gint64 unfold(guint64 value) {
  return (gint64)(value >> 1) ^ -(gint64)(value & 1);
}

static void put_basket(GByteArray *bytes, guint32 *items, guint n, gint64 units, gint64 revenue) {
  qsort(items, n, sizeof *items, compare_items);
  put(bytes, n);
  put(bytes, fold(units));
  put(bytes, fold(revenue));
  for (guint i = 0; i < n; i++)
    put(bytes, items[i] - (i ? items[i - 1] : 0));
}

/* One basket into `items`, which has room for all that the bytes can hold; `*n_items` rises. */
static inline gboolean read_basket(IvBasketPile *pile, const guint8 **bytes, const guint8 *end,
                                   guint32 *items, guint *n_items) {
  const guint8 *p = *bytes;
  guint64 lines, units, revenue, step, item = 0;
  guint n = *n_items;
  if (!get(&p, end, &lines) || !get(&p, end, &units) || !get(&p, end, &revenue) ||
      lines > (guint64)(end - p))
    return FALSE;
  for (guint64 i = 0; i < lines; i++) {
    if (!get(&p, end, &step) || (item += step) >= G_MAXUINT32)
      return FALSE;
    n -= step == 0 && i > 0; /* the same product again */
    items[n++] = (guint32)item;
  }
  *bytes = p;
  *n_items = n;
  pile->units += unfold(units);
  pile->revenue += unfold(revenue);
  return TRUE;
}

/* FALSE: these are no such bytes. Every line takes a byte at least, every basket three more. */
static gboolean add_bytes(IvBasketPile *pile, const guint8 *p, gsize n) {
  const guint8 *end = p + n;
  guint n_items = pile->items->len, n_ends = pile->ends->len;
  gboolean fine = TRUE;
  g_array_set_size(pile->items, n_items + (guint)n);
  g_array_set_size(pile->ends, n_ends + (guint)n / 3 + 1);
  guint32 *items = (guint32 *)(gpointer)pile->items->data;
  guint32 *ends = (guint32 *)(gpointer)pile->ends->data;
  while (fine && p < end) {
    pile->cut = n_ends >= pile->n_max || n_items >= pile->lines_max;
    if (pile->cut)
      break;
    fine = read_basket(pile, &p, end, items, &n_items);
    ends[n_ends] = n_items;
    n_ends += fine ? 1 : 0;
  }
  g_array_set_size(pile->items, n_items);
  g_array_set_size(pile->ends, n_ends);
  return fine;
}

gboolean iv_basket_pile_read_hours(IvBasketPile *pile, IvSql *sql, gint64 store_no, IvPeriod hours,
                                   GError **error) {
  g_autoptr(GError) wrong = NULL;
  gsize n;
  if (hours.from >= hours.to || pile->cut)
    return TRUE;
  IvStatement *st = iv_sql_statement(sql, "SELECT baskets FROM basket_hours WHERE store_no = $1 "
                                          "AND bucket >= $2 AND bucket < $3 ORDER BY bucket DESC");
  iv_bind_int(st, store_no);
  iv_bind_time(st, hours.from);
  iv_bind_time(st, hours.to);
  while (!pile->cut && iv_step_row(st, &wrong)) {
    const void *bytes = iv_column_blob(st, 0, &n);
    if (add_bytes(pile, bytes, n))
      continue;
    g_set_error_literal(&wrong, IV_SQL_ERROR, IV_SQL_ERROR_CORRUPT,
                        "stored baskets are damaged; restore a backup");
    break;
  }
  iv_statement_reset(st);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* ---- making a row ---- */

typedef struct {
  IvSql *sql;
  gint64 store_no;
} Numbering;

static gboolean find_number(const Numbering *n, const char *sku, gint64 *ret_no, GError **error) {
  IvStatement *st =
      iv_sql_statement(n->sql, "SELECT item_no FROM basket_items WHERE store_no = $1 AND sku = $2");
  iv_bind_int(st, n->store_no);
  iv_bind_text(st, sku);
  return iv_lookup_int(st, -1, ret_no, error);
}

static gboolean add_number(const Numbering *n, const char *sku, GError **error) {
  IvStatement *st = iv_sql_statement(
      n->sql, "INSERT INTO basket_items (store_no, item_no, sku) SELECT $1, "
              "coalesce((SELECT max(item_no) FROM basket_items WHERE store_no = $1), 0) + 1, $2");
  iv_bind_int(st, n->store_no);
  iv_bind_text(st, sku);
  return iv_step_done(st, error);
}

static guint32 number_of(gpointer self, const char *sku, GError **error) {
  const Numbering *numbering = self;
  g_autofree char *kept = g_strdup(sku); /* it may be a column of a statement */
  gint64 no;
  if (!find_number(numbering, kept, &no, error))
    return 0;
  if (no < 0 && (!add_number(numbering, kept, error) || !find_number(numbering, kept, &no, error)))
    return 0;
  return (guint32)no;
}

static gboolean pack(const Numbering *numbering, IvPeriod hour, GByteArray *bytes, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(guint32));
  gint64 last = 0, units = 0, revenue = 0;
  IvStatement *st = iv_sql_statement(numbering->sql, READ_BASKETS);
  iv_bind_int(st, numbering->store_no);
  iv_bind_time(st, hour.from);
  iv_bind_time(st, hour.to);
  while (!wrong && iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    if (no != last && items->len > 0)
      put_basket(bytes, (guint32 *)(gpointer)items->data, items->len, units, revenue);
    if (no != last)
      g_array_set_size(items, 0);
    last = no;
    units = iv_column_int(st, 1);
    revenue = iv_column_int(st, 2);
    guint32 item = number_of((gpointer)numbering, iv_column_text(st, 3), &wrong);
    g_array_append_val(items, item);
  }
  iv_statement_reset(st);
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  if (items->len > 0)
    put_basket(bytes, (guint32 *)(gpointer)items->data, items->len, units, revenue);
  return TRUE;
}

gboolean iv_basket_pack_make(IvSql *sql, gint64 store_no, IvPeriod hour, GError **error) {
  Numbering numbering = {sql, store_no};
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  IvStatement *st =
      iv_sql_statement(sql, "DELETE FROM basket_hours WHERE store_no = $1 AND bucket = $2");
  iv_bind_int(st, store_no);
  iv_bind_time(st, hour.from);
  if (!iv_step_done(st, error) || !pack(&numbering, hour, bytes, error))
    return FALSE;
  if (bytes->len == 0)
    return TRUE;
  st = iv_sql_statement(sql,
                        "INSERT INTO basket_hours (store_no, bucket, baskets) VALUES ($1, $2, $3)");
  iv_bind_int(st, store_no);
  iv_bind_time(st, hour.from);
  iv_bind_blob(st, bytes->data, bytes->len);
  return iv_step_done(st, error);
}
