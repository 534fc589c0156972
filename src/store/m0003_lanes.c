/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Lanes, and the groups of lanes that share a line: one table, as both have figures of their own.
 */
const IvMigration iv_migration_0003_lanes = {
    3, "lanes",
    "CREATE TABLE lanes ("
    " lane_no INTEGER PRIMARY KEY,"
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " id TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " is_group INTEGER NOT NULL,"
    " group_no INTEGER REFERENCES lanes (lane_no),"
    " self_checkout INTEGER NOT NULL,"
    " UNIQUE (store_no, id));"
    "CREATE TABLE scene_lanes ("
    " camera_no INTEGER NOT NULL REFERENCES cameras (camera_no),"
    " version INTEGER NOT NULL,"
    " lane_no INTEGER NOT NULL REFERENCES lanes (lane_no),"
    " store_no INTEGER NOT NULL,"
    " group_no INTEGER,"
    " PRIMARY KEY (camera_no, version, lane_no)) WITHOUT ROWID;"

    "ALTER TABLE scenes ADD COLUMN n_lanes INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE events ADD COLUMN lane_no INTEGER;"

    "CREATE TABLE kpi_5min_lane ("
    " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, lane_no INTEGER NOT NULL,"
    " camera_no INTEGER NOT NULL, scene_version INTEGER NOT NULL,"
    " joined BIGINT NOT NULL, waited BIGINT NOT NULL, in_target BIGINT NOT NULL,"
    " wait_ms BIGINT NOT NULL, abandoned BIGINT NOT NULL,"
    " served BIGINT NOT NULL, service_ms BIGINT NOT NULL,"
    " length_n BIGINT NOT NULL, length_sum BIGINT NOT NULL, length_max BIGINT NOT NULL,"
    " open_ms BIGINT NOT NULL, wait_sketch BLOB, service_sketch BLOB,"
    " PRIMARY KEY (store_no, bucket, lane_no, camera_no, scene_version)) WITHOUT ROWID;"

    /* Waits that began and have not ended, as far as the ledger knows. */
    "CREATE TABLE open_waits ("
    " store_no INTEGER NOT NULL, ts BIGINT NOT NULL, lane_no INTEGER NOT NULL,"
    " camera_no INTEGER NOT NULL, tracklet_id BIGINT NOT NULL,"
    " PRIMARY KEY (store_no, ts, lane_no, camera_no, tracklet_id)) WITHOUT ROWID;"};
