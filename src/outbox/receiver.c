/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox/receiver.h"

#include <string.h>

#include "base/clock.h"
#include "kpi/bucket.h"

struct IvReceiver {
  IvReceiverOptions options;
  GMutex mutex; /* the only one; guards stats */
  IvReceiverStats stats;
};

IvReceiver *iv_receiver_new(const IvReceiverOptions *options) {
  IvReceiver *receiver = g_new0(IvReceiver, 1);
  receiver->options = *options;
  g_mutex_init(&receiver->mutex);
  return receiver;
}

void iv_receiver_free(IvReceiver *receiver) {
  if (!receiver)
    return;
  g_mutex_clear(&receiver->mutex);
  g_free(receiver);
}

/* A batch on its way in: the events that pass the door, and where they stood. */
typedef struct {
  IvEvent *events;
  guint *places;
  guint n;
  gboolean *inserted;
  const char **refused;
} Admitted;

static void admit(Admitted *admitted, const IvEdgeSession *session, const IvEvent *events, guint n,
                  IvTime now, IvReceipt *receipts) {
  for (guint i = 0; i < n; i++) {
    const char *wrong = iv_receiver_check(&events[i], now);
    receipts[i] = (IvReceipt){.verdict = IV_VERDICT_REFUSED, .reason = wrong};
    if (wrong)
      continue;
    IvEvent *event = &admitted->events[admitted->n];
    *event = events[i];
    event->store_id = session->store_id;
    event->edge_id = session->edge_id;
    admitted->places[admitted->n++] = i;
  }
}

static IvReceipt write_receipt(const Admitted *admitted, guint i, IvTime now) {
  IvReceipt receipt = {.verdict = IV_VERDICT_DUPLICATE, .reason = admitted->refused[i]};
  if (admitted->refused[i])
    receipt.verdict = IV_VERDICT_REFUSED;
  else if (admitted->inserted[i])
    receipt.verdict = IV_VERDICT_NEW;
  receipt.late =
      receipt.verdict == IV_VERDICT_NEW &&
      MAX(admitted->events[i].ts, admitted->events[i].end_ts) < now - IV_PROVISIONAL_SPAN;
  return receipt;
}

static void note_stats(IvReceiver *receiver, const IvEvent *events, guint n,
                       const IvReceipt *receipts) {
  IvReceiverStats *stats = &receiver->stats;
  g_mutex_lock(&receiver->mutex);
  stats->batches++;
  for (guint i = 0; i < n; i++) {
    gboolean is_new = receipts[i].verdict == IV_VERDICT_NEW;
    stats->accepted += is_new;
    stats->duplicates += receipts[i].verdict == IV_VERDICT_DUPLICATE;
    stats->refused += receipts[i].verdict == IV_VERDICT_REFUSED;
    stats->late += receipts[i].late;
    stats->unknown_kind += is_new && events[i].kind == IV_EVENT_UNKNOWN;
  }
  g_mutex_unlock(&receiver->mutex);
}

/* What was inserted, moved together. */
static void publish(const IvReceiver *receiver, Admitted *admitted) {
  guint n = 0;
  for (guint i = 0; i < admitted->n; i++)
    if (admitted->inserted[i])
      admitted->events[n++] = admitted->events[i];
  if (n > 0 && receiver->options.publish)
    receiver->options.publish(admitted->events, n, receiver->options.user_data);
}

static gboolean apply(IvReceiver *receiver, Admitted *admitted, IvTime now, GError **error) {
  if (admitted->n == 0)
    return TRUE;
  if (receiver->options.ledger->apply(receiver->options.ledger_self, admitted->events, admitted->n,
                                      now, admitted->inserted, admitted->refused, error))
    return TRUE;
  g_mutex_lock(&receiver->mutex);
  receiver->stats.failed_batches++;
  g_mutex_unlock(&receiver->mutex);
  return FALSE;
}

gboolean iv_receiver_take(IvReceiver *receiver, const IvEdgeSession *session, const IvEvent *events,
                          guint n, IvTime now, IvReceipt *ret_receipts, GError **error) {
  g_return_val_if_fail(n >= 1 && n <= IV_BATCH_MAX, FALSE);
  g_autofree IvEvent *copies = g_new(IvEvent, n);
  g_autofree IvReceipt *receipts = g_new0(IvReceipt, n);
  guint places[IV_BATCH_MAX];
  gboolean inserted[IV_BATCH_MAX] = {0};
  const char *refused[IV_BATCH_MAX] = {0};
  Admitted admitted = {copies, places, 0, inserted, refused};
  admit(&admitted, session, events, n, now, receipts);
  if (!apply(receiver, &admitted, now, error))
    return FALSE;
  for (guint i = 0; i < admitted.n; i++)
    receipts[places[i]] = write_receipt(&admitted, i, now);
  memcpy(ret_receipts, receipts, n * sizeof *receipts);
  note_stats(receiver, events, n, receipts);
  publish(receiver, &admitted);
  return TRUE;
}

void iv_receiver_stats(IvReceiver *receiver, IvReceiverStats *ret_stats) {
  g_mutex_lock(&receiver->mutex);
  *ret_stats = receiver->stats;
  g_mutex_unlock(&receiver->mutex);
}

/* ---- in one process ---- */

struct IvLocalLink {
  IvReceiver *receiver;
  IvEdgeSession session;
};

IvLocalLink *iv_local_link_new(IvReceiver *receiver, const IvEdgeSession *session) {
  IvLocalLink *link = g_new0(IvLocalLink, 1);
  link->receiver = receiver;
  link->session = *session;
  return link;
}

static gboolean deliver_here(gpointer self, const IvEvent *events, guint n, IvReceipt *ret_receipts,
                             GError **error) {
  const IvLocalLink *link = self;
  return iv_receiver_take(link->receiver, &link->session, events, n, iv_clock_now(), ret_receipts,
                          error);
}

const IvLink iv_local_link = {deliver_here};
