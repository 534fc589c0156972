/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "kpi/bucket.h"
#include "model/heat.h"
#include "outbox/receiver.h"

#define TURN_BACK_MAX IV_MINUTE /* the configuration allows no more */

/* What an event of a kind must name. Kinds that are not listed need nothing. */
enum {
  NEEDS_CAMERA = 1,
  NEEDS_LINE = 2,
  NEEDS_ZONE = 4,
  NEEDS_END = 8,
  NEEDS_LANE = 16,
  NEEDS_VISITOR = 32
};
static const guint needs[IV_EVENT_KINDS] = {
    [IV_EVENT_LINE_CROSSED] = NEEDS_CAMERA | NEEDS_LINE,
    [IV_EVENT_LINE_PASSED_BY] = NEEDS_CAMERA | NEEDS_LINE,
    [IV_EVENT_GROUP_ENTERED] = NEEDS_CAMERA | NEEDS_LINE | NEEDS_END,
    [IV_EVENT_ZONE_VISIT_STARTED] = NEEDS_CAMERA | NEEDS_ZONE,
    [IV_EVENT_ZONE_VISIT] = NEEDS_CAMERA | NEEDS_ZONE | NEEDS_END,
    [IV_EVENT_ZONE_OVER_CAPACITY_STARTED] = NEEDS_CAMERA | NEEDS_ZONE,
    [IV_EVENT_ZONE_OVER_CAPACITY] = NEEDS_CAMERA | NEEDS_ZONE | NEEDS_END,
    [IV_EVENT_CAMERA_SAMPLE] = NEEDS_CAMERA | NEEDS_END,
    [IV_EVENT_CAMERA_STATE] = NEEDS_CAMERA,
    [IV_EVENT_CAMERA_VIEW] = NEEDS_CAMERA,
    [IV_EVENT_QUEUE_JOINED] = NEEDS_CAMERA | NEEDS_LANE,
    [IV_EVENT_QUEUE_WAIT] = NEEDS_CAMERA | NEEDS_LANE | NEEDS_END,
    [IV_EVENT_QUEUE_ABANDONED] = NEEDS_CAMERA | NEEDS_LANE | NEEDS_END,
    [IV_EVENT_QUEUE_LEFT] = NEEDS_CAMERA | NEEDS_LANE | NEEDS_END,
    [IV_EVENT_QUEUE_SERVICE] = NEEDS_CAMERA | NEEDS_LANE | NEEDS_END,
    [IV_EVENT_QUEUE_LONG_STARTED] = NEEDS_CAMERA | NEEDS_LANE,
    [IV_EVENT_QUEUE_LONG] = NEEDS_CAMERA | NEEDS_LANE | NEEDS_END,
    [IV_EVENT_QUEUE_SAMPLE] = NEEDS_CAMERA | NEEDS_LANE | NEEDS_END,
    [IV_EVENT_LANE_STATE] = NEEDS_CAMERA | NEEDS_LANE,
    [IV_EVENT_HEAT_SAMPLE] = NEEDS_CAMERA | NEEDS_END,
    [IV_EVENT_VISIT_STARTED] = NEEDS_CAMERA | NEEDS_LINE | NEEDS_VISITOR,
    [IV_EVENT_VISIT_REENTERED] = NEEDS_CAMERA | NEEDS_LINE | NEEDS_VISITOR,
    [IV_EVENT_VISIT_TURNED_BACK] = NEEDS_CAMERA | NEEDS_LINE | NEEDS_VISITOR,
    [IV_EVENT_VISIT_CLOSED] = NEEDS_CAMERA | NEEDS_LINE | NEEDS_VISITOR | NEEDS_END,
};

static const char *check_needs(const IvEvent *event) {
  guint need = event->kind < IV_EVENT_KINDS ? needs[event->kind] : 0;
  if ((need & NEEDS_CAMERA) && iv_slug_is_none(&event->camera_id))
    return "camera_id is missing";
  if ((need & NEEDS_LINE) && iv_slug_is_none(&event->line_id))
    return "line_id is missing";
  if ((need & NEEDS_ZONE) && iv_slug_is_none(&event->zone_id))
    return "zone_id is missing";
  if ((need & NEEDS_LANE) && iv_slug_is_none(&event->lane_id))
    return "lane_id is missing";
  if ((need & NEEDS_VISITOR) && !event->visitor)
    return "visitor_id is missing";
  if ((need & NEEDS_END) && event->end_ts == IV_TIME_NONE)
    return "end_ts is missing";
  return event->kind_name[0] ? NULL : "kind is missing";
}

static const char *check_times(const IvEvent *event, IvTime now) {
  if (event->ts < 0)
    return "ts lies before 1970";
  if (event->ts > now + IV_EVENT_FUTURE_MAX)
    return "ts lies in the future; check the clock of the edge";
  if (event->end_ts == IV_TIME_NONE)
    return NULL;
  if (event->end_ts < event->ts)
    return "end_ts lies before ts";
  if (event->end_ts > now + IV_EVENT_FUTURE_MAX)
    return "end_ts lies in the future; check the clock of the edge";
  gboolean sample = event->kind < IV_EVENT_KINDS && iv_event_kind_info(event->kind)->sample;
  IvTime span = sample ? IV_SAMPLE_SPAN_MAX : IV_EVENT_SPAN_MAX;
  return event->end_ts - event->ts > span ? "it lasts longer than it can" : NULL;
}

static const char *check_numbers(const IvEvent *event) {
  if (event->n_attrs > IV_EVENT_ATTRS_MAX)
    return "too many attributes";
  for (guint i = 0; i < event->n_attrs; i++) {
    const IvAttr *attr = &event->attrs[i];
    if (iv_attr_info(attr->key)->type == IV_ATTR_NUMBER &&
        !(attr->number >= 0 && attr->number <= IV_EVENT_NUMBER_MAX))
      return "a number is out of range";
  }
  if (event->visitor && !iv_visitor_is_valid(event->visitor))
    return "visitor_id is none";
  return event->tracklet_id > G_MAXINT64 || event->scene_version < 0 || !(event->score <= 1)
             ? "a number is out of range"
             : NULL;
}

static const char *check_crossing(const IvEvent *event) {
  const IvAttr *direction = iv_event_attr(event, IV_ATTR_DIRECTION);
  const IvAttr *in_ts = iv_event_attr(event, IV_ATTR_IN_TS);
  if (event->kind != IV_EVENT_LINE_CROSSED)
    return NULL;
  if (!direction || (strcmp(direction->text, "in") != 0 && strcmp(direction->text, "out") != 0))
    return "attrs.direction must be in or out";
  if (in_ts && (in_ts->time > event->ts || in_ts->time < event->ts - TURN_BACK_MAX))
    return "attrs.in_ts must lie at most a minute before ts";
  return NULL;
}

static const char *check_heat(const IvEvent *event) {
  IvHeatGrid grid;
  return event->kind == IV_EVENT_HEAT_SAMPLE ? iv_heat_sample_read(event, &grid, NULL) : NULL;
}

const char *iv_receiver_check(const IvEvent *event, IvTime now) {
  const char *wrong = check_needs(event);
  if (!wrong)
    wrong = check_times(event, now);
  if (!wrong)
    wrong = check_numbers(event);
  if (!wrong)
    wrong = check_crossing(event);
  return wrong ? wrong : check_heat(event);
}
