/* SPDX-License-Identifier: Apache-2.0 */
#include "store/links.h"

#include "kpi/bucket.h"
#include "store/link_scope.h"
#include "store/lookup.h"

#define NEAR IV_HOUR /* spans of one lane that lie nearer are one */

/* Where something came at a lane. */
typedef struct {
  gint64 lane;
  IvTime from, to;
} Span;

void iv_linking_init(IvLinking *linking, IvSql *sql, gint64 store_no, IvRollups *rollups,
                     IvJourneys *journeys) {
  *linking = (IvLinking){sql, store_no, rollups, journeys, g_array_new(FALSE, FALSE, sizeof(Span))};
}

void iv_linking_clear(IvLinking *linking) {
  g_clear_pointer(&linking->dirty, g_array_unref);
}

static void note(IvLinking *linking, Span span) {
  for (guint i = 0; i < linking->dirty->len; i++) {
    Span *at = &g_array_index(linking->dirty, Span, i);
    if (at->lane != span.lane || at->from > span.to + NEAR || at->to < span.from - NEAR)
      continue;
    at->from = MIN(at->from, span.from);
    at->to = MAX(at->to, span.to);
    return;
  }
  g_array_append_val(linking->dirty, span);
}

gboolean iv_linking_service(IvLinking *linking, const IvEvent *event, const IvEventNos *nos,
                            GError **error) {
  if (event->kind != IV_EVENT_QUEUE_SERVICE || !nos->lane || event->end_ts < event->ts ||
      event->end_ts - event->ts > IV_LINK_SERVICE_MAX)
    return TRUE;
  IvStatement *st = iv_sql_statement(
      linking->sql, "INSERT OR IGNORE INTO lane_services (store_no, lane_no, ts, id, end_ts, "
                    "camera_no, tracklet_id, visitor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
  iv_bind_int(st, linking->store_no);
  iv_bind_int(st, nos->lane);
  iv_bind_time(st, event->ts);
  iv_bind_blob(st, event->id.bytes, sizeof event->id.bytes);
  iv_bind_time(st, event->end_ts);
  if (nos->camera)
    iv_bind_int(st, nos->camera);
  else
    iv_bind_null(st);
  iv_bind_int(st, (gint64)event->tracklet_id);
  if (event->visitor)
    iv_bind_int(st, (gint64)event->visitor);
  else
    iv_bind_null(st);
  note(linking, (Span){nos->lane, event->ts, event->end_ts});
  return iv_step_done(st, error);
}

gboolean iv_linking_span(IvLinking *linking, const char *lane, IvTime from, IvTime to,
                         GError **error) {
  gint64 no;
  if (!lane[0])
    return TRUE;
  IvStatement *st =
      iv_sql_statement(linking->sql, "SELECT lane_no FROM lanes WHERE store_no = $1 AND id = $2");
  iv_bind_int(st, linking->store_no);
  iv_bind_text(st, lane);
  if (!iv_lookup_int(st, 0, &no, error))
    return FALSE;
  if (no > 0) /* else nobody was served there yet: the service will note it */
    note(linking, (Span){no, from, to});
  return TRUE;
}

gboolean iv_linking_receipt(IvLinking *linking, const IvPosReceipt *receipt, const char *lane,
                            GError **error) {
  return receipt->kind != IV_POS_RECEIPT_SALE ||
         iv_linking_span(linking, lane, receipt->ts, receipt->ts, error);
}

/* ---- what changes ---- */

static gboolean set_receipt(const IvLinking *linking, gint64 lane_no, const IvLinkService *service,
                            gint64 receipt_no, GError **error) {
  IvStatement *st =
      iv_sql_statement(linking->sql, "UPDATE lane_services SET transaction_no = $1 WHERE store_no "
                                     "= $2 AND lane_no = $3 AND ts = $4 AND id = $5");
  if (receipt_no)
    iv_bind_int(st, receipt_no);
  else
    iv_bind_null(st);
  iv_bind_int(st, linking->store_no);
  iv_bind_int(st, lane_no);
  iv_bind_time(st, service->from);
  iv_bind_blob(st, service->id.bytes, sizeof service->id.bytes);
  return iv_step_done(st, error);
}

#define COUNT_SERVICE(table)                                                                       \
  "INSERT INTO " table " AS k (store_no, bucket, lane_no, linked) VALUES ($1, $2, $3, $4) "        \
  "ON CONFLICT (store_no, bucket, lane_no) DO UPDATE SET linked = k.linked + excluded.linked"
#define COUNT_RECEIPT(table)                                                                       \
  "UPDATE " table " SET linked = linked + $1 WHERE store_no = $2 AND bucket = $3 "                 \
  "AND terminal_no = $4 AND lane = $5"

static const struct {
  IvTime span;
  const char *service, *receipt;
} tables[] = {
    {IV_BUCKET_SPAN, COUNT_SERVICE("kpi_5min_link"), COUNT_RECEIPT("kpi_5min_sales")},
    {IV_HOUR, COUNT_SERVICE("kpi_hour_link"), COUNT_RECEIPT("kpi_hour_sales")},
};

static gboolean count_service(const IvLinking *linking, gint64 lane, IvTime ts, int more,
                              GError **error) {
  iv_rollups_touch(linking->rollups, IV_ROLLUP_LINK, ts);
  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
    IvStatement *st = iv_sql_statement(linking->sql, tables[i].service);
    iv_bind_int(st, linking->store_no);
    iv_bind_time(st, iv_time_floor(ts, tables[i].span));
    iv_bind_int(st, lane);
    iv_bind_int(st, more);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean count_receipt(IvSql *sql, gint64 store_no, const IvLinkReceipt *receipt,
                              const char *lane, int more, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
    IvStatement *st = iv_sql_statement(sql, tables[i].receipt);
    iv_bind_int(st, more);
    iv_bind_int(st, store_no);
    iv_bind_time(st, iv_time_floor(receipt->ts, tables[i].span));
    iv_bind_int(st, receipt->terminal);
    iv_bind_text(st, lane);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- pairing ---- */

/* Which receipt each service has by the rules of kpi/link.h (0 = none), by its place. */
static gint64 *pair(const IvLinkScope *scope) {
  guint n_services = scope->services->len, n_receipts = scope->receipts->len;
  g_autofree IvServiceInterval *services = g_new0(IvServiceInterval, MAX(n_services, 1));
  g_autofree IvPosReceiptMark *receipts = g_new0(IvPosReceiptMark, MAX(n_receipts, 1));
  g_autofree gint *service_of = g_new0(gint, MAX(n_receipts, 1));
  gint64 *receipt_of = g_new0(gint64, MAX(n_services, 1));
  for (guint i = 0; i < n_services; i++) {
    const IvLinkService *at = &g_array_index(scope->services, IvLinkService, i);
    services[i] = (IvServiceInterval){scope->lane_no, at->from, at->to};
  }
  for (guint i = 0; i < n_receipts; i++)
    receipts[i] =
        (IvPosReceiptMark){scope->lane_no, g_array_index(scope->receipts, IvLinkReceipt, i).ts};
  iv_link_receipts(services, n_services, receipts, n_receipts, IV_LINK_SLACK, service_of);
  for (guint i = 0; i < n_receipts; i++)
    if (service_of[i] >= 0)
      receipt_of[service_of[i]] = g_array_index(scope->receipts, IvLinkReceipt, i).no;
  return receipt_of;
}

/* The services whose receipt is another now. */
static gboolean write_services(const IvLinking *linking, const IvLinkScope *scope,
                               const gint64 *receipt_of, GError **error) {
  for (guint i = 0; i < scope->services->len; i++) {
    const IvLinkService *service = &g_array_index(scope->services, IvLinkService, i);
    int more = (receipt_of[i] != 0) - (service->receipt != 0);
    if (receipt_of[i] == service->receipt)
      continue;
    if (linking->journeys)
      iv_journeys_touch(linking->journeys, service->visitor);
    if (!set_receipt(linking, scope->lane_no, service, receipt_of[i], error) ||
        (more && !count_service(linking, scope->lane_no, service->from, more, error)))
      return FALSE;
  }
  return TRUE;
}

/* Set of the receipts that have a service; keys live as long as what they point to. */
static GHashTable *set_of(const gint64 *first, gsize stride, guint n) {
  GHashTable *set = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (guint i = 0; i < n; i++) {
    const gint64 *no = (const gint64 *)((const char *)first + i * stride);
    if (*no)
      g_hash_table_add(set, (gpointer)no);
  }
  return set;
}

/* The receipts that are linked now and were not, or the other way round. */
static gboolean write_receipts(const IvLinking *linking, const IvLinkScope *scope,
                               const gint64 *receipt_of, GError **error) {
  guint n = scope->services->len;
  const IvLinkService *services = (const IvLinkService *)scope->services->data;
  g_autoptr(GHashTable) before = set_of(&services->receipt, sizeof *services, n);
  g_autoptr(GHashTable) after = set_of(receipt_of, sizeof *receipt_of, n);
  for (guint i = 0; i < scope->receipts->len; i++) {
    const IvLinkReceipt *receipt = &g_array_index(scope->receipts, IvLinkReceipt, i);
    int more =
        g_hash_table_contains(after, &receipt->no) - g_hash_table_contains(before, &receipt->no);
    if (!more)
      continue;
    iv_rollups_touch(linking->rollups, IV_ROLLUP_SALES, receipt->ts);
    if (!count_receipt(linking->sql, linking->store_no, receipt, scope->lane, more, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean link_span(const IvLinking *linking, const Span *span, GError **error) {
  g_auto(IvLinkScope) scope = {0};
  if (!iv_link_scope_read(linking->sql, linking->store_no, span->lane,
                          (IvPeriod){span->from, span->to}, &scope, error))
    return FALSE;
  if (scope.services->len == 0)
    return TRUE;
  g_autofree gint64 *receipt_of = pair(&scope);
  return write_receipts(linking, &scope, receipt_of, error) &&
         write_services(linking, &scope, receipt_of, error);
}

/* Moves what the database holds as noted to what this batch noted. */
static gboolean take_noted(IvLinking *linking, GError **error) {
  g_autoptr(GError) wrong = NULL;
  guint before = linking->dirty->len;
  IvStatement *st = iv_sql_statement(
      linking->sql, "SELECT lane_no, from_ts, to_ts FROM link_dirty WHERE store_no = $1");
  iv_bind_int(st, linking->store_no);
  while (iv_step_row(st, &wrong)) {
    Span span = {iv_column_int(st, 0), iv_column_time(st, 1), iv_column_time(st, 2)};
    g_array_append_val(linking->dirty, span);
  }
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  if (linking->dirty->len == before)
    return TRUE;
  st = iv_sql_statement(linking->sql, "DELETE FROM link_dirty WHERE store_no = $1");
  iv_bind_int(st, linking->store_no);
  return iv_step_done(st, error);
}

gboolean iv_linking_finish(IvLinking *linking, GError **error) {
  if (!take_noted(linking, error))
    return FALSE;
  for (guint i = 0; i < linking->dirty->len; i++)
    if (!link_span(linking, &g_array_index(linking->dirty, Span, i), error))
      return FALSE;
  g_array_set_size(linking->dirty, 0);
  return TRUE;
}

/* ---- the repair path of sales ---- */

gboolean iv_links_count_sales(IvSql *sql, gint64 store_no, IvTime from, IvTime to, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT t.transaction_no, t.terminal_no, t.ts, t.lane FROM transactions t "
           "WHERE t.store_no = $1 AND t.ts >= $2 AND t.ts < $3 AND EXISTS "
           "(SELECT 1 FROM lane_services s WHERE s.transaction_no = t.transaction_no)");
  iv_bind_int(st, store_no);
  iv_bind_time(st, from);
  iv_bind_time(st, to);
  while (iv_step_row(st, &wrong)) {
    IvLinkReceipt receipt = {iv_column_int(st, 0), iv_column_int(st, 1), iv_column_time(st, 2)};
    if (!count_receipt(sql, store_no, &receipt, iv_column_text(st, 3), 1, &wrong))
      iv_statement_reset(st);
    if (wrong)
      break;
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}
