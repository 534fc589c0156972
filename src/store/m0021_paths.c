/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* What tracks did (store/paths.h). Rows of a camera lie together, in order of time. */
const IvMigration iv_migration_0021_paths = {
    21, "paths",
    "CREATE TABLE paths ("
    " camera_no INTEGER NOT NULL REFERENCES cameras (camera_no),"
    " start_ts BIGINT NOT NULL, end_ts BIGINT NOT NULL,"
    " track_us BIGINT NOT NULL," /* µs of sight, all tracks together */
    " piece BLOB NOT NULL,"      /* track/path_piece.h */
    " PRIMARY KEY (camera_no, start_ts)) WITHOUT ROWID;"
    /* What-ifs that somebody asked for (store/replays.h). */
    "CREATE TABLE replays ("
    " replay_no INTEGER PRIMARY KEY AUTOINCREMENT,"
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " asked_ts BIGINT NOT NULL, asked_by TEXT NOT NULL,"
    " from_ts BIGINT NOT NULL, to_ts BIGINT NOT NULL,"
    " camera TEXT NOT NULL," /* id; '' = all */
    " what TEXT NOT NULL,"   /* config/what_if.h */
    " state TEXT NOT NULL, reason TEXT NOT NULL,"
    " result TEXT);"
    "CREATE INDEX replays_by_state ON replays (store_no, state);"};
