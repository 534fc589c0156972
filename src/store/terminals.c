/* SPDX-License-Identifier: Apache-2.0 */
#include "store/terminals.h"

#include <string.h>

#include "config/terminal_map.h"
#include "store/links.h"
#include "store/lookup.h"
#include "store/receipt_count.h"
#include "store/receipts.h"

GArray *iv_terminals_list(IvStore *store, const char *store_id, IvTime deadline, GError **error) {
  IvStoreKey key;
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  g_autoptr(GArray) terminals = g_array_new(FALSE, TRUE, sizeof(IvTerminal));
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT t.id, t.name, t.lane, (SELECT max(x.ts) FROM transactions x "
                "WHERE x.store_no = t.store_no AND x.terminal_no = t.terminal_no) "
                "FROM terminals t WHERE t.store_no = $1 ORDER BY t.id");
  iv_bind_int(st, key.no);
  while (iv_step_row(st, &wrong)) {
    IvTerminal terminal = {.last_receipt = iv_column_time(st, 3)};
    g_strlcpy(terminal.id, iv_column_text(st, 0), sizeof terminal.id);
    g_strlcpy(terminal.name, iv_column_text(st, 1), sizeof terminal.name);
    iv_slug_set(&terminal.lane, iv_column_text(st, 2));
    g_array_append_val(terminals, terminal);
  }
  if (!wrong)
    return g_steal_pointer(&terminals);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

/* ---- finding and adding ---- */

static gboolean has_room(IvSql *sql, gint64 store_no, gboolean *ret_room, GError **error) {
  gint64 n;
  IvStatement *st = iv_sql_statement(sql, "SELECT count(*) FROM terminals WHERE store_no = $1");
  iv_bind_int(st, store_no);
  if (!iv_lookup_int(st, 0, &n, error))
    return FALSE;
  *ret_room = n < IV_TERMINALS_PER_STORE_MAX;
  return TRUE;
}

static gboolean add(IvSql *sql, gint64 store_no, const char *id, gint64 *ret_no, GError **error) {
  gboolean room;
  *ret_no = 0;
  if (!has_room(sql, store_no, &room, error))
    return FALSE;
  if (!room)
    return TRUE;
  IvStatement *st = iv_sql_statement(sql, "INSERT INTO terminals (store_no, id) VALUES ($1, $2)");
  iv_bind_int(st, store_no);
  iv_bind_text(st, id);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_no = iv_sql_last_row(sql);
  return TRUE;
}

gboolean iv_terminal_find_in(IvSql *sql, gint64 store_no, const char *id, gint64 *ret_no,
                             IvSlug *ret_lane, GError **error) {
  g_autoptr(GError) wrong = NULL;
  *ret_lane = (IvSlug){""};
  IvStatement *st = iv_sql_statement(
      sql, "SELECT terminal_no, lane FROM terminals WHERE store_no = $1 AND id = $2");
  iv_bind_int(st, store_no);
  iv_bind_text(st, id);
  if (iv_step_row(st, &wrong)) {
    *ret_no = iv_column_int(st, 0);
    iv_slug_set(ret_lane, iv_column_text(st, 1));
    iv_statement_reset(st);
    return TRUE;
  }
  if (!wrong)
    return add(sql, store_no, id, ret_no, error);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* ---- the lane ---- */

#define MOVE_SUMS(table)                                                                           \
  "INSERT INTO " table " AS k SELECT store_no, bucket, terminal_no, $1, transactions, itemised, "  \
  "items, revenue_minor, refunds, refunds_minor, voids, no_sales, linked FROM " table " "          \
  "WHERE store_no = $2 AND terminal_no = $3 AND lane = '' "                                        \
  "ON CONFLICT (store_no, bucket, terminal_no, lane) DO UPDATE SET " IV_SALES_ADD
#define DELETE_SUMS(table)                                                                         \
  "DELETE FROM " table " WHERE $1 <> '' AND store_no = $2 AND terminal_no = $3 AND lane = ''"

/* What came while nobody knew the lane belongs to it too. */
static gboolean take_along(IvSql *sql, gint64 store_no, gint64 terminal_no, const char *lane,
                           GError **error) {
  static const char *const texts[] = {
      "UPDATE transactions SET lane = $1 WHERE store_no = $2 AND terminal_no = $3 AND lane = ''",
      MOVE_SUMS("kpi_5min_sales"),
      DELETE_SUMS("kpi_5min_sales"),
      MOVE_SUMS("kpi_hour_sales"),
      DELETE_SUMS("kpi_hour_sales"),
      MOVE_SUMS("kpi_day_sales"),
      DELETE_SUMS("kpi_day_sales"),
  };
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    IvStatement *st = iv_sql_statement(sql, texts[i]);
    iv_bind_text(st, lane);
    iv_bind_int(st, store_no);
    iv_bind_int(st, terminal_no);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  return TRUE;
}

/* Receipts that just got this lane may have services. Those of old have too. */
static gboolean link_again(IvSql *sql, gint64 store_no, gint64 terminal_no, const char *lane,
                           GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvTime from = IV_TIME_NONE, to = IV_TIME_NONE;
  IvLinking linking;
  g_auto(IvJourneys) journeys = {0};
  IvStatement *st =
      iv_sql_statement(sql, "SELECT min(ts), max(ts) FROM transactions WHERE store_no = $1 "
                            "AND terminal_no = $2 AND lane = $3");
  iv_bind_int(st, store_no);
  iv_bind_int(st, terminal_no);
  iv_bind_text(st, lane);
  if (iv_step_row(st, &wrong)) {
    from = iv_column_time(st, 0);
    to = iv_column_time(st, 1);
    iv_statement_reset(st);
  }
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  if (from == IV_TIME_NONE)
    return TRUE;
  IvStoreKey key;
  if (!iv_lookup_store_no(sql, store_no, &key, error))
    return FALSE;
  g_autoptr(IvRollups) rollups = iv_rollups_new(sql, &key);
  g_autoptr(GTimeZone) zone = iv_calendar_zone(key.time_zone);
  iv_journeys_init(&journeys, sql, store_no, zone, 0);
  iv_linking_init(&linking, sql, store_no, rollups, &journeys);
  gboolean ok = iv_linking_span(&linking, lane, from, to, error) &&
                iv_linking_finish(&linking, error) && iv_journeys_finish(&journeys, error) &&
                iv_rollups_finish(rollups, error);
  iv_linking_clear(&linking);
  return ok;
}

static gboolean set_lane(IvSql *sql, gint64 store_no, gint64 terminal_no, const IvSlug *old,
                         const char *lane, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "UPDATE terminals SET lane = $1 WHERE terminal_no = $2");
  iv_bind_text(st, lane);
  iv_bind_int(st, terminal_no);
  return iv_step_done(st, error) && (!iv_slug_is_none(old) || lane[0] == '\0' ||
                                     (take_along(sql, store_no, terminal_no, lane, error) &&
                                      link_again(sql, store_no, terminal_no, lane, error)));
}

static gboolean find_or_fail(IvSql *sql, gint64 store_no, const char *id, gint64 *ret_no,
                             IvSlug *ret_lane, GError **error) {
  if (!iv_terminal_find_in(sql, store_no, id, ret_no, ret_lane, error))
    return FALSE;
  if (*ret_no)
    return TRUE;
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT, "a store has at most %d terminals",
              IV_TERMINALS_PER_STORE_MAX);
  return FALSE;
}

static gboolean put(IvSql *sql, gint64 store_no, const IvTerminal *terminal, GError **error) {
  gint64 no;
  IvSlug old;
  if (!find_or_fail(sql, store_no, terminal->id, &no, &old, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(sql, "UPDATE terminals SET name = $1 WHERE terminal_no = $2");
  iv_bind_text(st, terminal->name);
  iv_bind_int(st, no);
  return iv_step_done(st, error) && set_lane(sql, store_no, no, &old, terminal->lane.text, error);
}

gboolean iv_terminals_put_in(IvSql *sql, const char *store_id, const IvTerminal *terminals, guint n,
                             GError **error) {
  IvStoreKey key;
  if (!iv_lookup_store(sql, store_id, &key, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!put(sql, key.no, &terminals[i], error))
      return FALSE;
  return TRUE;
}

/* ---- the configuration file ---- */

static gboolean import_lane(IvSql *sql, gint64 store_no, const IvTerminalLane *entry,
                            GPtrArray *notes, GError **error) {
  gint64 no, changed;
  IvSlug old;
  if (!find_or_fail(sql, store_no, entry->terminal, &no, &old, error))
    return FALSE;
  IvStatement *st =
      iv_sql_statement(sql, "SELECT imported_lane <> $1 FROM terminals WHERE terminal_no = $2");
  iv_bind_text(st, entry->lane.text);
  iv_bind_int(st, no);
  if (!iv_lookup_int(st, 0, &changed, error))
    return FALSE;
  if (!changed) {
    if (strcmp(old.text, entry->lane.text) != 0)
      g_ptr_array_add(notes, g_strdup_printf("terminal %s: the lane was changed by the API and "
                                             "differs from the file's; the API's is used",
                                             entry->terminal));
    return TRUE;
  }
  st = iv_sql_statement(sql, "UPDATE terminals SET imported_lane = $1 WHERE terminal_no = $2");
  iv_bind_text(st, entry->lane.text);
  iv_bind_int(st, no);
  g_ptr_array_add(notes, g_strdup_printf("terminal %s: at lane %s, as in the file", entry->terminal,
                                         entry->lane.text));
  return iv_step_done(st, error) && set_lane(sql, store_no, no, &old, entry->lane.text, error);
}

/* Once there are receipts the currency stays: sums would mix. */
static gboolean import_currency(IvSql *sql, gint64 store_no, const char *currency, GPtrArray *notes,
                                GError **error) {
  gint64 n;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT count(*) FROM stores s WHERE s.store_no = $1 AND s.currency <> $2 AND "
           "EXISTS (SELECT 1 FROM kpi_5min_sales k WHERE k.store_no = s.store_no)");
  iv_bind_int(st, store_no);
  iv_bind_text(st, currency);
  if (!iv_lookup_int(st, 0, &n, error))
    return FALSE;
  if (n > 0) {
    g_ptr_array_add(notes, g_strdup_printf("sales.currency: %s is not used, as receipts in another "
                                           "currency are there",
                                           currency));
    return TRUE;
  }
  st = iv_sql_statement(sql, "UPDATE stores SET currency = $1 WHERE store_no = $2");
  iv_bind_text(st, currency);
  iv_bind_int(st, store_no);
  return iv_step_done(st, error);
}

gboolean iv_terminals_import(IvSql *sql, gint64 store_no, const IvSalesConfig *sales,
                             GPtrArray *notes, GError **error) {
  const char *fault = NULL;
  g_autoptr(GArray) map = iv_terminal_map_read(sales->terminals, &fault);
  for (guint i = 0; map && i < map->len; i++)
    if (!import_lane(sql, store_no, &g_array_index(map, IvTerminalLane, i), notes, error))
      return FALSE;
  return !sales->currency || !sales->currency[0] ||
         import_currency(sql, store_no, sales->currency, notes, error);
}
