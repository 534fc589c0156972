/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Units and bits a second over the last seconds, and the keyframe interval. Time is an argument
 * (monotonic). Pure. */
#define IV_RATE_SECONDS 6 /* the running second and five whole ones */

typedef struct {
  gint64 second[IV_RATE_SECONDS]; /* which second a slot holds */
  guint units[IV_RATE_SECONDS];
  guint64 bytes[IV_RATE_SECONDS];
  IvTime first;             /* of the connection; IV_TIME_NONE before */
  IvTime last_key;          /* capture time; IV_TIME_NONE before */
  IvTime keyframe_interval; /* 0 = not known */
} IvRateMeter;

void iv_rate_meter_init(IvRateMeter *meter);

/* `ts` is the capture time, `now` the monotonic clock. */
void iv_rate_meter_add(IvRateMeter *meter, IvTime now, IvTime ts, gsize bytes, gboolean keyframe);

/* Both 0 when nothing came in the last seconds. */
void iv_rate_meter_read(const IvRateMeter *meter, IvTime now, double *ret_fps, double *ret_bitrate);
