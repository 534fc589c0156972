/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/migrations.h"

/* The migrations, a file each; their order is the table in migrations.c. */
extern const IvMigration iv_migration_0001_ledger;
extern const IvMigration iv_migration_0002_accounts;
extern const IvMigration iv_migration_0003_lanes;
extern const IvMigration iv_migration_0004_sales;
extern const IvMigration iv_migration_0005_visits;
extern const IvMigration iv_migration_0006_heat;
extern const IvMigration iv_migration_0007_links;
extern const IvMigration iv_migration_0008_simulations;
extern const IvMigration iv_migration_0009_rollups;
extern const IvMigration iv_migration_0010_groups;
extern const IvMigration iv_migration_0011_capacity;
extern const IvMigration iv_migration_0012_plan_sights;
extern const IvMigration iv_migration_0013_camera_setups;
extern const IvMigration iv_migration_0014_segments;
extern const IvMigration iv_migration_0015_snapshots;
extern const IvMigration iv_migration_0016_evidence;
extern const IvMigration iv_migration_0017_archive;
extern const IvMigration iv_migration_0018_exports;
extern const IvMigration iv_migration_0019_archive_all;
extern const IvMigration iv_migration_0020_journeys;
extern const IvMigration iv_migration_0021_paths;
extern const IvMigration iv_migration_0022_count_audits;
