/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Capture times: the camera gives the spacing, this machine's clock the absolute time. Cameras'
 * clocks are often hours off but run evenly; arrival is right but jitters with the network.
 *
 *   ts = axis + offset,  offset → min over the last two minutes of (arrival − axis)
 *
 * The axis is the camera's NTP time where RTCP reports give it, before that the stream's PTS. The
 * least delayed arrival is nearest to the truth, so the offset follows the minimum, by at most 5 ms
 * a second; the window lets it follow a clock that drifts. When the axis changes (first report, or
 * the camera's clock was set) the offset is changed against it, so that times go on evenly. When
 * arrival disagrees by more than 5 s for 10 s, or is 5 s earlier than possible, this machine's
 * clock was set: times start anew and `jumped` says so. Pure arithmetic, no clock is read. */

#define IV_CAMERA_CLOCK_SLEW_PER_S (5 * IV_MS)
#define IV_CAMERA_CLOCK_BUCKET (15 * IV_SECOND)
#define IV_CAMERA_CLOCK_BUCKETS 8
#define IV_CAMERA_CLOCK_SET (1 * IV_SECOND)   /* spacing that differs more: a clock was set */
#define IV_CAMERA_CLOCK_STEP (5 * IV_SECOND)  /* disagreement that starts anew */
#define IV_CAMERA_CLOCK_LATE (10 * IV_SECOND) /* how long it must last when arrivals are late */

typedef struct {
  IvTime arrival; /* UTC of this machine */
  IvTime pts;     /* stream time, µs, any origin */
  IvTime ntp;     /* camera's UTC; IV_TIME_NONE while there is no report */
} IvClockReading;

typedef struct {
  IvTime ts;          /* UTC; rises with the axis, so B-frames go back */
  gboolean jumped;    /* times started anew: what follows has no known distance to before */
  gboolean by_camera; /* the axis is the camera's clock */
} IvClockStamp;

typedef struct {
  gboolean started, by_camera;
  IvTime offset;
  IvTime ntp_minus_pts; /* bridges units without a report's time */
  IvClockReading last;
  IvTime last_axis;
  IvTime slewed_to;  /* axis up to which the offset was slewed: B-frames step back behind it */
  IvTime late_since; /* arrival; IV_TIME_NONE when not late */
  IvTime minimum[IV_CAMERA_CLOCK_BUCKETS];
  gint64 bucket; /* number of the newest, by arrival */
} IvCameraClock;

/* A new connection. */
void iv_camera_clock_init(IvCameraClock *clock);

IvClockStamp iv_camera_clock_stamp(IvCameraClock *clock, IvClockReading reading);
