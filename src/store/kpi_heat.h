/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/calendar.h"
#include "model/heat.h"
#include "model/scene.h"
#include "store/store.h"

/* Heat maps by time: person-seconds per cell of a camera's picture or of the floor plan. */

typedef enum {
  IV_HEAT_TOTAL, /* the whole range only */
  IV_HEAT_DAYS,
  IV_HEAT_HOURS,
  IV_HEAT_HOURS_OF_DAY, /* 24: all of the range's hours at which the store's clock shows the same */
  IV_HEAT_5MIN,         /* kept for as long as samples are; the others as long as figures */
  IV_HEAT_STEPS,
} IvHeatStep;
const char *iv_heat_step_name(IvHeatStep step); /* "total", "day", "hour", "hour_of_day", "5min" */
int iv_heat_step_from_name(const char *name);   /* -1 if it is none */

#define IV_HEAT_PERIODS_MAX 840      /* in one answer: 35 days of hours */
#define IV_HEAT_SUMS_MAX (1 << 22)   /* periods times cells: 32 MiB while it is made */
#define IV_HEAT_FILLED_MAX (1 << 19) /* cells over 0 in all periods: 6 MB of JSON */

typedef struct {
  const char *store_id;
  const char *camera_id; /* IV_FLOOR_PLAN_ID: the floor plan */
  IvTime from, to; /* both IV_TIME_NONE = the store's today; rounded outward to whole steps, of the
                      total and of hours of the day to hours */
  IvHeatStep step;
  IvTime now;
  IvTime deadline; /* monotonic; IV_TIME_NONE = none */
} IvHeatQuery;

typedef struct {
  IvPeriod period; /* of hours of the day the whole range */
  int hour;        /* of the day; -1 = it is no such period */
  gboolean known;  /* FALSE: n/a. No camera was alive, or five minutes are not kept any more */
  gint64 tenths;   /* of person-seconds, all cells together */
  gint64 *cells;   /* of the answer's grid: tenths; owned by the answer */
  double coverage; /* as in IvTraffic */
  gboolean provisional;
} IvHeatPeriod;

typedef struct {
  IvPeriod range; /* as served */
  char time_zone[64];
  IvHeatGrid grid;     /* the newest of the range; columns 0 = a plan nobody has measured on yet */
  gint64 other_tenths; /* measured on other grids: in none of the periods */
  IvHeatPeriod total;
  GArray *periods; /* of IvHeatPeriod, in order of time; empty for the total */
  gint64 *sums;    /* private */
} IvHeatAnswer;

/* IV_STORE_ERROR_NOT_FOUND (store, camera), _INVALID or _LIMIT. */
gboolean iv_kpis_heat(IvStore *store, const IvHeatQuery *query, IvHeatAnswer *ret_answer,
                      GError **error);
void iv_heat_answer_clear(IvHeatAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvHeatAnswer, iv_heat_answer_clear)
