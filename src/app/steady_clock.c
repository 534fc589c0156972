/* SPDX-License-Identifier: Apache-2.0 */
#include "app/steady_clock.h"

gboolean iv_steady_clock_look(IvSteadyClock *clock, IvTime wall, IvTime monotonic) {
  IvTime offset = wall - monotonic;
  if (!clock->begun || ABS(offset - clock->offset) > IV_STEADY_SLACK)
    *clock = (IvSteadyClock){TRUE, offset, monotonic};
  return monotonic - clock->since >= IV_STEADY_SPAN;
}
