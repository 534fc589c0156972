/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Pictures of events and bundles of evidence in the archive (store/archived.h). Of archive_files,
 * kind is 'recording', 'snapshot' (source_no: snapshot_no, key: what parts its files follow) or
 * 'evidence' (evidence_no). */
const IvMigration iv_migration_0019_archive_all = {
    19, "archive_all",
    /* IvArchiveState, local and doomed: as of segments */
    "ALTER TABLE snapshots ADD COLUMN archive INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE snapshots ADD COLUMN local INTEGER NOT NULL DEFAULT 1;"
    "ALTER TABLE snapshots ADD COLUMN doomed INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX snapshots_by_age ON snapshots (store_no, local, doomed, moment);"
    "CREATE INDEX snapshots_by_archive ON snapshots (store_no, archive, moment);"
    /* 2: its newest bundle is there */
    "ALTER TABLE evidence ADD COLUMN archive INTEGER NOT NULL DEFAULT 0;"};
