/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/bucket.h"
#include "kpi/calendar.h"
#include "store/event_row.h"

/* From an event that was inserted to the 5-minute rows. Inside jobs of the writer. */

typedef struct {
  IvSql *sql;
  gint64 store_no;
  GTimeZone *zone; /* the store's; NULL = unknown, then there are no store_days */
  IvKpiLimits limits;
  IvPeriod only;      /* count only into buckets of it (for the recount); from == to: into all */
  IvPeriod known_day; /* the day that was noted last; start with {0, 0} */
  guint64 unplaced;   /* rises: crossings whose line's kind is not known */
  GArray *touched;    /* of IvTouchedZone; created by the owner */
} IvCounting;

/* Where the most people at once must be found again. */
typedef struct {
  gint64 zone, camera;
  int scene_version;
  IvPeriod span; /* whole buckets */
} IvTouchedZone;

/* Adds what the event adds: sums, sketches of lengths; notes the zone it touched. */
gboolean iv_count_event(IvCounting *counting, const IvEvent *event, const IvEventNos *nos,
                        GError **error);

/* Finds the peaks of all touched zones again from the ledger. Call it once after the batch. */
gboolean iv_count_peaks(IvCounting *counting, GError **error);

/* What the ledger knows of now, beside the rows: open visits and waits, the cameras' states. */
gboolean iv_count_state(IvSql *sql, gint64 store_no, const IvEvent *event, const IvEventNos *nos,
                        GError **error);
