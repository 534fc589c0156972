/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "base/timestamp.h"
#include "model/visitor.h"

/* Events: the one envelope and the one table of kinds (design.md). Kinds are never renamed. */

#define IV_EVENT_SCHEMA 1
#define IV_EVENT_ATTRS_MAX 10

typedef enum {
  IV_EVENT_LINE_CROSSED,
  IV_EVENT_LINE_PASSED_BY,
  IV_EVENT_GROUP_ENTERED,
  IV_EVENT_ZONE_VISIT_STARTED,
  IV_EVENT_ZONE_VISIT,
  IV_EVENT_ZONE_OVER_CAPACITY_STARTED,
  IV_EVENT_ZONE_OVER_CAPACITY,
  IV_EVENT_CAMERA_SAMPLE,
  IV_EVENT_CAMERA_STATE,
  IV_EVENT_CAMERA_VIEW,
  IV_EVENT_QUEUE_JOINED,
  IV_EVENT_QUEUE_WAIT,
  IV_EVENT_QUEUE_ABANDONED,
  IV_EVENT_QUEUE_LEFT,
  IV_EVENT_QUEUE_SERVICE,
  IV_EVENT_QUEUE_LONG_STARTED,
  IV_EVENT_QUEUE_LONG,
  IV_EVENT_QUEUE_LONG_FORETOLD,
  IV_EVENT_QUEUE_SAMPLE,
  IV_EVENT_LANE_STATE,
  IV_EVENT_HEAT_SAMPLE,
  IV_EVENT_VISIT_STARTED,
  IV_EVENT_VISIT_REENTERED,
  IV_EVENT_VISIT_TURNED_BACK,
  IV_EVENT_VISIT_CLOSED,
  IV_EVENT_RECORDING_SHORTENED,
  IV_EVENT_ARCHIVE_BEHIND,
  IV_EVENT_KINDS,
  IV_EVENT_UNKNOWN = IV_EVENT_KINDS, /* from a newer edge: stored by name and counted */
} IvEventKind;

/* Every attribute that any kind has; the table in event.c says which belong to which kind. */
typedef enum {
  IV_ATTR_DIRECTION,      /* text: "in" or "out" */
  IV_ATTR_TURN_BACK,      /* flag: an out crossing within 2 s after the same track's in crossing */
  IV_ATTR_IN_TS,          /* time: of that in crossing, whose bucket loses one footfall */
  IV_ATTR_ALIVE_S,        /* number: seconds of the sample in which pictures came */
  IV_ATTR_SPAN_S,         /* number: seconds the sample covers */
  IV_ATTR_FRAMES_DUE,     /* number: frames the configured rate asked for */
  IV_ATTR_FRAMES_SKIPPED, /* number: of those, not analysed because the machine was busy */
  IV_ATTR_FRAMES_GATED,   /* number: of those, not analysed because the picture was still */
  IV_ATTR_PEOPLE_SUM,     /* number: sum over analysed frames of people in view */
  IV_ATTR_PEOPLE_N,       /* number: analysed frames */
  IV_ATTR_PEOPLE_MAX,     /* number */
  IV_ATTR_STATE,     /* text: camera.state: "online", "offline", "degraded"; lane.state: "open",
                        "closed" */
  IV_ATTR_REASON,    /* text: short, for people; never holds a secret */
  IV_ATTR_DWELL_S,   /* number: seconds inside */
  IV_ATTR_WAIT_S,    /* number: seconds waited; of a long queue the longest told so far */
  IV_ATTR_SERVICE_S, /* number: seconds at the service area */
  IV_ATTR_POSITION,  /* number: place in line on joining, 1 = first */
  IV_ATTR_LANE,      /* text: id of the lane that served, where the line is a group's */
  IV_ATTR_N,         /* number: seconds of the sample that were looked at */
  IV_ATTR_SUM,       /* number: people queuing, summed over those seconds */
  IV_ATTR_MAX,       /* number: most people queuing in one of them */
  IV_ATTR_OPEN_S,    /* number: of those seconds, the lane was open */
  IV_ATTR_CHANCE,    /* number: 0..1, how likely what is foretold is */
  IV_ATTR_GRID,      /* text: "32x18", of the floor "84x66@500"; model/heat.h */
  IV_ATTR_PART,      /* number: of several samples of the same time, from 1 */
  IV_ATTR_CELLS_1,   /* text: where people were; model/heat.h */
  IV_ATTR_CELLS_2,
  IV_ATTR_CELLS_3,
  IV_ATTR_CELLS_4,
  IV_ATTR_CELLS_5,
  IV_ATTR_CELLS_6,
  IV_ATTR_CELLS_7,
  IV_ATTR_CELLS_8,
  IV_ATTR_DURATION_S,   /* number: seconds in the store, absences not counted */
  IV_ATTR_AWAY_S,       /* number: seconds outside before coming in again */
  IV_ATTR_ENTRIES,      /* number: ways in of the visit, from 1 */
  IV_ATTR_ENGAGED,      /* flag: the visitor stayed for something */
  IV_ATTR_CUT,          /* flag: it went on, and nobody knows for how long */
  IV_ATTR_SIZE,         /* number: people of the group, from 2 */
  IV_ATTR_TRACKLETS,    /* text: their tracklets, first to cross first, with blanks between */
  IV_ATTR_CROSSINGS_MS, /* text: when each of them crossed, ms after the first, in that order */
  IV_ATTR_PEOPLE,       /* number: most people inside so far */
  IV_ATTR_CAPACITY,     /* number: people the zone is for */
  IV_ATTR_KEPT_S,       /* number: how far back something reaches */
  IV_ATTR_WANTED_S,     /* number: how far back it should */
  IV_ATTR_BEHIND_S,     /* number: how long the oldest that waits has waited */
  IV_ATTR_KINDS,
} IvAttrKey;

typedef enum { IV_ATTR_NUMBER, IV_ATTR_FLAG, IV_ATTR_TIME, IV_ATTR_TEXT } IvAttrType;

#define IV_ATTR_TEXT_MAX 95
typedef struct {
  IvAttrKey key;
  union {
    double number;
    gboolean flag;
    IvTime time;
    char text[IV_ATTR_TEXT_MAX + 1];
  };
} IvAttr;

/* One row of the ledger. Plain value: copy by assignment. Absent ids are "" or 0. */
typedef struct {
  IvUuid id;
  IvSlug store_id, edge_id, camera_id;
  IvEventKind kind;
  char kind_name[IV_SLUG_MAX + 1]; /* set for unknown kinds too */
  IvTime ts;                       /* point facts: when; interval facts: the start */
  IvTime end_ts;                   /* interval facts: the end; IV_TIME_NONE for points */
  guint64 tracklet_id;             /* 0 = none */
  guint64 visitor;                 /* model/visitor.h; 0 = not known. Not in the id */
  IvSlug zone_id, line_id;
  IvSlug lane_id; /* a lane, or for its line the group that shares it */
  float score;    /* 0..1; < 0 = none */
  int scene_version;
  char model_version[IV_SLUG_MAX + 1];
  guint n_attrs;
  IvAttr attrs[IV_EVENT_ATTRS_MAX];
} IvEvent;

typedef struct {
  const char *name; /* "line.crossed" */
  gboolean interval;
  gboolean sample; /* many per hour, not shown in the event feed */
  const char *doc; /* one line for the reference page */
  const IvAttrKey *attrs;
  guint n_attrs;
} IvEventKindInfo;

typedef struct {
  const char *name; /* "direction" */
  IvAttrType type;
  const char *unit; /* "" = none */
  const char *doc;
} IvAttrInfo;

const IvEventKindInfo *iv_event_kind_info(IvEventKind kind); /* kind < IV_EVENT_KINDS */
const IvAttrInfo *iv_attr_info(IvAttrKey key);
IvEventKind iv_event_kind_from_name(const char *name); /* IV_EVENT_UNKNOWN if not in the table */

/* A cleared event of this kind at `ts`. */
void iv_event_init(IvEvent *event, IvEventKind kind, IvTime ts);

/* Setters add or replace; the type must be the key's (g_assert). Text longer than the limit is cut
 * at a UTF-8 boundary. */
void iv_event_set_number(IvEvent *event, IvAttrKey key, double value);
void iv_event_set_flag(IvEvent *event, IvAttrKey key, gboolean value);
void iv_event_set_time(IvEvent *event, IvAttrKey key, IvTime value);
void iv_event_set_text(IvEvent *event, IvAttrKey key, const char *value);

/* NULL when the event has no such attribute. */
const IvAttr *iv_event_attr(const IvEvent *event, IvAttrKey key);

/* Id = UUIDv7 from `ts` and SHA-256(edge, camera, stage, kind, tracklet, subject, ts). Call it
 * last. `stage` is "camera" or "store"; the subject is the line, zone, lane or state the event is
 * about, and the part. */
void iv_event_set_id(IvEvent *event, const char *stage);
