/* SPDX-License-Identifier: Apache-2.0 */
#include "media/camera_clock.h"

void iv_camera_clock_init(IvCameraClock *clock) {
  *clock = (IvCameraClock){.late_since = IV_TIME_NONE};
}

static void forget_minima(IvCameraClock *clock) {
  for (int i = 0; i < IV_CAMERA_CLOCK_BUCKETS; i++)
    clock->minimum[i] = G_MAXINT64;
}

static void restart(IvCameraClock *clock, IvTime axis, IvTime arrival) {
  clock->started = TRUE;
  clock->offset = arrival - axis;
  clock->last_axis = clock->slewed_to = axis;
  clock->late_since = IV_TIME_NONE;
  clock->bucket = iv_time_floor(arrival, IV_CAMERA_CLOCK_BUCKET) / IV_CAMERA_CLOCK_BUCKET;
  forget_minima(clock);
}

static IvTime axis_of(IvCameraClock *clock, const IvClockReading *reading) {
  if (reading->ntp != IV_TIME_NONE) {
    clock->by_camera = TRUE;
    clock->ntp_minus_pts = reading->ntp - reading->pts;
    return reading->ntp;
  }
  return reading->pts + (clock->by_camera ? clock->ntp_minus_pts : 0);
}

/* The axis moved against itself by `delta`: what was learnt of it moves along. */
static void shift(IvCameraClock *clock, IvTime delta) {
  clock->offset -= delta;
  clock->last_axis += delta;
  clock->slewed_to += delta;
  for (int i = 0; i < IV_CAMERA_CLOCK_BUCKETS; i++)
    if (clock->minimum[i] != G_MAXINT64)
      clock->minimum[i] -= delta;
}

/* Spacing on the axis, by the stream and by arrival should be about the same. Where axis and stream
 * disagree, the one nearer to arrival is right; the other's clock was set. */
static void mend_axis(IvCameraClock *clock, const IvClockReading *reading, IvTime axis,
                      gboolean was_by_camera) {
  IvTime by_axis = axis - clock->last_axis, by_pts = reading->pts - clock->last.pts;
  IvTime by_arrival = reading->arrival - clock->last.arrival;
  gboolean switched = clock->by_camera != was_by_camera;
  if (!switched && ABS(by_axis - by_pts) <= IV_CAMERA_CLOCK_SET)
    return;
  if (switched || ABS(by_pts - by_arrival) < ABS(by_axis - by_arrival))
    shift(clock, by_axis - by_pts);
}

static void learn(IvCameraClock *clock, IvTime candidate, IvTime arrival) {
  gint64 bucket = iv_time_floor(arrival, IV_CAMERA_CLOCK_BUCKET) / IV_CAMERA_CLOCK_BUCKET;
  if (bucket - clock->bucket >= IV_CAMERA_CLOCK_BUCKETS)
    forget_minima(clock);
  else
    for (gint64 b = clock->bucket + 1; b <= bucket; b++)
      clock->minimum[b % IV_CAMERA_CLOCK_BUCKETS] = G_MAXINT64;
  clock->bucket = MAX(clock->bucket, bucket);
  IvTime *slot = &clock->minimum[clock->bucket % IV_CAMERA_CLOCK_BUCKETS];
  *slot = MIN(*slot, candidate);
}

static void slew(IvCameraClock *clock, IvTime elapsed) {
  IvTime target = G_MAXINT64;
  for (int i = 0; i < IV_CAMERA_CLOCK_BUCKETS; i++)
    target = MIN(target, clock->minimum[i]);
  IvTime most = MAX(elapsed, 0) * IV_CAMERA_CLOCK_SLEW_PER_S / IV_SECOND;
  clock->offset += CLAMP(target - clock->offset, -most, most);
}

/* TRUE when arrival shows that this machine's clock was set (or the stream's times mean nothing).
 */
static gboolean disagrees(IvCameraClock *clock, IvTime candidate, IvTime arrival) {
  IvTime late = candidate - clock->offset;
  if (late <= IV_CAMERA_CLOCK_STEP) {
    clock->late_since = IV_TIME_NONE;
    return late < -IV_CAMERA_CLOCK_STEP;
  }
  if (clock->late_since == IV_TIME_NONE)
    clock->late_since = arrival;
  return arrival - clock->late_since > IV_CAMERA_CLOCK_LATE;
}

IvClockStamp iv_camera_clock_stamp(IvCameraClock *clock, IvClockReading reading) {
  gboolean was_by_camera = clock->by_camera, jumped = FALSE;
  IvTime axis = axis_of(clock, &reading);
  if (!clock->started)
    restart(clock, axis, reading.arrival);
  else
    mend_axis(clock, &reading, axis, was_by_camera);
  if (disagrees(clock, reading.arrival - axis, reading.arrival)) {
    restart(clock, axis, reading.arrival);
    jumped = TRUE;
  }
  learn(clock, reading.arrival - axis, reading.arrival);
  slew(clock, axis - clock->slewed_to);
  clock->last = reading;
  clock->last_axis = axis;
  clock->slewed_to = MAX(clock->slewed_to, axis);
  return (IvClockStamp){axis + clock->offset, jumped, clock->by_camera};
}
