/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_rig.h"

#include <glib/gstdio.h>
#include <string.h>

gint rig_never;

void rig_remove_all(const char *path) {
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    rig_remove_all(inner);
  }
  g_remove(path);
}

void rig_new(Rig *rig) {
  memset(rig, 0, sizeof *rig);
  fixture_set_up(&rig->fixture, "UTC");
  rig->folder = g_build_filename(rig->fixture.dir, "rec", NULL);
  rig->away = g_build_filename(rig->fixture.dir, "archive", NULL);
  rig->recording = (IvRecordingConfig){.folder = rig->folder, .keep = 7 * IV_DAY};
  rig->snapshots = (IvSnapshotConfig){.keep = 10 * IV_DAY};
  rig->archive = (IvArchiveConfig){.target = IV_ARCHIVE_FOLDER,
                                   .folder = rig->away,
                                   .prefix = "inveye",
                                   .recordings = IV_ARCHIVE_RECORDINGS_ALL,
                                   .snapshots = IV_ARCHIVE_SNAPSHOTS_ALL,
                                   .evidence = TRUE,
                                   .keep_local = TRUE,
                                   .keep = 30 * IV_DAY};
}

static void rig_close(Rig *rig) {
  g_clear_pointer(&rig->archiver, iv_archiver_free);
  g_clear_pointer(&rig->album, iv_album_free);
  g_clear_pointer(&rig->recordings, iv_recordings_free);
}

/* As at a start of the program. */
void rig_open(Rig *rig) {
  g_autoptr(GError) error = NULL;
  IvRecordingsRepair repair;
  rig_close(rig);
  rig->recordings =
      iv_recordings_new(&rig->recording, "demo", rig->fixture.dir, rig->fixture.store);
  iv_recordings_set_archive(rig->recordings, &rig->archive);
  iv_recordings_open(rig->recordings, &repair, &error);
  g_assert_no_error(error);
  rig->album = iv_album_new(&rig->snapshots, "demo", rig->fixture.dir, rig->fixture.store);
  iv_album_set_archive(rig->album, &rig->archive);
  iv_album_open(rig->album, &error);
  g_assert_no_error(error);
  IvArchiverOptions options = {.config = &rig->archive,
                               .store_id = "demo",
                               .time_zone = "UTC",
                               .data_dir = rig->fixture.dir,
                               .store = rig->fixture.store,
                               .recordings = rig->recordings};
  rig->archiver = iv_archiver_new(&options);
}

void rig_clear(Rig *rig) {
  static const char *const folders[] = {IV_ALBUM_FOLDER, "evidence", IV_FETCHER_FOLDER, "archive",
                                        "rec"};
  rig_close(rig);
  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *path = g_build_filename(rig->fixture.dir, folders[i], NULL);
    rig_remove_all(path);
  }
  g_free(rig->folder);
  g_free(rig->away);
  fixture_tear_down(&rig->fixture);
}

static IvTime tick; /* each look comes late enough for everything */

void rig_work(Rig *rig, IvTime now) {
  guint n = 1;
  IvArchiverMoment moment = {.now = now, .now_is_right = TRUE};
  do
    moment.monotonic = g_get_monotonic_time() + (tick += IV_DAY);
  while (iv_archiver_work(rig->archiver, &moment) && n++ < 1000);
  g_assert_cmpuint(n, <, 1000);
}

IvArchiverStats rig_stats_of(const Rig *rig) {
  IvArchiverStats stats;
  iv_archiver_stats(rig->archiver, &stats);
  return stats;
}

void rig_assert_count(const Rig *rig, IvArchivedKind kind, guint64 waiting, guint64 stored) {
  IvArchiverStats stats = rig_stats_of(rig);
  g_assert_cmpuint(stats.totals.kinds[kind].waiting, ==, waiting);
  g_assert_cmpuint(stats.totals.kinds[kind].stored, ==, stored);
}

void rig_write_job(const Rig *rig, IvStoreJob job, gpointer arg) {
  g_autoptr(GError) error = NULL;
  iv_store_write(rig->fixture.store, job, arg, &error);
  g_assert_no_error(error);
}

IvFetcher *rig_fetcher_of(const Rig *rig, guint64 bytes_max) {
  IvFetcherOptions options = {.store = rig->fixture.store,
                              .recordings = rig->recordings,
                              .album = rig->album,
                              .archiver = rig->archiver,
                              .store_id = "demo",
                              .data_dir = rig->fixture.dir,
                              .bytes_max = bytes_max};
  return iv_fetcher_new(&options);
}
