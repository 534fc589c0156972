/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Accounts, sessions and the audit log. Which stores an account is bound to is kept by their slugs:
 * an account may be made before its store is. The triggers keep the audit log append-only; only
 * what iv_audit_prune has named in audit_floor may go. */
const IvMigration iv_migration_0002_accounts = {
    2, "accounts",
    "CREATE TABLE users ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " role TEXT NOT NULL,"
    " password_hash TEXT NOT NULL,"
    " all_stores INTEGER NOT NULL,"
    " disabled INTEGER NOT NULL,"
    " initial_password INTEGER NOT NULL,"
    " created_at BIGINT NOT NULL,"
    " last_login_at BIGINT);"

    "CREATE TABLE user_stores ("
    " user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
    " store TEXT NOT NULL,"
    " PRIMARY KEY (user_id, store)) WITHOUT ROWID;"

    "CREATE TABLE sessions ("
    " hash BLOB PRIMARY KEY," /* SHA-256 of the token */
    " user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
    " created_at BIGINT NOT NULL,"
    " seen_at BIGINT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX sessions_user ON sessions (user_id);"

    "CREATE TABLE audit_log ("
    " id INTEGER PRIMARY KEY,"
    " ts BIGINT NOT NULL,"
    " actor TEXT NOT NULL,"
    " action TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " store TEXT,"
    " address TEXT NOT NULL,"
    " detail TEXT NOT NULL," /* JSON object */
    " previous_hash TEXT NOT NULL,"
    " hash TEXT NOT NULL);"
    "CREATE TABLE audit_floor (id BIGINT NOT NULL);"
    "INSERT INTO audit_floor (id) VALUES (0);"
    "CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN"
    " SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
    "CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log"
    " WHEN OLD.id > (SELECT id FROM audit_floor) BEGIN"
    " SELECT RAISE(ABORT, 'the audit log is append-only'); END;"};
