/* SPDX-License-Identifier: Apache-2.0 */
#include "media/cadence.h"

#define SMOOTHING 8        /* frames over which the spacing is smoothed */
#define GAP 4              /* a spacing this many times the usual is a gap, not yet the rate */
#define GAP_GROWTH 1.25    /* ... unless it lasts: the usual grows towards it */
#define EARLY_SHARE 0.45   /* of a spacing: just under half, so that of two frames one is nearest */
#define ABOUT_AS_ASKED 0.9 /* of a period */

void iv_cadence_init(IvCadence *cadence, double fps) {
  *cadence = (IvCadence){0};
  iv_cadence_set_fps(cadence, fps);
}

void iv_cadence_set_fps(IvCadence *cadence, double fps) {
  cadence->fps = fps;
  cadence->period = fps > 0 ? (double)IV_SECOND / fps : 0;
  cadence->started = FALSE;
}

void iv_cadence_restart(IvCadence *cadence) {
  cadence->started = FALSE;
  cadence->last = IV_TIME_NONE;
}

gboolean iv_cadence_is_due(const IvCadence *cadence, IvTime ts) {
  if (!cadence->started || cadence->spacing >= ABOUT_AS_ASKED * cadence->period)
    return TRUE;
  return (double)ts >= cadence->next_due - EARLY_SHARE * cadence->spacing;
}

static void learn_spacing(IvCadence *cadence, IvTime ts) {
  if (!cadence->started || cadence->last == IV_TIME_NONE || ts <= cadence->last)
    return;
  double d = (double)(ts - cadence->last);
  if (cadence->spacing <= 0)
    cadence->spacing = d;
  else if (d < GAP * cadence->spacing)
    cadence->spacing += (d - cadence->spacing) / SMOOTHING;
  else
    cadence->spacing *= GAP_GROWTH;
}

static void advance(IvCadence *cadence, IvTime ts) {
  double t = (double)ts;
  if (!cadence->started || t - cadence->next_due > cadence->period ||
      cadence->next_due - t > cadence->period) /* a gap, or times that went back */
    cadence->next_due = t;
  cadence->next_due += cadence->period;
  cadence->started = TRUE;
}

gboolean iv_cadence_take(IvCadence *cadence, IvTime ts) {
  learn_spacing(cadence, ts);
  cadence->last = ts;
  gboolean went_back = cadence->started && (double)ts < cadence->next_due - 2 * cadence->period;
  gboolean due = went_back || iv_cadence_is_due(cadence, ts);
  if (due)
    advance(cadence, ts);
  return due;
}
