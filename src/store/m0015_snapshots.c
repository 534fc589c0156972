/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Pictures of events (store/snapshots.h). */
const IvMigration iv_migration_0015_snapshots = {
    15, "snapshots",
    "CREATE TABLE snapshots ("
    " snapshot_no INTEGER PRIMARY KEY,"
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " camera_no INTEGER NOT NULL REFERENCES cameras (camera_no),"
    " event_id BLOB NOT NULL," /* the event may be older or younger than its row here */
    " kind TEXT NOT NULL,"
    " moment BIGINT NOT NULL,"   /* of the event */
    " frame_ts BIGINT NOT NULL," /* of the picture: what is nearest to it */
    " path TEXT NOT NULL,"       /* below the folder of snapshots, without what parts its files */
    " width INTEGER NOT NULL, height INTEGER NOT NULL,"
    " boxes INTEGER NOT NULL," /* people framed */
    " clean_bytes BIGINT NOT NULL, marked_bytes BIGINT NOT NULL, thumbnail_bytes BIGINT NOT NULL,"
    " clean_sha256 BLOB NOT NULL, marked_sha256 BLOB NOT NULL, thumbnail_sha256 BLOB NOT NULL,"
    " UNIQUE (store_no, event_id),"
    " UNIQUE (store_no, path));"
    "CREATE INDEX snapshots_by_moment ON snapshots (store_no, moment);"
    "CREATE INDEX snapshots_by_camera ON snapshots (camera_no, moment);"
    /* Why they may not be deleted. */
    "CREATE TABLE snapshot_holds ("
    " snapshot_no INTEGER NOT NULL REFERENCES snapshots (snapshot_no),"
    " holder TEXT NOT NULL,"
    " PRIMARY KEY (snapshot_no, holder));"
    "CREATE INDEX snapshot_holds_by_holder ON snapshot_holds (holder);"};
