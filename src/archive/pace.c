/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/pace.h"

#include "base/clock.h"

#define STEPS 10 /* a second's bytes go in about so many pieces */
#define PIECE_MIN 1024

void iv_pace_init(IvPace *pace, double rate) {
  *pace = (IvPace){.rate = rate};
  g_mutex_init(&pace->mutex);
  g_cond_init(&pace->changed);
}

void iv_pace_clear(IvPace *pace) {
  g_cond_clear(&pace->changed);
  g_mutex_clear(&pace->mutex);
}

void iv_pace_stop(IvPace *pace) {
  g_mutex_lock(&pace->mutex);
  pace->stopped = TRUE;
  g_cond_broadcast(&pace->changed);
  g_mutex_unlock(&pace->mutex);
}

gboolean iv_pace_is_stopped(IvPace *pace) {
  g_mutex_lock(&pace->mutex);
  gboolean stopped = pace->stopped;
  g_mutex_unlock(&pace->mutex);
  return stopped;
}

/* With the mutex. */
static gboolean wait_until(IvPace *pace, IvTime until) {
  while (!pace->stopped && g_cond_wait_until(&pace->changed, &pace->mutex, until))
    ;
  return !pace->stopped;
}

gboolean iv_pace_wait(IvPace *pace, IvTime span) {
  g_mutex_lock(&pace->mutex);
  gboolean goes_on = wait_until(pace, iv_clock_monotonic() + span);
  g_mutex_unlock(&pace->mutex);
  return goes_on;
}

gsize iv_pace_take(IvPace *pace, gsize n) {
  g_mutex_lock(&pace->mutex);
  if (pace->rate > 0) {
    n = MIN(n, MAX((gsize)(pace->rate / STEPS), PIECE_MIN));
    IvTime start = MAX(pace->free_at, iv_clock_monotonic());
    pace->free_at = start + (IvTime)((double)n / pace->rate * IV_SECOND);
    wait_until(pace, start);
  }
  gsize allowed = pace->stopped ? 0 : n;
  pace->sent += allowed;
  g_mutex_unlock(&pace->mutex);
  return allowed;
}

guint64 iv_pace_sent(IvPace *pace) {
  g_mutex_lock(&pace->mutex);
  guint64 sent = pace->sent;
  g_mutex_unlock(&pace->mutex);
  return sent;
}
