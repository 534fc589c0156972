/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Who is who: visitors of events (model/visitor.h), visits of the store, people who are counted
 * once. Columns named _set hold distinct visitors, kpi/distinct.h. What was counted before had no
 * visitors, so zeros are true. */
const IvMigration iv_migration_0005_visits = {
    5, "visits",
    "ALTER TABLE events ADD COLUMN visitor BIGINT;"

    "ALTER TABLE kpi_5min_store ADD COLUMN reentries BIGINT NOT NULL DEFAULT 0;"
    "ALTER TABLE kpi_5min_store ADD COLUMN known_in BIGINT NOT NULL DEFAULT 0;"
    "ALTER TABLE kpi_5min_store ADD COLUMN visits BIGINT NOT NULL DEFAULT 0;"
    "ALTER TABLE kpi_5min_store ADD COLUMN visits_closed BIGINT NOT NULL DEFAULT 0;"
    "ALTER TABLE kpi_5min_store ADD COLUMN visit_ms BIGINT NOT NULL DEFAULT 0;"
    "ALTER TABLE kpi_5min_store ADD COLUMN bounces BIGINT NOT NULL DEFAULT 0;"
    "ALTER TABLE kpi_5min_store ADD COLUMN visit_sketch BLOB;"
    "ALTER TABLE kpi_5min_store ADD COLUMN visitor_set BLOB;"

    "ALTER TABLE kpi_5min_zone ADD COLUMN known BIGINT NOT NULL DEFAULT 0;"
    "ALTER TABLE kpi_5min_zone ADD COLUMN engaged_known BIGINT NOT NULL DEFAULT 0;"
    "ALTER TABLE kpi_5min_zone ADD COLUMN visitor_set BLOB;"
    "ALTER TABLE kpi_5min_zone ADD COLUMN engaged_set BLOB;"

    /* Distinct people of a day of the store, so that weeks need not be put together from 5-minute
     * sets: zone_no 0 = the store. */
    "CREATE TABLE kpi_day_people ("
    " store_no INTEGER NOT NULL, day_from BIGINT NOT NULL, zone_no INTEGER NOT NULL,"
    " visitors BIGINT NOT NULL, engaged BIGINT NOT NULL, visitor_set BLOB, engaged_set BLOB,"
    " PRIMARY KEY (store_no, day_from, zone_no)) WITHOUT ROWID;"

    /* Visits of the store that began and have not been closed, as far as the ledger knows. */
    "CREATE TABLE open_store_visits ("
    " store_no INTEGER NOT NULL, ts BIGINT NOT NULL, visitor BIGINT NOT NULL,"
    " PRIMARY KEY (store_no, ts, visitor)) WITHOUT ROWID;"

    "DROP VIEW daily_kpis;"
    "DROP VIEW kpi_hourly;"
    "DROP VIEW kpi_5min;"
    "CREATE VIEW kpi_5min AS SELECT s.id AS store_id, k.bucket, k.traffic_in, k.traffic_out,"
    " k.turn_backs, k.reentries, k.pass_bys,"
    " k.traffic_in - k.turn_backs - k.reentries AS footfall, k.visits"
    " FROM kpi_5min_store k JOIN stores s ON s.store_no = k.store_no;"
    "CREATE VIEW kpi_hourly AS SELECT store_id, bucket - bucket % 3600000000 AS hour,"
    " sum(traffic_in) AS traffic_in, sum(traffic_out) AS traffic_out,"
    " sum(turn_backs) AS turn_backs, sum(reentries) AS reentries, sum(pass_bys) AS pass_bys,"
    " sum(footfall) AS footfall, sum(visits) AS visits"
    " FROM kpi_5min GROUP BY store_id, bucket - bucket % 3600000000;"
    "CREATE VIEW daily_kpis AS SELECT s.id AS store_id, d.day,"
    " sum(k.traffic_in) AS traffic_in, sum(k.traffic_out) AS traffic_out,"
    " sum(k.turn_backs) AS turn_backs, sum(k.reentries) AS reentries, sum(k.pass_bys) AS pass_bys,"
    " sum(k.traffic_in - k.turn_backs - k.reentries) AS footfall, sum(k.visits) AS visits"
    " FROM store_days d JOIN stores s ON s.store_no = d.store_no"
    " JOIN kpi_5min_store k ON k.store_no = d.store_no"
    " AND k.bucket >= d.from_ts AND k.bucket < d.to_ts GROUP BY s.id, d.day;"};
