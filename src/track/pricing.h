/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "track/living.h"
#include "track/look_scale.h"

/* No pair. */
#define IV_PRICE_NEVER 1e9

typedef struct {
  const IvTrackTuning *tuning;
  IvLookWeight looks;
  IvTime ts; /* of the present frame */
} IvPricing;

/* What one step of the matching asks for this pair (tuning.h), or IV_PRICE_NEVER. */
double iv_price_sight(const IvPricing *pricing, const IvMatchTuning *step,
                      const IvLivingTrack *track, const IvSight *sight);

/* How far the newly confirmed `found` is from being `lost` come back, or IV_PRICE_NEVER: both
 * places and speeds, foretold to the present frame, their looks and the time between. */
double iv_price_link(const IvPricing *pricing, const IvLivingTrack *lost,
                     const IvLivingTrack *found);
