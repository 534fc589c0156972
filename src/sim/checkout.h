/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/scenario.h"

/* How a basket is paid for: at which sort of till, and how long that takes. The file gives means
 * over all transactions; what is drawn for one basket depends on its items, so that these means
 * hold. */

typedef struct {
  double self_checkout; /* probability for a basket that is small enough */
  double items[2],
      spread[2]; /* mean and variance of the items at a staffed till, at self-checkout */
} IvCheckoutOdds;

IvCheckoutOdds iv_checkout_odds(const IvScenario *s);

gboolean iv_checkout_picks_self(const IvScenario *s, const IvCheckoutOdds *odds, int items,
                                IvRandom *random);

/* Seconds at the till. */
double iv_checkout_seconds(const IvScenario *s, const IvCheckoutOdds *odds, gboolean self,
                           int items, IvRandom *random);
