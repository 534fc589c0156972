/* SPDX-License-Identifier: Apache-2.0 */
/* What the tills print. */
#include "sim/sim_private.h"

#define GHOST_S_MIN 20
#define GHOST_S_MAX 90

static int total(const IvSim *sim, const IvReceiptItem *items, guint n) {
  int cents = 0;
  for (guint i = 0; i < n; i++)
    cents += items[i].units * sim->s->products[items[i].product].cents;
  return cents;
}

static guint items_of(const IvSim *sim, const IvVisitPlan *plan, IvReceiptItem *ret_items) {
  guint n = 0;
  for (guint i = 0; i < plan->n_stops; i++)
    if (plan->stops[i].keep && !plan->stops[i].steals)
      ret_items[n++] =
          (IvReceiptItem){sim->s->slots[plan->stops[i].slot].product, plan->stops[i].keep};
  return n;
}

/* Refunds and voids name one product; opening the drawer names none. */
void iv_receipt_other(IvSim *sim, guint32 agent, guint32 party, int lane, IvReceiptKind kind,
                      IvRandom *random) {
  IvReceiptItem item = {(int)iv_random_below(random, sim->s->n_products), 1};
  guint n = kind == IV_RECEIPT_NO_SALE ? 0 : 1;
  iv_sim_tell_receipt(sim, &(IvReceipt){.ts = sim->now,
                                        .agent = agent,
                                        .party = party,
                                        .lane = lane,
                                        .kind = kind,
                                        .items = &item,
                                        .n_items = n,
                                        .cents = total(sim, &item, n)});
}

static void maybe_other(IvSim *sim, IvAgent *agent, IvReceiptKind kind, double share) {
  if (!iv_random_chance(&agent->random, share))
    return;
  IvLaneState *lane = &sim->lanes[agent->lane];
  gboolean alone =
      kind != IV_RECEIPT_REFUND && iv_random_chance(&agent->random, sim->s->without_customer_share);
  if (!alone) {
    iv_receipt_other(sim, agent->id, agent->party, agent->lane, kind, &agent->random);
    return;
  }
  double seconds = iv_random_between(&agent->random, GHOST_S_MIN, GHOST_S_MAX);
  lane->ghost = sim->now + (IvTime)(seconds * (double)IV_SECOND);
  lane->ghost_kind = kind;
}

void iv_receipt_sale(IvSim *sim, IvAgent *agent) {
  IvReceiptItem items[IV_STOPS_MAX];
  guint n = items_of(sim, agent->plan, items);
  iv_sim_tell_receipt(sim, &(IvReceipt){.ts = sim->now,
                                        .agent = agent->id,
                                        .party = agent->party,
                                        .lane = agent->lane,
                                        .kind = IV_RECEIPT_SALE,
                                        .items = items,
                                        .n_items = n,
                                        .cents = total(sim, items, n)});
  if (sim->s->lanes[agent->lane].self_checkout)
    return;
  maybe_other(sim, agent, IV_RECEIPT_REFUND, sim->s->refund_share);
  maybe_other(sim, agent, IV_RECEIPT_VOID, sim->s->void_share);
  maybe_other(sim, agent, IV_RECEIPT_NO_SALE, sim->s->no_sale_share);
}
