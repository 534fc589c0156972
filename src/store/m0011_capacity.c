/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

#define OVER_COLUMN(table)                                                                         \
  "ALTER TABLE " table " ADD COLUMN over_capacity_ms BIGINT NOT NULL DEFAULT 0;"

/* All finished events of too many people: `no` is the bucket by number, from the first that the
 * event touches to its last. */
#define PARTS                                                                                      \
  "WITH RECURSIVE parts (store_no, zone_no, camera_no, scene_version, ts, end_ts, no) AS ("        \
  " SELECT e.store_no, zone_no, camera_no, scene_version, ts, end_ts, ts / 300000000"              \
  " FROM stores s CROSS JOIN events e ON e.store_no = s.store_no AND e.kind_no = (SELECT kind_no " \
  "FROM event_kinds WHERE name = 'zone.over_capacity')"                                            \
  " WHERE end_ts > ts UNION ALL"                                                                   \
  " SELECT store_no, zone_no, camera_no, scene_version, ts, end_ts, no + 1 FROM parts"             \
  " WHERE (no + 1) * 300000000 < end_ts) "

/* For how long there were too many people in a zone. Counted from the events that are there, as
 * kpi/bucket.c counts those to come; where there are any, hours and days are made anew by whoever
 * opens the database next. Rows that were deleted stay away. */
const IvMigration iv_migration_0011_capacity = {
    11, "capacity",
    OVER_COLUMN("kpi_5min_zone") OVER_COLUMN("kpi_hour_zone") OVER_COLUMN("kpi_day_zone")

        "INSERT INTO kpi_5min_zone (store_no, bucket, zone_no, camera_no, scene_version, visits,"
        " visitors, engaged, dwell_ms, over_capacity_ms) " PARTS
        "SELECT p.store_no, no * 300000000, zone_no, camera_no, scene_version, 0, 0, 0, 0,"
        " sum(min(end_ts, (no + 1) * 300000000) / 1000 - max(ts, no * 300000000) / 1000)"
        " FROM parts p JOIN stores s ON s.store_no = p.store_no"
        " WHERE no * 300000000 >= s.buckets_from"
        " GROUP BY p.store_no, no, zone_no, camera_no, scene_version"
        " ON CONFLICT (store_no, bucket, zone_no, camera_no, scene_version)"
        " DO UPDATE SET over_capacity_ms = excluded.over_capacity_ms;"

        "UPDATE stores SET hours_until = 0, days_until = 0 WHERE store_no IN"
        " (SELECT store_no FROM kpi_5min_zone WHERE over_capacity_ms > 0);"};
