/* SPDX-License-Identifier: Apache-2.0 */
#include "store/link_scope.h"

#include <string.h>

#include "kpi/link.h"
#include "store/links.h"

#define REACH_FIRST (IV_HOUR / 2)

void iv_link_scope_clear(IvLinkScope *scope) {
  g_clear_pointer(&scope->services, g_array_unref);
  g_clear_pointer(&scope->receipts, g_array_unref);
}

static gboolean fine(GError **error, GError *wrong) {
  if (!wrong)
    return TRUE;
  g_propagate_error(error, wrong);
  return FALSE;
}

static gboolean read_lane(IvSql *sql, IvLinkScope *scope, GError **error) {
  GError *wrong = NULL;
  IvStatement *st = iv_sql_statement(sql, "SELECT id FROM lanes WHERE lane_no = $1");
  iv_bind_int(st, scope->lane_no);
  if (iv_step_row(st, &wrong)) {
    g_strlcpy(scope->lane, iv_column_text(st, 0), sizeof scope->lane);
    iv_statement_reset(st);
  }
  return fine(error, wrong);
}

static gboolean read_services(IvSql *sql, gint64 store_no, IvLinkScope *scope, IvPeriod window,
                              GError **error) {
  GError *wrong = NULL;
  gsize n;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT id, ts, end_ts, transaction_no, visitor FROM lane_services WHERE store_no = $1 "
           "AND lane_no = $2 AND ts >= $3 AND ts <= $4 AND end_ts >= $5 ORDER BY ts, id");
  iv_bind_int(st, store_no);
  iv_bind_int(st, scope->lane_no);
  iv_bind_time(st, window.from - IV_LINK_SERVICE_MAX);
  iv_bind_time(st, window.to);
  iv_bind_time(st, window.from);
  while (iv_step_row(st, &wrong)) {
    IvLinkService service = {.from = iv_column_time(st, 1),
                             .to = iv_column_time(st, 2),
                             .receipt = iv_column_int(st, 3),
                             .visitor = iv_column_int(st, 4)};
    const void *id = iv_column_blob(st, 0, &n);
    if (n == sizeof service.id.bytes)
      memcpy(service.id.bytes, id, n);
    g_array_append_val(scope->services, service);
  }
  return fine(error, wrong);
}

static gboolean read_receipts(IvSql *sql, gint64 store_no, IvLinkScope *scope, IvPeriod window,
                              GError **error) {
  GError *wrong = NULL;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT transaction_no, terminal_no, ts FROM transactions WHERE store_no = $1 "
           "AND lane = $2 AND ts >= $3 AND ts <= $4 AND kind = 'sale' ORDER BY ts, transaction_no");
  iv_bind_int(st, store_no);
  iv_bind_text(st, scope->lane);
  iv_bind_time(st, window.from - IV_LINK_SLACK);
  iv_bind_time(st, window.to + IV_LINK_SLACK);
  while (iv_step_row(st, &wrong)) {
    IvLinkReceipt receipt = {iv_column_int(st, 0), iv_column_int(st, 1), iv_column_time(st, 2)};
    g_array_append_val(scope->receipts, receipt);
  }
  return fine(error, wrong);
}

/* ---- chains ---- */

static int by_from(gconstpointer a, gconstpointer b) {
  const IvPeriod *x = a, *y = b;
  return x->from != y->from ? (x->from < y->from ? -1 : 1) : (x->to > y->to) - (x->to < y->to);
}

static IvPeriod reach_of(const IvLinkReceipt *receipt) {
  return (IvPeriod){receipt->ts - IV_LINK_SLACK, receipt->ts + IV_LINK_SLACK};
}

/* Every service and every receipt's reach, by their beginning (GArray of IvPeriod). */
static GArray *reaches(const IvLinkScope *scope) {
  GArray *all = g_array_new(FALSE, FALSE, sizeof(IvPeriod));
  for (guint i = 0; i < scope->services->len; i++) {
    const IvLinkService *service = &g_array_index(scope->services, IvLinkService, i);
    IvPeriod reach = {service->from, service->to};
    g_array_append_val(all, reach);
  }
  for (guint i = 0; i < scope->receipts->len; i++) {
    IvPeriod reach = reach_of(&g_array_index(scope->receipts, IvLinkReceipt, i));
    g_array_append_val(all, reach);
  }
  g_array_sort(all, by_from);
  return all;
}

/* Periods here include both ends. */
static gboolean touch(IvPeriod a, IvPeriod b) {
  return a.from <= b.to && a.to >= b.from;
}

/* Grows `span` over every chain of touching reaches that it meets: no pair crosses its borders. */
static IvPeriod closed_span(const IvLinkScope *scope, IvPeriod span) {
  g_autoptr(GArray) all = reaches(scope);
  IvPeriod whole = span;
  for (guint i = 0, next; i < all->len; i = next) {
    IvPeriod chain = g_array_index(all, IvPeriod, i);
    for (next = i + 1; next < all->len && g_array_index(all, IvPeriod, next).from <= chain.to;
         next++)
      chain.to = MAX(chain.to, g_array_index(all, IvPeriod, next).to);
    if (touch(chain, span))
      whole = (IvPeriod){MIN(whole.from, chain.from), MAX(whole.to, chain.to)};
  }
  return whole;
}

/* Leaves what touches the span; the order stays. */
static void keep_within(IvLinkScope *scope, IvPeriod span) {
  guint n = 0;
  for (guint i = 0; i < scope->services->len; i++) {
    IvLinkService service = g_array_index(scope->services, IvLinkService, i);
    if (touch((IvPeriod){service.from, service.to}, span))
      g_array_index(scope->services, IvLinkService, n++) = service;
  }
  g_array_set_size(scope->services, n);
  n = 0;
  for (guint i = 0; i < scope->receipts->len; i++) {
    IvLinkReceipt receipt = g_array_index(scope->receipts, IvLinkReceipt, i);
    if (touch(reach_of(&receipt), span))
      g_array_index(scope->receipts, IvLinkReceipt, n++) = receipt;
  }
  g_array_set_size(scope->receipts, n);
}

/* Widens the window until the chains that are met end inside it. */
static gboolean read_closed(IvSql *sql, gint64 store_no, IvPeriod dirty, IvLinkScope *scope,
                            GError **error) {
  for (IvTime reach = REACH_FIRST;; reach *= 2) {
    IvPeriod window = {dirty.from - reach, dirty.to + reach};
    g_array_set_size(scope->services, 0);
    g_array_set_size(scope->receipts, 0);
    if (!read_services(sql, store_no, scope, window, error) ||
        !read_receipts(sql, store_no, scope, window, error))
      return FALSE;
    IvPeriod closed = closed_span(scope, dirty);
    if ((closed.from > window.from && closed.to < window.to) || reach >= IV_LINK_REACH_MAX) {
      keep_within(scope, closed);
      return TRUE;
    }
  }
}

gboolean iv_link_scope_read(IvSql *sql, gint64 store_no, gint64 lane_no, IvPeriod dirty,
                            IvLinkScope *ret_scope, GError **error) {
  IvLinkScope scope = {.lane_no = lane_no};
  scope.services = g_array_new(FALSE, FALSE, sizeof(IvLinkService));
  scope.receipts = g_array_new(FALSE, FALSE, sizeof(IvLinkReceipt));
  IvPeriod reach = {dirty.from - IV_LINK_SLACK, dirty.to + IV_LINK_SLACK};
  if (read_lane(sql, &scope, error) && read_closed(sql, store_no, reach, &scope, error)) {
    *ret_scope = scope;
    return TRUE;
  }
  iv_link_scope_clear(&scope);
  return FALSE;
}
