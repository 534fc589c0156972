/* SPDX-License-Identifier: Apache-2.0 */
#include "media/clock_share.h"

#include <stdlib.h>

struct IvClockShare {
  gatomicrefcount refs;
  GMutex mutex;
  IvTime offset;
};

IvClockShare *iv_clock_share_new(void) {
  IvClockShare *share = g_new0(IvClockShare, 1);
  g_atomic_ref_count_init(&share->refs);
  g_mutex_init(&share->mutex);
  share->offset = IV_TIME_NONE;
  return share;
}

IvClockShare *iv_clock_share_ref(IvClockShare *share) {
  g_atomic_ref_count_inc(&share->refs);
  return share;
}

void iv_clock_share_unref(IvClockShare *share) {
  if (!g_atomic_ref_count_dec(&share->refs))
    return;
  g_mutex_clear(&share->mutex);
  g_free(share);
}

void iv_clock_share_lead(IvClockShare *share, IvTime offset) {
  g_mutex_lock(&share->mutex);
  share->offset = offset;
  g_mutex_unlock(&share->mutex);
}

IvTime iv_clock_share_follow(IvClockShare *share, IvTime own_offset) {
  g_mutex_lock(&share->mutex);
  IvTime offset = share->offset;
  g_mutex_unlock(&share->mutex);
  if (offset == IV_TIME_NONE || ABS(offset - own_offset) > IV_CLOCK_SHARE_APART)
    return 0;
  return offset - own_offset;
}
