/* SPDX-License-Identifier: Apache-2.0 */
/* Facts wait in a heap until their time has come, so that they come out in order. */
#include "sim/sim_private.h"

static gboolean earlier(const IvPendingFact *a, const IvPendingFact *b) {
  return a->fact.ts != b->fact.ts ? a->fact.ts < b->fact.ts : a->order < b->order;
}

static void swap(IvPendingFact *a, IvPendingFact *b) {
  IvPendingFact kept = *a;
  *a = *b;
  *b = kept;
}

static void push(GArray *heap, const IvPendingFact *fact) {
  g_array_append_vals(heap, fact, 1);
  IvPendingFact *all = (IvPendingFact *)(gpointer)heap->data;
  for (guint i = heap->len - 1; i > 0 && earlier(&all[i], &all[(i - 1) / 2]); i = (i - 1) / 2)
    swap(&all[i], &all[(i - 1) / 2]);
}

static IvPendingFact pop(GArray *heap) {
  IvPendingFact *all = (IvPendingFact *)(gpointer)heap->data, first = all[0];
  guint n = heap->len - 1, i = 0;
  all[0] = all[n];
  g_array_set_size(heap, n);
  while (2 * i + 1 < n) {
    guint child = 2 * i + 1;
    if (child + 1 < n && earlier(&all[child + 1], &all[child]))
      child++;
    if (!earlier(&all[child], &all[i]))
      break;
    swap(&all[child], &all[i]);
    i = child;
  }
  return first;
}

void iv_sim_tell(IvSim *sim, const IvAgent *agent, IvTime ts, IvFactKind kind, int subject,
                 int number) {
  IvPendingFact pending = {.fact = {.ts = ts,
                                    .kind = kind,
                                    .agent = agent ? agent->id : 0,
                                    .party = agent ? agent->party : 0,
                                    .staff = agent && agent->role == IV_ROLE_STAFF,
                                    .who = agent ? agent->kind : -3,
                                    .subject = subject,
                                    .number = number},
                           .order = sim->order++};
  push(sim->pending, &pending);
}

void iv_sim_flush_facts(IvSim *sim, IvTime until) {
  while (sim->pending->len && g_array_index(sim->pending, IvPendingFact, 0).fact.ts <= until) {
    IvPendingFact next = pop(sim->pending);
    sim->tally.facts++;
    if (sim->out.fact)
      sim->out.fact(&next.fact, sim->out.user_data);
  }
}

void iv_sim_tell_receipt(IvSim *sim, const IvReceipt *receipt) {
  IvReceipt *kept = g_memdup2(receipt, sizeof *receipt);
  kept->number = ++sim->last_receipt;
  kept->items = g_memdup2(receipt->items, receipt->n_items * sizeof *receipt->items);
  g_ptr_array_add(sim->receipts, kept);
  sim->tally.receipts++;
}

void iv_sim_flush_receipts(IvSim *sim) {
  for (guint i = 0; i < sim->receipts->len; i++)
    if (sim->out.receipt)
      sim->out.receipt(g_ptr_array_index(sim->receipts, i), sim->out.user_data);
  g_ptr_array_set_size(sim->receipts, 0);
}

void iv_sim_receipt_free(gpointer receipt) {
  g_free((gpointer)((IvReceipt *)receipt)->items);
  g_free(receipt);
}
