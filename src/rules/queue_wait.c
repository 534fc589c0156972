/* SPDX-License-Identifier: Apache-2.0 */
/* Waits: who joins, whose track goes on with which wait, and how waits end. */
#include <math.h>

#include "rules/queue_private.h"

#define EDGE 0.02f /* share of the picture: who is lost here has walked out of it */

static double seconds(IvTime span) {
  return (double)span / (double)IV_SECOND;
}

/* ---- holders ---- */

void iv_queue_hold(QueueWait *wait, QueuePerson *person) {
  if (wait->holder)
    wait->holder->wait = NULL;
  wait->holder = person;
  wait->left_at = IV_TIME_NONE;
  if (!wait->visitor)
    wait->visitor = person->visitor;
  person->wait = wait;
}

static gboolean is_open(const QueueWait *wait, guint line) {
  return wait->end == IV_TIME_NONE && wait->queue == line;
}

QueueWait *iv_queue_found(IvQueues *queues, const QueuePerson *person, guint line) {
  QueueWait *best = NULL;
  float nearest = QUEUE_FOUND;
  for (guint i = 0; i < queues->waits->len; i++) {
    QueueWait *wait = g_ptr_array_index(queues->waits, i);
    gboolean unseen = !wait->holder || wait->holder->lost;
    IvTime since = person->first_sight - wait->last_sight;
    if (!is_open(wait, line) || !unseen || wait->left_at != IV_TIME_NONE || since < 0 ||
        since > QUEUE_LOST)
      continue;
    float far = iv_queue_metres(wait->at, person->at, (wait->metre + person->metre) / 2);
    if (far > nearest)
      continue;
    nearest = far;
    best = wait;
  }
  return best;
}

QueueWait *iv_queue_lost_head(IvQueues *queues, guint line, IvTime now) {
  for (guint i = 0; i < queues->waits->len; i++) {
    QueueWait *wait = g_ptr_array_index(queues->waits, i);
    if (is_open(wait, line) && !wait->holder && now - wait->last_sight <= QUEUE_LOST)
      return wait;
  }
  return NULL;
}

/* Two tracks that swapped people inside: one walks away with the wait of the one that stays. */
static QueueWait *find_swap(const IvQueues *queues, const QueuePerson *person, guint line) {
  if (queues->limits.people_known)
    return NULL;
  for (guint i = 0; i < queues->waits->len; i++) {
    QueueWait *wait = g_ptr_array_index(queues->waits, i);
    gboolean is_served = wait->holder && wait->holder->lane >= 0;
    if (is_open(wait, line) && wait->left_at != IV_TIME_NONE && !is_served &&
        person->inside_since <= wait->left_at &&
        ABS(wait->still_at - person->since) <= QUEUE_SWAP_SPAN &&
        iv_queue_metres(wait->stood, person->since_at, person->metre) <= QUEUE_SWAP)
      return wait;
  }
  return NULL;
}

/* ---- joining ---- */

/* Behind somebody of the line, or who is about to join it. */
static gboolean is_behind(const IvQueues *queues, const QueuePerson *person, guint line, IvPoint at,
                          float metre) {
  return iv_queue_metres(at, person->at, (metre + person->metre) / 2) <= QUEUE_FOLLOW &&
         iv_queue_progress(queues, line, at) < iv_queue_progress(queues, line, person->at);
}

static gboolean follows_newcomer(const IvQueues *queues, const QueuePerson *person, guint line) {
  for (guint i = 0; i < queues->people->len; i++) {
    const QueuePerson *other = g_ptr_array_index(queues->people, i);
    if (other != person && !other->wait && !other->lost && other->queue == (int)line &&
        other->since != IV_TIME_NONE && is_behind(queues, person, line, other->at, other->metre))
      return TRUE;
  }
  return FALSE;
}

static gboolean follows(const IvQueues *queues, const QueuePerson *person, guint line) {
  for (guint i = 0; i < queues->waits->len; i++) {
    const QueueWait *wait = g_ptr_array_index(queues->waits, i);
    if (is_open(wait, line) && wait->left_at == IV_TIME_NONE && wait->holder != person &&
        is_behind(queues, person, line, wait->at, wait->metre))
      return TRUE;
  }
  return follows_newcomer(queues, person, line);
}

static guint position_of(const IvQueues *queues, const QueuePerson *person, guint line) {
  guint ahead = 0;
  float mine = iv_queue_progress(queues, line, person->at);
  for (guint i = 0; i < queues->waits->len; i++) {
    const QueueWait *wait = g_ptr_array_index(queues->waits, i);
    ahead += is_open(wait, line) && wait->left_at == IV_TIME_NONE &&
             iv_queue_progress(queues, line, wait->at) < mine;
  }
  return ahead + 1;
}

static void begin(const IvQueues *queues, const QueueWait *wait, IvEventKind kind,
                  IvEvent *ret_event) {
  iv_report_begin(&queues->source, queues->scene->version, kind, wait->joined, wait->tracklet,
                  ret_event);
  ret_event->visitor = wait->visitor;
  ret_event->lane_id = queues->lines[wait->queue].id;
}

static void join(IvQueues *queues, QueuePerson *person, guint line, GArray *ret_events) {
  QueueWait *wait = g_new0(QueueWait, 1);
  wait->tracklet = person->tracklet;
  wait->visitor = person->visitor;
  wait->queue = line;
  wait->joined = person->since;
  wait->end = wait->left_at = IV_TIME_NONE;
  wait->last_sight = wait->still_at = person->last_sight;
  wait->at = wait->stood = person->at;
  wait->metre = person->metre;
  guint position = position_of(queues, person, line);
  iv_queue_hold(wait, person);
  g_ptr_array_add(queues->waits, wait);
  IvEvent event;
  begin(queues, wait, IV_EVENT_QUEUE_JOINED, &event);
  iv_event_set_number(&event, IV_ATTR_POSITION, position);
  iv_report_finish(&event, ret_events);
}

static gboolean is_slow(const QueuePerson *person) {
  float speed;
  return iv_queue_speed(person, &speed) && speed < QUEUE_SLOW_SPEED;
}

static void forget(QueuePerson *person) {
  person->since = person->broken_at = person->walked = IV_TIME_NONE;
  person->slow = 0;
  person->stood = FALSE;
}

/* Who turns round on the way is slow as well, as speed goes by how far somebody gets. It is known
 * for standing when it is still, or slow for long; what it walked until then was the way there. */
static void note_place(QueuePerson *person) {
  if (iv_queue_is_still(person)) {
    IvTime arrived = MAX(iv_queue_arrived(person), person->area_since);
    if (person->walked != IV_TIME_NONE && person->since < MIN(person->walked, arrived)) {
      person->since = MIN(person->walked, arrived);
      person->since_at = person->at;
    }
    person->stood = TRUE;
  } else if (iv_queue_is_walking(person)) {
    person->walked = person->last_sight;
  }
  person->stood |= person->slow >= QUEUE_SLOW_LEAST;
}

/* Whether it is queuing now; notes since when. Who walks up to a line does not queue yet; who has
 * stood in it goes on with it. */
static gboolean is_queuing(const IvQueues *queues, QueuePerson *person, guint line, IvTime span) {
  if (is_slow(person)) {
    person->slow += span;
    if (person->since == IV_TIME_NONE) {
      person->since = MAX(iv_queue_arrived(person), person->area_since);
      person->since_at = person->at;
    }
    if (!person->stood)
      note_place(person);
    return TRUE;
  }
  if (person->since != IV_TIME_NONE && !person->stood)
    forget(person); /* it only turned */
  return person->since != IV_TIME_NONE && follows(queues, person, line);
}

/* Long enough. Who has not been slow for up to 2 s is moving up or walking off, which nobody can
 * tell from its place: as long as it is in the area it is still queuing. */
static gboolean has_joined(const QueuePerson *person) {
  return person->since != IV_TIME_NONE && person->slow >= QUEUE_SLOW_LEAST &&
         person->last_sight - person->since >= QUEUE_JOIN_AFTER;
}

static void approach(IvQueues *queues, QueuePerson *person, guint line, IvTime span,
                     GArray *ret_events) {
  IvTime now = person->last_sight;
  if (person->queue != (int)line) {
    forget(person);
    person->queue = (int)line;
    person->inside_since = person->area_since = now;
  }
  if (person->broken_at != IV_TIME_NONE && now - person->broken_at > QUEUE_BREAK) {
    forget(person);
    person->inside_since = now;
  }
  if (is_queuing(queues, person, line, span))
    person->broken_at = IV_TIME_NONE;
  else if (person->broken_at == IV_TIME_NONE)
    person->broken_at = now;
  else if (now - person->broken_at > QUEUE_BREAK)
    forget(person);
  if (!has_joined(person))
    return;
  QueueWait *swapped = find_swap(queues, person, line);
  if (swapped)
    iv_queue_hold(swapped, person);
  else
    join(queues, person, line, ret_events);
}

/* ---- in line ---- */

/* Out of every queue area; it may be on its way to be served. */
static void go_away(QueuePerson *person) {
  if (person->broken_at == IV_TIME_NONE)
    person->broken_at = person->last_sight;
  if (person->last_sight - person->broken_at < QUEUE_AWAY)
    return;
  person->queue = -1;
  forget(person);
}

/* Who is slow for long has not left either, however restless. */
static void note_standing(QueueWait *wait, const QueuePerson *person) {
  if (!is_slow(person))
    return;
  wait->stood = person->at;
  if (iv_queue_is_still(person) || person->last_sight - wait->still_at > QUEUE_BREAK)
    wait->still_at = person->last_sight;
}

void iv_queue_stand(IvQueues *queues, QueuePerson *person, int line, IvTime span,
                    GArray *ret_events) {
  QueueWait *wait = person->wait;
  if (wait && line == (int)wait->queue) {
    wait->left_at = IV_TIME_NONE;
    wait->last_sight = person->last_sight;
    wait->at = person->at;
    wait->metre = person->metre;
    note_standing(wait, person);
    return;
  }
  if (wait) {
    wait->last_sight = person->last_sight;
    if (wait->left_at == IV_TIME_NONE)
      wait->left_at = person->last_sight;
  }
  if (line < 0) {
    go_away(person);
    return;
  }
  /* Who joins another line has left this one. */
  QueueWait *before = wait;
  person->wait = NULL;
  approach(queues, person, (guint)line, span, ret_events);
  if (person->wait && before) {
    before->holder = NULL;
    iv_queue_wait_left(queues, before, before->left_at, ret_events);
  } else if (before) {
    person->wait = before;
  }
}

/* ---- ends ---- */

static void close_wait(QueueWait *wait, IvTime end) {
  wait->end = MAX(end, wait->joined);
  if (wait->holder) {
    wait->holder->wait = NULL;
    wait->holder->queue = -1;
    forget(wait->holder);
  }
  wait->holder = NULL;
}

static void report_end(const IvQueues *queues, const QueueWait *wait, IvEventKind kind,
                       const char *reason, GArray *ret_events) {
  IvEvent event;
  begin(queues, wait, kind, &event);
  event.end_ts = wait->end;
  iv_event_set_number(&event, IV_ATTR_WAIT_S, seconds(wait->end - wait->joined));
  if (reason)
    iv_event_set_text(&event, IV_ATTR_REASON, reason);
  iv_report_finish(&event, ret_events);
}

void iv_queue_wait_served(IvQueues *queues, QueueWait *wait, guint lane, IvTime end,
                          GArray *ret_events) {
  close_wait(wait, end);
  IvEvent event;
  begin(queues, wait, IV_EVENT_QUEUE_WAIT, &event);
  event.end_ts = wait->end;
  iv_event_set_number(&event, IV_ATTR_WAIT_S, seconds(wait->end - wait->joined));
  if (queues->lines[wait->queue].is_group)
    iv_event_set_text(&event, IV_ATTR_LANE, queues->scene->lanes[lane].id.text);
  iv_report_finish(&event, ret_events);
}

void iv_queue_wait_left(IvQueues *queues, QueueWait *wait, IvTime end, GArray *ret_events) {
  close_wait(wait, MIN(end, wait->still_at));
  if (wait->end - wait->joined >= QUEUE_ABANDON_AFTER)
    report_end(queues, wait, IV_EVENT_QUEUE_ABANDONED, NULL, ret_events);
  else
    report_end(queues, wait, IV_EVENT_QUEUE_LEFT, "left again at once", ret_events);
}

void iv_queue_wait_unknown(IvQueues *queues, QueueWait *wait, const char *reason,
                           GArray *ret_events) {
  close_wait(wait, wait->left_at == IV_TIME_NONE ? wait->last_sight : wait->left_at);
  report_end(queues, wait, IV_EVENT_QUEUE_LEFT, reason, ret_events);
}

static gboolean is_at_edge(IvPoint share) {
  return share.x < EDGE || share.x > 1 - EDGE || share.y < EDGE || share.y > 1 - EDGE;
}

void iv_queue_person_gone(IvQueues *queues, QueuePerson *person, GArray *ret_events) {
  QueueWait *wait = person->wait;
  if (!wait)
    return;
  if (is_at_edge(person->share)) {
    iv_queue_wait_left(
        queues, wait, wait->left_at == IV_TIME_NONE ? wait->last_sight : wait->left_at, ret_events);
    return;
  }
  wait->holder = NULL;
  person->wait = NULL;
}

void iv_queue_expire_waits(IvQueues *queues, IvTime now, GArray *ret_events) {
  for (guint i = 0; i < queues->waits->len; i++) {
    QueueWait *wait = g_ptr_array_index(queues->waits, i);
    if (wait->end != IV_TIME_NONE)
      continue;
    gboolean at_service = wait->holder && wait->holder->lane >= 0;
    if (wait->left_at != IV_TIME_NONE && now - wait->left_at >= QUEUE_AWAY && !at_service)
      iv_queue_wait_left(queues, wait, wait->left_at, ret_events);
    else if (!wait->holder && now - wait->last_sight >= QUEUE_LOST)
      iv_queue_wait_unknown(queues, wait, "lost from sight", ret_events);
  }
}
