/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Counts held against people who count by hand (store/audits.h). What an interval came to is kept:
 * the ledger forgets its events sooner. */
const IvMigration iv_migration_0022_count_audits = {
    22, "count audits",
    "CREATE TABLE count_audits ("
    " audit_no INTEGER PRIMARY KEY AUTOINCREMENT,"
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " camera_no INTEGER NOT NULL REFERENCES cameras (camera_no),"
    " line_no INTEGER NOT NULL REFERENCES lines (line_no),"
    " scene_version INTEGER NOT NULL," /* in force when it was planned */
    " from_ts BIGINT NOT NULL, to_ts BIGINT NOT NULL,"
    " asked_ts BIGINT NOT NULL, asked_by TEXT NOT NULL,"
    " seed BIGINT NOT NULL);"
    "CREATE INDEX count_audits_by_line ON count_audits (line_no, from_ts);"
    "CREATE TABLE count_audit_intervals ("
    " interval_no INTEGER PRIMARY KEY AUTOINCREMENT,"
    " audit_no INTEGER NOT NULL REFERENCES count_audits (audit_no),"
    " from_ts BIGINT NOT NULL, to_ts BIGINT NOT NULL,"
    " busy INTEGER NOT NULL,"
    " state TEXT NOT NULL," /* open, counted, void */
    " settled_ts BIGINT, settled_by TEXT NOT NULL DEFAULT '',"
    " manual_in BIGINT NOT NULL DEFAULT 0, manual_out BIGINT NOT NULL DEFAULT 0,"
    " counted_in BIGINT NOT NULL DEFAULT 0, counted_out BIGINT NOT NULL DEFAULT 0,"
    " found BIGINT NOT NULL DEFAULT 0, correct BIGINT NOT NULL DEFAULT 0);"
    "CREATE INDEX count_audit_intervals_by_audit ON count_audit_intervals (audit_no, from_ts);"
    "CREATE TABLE count_audit_marks ("
    " interval_no INTEGER NOT NULL REFERENCES count_audit_intervals (interval_no),"
    " place INTEGER NOT NULL," /* from 0, by time */
    " ts BIGINT NOT NULL, out INTEGER NOT NULL,"
    " PRIMARY KEY (interval_no, place)) WITHOUT ROWID;"};
