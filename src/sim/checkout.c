/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/checkout.h"

#include <math.h>

#define ITEMS_MAX 200
#define SHARE_MIN 0.12 /* of the mean that is left to chance, however many items there are */
#define SECONDS_MIN 5.0

/* Weight of n items among the transactions of all kinds. */
static void item_weights(const IvScenario *s, double ret_weights[ITEMS_MAX]) {
  for (int n = 0; n < ITEMS_MAX; n++)
    ret_weights[n] = 0;
  for (guint k = 0; k < s->n_kinds; k++) {
    const IvShopperKind *kind = &s->kinds[k];
    double weight = kind->share * kind->purchase / kind->mean_size;
    double lambda = MAX(kind->items.mean - 1, 0), p = exp(-lambda);
    for (int n = 1; n < ITEMS_MAX; n++) {
      ret_weights[n] += weight * p;
      p *= lambda / n;
    }
  }
}

static gboolean has_self_checkout(const IvScenario *s) {
  for (guint i = 0; i < s->n_lanes; i++)
    if (s->lanes[i].self_checkout)
      return TRUE;
  return FALSE;
}

static void add_up(const double *weights, double small_share, int small, int self, double *ret_mean,
                   double *ret_variance) {
  double sum = 0, first = 0, second = 0;
  for (int n = 1; n < ITEMS_MAX; n++) {
    double chosen = n <= small ? small_share : 0;
    double weight = weights[n] * (self ? chosen : 1 - chosen);
    sum += weight, first += weight * n, second += weight * n * n;
  }
  *ret_mean = sum > 0 ? first / sum : 1;
  *ret_variance = sum > 0 ? second / sum - *ret_mean * *ret_mean : 0;
}

IvCheckoutOdds iv_checkout_odds(const IvScenario *s) {
  double weights[ITEMS_MAX], all = 0, small = 0;
  IvCheckoutOdds odds = {0};
  item_weights(s, weights);
  for (int n = 1; n < ITEMS_MAX; n++) {
    all += weights[n];
    small += n <= s->self_checkout_max_items ? weights[n] : 0;
  }
  if (has_self_checkout(s) && small > 0)
    odds.self_checkout = MIN(s->self_checkout_share * all / small, 1);
  for (int self = 0; self < 2; self++)
    add_up(weights, odds.self_checkout, s->self_checkout_max_items, self, &odds.items[self],
           &odds.spread[self]);
  return odds;
}

gboolean iv_checkout_picks_self(const IvScenario *s, const IvCheckoutOdds *odds, int items,
                                IvRandom *random) {
  return items <= s->self_checkout_max_items && iv_random_chance(random, odds->self_checkout);
}

/* Total = per_item x items + a rest whose mean and variance make up the file's. */
double iv_checkout_seconds(const IvScenario *s, const IvCheckoutOdds *odds, gboolean self,
                           int items, IvRandom *random) {
  const IvServiceTime *time = self ? &s->self_service : &s->staffed;
  double per_item = time->per_item, least = time->mean * SHARE_MIN;
  double rest = time->mean - per_item * odds->items[self];
  if (rest < least) { /* the items alone take longer than the mean: they are scanned faster */
    rest = least;
    per_item = (time->mean - least) / odds->items[self];
  }
  double variance = time->sd * time->sd - per_item * per_item * odds->spread[self];
  double sd = sqrt(MAX(variance, rest * rest * 0.04));
  return fmax(per_item * items + iv_random_lognormal(random, rest, sd), SECONDS_MIN);
}
