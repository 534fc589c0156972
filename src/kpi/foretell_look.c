/* SPDX-License-Identifier: Apache-2.0 */
/* The present state of a pool, what becomes of it, and the calls. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kpi/foretell_private.h"

#define SPANS_MIN 10
#define RECENT (15 * IV_MINUTE)
#define FORGOTTEN (4 * IV_HOUR) /* an edge that was killed never tells the end of a wait */

static double seconds(IvTime span) {
  return (double)span / (double)IV_SECOND;
}

static void drop_old(ForetellLine *line, IvTime now) {
  while (line->waiting->len > 0 &&
         g_array_index(line->waiting, ForetellWaiting, 0).joined < now - FORGOTTEN)
    g_array_remove_index(line->waiting, 0);
  while (line->recent->len > 0 &&
         g_array_index(line->recent, ForetellService, 0).end < now - RECENT)
    g_array_remove_index(line->recent, 0);
}

static void put_line(ForetellLine *line, IvTime now, IvFutureLine *ret) {
  *ret = (IvFutureLine){.over_s = -1, .is_long = line->is_long};
  drop_old(line, now);
  for (guint i = 0; i < line->waiting->len && i < IV_FUTURE_WAITING_MAX; i++)
    ret->waited_s[ret->n_waiting++] =
        seconds(MAX(now - g_array_index(line->waiting, ForetellWaiting, i).joined, 0));
  guint more = MAX(line->recent->len, IV_FUTURE_RECENT_MAX) - IV_FUTURE_RECENT_MAX;
  for (guint i = more; i < line->recent->len; i++) {
    const ForetellService *service = &g_array_index(line->recent, ForetellService, i);
    ret->recent[ret->n_recent++] = (IvFutureService){seconds(now - service->end), service->span_s};
  }
}

/* Lines that no lane serves any more are left out. */
static void put_lane(IvForetell *f, guint index, IvTime now, IvFuturePool *ret, guint *ret_lines,
                     guint *ret_lanes) {
  const ForetellLane *lane = &f->lanes[index];
  guint line = 0;
  while (line < ret->n_lines && ret_lines[line] != lane->line)
    line++;
  if (line == ret->n_lines) {
    ret_lines[line] = lane->line;
    put_line(&f->lines[lane->line], now, &ret->lines[ret->n_lines++]);
  }
  ret_lanes[ret->n_lanes] = index;
  ret->lanes[ret->n_lanes++] = (IvFutureLane){
      line, lane->open, lane->since == IV_TIME_NONE ? -1 : seconds(MAX(now - lane->since, 0))};
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static gboolean put_arrivals(IvForetell *f, const ForetellPool *pool, IvTime now,
                             IvFuturePool *ret) {
  for (guint m = 0; m < IV_FUTURE_MINUTES; m++) {
    IvTime at = now + m * IV_MINUTE;
    ret->arrivals[m] = iv_till_arrivals_expect(pool->arrivals, now, at, iv_foretell_slot(f, at));
    if (isnan(ret->arrivals[m]))
      return FALSE;
  }
  return TRUE;
}

gboolean iv_foretell_set_up(IvForetell *f, guint number, IvTime now, double *spans,
                            IvFuturePool *ret, guint *ret_lines, guint *ret_lanes) {
  const ForetellPool *pool = &f->pools[number];
  memset(ret, 0, sizeof *ret);
  for (guint i = 0; i < f->n_lanes && ret->n_lanes < IV_FUTURE_LANES_MAX; i++)
    if (f->lanes[i].drawn && f->lines[f->lanes[i].line].pool == number)
      put_lane(f, i, now, ret, ret_lines, ret_lanes);
  if (pool->n < SPANS_MIN || ret->n_lanes == 0)
    return FALSE;
  memcpy(spans, pool->spans, pool->n * sizeof *spans);
  qsort(spans, pool->n, sizeof *spans, ascending);
  ret->spans = spans;
  ret->n_spans = pool->n;
  ret->changeover_s = pool->changeover_s;
  ret->limit_s = seconds(f->long_wait);
  return put_arrivals(f, pool, now, ret);
}

/* ---- the answer ---- */

static void tell_lines(const IvForetell *f, const guint *numbers, const IvFutureOutlook *lines,
                       IvForetoldPool *ret) {
  for (guint i = 0; i < ret->n_lines; i++)
    ret->lines[i] = (IvForetoldLine){f->lines[numbers[i]].id, lines[i].first_s[4],
                                     lines[i].first_s[9], lines[i].long_by[IV_FUTURE_MINUTES - 1]};
}

static void tell_whole(const IvFuturePool *future, const IvFutureOutlook *whole,
                       IvForetoldPool *ret) {
  ret->known = TRUE;
  ret->wait_5m_s = whole->first_s[4];
  ret->wait_10m_s = whole->first_s[9];
  ret->long_chance = whole->long_by[IV_FUTURE_MINUTES - 1];
  for (guint m = 0; m < IV_FUTURE_MINUTES; m++)
    ret->arrivals += future->arrivals[m];
}

/* The queue that is likeliest to get long stands for its pool. */
static void make_call(IvForetell *f, guint pool, IvTime now, const IvForetoldPool *told,
                      IvEvent *ret_call) {
  guint worst = 0;
  for (guint i = 1; i < told->n_lines; i++)
    if (told->lines[i].long_chance > told->lines[worst].long_chance)
      worst = i;
  iv_calls_add(f->calls, pool, now);
  iv_event_init(ret_call, IV_EVENT_QUEUE_LONG_FORETOLD, now);
  ret_call->lane_id = told->lines[worst].queue;
  iv_event_set_number(ret_call, IV_ATTR_CHANCE, told->long_chance);
  if (!isnan(told->wait_10m_s))
    iv_event_set_number(ret_call, IV_ATTR_WAIT_S, told->wait_10m_s);
}

void iv_foretell_look(IvForetell *f, guint number, IvTime now, IvForetoldPool *ret,
                      IvEvent *ret_call) {
  IvFuturePool future;
  double spans[FORETELL_SPANS];
  guint numbers[IV_FUTURE_LINES_MAX], lanes[IV_FUTURE_LANES_MAX];
  IvFutureOutlook lines[IV_FUTURE_LINES_MAX], whole;
  if (ret_call)
    iv_event_init(ret_call, IV_EVENT_UNKNOWN, now);
  memset(ret, 0, sizeof *ret);
  iv_calls_look(f->calls, now);
  gboolean known = iv_foretell_set_up(f, number, now, spans, &future, numbers, lanes);
  ret->staffed = f->pools[number].staffed;
  ret->n_lines = future.n_lines;
  ret->total = future.n_lanes;
  for (guint i = 0; i < future.n_lanes; i++) {
    ret->unseen += f->lanes[lanes[i]].unseen;
    ret->open += future.lanes[i].open && !f->lanes[lanes[i]].unseen;
  }
  for (guint i = 0; i < ret->n_lines; i++)
    ret->lines[i] =
        (IvForetoldLine){f->lines[numbers[i]].id, (double)NAN, (double)NAN, (double)NAN};
  ret->called_at = iv_calls_in_force(f->calls, number, now);
  if (!known || ret->unseen)
    return;
  iv_future_play(&future, IV_FORETELL_FUTURES, lines, &whole);
  tell_lines(f, numbers, lines, ret);
  tell_whole(&future, &whole, ret);
  if (ret->staffed)
    ret->advice = iv_foretell_advise(f, &future, &whole, lanes);
  if (!ret_call || ret->called_at != IV_TIME_NONE || ret->long_chance < IV_CALL_CHANCE)
    return;
  make_call(f, number, now, ret, ret_call);
  ret->called_at = now;
}

IvCallScore iv_foretell_score(const IvForetell *f, IvTime now) {
  return iv_calls_score(f->calls, now);
}
