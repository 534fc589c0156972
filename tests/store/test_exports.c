/* SPDX-License-Identifier: Apache-2.0 */
/* Clips that are to be saved: what they hold, and until when. */
#include "store/exports.h"

#include "ledger_fixture.h"
#include "store/segments.h"

#define T0 at("2026-03-29T10:00:00Z")

typedef struct {
  IvExport *export;
  IvTime start;
  gint64 no;
  gboolean fits;
} Job;

static gboolean add_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_exports_add(sql, "demo", ((Job *)arg)->export, error);
}

static gboolean hold_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_exports_hold(sql, "demo", ((Job *)arg)->export, error);
}

static gboolean begin_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_exports_begin(sql, "demo", job->export, &job->fits, error);
}

static gboolean settle_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_exports_settle(sql, job->export, &job->fits, error);
}

static gboolean close_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_exports_close(sql, ((Job *)arg)->no, IV_EXPORT_EXPIRED, "", error);
}

static gboolean remove_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_exports_remove(sql, "demo", job->no, &job->fits, error);
}

static gboolean recover_job(IvSql *sql, G_GNUC_UNUSED gpointer arg, GError **error) {
  return iv_exports_recover(sql, "demo", error);
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

static IvExport wish(IvTime from, IvTime to) {
  IvExport export = {.from = from,
                     .to = to,
                     .asked = T0,
                     .asked_by = g_strdup("mia"),
                     .part = 1,
                     .start = IV_TIME_NONE,
                     .end = IV_TIME_NONE,
                     .expires = IV_TIME_NONE};
  iv_slug_set(&export.camera_id, "door");
  return export;
}

static guint n_deletable(Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) oldest =
      iv_segments_oldest(fixture->store, "demo", IV_SEGMENTS_ANY, 100, &error);
  g_assert_no_error(error);
  return oldest->len;
}

static guint n_of(Fixture *fixture, IvExportsPick pick) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) rows =
      iv_exports_list(fixture->store, "demo", pick, 0, IV_EXPORTS_LIMIT_MAX, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  return rows->len;
}

static void fill(Fixture *fixture, guint first, guint n) {
  for (guint i = first; i < first + n; i++)
    run(fixture, segment_job, &(Job){.start = T0 + (IvTime)i * IV_MINUTE});
}

static void test_holds(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  fill(&fixture, 0, 5);
  g_auto(IvExport) first = wish(T0 + 90 * IV_SECOND, T0 + 150 * IV_SECOND);
  g_auto(IvExport) second = wish(T0 + 150 * IV_SECOND, T0 + 6 * IV_MINUTE);
  run(&fixture, add_job, &(Job){.export = &first});
  run(&fixture, add_job, &(Job){.export = &second});
  g_assert_cmpuint(n_deletable(&fixture), ==, 1);
  fill(&fixture, 5, 1); /* more of the second one's span has come */
  g_assert_cmpuint(n_deletable(&fixture), ==, 2);
  run(&fixture, hold_job, &(Job){.export = &second});
  g_assert_cmpuint(n_deletable(&fixture), ==, 1);
  Job job = {.export = &first};
  run(&fixture, begin_job, &job);
  g_assert_true(job.fits);
  first.state = IV_EXPORT_DONE;
  run(&fixture, settle_job, &job);
  g_assert_true(job.fits);
  g_assert_cmpuint(n_deletable(&fixture), ==, 2); /* the third is the other one's too */
  run(&fixture, hold_job, &(Job){.export = &first});
  g_assert_cmpuint(n_deletable(&fixture), ==, 2); /* it is not wanted any more */
  job = (Job){.no = second.no};
  run(&fixture, remove_job, &job);
  g_assert_true(job.fits);
  g_assert_cmpuint(n_deletable(&fixture), ==, 6);
  run(&fixture, remove_job, &job);
  g_assert_false(job.fits);
  fixture_tear_down(&fixture);
}

static void test_states(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  g_auto(IvExport) one = wish(T0, T0 + IV_MINUTE);
  g_auto(IvExport) found = {0}, none = {0};
  Job job = {.export = &one};
  run(&fixture, add_job, &job);
  run(&fixture, settle_job, &job); /* it was not begun */
  g_assert_false(job.fits);
  run(&fixture, begin_job, &job);
  run(&fixture, begin_job, &job);
  g_assert_false(job.fits);
  g_assert_cmpuint(n_of(&fixture, IV_EXPORTS_WAITING), ==, 0);
  IvExportGap gaps[] = {{T0 + IV_SECOND, T0 + 9 * IV_SECOND}, {T0 - 1, G_MAXINT64}};
  one.state = IV_EXPORT_DONE;
  one.reason = g_strdup("Something is missing.");
  one.start = T0 - 1;
  one.end = T0 + IV_MINUTE;
  one.bytes = G_GUINT64_CONSTANT(1) << 40;
  one.sha256 = g_strdup("00ff");
  one.gaps = g_array_new(FALSE, FALSE, sizeof(IvExportGap));
  g_array_append_vals(one.gaps, gaps, 2);
  one.expires = T0 + IV_DAY;
  run(&fixture, settle_job, &job);
  g_assert_true(job.fits);
  g_assert_true(iv_exports_get(fixture.store, "demo", one.no, IV_TIME_NONE, &found, &error));
  g_assert_cmpint(found.state, ==, IV_EXPORT_DONE);
  g_assert_cmpstr(found.camera_id.text, ==, "door");
  g_assert_cmpstr(found.reason, ==, one.reason);
  g_assert_cmpstr(found.asked_by, ==, "mia");
  g_assert_cmpint(found.start, ==, T0 - 1);
  g_assert_cmpint(found.end, ==, T0 + IV_MINUTE);
  g_assert_cmpuint(found.bytes, ==, one.bytes);
  g_assert_cmpstr(found.sha256, ==, "00ff");
  g_assert_cmpint(found.expires, ==, T0 + IV_DAY);
  g_assert_cmpmem(found.gaps->data, sizeof gaps, gaps, sizeof gaps);
  g_assert_cmpuint(n_of(&fixture, IV_EXPORTS_DONE), ==, 1);
  run(&fixture, close_job, &(Job){.no = one.no});
  g_assert_cmpuint(n_of(&fixture, IV_EXPORTS_DONE), ==, 0);
  g_assert_cmpuint(n_of(&fixture, IV_EXPORTS_ALL), ==, 1);
  g_assert_false(iv_exports_get(fixture.store, "demo", 99, IV_TIME_NONE, &none, &error));
  g_assert_no_error(error);
  fixture_tear_down(&fixture);
}

static void test_recover(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  fill(&fixture, 0, 4);
  g_auto(IvExport) one = wish(T0, T0 + IV_MINUTE), two = wish(T0, T0 + 2 * IV_MINUTE);
  g_auto(IvExport) later = wish(T0 + 3 * IV_MINUTE, T0 + 9 * IV_MINUTE);
  run(&fixture, add_job, &(Job){.export = &one});
  run(&fixture, add_job, &(Job){.export = &two});
  run(&fixture, add_job, &(Job){.export = &later});
  run(&fixture, begin_job, &(Job){.export = &two});
  fill(&fixture, 4, 1); /* before it ended, of the last one's span */
  g_assert_cmpuint(n_deletable(&fixture), ==, 2);
  run(&fixture, recover_job, NULL);
  g_assert_cmpuint(n_of(&fixture, IV_EXPORTS_WAITING), ==, 3);
  g_assert_cmpuint(n_deletable(&fixture), ==, 1);
  fixture_tear_down(&fixture);
}

static void test_bounds(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  g_auto(IvExport) one = wish(T0, T0 + IV_MINUTE);
  Job job = {.export = &one};
  for (guint i = 0; i < IV_EXPORTS_WAITING_MAX; i++)
    run(&fixture, add_job, &job);
  g_assert_false(iv_store_write(fixture.store, add_job, &job, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT);
  g_clear_error(&error);
  one.part = 2; /* the rest of one that was taken is taken too */
  run(&fixture, add_job, &job);
  iv_slug_set(&one.camera_id, "none");
  g_assert_false(iv_store_write(fixture.store, add_job, &job, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
  fixture_tear_down(&fixture);
}

static gboolean many_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  for (guint i = 0; i < IV_EXPORTS_ROWS_MAX; i++) {
    if (!iv_exports_add(sql, "demo", job->export, error) ||
        !iv_exports_begin(sql, "demo", job->export, &job->fits, error) ||
        !iv_exports_settle(sql, job->export, &job->fits, error))
      return FALSE;
  }
  return TRUE;
}

/* Those whose file is gone are forgotten one day; one that is there never is. */
static void test_forgotten(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  g_auto(IvExport) failed = wish(T0, T0 + IV_MINUTE), done = wish(T0, T0 + IV_MINUTE);
  g_auto(IvExport) found = {0};
  fixture_set_up(&fixture, "UTC");
  failed.state = IV_EXPORT_FAILED;
  done.state = IV_EXPORT_DONE;
  run(&fixture, add_job, &(Job){.export = &done});
  run(&fixture, begin_job, &(Job){.export = &done});
  run(&fixture, settle_job, &(Job){.export = &done});
  run(&fixture, many_job, &(Job){.export = &failed});
  run(&fixture, many_job, &(Job){.export = &failed});
  g_assert_true(iv_exports_get(fixture.store, "demo", 1, IV_TIME_NONE, &found, &error));
  g_assert_false(iv_exports_get(fixture.store, "demo", 2, IV_TIME_NONE, &found, &error));
  g_assert_no_error(error);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/exports/holds", test_holds);
  g_test_add_func("/exports/states", test_states);
  g_test_add_func("/exports/recover", test_recover);
  g_test_add_func("/exports/bounds", test_bounds);
  g_test_add_func("/exports/forgotten", test_forgotten);
  return g_test_run();
}
