/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/foretell_calls.h"

#define FOLLOWS (2 * IV_MINUTE) /* a call made so soon after the last one's end goes on with it */

typedef struct {
  guint pool, line; /* line: of a long queue */
  IvTime ts;
  gboolean is_hit;   /* of a call */
  gboolean foretold; /* of a long queue */
} Mark;

struct IvCalls {
  GArray *calls, *longs; /* of Mark, by time */
  IvTime since;          /* of the first look or call that is known */
};

IvCalls *iv_calls_new(void) {
  IvCalls *calls = g_new0(IvCalls, 1);
  calls->calls = g_array_new(FALSE, FALSE, sizeof(Mark));
  calls->longs = g_array_new(FALSE, FALSE, sizeof(Mark));
  calls->since = IV_TIME_NONE;
  return calls;
}

void iv_calls_free(IvCalls *calls) {
  if (!calls)
    return;
  g_array_unref(calls->calls);
  g_array_unref(calls->longs);
  g_free(calls);
}

static void forget(IvCalls *calls, IvTime now) {
  GArray *both[] = {calls->calls, calls->longs};
  for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
    guint old = 0;
    while (old < both[i]->len && g_array_index(both[i], Mark, old).ts < now - IV_CALLS_KEPT)
      old++;
    g_array_remove_range(both[i], 0, old);
  }
  if (calls->since != IV_TIME_NONE)
    calls->since = MAX(calls->since, now - IV_CALLS_KEPT);
}

void iv_calls_look(IvCalls *calls, IvTime ts) {
  if (calls->since == IV_TIME_NONE || ts < calls->since)
    calls->since = ts;
}

/* FALSE when it is there already. */
static gboolean insert(GArray *marks, const Mark *mark) {
  guint at = marks->len;
  for (; at > 0 && g_array_index(marks, Mark, at - 1).ts >= mark->ts; at--) {
    const Mark *other = &g_array_index(marks, Mark, at - 1);
    if (other->ts == mark->ts && other->pool == mark->pool && other->line == mark->line)
      return FALSE;
  }
  g_array_insert_val(marks, at, *mark);
  return TRUE;
}

void iv_calls_add(IvCalls *calls, guint pool, IvTime ts) {
  Mark mark = {.pool = pool, .ts = ts};
  iv_calls_look(calls, ts);
  forget(calls, ts);
  insert(calls->calls, &mark);
}

/* A call was in force at ts - IV_CALL_LEAD, and until ts. */
static gboolean is_foretold(const IvCalls *calls, guint pool, IvTime ts) {
  IvTime covered = ts - IV_CALL_LEAD; /* until here */
  for (guint i = 0; i < calls->calls->len; i++) {
    const Mark *call = &g_array_index(calls->calls, Mark, i);
    IvTime slack = covered > ts - IV_CALL_LEAD ? FOLLOWS : 0;
    if (call->pool == pool && call->ts <= covered + slack && call->ts + IV_CALL_SPAN > covered)
      covered = call->ts + IV_CALL_SPAN;
  }
  return covered >= ts;
}

void iv_calls_long(IvCalls *calls, guint pool, guint line, IvTime ts) {
  Mark mark = {.pool = pool, .line = line, .ts = ts, .foretold = is_foretold(calls, pool, ts)};
  forget(calls, ts);
  if (!insert(calls->longs, &mark))
    return;
  for (guint i = 0; i < calls->calls->len; i++) {
    Mark *call = &g_array_index(calls->calls, Mark, i);
    call->is_hit |= call->pool == pool && call->ts < ts && ts <= call->ts + IV_CALL_SPAN;
  }
}

IvTime iv_calls_in_force(const IvCalls *calls, guint pool, IvTime now) {
  for (guint i = calls->calls->len; i > 0; i--) {
    const Mark *call = &g_array_index(calls->calls, Mark, i - 1);
    if (call->pool == pool && call->ts <= now)
      return now < call->ts + IV_CALL_SPAN ? call->ts : IV_TIME_NONE;
  }
  return IV_TIME_NONE;
}

IvCallScore iv_calls_score(const IvCalls *calls, IvTime now) {
  IvCallScore score = {.since = calls->since};
  for (guint i = 0; i < calls->calls->len; i++) {
    const Mark *call = &g_array_index(calls->calls, Mark, i);
    gboolean over = now >= call->ts + IV_CALL_SPAN;
    score.hits += call->is_hit;
    score.misses += !call->is_hit && over;
    score.pending += !call->is_hit && !over;
  }
  score.calls = score.hits + score.misses;
  for (guint i = 0; i < calls->longs->len; i++) {
    const Mark *mark = &g_array_index(calls->longs, Mark, i);
    gboolean counts = calls->since != IV_TIME_NONE && mark->ts >= calls->since + IV_CALL_LEAD;
    score.longs += counts;
    score.foretold += counts && mark->foretold;
  }
  return score;
}
