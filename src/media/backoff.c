/* SPDX-License-Identifier: Apache-2.0 */
#include "media/backoff.h"

#include "media/ingest.h"

#define DOUBLINGS_MAX 16
#define JITTER_PERMILLE 200

/* The finalizer of MurmurHash3: neighbouring inputs give unrelated outputs. */
static guint32 scramble(guint32 x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  return x ^ (x >> 16);
}

IvTime iv_backoff_pause(guint attempt, guint32 seed, IvTime most) {
  IvTime pause = IV_INGEST_BACKOFF_MIN << MIN(attempt, DOUBLINGS_MAX);
  pause = MIN(pause, most);
  guint32 permille = scramble(seed + attempt) % (JITTER_PERMILLE + 1);
  return pause - pause * permille / 1000;
}
