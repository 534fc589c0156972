/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Clips that are cut out of recordings to be taken away (store/exports.h). */
const IvMigration iv_migration_0018_exports = {
    18, "exports",
    "CREATE TABLE exports ("
    " export_no INTEGER PRIMARY KEY AUTOINCREMENT," /* a number stands for one clip for ever */
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " camera_no INTEGER NOT NULL REFERENCES cameras (camera_no),"
    " from_ts BIGINT NOT NULL, to_ts BIGINT NOT NULL,"
    " asked_ts BIGINT NOT NULL, asked_by TEXT NOT NULL,"
    " part INTEGER NOT NULL DEFAULT 1," /* of what was asked for in one wish */
    " state TEXT NOT NULL,"             /* waiting, working, done, failed, expired */
    " reason TEXT NOT NULL DEFAULT '',"
    " start_ts BIGINT, end_ts BIGINT," /* what the clip holds */
    " bytes BIGINT NOT NULL DEFAULT 0, sha256 TEXT NOT NULL DEFAULT '',"
    " gaps BLOB," /* pairs of little-endian int64, µs UTC */
    " expires_ts BIGINT);"
    "CREATE INDEX exports_by_store ON exports (store_no, export_no);"};
