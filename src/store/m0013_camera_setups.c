/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Cameras that were added, changed or removed in the dashboard (store/camera_setups.h). */
const IvMigration iv_migration_0013_camera_setups = {
    13, "camera_setups",
    "CREATE TABLE camera_setups ("
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " id TEXT NOT NULL,"
    " removed INTEGER NOT NULL,"
    " settings TEXT NOT NULL," /* JSON: config/camera_settings.h, without the address */
    " address BLOB,"           /* sealed (store/secret_box.h); NULL: that of the file */
    " author TEXT NOT NULL,"
    " ts BIGINT NOT NULL,"
    " PRIMARY KEY (store_no, id)) WITHOUT ROWID;"};
