/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* cells: kpi/heat_map.h; tenths: their sum. A camera whose grid changes in the middle of a bucket
 * has a row for each. cell_mm 0 = of the picture. */
#define HEAT_TABLE(name, time)                                                                     \
  "CREATE TABLE " name " ("                                                                        \
  " store_no INTEGER NOT NULL, camera_no INTEGER NOT NULL, " time " BIGINT NOT NULL,"              \
  " columns INTEGER NOT NULL, rows INTEGER NOT NULL, cell_mm INTEGER NOT NULL,"                    \
  " tenths BIGINT NOT NULL, cells BLOB NOT NULL,"                                                  \
  " PRIMARY KEY (store_no, camera_no, " time ", columns, rows, cell_mm));"                         \
  "CREATE INDEX " name "_by_time ON " name " (store_no, " time ");"

/* Heat maps of five minutes and, of the same events, of the store's own hours: what is asked of
 * weeks reads the hours, which are also kept for longer. */
const IvMigration iv_migration_0006_heat = {
    6, "heat", HEAT_TABLE("heatmap_cells", "bucket") HEAT_TABLE("heatmap_hours", "bucket")};
