/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Two streams of one camera tell the same time of the same moment: both carry the camera's clock
 * (RTCP), so the offset from that to ours must be one for both. Each stream alone would find its
 * own by its least delayed picture, and the larger one always comes later. The analysed stream
 * leads; the other follows it, if both clocks are the same (offsets less than IV_CLOCK_SHARE_APART
 * apart: some cameras' streams count from different beginnings). Reference counted; any thread. */
typedef struct IvClockShare IvClockShare;

#define IV_CLOCK_SHARE_APART IV_SECOND

IvClockShare *iv_clock_share_new(void);
IvClockShare *iv_clock_share_ref(IvClockShare *share);
void iv_clock_share_unref(IvClockShare *share);

/* The leader's offset, our time less the camera's; IV_TIME_NONE = it is not known (any more). */
void iv_clock_share_lead(IvClockShare *share, IvTime offset);

/* What a follower adds to the times it made by `own_offset`: 0 while nobody leads. */
IvTime iv_clock_share_follow(IvClockShare *share, IvTime own_offset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvClockShare, iv_clock_share_unref)
