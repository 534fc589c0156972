/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Which frames are due at the analysed rate. Due times stand on a grid in capture time; the frame
 * nearest to a due time is taken, so that 10 frames a second give a regular 5, 30 give a regular
 * 10, and the mean rate is kept where the division has a rest. A source that is not faster than
 * asked (within a tenth) gives every frame. After a gap the grid starts at the next frame. Pure. */
typedef struct {
  double fps;      /* 0 = every frame */
  double period;   /* µs */
  double next_due; /* µs UTC; only when started */
  double spacing;  /* of the source's frames, µs, smoothed; 0 = not known */
  IvTime last;     /* frame seen before */
  gboolean started;
} IvCadence;

/* `fps` >= 0. */
void iv_cadence_init(IvCadence *cadence, double fps);

/* Another rate; what is known of the source stays. */
void iv_cadence_set_fps(IvCadence *cadence, double fps);

/* What follows has no known distance to what came before. */
void iv_cadence_restart(IvCadence *cadence);

/* TRUE when a frame at `ts` would be due; changes nothing. */
gboolean iv_cadence_is_due(const IvCadence *cadence, IvTime ts);

/* Notes the next frame (in rising `ts`) and says whether it is due. */
gboolean iv_cadence_take(IvCadence *cadence, IvTime ts);
