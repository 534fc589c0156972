/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledger.h"

#include "store/count.h"
#include "store/journeys.h"
#include "store/links.h"
#include "store/lookup.h"

struct IvLedgerBook {
  IvStore *store;
  IvKpiLimits limits;
  GMutex mutex; /* guards stats */
  IvLedgerStats stats;
};

IvLedgerBook *iv_ledger_book_new(IvStore *store, const IvKpiLimits *limits) {
  IvLedgerBook *book = g_new0(IvLedgerBook, 1);
  book->store = store;
  book->limits = *limits;
  g_mutex_init(&book->mutex);
  return book;
}

void iv_ledger_book_free(IvLedgerBook *book) {
  if (!book)
    return;
  g_mutex_clear(&book->mutex);
  g_free(book);
}

/* ---- a batch ---- */

typedef struct {
  const IvLedgerBook *book;
  const IvEvent *events;
  guint n;
  gboolean *inserted;
  const char **refused;
  IvEventNames *names;
  guint64 unplaced;
} Batch;

/* Its row may have been deleted: to count it again would count it twice. */
static gboolean is_below_floor(const IvEvent *event, const IvStoreKey *store) {
  gboolean sample = event->kind < IV_EVENT_KINDS && iv_event_kind_info(event->kind)->sample;
  return event->ts < (sample ? store->samples_from : store->events_from);
}

static gboolean take_event(IvCounting *counting, IvLinking *linking, IvJourneys *journeys,
                           const IvStoreKey *store, const Batch *batch, guint i, GError **error) {
  const IvEvent *event = &batch->events[i];
  IvEventNos nos;
  if (is_below_floor(event, store)) {
    batch->refused[i] = "older than the ledger keeps";
    return TRUE;
  }
  if (event->kind == IV_EVENT_HEAT_SAMPLE && (batch->refused[i] = iv_heat_count_check(event)))
    return TRUE;
  if (!iv_event_row_numbers(counting->sql, batch->names, store->no, event, &nos, &batch->refused[i],
                            error))
    return FALSE;
  if (batch->refused[i])
    return TRUE;
  if (!iv_event_row_insert(counting->sql, store->no, event, &nos, &batch->inserted[i], error))
    return FALSE;
  return !batch->inserted[i] || (iv_count_event(counting, event, &nos, error) &&
                                 iv_count_state(counting->sql, store->no, event, &nos, error) &&
                                 iv_linking_service(linking, event, &nos, error) &&
                                 iv_journeys_take(journeys, event, &nos, error));
}

static gboolean take_batch(IvSql *sql, gpointer arg, GError **error) {
  Batch *batch = arg;
  IvStoreKey store;
  g_auto(IvCounting) counting = {0};
  g_auto(IvLinking) linking = {0};
  g_auto(IvJourneys) journeys = {0};
  for (guint i = 0; i < batch->n; i++) {
    batch->inserted[i] = FALSE;
    batch->refused[i] = NULL;
  }
  if (!iv_lookup_store(sql, batch->events[0].store_id.text, &store, error))
    return FALSE;
  g_autoptr(IvRollups) rollups = iv_rollups_new(sql, &store);
  iv_counting_init(&counting, sql, &store, &batch->book->limits, rollups);
  iv_journeys_init(&journeys, sql, store.no, counting.zone, counting.limits.min_dwell);
  iv_linking_init(&linking, sql, store.no, rollups, &journeys);
  g_autoptr(IvEventNames) names = iv_event_names_new();
  batch->names = names;
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < batch->n; i++)
    ok = take_event(&counting, &linking, &journeys, &store, batch, i, error);
  batch->unplaced = counting.unplaced;
  return ok && iv_counting_finish(&counting, error) && iv_linking_finish(&linking, error) &&
         iv_journeys_finish(&journeys, error) && iv_rollups_finish(rollups, error);
}

static void note_stats(IvLedgerBook *book, const Batch *batch) {
  g_mutex_lock(&book->mutex);
  book->stats.unplaced += batch->unplaced;
  for (guint i = 0; i < batch->n; i++) {
    book->stats.inserted += batch->inserted[i];
    book->stats.duplicates += !batch->inserted[i] && !batch->refused[i];
    book->stats.unknown_kind += batch->inserted[i] && batch->events[i].kind == IV_EVENT_UNKNOWN;
  }
  g_mutex_unlock(&book->mutex);
}

gboolean iv_ledger_apply(gpointer self, const IvEvent *events, guint n, IvTime now,
                         gboolean *ret_inserted, const char **ret_refused, GError **error) {
  (void)now;
  IvLedgerBook *book = self;
  Batch batch = {
      .book = book, .events = events, .n = n, .inserted = ret_inserted, .refused = ret_refused};
  if (n == 0)
    return TRUE;
  if (!iv_store_write(book->store, take_batch, &batch, error))
    return FALSE;
  note_stats(book, &batch);
  return TRUE;
}

void iv_ledger_stats(IvLedgerBook *book, IvLedgerStats *ret_stats) {
  g_mutex_lock(&book->mutex);
  *ret_stats = book->stats;
  g_mutex_unlock(&book->mutex);
}

/* ---- the repair path ---- */

/* Events that lie this far outside a span can still have counted into its buckets. */
#define REACH (IV_SAMPLE_SPAN_MAX + IV_MINUTE)
#define RECOUNT_SPAN IV_HOUR /* of one job of the writer */

typedef struct {
  const IvLedgerBook *book;
  const char *store_id;
  IvPeriod span;
} Recount;

static gboolean clear_rows(IvSql *sql, gint64 store_no, IvPeriod span, GError **error) {
  static const char *const texts[] = {
      "DELETE FROM kpi_5min_store WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
      "DELETE FROM kpi_5min_camera WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
      "DELETE FROM kpi_5min_line WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
      "DELETE FROM kpi_5min_zone WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
      "DELETE FROM kpi_5min_lane WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    IvStatement *st = iv_sql_statement(sql, texts[i]);
    iv_bind_int(st, store_no);
    iv_bind_time(st, span.from);
    iv_bind_time(st, span.to);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  return TRUE;
}

/* A stay counts as present in every bucket it touches, so stays that began long before are touched
 * too. */
static IvStatement *events_that_count(IvSql *sql, gint64 store_no, IvPeriod span) {
  IvStatement *st = iv_sql_statement(sql, IV_EVENT_ROW_SELECT
                                     "WHERE e.store_no = $1 AND e.ts >= $2 AND e.ts < $3 "
                                     "AND (e.ts >= $4 OR e.end_ts >= $5) ORDER BY e.ts, e.id");
  iv_bind_int(st, store_no);
  iv_bind_time(st, span.from - IV_DAY);
  iv_bind_time(st, span.to + REACH);
  iv_bind_time(st, span.from - REACH);
  iv_bind_time(st, span.from);
  return st;
}

static gboolean is_within(const IvEvent *event, IvPeriod span) {
  return event->ts >= span.from && event->ts < span.to;
}

static gboolean recount_rows(IvCounting *counting, IvJourneys *journeys, const Recount *recount,
                             GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = events_that_count(counting->sql, counting->store_no, recount->span);
  while (iv_step_row(st, &wrong)) {
    IvEvent event;
    IvEventNos nos;
    iv_event_row_read(st, recount->store_id, &event, &nos);
    if (!iv_count_event(counting, &event, &nos, &wrong) ||
        (is_within(&event, recount->span) && !iv_journeys_take(journeys, &event, &nos, &wrong))) {
      iv_statement_reset(st);
      break;
    }
  }
  if (!wrong)
    return iv_counting_finish(counting, error) && iv_journeys_finish(journeys, error);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean recount_span(IvSql *sql, gpointer arg, GError **error) {
  Recount *recount = arg;
  IvStoreKey store;
  g_auto(IvCounting) counting = {0};
  g_auto(IvJourneys) journeys = {0};
  if (!iv_lookup_store(sql, recount->store_id, &store, error))
    return FALSE;
  /* Where rows of the ledger are gone, the counts that were made of them must stay. */
  IvTime whole = MAX(store.events_from, store.samples_from) + IV_DAY + REACH;
  if (MAX(store.events_from, store.samples_from) > 0)
    recount->span.from = MAX(recount->span.from, iv_time_floor(whole, IV_BUCKET_SPAN));
  recount->span.from = MAX(recount->span.from, store.buckets_from);
  if (recount->span.from >= recount->span.to)
    return TRUE;
  g_autoptr(IvRollups) rollups = iv_rollups_new(sql, &store);
  iv_counting_init(&counting, sql, &store, &recount->book->limits, rollups);
  counting.only = recount->span;
  iv_journeys_init(&journeys, sql, store.no, counting.zone, counting.limits.min_dwell);
  for (int subject = 0; subject < IV_SUBJECTS; subject++) /* rows that nothing comes for go too */
    iv_rollups_touch_span(rollups, (IvRollup)subject, recount->span);
  return clear_rows(sql, store.no, recount->span, error) &&
         iv_heat_clear(sql, store.no, counting.zone, recount->span, rollups, error) &&
         iv_journeys_forget(&journeys, recount->span, error) &&
         recount_rows(&counting, &journeys, recount, error) && iv_rollups_finish(rollups, error);
}

gboolean iv_ledger_recount(IvLedgerBook *book, const char *store_id, IvTime from, IvTime to,
                           GError **error) {
  from = iv_time_floor(from, IV_BUCKET_SPAN);
  to = iv_time_floor(to + IV_BUCKET_SPAN - 1, IV_BUCKET_SPAN);
  for (IvTime t = from; t < to; t += RECOUNT_SPAN) {
    Recount recount = {book, store_id, {t, MIN(t + RECOUNT_SPAN, to)}};
    if (!iv_store_write(book->store, recount_span, &recount, error))
      return FALSE;
  }
  return TRUE;
}
