/* SPDX-License-Identifier: Apache-2.0 */
/* Services at the lanes, and whether a lane is open. */
#include <math.h>

#include "rules/queue_private.h"

#define RECENT (15 * IV_MINUTE)
#define OPEN_AFTER_SERVICE (3 * IV_MINUTE)
#define STAFF_SETTLE (15 * IV_SECOND) /* who walks past a till does not open it */
#define STAFF_GRACE (10 * IV_SECOND)

static void begin_service(QueueLane *lane, QueuePerson *person, IvTime start) {
  lane->serving = TRUE;
  lane->who = person;
  lane->tracklet = person->tracklet;
  lane->visitor = person->visitor;
  lane->start = start;
  lane->last_sight = person->last_sight;
  lane->left_at = IV_TIME_NONE;
}

void iv_queue_end_service(IvQueues *queues, guint index, IvTime end, GArray *ret_events) {
  QueueLane *lane = &queues->lanes[index];
  QueueSpan span = {lane->start, MAX(end, lane->start)};
  IvEvent event;
  iv_report_begin(&queues->source, queues->scene->version, IV_EVENT_QUEUE_SERVICE, span.start,
                  lane->tracklet, &event);
  event.visitor = lane->visitor;
  event.end_ts = span.end;
  event.lane_id = queues->scene->lanes[index].id;
  iv_event_set_number(&event, IV_ATTR_SERVICE_S,
                      (double)(span.end - span.start) / (double)IV_SECOND);
  iv_report_finish(&event, ret_events);
  if (lane->who)
    lane->who->lane = -1;
  lane->who = NULL;
  lane->serving = FALSE;
  lane->last_end = span.end;
  g_array_append_val(lane->recent, span);
}

/* The lane that serves this person, or -1. */
static int served_at(const IvQueues *queues, const QueuePerson *person) {
  for (guint i = 0; i < queues->scene->n_lanes; i++)
    if (queues->lanes[i].serving && queues->lanes[i].who == person)
      return (int)i;
  return -1;
}

/* Somebody is there instead of the one who was lost: the same one, or the next. */
static gboolean take_over(IvQueues *queues, QueuePerson *person, guint index, GArray *ret_events) {
  QueueLane *lane = &queues->lanes[index];
  gboolean is_same = !person->wait && person->born_lane == (int)index &&
                     person->first_sight >= lane->last_sight &&
                     person->first_sight - lane->last_sight <= QUEUE_SERVICE_LOST;
  if (!is_same) {
    iv_queue_end_service(queues, index, lane->last_sight, ret_events);
    return FALSE;
  }
  lane->who = person;
  lane->left_at = IV_TIME_NONE;
  return TRUE;
}

static void try_serve(IvQueues *queues, QueuePerson *person, guint index, GArray *ret_events) {
  QueueLane *lane = &queues->lanes[index];
  if (lane->serving && (lane->who || take_over(queues, person, index, ret_events)))
    return;
  IvTime start = person->lane_since;
  if (lane->last_end != IV_TIME_NONE)
    start = MAX(start, lane->last_end);
  if (person->last_sight - start < QUEUE_SETTLE)
    return;
  QueueWait *wait = person->wait;
  if (!wait && person->born_lane == (int)index)
    wait = iv_queue_lost_head(queues, lane->queue, person->first_sight);
  if (wait && wait->queue == lane->queue)
    iv_queue_wait_served(queues, wait, index, start, ret_events);
  else if (wait)
    iv_queue_wait_left(queues, wait, wait->left_at == IV_TIME_NONE ? start : wait->left_at,
                       ret_events);
  begin_service(lane, person, start);
}

/* Out of an area in which it was not the one being served. */
static void leave_area(IvQueues *queues, QueuePerson *person, IvTime left, GArray *ret_events) {
  guint index = (guint)person->lane;
  QueueWait *wait = person->wait;
  if (wait && wait->queue == queues->lanes[index].queue &&
      left - person->lane_since >= QUEUE_SETTLE)
    iv_queue_wait_served(queues, wait, index, person->lane_since, ret_events);
  person->lane = -1;
}

static gboolean is_in_exit(const IvQueues *queues, IvPoint share) {
  for (guint i = 0; i < queues->scene->n_lanes; i++)
    if (iv_queue_area_holds(&queues->scene->lanes[i].exit, share))
      return TRUE;
  return FALSE;
}

/* The one being served; TRUE = goes on. */
static gboolean go_on(IvQueues *queues, QueuePerson *person, guint index, int lane_at,
                      IvPoint share, GArray *ret_events) {
  QueueLane *lane = &queues->lanes[index];
  IvTime now = person->last_sight;
  if (lane_at == (int)index) {
    lane->left_at = IV_TIME_NONE;
    lane->last_sight = now;
    return TRUE;
  }
  if (lane->left_at == IV_TIME_NONE)
    lane->left_at = lane->last_sight;
  if (lane_at < 0 && now - lane->left_at < QUEUE_SERVICE_GRACE && !is_in_exit(queues, share))
    return TRUE;
  iv_queue_end_service(queues, index, lane->left_at, ret_events);
  return FALSE;
}

/* So near to where it was in the service area that it may just have stepped aside. */
static gboolean is_near(const QueuePerson *person) {
  return iv_queue_metres(person->at, person->lane_at, person->metre) <= QUEUE_SERVICE_NEAR;
}

gboolean iv_queue_attend(IvQueues *queues, QueuePerson *person, int lane, IvPoint share,
                         GArray *ret_events) {
  IvTime now = person->last_sight;
  int served = served_at(queues, person);
  if (served >= 0 && go_on(queues, person, (guint)served, lane, share, ret_events))
    return TRUE;
  if (person->lane >= 0 && lane != person->lane) {
    if (person->lane_left == IV_TIME_NONE)
      person->lane_left = now;
    if (lane < 0 && now - person->lane_left < QUEUE_SERVICE_GRACE && is_near(person))
      return TRUE;
    leave_area(queues, person, person->lane_left, ret_events);
  }
  if (lane < 0)
    return FALSE;
  if (person->lane != lane)
    person->lane_since = now;
  person->lane = lane;
  person->lane_at = person->at;
  person->lane_left = IV_TIME_NONE;
  if (person->wait)
    person->wait->last_sight = now;
  if (now - person->lane_since >= QUEUE_SETTLE)
    try_serve(queues, person, (guint)lane, ret_events);
  return TRUE;
}

void iv_queue_service_gone(IvQueues *queues, QueuePerson *person, GArray *ret_events) {
  int served = served_at(queues, person);
  if (served >= 0) {
    QueueLane *lane = &queues->lanes[served];
    lane->who = NULL;
    if (lane->left_at != IV_TIME_NONE)
      iv_queue_end_service(queues, (guint)served, lane->left_at, ret_events);
  } else if (person->lane >= 0) {
    leave_area(queues, person, person->last_sight, ret_events);
  }
}

static void trim_recent(QueueLane *lane, IvTime now) {
  while (lane->recent->len > 0 && now - g_array_index(lane->recent, QueueSpan, 0).end > RECENT)
    g_array_remove_index(lane->recent, 0);
}

void iv_queue_expire_services(IvQueues *queues, IvTime now, GArray *ret_events) {
  for (guint i = 0; i < queues->scene->n_lanes; i++) {
    QueueLane *lane = &queues->lanes[i];
    trim_recent(lane, now);
    if (!lane->serving)
      continue;
    if (lane->left_at != IV_TIME_NONE && now - lane->left_at >= QUEUE_SERVICE_GRACE)
      iv_queue_end_service(queues, i, lane->left_at, ret_events);
    else if (!lane->who && now - lane->last_sight >= QUEUE_SERVICE_LOST)
      iv_queue_end_service(queues, i, lane->last_sight, ret_events);
  }
}

/* ---- open or closed ---- */

static gboolean has_settled(const QueueLane *lane) {
  return lane->staff_seen != IV_TIME_NONE && lane->staff_seen - lane->staff_since >= STAFF_SETTLE;
}

static const char *why_open(const QueueLane *lane, const IvLane *drawn, IvTime now) {
  if (drawn->self_checkout)
    return "self-checkout";
  if (has_settled(lane) && now - lane->staff_seen < STAFF_GRACE)
    return "somebody at the staff's place";
  if (lane->serving ||
      (lane->last_end != IV_TIME_NONE && now - lane->last_end < OPEN_AFTER_SERVICE))
    return "a customer was served in the last 3 min";
  return NULL;
}

/* Since when it is what it has just become: nobody knows at once who stays and who walks by. */
static IvTime changed_at(const QueueLane *lane, gboolean open, IvTime now) {
  if (open) {
    IvTime manned =
        has_settled(lane) && now - lane->staff_seen < STAFF_GRACE ? lane->staff_since : now;
    return lane->serving ? MIN(manned, lane->start) : manned;
  }
  IvTime served = lane->last_end == IV_TIME_NONE ? 0 : lane->last_end + OPEN_AFTER_SERVICE;
  return MIN(now, MAX(served, has_settled(lane) ? lane->staff_seen : 0));
}

void iv_queue_tell_states(IvQueues *queues, IvTime now, GArray *ret_events) {
  for (guint i = 0; i < queues->scene->n_lanes; i++) {
    QueueLane *lane = &queues->lanes[i];
    const char *why = why_open(lane, &queues->scene->lanes[i], now);
    if (lane->told && lane->open == (why != NULL))
      continue;
    if (lane->told)
      iv_queue_correct_open(queues, i, changed_at(lane, why != NULL, now), why != NULL);
    lane->told = TRUE;
    lane->open = why != NULL;
    IvEvent event;
    iv_report_begin(&queues->source, queues->scene->version, IV_EVENT_LANE_STATE, now, 0, &event);
    event.lane_id = queues->scene->lanes[i].id;
    iv_event_set_text(&event, IV_ATTR_STATE, why ? "open" : "closed");
    if (why)
      iv_event_set_text(&event, IV_ATTR_REASON, why);
    iv_report_finish(&event, ret_events);
  }
}

double iv_queue_mean_service(const IvQueues *queues, guint line, IvTime now) {
  IvTime sum = 0;
  guint n = 0;
  for (guint i = 0; i < queues->scene->n_lanes; i++) {
    const QueueLane *lane = &queues->lanes[i];
    for (guint k = 0; lane->queue == line && k < lane->recent->len; k++) {
      const QueueSpan *span = &g_array_index(lane->recent, QueueSpan, k);
      if (now - span->end > RECENT)
        continue;
      sum += span->end - span->start;
      n++;
    }
  }
  return n > 0 ? (double)sum / n / (double)IV_SECOND : (double)NAN;
}

guint iv_queue_open_lanes(const IvQueues *queues, guint line) {
  guint n = 0;
  for (guint i = 0; i < queues->scene->n_lanes; i++)
    n += queues->lanes[i].queue == line && queues->lanes[i].open;
  return n;
}
