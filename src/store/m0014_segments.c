/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Recorded files (store/segments.h). */
const IvMigration iv_migration_0014_segments = {
    14, "segments",
    "CREATE TABLE segments ("
    " segment_no INTEGER PRIMARY KEY,"
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " camera_no INTEGER NOT NULL REFERENCES cameras (camera_no),"
    " path TEXT NOT NULL," /* below the folder of recordings */
    " start_ts BIGINT NOT NULL, end_ts BIGINT NOT NULL,"
    " codec TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,"
    " bytes BIGINT NOT NULL, init_bytes BIGINT NOT NULL,"
    " length BIGINT NOT NULL," /* of its pictures, which the camera's clock need not agree with */
    " pieces BLOB NOT NULL,"   /* model/pieces.h */
    " closed INTEGER NOT NULL,"
    " doomed INTEGER NOT NULL DEFAULT 0," /* is being deleted: nobody may hold it any more */
    " UNIQUE (store_no, path));"
    "CREATE INDEX segments_by_camera ON segments (camera_no, start_ts);"
    "CREATE INDEX segments_by_age ON segments (store_no, doomed, end_ts);"
    /* Why a file may not be deleted. */
    "CREATE TABLE segment_holds ("
    " segment_no INTEGER NOT NULL REFERENCES segments (segment_no),"
    " holder TEXT NOT NULL,"
    " PRIMARY KEY (segment_no, holder));"
    "CREATE INDEX segment_holds_by_holder ON segment_holds (holder);"
    /* What the folder of a store's recordings is known by. */
    "CREATE TABLE recording_folders ("
    " store_no INTEGER PRIMARY KEY REFERENCES stores (store_no),"
    " mark TEXT NOT NULL);"};
