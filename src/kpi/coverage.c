/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/coverage.h"

#include <math.h>

static gboolean is_lately(IvTime t, IvTime now) {
  return t != IV_TIME_NONE && now - t <= IV_COVERAGE_GRACE;
}

gboolean iv_pulse_beats(const IvPulse *pulse, IvTime now) {
  return is_lately(pulse->told_until, now) || is_lately(pulse->online_ts, now);
}

IvTime iv_coverage_due(IvPeriod period, const IvPulse *pulse, IvTime now) {
  IvTime end = now;
  if (is_lately(pulse->told_until, now))
    end = MIN(now, pulse->told_until);
  return MAX(0, MIN(period.to, end) - period.from);
}

double iv_coverage_share(IvTime alive, IvTime due) {
  return due > 0 ? CLAMP((double)alive / (double)due, 0, 1) : (double)NAN;
}
