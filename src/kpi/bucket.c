/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/bucket.h"

#include <math.h>
#include <string.h>

static const IvSubjectInfo subjects[IV_SUBJECTS] = {
    [IV_SUBJECT_STORE] =
        {"kpi_5min_store",
         15,
         {[IV_STORE_IN] = {"traffic_in", FALSE, "inward crossings of entrance lines"},
          [IV_STORE_OUT] = {"traffic_out", FALSE, "outward crossings of entrance lines"},
          [IV_STORE_TURN_BACKS] = {"turn_backs", FALSE, "of those in: out again at once"},
          [IV_STORE_PASS_BYS] = {"pass_bys", FALSE, "pass-by lines crossed without going in"},
          [IV_STORE_REENTRIES] = {"reentries", FALSE, "of those in: a visit goes on"},
          [IV_STORE_KNOWN_IN] = {"known_in", FALSE, "of those in: who it was is known"},
          [IV_STORE_VISITS] = {"visits", FALSE, "visits that began"},
          [IV_STORE_VISITS_CLOSED] = {"visits_closed", FALSE, "of those: closed, duration known"},
          [IV_STORE_VISIT_MS] = {"visit_ms", FALSE, "time in the store, summed over those"},
          [IV_STORE_BOUNCES] = {"bounces", FALSE, "of those: short, and nothing engaged"},
          [IV_STORE_GROUPS] = {"groups", FALSE, "groups of two and more that came in"},
          [IV_STORE_GROUPED] = {"grouped", FALSE, "of those in: with one of those groups"},
          [IV_STORE_GROUPS_2] = {"groups_2", FALSE, "of the groups: two people"},
          [IV_STORE_GROUPS_3] = {"groups_3", FALSE, "of the groups: three"},
          [IV_STORE_GROUPS_4] = {"groups_4", FALSE, "of the groups: four"}}},
    [IV_SUBJECT_CAMERA] =
        {"kpi_5min_camera",
         8,
         {[IV_CAMERA_ALIVE_MS] = {"alive_ms", FALSE, "time in which pictures came"},
          [IV_CAMERA_SPAN_MS] = {"span_ms", FALSE, "time that samples tell of"},
          [IV_CAMERA_FRAMES_DUE] = {"frames_due", FALSE, "asked for by the rate"},
          [IV_CAMERA_FRAMES_SKIPPED] = {"frames_skipped", FALSE, "due, the machine was busy"},
          [IV_CAMERA_FRAMES_GATED] = {"frames_gated", FALSE, "due, the picture was still"},
          [IV_CAMERA_PEOPLE_SUM] = {"people_sum", FALSE, "people in view, over analysed frames"},
          [IV_CAMERA_PEOPLE_N] = {"people_n", FALSE, "analysed frames"},
          [IV_CAMERA_PEOPLE_MAX] = {"people_max", TRUE, "most people in view"}}},
    [IV_SUBJECT_LINE] = {"kpi_5min_line",
                         4,
                         {[IV_LINE_IN] = {"crossed_in", FALSE, "crossings to the positive side"},
                          [IV_LINE_OUT] = {"crossed_out", FALSE, "crossings to the negative side"},
                          [IV_LINE_TURN_BACKS] = {"turn_backs", FALSE,
                                                  "of those in: out again at once"},
                          [IV_LINE_PASS_BYS] = {"pass_bys", FALSE, "crossed without going in"}}},
    [IV_SUBJECT_ZONE] =
        {
            "kpi_5min_zone",
            7,
            {[IV_ZONE_VISITS] = {"visits", FALSE, "stays that began, of any length"},
             [IV_ZONE_VISITORS] = {"visitors", FALSE, "of those: min_dwell or longer"},
             [IV_ZONE_ENGAGED] = {"engaged", FALSE, "of those: engaged_dwell or longer"},
             [IV_ZONE_DWELL_MS] = {"dwell_ms", FALSE, "time inside, summed over visitors"},
             [IV_ZONE_KNOWN] = {"known", FALSE, "of visitors: who it was is known"},
             [IV_ZONE_ENGAGED_KNOWN] = {"engaged_known", FALSE, "of engaged: who it was is known"},
             [IV_ZONE_OVER_CAPACITY_MS] = {"over_capacity_ms", FALSE,
                                           "time with more people inside than the zone is for"}}},
    [IV_SUBJECT_LANE] =
        {"kpi_5min_lane",
         11,
         {[IV_LANE_JOINED] = {"joined", FALSE, "people who began to queue"},
          [IV_LANE_WAITED] = {"waited", FALSE, "of those: served"},
          [IV_LANE_IN_TARGET] = {"in_target", FALSE, "of those: waited no longer than the target"},
          [IV_LANE_WAIT_MS] = {"wait_ms", FALSE, "waits, summed over those served"},
          [IV_LANE_ABANDONED] = {"abandoned",
                                 FALSE, "of those who joined: left unserved after 10 s or more"},
          [IV_LANE_SERVED] = {"served", FALSE, "services that began"},
          [IV_LANE_SERVICE_MS] = {"service_ms", FALSE, "time at the service area, summed"},
          [IV_LANE_LENGTH_N] = {"length_n", FALSE, "seconds in which the line was looked at"},
          [IV_LANE_LENGTH_SUM] = {"length_sum", FALSE, "people queuing, over those seconds"},
          [IV_LANE_LENGTH_MAX] = {"length_max", TRUE, "most people queuing"},
          [IV_LANE_OPEN_MS] = {"open_ms", FALSE, "time in which the lane was open"}}},
};

const IvSubjectInfo *iv_subject_info(IvSubject subject) {
  g_assert((guint)subject < IV_SUBJECTS);
  return &subjects[subject];
}

IvKpiLimits iv_kpi_limits_default(void) {
  return (IvKpiLimits){.min_dwell = 2 * IV_SECOND,
                       .engaged_dwell = 15 * IV_SECOND,
                       .wait_target = 5 * IV_MINUTE,
                       .bounce = IV_MINUTE};
}

static double number(const IvEvent *event, IvAttrKey key) {
  const IvAttr *attr = iv_event_attr(event, key);
  return attr ? attr->number : 0;
}

static IvBucketDelta *begin(IvBucketDelta *deltas, guint *n, IvSubject subject, IvTime t) {
  g_assert(*n < IV_BUCKET_DELTAS_MAX);
  IvBucketDelta *delta = &deltas[(*n)++];
  memset(delta, 0, sizeof *delta);
  delta->subject = subject;
  delta->bucket = iv_time_floor(t, IV_BUCKET_SPAN);
  return delta;
}

/* IV_STORE_x and IV_LINE_x are the same places. */
static void count_line(IvBucketDelta *deltas, guint *n, gboolean store_too, int place, IvTime t) {
  begin(deltas, n, IV_SUBJECT_LINE, t)->amounts[place] = 1;
  if (store_too)
    begin(deltas, n, IV_SUBJECT_STORE, t)->amounts[place] = 1;
}

G_STATIC_ASSERT((int)IV_STORE_IN == (int)IV_LINE_IN && (int)IV_STORE_OUT == (int)IV_LINE_OUT &&
                (int)IV_STORE_TURN_BACKS == (int)IV_LINE_TURN_BACKS &&
                (int)IV_STORE_PASS_BYS == (int)IV_LINE_PASS_BYS);

static guint crossed(const IvEvent *event, int line_kind, IvBucketDelta *deltas) {
  guint n = 0;
  const IvAttr *direction = iv_event_attr(event, IV_ATTR_DIRECTION);
  const IvAttr *turn_back = iv_event_attr(event, IV_ATTR_TURN_BACK);
  const IvAttr *in_ts = iv_event_attr(event, IV_ATTR_IN_TS);
  gboolean entrance = line_kind == IV_LINE_ENTRANCE;
  gboolean in = direction && strcmp(direction->text, "in") == 0;
  count_line(deltas, &n, entrance, in ? IV_LINE_IN : IV_LINE_OUT, event->ts);
  if (in && entrance && event->visitor)
    begin(deltas, &n, IV_SUBJECT_STORE, event->ts)->amounts[IV_STORE_KNOWN_IN] = 1;
  if (turn_back && turn_back->flag && in_ts)
    count_line(deltas, &n, entrance, IV_LINE_TURN_BACKS, in_ts->time);
  return n;
}

static guint passed_by(const IvEvent *event, int line_kind, IvBucketDelta *deltas) {
  guint n = 0;
  count_line(deltas, &n, line_kind == IV_LINE_PASS_BY, IV_LINE_PASS_BYS, event->ts);
  return n;
}

/* Milliseconds from the first crossing of a group to the next one's, in `*at`; 0 at its end. */
static gint64 next_crossing(const char **at) {
  char *end;
  gint64 ms = g_ascii_strtoll(*at, &end, 10);
  *at = end;
  return CLAMP(ms, 0, IV_BUCKET_SPAN / IV_MS);
}

/* The group counts at its first crossing, each of its people at the own one. */
static guint entered_together(const IvEvent *event, int line_kind, IvBucketDelta *deltas) {
  guint n = 0;
  const IvAttr *crossings = iv_event_attr(event, IV_ATTR_CROSSINGS_MS);
  const char *at = crossings ? crossings->text : "";
  gint64 size = llround(number(event, IV_ATTR_SIZE));
  if (line_kind != IV_LINE_ENTRANCE || size < 2 || size > IV_GROUP_PEOPLE_MAX)
    return 0;
  IvBucketDelta *first = begin(deltas, &n, IV_SUBJECT_STORE, event->ts), *later = NULL;
  first->amounts[IV_STORE_GROUPS] = 1;
  if (size <= 4)
    first->amounts[IV_STORE_GROUPS_2 + size - 2] = 1;
  for (gint64 i = 0; i < size; i++) {
    IvTime ts = event->ts + next_crossing(&at) * IV_MS;
    if (iv_time_floor(ts, IV_BUCKET_SPAN) == first->bucket) {
      first->amounts[IV_STORE_GROUPED]++;
      continue;
    }
    later = later ? later : begin(deltas, &n, IV_SUBJECT_STORE, ts);
    later->amounts[IV_STORE_GROUPED]++;
  }
  return n;
}

static gint64 length_ms(const IvEvent *event) {
  return event->end_ts == IV_TIME_NONE ? 0 : (event->end_ts - event->ts) / IV_MS;
}

static gboolean flag(const IvEvent *event, IvAttrKey key) {
  const IvAttr *attr = iv_event_attr(event, key);
  return attr && attr->flag;
}

/* Time in the store: absences do not count, so it is not the time between. */
static gint64 stayed_ms(const IvEvent *event) {
  return llround(number(event, IV_ATTR_DURATION_S) * 1000);
}

static guint visited_store(const IvEvent *event, const IvKpiLimits *limits, IvBucketDelta *deltas) {
  guint n = 0;
  gint64 *amounts = begin(deltas, &n, IV_SUBJECT_STORE, event->ts)->amounts;
  switch (event->kind) {
  case IV_EVENT_VISIT_STARTED:
    amounts[IV_STORE_VISITS] = 1;
    return n;
  case IV_EVENT_VISIT_REENTERED:
    amounts[IV_STORE_REENTRIES] = 1;
    return n;
  case IV_EVENT_VISIT_TURNED_BACK:
    amounts[IV_STORE_TURN_BACKS] = 1;
    return n;
  default: /* visit.closed */
    if (flag(event, IV_ATTR_CUT))
      return 0;
    amounts[IV_STORE_VISITS_CLOSED] = 1;
    amounts[IV_STORE_VISIT_MS] = stayed_ms(event);
    amounts[IV_STORE_BOUNCES] =
        stayed_ms(event) < limits->bounce / IV_MS && !flag(event, IV_ATTR_ENGAGED);
    return n;
  }
}

static const IvSpreadInfo spreads[IV_SPREADS] = {
    [IV_SPREAD_DWELL] = {IV_SUBJECT_ZONE, "dwell_sketch"},
    [IV_SPREAD_WAIT] = {IV_SUBJECT_LANE, "wait_sketch"},
    [IV_SPREAD_SERVICE] = {IV_SUBJECT_LANE, "service_sketch"},
    [IV_SPREAD_VISIT] = {IV_SUBJECT_STORE, "visit_sketch"},
};

const IvSpreadInfo *iv_spread_info(IvSpread spread) {
  return &spreads[spread];
}

gboolean iv_bucket_length(const IvEvent *event, const IvKpiLimits *limits, IvSpread *ret_spread,
                          gint64 *ret_ms) {
  static const struct {
    IvEventKind kind;
    IvSpread spread;
  } kinds[] = {{IV_EVENT_ZONE_VISIT, IV_SPREAD_DWELL},
               {IV_EVENT_QUEUE_WAIT, IV_SPREAD_WAIT},
               {IV_EVENT_QUEUE_SERVICE, IV_SPREAD_SERVICE},
               {IV_EVENT_VISIT_CLOSED, IV_SPREAD_VISIT}};
  if (event->kind == IV_EVENT_ZONE_VISIT && length_ms(event) < limits->min_dwell / IV_MS)
    return FALSE;
  if (event->kind == IV_EVENT_VISIT_CLOSED && flag(event, IV_ATTR_CUT))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
    if (kinds[i].kind != event->kind)
      continue;
    *ret_spread = kinds[i].spread;
    *ret_ms = event->kind == IV_EVENT_VISIT_CLOSED ? stayed_ms(event) : length_ms(event);
    return TRUE;
  }
  return FALSE;
}

static guint visited(const IvEvent *event, const IvKpiLimits *limits, IvBucketDelta *deltas) {
  guint n = 0;
  gint64 dwell;
  IvSpread spread;
  IvBucketDelta *delta = begin(deltas, &n, IV_SUBJECT_ZONE, event->ts);
  delta->amounts[IV_ZONE_VISITS] = 1;
  if (!iv_bucket_length(event, limits, &spread, &dwell))
    return n;
  delta->amounts[IV_ZONE_VISITORS] = 1;
  delta->amounts[IV_ZONE_ENGAGED] = dwell >= limits->engaged_dwell / IV_MS;
  delta->amounts[IV_ZONE_DWELL_MS] = dwell;
  delta->amounts[IV_ZONE_KNOWN] = event->visitor != 0;
  delta->amounts[IV_ZONE_ENGAGED_KNOWN] = event->visitor ? delta->amounts[IV_ZONE_ENGAGED] : 0;
  return n;
}

static const IvPeopleInfo people_columns[IV_PEOPLE] = {
    [IV_PEOPLE_STORE] = {IV_SUBJECT_STORE, "visitor_set"},
    [IV_PEOPLE_ZONE] = {IV_SUBJECT_ZONE, "visitor_set"},
    [IV_PEOPLE_ZONE_ENGAGED] = {IV_SUBJECT_ZONE, "engaged_set"},
};

const IvPeopleInfo *iv_people_info(IvPeople people) {
  return &people_columns[people];
}

guint iv_bucket_people(const IvEvent *event, const IvKpiLimits *limits,
                       IvPeople ret_people[IV_BUCKET_PEOPLE_MAX]) {
  guint n = 0;
  if (!event->visitor)
    return 0;
  if (event->kind == IV_EVENT_VISIT_STARTED)
    ret_people[n++] = IV_PEOPLE_STORE;
  if (event->kind != IV_EVENT_ZONE_VISIT || length_ms(event) < limits->min_dwell / IV_MS)
    return n;
  ret_people[n++] = IV_PEOPLE_ZONE;
  if (length_ms(event) >= limits->engaged_dwell / IV_MS)
    ret_people[n++] = IV_PEOPLE_ZONE_ENGAGED;
  return n;
}

/* Waits and abandonments count where the queuing began, services where they began. */
static guint queued(const IvEvent *event, const IvKpiLimits *limits, IvBucketDelta *deltas) {
  guint n = 0;
  gint64 *amounts = begin(deltas, &n, IV_SUBJECT_LANE, event->ts)->amounts;
  switch (event->kind) {
  case IV_EVENT_QUEUE_JOINED:
    amounts[IV_LANE_JOINED] = 1;
    break;
  case IV_EVENT_QUEUE_WAIT:
    amounts[IV_LANE_WAITED] = 1;
    amounts[IV_LANE_IN_TARGET] = length_ms(event) <= limits->wait_target / IV_MS;
    amounts[IV_LANE_WAIT_MS] = length_ms(event);
    break;
  case IV_EVENT_QUEUE_ABANDONED:
    amounts[IV_LANE_ABANDONED] = 1;
    break;
  case IV_EVENT_QUEUE_SERVICE:
    amounts[IV_LANE_SERVED] = 1;
    amounts[IV_LANE_SERVICE_MS] = length_ms(event);
    break;
  default: /* queue.sample */
    amounts[IV_LANE_LENGTH_N] = llround(number(event, IV_ATTR_N));
    amounts[IV_LANE_LENGTH_SUM] = llround(number(event, IV_ATTR_SUM));
    amounts[IV_LANE_LENGTH_MAX] = llround(number(event, IV_ATTR_MAX));
    amounts[IV_LANE_OPEN_MS] = llround(number(event, IV_ATTR_OPEN_S) * 1000);
    break;
  }
  return n;
}

/* Each bucket gets the time that lies in it, in whole milliseconds since 1970, so that all of them
 * together are as long as the event. */
static guint crowded(const IvEvent *event, IvBucketDelta *deltas) {
  guint n = 0;
  IvTime end = MIN(event->end_ts, event->ts + IV_DAY); /* longer ones are refused at the door */
  for (IvTime from = event->ts, to; from < end; from = to) {
    to = MIN(end, iv_time_floor(from, IV_BUCKET_SPAN) + IV_BUCKET_SPAN);
    begin(deltas, &n, IV_SUBJECT_ZONE, from)->amounts[IV_ZONE_OVER_CAPACITY_MS] =
        to / IV_MS - from / IV_MS;
  }
  return n;
}

/* A sample over a bucket's end is shared out by time, so that no bucket is alive for longer than it
 * lasts; what is counted, not measured, goes to where the sample began. */
static void share_out(const IvEvent *event, IvBucketDelta *deltas, guint *n) {
  IvTime end = MIN(event->end_ts, event->ts + IV_SAMPLE_SPAN_MAX);
  double alive = number(event, IV_ATTR_ALIVE_S), span = number(event, IV_ATTR_SPAN_S);
  for (IvTime from = event->ts, to; from < end; from = to) {
    to = MIN(end, iv_time_floor(from, IV_BUCKET_SPAN) + IV_BUCKET_SPAN);
    double share = (double)(to - from) / (double)(end - event->ts);
    IvBucketDelta *delta = begin(deltas, n, IV_SUBJECT_CAMERA, from);
    delta->amounts[IV_CAMERA_ALIVE_MS] = llround(MIN(alive, span) * share * 1000);
    delta->amounts[IV_CAMERA_SPAN_MS] = llround(span * share * 1000);
  }
}

static guint sampled(const IvEvent *event, IvBucketDelta *deltas) {
  static const struct {
    IvAttrKey key;
    int place;
  } counts[] = {
      {IV_ATTR_FRAMES_DUE, IV_CAMERA_FRAMES_DUE},
      {IV_ATTR_FRAMES_SKIPPED, IV_CAMERA_FRAMES_SKIPPED},
      {IV_ATTR_FRAMES_GATED, IV_CAMERA_FRAMES_GATED},
      {IV_ATTR_PEOPLE_SUM, IV_CAMERA_PEOPLE_SUM},
      {IV_ATTR_PEOPLE_N, IV_CAMERA_PEOPLE_N},
      {IV_ATTR_PEOPLE_MAX, IV_CAMERA_PEOPLE_MAX},
  };
  guint n = 0;
  share_out(event, deltas, &n);
  if (n == 0)
    begin(deltas, &n, IV_SUBJECT_CAMERA, event->ts);
  for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
    deltas[0].amounts[counts[i].place] = llround(number(event, counts[i].key));
  return n;
}

guint iv_bucket_deltas(const IvEvent *event, int line_kind, const IvKpiLimits *limits,
                       IvBucketDelta ret_deltas[IV_BUCKET_DELTAS_MAX]) {
  switch (event->kind) {
  case IV_EVENT_LINE_CROSSED:
    return crossed(event, line_kind, ret_deltas);
  case IV_EVENT_LINE_PASSED_BY:
    return passed_by(event, line_kind, ret_deltas);
  case IV_EVENT_GROUP_ENTERED:
    return entered_together(event, line_kind, ret_deltas);
  case IV_EVENT_ZONE_VISIT:
    return visited(event, limits, ret_deltas);
  case IV_EVENT_ZONE_OVER_CAPACITY:
    return event->end_ts == IV_TIME_NONE ? 0 : crowded(event, ret_deltas);
  case IV_EVENT_CAMERA_SAMPLE:
    return event->end_ts == IV_TIME_NONE ? 0 : sampled(event, ret_deltas);
  case IV_EVENT_QUEUE_JOINED:
  case IV_EVENT_QUEUE_WAIT:
  case IV_EVENT_QUEUE_ABANDONED:
  case IV_EVENT_QUEUE_SERVICE:
  case IV_EVENT_QUEUE_SAMPLE:
    return queued(event, limits, ret_deltas);
  case IV_EVENT_VISIT_STARTED:
  case IV_EVENT_VISIT_REENTERED:
  case IV_EVENT_VISIT_TURNED_BACK:
  case IV_EVENT_VISIT_CLOSED:
    return visited_store(event, limits, ret_deltas);
  default:
    return 0;
  }
}
