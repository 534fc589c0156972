/* SPDX-License-Identifier: Apache-2.0 */
#include "model/stream_hold.h"

#include <string.h>

static const char *const names[IV_STREAMS] = {"main", "sub"};

const char *iv_stream_name(IvStream stream) {
  return names[stream];
}

gboolean iv_stream_parse(const char *name, IvStream *ret_stream) {
  for (int i = 0; i < IV_STREAMS; i++)
    if (strcmp(name, names[i]) == 0) {
      *ret_stream = (IvStream)i;
      return TRUE;
    }
  return FALSE;
}

struct IvStreamHold {
  gatomicrefcount refs;
  IvUnitRing *ring;
  GDestroyNotify release;
  gpointer owner;
};

IvStreamHold *iv_stream_hold_new(IvUnitRing *ring, GDestroyNotify release, gpointer owner) {
  IvStreamHold *hold = g_new(IvStreamHold, 1);
  *hold = (IvStreamHold){.ring = iv_unit_ring_ref(ring), .release = release, .owner = owner};
  g_atomic_ref_count_init(&hold->refs);
  return hold;
}

IvStreamHold *iv_stream_hold_ref(IvStreamHold *hold) {
  g_atomic_ref_count_inc(&hold->refs);
  return hold;
}

void iv_stream_hold_unref(IvStreamHold *hold) {
  if (!g_atomic_ref_count_dec(&hold->refs))
    return;
  iv_unit_ring_unref(hold->ring);
  if (hold->release)
    hold->release(hold->owner);
  g_free(hold);
}

IvUnitRing *iv_stream_hold_ring(const IvStreamHold *hold) {
  return hold->ring;
}
