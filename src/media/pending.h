/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/frame_gate.h"
#include "model/unit.h"

/* Units inside the decoder, by presentation time: a decoder gives pictures in the order they are
 * shown, later than it took them, and not all. Pure; not thread-safe. */
#define IV_PENDING_MAX 64 /* more than any reordering (16) and any decoder's delay */

typedef struct {
  IvStreamTime pts;
  IvFrameOrigin origin;
} IvPendingUnit;

typedef struct {
  IvPendingUnit unit[IV_PENDING_MAX]; /* by pts, rising */
  guint n;
} IvPending;

/* Returns 1 when the table was full and its oldest unit was given up, else 0. */
guint iv_pending_add(IvPending *pending, IvStreamTime pts, const IvFrameOrigin *origin);

/* Takes the unit shown at `pts` out, and all before it: they never came out of the decoder. Their
 * number is returned. A `pts` that isn't there (NONE, or changed by the decoder) takes the oldest.
 * FALSE when nothing is pending. */
gboolean iv_pending_take(IvPending *pending, IvStreamTime pts, IvFrameOrigin *ret_origin,
                         guint *ret_lost);
