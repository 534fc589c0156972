/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/change.h"

#include <math.h>

double iv_change(IvMeasured now, IvMeasured before) {
  if (isnan(now.value) || isnan(before.value) || before.value <= 0 ||
      now.coverage < IV_CHANGE_COVERAGE || before.coverage < IV_CHANGE_COVERAGE)
    return (double)NAN;
  return (now.value - before.value) / before.value;
}
