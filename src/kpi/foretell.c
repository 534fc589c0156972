/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "kpi/calendar.h"
#include "kpi/foretell_private.h"

#define SPAN_MAX_S 3600.0
#define CHANGEOVER_GUESS_S 10.0
#define CHANGEOVER_MAX_S 60.0
#define CHANGEOVER_SHARE 0.05 /* of a new one in the mean */

IvForetell *iv_foretell_new(GTimeZone *zone, IvTime long_wait, IvTime target) {
  IvForetell *foretell = g_new0(IvForetell, 1);
  foretell->zone = zone;
  foretell->long_wait = long_wait;
  foretell->target = target;
  foretell->staffed = -1;
  foretell->calls = iv_calls_new();
  return foretell;
}

void iv_foretell_free(IvForetell *foretell) {
  if (!foretell)
    return;
  for (guint i = 0; i < foretell->n_lines; i++) {
    g_array_unref(foretell->lines[i].waiting);
    g_array_unref(foretell->lines[i].recent);
  }
  for (guint i = 0; i < foretell->n_pools; i++)
    iv_till_arrivals_free(foretell->pools[i].arrivals);
  iv_calls_free(foretell->calls);
  g_free(foretell);
}

guint iv_foretell_n_pools(const IvForetell *foretell) {
  return foretell->n_pools;
}

/* ---- lanes ---- */

static ForetellLine *find_line(IvForetell *f, const char *id) {
  for (guint i = 0; i < f->n_lines; i++)
    if (strcmp(f->lines[i].id.text, id) == 0)
      return &f->lines[i];
  return NULL;
}

static ForetellLane *find_lane(IvForetell *f, const char *id) {
  for (guint i = 0; i < f->n_lanes; i++)
    if (strcmp(f->lanes[i].id.text, id) == 0)
      return &f->lanes[i];
  return NULL;
}

/* Number of the pool for a new line, or -1 when there is no room. */
static int pool_for(IvForetell *f, gboolean staffed) {
  if (staffed && f->staffed >= 0)
    return f->staffed;
  if (f->n_pools == IV_FORETELL_POOLS_MAX)
    return -1;
  f->pools[f->n_pools] = (ForetellPool){
      .staffed = staffed, .changeover_s = CHANGEOVER_GUESS_S, .arrivals = iv_till_arrivals_new()};
  if (staffed)
    f->staffed = (int)f->n_pools;
  return (int)f->n_pools++;
}

static ForetellLine *line_for(IvForetell *f, const IvForetellLane *lane) {
  ForetellLine *line = find_line(f, lane->queue.text);
  if (line || f->n_lines == IV_FORETELL_LANES_MAX)
    return line;
  gboolean own = strcmp(lane->lane.text, lane->queue.text) == 0;
  int pool = pool_for(f, own && !lane->self_checkout);
  if (pool < 0)
    return NULL;
  line = &f->lines[f->n_lines++];
  *line = (ForetellLine){.id = lane->queue,
                         .pool = (guint)pool,
                         .waiting = g_array_new(FALSE, FALSE, sizeof(ForetellWaiting)),
                         .recent = g_array_new(FALSE, FALSE, sizeof(ForetellService))};
  return line;
}

void iv_foretell_set_lanes(IvForetell *f, const IvForetellLane *lanes, guint n) {
  for (guint i = 0; i < f->n_lanes; i++)
    f->lanes[i].drawn = FALSE;
  for (guint i = 0; i < n; i++) {
    ForetellLine *line = line_for(f, &lanes[i]);
    ForetellLane *lane = find_lane(f, lanes[i].lane.text);
    if (!line || (!lane && f->n_lanes == IV_FORETELL_LANES_MAX))
      continue;
    if (!lane) {
      lane = &f->lanes[f->n_lanes++];
      *lane = (ForetellLane){.id = lanes[i].lane, .since = IV_TIME_NONE, .until = IV_TIME_NONE};
    }
    lane->line = (guint)(line - f->lines);
    lane->drawn = TRUE;
    /* A group of lanes with staff can be opened and closed as well. */
    if (!lanes[i].self_checkout)
      f->pools[line->pool].staffed = TRUE;
  }
}

void iv_foretell_set_seen(IvForetell *f, const char *const *lanes, guint n) {
  for (guint i = 0; i < f->n_lanes; i++) {
    f->lanes[i].unseen = TRUE;
    for (guint k = 0; k < n; k++)
      if (strcmp(f->lanes[i].id.text, lanes[k]) == 0)
        f->lanes[i].unseen = FALSE;
  }
}

int iv_foretell_slot(IvForetell *f, IvTime ts) {
  if (ts < f->hour_start || ts >= f->hour_end) {
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(ts / IV_SECOND);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, f->zone);
    int day = MAX(g_date_time_get_day_of_week(local) - 5, 0);
    f->slot = day * 24 + g_date_time_get_hour(local);
    f->hour_start = iv_calendar_hour_start(f->zone, ts);
    f->hour_end = iv_calendar_hour_end(f->zone, ts);
  }
  return f->slot;
}

/* ---- facts ---- */

static void take_entry(IvForetell *f, const IvEvent *event) {
  const IvAttr *direction = iv_event_attr(event, IV_ATTR_DIRECTION);
  const IvAttr *turned = iv_event_attr(event, IV_ATTR_TURN_BACK);
  gboolean in = direction && strcmp(direction->text, "in") == 0;
  int n = in ? 1 : turned && turned->flag ? -1 : 0;
  for (guint i = 0; n && i < f->n_pools; i++)
    iv_till_arrivals_enter(f->pools[i].arrivals, event->ts, n);
}

static void take_join(IvForetell *f, const IvEvent *event) {
  ForetellLine *line = find_line(f, event->lane_id.text);
  if (!line)
    return;
  ForetellWaiting waiting = {event->tracklet_id, event->ts};
  g_array_append_val(line->waiting, waiting);
  iv_till_arrivals_reach(f->pools[line->pool].arrivals, event->ts, iv_foretell_slot(f, event->ts));
}

static void end_waiting(ForetellLine *line, const IvEvent *event) {
  for (guint i = 0; i < line->waiting->len; i++) {
    const ForetellWaiting *waiting = &g_array_index(line->waiting, ForetellWaiting, i);
    if (waiting->joined != event->ts || waiting->tracklet != event->tracklet_id)
      continue;
    g_array_remove_index(line->waiting, i);
    return;
  }
}

static void learn_changeover(IvForetell *f, const ForetellLane *lane, const IvEvent *event) {
  ForetellPool *pool = &f->pools[f->lines[lane->line].pool];
  if (lane->since != IV_TIME_NONE || lane->until == IV_TIME_NONE || event->ts >= lane->until)
    return;
  double span = (double)(event->end_ts - lane->until) / (double)IV_SECOND;
  if (span >= 0 && span <= CHANGEOVER_MAX_S)
    pool->changeover_s += CHANGEOVER_SHARE * (span - pool->changeover_s);
}

static void take_wait_end(IvForetell *f, const IvEvent *event) {
  ForetellLine *line = find_line(f, event->lane_id.text);
  const IvAttr *attr = iv_event_attr(event, IV_ATTR_LANE);
  ForetellLane *lane = find_lane(f, attr ? attr->text : event->lane_id.text);
  if (line)
    end_waiting(line, event);
  if (event->kind != IV_EVENT_QUEUE_WAIT || !lane)
    return;
  learn_changeover(f, lane, event);
  lane->since = event->end_ts;
}

static void learn_span(ForetellPool *pool, double span_s) {
  pool->spans[pool->next] = CLAMP(span_s, 1, SPAN_MAX_S);
  pool->next = (pool->next + 1) % FORETELL_SPANS;
  pool->n = MIN(pool->n + 1, FORETELL_SPANS);
}

static void take_service(IvForetell *f, const IvEvent *event) {
  ForetellLane *lane = find_lane(f, event->lane_id.text);
  if (!lane)
    return;
  ForetellLine *line = &f->lines[lane->line];
  ForetellPool *pool = &f->pools[line->pool];
  ForetellService service = {event->end_ts,
                             (double)(event->end_ts - event->ts) / (double)IV_SECOND};
  g_array_append_val(line->recent, service);
  if (line->recent->len > IV_FUTURE_RECENT_MAX)
    g_array_remove_index(line->recent, 0);
  learn_span(pool, service.span_s);
  if (lane->since != event->ts) /* found the lane free: no wait told of him */
    iv_till_arrivals_reach(pool->arrivals, event->ts, iv_foretell_slot(f, event->ts));
  if (lane->since < event->end_ts)
    lane->since = IV_TIME_NONE;
  lane->until = event->end_ts;
}

static void take_state(IvForetell *f, const IvEvent *event) {
  ForetellLane *lane = find_lane(f, event->lane_id.text);
  const IvAttr *state = iv_event_attr(event, IV_ATTR_STATE);
  if (lane && state)
    lane->open = strcmp(state->text, "open") == 0;
}

static void take_long(IvForetell *f, const IvEvent *event) {
  ForetellLine *line = find_line(f, event->lane_id.text);
  if (!line)
    return;
  line->is_long = event->kind == IV_EVENT_QUEUE_LONG_STARTED;
  if (line->is_long)
    iv_calls_long(f->calls, line->pool, (guint)(line - f->lines), event->ts + IV_LONG_AFTER);
}

static void take_call(IvForetell *f, const IvEvent *event) {
  const ForetellLine *line = find_line(f, event->lane_id.text);
  if (line)
    iv_calls_add(f->calls, line->pool, event->ts);
}

void iv_foretell_take(IvForetell *f, const IvEvent *event, gboolean is_entrance) {
  switch ((int)event->kind) {
  case IV_EVENT_LINE_CROSSED:
    if (is_entrance)
      take_entry(f, event);
    return;
  case IV_EVENT_QUEUE_JOINED:
    take_join(f, event);
    return;
  case IV_EVENT_QUEUE_WAIT:
  case IV_EVENT_QUEUE_ABANDONED:
  case IV_EVENT_QUEUE_LEFT:
    take_wait_end(f, event);
    return;
  case IV_EVENT_QUEUE_SERVICE:
    take_service(f, event);
    return;
  case IV_EVENT_LANE_STATE:
    take_state(f, event);
    return;
  case IV_EVENT_QUEUE_LONG_STARTED:
  case IV_EVENT_QUEUE_LONG:
    take_long(f, event);
    return;
  case IV_EVENT_QUEUE_LONG_FORETOLD:
    take_call(f, event);
    return;
  }
}
