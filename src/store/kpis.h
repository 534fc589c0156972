/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/band.h"
#include "kpi/calendar.h"
#include "kpi/figure.h"
#include "kpi/groups.h"
#include "model/scene.h"
#include "store/store.h"

/* Figures by time, from the 5-minute rows. Values are NAN where they cannot be known: no camera
 * that the figure needs was alive, and nothing was counted. Definitions: kpi/figure.h. */
#define IV_KPI_PERIODS_MAX 2016 /* in one answer: a week of 5 minutes, 84 days of hours */
#define IV_KPI_RANGE_MAX (IvTime)(3660 * IV_DAY)
#define IV_ZONE_CAMERAS_MAX 16 /* named per zone */

typedef struct {
  const char *store_id;
  IvTime from, to; /* both IV_TIME_NONE = the store's today. Rounded outward to whole 5 minutes */
  IvStep step;     /* of the traffic's periods */
  IvTime now;      /* what is provisional, and how long a period has lasted so far */
  IvTime deadline; /* monotonic; IV_TIME_NONE = none */
  gboolean fixed_bands; /* zones: by fixed limits instead of their rank */
  gboolean no_bands;    /* zones: neither bands nor dead zones are told, which costs less */
  gboolean no_spreads;  /* zones, queues: no quantile is told (NAN), which costs less */
} IvKpiQuery;

/* Visits of the store, which need visitors who are known. */
typedef struct {
  double visitors;                             /* distinct people; over days added up */
  double begun;                                /* NAN = n/a, as all others */
  double mean_s, median_s, p90_s, bounce_rate; /* of closed ones; NAN also without one */
  guint open;           /* began in the period, not closed: their duration is missing */
  gboolean provisional; /* some are open, or the period is young */
} IvVisitFigures;

typedef struct {
  IvPeriod period;
  double footfall, in, out, turn_backs; /* NAN = n/a */
  double known_share; /* of `in`: who it was is known; NAN when nobody came in. Below 1 footfall
                         still has the re-entries of the others in it */
  IvVisitFigures visits;
  IvGroupFigures groups;
  double pass_bys, capture_rate; /* NAN also where there is no pass-by line */
  double coverage;               /* 0..1 of the period so far; NAN: no camera has such a line, or it
                                    hasn't begun */
  gboolean provisional;
} IvTraffic;

typedef struct {
  IvSlug line_id, camera_id;
  char name[IV_NAME_MAX + 1];
  IvLineKind kind;
  gint64 in, out, turn_backs, pass_bys;
  double coverage; /* of its camera, on the plan of those that see it */
  gboolean known;  /* FALSE = the counts are n/a */
} IvLineTraffic;

typedef struct {
  IvPeriod range; /* as served */
  char time_zone[64];
  IvTraffic total;
  GArray *periods;    /* of IvTraffic, in order of time */
  GArray *lines;      /* of IvLineTraffic: those drawn now, and those with counts in the range */
  GArray *peak_hours; /* of IvPeriod, by footfall's p90; NULL = can't be known */
} IvTrafficAnswer;

gboolean iv_kpis_traffic(IvStore *store, const IvKpiQuery *query, IvTrafficAnswer *ret_answer,
                         GError **error);
void iv_traffic_answer_clear(IvTrafficAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvTrafficAnswer, iv_traffic_answer_clear)

typedef enum { IV_DEAD_UNKNOWN, IV_DEAD_NO, IV_DEAD_YES } IvDeadZone;

typedef struct {
  IvSlug zone_id;
  char name[IV_NAME_MAX + 1];
  IvZoneKind kind;
  guint n_cameras;
  IvSlug cameras[IV_ZONE_CAMERAS_MAX]; /* that see it now, or have counted it in the range */
  double visitors, engaged_share;      /* NAN = n/a. People; who is not known counts per visit */
  double visits;                       /* of at least min_dwell */
  double known_share;                  /* of `visits`; NAN without any */
  double draw_rate;                    /* NAN where nobody is known */
  IvBand band;                         /* over IV_BAND_DAYS */
  IvDeadZone dead;                     /* over IV_DEAD_ZONE_DAYS whole days */
  double dwell_mean_s, dwell_median_s, dwell_p90_s; /* NAN also without a visit */
  double peak_occupancy;
  guint capacity;         /* as it is drawn now; 0 = none */
  double peak_share;      /* peak_occupancy / capacity; NAN without one */
  double over_capacity_s; /* with more people inside; NAN where no capacity is drawn nor was */
  guint open_visits;      /* began in the range, still going on: their dwell is missing */
  double coverage;
  gboolean provisional;
} IvZoneFigures;

typedef struct {
  IvPeriod range;
  char time_zone[64];
  GArray *zones; /* of IvZoneFigures, by id: those drawn now, and those with visits in the range */
} IvZoneAnswer;

gboolean iv_kpis_zones(IvStore *store, const IvKpiQuery *query, IvZoneAnswer *ret_answer,
                       GError **error);
void iv_zone_answer_clear(IvZoneAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvZoneAnswer, iv_zone_answer_clear)

/* Figures of one line, one lane, or all of a store. NAN = n/a; of a lane that shares its line those
 * of the queue are. */
typedef struct {
  double joined, abandoned, abandonment_rate, service_level;
  double wait_mean_s, wait_median_s, wait_p90_s;
  double length_mean, length_max;
  double served, service_mean_s, service_median_s, service_p90_s;
  double open_hours, served_per_open_hour;
  double lanes_open; /* mean over the time in which the cameras were alive */
  double linked_share;
  guint open_waits; /* began in the period, still going on: how they end is missing */
  double coverage;
  gboolean provisional;
} IvQueueFigures;

typedef struct {
  IvPeriod period;
  IvQueueFigures figures;
} IvQueuePeriod;

/* A lane, or a group of lanes: the line they share, and their services together. */
typedef struct {
  IvSlug lane_id, group_id; /* group_id: whose line the lane serves; none = its own, or a group */
  char name[IV_NAME_MAX + 1];
  gboolean is_group, self_checkout;
  guint n_cameras;
  IvSlug cameras[IV_ZONE_CAMERAS_MAX];
  IvQueueFigures total;
  GArray *periods; /* of IvQueuePeriod, in order of time */
} IvQueueRow;

#define IV_QUEUE_PERIODS_MAX 300 /* in one answer, per row: a day of 5 minutes */

typedef struct {
  IvPeriod range;
  char time_zone[64];
  IvQueueFigures total; /* of all lines and lanes */
  GArray *rows; /* of IvQueueRow, by id: those drawn now, and those with counts in the range */
} IvQueueAnswer;

gboolean iv_kpis_queues(IvStore *store, const IvKpiQuery *query, IvQueueAnswer *ret_answer,
                        GError **error);
void iv_queue_answer_clear(IvQueueAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvQueueAnswer, iv_queue_answer_clear)

/* The live state's share of the database: the store's day until `now`. */
typedef struct {
  IvTime day_start;
  IvTraffic today; /* period = day start to now */
  GArray *lines;   /* of IvLineTraffic */
} IvDayToDate;

gboolean iv_kpis_day_to_date(IvStore *store, const char *store_id, IvTime now, IvTime deadline,
                             IvDayToDate *ret_day, GError **error);
void iv_day_to_date_clear(IvDayToDate *day);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvDayToDate, iv_day_to_date_clear)
