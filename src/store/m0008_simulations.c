/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

/* Stores that are acted out (docs/simulator.md), and stays found by when they ended: who was in a
 * zone at a time is looked for among the latest stays, not among all of a day, and in the index
 * alone. */
const IvMigration iv_migration_0008_simulations = {
    8, "simulations",
    "CREATE TABLE simulations ("
    " store_no INTEGER PRIMARY KEY REFERENCES stores (store_no),"
    " scenario TEXT NOT NULL," /* its name */
    " digest TEXT NOT NULL,"   /* SHA-256 of the scenario file */
    " seed BIGINT NOT NULL,"
    " from_ts BIGINT NOT NULL,"
    " until_ts BIGINT NOT NULL);" /* everything before it is in the ledger */

    "DROP INDEX events_by_zone;"
    "CREATE INDEX events_by_zone ON events"
    " (store_no, zone_no, end_ts, kind_no, camera_no, scene_version)"
    " WHERE zone_no IS NOT NULL AND end_ts IS NOT NULL;"};
