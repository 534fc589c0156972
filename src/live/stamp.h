/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/unit.h"

/* When a unit is shown at the viewer, and what judges the order of units. Pure.
 *
 * RTP timestamps are the capture time (IvTime, µs since 1970) in 1/90000 s, modulo 2^32: so a page
 * knows of each picture when it was taken, and draws the boxes of that moment. */

/* The units that were there before the viewer came are sent at once, so that he sees something at
 * once; their times are squeezed together, else he would see the past at its own pace for ever. Not
 * quite at once: a burst as large as a GOP would not fit into the buffers on its way. */
#define IV_STAMP_STEP_MIN (4 * IV_MS)
#define IV_STAMP_BYTES_PER_MS 4000                  /* 32 Mbit/s */
#define IV_STAMP_BURST_BYTES_MAX (6u * 1024 * 1024) /* more is not sent: 1.5 s */

/* How long sending `unit` of the past takes. */
IvTime iv_stamp_step(const IvEncodedUnit *unit);

typedef enum {
  IV_ORDER_FINE,
  IV_ORDER_REORDERED, /* B-frames: shown in another order than sent */
  IV_ORDER_SET_BACK,  /* the camera's clock was set back by more than IV_ORDER_BACK_MAX */
} IvOrder;

#define IV_ORDER_BACK_MAX IV_SECOND

typedef struct {
  IvUnitOrder units;
  gboolean any;
  IvTime ts;
} IvOrderWatch; /* zeroed at first */

IvOrder iv_order_look(IvOrderWatch *watch, const IvEncodedUnit *unit);

/* The RTP timestamp of a capture time. */
guint32 iv_stamp_rtp(IvTime ts);
