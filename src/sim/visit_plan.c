/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/visit_plan.h"

#include <math.h>
#include <string.h>

#define TRIES 20

typedef struct {
  const IvScenario *s;
  const IvShopperKind *kind;
  IvRandom *random;
  IvVisitPlan *plan;
  guint64 zones; /* the party goes to */
} Planning;

static double slot_weight(const IvScenario *s, guint slot) {
  const IvSimProduct *product = &s->products[s->slots[slot].product];
  return product->background >= 0 ? 0 : product->weight;
}

/* A slot by the popularity of what lies there, within the zones if they are not 0. */
static int draw_slot(const Planning *p, guint64 zones, gboolean dear_only) {
  double sum = 0;
  int last = -1;
  for (int pass = 0; pass < 2; pass++) {
    double left = pass ? iv_random_unit(p->random) * sum : 0;
    for (guint i = 0; i < p->s->n_slots; i++) {
      if ((zones && !(zones >> p->s->slots[i].zone & 1)) ||
          (dear_only && !p->s->products[p->s->slots[i].product].high_value))
        continue;
      double weight = slot_weight(p->s, i);
      if (!pass) {
        sum += weight;
        continue;
      }
      last = weight > 0 ? (int)i : last;
      if ((left -= weight) < 0)
        return last;
    }
  }
  return last;
}

static IvPlannedStop *stop_at(IvVisitPlan *plan, int slot) {
  for (guint i = 0; i < plan->n_stops; i++)
    if (plan->stops[i].slot == slot)
      return &plan->stops[i];
  if (slot < 0 || plan->n_stops == IV_STOPS_MAX)
    return NULL;
  plan->stops[plan->n_stops] = (IvPlannedStop){.slot = slot};
  return &plan->stops[plan->n_stops++];
}

static void choose_zones(Planning *p, int stops) {
  int wanted = CLAMP(stops, 1, p->kind->zones_max);
  for (int tries = 0; tries < TRIES * wanted && wanted > 0; tries++) {
    int slot = draw_slot(p, 0, FALSE);
    guint64 bit = slot >= 0 ? G_GUINT64_CONSTANT(1) << p->s->slots[slot].zone : 0;
    wanted -= bit && !(p->zones & bit);
    p->zones |= bit;
  }
}

static void choose_stops(Planning *p) {
  int stops = iv_random_whole(p->random, p->kind->stops[0], p->kind->stops[1]);
  choose_zones(p, MAX(stops, 1));
  for (int tries = 0; tries < TRIES * stops && (int)p->plan->n_stops < MAX(stops, 1); tries++)
    stop_at(p->plan, draw_slot(p, p->zones, FALSE));
}

static int slot_of(const Planning *p, int product) {
  guint n = 0;
  int chosen = -1;
  for (guint i = 0; i < p->s->n_slots; i++)
    if (p->s->slots[i].product == product && iv_random_below(p->random, ++n) == 0)
      chosen = (int)i;
  return chosen;
}

static void take(Planning *p, int slot) {
  IvPlannedStop *stop = stop_at(p->plan, slot);
  if (!stop || stop->keep == G_MAXUINT8)
    return;
  stop->keep++;
  p->plan->items++;
}

static gboolean is_taken(const Planning *p, int product) {
  for (guint i = 0; i < p->plan->n_stops; i++)
    if (p->plan->stops[i].keep && p->s->slots[p->plan->stops[i].slot].product == product)
      return TRUE;
  return FALSE;
}

/* The products of a bundle are bought together, or each on its own with its background probability,
 * never by weight. */
static void take_bundles(Planning *p) {
  for (guint b = 0; b < p->s->n_bundles; b++) {
    const IvBundle *bundle = &p->s->bundles[b];
    gboolean all = iv_random_chance(p->random, bundle->probability);
    for (guint i = 0; i < bundle->n; i++) {
      int product = bundle->products[i];
      gboolean wanted = all || iv_random_chance(p->random, p->s->products[product].background);
      if (wanted && !is_taken(p, product))
        take(p, slot_of(p, product));
    }
  }
}

static void fill_basket(Planning *p) {
  int wanted = (int)iv_range_draw(&p->kind->items, p->random);
  if (p->kind->takes[1] > 0) /* one who only looks like a thief buys what he loads */
    wanted = iv_random_whole(p->random, p->kind->takes[0], p->kind->takes[1]);
  guint weighted = p->plan->n_stops;
  take_bundles(p);
  while (p->plan->items < wanted && weighted > 0)
    take(p, p->plan->stops[iv_random_below(p->random, weighted)].slot);
}

static void plan_theft(Planning *p) {
  gboolean dear = iv_random_chance(p->random, p->kind->prefers_high_value);
  int slot = dear ? draw_slot(p, 0, TRUE) : -1;
  if (slot < 0)
    slot = draw_slot(p, p->zones, FALSE);
  IvPlannedStop *stop = stop_at(p->plan, slot);
  if (!stop)
    return;
  guint8 units = (guint8)iv_random_whole(p->random, p->kind->takes[0], p->kind->takes[1]);
  stop->touches = TRUE;
  stop->steals = !p->kind->puts_back;
  *(p->kind->puts_back ? &stop->put_back : &stop->keep) = units;
}

/* What is touched in passing: looked at, picked up, put back. */
static void handle_goods(Planning *p) {
  for (guint i = 0; i < p->plan->n_stops; i++) {
    IvPlannedStop *stop = &p->plan->stops[i];
    stop->weight = 0.5 + iv_random_unit(p->random);
    if (stop->keep || stop->put_back)
      continue;
    stop->touches =
        iv_random_chance(p->random, p->kind->view) && iv_random_chance(p->random, p->kind->touch);
    if (stop->touches)
      stop->put_back = iv_random_chance(p->random, p->kind->pick) ? 1 : 0;
  }
}

/* From each stop to the nearest that is left. */
static void order_stops(const IvScenario *s, IvSpot at, IvVisitPlan *plan) {
  for (guint i = 0; i < plan->n_stops; i++) {
    guint best = i;
    for (guint j = i + 1; j < plan->n_stops; j++)
      if (iv_spot_distance(at, s->slots[plan->stops[j].slot].stand) <
          iv_spot_distance(at, s->slots[plan->stops[best].slot].stand))
        best = j;
    IvPlannedStop stop = plan->stops[best];
    plan->stops[best] = plan->stops[i];
    plan->stops[i] = stop;
    at = s->slots[stop.slot].stand;
  }
}

/* A returner only looks around before it goes out: what it buys it takes afterwards. */
static void plan_absence(Planning *p) {
  IvVisitPlan *plan = p->plan;
  plan->absence_after = -1;
  if (p->kind->absences == 0 || plan->n_stops < 2)
    return;
  guint first = 0;
  for (guint i = 0; i < plan->n_stops; i++)
    if (!plan->stops[i].keep) {
      IvPlannedStop stop = plan->stops[i];
      memmove(&plan->stops[first + 1], &plan->stops[first], (i - first) * sizeof stop);
      plan->stops[first++] = stop;
    }
  plan->absence_after = (int)MIN(first, (plan->n_stops + 1) / 2);
  plan->absence_minutes = iv_random_kept(iv_range_draw(&p->kind->absence_minutes, p->random), 0.5,
                                         p->kind->absence_max_minutes);
}

static void plan_try_on(Planning *p) {
  if (p->s->n_cabins > 0 && iv_random_chance(p->random, p->kind->try_on))
    p->plan->session_s = fmax(iv_range_draw(&p->s->fitting.session_s, p->random), 20);
}

void iv_visit_plan(const IvScenario *s, const IvShopperKind *kind, IvSpot start, IvRandom *random,
                   IvVisitPlan *ret_plan) {
  memset(ret_plan, 0, sizeof *ret_plan);
  Planning p = {s, kind, random, ret_plan, 0};
  ret_plan->minutes = fmax(iv_range_draw(&kind->visit_minutes, random), 0.3);
  ret_plan->buys = iv_random_chance(random, kind->purchase);
  choose_stops(&p);
  if (ret_plan->buys)
    fill_basket(&p);
  else if (kind->takes[1] > 0)
    plan_theft(&p);
  ret_plan->buys = ret_plan->buys && ret_plan->items > 0;
  handle_goods(&p);
  order_stops(s, start, ret_plan);
  plan_absence(&p);
  plan_try_on(&p);
}
