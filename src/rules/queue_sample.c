/* SPDX-License-Identifier: Apache-2.0 */
/* The length of each line and the open time of each lane, second by second, told by the minute. A
 * join is known 5 s after it happened and an end up to half a minute after, so minutes are told
 * when nothing in them can change any more. */
#include "rules/queue_private.h"

#define SETTLED (QUEUE_LOST + 10 * IV_SECOND)

static guint32 open_lanes(const IvQueues *queues) {
  guint32 open = 0;
  for (guint i = 0; i < queues->scene->n_lanes; i++)
    open |= queues->lanes[i].open ? 1u << i : 0;
  return open;
}

void iv_queue_note_seconds(IvQueues *queues, IvTime until) {
  QueueSecond second = {0, open_lanes(queues)};
  if (queues->now == IV_TIME_NONE || until - queues->now > QUEUE_GAP)
    return;
  second.ts = iv_time_floor(queues->now, IV_SECOND) + IV_SECOND;
  for (; second.ts <= until; second.ts += IV_SECOND)
    g_array_append_val(queues->seconds, second);
}

void iv_queue_correct_open(IvQueues *queues, guint lane, IvTime from, gboolean open) {
  for (guint i = queues->seconds->len; i > 0; i--) {
    QueueSecond *second = &g_array_index(queues->seconds, QueueSecond, i - 1);
    if (second->ts < from)
      return;
    second->open = open ? second->open | 1u << lane : second->open & ~(1u << lane);
  }
}

/* People queuing at that second. */
static guint length_at(const IvQueues *queues, guint line, IvTime ts) {
  guint n = 0;
  for (guint i = 0; i < queues->waits->len; i++) {
    const QueueWait *wait = g_ptr_array_index(queues->waits, i);
    n += wait->queue == line && wait->joined <= ts && (wait->end == IV_TIME_NONE || ts < wait->end);
  }
  return n;
}

/* A sample of the first `n` seconds about a lane or a line. */
static void begin_sample(const IvQueues *queues, guint n, const IvSlug *id, IvEvent *ret_event) {
  iv_report_begin(&queues->source, queues->scene->version, IV_EVENT_QUEUE_SAMPLE,
                  g_array_index(queues->seconds, QueueSecond, 0).ts, 0, ret_event);
  ret_event->end_ts = g_array_index(queues->seconds, QueueSecond, n - 1).ts + IV_SECOND;
  ret_event->lane_id = *id;
}

static void put_length(const IvQueues *queues, guint line, guint n, IvEvent *event) {
  guint sum = 0, most = 0;
  for (guint i = 0; i < n; i++) {
    guint length = length_at(queues, line, g_array_index(queues->seconds, QueueSecond, i).ts);
    sum += length;
    most = MAX(most, length);
  }
  iv_event_set_number(event, IV_ATTR_N, n);
  iv_event_set_number(event, IV_ATTR_SUM, sum);
  iv_event_set_number(event, IV_ATTR_MAX, most);
}

static void put_open(const IvQueues *queues, guint lane, guint n, IvEvent *event) {
  guint open = 0;
  for (guint i = 0; i < n; i++)
    open += (g_array_index(queues->seconds, QueueSecond, i).open >> lane) & 1;
  iv_event_set_number(event, IV_ATTR_OPEN_S, open);
}

/* One for each lane, with the length of its own line, and one for the line of each group. */
static void tell(const IvQueues *queues, guint n, GArray *ret_events) {
  IvEvent event;
  for (guint i = 0; i < queues->scene->n_lanes; i++) {
    guint line = queues->lanes[i].queue;
    begin_sample(queues, n, &queues->scene->lanes[i].id, &event);
    if (!queues->lines[line].is_group)
      put_length(queues, line, n, &event);
    put_open(queues, i, n, &event);
    iv_report_finish(&event, ret_events);
  }
  for (guint line = 0; line < queues->n_lines; line++) {
    if (!queues->lines[line].is_group)
      continue;
    begin_sample(queues, n, &queues->lines[line].id, &event);
    put_length(queues, line, n, &event);
    iv_report_finish(&event, ret_events);
  }
}

/* Waits whose seconds are all told. */
static void drop_waits(IvQueues *queues) {
  if (queues->now == IV_TIME_NONE)
    return;
  IvTime from =
      queues->seconds->len > 0 ? g_array_index(queues->seconds, QueueSecond, 0).ts : queues->now;
  for (guint i = queues->waits->len; i > 0; i--) {
    const QueueWait *wait = g_ptr_array_index(queues->waits, i - 1);
    if (wait->end != IV_TIME_NONE && wait->end < from - SETTLED)
      g_ptr_array_remove_index(queues->waits, i - 1);
  }
}

void iv_queue_tell_samples(IvQueues *queues, gboolean all, GArray *ret_events) {
  while (queues->seconds->len > 0) {
    IvTime end =
        iv_time_floor(g_array_index(queues->seconds, QueueSecond, 0).ts, IV_MINUTE) + IV_MINUTE;
    guint n = 1;
    if (!all && queues->now < end + SETTLED)
      break;
    while (n < queues->seconds->len && g_array_index(queues->seconds, QueueSecond, n).ts < end)
      n++;
    tell(queues, n, ret_events);
    g_array_remove_range(queues->seconds, 0, n);
  }
  drop_waits(queues);
}
