/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "model/scene.h"

/* What an event adds to which 5-minute bucket. Pure: the deltas follow from the event alone (and
 * the kind of its line), so that counting in any order, or again from the ledger, gives the same
 * rows. All amounts are whole numbers for the same reason. */

#define IV_BUCKET_SPAN (5 * IV_MINUTE)       /* buckets begin at whole multiples of it, UTC */
#define IV_PROVISIONAL_SPAN (15 * IV_MINUTE) /* what is younger than this may still change */
#define IV_SAMPLE_SPAN_MAX (15 * IV_MINUTE)  /* longest camera.sample */
#define IV_MEASURES_MAX 16
#define IV_BUCKET_DELTAS_MAX                                                                       \
  290 /* that one event makes: what lasts a day touches one bucket more */
#define IV_GROUP_PEOPLE_MAX 1000 /* larger groups are a fault of who tells of them */

/* One wide table per subject. */
typedef enum {
  IV_SUBJECT_STORE,
  IV_SUBJECT_CAMERA,
  IV_SUBJECT_LINE,
  IV_SUBJECT_ZONE,
  IV_SUBJECT_LANE,
  IV_SUBJECTS,
} IvSubject;

/* Places in IvBucketDelta.amounts, per subject. */
enum {
  IV_STORE_IN,
  IV_STORE_OUT,
  IV_STORE_TURN_BACKS,
  IV_STORE_PASS_BYS,
  IV_STORE_REENTRIES,
  IV_STORE_KNOWN_IN,
  IV_STORE_VISITS,
  IV_STORE_VISITS_CLOSED,
  IV_STORE_VISIT_MS,
  IV_STORE_BOUNCES,
  IV_STORE_GROUPS,
  IV_STORE_GROUPED,
  IV_STORE_GROUPS_2,
  IV_STORE_GROUPS_3,
  IV_STORE_GROUPS_4,
};
enum {
  IV_CAMERA_ALIVE_MS,
  IV_CAMERA_SPAN_MS,
  IV_CAMERA_FRAMES_DUE,
  IV_CAMERA_FRAMES_SKIPPED,
  IV_CAMERA_FRAMES_GATED,
  IV_CAMERA_PEOPLE_SUM,
  IV_CAMERA_PEOPLE_N,
  IV_CAMERA_PEOPLE_MAX,
};
enum { IV_LINE_IN, IV_LINE_OUT, IV_LINE_TURN_BACKS, IV_LINE_PASS_BYS };
enum {
  IV_ZONE_VISITS,
  IV_ZONE_VISITORS,
  IV_ZONE_ENGAGED,
  IV_ZONE_DWELL_MS,
  IV_ZONE_KNOWN,
  IV_ZONE_ENGAGED_KNOWN,
  IV_ZONE_OVER_CAPACITY_MS,
};
enum {
  IV_LANE_JOINED,
  IV_LANE_WAITED,
  IV_LANE_IN_TARGET,
  IV_LANE_WAIT_MS,
  IV_LANE_ABANDONED,
  IV_LANE_SERVED,
  IV_LANE_SERVICE_MS,
  IV_LANE_LENGTH_N,
  IV_LANE_LENGTH_SUM,
  IV_LANE_LENGTH_MAX,
  IV_LANE_OPEN_MS,
};

typedef struct {
  const char *column;
  gboolean is_max; /* the bucket keeps the largest instead of the sum */
  const char *doc;
} IvMeasure;

typedef struct {
  const char *table; /* "kpi_5min_line" */
  guint n_measures;
  IvMeasure measures[IV_MEASURES_MAX];
} IvSubjectInfo;

const IvSubjectInfo *iv_subject_info(IvSubject subject);

typedef struct {
  IvSubject subject;
  IvTime bucket;
  gint64 amounts[IV_MEASURES_MAX];
} IvBucketDelta;

typedef struct {
  IvTime min_dwell;     /* shorter stays are no visit of the zone; default 2 s */
  IvTime engaged_dwell; /* from here on the visitor is engaged; default 15 s */
  IvTime wait_target;   /* waits up to this are within the service level; default 5 min */
  IvTime bounce; /* a visit of the store under this, with nothing that engaged, is a bounce; 60 s */
} IvKpiLimits;

IvKpiLimits iv_kpi_limits_default(void);

/* Writes what `event` adds and returns how many (0 for kinds that no rollup counts). `line_kind` is
 * that of the event's line in the event's scene version, or -1 when it isn't known: then the
 * store's traffic is not touched. Which line, zone, lane and camera a delta is about stands in the
 * event.
 */
guint iv_bucket_deltas(const IvEvent *event, int line_kind, const IvKpiLimits *limits,
                       IvBucketDelta ret_deltas[IV_BUCKET_DELTAS_MAX]);

/* How lengths are distributed: columns beside the measures, each a sketch of milliseconds. */
typedef enum {
  IV_SPREAD_DWELL,   /* of a zone */
  IV_SPREAD_WAIT,    /* of a lane or a group */
  IV_SPREAD_SERVICE, /* of a lane */
  IV_SPREAD_VISIT,   /* of the store: time in it */
  IV_SPREADS,
} IvSpread;

typedef struct {
  IvSubject subject;
  const char *column;
} IvSpreadInfo;
const IvSpreadInfo *iv_spread_info(IvSpread spread);

/* TRUE with the length (ms) that goes into a sketch, in the bucket of its beginning. */
gboolean iv_bucket_length(const IvEvent *event, const IvKpiLimits *limits, IvSpread *ret_spread,
                          gint64 *ret_ms);

/* Who was counted: columns beside the measures, each a set of visitors (kpi/distinct.h). */
typedef enum {
  IV_PEOPLE_STORE,        /* began a visit of the store */
  IV_PEOPLE_ZONE,         /* visited a zone: min_dwell or longer */
  IV_PEOPLE_ZONE_ENGAGED, /* of those: engaged_dwell or longer */
  IV_PEOPLE,
} IvPeople;

typedef struct {
  IvSubject subject;
  const char *column;
} IvPeopleInfo;
const IvPeopleInfo *iv_people_info(IvPeople people);

/* The sets that the event's visitor goes into, in the bucket of its beginning; returns how many. */
#define IV_BUCKET_PEOPLE_MAX 2
guint iv_bucket_people(const IvEvent *event, const IvKpiLimits *limits,
                       IvPeople ret_people[IV_BUCKET_PEOPLE_MAX]);
