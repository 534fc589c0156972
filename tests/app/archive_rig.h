/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/album.h"
#include "app/archiver.h"
#include "app/fetcher.h"
#include "store/ledger_fixture.h"

/* A store with recordings and pictures, and a folder as its archive, for tests: a real database and
 * real files. */

#define T0 at("2026-03-29T10:00:00Z")

typedef struct {
  Fixture fixture;
  IvRecordingConfig recording;
  IvSnapshotConfig snapshots;
  IvArchiveConfig archive;
  IvRecordings *recordings;
  IvAlbum *album;
  IvArchiver *archiver;
  char *folder, *away;
} Rig;

extern gint rig_never; /* nobody stops */

void rig_new(Rig *rig);
void rig_open(Rig *rig); /* as at a start of the program */
void rig_clear(Rig *rig);

/* Until nothing is to be done at once. */
void rig_work(Rig *rig, IvTime now);
IvArchiverStats rig_stats_of(const Rig *rig);
void rig_assert_count(const Rig *rig, IvArchivedKind kind, guint64 waiting, guint64 stored);
void rig_write_job(const Rig *rig, IvStoreJob job, gpointer arg);
IvFetcher *rig_fetcher_of(const Rig *rig, guint64 bytes_max);
void rig_remove_all(const char *path);
