/* SPDX-License-Identifier: Apache-2.0 */
/* A simulated store in place of cameras: its events go the way of theirs, through the outbox. First
 * it catches up: what happened since the folder's history ended is acted out as fast as it goes and
 * put into the ledger; then it goes on with the clock. */
#include "app/node_private.h"
#include "app/sim_books.h"
#include "app/sim_feed.h"
#include "base/clock.h"

#define CATCH_UP_FROM (2 * IV_MINUTE) /* behind by more: catch up */
#define CATCH_UP_STRETCH (15 * IV_MINUTE)
#define STEP (500 * IV_MS)
#define MARK_SPAN IV_MINUTE /* the mark of what is in the ledger is moved this often, */
#define MARK_LAG IV_MINUTE  /* and stays behind by this: the outbox has it by then */
#define RETRY_SPAN (5 * IV_SECOND)

typedef struct {
  IvNode *node;
  IvSimFeed *feed;
  IvSimYield yield;
  IvTime known, marked; /* before `known` everything is in the ledger already */
} Live;

/* ---- storing ---- */

static void note_loss(gint *lost, const char *what, const IvSimLoss *loss) {
  if (loss->refused == 0)
    return;
  g_atomic_int_add(lost, (gint)loss->refused);
  g_warning("%u simulated %s lost: %s", loss->refused, what, loss->reason);
}

static gboolean put_receipts(Live *live, GError **error) {
  IvSimLoss loss;
  GPtrArray *receipts = live->yield.receipts;
  if (receipts->len == 0)
    return TRUE;
  if (!iv_sim_books_put_receipts(live->node->store, live->node->config->store.id.text, receipts,
                                 iv_clock_now(), &loss, error))
    return FALSE;
  note_loss(&live->node->sim_receipts_lost, "receipts", &loss);
  return TRUE;
}

static gboolean put_events(Live *live, GError **error) {
  IvSimLoss loss;
  GArray *events = live->yield.events;
  if (!iv_sim_books_put_events(live->node->book, events, iv_clock_now(), &loss, error))
    return FALSE;
  note_loss(&live->node->sim_events_lost, "events", &loss);
  iv_foreteller_take(live->node->foreteller, (const IvEvent *)(gconstpointer)events->data,
                     events->len);
  return TRUE;
}

static void send_events(Live *live) {
  GArray *events = live->yield.events;
  if (events->len == 0)
    return;
  guint dropped = iv_outbox_append(live->node->outbox, (const IvEvent *)(gconstpointer)events->data,
                                   events->len);
  if (dropped)
    g_warning("%u simulated events lost: the outbox is full", dropped);
}

static gboolean mark(Live *live, IvTime until, GError **error) {
  if (until <= live->marked)
    return TRUE;
  live->marked = until;
  return iv_simulations_advance(live->node->store, live->node->config->store.id.text, until, error);
}

/* ---- what the dashboard shows ---- */

static void show_camera(Live *live, guint i) {
  IvNode *node = live->node;
  g_autofree IvGlance *glance = g_new0(IvGlance, 1);
  iv_sim_feed_glance(live->feed, i, glance);
  iv_live_put(node->live, i, glance, NULL);
  iv_node_show(node, i);
}

static void show(Live *live) {
  for (guint i = 0; i < live->node->n_cameras; i++)
    show_camera(live, i);
}

/* ---- time ---- */

/* One stretch. What history has stored already comes out again, and is dropped. */
static gboolean catch_up(Live *live, IvTime now, GError **error) {
  IvTime until = MIN(now, iv_sim_feed_now(live->feed) + CATCH_UP_STRETCH);
  if (iv_sim_feed_now(live->feed) < live->known)
    until = MIN(until, live->known);
  if (!iv_sim_feed_run(live->feed, until, &live->yield, error))
    return FALSE;
  if (until > live->known &&
      (!put_events(live, error) || !put_receipts(live, error) || !mark(live, until, error)))
    return FALSE;
  iv_sim_yield_empty(&live->yield);
  iv_node_mark(live->node, TRUE, FALSE);
  return TRUE;
}

static gboolean go_on(Live *live, IvTime now, GError **error) {
  if (!iv_sim_feed_run(live->feed, now, &live->yield, error))
    return FALSE;
  send_events(live);
  g_array_set_size(live->yield.events, 0);
  if (!put_receipts(live, error))
    return FALSE;
  iv_sim_yield_empty(&live->yield);
  show(live);
  return now - live->marked < MARK_SPAN + MARK_LAG || mark(live, now - MARK_LAG, error);
}

/* Returns after a moment, or as soon as the node stops: FALSE then. */
static gboolean wait_for(IvNode *node, IvTime span) {
  IvTime until = iv_clock_monotonic() + span;
  g_mutex_lock(&node->mutex);
  while (!node->stopping && g_cond_wait_until(&node->changed, &node->mutex, until))
    ;
  gboolean goes_on = !node->stopping;
  g_mutex_unlock(&node->mutex);
  return goes_on;
}

static gboolean step(Live *live, GError **error) {
  IvTime now = iv_time_floor(iv_clock_now(), STEP);
  if (now <= iv_sim_feed_now(live->feed))
    return TRUE; /* the clock was set back: wait for it */
  return now - iv_sim_feed_now(live->feed) > CATCH_UP_FROM ? catch_up(live, now, error)
                                                           : go_on(live, now, error);
}

static gboolean is_behind(const Live *live) {
  return iv_clock_now() - iv_sim_feed_now(live->feed) > CATCH_UP_FROM;
}

static gboolean begin(Live *live, GError **error) {
  IvSimulation there = {.until = IV_TIME_NONE};
  g_autoptr(GError) wrong = NULL;
  if (!iv_simulations_get(live->node->store, live->node->config->store.id.text, &there, &wrong)) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  live->known = live->marked = there.until;
  live->feed = iv_sim_feed_new(live->node->sim, there.until, error);
  return live->feed != NULL;
}

gpointer iv_node_sim_loop(gpointer user_data) {
  IvNode *node = user_data;
  Live live = {.node = node};
  g_autoptr(GError) error = NULL;
  iv_sim_yield_init(&live.yield);
  gboolean goes_on = begin(&live, &error);
  while (goes_on) {
    gboolean fine = step(&live, &error);
    if (!fine) { /* nothing is lost: the stretch is kept, or acted out again by the next start */
      g_warning("simulated store: %s", error->message);
      g_clear_error(&error);
    }
    goes_on = wait_for(node, !fine ? RETRY_SPAN : is_behind(&live) ? 0 : STEP);
  }
  if (error)
    g_warning("simulated store: %s", error->message);
  g_clear_pointer(&live.feed, iv_sim_feed_free);
  iv_sim_yield_clear(&live.yield);
  return NULL;
}
