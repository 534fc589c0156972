/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Which cameras see what is drawn on a store's floor plan (store/plan_sights.h). Filled by the
 * import of the configuration at the next start. */
const IvMigration iv_migration_0012_plan_sights = {
    12, "plan_sights",
    "CREATE TABLE plan_sights ("
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " item TEXT NOT NULL,"         /* lane (or group), line, plan (all of it), zone */
    " item_no INTEGER NOT NULL,"   /* of the lane, line or zone; of the plan 0 */
    " camera_no INTEGER NOT NULL," /* 0 = nobody sees it */
    " PRIMARY KEY (store_no, item, item_no, camera_no)) WITHOUT ROWID;"};
