/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/coverage.h"
#include "store/kpis.h"
#include "store/lookup.h"
#include "store/plan_sights.h"

/* What every question for figures needs: the store, its zone, the range, and how its cameras were
 * alive. Inside this room; one read connection, one thread. */

typedef struct {
  gint64 no;
  IvSlug id;
  IvPulse pulse;
  GArray *alive; /* of IvScopeAlive: rows of the range, by bucket; NULL = not watched */
} IvScopeCamera;

typedef struct {
  IvSql *sql;
  IvStoreKey store;
  GTimeZone *zone;
  IvPeriod range; /* whole buckets */
  IvTime now;
  IvStep step; /* of the periods that are told by themselves */
  gboolean no_spreads;
  GArray *cameras; /* of IvScopeCamera: all of the store, by no */
  GArray *recent;  /* private: rows of 5 minutes of all cameras, once one was watched */
  gint64 plan_no;  /* of the floor plan, if it tells no samples of its own; else 0 */
  GArray *sights;  /* private: which cameras see what is drawn on that */
} IvKpiScope;

typedef struct {
  IvTime bucket;    /* begins a row: 5 minutes, an hour or a day */
  gint64 before_ms; /* alive in the rows before it */
  gint64 alive_ms;
} IvScopeAlive;

/* Reads the cameras, not yet how they were alive. IV_STORE_ERROR_NOT_FOUND, _INVALID or _LIMIT
 * (range). Clear it on success only. */
gboolean iv_kpi_scope_init(IvKpiScope *ret_scope, IvSql *sql, const IvKpiQuery *query,
                           GError **error);
void iv_kpi_scope_clear(IvKpiScope *scope);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvKpiScope, iv_kpi_scope_clear)

/* What is counted on the floor plan needs the cameras that see the item there, as they are
 * calibrated now: they take the place of the plan in `camera_nos` (GArray of gint64), each once; of
 * an item that is no longer drawn all that the plan knows the place of. Nothing changes where the
 * plan is not among them, or tells samples of its own (a simulated store). O(log sights). */
void iv_kpi_scope_see_plan(const IvKpiScope *scope, IvPlanItem item, gint64 item_no,
                           GArray *camera_nos);

/* Reads how these cameras (GArray of gint64 numbers) were alive: before their coverage is asked
 * for. Those that are watched already cost nothing. */
gboolean iv_kpi_scope_watch(const IvKpiScope *scope, const GArray *camera_nos, GError **error);

/* Coverage of `period`, made of whole steps of the scope, by the cameras, all of them watched.
 * O(cameras · log rows). `ret_known` (may be NULL): a
 * figure without counts may be told as 0, because one of them was alive, or is now. */
double iv_kpi_scope_coverage(const IvKpiScope *scope, IvPeriod period, const GArray *camera_nos,
                             gboolean *ret_known);

gboolean iv_kpi_scope_is_provisional(const IvKpiScope *scope, IvPeriod period);

/* NULL when it isn't one of the store's. */
const IvScopeCamera *iv_kpi_scope_camera(const IvKpiScope *scope, gint64 camera_no);

/* Cameras of lines (GArrays of gint64). */
typedef struct {
  GArray *drawn;  /* on whose picture, or on the plan */
  GArray *needed; /* of which the lines' coverage is */
} IvLineCameras;

void iv_line_cameras_clear(IvLineCameras *cameras);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvLineCameras, iv_line_cameras_clear)

/* Those of the lines of this kind that are drawn now, or counted in the range. */
gboolean iv_kpi_scope_line_cameras(const IvKpiScope *scope, const char *line_kind,
                                   IvLineCameras *ret_cameras, GError **error);

/* The lines with their counts (GArray of IvLineTraffic), as in kpis.h. */
GArray *iv_kpi_scope_lines(const IvKpiScope *scope, GError **error);

/* Traffic of each period (GArray of IvTraffic) and of the whole range. */
GArray *iv_kpi_scope_traffic(const IvKpiScope *scope, const GArray *periods, IvTraffic *ret_total,
                             GError **error);
