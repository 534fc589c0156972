/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sim_history.h"

#include <errno.h>

#include "app/data_lock.h"
#include "app/sim_feed.h"
#include "store/ledger.h"
#include "store/receipts.h"

#define IV_SIM_HISTORY_ERROR g_quark_from_static_string("iv-sim-history-error-quark")

#define STRETCH (30 * IV_MINUTE) /* acted out between two looks at what to store */
#define BATCH 20000              /* events of one transaction */
#define COMMIT_SPAN IV_DAY       /* a quiet store commits this often at least */

typedef struct {
  const IvSimHistory *history;
  IvStore *database;
  IvLedgerBook *book;
  IvSimFeed *feed;
  IvSimYield yield;
  IvTime committed;
  IvSimProgress progress;
} Filling;

static void filling_clear(Filling *filling) {
  g_clear_pointer(&filling->feed, iv_sim_feed_free);
  iv_sim_yield_clear(&filling->yield);
  g_clear_pointer(&filling->book, iv_ledger_book_free);
  g_clear_pointer(&filling->database, iv_store_close);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Filling, filling_clear)

/* ---- storing ---- */

static gboolean refused(GError **error, const char *what, const char *why) {
  g_set_error(error, IV_SIM_HISTORY_ERROR, 0, "%s was refused: %s", what, why);
  return FALSE;
}

static gboolean store_events(Filling *filling, const IvEvent *events, guint n, GError **error) {
  g_autofree gboolean *inserted = g_new(gboolean, n);
  g_autofree const char **reasons = g_new0(const char *, n);
  if (!iv_ledger_apply(filling->book, events, n, filling->progress.now, inserted, reasons, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (reasons[i])
      return refused(error, "an event", reasons[i]);
    filling->progress.events += inserted[i];
  }
  return TRUE;
}

static gboolean store_receipts(Filling *filling, IvPosReceipt **receipts, guint n, GError **error) {
  g_autofree IvPosReceiptResult *results = g_new0(IvPosReceiptResult, n);
  IvPosReceiptBatch batch = {.store_id = iv_sim_store_id(filling->history->store),
                             .source = "sim",
                             .receipts = receipts,
                             .n = n,
                             .now = filling->progress.now,
                             .results = results};
  if (!iv_receipts_put(filling->database, &batch, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (results[i].fate == IV_POS_RECEIPT_REFUSED || results[i].fate == IV_POS_RECEIPT_CONFLICT)
      return refused(error, "a receipt", results[i].reason);
    filling->progress.receipts += results[i].fate == IV_POS_RECEIPT_STORED;
  }
  return TRUE;
}

/* How far it got is told last: what a break leaves behind it is acted out again. */
static gboolean commit(Filling *filling, GError **error) {
  IvSimYield *yield = &filling->yield;
  for (guint i = 0; i < yield->events->len; i += BATCH)
    if (!store_events(filling, &g_array_index(yield->events, IvEvent, i),
                      MIN(BATCH, yield->events->len - i), error))
      return FALSE;
  for (guint i = 0; i < yield->receipts->len; i += BATCH)
    if (!store_receipts(filling, (IvPosReceipt **)yield->receipts->pdata + i,
                        MIN(BATCH, yield->receipts->len - i), error))
      return FALSE;
  iv_sim_yield_empty(yield);
  filling->committed = filling->progress.now;
  return iv_simulations_advance(filling->database, iv_sim_store_id(filling->history->store),
                                filling->progress.now, error);
}

/* ---- the run ---- */

static gboolean is_stopped(const Filling *filling) {
  return filling->history->stop && g_atomic_int_get(filling->history->stop);
}

static gboolean act_out(Filling *filling, GError **error) {
  const IvSimHistory *history = filling->history;
  IvSimProgress *progress = &filling->progress;
  while (progress->now < history->until && !is_stopped(filling)) {
    progress->now =
        MIN(history->until, iv_time_floor(iv_sim_feed_now(filling->feed), STRETCH) + STRETCH);
    if (!iv_sim_feed_run(filling->feed, progress->now, &filling->yield, error))
      return FALSE;
    progress->visits = iv_sim_feed_visits(filling->feed);
    if (filling->yield.events->len < BATCH && progress->now < history->until &&
        progress->now - filling->committed < COMMIT_SPAN && !is_stopped(filling))
      continue;
    if (!commit(filling, error))
      return FALSE;
    if (history->on_progress)
      history->on_progress(progress, history->user_data);
  }
  return TRUE;
}

/* From where an earlier run ended, or from the beginning. */
static gboolean find_start(Filling *filling, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvSimulation there;
  const IvSimHistory *history = filling->history;
  const char *id = iv_sim_store_id(history->store);
  if (!iv_simulations_get(filling->database, id, &there, &wrong)) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  if (history->from < there.from) {
    g_set_error(error, IV_SIM_HISTORY_ERROR, 0,
                "the folder's history begins later than asked for, and can only be made longer at "
                "its end; take another folder for more days");
    return FALSE;
  }
  filling->progress.from = there.from;
  filling->progress.now = filling->committed = MIN(there.until, history->until);
  filling->feed = iv_sim_feed_new(history->store, filling->progress.now, error);
  return filling->feed != NULL;
}

static gboolean fill(Filling *filling, IvSimProgress *ret_progress, GError **error) {
  const IvSimHistory *history = filling->history;
  IvKpiLimits limits = iv_kpi_limits_default();
  g_autoptr(IvConfig) config = iv_config_new();
  g_autofree char *path = g_build_filename(history->data_dir, "inveye.db", NULL);
  iv_sim_store_configure(history->store, config);
  filling->database = iv_store_open(path, error);
  if (!filling->database || !iv_sim_store_enter(history->store, filling->database, config,
                                                history->from, history->until, NULL, error))
    return FALSE;
  filling->book = iv_ledger_book_new(filling->database, &limits);
  if (!find_start(filling, error) || !act_out(filling, error))
    return FALSE;
  *ret_progress = filling->progress;
  return TRUE;
}

gboolean iv_sim_history_fill(const IvSimHistory *history, IvSimProgress *ret_progress,
                             GError **error) {
  g_auto(Filling) filling = {.history = history};
  g_autoptr(IvDataLock) lock = NULL;
  iv_sim_yield_init(&filling.yield);
  filling.progress.until = history->until;
  if (g_mkdir_with_parents(history->data_dir, 0700) != 0) {
    g_set_error(error, IV_SIM_HISTORY_ERROR, 0, "cannot make the data folder %s: %s",
                history->data_dir, g_strerror(errno));
    return FALSE;
  }
  lock = iv_data_lock_take(history->data_dir, error);
  if (!lock)
    return FALSE;
  if (fill(&filling, ret_progress, error))
    return TRUE;
  g_prefix_error(error, "%s: ", history->data_dir);
  return FALSE;
}

/* ---- what `inveye run` needs ---- */

static const char config_text[] =
    "# A simulated store: none of its figures are real. Written by `inveye simulate --history`.\n"
    "server:\n"
    "  data_dir: .\n"
    "store:\n"
    "  id: %s\n"
    "simulate:\n"
    "  scenario: " IV_SIM_SCENARIO "\n"
    "  seed: %" G_GINT64_FORMAT "\n";

gboolean iv_sim_history_configure(const IvSimHistory *history, const char *scenario_path,
                                  GError **error) {
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autofree char *copy = g_build_filename(history->data_dir, IV_SIM_SCENARIO, NULL);
  g_autofree char *path = g_build_filename(history->data_dir, IV_SIM_CONFIG, NULL);
  g_autofree char *config = g_strdup_printf(config_text, iv_sim_store_id(history->store),
                                            iv_sim_store_seed(history->store));
  return g_file_get_contents(scenario_path, &text, &length, error) &&
         g_file_set_contents(copy, text, (gssize)length, error) &&
         g_file_set_contents(path, config, -1, error);
}
