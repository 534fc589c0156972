/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* How fast bytes may go, over all threads that send, and the one place in which an archive waits,
 * so that it can be stopped at once. */
typedef struct {
  double rate;      /* bytes a second; 0 = as fast as it goes */
  IvTime free_at;   /* monotonic: what was allowed so far is sent by then; under the mutex */
  gboolean stopped; /* likewise */
  guint64 sent;     /* likewise */
  GMutex mutex;
  GCond changed;
} IvPace;

void iv_pace_init(IvPace *pace, double rate);
void iv_pace_clear(IvPace *pace);
void iv_pace_stop(IvPace *pace);
gboolean iv_pace_is_stopped(IvPace *pace);

/* FALSE when it was stopped meanwhile. */
gboolean iv_pace_wait(IvPace *pace, IvTime span);

/* Of the bytes that could be sent now, how many may be: waits until they may. 0 = stopped. */
gsize iv_pace_take(IvPace *pace, gsize n);
guint64 iv_pace_sent(IvPace *pace);
