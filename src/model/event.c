/* SPDX-License-Identifier: Apache-2.0 */
#include "model/event.h"

#include <string.h>

static const IvAttrInfo attr_table[IV_ATTR_KINDS] = {
    [IV_ATTR_DIRECTION] = {"direction", IV_ATTR_TEXT, "", "\"in\" or \"out\""},
    [IV_ATTR_TURN_BACK] = {"turn_back", IV_ATTR_FLAG, "",
                           "out again within 2 s of the same track's way in"},
    [IV_ATTR_IN_TS] = {"in_ts", IV_ATTR_TIME, "", "when that way in was counted"},
    [IV_ATTR_ALIVE_S] = {"alive_s", IV_ATTR_NUMBER, "s", "time in which pictures came"},
    [IV_ATTR_SPAN_S] = {"span_s", IV_ATTR_NUMBER, "s", "time the sample covers"},
    [IV_ATTR_FRAMES_DUE] = {"frames_due", IV_ATTR_NUMBER, "frames", "asked for by the rate"},
    [IV_ATTR_FRAMES_SKIPPED] = {"frames_skipped", IV_ATTR_NUMBER, "frames",
                                "due, not analysed: the machine was busy"},
    [IV_ATTR_FRAMES_GATED] = {"frames_gated", IV_ATTR_NUMBER, "frames",
                              "due, not analysed: the picture was still"},
    [IV_ATTR_PEOPLE_SUM] = {"people_sum", IV_ATTR_NUMBER, "people",
                            "people in view, summed over analysed frames"},
    [IV_ATTR_PEOPLE_N] = {"people_n", IV_ATTR_NUMBER, "frames", "analysed frames"},
    [IV_ATTR_PEOPLE_MAX] = {"people_max", IV_ATTR_NUMBER, "people", "most people in view"},
    [IV_ATTR_STATE] = {"state", IV_ATTR_TEXT, "", "connecting, online, degraded or offline"},
    [IV_ATTR_REASON] = {"reason", IV_ATTR_TEXT, "", "why, in words"},
    [IV_ATTR_DWELL_S] = {"dwell_s", IV_ATTR_NUMBER, "s", "time inside"},
};

static const IvEventKindInfo kind_table[IV_EVENT_KINDS] = {
    [IV_EVENT_LINE_CROSSED] = {"line.crossed", FALSE, FALSE,
                               "A confirmed track went from one side of a line to the other.",
                               (const IvAttrKey[]){IV_ATTR_DIRECTION, IV_ATTR_TURN_BACK,
                                                   IV_ATTR_IN_TS},
                               3},
    [IV_EVENT_LINE_PASSED_BY] = {"line.passed_by", FALSE, FALSE,
                                 "A track that crossed a pass-by line ended without going in.",
                                 NULL, 0},
    [IV_EVENT_ZONE_VISIT_STARTED] = {"zone.visit.started", FALSE, FALSE,
                                     "A confirmed track entered a zone; no rollup counts it.", NULL,
                                     0},
    [IV_EVENT_ZONE_VISIT] = {"zone.visit", TRUE, FALSE,
                             "A confirmed track was in a zone, from its entry to its exit.",
                             (const IvAttrKey[]){IV_ATTR_DWELL_S}, 1},
    [IV_EVENT_CAMERA_SAMPLE] = {"camera.sample", TRUE, TRUE,
                                "What a camera delivered and showed in about a minute.",
                                (const IvAttrKey[]){IV_ATTR_ALIVE_S, IV_ATTR_SPAN_S,
                                                    IV_ATTR_FRAMES_DUE, IV_ATTR_FRAMES_SKIPPED,
                                                    IV_ATTR_FRAMES_GATED, IV_ATTR_PEOPLE_SUM,
                                                    IV_ATTR_PEOPLE_N, IV_ATTR_PEOPLE_MAX},
                                8},
    [IV_EVENT_CAMERA_STATE] = {"camera.state", FALSE, FALSE,
                               "A camera came, went or began to deliver badly.",
                               (const IvAttrKey[]){IV_ATTR_STATE, IV_ATTR_REASON}, 2},
};

const IvEventKindInfo *iv_event_kind_info(IvEventKind kind) {
  return &kind_table[kind];
}

const IvAttrInfo *iv_attr_info(IvAttrKey key) {
  return &attr_table[key];
}

IvEventKind iv_event_kind_from_name(const char *name) {
  for (int i = 0; i < IV_EVENT_KINDS; i++)
    if (strcmp(kind_table[i].name, name) == 0)
      return (IvEventKind)i;
  return IV_EVENT_UNKNOWN;
}

void iv_event_init(IvEvent *event, IvEventKind kind, IvTime ts) {
  memset(event, 0, sizeof *event);
  event->kind = kind;
  event->ts = ts;
  event->end_ts = IV_TIME_NONE;
  event->score = -1;
  if (kind < IV_EVENT_KINDS)
    g_strlcpy(event->kind_name, kind_table[kind].name, sizeof event->kind_name);
}

static IvAttr *attr_slot(IvEvent *event, IvAttrKey key, IvAttrType type) {
  g_assert(attr_table[key].type == type);
  for (guint i = 0; i < event->n_attrs; i++)
    if (event->attrs[i].key == key)
      return &event->attrs[i];
  g_assert(event->n_attrs < IV_EVENT_ATTRS_MAX);
  IvAttr *attr = &event->attrs[event->n_attrs++];
  attr->key = key;
  return attr;
}

void iv_event_set_number(IvEvent *event, IvAttrKey key, double value) {
  attr_slot(event, key, IV_ATTR_NUMBER)->number = value;
}

void iv_event_set_flag(IvEvent *event, IvAttrKey key, gboolean value) {
  attr_slot(event, key, IV_ATTR_FLAG)->flag = value;
}

void iv_event_set_time(IvEvent *event, IvAttrKey key, IvTime value) {
  attr_slot(event, key, IV_ATTR_TIME)->time = value;
}

void iv_event_set_text(IvEvent *event, IvAttrKey key, const char *value) {
  IvAttr *attr = attr_slot(event, key, IV_ATTR_TEXT);
  gsize n = strnlen(value, IV_ATTR_TEXT_MAX);
  while (n > 0 && (value[n] & 0xc0) == 0x80)
    n--;
  memset(attr->text, 0, sizeof attr->text);
  memcpy(attr->text, value, n);
}

const IvAttr *iv_event_attr(const IvEvent *event, IvAttrKey key) {
  for (guint i = 0; i < event->n_attrs; i++)
    if (event->attrs[i].key == key)
      return &event->attrs[i];
  return NULL;
}

static const char *subject(const IvEvent *event) {
  const IvAttr *state = iv_event_attr(event, IV_ATTR_STATE);
  if (!iv_slug_is_none(&event->line_id))
    return event->line_id.text;
  if (!iv_slug_is_none(&event->zone_id))
    return event->zone_id.text;
  return state ? state->text : "";
}

void iv_event_set_id(IvEvent *event, const char *stage) {
  char seed[6 * (IV_ATTR_TEXT_MAX + 1) + 64];
  int n =
      g_snprintf(seed, sizeof seed, "%s\n%s\n%s\n%s\n%" G_GUINT64_FORMAT "\n%s\n%" G_GINT64_FORMAT,
                 event->edge_id.text, event->camera_id.text, stage, event->kind_name,
                 event->tracklet_id, subject(event), event->ts);
  event->id = iv_uuid_v7_from(event->ts, seed, (gsize)MIN(n, (int)sizeof seed - 1));
}
