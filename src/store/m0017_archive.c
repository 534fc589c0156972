/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Files in the archive (store/archived.h), and which recorded files belong there. */
const IvMigration iv_migration_0017_archive = {
    17, "archive",
    /* IvArchiveState: 0 not looked at yet, 1 waits, 2 is stored, 3 does not belong there */
    "ALTER TABLE segments ADD COLUMN archive INTEGER NOT NULL DEFAULT 0;"
    /* 0: its file is in the archive alone */
    "ALTER TABLE segments ADD COLUMN local INTEGER NOT NULL DEFAULT 1;"
    "DROP INDEX segments_by_age;"
    "CREATE INDEX segments_by_age ON segments (store_no, local, doomed, end_ts);"
    "CREATE INDEX segments_by_archive ON segments (store_no, archive, end_ts);"
    "CREATE TABLE archive_files ("
    " file_no INTEGER PRIMARY KEY,"
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " kind TEXT NOT NULL,"        /* 'recording' */
    " source_no BIGINT NOT NULL," /* of a recording: segment_no */
    " key TEXT NOT NULL,"
    " bytes BIGINT NOT NULL,"
    " sha256 TEXT NOT NULL,"
    " end_ts BIGINT NOT NULL," /* of what it holds */
    " archived_ts BIGINT NOT NULL,"
    " doomed INTEGER NOT NULL DEFAULT 0," /* is being deleted there */
    " UNIQUE (store_no, kind, source_no),"
    " UNIQUE (store_no, key));"
    "CREATE INDEX archive_files_by_age ON archive_files (store_no, doomed, end_ts);"
    /* What the archive of a store is known by. */
    "CREATE TABLE archives ("
    " store_no INTEGER PRIMARY KEY REFERENCES stores (store_no),"
    " mark TEXT NOT NULL);"};
