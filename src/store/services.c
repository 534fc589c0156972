/* SPDX-License-Identifier: Apache-2.0 */
#include "store/services.h"

#include <string.h>

#include "kpi/bucket.h"
#include "store/kpi_sales.h"
#include "store/lookup.h"

/* Where a page ends: rows before (ts, id) come next. */
typedef struct {
  IvTime ts;
  IvUuid id;
} Mark;

static char *mark_to_text(const IvServiceRow *last) {
  char id[IV_UUID_TEXT_MAX];
  iv_uuid_to_text(&last->id, id);
  return g_strdup_printf("%" G_GINT64_FORMAT ".%s", last->ts, id);
}

static gboolean mark_from_text(const char *text, Mark *ret_mark, GError **error) {
  g_auto(GStrv) parts = g_strsplit(text, ".", 3);
  if (strlen(text) <= IV_SERVICES_CURSOR_MAX && g_strv_length(parts) == 2 &&
      g_ascii_string_to_signed(parts[0], 10, 0, G_MAXINT64, &ret_mark->ts, NULL) &&
      iv_uuid_from_text(parts[1], &ret_mark->id))
    return TRUE;
  g_set_error_literal(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID,
                      "the cursor is not one of this list; start again without it");
  return FALSE;
}

#define MAPPED "EXISTS (SELECT 1 FROM terminals m WHERE m.store_no = s.store_no AND m.lane = l.id)"
#define ROWS                                                                                       \
  "SELECT s.id, s.ts, s.end_ts, l.id, l.name, c.id, s.transaction_no, t.receipt, x.id, " MAPPED    \
  " FROM lane_services s JOIN lanes l ON l.lane_no = s.lane_no "                                   \
  "LEFT JOIN cameras c ON c.camera_no = s.camera_no "                                              \
  "LEFT JOIN transactions t ON t.transaction_no = s.transaction_no "                               \
  "LEFT JOIN terminals x ON x.terminal_no = t.terminal_no "                                        \
  "WHERE s.store_no = $1 AND s.ts >= $2 AND s.end_ts < $3 AND (s.ts, s.id) < ($4, $5) "            \
  "AND ($6 = '' OR l.id = $7) "
#define ORDER "ORDER BY s.ts DESC, s.id DESC LIMIT $8"

static const char *text_for(int linked) {
  static const char *const texts[] = {ROWS "AND s.transaction_no IS NULL AND " MAPPED " " ORDER,
                                      ROWS "AND s.transaction_no IS NOT NULL " ORDER, ROWS ORDER};
  return texts[linked < 0 ? 2 : linked];
}

/* Of what period it can be said that no receipt came: while points of sale told, and not of late.
 */
static gboolean find_settled(IvSql *sql, const IvStoreKey *key, IvTime now, IvPeriod *ret_settled,
                             GError **error) {
  char currency[4];
  IvPeriod told;
  g_autoptr(GTimeZone) zone = iv_calendar_zone(key->time_zone);
  if (!zone)
    zone = g_time_zone_new_utc();
  if (!iv_sales_known(sql, key->no, zone, currency, &told, error))
    return FALSE;
  *ret_settled = (IvPeriod){told.from, MIN(told.to, now - IV_PROVISIONAL_SPAN)};
  return TRUE;
}

static IvServiceRow read_row(IvStatement *st, IvPeriod settled) {
  gsize n;
  IvServiceRow row = {.ts = iv_column_time(st, 1),
                      .end_ts = iv_column_time(st, 2),
                      .receipt_id = iv_column_int(st, 6)};
  const void *id = iv_column_blob(st, 0, &n);
  if (n == sizeof row.id.bytes)
    memcpy(row.id.bytes, id, n);
  iv_slug_set(&row.lane, iv_column_text(st, 3));
  g_strlcpy(row.lane_name, iv_column_text(st, 4), sizeof row.lane_name);
  iv_slug_set(&row.camera, iv_column_text(st, 5));
  g_strlcpy(row.receipt, iv_column_text(st, 7), sizeof row.receipt);
  g_strlcpy(row.terminal, iv_column_text(st, 8), sizeof row.terminal);
  gboolean known = iv_column_int(st, 9) && row.ts >= settled.from && row.end_ts < settled.to;
  row.linked = row.receipt_id ? 1 : known ? 0 : -1;
  return row;
}

static GArray *read_rows(IvSql *sql, gint64 store_no, const IvServiceQuery *query, Mark before,
                         IvPeriod settled, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(IvServiceRow));
  IvTime from = query->from == IV_TIME_NONE ? 0 : query->from;
  IvTime to = query->to == IV_TIME_NONE ? G_MAXINT64 : query->to;
  IvStatement *st = iv_sql_statement(sql, text_for(query->linked));
  iv_bind_int(st, store_no);
  iv_bind_int(st, query->linked == 0 ? MAX(from, settled.from) : from);
  iv_bind_int(st, query->linked == 0 ? MIN(to, settled.to) : to);
  iv_bind_int(st, before.ts);
  iv_bind_blob(st, before.id.bytes, sizeof before.id.bytes);
  iv_bind_text(st, query->lane ? query->lane : "");
  iv_bind_text(st, query->lane ? query->lane : "");
  iv_bind_int(st, query->limit + 1);
  while (iv_step_row(st, &wrong)) {
    IvServiceRow row = read_row(st, settled);
    g_array_append_val(rows, row);
  }
  if (!wrong)
    return g_steal_pointer(&rows);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

GArray *iv_services_query(IvStore *store, const IvServiceQuery *query, IvTime deadline,
                          char **ret_next_cursor, GError **error) {
  IvStoreKey key;
  IvPeriod settled;
  Mark before = {G_MAXINT64, {{0}}};
  if (query->limit < 1 || query->limit > IV_SERVICES_LIMIT_MAX) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "limit must be from 1 to %d",
                IV_SERVICES_LIMIT_MAX);
    return NULL;
  }
  if (query->cursor && !mark_from_text(query->cursor, &before, error))
    return NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, query->store_id, &key, error) ||
      !find_settled(read.sql, &key, query->now, &settled, error))
    return NULL;
  GArray *rows = read_rows(read.sql, key.no, query, before, settled, error);
  *ret_next_cursor = NULL;
  if (rows && rows->len > query->limit) {
    g_array_set_size(rows, query->limit);
    *ret_next_cursor = mark_to_text(&g_array_index(rows, IvServiceRow, query->limit - 1));
  }
  return rows;
}
