/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/calendar.h"

/* Coverage: the share of a period in which the cameras that a figure needs were alive. Cameras tell
 * once a minute, so of a camera that told lately the time since then is not held against it. */
#define IV_COVERAGE_GRACE (2 * IV_MINUTE) /* a camera that told within it is taken for alive */

/* What is known of one camera. */
typedef struct {
  IvTime told_until; /* end of its last camera.sample; IV_TIME_NONE = never told */
  IvTime online_ts;  /* when it last came online, if it still is; else IV_TIME_NONE */
} IvPulse;

/* Whether the camera is alive at `now` as far as one can know. */
gboolean iv_pulse_beats(const IvPulse *pulse, IvTime now);

/* For how long (µs) of the period it should have been alive, as far as `now` can tell. */
IvTime iv_coverage_due(IvPeriod period, const IvPulse *pulse, IvTime now);

/* alive / due, 0..1; NAN when nothing was due. */
double iv_coverage_share(IvTime alive, IvTime due);
