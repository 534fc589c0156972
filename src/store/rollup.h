/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/bucket.h"
#include "kpi/calendar.h"
#include "store/lookup.h"

/* Rollups: the rows of 5 minutes put together to hours and days of the store's own, so that figures
 * of weeks read few rows. They are never counted, only made of the rows below them, in the
 * transaction that changes those:
 *
 * - An hour (day) that has been over for IV_ROLLUP_DELAY is made once; `hours_until` and
 *   `days_until` of the store tell up to where rows are there. What is younger is read from the
 *   rows below, store/rollup_spans.h.
 * - Whoever changes a row of 5 minutes says so. Where its hour is there already, the hour and its
 *   day are made anew at the end of the batch. So at every commit they are what the rows below them
 *   say, whatever came late, twice or in another order.
 *
 * Inside this room, inside jobs of the writer; one thread. */

/* What is about a visit or a wait is told with its end and counted at its beginning; most end
 * within this. */
#define IV_ROLLUP_DELAY (2 * IV_HOUR)

/* Hours that one batch makes at most, so that a database which has to catch up still takes events;
 * reads are exact meanwhile, only slower. */
#define IV_ROLLUP_BATCH_MAX 12

typedef enum {
  IV_ROLLUP_STORE, /* as IvSubject */
  IV_ROLLUP_CAMERA,
  IV_ROLLUP_LINE,
  IV_ROLLUP_ZONE,
  IV_ROLLUP_LANE,
  IV_ROLLUP_SALES, /* days only, as are the next three; hours of sales: store/receipt_count.h */
  IV_ROLLUP_CATEGORY,
  IV_ROLLUP_LINK,
  IV_ROLLUP_HEAT,    /* of the store's hours, which are counted: store/heat_count.h */
  IV_ROLLUP_BASKETS, /* hours only: store/basket_pack.h */
  IV_ROLLUPS,
} IvRollup;
G_STATIC_ASSERT((int)IV_ROLLUP_LANE == (int)IV_SUBJECT_LANE);

typedef struct IvRollups IvRollups;

/* The bookkeeping of one batch of the store. */
IvRollups *iv_rollups_new(IvSql *sql, const IvStoreKey *store);
void iv_rollups_free(IvRollups *rollups);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvRollups, iv_rollups_free)

/* A row of 5 minutes (of heat: of an hour) that holds `t` was changed. NULL rollups: does nothing.
 */
void iv_rollups_touch(IvRollups *rollups, IvRollup rollup, IvTime t);

/* Rows of the span may have been changed or deleted; there need not be any, so that nothing comes
 * to be over by it. */
void iv_rollups_touch_span(IvRollups *rollups, IvRollup rollup, IvPeriod span);

/* Makes what was touched anew, then what has come to be over. Call it once, at the end. */
gboolean iv_rollups_finish(IvRollups *rollups, GError **error);

/* Deletes them all, for when the store's time zone has changed; later batches, or the next opening
 * of the database, make them again. */
gboolean iv_rollups_forget(IvSql *sql, gint64 store_no, GError **error);

/* Told now and then while a database catches up: up to where (UTC) and until when it goes. */
typedef void (*IvRollupsProgress)(gpointer self, const char *store_id, IvTime at, IvTime until);

/* Makes all that is over and not there, of all stores, in transactions of its own that each take a
 * fraction of a second; broken off, the next call goes on. `progress` may be NULL. */
gboolean iv_rollups_catch_up(IvSql *sql, IvRollupsProgress progress, gpointer self, GError **error);

/* ---- the rows, rollup_rows.c ---- */

typedef enum { IV_ROLLUP_5MIN, IV_ROLLUP_HOUR, IV_ROLLUP_DAY, IV_ROLLUP_LEVELS } IvRollupLevel;

/* The table of a level; NULL when there is none. */
const char *iv_rollup_table(IvRollup rollup, IvRollupLevel level);

/* Makes the rows of one period (an hour, a day of the store) anew from the level below. */
gboolean iv_rollup_make(IvSql *sql, gint64 store_no, IvRollup rollup, IvRollupLevel level,
                        IvPeriod period, GError **error);
