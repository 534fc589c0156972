/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures and bundles in a folder as the archive: what goes there, what stays here, and what is
 * deleted when. */
#include <glib/gstdio.h>
#include <string.h>

#include "archive_rig.h"
#include "store/evidence.h"

#define PICTURE 300

/* ---- pictures ---- */

static void keep(Rig *rig, guint i, const char *camera, IvTime moment) {
  static const char letters[] = {'c', 'm', 's'};
  g_autoptr(GError) error = NULL;
  GBytes *files[IV_SNAPSHOT_FILES];
  IvSnapshot about = {.moment = moment, .frame_ts = moment};
  iv_slug_set(&about.camera_id, camera);
  about.event_id.bytes[0] = (guint8)(i + 1);
  strcpy(about.kind, "line.crossed");
  for (int k = 0; k < IV_SNAPSHOT_FILES; k++)
    files[k] = g_bytes_new_take(g_strnfill(PICTURE + i, letters[k]), PICTURE + i);
  g_auto(IvStill)
      still = {.clean = files[0], .marked = files[1], .thumbnail = files[2], .size = {64, 48}};
  iv_album_keep(rig->album, &about, &still, &error);
  g_assert_no_error(error);
}

/* By their moments. */
static GArray *pictures(const Rig *rig) {
  g_autoptr(GError) error = NULL;
  IvSnapshotQuery query = {
      .from = IV_TIME_NONE, .to = IV_TIME_NONE, .before = IV_TIME_NONE, .limit = 100};
  GArray *newest_first =
      iv_snapshots_list(rig->fixture.store, "demo", &query, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < newest_first->len / 2; i++) {
    IvSnapshot *a = &g_array_index(newest_first, IvSnapshot, i);
    IvSnapshot *b = &g_array_index(newest_first, IvSnapshot, newest_first->len - 1 - i);
    IvSnapshot c = *a;
    *a = *b;
    *b = c;
  }
  return newest_first;
}

static const IvSnapshot *picture(const GArray *rows, guint i) {
  g_assert_cmpuint(i, <, rows->len);
  return &g_array_index(rows, IvSnapshot, i);
}

/* How many of its three files. */
static guint files_in(const char *folder, const char *path) {
  guint n = 0;
  for (int k = 0; k < IV_SNAPSHOT_FILES; k++) {
    g_autofree char *name = iv_snapshot_file(path, (IvSnapshotFile)k);
    g_autofree char *full = g_build_filename(folder, name, NULL);
    n += g_file_test(full, G_FILE_TEST_EXISTS);
  }
  return n;
}

static guint here(const Rig *rig, const IvSnapshot *row) {
  g_autofree char *folder = g_build_filename(rig->fixture.dir, IV_ALBUM_FOLDER, NULL);
  return files_in(folder, row->path);
}

static guint there(const Rig *rig, const IvSnapshot *row) {
  g_autofree char *folder = g_build_filename(rig->away, "inveye/demo/snapshots", NULL);
  return files_in(folder, row->path);
}

typedef struct {
  IvTime from, to;
  const char *holder;
} Hold;

static gboolean hold(IvSql *sql, gpointer arg, GError **error) {
  const Hold *job = arg;
  return iv_snapshots_hold(sql, "demo", "door", job->from, job->to, NULL, job->holder, NULL, error);
}

static gboolean let_go(IvSql *sql, gpointer holder, GError **error) {
  return iv_snapshots_let_go(sql, holder, error);
}

static void test_pictures(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  for (guint i = 0; i < 30; i++) /* more than go in a round */
    keep(&rig, i, "door", T0 + i * IV_SECOND);
  rig_work(&rig, T0 + IV_HOUR);
  g_autoptr(GArray) rows = pictures(&rig);
  for (guint i = 0; i < 30; i++)
    g_assert_true(here(&rig, picture(rows, i)) == 3 && there(&rig, picture(rows, i)) == 3);
  g_assert_true(picture(rows, 0)->local && picture(rows, 0)->archived);
  rig_assert_count(&rig, IV_ARCHIVED_SNAPSHOT, 0, 30);
  g_assert_cmpstr(rig_stats_of(&rig).last_error, ==, "");
  rig_open(&rig); /* nothing is sent again */
  rig_work(&rig, T0 + IV_HOUR);
  g_assert_cmpuint(rig_stats_of(&rig).sent_files, ==, 0);
  rig_clear(&rig);
}

static void test_pictures_by_policy(void) {
  Rig rig;
  rig_new(&rig);
  rig.archive.snapshots = IV_ARCHIVE_SNAPSHOTS_HELD;
  rig_open(&rig);
  keep(&rig, 0, "door", T0);
  keep(&rig, 1, "door", T0 + IV_MINUTE);
  rig_work(&rig, T0 + IV_HOUR);
  rig_assert_count(&rig, IV_ARCHIVED_SNAPSHOT, 0, 0);
  rig_write_job(&rig, hold, &(Hold){T0, T0 + 1, "evidence:1"}); /* later than it was looked at */
  rig_work(&rig, T0 + IV_HOUR);
  rig_assert_count(&rig, IV_ARCHIVED_SNAPSHOT, 0, 1);
  rig.archive.snapshots = IV_ARCHIVE_SNAPSHOTS_ALL;
  rig.archive.cameras = (char *)"aisle";
  keep(&rig, 2, "aisle", T0 + 2 * IV_MINUTE);
  rig_open(&rig);
  rig_work(&rig, T0 + IV_HOUR);
  rig_assert_count(&rig, IV_ARCHIVED_SNAPSHOT, 0, 2); /* the held one, and of the camera */
  rig.archive.cameras = NULL;
  rig.archive.snapshots = IV_ARCHIVE_SNAPSHOTS_OFF;
  keep(&rig, 3, "door", T0 + 3 * IV_MINUTE);
  rig_open(&rig);
  rig_work(&rig, T0 + IV_HOUR);
  rig_assert_count(&rig, IV_ARCHIVED_SNAPSHOT, 0, 2);
  rig_clear(&rig);
}

/* Here after its own `keep`, there after the archive's; what is held goes nowhere, and what is only
 * there is read from there, after a restart too. */
static void test_pictures_kept(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  for (guint i = 0; i < 3; i++)
    keep(&rig, i, "door", T0 + i * IV_MINUTE);
  rig_write_job(&rig, hold, &(Hold){T0 + IV_MINUTE, T0 + IV_MINUTE + 1, "evidence:1"});
  rig_work(&rig, T0 + IV_HOUR);
  iv_album_retain(rig.album, T0 + 11 * IV_DAY, TRUE, &rig_never);
  rig_open(&rig);
  g_autoptr(GArray) rows = pictures(&rig);
  g_assert_cmpuint(rows->len, ==, 3);
  g_assert_true(here(&rig, picture(rows, 0)) == 0 && here(&rig, picture(rows, 1)) == 3);
  g_assert_true(!picture(rows, 0)->local && picture(rows, 0)->archived);
  g_autoptr(IvFetcher) fetcher = rig_fetcher_of(&rig, 0);
  g_autoptr(GError) away = NULL;
  g_autofree char *aside = g_strconcat(rig.away, ".aside", NULL);
  g_assert_cmpint(g_rename(rig.away, aside), ==, 0);
  g_assert_null(iv_fetcher_picture(fetcher, picture(rows, 0), IV_SNAPSHOT_MARKED, &away));
  g_assert_nonnull(strstr(away->message, "only in the archive, and can't be fetched now"));
  g_assert_cmpint(g_rename(aside, rig.away), ==, 0);
  g_autoptr(GBytes) bytes = iv_fetcher_picture(fetcher, picture(rows, 0), IV_SNAPSHOT_MARKED, NULL);
  g_assert_nonnull(bytes);
  g_assert_cmpuint(g_bytes_get_size(bytes), ==, PICTURE);
  g_assert_cmpint(((const char *)g_bytes_get_data(bytes, NULL))[7], ==, 'm');
  rig_work(&rig, T0 + 31 * IV_DAY);
  g_assert_true(there(&rig, picture(rows, 0)) == 0 && there(&rig, picture(rows, 1)) == 3);
  g_autoptr(GArray) left = pictures(&rig);
  g_assert_cmpuint(left->len, ==, 1);
  rig_write_job(&rig, let_go, (gpointer) "evidence:1");
  iv_album_retain(rig.album, T0 + 31 * IV_DAY, TRUE, &rig_never);
  rig_work(&rig, T0 + 31 * IV_DAY);
  g_autoptr(GArray) none = pictures(&rig);
  g_assert_cmpuint(none->len, ==, 0);
  g_assert_true(there(&rig, picture(rows, 1)) == 0);
  rig_assert_count(&rig, IV_ARCHIVED_SNAPSHOT, 0, 0);
  rig_clear(&rig);
}

/* In the archive alone; but not before they are there, and not what is held. */
static void test_pictures_only_there(void) {
  Rig rig;
  rig_new(&rig);
  rig.archive.keep_local = FALSE;
  rig_open(&rig);
  for (guint i = 0; i < 2; i++)
    keep(&rig, i, "door", T0 + i * IV_MINUTE);
  rig_write_job(&rig, hold, &(Hold){T0, T0 + 1, "evidence:1"});
  iv_album_retain(rig.album, T0 + IV_HOUR, TRUE, &rig_never);
  g_autoptr(GArray) rows = pictures(&rig);
  g_assert_true(here(&rig, picture(rows, 1)) == 3);
  rig_work(&rig, T0 + IV_HOUR);
  iv_album_retain(rig.album, T0 + IV_HOUR, TRUE, &rig_never);
  g_assert_true(here(&rig, picture(rows, 0)) == 3 && here(&rig, picture(rows, 1)) == 0);
  iv_album_open(rig.album, NULL);
  g_autoptr(GArray) after = pictures(&rig);
  g_assert_cmpuint(after->len, ==, 2);
  g_assert_cmpuint(rig_stats_of(&rig).totals.only_there, ==, 0); /* as it was when it worked */
  rig_work(&rig, T0 + IV_HOUR);
  g_assert_cmpuint(rig_stats_of(&rig).totals.only_there, ==, 1);
  rig_clear(&rig);
}

/* What waits stays, though it is old; without room what is stored goes first. */
static void test_pictures_without_room(void) {
  Rig rig;
  IvAlbumStats stats;
  rig_new(&rig);
  rig_open(&rig);
  keep(&rig, 0, "door", T0 + IV_MINUTE);
  rig_work(&rig, T0 + IV_HOUR);
  keep(&rig, 1, "door", T0);
  keep(&rig, 2, "door", T0 + 1);
  iv_album_retain(rig.album, T0 + 11 * IV_DAY, TRUE, &rig_never);
  g_autoptr(GArray) rows = pictures(&rig);
  g_assert_true(here(&rig, picture(rows, 0)) == 3 && here(&rig, picture(rows, 2)) == 0);
  rig.snapshots.keep_gb = 4.5 * PICTURE / 1e9;
  rig_open(&rig);
  iv_album_retain(rig.album, T0 + 11 * IV_DAY, TRUE, &rig_never);
  g_assert_true(here(&rig, picture(rows, 0)) == 0 && here(&rig, picture(rows, 1)) == 3);
  iv_album_stats(rig.album, &stats);
  g_assert_cmpuint(stats.unarchived, ==, 1);
  rig_clear(&rig);
}

/* A picture that was changed on the disk is not archived as if it were what was stored. */
static void test_changed_picture(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  keep(&rig, 0, "door", T0);
  keep(&rig, 1, "door", T0 + IV_MINUTE);
  g_autoptr(GArray) rows = pictures(&rig);
  g_autofree char *name = iv_snapshot_file(picture(rows, 0)->path, IV_SNAPSHOT_CLEAN);
  g_autofree char *full = g_build_filename(rig.fixture.dir, IV_ALBUM_FOLDER, name, NULL);
  g_file_set_contents(full, "another", -1, NULL);
  IvArchiverMoment moment = {.now = T0 + IV_HOUR, .monotonic = g_get_monotonic_time() + IV_DAY};
  for (guint i = 0; i < 5; i++)
    iv_archiver_work(rig.archiver, &moment);
  rig_assert_count(&rig, IV_ARCHIVED_SNAPSHOT, 1, 1);
  g_assert_cmpuint(rig_stats_of(&rig).skipped, ==, 1);
  g_autoptr(GArray) after = pictures(&rig);
  g_assert_true(!picture(after, 0)->archived && picture(after, 1)->archived);
  rig_clear(&rig);
}

/* ---- bundles ---- */

static gboolean add_case(IvSql *sql, gpointer evidence, GError **error) {
  return iv_evidence_add(sql, "demo", evidence, error);
}

static gboolean settle_case(IvSql *sql, gpointer evidence, GError **error) {
  gboolean fits;
  return iv_evidence_settle(sql, evidence, &fits, error) && fits;
}

static gboolean again(IvSql *sql, gpointer no, GError **error) {
  gboolean fits;
  return iv_evidence_again(sql, "demo", *(gint64 *)no, &fits, error) && fits;
}

static gboolean release(IvSql *sql, gpointer no, GError **error) {
  gboolean fits;
  return iv_evidence_release(sql, "demo", *(gint64 *)no, T0, "mia", "over", &fits, error) && fits;
}

/* A bundle on the disk, and its row; `text` is what is in it. */
static void bundle(const Rig *rig, IvEvidence *evidence, const char *text) {
  g_autofree char *folder = g_build_filename(rig->fixture.dir, "evidence", NULL);
  g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT ".zip", evidence->no);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_mkdir_with_parents(folder, 0700);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  evidence->state = IV_EVIDENCE_READY;
  evidence->bundle_bytes = strlen(text);
  evidence->bundled = T0 + IV_HOUR;
  g_free(evidence->bundle_sha256);
  evidence->bundle_sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
  rig_write_job(rig, settle_case, evidence);
}

static char *bundle_there(const Rig *rig, const IvEvidence *evidence) {
  char *text = NULL;
  g_autofree char *path =
      g_strdup_printf("%s/inveye/demo/evidence/%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT ".zip",
                      rig->away, evidence->no, evidence->made);
  g_file_get_contents(path, &text, NULL, NULL);
  return text;
}

static gboolean is_archived(const Rig *rig, gint64 no) {
  g_auto(IvEvidence) row = {0};
  g_assert_true(iv_evidence_get(rig->fixture.store, "demo", no, IV_TIME_NONE, &row, NULL));
  return row.archived;
}

static void test_bundles(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  g_auto(IvEvidence) evidence = {.title = g_strdup("Bag"),
                                 .note = g_strdup(""),
                                 .from = T0,
                                 .to = T0 + IV_MINUTE,
                                 .made = T0 + IV_HOUR,
                                 .made_by = g_strdup("mia"),
                                 .bundled = IV_TIME_NONE,
                                 .released = IV_TIME_NONE};
  iv_slug_set(&evidence.camera_id, "door");
  rig_write_job(&rig, add_case, &evidence);
  rig_work(&rig, T0 + 2 * IV_HOUR);
  rig_assert_count(&rig, IV_ARCHIVED_EVIDENCE, 0, 0); /* it is not made yet */
  bundle(&rig, &evidence, "first");
  rig_work(&rig, T0 + 2 * IV_HOUR);
  rig_assert_count(&rig, IV_ARCHIVED_EVIDENCE, 0, 1);
  g_autofree char *first = bundle_there(&rig, &evidence);
  g_assert_cmpstr(first, ==, "first");
  g_assert_true(is_archived(&rig, evidence.no));
  rig_write_job(&rig, again, &evidence.no);
  bundle(&rig, &evidence, "second");
  g_assert_false(is_archived(&rig, evidence.no)); /* what is there is not this one */
  rig_work(&rig, T0 + 400 * IV_DAY);              /* however old: it is held */
  g_autofree char *second = bundle_there(&rig, &evidence);
  g_assert_cmpstr(second, ==, "second");
  g_assert_true(is_archived(&rig, evidence.no));
  rig_write_job(&rig, release, &evidence.no);
  rig_work(&rig, T0 + 400 * IV_DAY);
  g_assert_null(bundle_there(&rig, &evidence));
  rig_assert_count(&rig, IV_ARCHIVED_EVIDENCE, 0, 0);
  rig_clear(&rig);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
  g_test_add_func("/archive-kinds/pictures", test_pictures);
  g_test_add_func("/archive-kinds/pictures-by-policy", test_pictures_by_policy);
  g_test_add_func("/archive-kinds/pictures-kept", test_pictures_kept);
  g_test_add_func("/archive-kinds/pictures-only-there", test_pictures_only_there);
  g_test_add_func("/archive-kinds/pictures-without-room", test_pictures_without_room);
  g_test_add_func("/archive-kinds/changed-picture", test_changed_picture);
  g_test_add_func("/archive-kinds/bundles", test_bundles);
  return g_test_run();
}
