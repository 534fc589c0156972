/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

#define GROUP_COLUMNS(table)                                                                       \
  "ALTER TABLE " table " ADD COLUMN groups BIGINT NOT NULL DEFAULT 0;"                             \
  "ALTER TABLE " table " ADD COLUMN grouped BIGINT NOT NULL DEFAULT 0;"                            \
  "ALTER TABLE " table " ADD COLUMN groups_2 BIGINT NOT NULL DEFAULT 0;"                           \
  "ALTER TABLE " table " ADD COLUMN groups_3 BIGINT NOT NULL DEFAULT 0;"                           \
  "ALTER TABLE " table " ADD COLUMN groups_4 BIGINT NOT NULL DEFAULT 0;"

/* Groups at the entrance, and how many people a zone is for. Nobody told of groups before, so where
 * anything was counted they are known only from now on: stores.groups_from. */
const IvMigration iv_migration_0010_groups = {
    10, "groups",
    GROUP_COLUMNS("kpi_5min_store") GROUP_COLUMNS("kpi_hour_store") GROUP_COLUMNS("kpi_day_store")

        "ALTER TABLE stores ADD COLUMN groups_from BIGINT NOT NULL DEFAULT 0;"
        "UPDATE stores SET groups_from = CAST(strftime('%s', 'now') AS INTEGER) * 1000000"
        " WHERE EXISTS (SELECT 1 FROM kpi_5min_store k WHERE k.store_no = stores.store_no);"

        "ALTER TABLE scene_zones ADD COLUMN capacity INTEGER NOT NULL DEFAULT 0;"};
