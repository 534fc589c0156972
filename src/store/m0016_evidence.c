/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* What is kept as evidence (store/evidence.h). */
const IvMigration iv_migration_0016_evidence = {
    16, "evidence",
    "CREATE TABLE evidence ("
    " evidence_no INTEGER PRIMARY KEY AUTOINCREMENT," /* a number stands for one case for ever */
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " camera_no INTEGER NOT NULL REFERENCES cameras (camera_no),"
    " title TEXT NOT NULL, note TEXT NOT NULL,"
    " event_id BLOB," /* of which it was kept; NULL = of a span */
    " from_ts BIGINT NOT NULL, to_ts BIGINT NOT NULL,"
    " made_ts BIGINT NOT NULL, made_by TEXT NOT NULL,"
    " state TEXT NOT NULL," /* waiting, ready, failed, released */
    " trouble TEXT NOT NULL DEFAULT '',"
    " bundle_ts BIGINT, bundle_bytes BIGINT NOT NULL DEFAULT 0, bundle_sha256 TEXT NOT NULL "
    "DEFAULT '',"
    " clips INTEGER NOT NULL DEFAULT 0, stills INTEGER NOT NULL DEFAULT 0,"
    " events INTEGER NOT NULL DEFAULT 0,"
    " released_ts BIGINT, released_by TEXT NOT NULL DEFAULT '', release_reason TEXT NOT NULL "
    "DEFAULT '');"
    "CREATE INDEX evidence_by_store ON evidence (store_no, evidence_no);"};
