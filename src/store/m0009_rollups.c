/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

#define STORE_TABLE(name, more)                                                                    \
  "CREATE TABLE " name " ("                                                                        \
  " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL,"                                            \
  " traffic_in BIGINT NOT NULL, traffic_out BIGINT NOT NULL, turn_backs BIGINT NOT NULL,"          \
  " pass_bys BIGINT NOT NULL, reentries BIGINT NOT NULL, known_in BIGINT NOT NULL,"                \
  " visits BIGINT NOT NULL, visits_closed BIGINT NOT NULL, visit_ms BIGINT NOT NULL,"              \
  " bounces BIGINT NOT NULL, visit_sketch BLOB" more ","                                           \
  " PRIMARY KEY (store_no, bucket)) WITHOUT ROWID;"

/* Figures ask for one camera after the other over the whole range: the index alone answers. */
#define CAMERA_TABLE(name)                                                                         \
  "CREATE TABLE " name " ("                                                                        \
  " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, camera_no INTEGER NOT NULL,"                \
  " alive_ms BIGINT NOT NULL,"                                                                     \
  " PRIMARY KEY (store_no, bucket, camera_no)) WITHOUT ROWID;"                                     \
  "CREATE INDEX " name "_by_camera ON " name " (store_no, camera_no, bucket, alive_ms);"

#define LINE_TABLE(name)                                                                           \
  "CREATE TABLE " name " ("                                                                        \
  " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, line_no INTEGER NOT NULL,"                  \
  " camera_no INTEGER NOT NULL, scene_version INTEGER NOT NULL,"                                   \
  " crossed_in BIGINT NOT NULL, crossed_out BIGINT NOT NULL, turn_backs BIGINT NOT NULL,"          \
  " pass_bys BIGINT NOT NULL,"                                                                     \
  " PRIMARY KEY (store_no, bucket, line_no, camera_no, scene_version)) WITHOUT ROWID;"

#define ZONE_TABLE(name, more)                                                                     \
  "CREATE TABLE " name " ("                                                                        \
  " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, zone_no INTEGER NOT NULL,"                  \
  " camera_no INTEGER NOT NULL, scene_version INTEGER NOT NULL,"                                   \
  " visits BIGINT NOT NULL, visitors BIGINT NOT NULL, engaged BIGINT NOT NULL,"                    \
  " dwell_ms BIGINT NOT NULL, known BIGINT NOT NULL, engaged_known BIGINT NOT NULL,"               \
  " peak INTEGER NOT NULL, dwell_sketch BLOB" more ","                                             \
  " PRIMARY KEY (store_no, bucket, zone_no, camera_no, scene_version)) WITHOUT ROWID;"

#define LANE_TABLE(name)                                                                           \
  "CREATE TABLE " name " ("                                                                        \
  " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, lane_no INTEGER NOT NULL,"                  \
  " camera_no INTEGER NOT NULL, scene_version INTEGER NOT NULL,"                                   \
  " joined BIGINT NOT NULL, waited BIGINT NOT NULL, in_target BIGINT NOT NULL,"                    \
  " wait_ms BIGINT NOT NULL, abandoned BIGINT NOT NULL,"                                           \
  " served BIGINT NOT NULL, service_ms BIGINT NOT NULL,"                                           \
  " length_n BIGINT NOT NULL, length_sum BIGINT NOT NULL, open_ms BIGINT NOT NULL,"                \
  " length_max BIGINT NOT NULL, wait_sketch BLOB, service_sketch BLOB,"                            \
  " PRIMARY KEY (store_no, bucket, lane_no, camera_no, scene_version)) WITHOUT ROWID;"

/* Hours and days of the store's own, made of the rows of 5 minutes when they are over, and again
 * when something late comes (store/rollup.h). They are empty here; whoever opens the database next
 * fills them from what it holds. */
const IvMigration iv_migration_0009_rollups = {
    9, "rollups",
    "ALTER TABLE stores ADD COLUMN hours_until BIGINT NOT NULL DEFAULT 0;" /* rows are there up to
                                                                            */
    "ALTER TABLE stores ADD COLUMN days_until BIGINT NOT NULL DEFAULT 0;"

    STORE_TABLE("kpi_hour_store", ", visitor_set BLOB") STORE_TABLE(
        "kpi_day_store", "") CAMERA_TABLE("kpi_hour_camera") CAMERA_TABLE("kpi_day_camera")
        LINE_TABLE("kpi_hour_line") LINE_TABLE("kpi_day_line") ZONE_TABLE(
            "kpi_hour_zone", ", visitor_set BLOB, engaged_set BLOB") ZONE_TABLE("kpi_day_zone", "")
            LANE_TABLE("kpi_hour_lane") LANE_TABLE("kpi_day_lane")

                "CREATE TABLE kpi_day_sales ("
                " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL,"
                " terminal_no INTEGER NOT NULL, lane TEXT NOT NULL,"
                " transactions BIGINT NOT NULL, itemised BIGINT NOT NULL, items BIGINT NOT NULL,"
                " revenue_minor BIGINT NOT NULL, refunds BIGINT NOT NULL, refunds_minor BIGINT NOT "
                "NULL,"
                " voids BIGINT NOT NULL, no_sales BIGINT NOT NULL, linked BIGINT NOT NULL,"
                " PRIMARY KEY (store_no, bucket, terminal_no, lane)) WITHOUT ROWID;"
                "CREATE TABLE kpi_day_category ("
                " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, category TEXT NOT NULL,"
                " items BIGINT NOT NULL, revenue_minor BIGINT NOT NULL, refunds_minor BIGINT NOT "
                "NULL,"
                " PRIMARY KEY (store_no, bucket, category)) WITHOUT ROWID;"
                "CREATE TABLE kpi_day_link ("
                " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, lane_no INTEGER NOT NULL,"
                " linked BIGINT NOT NULL,"
                " PRIMARY KEY (store_no, bucket, lane_no)) WITHOUT ROWID;"

                "CREATE TABLE heatmap_days ("
                " store_no INTEGER NOT NULL, camera_no INTEGER NOT NULL, bucket BIGINT NOT NULL,"
                " columns INTEGER NOT NULL, rows INTEGER NOT NULL, cell_mm INTEGER NOT NULL,"
                " tenths BIGINT NOT NULL, cells BLOB NOT NULL,"
                " PRIMARY KEY (store_no, camera_no, bucket, columns, rows, cell_mm));"
                "CREATE INDEX heatmap_days_by_time ON heatmap_days (store_no, bucket);"

                /* How many people, without the sets that they come from, which fill the pages. */
                "CREATE INDEX kpi_day_people_numbers ON kpi_day_people"
                " (store_no, day_from, zone_no, visitors, engaged);"

                /* What was bought together in an hour: store/basket_pack.h. */
                "CREATE TABLE basket_items ("
                " store_no INTEGER NOT NULL, item_no INTEGER NOT NULL, sku TEXT NOT NULL,"
                " PRIMARY KEY (store_no, item_no), UNIQUE (store_no, sku)) WITHOUT ROWID;"
                "CREATE TABLE basket_hours ("
                " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, baskets BLOB NOT NULL,"
                " PRIMARY KEY (store_no, bucket));"};
