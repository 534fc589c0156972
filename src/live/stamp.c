/* SPDX-License-Identifier: Apache-2.0 */
#include "live/stamp.h"

IvTime iv_stamp_step(const IvEncodedUnit *unit) {
  return MAX(IV_STAMP_STEP_MIN, (IvTime)(unit->size / IV_STAMP_BYTES_PER_MS) * IV_MS);
}

/* The capture time alone does not tell B-frames from a clock that was set: both go back. */
IvOrder iv_order_look(IvOrderWatch *watch, const IvEncodedUnit *unit) {
  gboolean set_back = watch->any && unit->ts < watch->ts - IV_ORDER_BACK_MAX;
  watch->any = TRUE;
  watch->ts = unit->ts;
  if (iv_unit_order_look(&watch->units, unit))
    return IV_ORDER_REORDERED;
  return set_back ? IV_ORDER_SET_BACK : IV_ORDER_FINE;
}

guint32 iv_stamp_rtp(IvTime ts) {
  return (guint32)((guint64)ts * 9 / 100);
}
