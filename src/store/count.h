/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/bucket.h"
#include "kpi/calendar.h"
#include "store/event_row.h"
#include "store/heat_count.h"
#include "store/lookup.h"
#include "store/people_days.h"
#include "store/rollup.h"
#include "store/tally.h"

/* From an event that was inserted to the 5-minute rows. Inside jobs of the writer. */

/* Where the most people at once must be found again. */
typedef struct {
  gint64 zone, camera;
  int scene_version;
  IvPeriod span; /* whole buckets */
} IvTouchedZone;

/* The counting of one batch. */
typedef struct {
  IvSql *sql;
  gint64 store_no;
  GTimeZone *zone; /* the store's; UTC where the system does not know it */
  IvKpiLimits limits;
  IvPeriod only;        /* count only into buckets of it (for the recount); from == to: into all */
  IvPeriod known_day;   /* the day that was noted last */
  guint64 unplaced;     /* rises: crossings whose line's kind is not known */
  IvTally *tally;       /* what is not written yet */
  IvPeopleDays *people; /* the same of its days */
  GArray *line_kinds;   /* those that were asked for */
  GArray *touched;      /* of IvTouchedZone */
  IvHeatCounting *heat;
  IvRollups *rollups; /* borrowed */
} IvCounting;

/* `rollups` are told of every row that is changed; whoever has them finishes them. */
void iv_counting_init(IvCounting *ret_counting, IvSql *sql, const IvStoreKey *store,
                      const IvKpiLimits *limits, IvRollups *rollups);
void iv_counting_clear(IvCounting *counting);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvCounting, iv_counting_clear)

/* Notes what the event adds: sums, lengths, people, the zone it touched. Nothing is in the rows
 * before iv_counting_finish. */
gboolean iv_count_event(IvCounting *counting, const IvEvent *event, const IvEventNos *nos,
                        GError **error);

/* Writes the rows, and the peaks of all touched zones anew from the ledger. Call it once after the
 * batch. */
gboolean iv_counting_finish(IvCounting *counting, GError **error);

/* Its second half, in count_peaks.c. */
gboolean iv_count_peaks(IvCounting *counting, GError **error);

/* What the ledger knows of now, beside the rows: open visits and waits, the cameras' states. */
gboolean iv_count_state(IvSql *sql, gint64 store_no, const IvEvent *event, const IvEventNos *nos,
                        GError **error);
