/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/bucket.h"
#include "kpi/calendar.h"
#include "store/event_row.h"
#include "store/lookup.h"

/* Journeys in the database (definition: kpi/journey.h): a row for each closed visit, with its path,
 * and what hours and days add up to. A batch of events notes whose visits it is about; at its end,
 * in the same transaction, exactly those are made anew, and the sums changed by the difference. So
 * whatever comes late, twice or in another order ends in the same rows. A visit that was cut off by
 * the end of the program has none. Inside this room, inside jobs of the writer; one thread. */

typedef struct {
  IvSql *sql;
  gint64 store_no;
  GTimeZone *zone; /* the store's */
  IvTime min_dwell;
  GHashTable *touched; /* set of visitors, as gint64 */
} IvJourneys;

/* `zone`: a reference is taken; NULL = UTC. `min_dwell`: shorter stays make no step. */
void iv_journeys_init(IvJourneys *journeys, IvSql *sql, gint64 store_no, GTimeZone *zone,
                      IvTime min_dwell);
void iv_journeys_clear(IvJourneys *journeys);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvJourneys, iv_journeys_clear)

/* An event that was inserted, or is counted again; most kinds do nothing. */
gboolean iv_journeys_take(IvJourneys *journeys, const IvEvent *event, const IvEventNos *nos,
                          GError **error);

/* What is known of the visitor's purchases has changed; 0 does nothing. */
void iv_journeys_touch(IvJourneys *journeys, gint64 visitor);

/* Makes the visits of all that were touched anew. After the links (store/links.h). */
gboolean iv_journeys_finish(IvJourneys *journeys, GError **error);

/* Forgets the stays that began in the span, and touches whose they were: before they are taken
 * again. */
gboolean iv_journeys_forget(IvJourneys *journeys, IvPeriod span, GError **error);

/* Counts the store's visits again by the hours and days of its zone, which has changed; in the
 * transaction that goes on. Sums of visits whose rows are gone stay as they are, but for the oldest
 * day of those that are there. */
gboolean iv_journeys_rezone(IvSql *sql, gint64 store_no, GError **error);

/* Counts visits of all stores that were taken over and not counted yet, some at a time, in
 * transactions of its own; broken off, the next call goes on. */
gboolean iv_journeys_catch_up(IvSql *sql, GError **error);
