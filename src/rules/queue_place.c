/* SPDX-License-Identifier: Apache-2.0 */
/* Where people are in line, and how fast they are. */
#include <math.h>

#include "rules/queue_private.h"

#define FLOOR_UNITS 100.f /* a metre */
#define FAR_AWAY 1e7f
#define TRAIL_STEP (IV_SECOND / 5)
#define SPEED_SPAN (3 * IV_SECOND / 2)
#define SPEED_SPAN_MIN (2 * IV_SECOND / 5)
#define SPEED_SPAN_MAX (3 * IV_SECOND) /* at low rates */

float iv_queue_metre(const IvScene *scene) {
  if (iv_scene_is_plan(scene))
    return (float)(scene->image.width / scene->plan.width_m);
  return scene->has_homography ? FLOOR_UNITS : 0;
}

/* What is no place on the floor (at the horizon) is far from everything. */
static IvPoint on_floor(const IvHomography *homography, IvPoint share) {
  IvPlanPoint at;
  if (!iv_homography_to_plan(homography, share, &at))
    return (IvPoint){FAR_AWAY, FAR_AWAY};
  return (IvPoint){(float)at.x * FLOOR_UNITS, (float)at.y * FLOOR_UNITS};
}

IvPoint iv_queue_place(const IvQueues *queues, IvPoint share) {
  const IvScene *scene = queues->scene;
  if (scene->has_homography)
    return on_floor(&scene->homography, share);
  return (IvPoint){share.x * (float)scene->image.width, share.y * (float)scene->image.height};
}

gboolean iv_queue_area_holds(const IvArea *area, IvPoint share) {
  return area->n_points > 0 && iv_polygon_contains(area->polygon, area->n_points, share);
}

int iv_queue_line_at(const IvQueues *queues, IvPoint share) {
  if (!iv_box_has(&queues->reach, share))
    return -1;
  for (guint i = 0; i < queues->n_lines; i++) {
    guint lane = queues->lines[i].drawn_on;
    if (iv_box_has(&queues->queue_bounds[lane], share) &&
        iv_queue_area_holds(&queues->scene->lanes[lane].queue, share))
      return (int)i;
  }
  return -1;
}

int iv_queue_service_at(const IvQueues *queues, IvPoint share) {
  if (!iv_box_has(&queues->reach, share))
    return -1;
  for (guint i = 0; i < queues->scene->n_lanes; i++)
    if (iv_box_has(&queues->service_bounds[i], share) &&
        iv_queue_area_holds(&queues->scene->lanes[i].service, share))
      return (int)i;
  return -1;
}

float iv_queue_metres(IvPoint a, IvPoint b, float metre) {
  return metre > 0 ? hypotf(a.x - b.x, a.y - b.y) / metre : INFINITY;
}

/* ---- order ---- */

/* Nearest point of a-b: how far it lies along, and how far p is off. */
static void project(IvPoint a, IvPoint b, IvPoint p, float *ret_along, float *ret_off) {
  float dx = b.x - a.x, dy = b.y - a.y;
  float share = (dx * (p.x - a.x) + dy * (p.y - a.y)) / (dx * dx + dy * dy);
  share = CLAMP(share, 0.f, 1.f);
  *ret_along = share * hypotf(dx, dy);
  *ret_off = hypotf(a.x + share * dx - p.x, a.y + share * dy - p.y);
}

static float along_path(const IvQueues *queues, const IvLane *lane, IvPoint p) {
  float before = 0, best = INFINITY, progress = 0;
  for (guint i = 1; i < lane->n_path; i++) {
    IvPoint a = iv_queue_place(queues, lane->path[i - 1]);
    IvPoint b = iv_queue_place(queues, lane->path[i]);
    float along, off;
    project(a, b, p, &along, &off);
    if (off < best) {
      best = off;
      progress = before + along;
    }
    before += hypotf(b.x - a.x, b.y - a.y);
  }
  return progress;
}

static float to_service(const IvQueues *queues, const IvArea *area, IvPoint p) {
  IvPoint middle = {0, 0};
  for (guint i = 0; i < area->n_points; i++) {
    middle.x += area->polygon[i].x / (float)area->n_points;
    middle.y += area->polygon[i].y / (float)area->n_points;
  }
  middle = iv_queue_place(queues, middle);
  return hypotf(middle.x - p.x, middle.y - p.y);
}

float iv_queue_progress(const IvQueues *queues, guint line, IvPoint p) {
  const IvScene *scene = queues->scene;
  const IvLane *drawn = &scene->lanes[queues->lines[line].drawn_on];
  float nearest = INFINITY;
  if (drawn->n_path > 0)
    return along_path(queues, drawn, p);
  for (guint i = 0; i < scene->n_lanes; i++)
    if (queues->lanes[i].queue == line)
      nearest = MIN(nearest, to_service(queues, &scene->lanes[i].service, p));
  return nearest;
}

/* ---- speed ---- */

void iv_queue_trail_add(QueueTrail *trail, IvTime ts, IvPoint at) {
  guint last = (trail->next + QUEUE_TRAIL - 1) % QUEUE_TRAIL;
  if (trail->n > 0 && ts - trail->ts[last] < TRAIL_STEP)
    return;
  trail->ts[trail->next] = ts;
  trail->at[trail->next] = at;
  trail->next = (trail->next + 1) % QUEUE_TRAIL;
  trail->n = MIN(trail->n + 1, QUEUE_TRAIL);
}

/* The k-th newest point of the trail. */
static guint newest(const QueueTrail *trail, guint k) {
  return (trail->next + 2 * QUEUE_TRAIL - 1 - k) % QUEUE_TRAIL;
}

gboolean iv_queue_speed(const QueuePerson *person, float *ret_speed) {
  const QueueTrail *trail = &person->trail;
  int from = -1;
  for (guint k = 0; k < trail->n; k++) {
    guint i = newest(trail, k);
    IvTime age = person->last_sight - trail->ts[i];
    if (age < SPEED_SPAN_MIN)
      continue;
    if (age > (from < 0 ? SPEED_SPAN_MAX : SPEED_SPAN))
      break;
    from = (int)i;
  }
  if (from < 0)
    return FALSE;
  float span = (float)(person->last_sight - trail->ts[from]) / (float)IV_SECOND;
  *ret_speed = iv_queue_metres(person->at, trail->at[from], person->metre) / span;
  return TRUE;
}

IvTime iv_queue_arrived(const QueuePerson *person) {
  const QueueTrail *trail = &person->trail;
  IvTime since = person->last_sight;
  for (guint k = 0; k < trail->n; k++) {
    guint i = newest(trail, k);
    if (person->last_sight - trail->ts[i] > SPEED_SPAN ||
        iv_queue_metres(person->at, trail->at[i], person->metre) > QUEUE_STILL)
      break;
    since = trail->ts[i];
  }
  return since;
}

/* How long ago "a moment ago" was, and the way from there in metres; FALSE = no sight then. */
static gboolean last_step(const QueuePerson *person, float *ret_metres, IvTime *ret_span) {
  const QueueTrail *trail = &person->trail;
  for (guint k = 0; k < trail->n; k++) {
    guint i = newest(trail, k);
    *ret_span = person->last_sight - trail->ts[i];
    if (*ret_span < SPEED_SPAN_MIN)
      continue;
    *ret_metres = iv_queue_metres(person->at, trail->at[i], person->metre);
    return TRUE;
  }
  return FALSE;
}

gboolean iv_queue_is_still(const QueuePerson *person) {
  float metres;
  IvTime span;
  return last_step(person, &metres, &span) && metres <= QUEUE_STILL;
}

gboolean iv_queue_is_walking(const QueuePerson *person) {
  float metres;
  IvTime span;
  return last_step(person, &metres, &span) &&
         metres >= QUEUE_SLOW_SPEED * (float)span / (float)IV_SECOND;
}
