/* SPDX-License-Identifier: Apache-2.0 */
#include "media/rate_meter.h"

void iv_rate_meter_init(IvRateMeter *meter) {
  *meter = (IvRateMeter){.first = IV_TIME_NONE, .last_key = IV_TIME_NONE};
}

void iv_rate_meter_add(IvRateMeter *meter, IvTime now, IvTime ts, gsize bytes, gboolean keyframe) {
  gint64 second = now / IV_SECOND;
  int slot = (int)(second % IV_RATE_SECONDS);
  if (meter->second[slot] != second) {
    meter->second[slot] = second;
    meter->units[slot] = 0;
    meter->bytes[slot] = 0;
  }
  meter->units[slot]++;
  meter->bytes[slot] += bytes;
  if (meter->first == IV_TIME_NONE)
    meter->first = now;
  if (!keyframe)
    return;
  if (meter->last_key != IV_TIME_NONE && ts > meter->last_key)
    meter->keyframe_interval = ts - meter->last_key;
  meter->last_key = ts;
}

void iv_rate_meter_read(const IvRateMeter *meter, IvTime now, double *ret_fps,
                        double *ret_bitrate) {
  gint64 second = now / IV_SECOND;
  double units = 0, bits = 0;
  for (int i = 0; i < IV_RATE_SECONDS; i++) {
    if (second - meter->second[i] >= IV_RATE_SECONDS)
      continue;
    units += meter->units[i];
    bits += 8.0 * (double)meter->bytes[i];
  }
  IvTime since = (second - IV_RATE_SECONDS + 1) * IV_SECOND;
  if (meter->first != IV_TIME_NONE)
    since = MAX(since, meter->first);
  double span = MAX((double)(now - since) / (double)IV_SECOND, 1.0);
  *ret_fps = units / span;
  *ret_bitrate = bits / span;
}
