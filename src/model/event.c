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
    [IV_ATTR_STATE] =
        {"state", IV_ATTR_TEXT, "",
         "of a camera: connecting, online, degraded, unanalysed or offline; of its view: good, "
         "frozen, black, covered, defocused or moved; of a lane: open or closed"},
    [IV_ATTR_REASON] = {"reason", IV_ATTR_TEXT, "", "why, in words"},
    [IV_ATTR_DWELL_S] = {"dwell_s", IV_ATTR_NUMBER, "s", "time inside"},
    [IV_ATTR_WAIT_S] = {"wait_s", IV_ATTR_NUMBER, "s",
                        "time waited; of a long queue, the longest present or estimated wait"},
    [IV_ATTR_SERVICE_S] = {"service_s", IV_ATTR_NUMBER, "s", "time at the service area"},
    [IV_ATTR_POSITION] = {"position", IV_ATTR_NUMBER, "", "place in line on joining, 1 is first"},
    [IV_ATTR_LANE] = {"lane", IV_ATTR_TEXT, "",
                      "the lane that served, where several share the line"},
    [IV_ATTR_N] = {"n", IV_ATTR_NUMBER, "s", "seconds that were looked at"},
    [IV_ATTR_SUM] = {"sum", IV_ATTR_NUMBER, "people", "people queuing, summed over those seconds"},
    [IV_ATTR_MAX] = {"max", IV_ATTR_NUMBER, "people", "most people queuing in one of them"},
    [IV_ATTR_OPEN_S] = {"open_s", IV_ATTR_NUMBER, "s", "of those seconds, the lane was open"},
    [IV_ATTR_CHANCE] = {"chance", IV_ATTR_NUMBER, "ratio",
                        "how likely what is foretold is, 0 to 1"},
    [IV_ATTR_GRID] = {"grid", IV_ATTR_TEXT, "",
                      "columns and rows of the picture, as 32x18; of the floor plan with the side "
                      "of a cell in mm, as 84x66@500"},
    [IV_ATTR_PART] = {"part", IV_ATTR_NUMBER, "", "of several samples of the same time, 1 first"},
    [IV_ATTR_CELLS_1] = {"cells_1", IV_ATTR_TEXT, "",
                         "person-seconds by cell: pairs of numbers, how many cells lie between "
                         "this one and the one before (of the first: its index, row by row from "
                         "the top left), and its tenths of person-seconds less 1; a number is "
                         "digits of 5 bits, lowest first, each a character of A-Z a-z 0-9 - _ "
                         "whose bit 5 says that another follows"},
    [IV_ATTR_CELLS_2] = {"cells_2", IV_ATTR_TEXT, "", "goes on from `cells_1`"},
    [IV_ATTR_CELLS_3] = {"cells_3", IV_ATTR_TEXT, "", "goes on"},
    [IV_ATTR_CELLS_4] = {"cells_4", IV_ATTR_TEXT, "", "goes on"},
    [IV_ATTR_CELLS_5] = {"cells_5", IV_ATTR_TEXT, "", "goes on"},
    [IV_ATTR_CELLS_6] = {"cells_6", IV_ATTR_TEXT, "", "goes on"},
    [IV_ATTR_CELLS_7] = {"cells_7", IV_ATTR_TEXT, "", "goes on"},
    [IV_ATTR_CELLS_8] = {"cells_8", IV_ATTR_TEXT, "", "goes on"},
    [IV_ATTR_DURATION_S] = {"duration_s", IV_ATTR_NUMBER, "s",
                            "time in the store, absences not counted"},
    [IV_ATTR_AWAY_S] = {"away_s", IV_ATTR_NUMBER, "s", "time outside before coming in again"},
    [IV_ATTR_ENTRIES] = {"entries", IV_ATTR_NUMBER, "", "ways in, the first one included"},
    [IV_ATTR_ENGAGED] = {"engaged", IV_ATTR_FLAG, "",
                         "stayed in a zone of products, promotions, fitting, services or "
                         "checkouts for engaged_dwell or longer"},
    [IV_ATTR_CUT] = {"cut", IV_ATTR_FLAG, "",
                     "the program stopped while the visitor was inside: no duration is counted"},
    [IV_ATTR_SIZE] = {"size", IV_ATTR_NUMBER, "people", "people of the group, 2 or more"},
    [IV_ATTR_TRACKLETS] = {"tracklets", IV_ATTR_TEXT, "",
                           "tracklet_id of each of them with blanks between, first to cross first; "
                           "of a very large group not all"},
    [IV_ATTR_CROSSINGS_MS] = {"crossings_ms", IV_ATTR_TEXT, "",
                              "when each of them crossed, in milliseconds after the first, in the "
                              "same order and with blanks between"},
    [IV_ATTR_PEOPLE] = {"people", IV_ATTR_NUMBER, "people", "most people inside, staff included"},
    [IV_ATTR_CAPACITY] = {"capacity", IV_ATTR_NUMBER, "people", "people the zone is for"},
    [IV_ATTR_KEPT_S] = {"kept_s", IV_ATTR_NUMBER, "s", "how far back recordings reach now"},
    [IV_ATTR_WANTED_S] = {"wanted_s", IV_ATTR_NUMBER, "s", "how far back they should reach"},
    [IV_ATTR_BEHIND_S] = {"behind_s", IV_ATTR_NUMBER, "s",
                          "how long the oldest that waits has waited"},
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
    [IV_EVENT_GROUP_ENTERED] =
        {"group.entered", TRUE, FALSE,
         "People came in together over an entrance line, from the first "
         "crossing to the last. Told 7.5 s later; who came alone makes none.",
         (const IvAttrKey[]){IV_ATTR_SIZE, IV_ATTR_TRACKLETS, IV_ATTR_CROSSINGS_MS}, 3},
    [IV_EVENT_ZONE_VISIT_STARTED] = {"zone.visit.started", FALSE, FALSE,
                                     "A confirmed track entered a zone; no rollup counts it.", NULL,
                                     0},
    [IV_EVENT_ZONE_VISIT] = {"zone.visit", TRUE, FALSE,
                             "A confirmed track was in a zone, from its entry to its exit.",
                             (const IvAttrKey[]){IV_ATTR_DWELL_S}, 1},
    [IV_EVENT_ZONE_OVER_CAPACITY_STARTED] =
        {"zone.over_capacity.started", FALSE, FALSE,
         "More people than the zone's capacity were inside, for 10 s from then on; no rollup "
         "counts it.",
         (const IvAttrKey[]){IV_ATTR_PEOPLE, IV_ATTR_CAPACITY}, 2},
    [IV_EVENT_ZONE_OVER_CAPACITY] =
        {"zone.over_capacity", TRUE, FALSE,
         "More people than the zone's capacity were inside, until they were 90 % of it or fewer.",
         (const IvAttrKey[]){IV_ATTR_PEOPLE, IV_ATTR_CAPACITY, IV_ATTR_REASON}, 3},
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
    [IV_EVENT_CAMERA_VIEW] = {"camera.view", FALSE, FALSE,
                              "What a camera shows became good for nothing, or good again.",
                              (const IvAttrKey[]){IV_ATTR_STATE, IV_ATTR_REASON}, 2},
    [IV_EVENT_QUEUE_JOINED] = {"queue.joined", FALSE, FALSE,
                               "Somebody began to queue (and has queued for 5 s since).",
                               (const IvAttrKey[]){IV_ATTR_POSITION}, 1},
    [IV_EVENT_QUEUE_WAIT] = {"queue.wait", TRUE, FALSE,
                             "Somebody waited, from joining to the start of the service.",
                             (const IvAttrKey[]){IV_ATTR_WAIT_S, IV_ATTR_LANE}, 2},
    [IV_EVENT_QUEUE_ABANDONED] = {"queue.abandoned", TRUE, FALSE,
                                  "Somebody left the queue unserved, 10 s or longer after joining.",
                                  (const IvAttrKey[]){IV_ATTR_WAIT_S}, 1},
    [IV_EVENT_QUEUE_LEFT] = {"queue.left", TRUE, FALSE,
                             "Somebody who joined is gone, and it is neither a wait nor an "
                             "abandonment: left again within 10 s, or nobody saw how it ended.",
                             (const IvAttrKey[]){IV_ATTR_WAIT_S, IV_ATTR_REASON}, 2},
    [IV_EVENT_QUEUE_SERVICE] = {"queue.service", TRUE, FALSE,
                                "A customer was served at a lane, with or without a wait before.",
                                (const IvAttrKey[]){IV_ATTR_SERVICE_S}, 1},
    [IV_EVENT_QUEUE_LONG_STARTED] = {"queue.long.started", FALSE, FALSE,
                                     "Waits went over the limit (8 min unless set), and stayed "
                                     "there for 30 s; no rollup counts it.",
                                     (const IvAttrKey[]){IV_ATTR_WAIT_S, IV_ATTR_REASON}, 2},
    [IV_EVENT_QUEUE_LONG] = {"queue.long", TRUE, FALSE,
                             "Waits were too long, until they came under 75 % of the limit.",
                             (const IvAttrKey[]){IV_ATTR_WAIT_S}, 1},
    [IV_EVENT_QUEUE_SAMPLE] = {"queue.sample", TRUE, TRUE,
                               "How long a line was, and how long a lane was open, in a minute.",
                               (const IvAttrKey[]){IV_ATTR_N, IV_ATTR_SUM, IV_ATTR_MAX,
                                                   IV_ATTR_OPEN_S},
                               4},
    [IV_EVENT_QUEUE_LONG_FORETOLD] =
        {"queue.long.foretold", FALSE, FALSE,
         "Waits are foretold to go over the limit within 15 min, at this queue or one that people "
         "choose as well; docs/kpis.md says how such calls come out. No rollup counts it.",
         (const IvAttrKey[]){IV_ATTR_CHANCE, IV_ATTR_WAIT_S}, 2},
    [IV_EVENT_LANE_STATE] = {"lane.state", FALSE, FALSE, "A lane opened or closed.",
                             (const IvAttrKey[]){IV_ATTR_STATE, IV_ATTR_REASON}, 2},
    [IV_EVENT_HEAT_SAMPLE] = {"heat.sample", TRUE, TRUE,
                              "Where people were in five minutes: on a camera's picture, or on the "
                              "floor plan.",
                              (const IvAttrKey[]){IV_ATTR_GRID, IV_ATTR_PART, IV_ATTR_CELLS_1,
                                                  IV_ATTR_CELLS_2, IV_ATTR_CELLS_3, IV_ATTR_CELLS_4,
                                                  IV_ATTR_CELLS_5, IV_ATTR_CELLS_6, IV_ATTR_CELLS_7,
                                                  IV_ATTR_CELLS_8},
                              10},
    [IV_EVENT_VISIT_STARTED] = {"visit.started", FALSE, FALSE,
                                "A known visitor came in over an entrance line.", NULL, 0},
    [IV_EVENT_VISIT_REENTERED] = {"visit.reentered", FALSE, FALSE,
                                  "A visitor came in again and goes on with the visit: footfall "
                                  "does not count this way in.",
                                  (const IvAttrKey[]){IV_ATTR_AWAY_S}, 1},
    [IV_EVENT_VISIT_TURNED_BACK] = {"visit.turned_back", FALSE, FALSE,
                                    "A visitor who came in was out again at once, which no camera "
                                    "told by itself: footfall does not count this way in.",
                                    NULL, 0},
    [IV_EVENT_VISIT_CLOSED] =
        {"visit.closed", TRUE, FALSE, "A visit is over: from the first way in to the last way out.",
         (const IvAttrKey[]){IV_ATTR_DURATION_S, IV_ATTR_ENTRIES, IV_ATTR_ENGAGED, IV_ATTR_CUT}, 4},
    [IV_EVENT_RECORDING_SHORTENED] =
        {"recording.shortened", FALSE, FALSE,
         "Recordings were deleted earlier than recording.keep says because the disk has too little "
         "room; told once a day while that goes on. It is of no camera.",
         (const IvAttrKey[]){IV_ATTR_REASON, IV_ATTR_KEPT_S, IV_ATTR_WANTED_S}, 3},
    [IV_EVENT_ARCHIVE_BEHIND] =
        {"archive.behind", FALSE, FALSE,
         "Files wait for the archive for more than a day, or nothing can be stored there for more "
         "than an hour; told once a day while that goes on. It is of no camera.",
         (const IvAttrKey[]){IV_ATTR_REASON, IV_ATTR_BEHIND_S}, 2},
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
  if (!iv_slug_is_none(&event->lane_id))
    return event->lane_id.text;
  return state ? state->text : "";
}

void iv_event_set_id(IvEvent *event, const char *stage) {
  char seed[6 * (IV_ATTR_TEXT_MAX + 1) + 64], part[16] = "";
  const IvAttr *attr = iv_event_attr(event, IV_ATTR_PART);
  if (attr)
    g_snprintf(part, sizeof part, "\npart %.0f", CLAMP(attr->number, 0, 99999));
  int n = g_snprintf(seed, sizeof seed,
                     "%s\n%s\n%s\n%s\n%" G_GUINT64_FORMAT "\n%s\n%" G_GINT64_FORMAT "%s",
                     event->edge_id.text, event->camera_id.text, stage, event->kind_name,
                     event->tracklet_id, subject(event), event->ts, part);
  event->id = iv_uuid_v7_from(event->ts, seed, (gsize)MIN(n, (int)sizeof seed - 1));
}
