/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of evidence: what they hold, and until when. */
#include "store/evidence.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "ledger_fixture.h"
#include "store/key_file.h"
#include "store/segments.h"
#include "store/sign_key.h"

#define T0 at("2026-03-29T10:00:00Z")

typedef struct {
  IvEvidence *evidence;
  gint64 no;
  IvTime start;
  gboolean fits;
} Job;

static gboolean add_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_evidence_add(sql, "demo", ((Job *)arg)->evidence, error);
}

static gboolean hold_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_evidence_hold(sql, "demo", ((Job *)arg)->evidence, error);
}

static gboolean settle_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_evidence_settle(sql, job->evidence, &job->fits, error);
}

static gboolean again_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_evidence_again(sql, "demo", job->no, &job->fits, error);
}

static gboolean release_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_evidence_release(sql, "demo", job->no, T0, "mia", "over", &job->fits, error);
}

static gboolean segment_job(IvSql *sql, gpointer arg, GError **error) {
  IvTime start = ((Job *)arg)->start;
  g_autofree char *path = g_strdup_printf("door/20260329/%" G_GINT64_FORMAT ".mp4", start);
  IvSegment segment = {.path = path,
                       .start = start,
                       .end = start + IV_MINUTE,
                       .length = IV_MINUTE,
                       .codec = "H.264",
                       .bytes = 1000,
                       .init_bytes = 700,
                       .closed = TRUE};
  iv_slug_set(&segment.camera_id, "door");
  return iv_segments_put(sql, "demo", &segment, error);
}

static void run(Fixture *fixture, IvStoreJob job, gpointer arg) {
  g_autoptr(GError) error = NULL;
  iv_store_write(fixture->store, job, arg, &error);
  g_assert_no_error(error);
}

static IvEvidence wish(IvTime from, IvTime to) {
  IvEvidence evidence = {.title = g_strdup("Bag"),
                         .note = g_strdup(""),
                         .from = from,
                         .to = to,
                         .made = T0,
                         .made_by = g_strdup("mia"),
                         .bundled = IV_TIME_NONE,
                         .released = IV_TIME_NONE};
  iv_slug_set(&evidence.camera_id, "door");
  return evidence;
}

static guint n_deletable(Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) oldest = iv_segments_oldest(fixture->store, "demo", FALSE, 100, &error);
  g_assert_no_error(error);
  return oldest->len;
}

static void fill(Fixture *fixture, guint first, guint n) {
  for (guint i = first; i < first + n; i++)
    run(fixture, segment_job, &(Job){.start = T0 + (IvTime)i * IV_MINUTE});
}

static void test_holds(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  fill(&fixture, 0, 5);
  g_assert_cmpuint(n_deletable(&fixture), ==, 5);
  g_auto(IvEvidence) first = wish(T0 + 90 * IV_SECOND, T0 + 150 * IV_SECOND);
  g_auto(IvEvidence) second = wish(T0 + 150 * IV_SECOND, T0 + 6 * IV_MINUTE);
  run(&fixture, add_job, &(Job){.evidence = &first});
  run(&fixture, add_job, &(Job){.evidence = &second});
  g_assert_cmpint(first.no, ==, 1);
  g_assert_cmpint(second.no, ==, 2);
  g_assert_cmpuint(n_deletable(&fixture), ==, 1);
  fill(&fixture, 5, 1); /* more of the second one's span has come */
  g_assert_cmpuint(n_deletable(&fixture), ==, 2);
  run(&fixture, hold_job, &(Job){.evidence = &second});
  g_assert_cmpuint(n_deletable(&fixture), ==, 1);
  Job release = {.no = 1};
  run(&fixture, release_job, &release);
  g_assert_true(release.fits);
  g_assert_cmpuint(n_deletable(&fixture), ==, 2); /* the third is the other one's too */
  run(&fixture, release_job, &release);
  g_assert_false(release.fits);
  release.no = 99;
  run(&fixture, release_job, &release);
  g_assert_false(release.fits);
  fixture_tear_down(&fixture);
}

static void test_states(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  g_auto(IvEvidence) one = wish(T0, T0 + IV_MINUTE);
  g_auto(IvEvidence) found = {0}, last = {0};
  one.has_event = TRUE;
  memset(one.event_id.bytes, 7, sizeof one.event_id.bytes);
  run(&fixture, add_job, &(Job){.evidence = &one});
  g_autoptr(GArray) waiting =
      iv_evidence_list(fixture.store, "demo", G_MAXINT64, TRUE, 10, IV_TIME_NONE, &error);
  g_assert_cmpuint(waiting->len, ==, 1);
  one.state = IV_EVIDENCE_READY;
  one.bundled = T0 + IV_HOUR;
  one.bundle_bytes = 1234;
  one.bundle_sha256 = g_strdup("abc");
  one.clips = 2;
  Job job = {.evidence = &one, .no = one.no};
  run(&fixture, settle_job, &job);
  g_assert_true(job.fits);
  g_assert_true(iv_evidence_get(fixture.store, "demo", one.no, IV_TIME_NONE, &found, &error));
  g_assert_cmpint(found.state, ==, IV_EVIDENCE_READY);
  g_assert_cmpstr(found.title, ==, "Bag");
  g_assert_cmpstr(found.bundle_sha256, ==, "abc");
  g_assert_cmpuint(found.bundle_bytes, ==, 1234);
  g_assert_cmpuint(found.clips, ==, 2);
  g_assert_true(found.has_event);
  g_assert_cmpmem(found.event_id.bytes, 16, one.event_id.bytes, 16);
  run(&fixture, settle_job, &job);
  g_assert_false(job.fits); /* it waits for nothing */
  run(&fixture, again_job, &job);
  g_assert_true(job.fits);
  run(&fixture, release_job, &job);
  g_assert_true(job.fits);
  run(&fixture, settle_job, &job);
  g_assert_false(job.fits); /* it was released while its bundle was made */
  run(&fixture, again_job, &job);
  g_assert_false(job.fits);
  g_assert_true(iv_evidence_get(fixture.store, "demo", one.no, IV_TIME_NONE, &last, &error));
  g_assert_cmpint(last.state, ==, IV_EVIDENCE_RELEASED);
  g_assert_cmpstr(last.released_by, ==, "mia");
  g_assert_cmpstr(last.release_reason, ==, "over");
  g_assert_false(iv_evidence_get(fixture.store, "demo", 99, IV_TIME_NONE, &last, &error));
  g_assert_no_error(error);
  fixture_tear_down(&fixture);
}

static void test_unknown_camera(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  g_auto(IvEvidence) one = wish(T0, T0 + IV_MINUTE);
  iv_slug_set(&one.camera_id, "nowhere");
  g_assert_false(iv_store_write(fixture.store, add_job, &(Job){.evidence = &one}, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
  fixture_tear_down(&fixture);
}

/* ---- the key ---- */

static void test_key(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp("inveye-key-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "evidence.key", NULL);
  guint8 one[IV_SIGN_SIGNATURE_BYTES], two[IV_SIGN_SIGNATURE_BYTES];
  g_autoptr(IvSignKey) key = iv_sign_key_open(path, &error);
  g_assert_no_error(error);
  g_autoptr(IvSignKey) again = iv_sign_key_open(path, &error);
  g_assert_cmpmem(iv_sign_key_public(key), 32, iv_sign_key_public(again), 32);
  iv_sign_key_sign(key, "text", 4, one);
  iv_sign_key_sign(again, "text", 4, two);
  g_assert_cmpmem(one, 64, two, 64);
  GStatBuf info;
  g_assert_cmpint(g_stat(path, &info), ==, 0);
  g_assert_cmphex(info.st_mode & 0777, ==, 0600);
  g_assert_cmpint(g_chmod(path, 0644), ==, 0);
  g_assert_null(iv_sign_key_open(path, &error));
  g_assert_error(error, IV_KEY_FILE_ERROR, IV_KEY_FILE_ERROR_FAILED);
  g_clear_error(&error);
  g_assert_true(g_file_set_contents(path, "short", 5, NULL));
  g_chmod(path, 0600);
  g_assert_null(iv_sign_key_open(path, &error));
  g_assert_nonnull(strstr(error->message, "another fingerprint"));
  g_remove(path);
  g_rmdir(dir);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/evidence/holds", test_holds);
  g_test_add_func("/evidence/states", test_states);
  g_test_add_func("/evidence/unknown-camera", test_unknown_camera);
  g_test_add_func("/evidence/key", test_key);
  return g_test_run();
}
