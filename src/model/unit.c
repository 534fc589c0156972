/* SPDX-License-Identifier: Apache-2.0 */
#include "model/unit.h"

static const char *const codec_names[] = {
    [IV_CODEC_NONE] = "none",
    [IV_CODEC_H264] = "H.264",
    [IV_CODEC_H265] = "H.265",
    [IV_CODEC_OTHER] = "other",
};

const char *iv_codec_name(IvCodec codec) {
  return codec_names[codec];
}

IvEncodedUnit *iv_encoded_unit_new(void) {
  IvEncodedUnit *unit = g_new0(IvEncodedUnit, 1);
  g_atomic_ref_count_init(&unit->refs);
  unit->pts = unit->dts = IV_STREAM_TIME_NONE;
  return unit;
}

IvEncodedUnit *iv_encoded_unit_ref(IvEncodedUnit *unit) {
  g_atomic_ref_count_inc(&unit->refs);
  return unit;
}

void iv_encoded_unit_unref(IvEncodedUnit *unit) {
  if (!g_atomic_ref_count_dec(&unit->refs))
    return;
  if (unit->release)
    unit->release(unit->owner);
  if (unit->release_caps)
    unit->release_caps(unit->caps);
  g_free(unit);
}

gboolean iv_unit_order_look(IvUnitOrder *order, const IvEncodedUnit *unit) {
  if (!order->any || order->epoch != unit->epoch)
    *order = (IvUnitOrder){TRUE, unit->epoch, IV_STREAM_TIME_NONE, 0};
  gboolean back = unit->pts != IV_STREAM_TIME_NONE && order->pts != IV_STREAM_TIME_NONE &&
                  unit->pts < order->pts;
  order->pts = unit->pts;
  order->back = (order->back << 1 | (back ? 1 : 0)) & ((1u << IV_ORDER_UNITS) - 1);
  return __builtin_popcount(order->back) >= IV_ORDER_STEPS;
}
