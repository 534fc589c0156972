/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Journeys: where visits led (kpi/journey.h, store/journeys.h). What came before this version is
 * taken over here and counted at the next opening, iv_journeys_catch_up. 2 s as in kpi/bucket.h. */
const IvMigration iv_migration_0020_journeys = {
    20, "journeys",
    /* FALSE = others are drawn in it, and stays there say nothing more */
    "ALTER TABLE scene_zones ADD COLUMN innermost INTEGER NOT NULL DEFAULT 1;"
    "ALTER TABLE lane_services ADD COLUMN visitor BIGINT;"
    "CREATE INDEX lane_services_by_visitor ON lane_services (store_no, visitor)"
    " WHERE visitor IS NOT NULL;"

    /* Stays of known visitors that make journeys. */
    "CREATE TABLE visitor_stays ("
    " store_no INTEGER NOT NULL, visitor BIGINT NOT NULL, ts BIGINT NOT NULL,"
    " zone_no INTEGER NOT NULL, kind TEXT NOT NULL, end_ts BIGINT NOT NULL,"
    " PRIMARY KEY (store_no, visitor, ts, zone_no)) WITHOUT ROWID;"
    "CREATE INDEX visitor_stays_by_time ON visitor_stays (store_no, ts);"

    /* Each path once: zone numbers, as varints. */
    "CREATE TABLE journey_paths ("
    " path_no INTEGER PRIMARY KEY, store_no INTEGER NOT NULL, path BLOB NOT NULL,"
    " UNIQUE (store_no, path));"

    /* Closed visits of the store. path_no NULL = not counted below. */
    "CREATE TABLE customer_visits ("
    " store_no INTEGER NOT NULL, visitor BIGINT NOT NULL, ts BIGINT NOT NULL,"
    " end_ts BIGINT NOT NULL, duration_ms BIGINT NOT NULL, entries INTEGER NOT NULL,"
    " path_no INTEGER, product_zones INTEGER NOT NULL DEFAULT 0,"
    " backtracked INTEGER NOT NULL DEFAULT 0, checkout INTEGER NOT NULL DEFAULT 0,"
    " bought INTEGER NOT NULL DEFAULT 0," /* a linked receipt */
    " PRIMARY KEY (store_no, visitor, ts)) WITHOUT ROWID;"
    "CREATE INDEX customer_visits_by_time ON customer_visits (store_no, ts);"
    "CREATE INDEX customer_visits_to_count ON customer_visits (store_no, visitor)"
    " WHERE path_no IS NULL;"

    /* By the hour (of the store) in which they came in. */
    "CREATE TABLE kpi_hour_journeys ("
    " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL,"
    " visits BIGINT NOT NULL, visit_ms BIGINT NOT NULL, product_zones BIGINT NOT NULL,"
    " wide BIGINT NOT NULL, backtracked BIGINT NOT NULL, express BIGINT NOT NULL,"
    " browsers BIGINT NOT NULL, checkouts BIGINT NOT NULL, bought BIGINT NOT NULL,"
    " PRIMARY KEY (store_no, bucket)) WITHOUT ROWID;"
    /* By the day (its beginning) in which they came in. zone 0 = the way in, the way out. */
    "CREATE TABLE kpi_day_steps ("
    " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, depth INTEGER NOT NULL,"
    " from_zone INTEGER NOT NULL, to_zone INTEGER NOT NULL, visits BIGINT NOT NULL,"
    " PRIMARY KEY (store_no, bucket, depth, from_zone, to_zone)) WITHOUT ROWID;"
    "CREATE TABLE kpi_day_paths ("
    " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, path_no INTEGER NOT NULL,"
    " visits BIGINT NOT NULL, visit_ms BIGINT NOT NULL,"
    " PRIMARY KEY (store_no, bucket, path_no)) WITHOUT ROWID;"

    "INSERT OR IGNORE INTO visitor_stays (store_no, visitor, ts, zone_no, kind, end_ts)"
    " SELECT e.store_no, e.visitor, e.ts, e.zone_no, z.kind, e.end_ts FROM events e"
    " JOIN zones z ON z.zone_no = e.zone_no"
    " WHERE e.kind_no = (SELECT kind_no FROM event_kinds WHERE name = 'zone.visit')"
    " AND e.visitor > 0 AND e.end_ts - e.ts >= 2000000"
    " AND z.kind IN ('product', 'fitting', 'checkout');"
    "INSERT OR IGNORE INTO customer_visits (store_no, visitor, ts, end_ts, duration_ms, entries)"
    " SELECT e.store_no, e.visitor, e.ts, e.end_ts,"
    " CAST(round(json_extract(e.attrs, '$.duration_s') * 1000) AS INTEGER),"
    " coalesce(json_extract(e.attrs, '$.entries'), 1) FROM events e"
    " WHERE e.kind_no = (SELECT kind_no FROM event_kinds WHERE name = 'visit.closed')"
    " AND e.visitor > 0 AND json_extract(e.attrs, '$.duration_s') IS NOT NULL"
    " AND coalesce(json_extract(e.attrs, '$.cut'), 0) = 0;"
    "UPDATE lane_services SET visitor = (SELECT e.visitor FROM events e"
    " WHERE e.store_no = lane_services.store_no AND e.ts = lane_services.ts"
    " AND e.id = lane_services.id);"};
