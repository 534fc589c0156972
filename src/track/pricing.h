/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "track/living.h"

/* No pair. */
#define IV_PRICE_NEVER 1e9

/* What one step of the matching asks for this pair (tuning.h), or IV_PRICE_NEVER. `ts` is the
 * present frame's. */
double iv_price_sight(const IvTrackTuning *tuning, const IvMatchTuning *step,
                      const IvLivingTrack *track, const IvSight *sight, IvTime ts);

/* How far the newly confirmed `found` is from being `lost` come back, or IV_PRICE_NEVER: both
 * places and speeds, foretold to the present frame, their looks and the time between. */
double iv_price_link(const IvTrackTuning *tuning, const IvLivingTrack *lost,
                     const IvLivingTrack *found);
