/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/queue.h"

#include <math.h>
#include <string.h>

#include "rules/queue_private.h"

#define LONG_AFTER (30 * IV_SECOND)
#define LONG_CLEARS 0.75
#define STAFF_AFTER (5 * IV_SECOND) /* at the staff's place: one of the staff */

/* ---- lines and lanes ---- */

/* The line of lane `index`; made when it is the first of its group. */
static guint line_of(IvQueues *queues, guint index) {
  const IvLane *lane = &queues->scene->lanes[index];
  guint drawn_on = (guint)MAX(iv_scene_queue_of(queues->scene, index), 0);
  for (guint i = 0; i < queues->n_lines; i++)
    if (queues->lines[i].drawn_on == drawn_on)
      return i;
  queues->lines[queues->n_lines] =
      (QueueLine){.id = iv_slug_is_none(&lane->group) ? lane->id : lane->group,
                  .is_group = !iv_slug_is_none(&lane->group),
                  .drawn_on = drawn_on,
                  .over_since = IV_TIME_NONE};
  return queues->n_lines++;
}

static void clear_lane(QueueLane *lane) {
  GArray *recent = lane->recent;
  guint line = lane->queue;
  g_array_set_size(recent, 0);
  *lane = (QueueLane){.queue = line,
                      .recent = recent,
                      .left_at = IV_TIME_NONE,
                      .last_end = IV_TIME_NONE,
                      .staff_since = IV_TIME_NONE,
                      .staff_seen = IV_TIME_NONE};
}

static const IvBox nowhere = {INFINITY, INFINITY, -INFINITY, -INFINITY};

static IvBox bounds_of(const IvArea *area) {
  return area->n_points > 0 ? iv_polygon_bounds(area->polygon, area->n_points) : nowhere;
}

static void reach(IvBox *all, const IvBox *box) {
  *all = (IvBox){MIN(all->x0, box->x0), MIN(all->y0, box->y0), MAX(all->x1, box->x1),
                 MAX(all->y1, box->y1)};
}

static void find_bounds(IvQueues *queues) {
  queues->reach = nowhere;
  for (guint i = 0; i < queues->scene->n_lanes; i++) {
    queues->queue_bounds[i] = bounds_of(&queues->scene->lanes[i].queue);
    queues->service_bounds[i] = bounds_of(&queues->scene->lanes[i].service);
    reach(&queues->reach, &queues->queue_bounds[i]);
    reach(&queues->reach, &queues->service_bounds[i]);
  }
}

IvQueues *iv_queues_new(const IvRuleLimits *limits, const IvRulesSource *source,
                        const IvScene *scene) {
  IvQueues *queues = g_new0(IvQueues, 1);
  queues->limits = *limits;
  queues->source = *source;
  queues->scene = scene;
  find_bounds(queues);
  queues->metre = iv_queue_metre(scene);
  queues->now = IV_TIME_NONE;
  queues->people = g_ptr_array_new_with_free_func(g_free);
  queues->waits = g_ptr_array_new_with_free_func(g_free);
  queues->seconds = g_array_new(FALSE, FALSE, sizeof(QueueSecond));
  for (guint i = 0; i < scene->n_lanes; i++) {
    queues->lanes[i].queue = line_of(queues, i);
    queues->lanes[i].recent = g_array_new(FALSE, FALSE, sizeof(QueueSpan));
    clear_lane(&queues->lanes[i]);
  }
  return queues;
}

void iv_queues_free(IvQueues *queues) {
  if (!queues)
    return;
  for (guint i = 0; i < IV_SCENE_LANES_MAX; i++)
    g_clear_pointer(&queues->lanes[i].recent, g_array_unref);
  g_ptr_array_unref(queues->people);
  g_ptr_array_unref(queues->waits);
  g_array_unref(queues->seconds);
  g_free(queues);
}

/* ---- people ---- */

static QueuePerson *find_person(IvQueues *queues, guint64 tracklet, guint *ret_index) {
  guint n = queues->people->len;
  for (guint k = 1; k <= n; k++) {
    guint i = (queues->latest + k) % n;
    QueuePerson *person = g_ptr_array_index(queues->people, i);
    if (person->tracklet != tracklet)
      continue;
    *ret_index = queues->latest = i;
    return person;
  }
  return NULL;
}

static QueuePerson *add_person(IvQueues *queues, const IvTrackPoint *point, float metre) {
  QueuePerson *person = g_new0(QueuePerson, 1);
  person->tracklet = point->tracklet_id;
  person->visitor = point->visitor;
  person->first_sight = person->last_sight = point->ts;
  person->share = point->ground;
  person->at = iv_queue_place(queues, point->ground);
  person->metre = metre;
  person->staff_since = person->since = person->broken_at = IV_TIME_NONE;
  person->walked = person->lane_left = IV_TIME_NONE;
  person->queue = person->lane = -1;
  person->born_lane = iv_queue_service_at(queues, point->ground);
  g_ptr_array_add(queues->people, person);
  int line = iv_queue_line_at(queues, point->ground);
  QueueWait *wait =
      line >= 0 && person->born_lane < 0 ? iv_queue_found(queues, person, (guint)line) : NULL;
  if (wait)
    iv_queue_hold(wait, person);
  return person;
}

/* TRUE when the person stands where the staff of a lane stands. */
static gboolean note_staff(IvQueues *queues, IvPoint share, IvTime ts) {
  gboolean any = FALSE;
  for (guint i = 0; i < queues->scene->n_lanes; i++) {
    QueueLane *lane = &queues->lanes[i];
    if (!iv_queue_area_holds(&queues->scene->lanes[i].staff, share))
      continue;
    if (lane->staff_seen == IV_TIME_NONE || ts - lane->staff_seen > QUEUE_SERVICE_LOST)
      lane->staff_since = ts;
    lane->staff_seen = ts;
    any = TRUE;
  }
  return any;
}

/* Who works behind a counter is no customer from then on. */
static gboolean is_staff(IvQueues *queues, QueuePerson *person, IvPoint share, GArray *ret_events) {
  IvTime now = person->last_sight;
  if (queues->limits.staff_known)
    return FALSE;
  if (!note_staff(queues, share, now)) {
    person->staff_since = IV_TIME_NONE;
    return person->staff;
  }
  if (person->staff_since == IV_TIME_NONE)
    person->staff_since = now;
  if (now - person->staff_since >= STAFF_AFTER && !person->staff) {
    person->staff = TRUE;
    iv_queue_service_gone(queues, person, ret_events);
    person->lane = -1;
    if (person->wait)
      iv_queue_wait_unknown(queues, person->wait, "one of the staff", ret_events);
  }
  return TRUE;
}

void iv_queues_see_staff(IvQueues *queues, IvPoint ground, IvTime ts) {
  note_staff(queues, ground, ts);
}

/* Who it is may be known late, and when a track broke, from the one that goes on. */
static void note_visitor(IvQueues *queues, QueuePerson *person, guint64 visitor) {
  if (!visitor || visitor == person->visitor)
    return;
  person->visitor = visitor;
  if (person->wait && !person->wait->visitor)
    person->wait->visitor = visitor;
  for (guint i = 0; i < queues->scene->n_lanes; i++)
    if (queues->lanes[i].who == person && !queues->lanes[i].visitor)
      queues->lanes[i].visitor = visitor;
}

void iv_queues_see(IvQueues *queues, const IvTrackPoint *point, float height, GArray *ret_events) {
  guint index;
  float metre = queues->metre > 0 ? queues->metre : QUEUE_METRE * height;
  QueuePerson *person = find_person(queues, point->tracklet_id, &index);
  if (!person)
    person = add_person(queues, point, metre);
  IvTime span = MIN(point->ts - person->last_sight, QUEUE_BREAK);
  person->last_sight = point->ts;
  person->share = point->ground;
  person->at = iv_queue_place(queues, point->ground);
  person->metre = metre;
  person->lost = FALSE;
  note_visitor(queues, person, point->visitor);
  iv_queue_trail_add(&person->trail, point->ts, person->at);
  if (is_staff(queues, person, point->ground, ret_events))
    return;
  int lane = iv_queue_service_at(queues, point->ground);
  if (!iv_queue_attend(queues, person, lane, point->ground, ret_events))
    iv_queue_stand(queues, person, iv_queue_line_at(queues, point->ground), span, ret_events);
}

void iv_queues_lose(IvQueues *queues, guint64 tracklet) {
  guint index;
  QueuePerson *person = find_person(queues, tracklet, &index);
  if (person)
    person->lost = TRUE;
}

void iv_queues_end(IvQueues *queues, guint64 tracklet, GArray *ret_events) {
  guint index;
  QueuePerson *person = find_person(queues, tracklet, &index);
  if (!person)
    return;
  iv_queue_service_gone(queues, person, ret_events);
  iv_queue_person_gone(queues, person, ret_events);
  g_ptr_array_remove_index(queues->people, index);
}

/* ---- long queues ---- */

static const QueueWait *longest_wait(const IvQueues *queues, guint line) {
  const QueueWait *longest = NULL;
  for (guint i = 0; i < queues->waits->len; i++) {
    const QueueWait *wait = g_ptr_array_index(queues->waits, i);
    if (wait->queue == line && wait->end == IV_TIME_NONE && wait->left_at == IV_TIME_NONE &&
        (!longest || wait->joined < longest->joined))
      longest = wait;
  }
  return longest;
}

IvQueueNow iv_queues_now(const IvQueues *queues, guint index) {
  const QueueLine *line = &queues->lines[index];
  IvQueueNow now = {.id = line->id, .is_group = line->is_group, .is_long = line->is_long};
  for (guint i = 0; i < queues->waits->len; i++) {
    const QueueWait *wait = g_ptr_array_index(queues->waits, i);
    now.length +=
        wait->queue == index && wait->end == IV_TIME_NONE && wait->left_at == IV_TIME_NONE;
  }
  const QueueWait *longest = longest_wait(queues, index);
  if (longest && queues->now != IV_TIME_NONE)
    now.present_wait = MAX(queues->now - longest->joined, 0);
  guint open = iv_queue_open_lanes(queues, index);
  now.estimated_s = queues->now == IV_TIME_NONE || open == 0
                        ? (double)NAN
                        : now.length * iv_queue_mean_service(queues, index, queues->now) / open;
  return now;
}

static void report_long(const IvQueues *queues, const QueueLine *line, IvEventKind kind, IvTime end,
                        const char *reason, GArray *ret_events) {
  IvEvent event;
  iv_report_begin(&queues->source, queues->scene->version, kind, line->over_since, 0, &event);
  event.end_ts = end;
  event.lane_id = line->id;
  iv_event_set_number(&event, IV_ATTR_WAIT_S, line->worst_s);
  if (reason)
    iv_event_set_text(&event, IV_ATTR_REASON, reason);
  iv_report_finish(&event, ret_events);
}

static void end_long(const IvQueues *queues, QueueLine *line, IvTime end, GArray *ret_events) {
  if (line->is_long)
    report_long(queues, line, IV_EVENT_QUEUE_LONG, MAX(end, line->over_since), NULL, ret_events);
  line->is_long = FALSE;
  line->over_since = IV_TIME_NONE;
  line->worst_s = 0;
}

static void watch_line(IvQueues *queues, guint index, GArray *ret_events) {
  QueueLine *line = &queues->lines[index];
  IvQueueNow now = iv_queues_now(queues, index);
  double present = (double)now.present_wait / (double)IV_SECOND;
  double limit = (double)queues->limits.long_wait / (double)IV_SECOND;
  double wait = fmax(present, now.estimated_s); /* of a number and NAN the number */
  if (wait <= limit && !(line->is_long && wait >= LONG_CLEARS * limit)) {
    end_long(queues, line, queues->now, ret_events);
    return;
  }
  if (line->over_since == IV_TIME_NONE)
    line->over_since = queues->now;
  line->worst_s = MAX(line->worst_s, wait);
  if (line->is_long || queues->now - line->over_since < LONG_AFTER)
    return;
  line->is_long = TRUE;
  report_long(queues, line, IV_EVENT_QUEUE_LONG_STARTED, IV_TIME_NONE,
              present >= wait ? "somebody has waited so long" : "estimated wait", ret_events);
}

/* ---- time ---- */

void iv_queues_finish(IvQueues *queues, const char *reason, GArray *ret_events) {
  for (guint i = 0; i < queues->scene->n_lanes; i++) {
    QueueLane *lane = &queues->lanes[i];
    if (lane->serving)
      iv_queue_end_service(
          queues, i, lane->left_at == IV_TIME_NONE ? lane->last_sight : lane->left_at, ret_events);
  }
  for (guint i = 0; i < queues->waits->len; i++) {
    QueueWait *wait = g_ptr_array_index(queues->waits, i);
    if (wait->end == IV_TIME_NONE)
      iv_queue_wait_unknown(queues, wait, reason, ret_events);
  }
  for (guint i = 0; i < queues->n_lines; i++)
    end_long(queues, &queues->lines[i], queues->now, ret_events);
  iv_queue_tell_samples(queues, TRUE, ret_events);
  g_ptr_array_set_size(queues->people, 0);
  g_ptr_array_set_size(queues->waits, 0);
  for (guint i = 0; i < queues->scene->n_lanes; i++)
    clear_lane(&queues->lanes[i]);
  queues->now = IV_TIME_NONE;
}

void iv_queues_tick(IvQueues *queues, IvTime ts, GArray *ret_events) {
  gboolean begun = queues->now != IV_TIME_NONE;
  if (queues->scene->n_lanes == 0 || (begun && ts <= queues->now && queues->now - ts <= QUEUE_GAP))
    return;
  if (begun && ts < queues->now)
    iv_queues_finish(queues, "the clock was set back", ret_events);
  iv_queue_expire_services(queues, ts, ret_events);
  iv_queue_expire_waits(queues, ts, ret_events);
  iv_queue_note_seconds(queues, ts);
  queues->now = ts;
  iv_queue_tell_states(queues, ts, ret_events);
  for (guint i = 0; i < queues->n_lines; i++)
    watch_line(queues, i, ret_events);
  iv_queue_tell_samples(queues, FALSE, ret_events);
}

guint iv_queues_n(const IvQueues *queues) {
  return queues->n_lines;
}

IvLaneNow iv_queues_lane_now(const IvQueues *queues, guint index) {
  const QueueLane *lane = &queues->lanes[index];
  return (IvLaneNow){.id = queues->scene->lanes[index].id,
                     .queue = queues->lines[lane->queue].id,
                     .open = lane->open,
                     .serving = lane->serving};
}
