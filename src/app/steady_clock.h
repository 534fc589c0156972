/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Whether this machine's wall clock can be believed in what it would delete. A clock that is set
 * wrong by years at power-on is put right minutes later by the network; rows that were deleted for
 * being old meanwhile would be gone. Pure; a cleared struct is the start state. */
typedef struct {
  gboolean begun;
  IvTime offset; /* wall less monotonic */
  IvTime since;  /* monotonic: the offset has stayed from here on */
} IvSteadyClock;

#define IV_STEADY_SPAN IV_HOUR    /* so long it must have run evenly */
#define IV_STEADY_SLACK IV_MINUTE /* corrections up to this are even */

/* Takes both clocks' present time (µs). TRUE when the wall clock has run evenly for IV_STEADY_SPAN,
 * as far as the calls so far can tell. */
gboolean iv_steady_clock_look(IvSteadyClock *clock, IvTime wall, IvTime monotonic);
