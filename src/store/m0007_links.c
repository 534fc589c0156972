/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

#define LINK_TABLE(name)                                                                           \
  "CREATE TABLE " name " ("                                                                        \
  " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, lane_no INTEGER NOT NULL,"                  \
  " linked BIGINT NOT NULL,"                                                                       \
  " PRIMARY KEY (store_no, bucket, lane_no)) WITHOUT ROWID;"

/* Linked transactions: which receipt was paid in which service at a lane (kpi/link.h). */
const IvMigration iv_migration_0007_links = {
    7, "links",
    /* The services of the ledger, with the receipt of each; kept as long as receipts are. */
    "CREATE TABLE lane_services ("
    " store_no INTEGER NOT NULL, lane_no INTEGER NOT NULL, ts BIGINT NOT NULL, id BLOB NOT NULL,"
    " end_ts BIGINT NOT NULL,"
    " camera_no INTEGER, tracklet_id BIGINT NOT NULL,"
    " transaction_no BIGINT," /* NULL = no receipt found */
    " PRIMARY KEY (store_no, lane_no, ts, id)) WITHOUT ROWID;"
    "CREATE INDEX lane_services_by_receipt ON lane_services (transaction_no)"
    " WHERE transaction_no IS NOT NULL;"
    "CREATE INDEX lane_services_by_time ON lane_services (store_no, ts, id);"
    "CREATE INDEX transactions_by_lane ON transactions (store_no, lane, ts);"

    /* Spans whose links are to be found (again) with the next batch. */
    "CREATE TABLE link_dirty ("
    " store_no INTEGER NOT NULL, lane_no INTEGER NOT NULL,"
    " from_ts BIGINT NOT NULL, to_ts BIGINT NOT NULL);"

    "ALTER TABLE kpi_5min_sales ADD COLUMN linked BIGINT NOT NULL DEFAULT 0;" /* transactions */
    "ALTER TABLE kpi_hour_sales ADD COLUMN linked BIGINT NOT NULL DEFAULT 0;"
    /* Services with a receipt, by their start. */
    LINK_TABLE("kpi_5min_link") LINK_TABLE("kpi_hour_link")

    /* What came before this version; 4 h as in store/links.h. */
    "INSERT INTO lane_services (store_no, lane_no, ts, id, end_ts, camera_no, tracklet_id)"
    " SELECT e.store_no, e.lane_no, e.ts, e.id, e.end_ts, e.camera_no, e.tracklet_id FROM events e"
    " WHERE e.kind_no = (SELECT kind_no FROM event_kinds WHERE name = 'queue.service')"
    " AND e.lane_no IS NOT NULL AND e.end_ts >= e.ts AND e.end_ts - e.ts <= 14400000000;"
    "INSERT INTO link_dirty (store_no, lane_no, from_ts, to_ts)"
    " SELECT store_no, lane_no, min(ts), max(end_ts) FROM lane_services"
    " GROUP BY store_no, lane_no;"};
