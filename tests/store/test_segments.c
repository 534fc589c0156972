/* SPDX-License-Identifier: Apache-2.0 */
/* The index of recorded files: who may delete what, and what is found. */
#include "store/segments.h"

#include "ledger_fixture.h"

#define T0 at("2026-03-29T10:00:00Z")

typedef struct {
  const IvSegment *put;
  gint64 no;
  const char *camera, *holder;
  IvTime from, to;
  gboolean doomed;
  guint n;
  char *mark;
  const char *fresh;
  gboolean replace;
} Job;

static gboolean put_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_segments_put(sql, "demo", ((Job *)arg)->put, error);
}

static gboolean doom_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_segments_doom(sql, job->no, &job->doomed, error);
}

static gboolean remove_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_segments_remove(sql, ((Job *)arg)->no, error);
}

static gboolean hold_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_segments_hold(sql, "demo", job->camera, job->from, job->to, job->holder, &job->n,
                          error);
}

static gboolean let_go_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_segments_let_go(sql, ((Job *)arg)->holder, error);
}

static gboolean let_go_all_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_segments_let_go_all(sql, ((Job *)arg)->holder, error);
}

static gboolean mark_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_segments_mark(sql, "demo", job->fresh, job->replace, &job->mark, error);
}

static void run(Fixture *fixture, IvStoreJob job, Job *arg) {
  g_autoptr(GError) error = NULL;
  iv_store_write(fixture->store, job, arg, &error);
  g_assert_no_error(error);
}

static void put(Fixture *fixture, const char *camera, IvTime start, IvTime length,
                gboolean closed) {
  g_autofree char *path = g_strdup_printf("%s/20260329/%" G_GINT64_FORMAT ".mp4", camera, start);
  g_autoptr(GBytes) pieces = g_bytes_new_static("0123456789ab", 12);
  IvSegment segment = {.path = path,
                       .start = start,
                       .end = start + length,
                       .length = length,
                       .codec = "H.264",
                       .size = {320, 240},
                       .bytes = 1000,
                       .init_bytes = 700,
                       .closed = closed,
                       .pieces = pieces};
  iv_slug_set(&segment.camera_id, camera);
  run(fixture, put_job, &(Job){.put = &segment});
}

static GArray *list(Fixture *fixture, const IvSegmentQuery *query) {
  g_autoptr(GError) error = NULL;
  GArray *found = iv_segments_list(fixture->store, "demo", query, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  return found;
}

static IvSegmentQuery door(IvTime from, IvTime to) {
  return (IvSegmentQuery){
      .camera_id = "door", .from = from, .to = to, .after = IV_TIME_NONE, .limit = 100};
}

static gint64 number_at(Fixture *fixture, IvTime start) {
  IvSegmentQuery query = door(start, start + 1);
  g_autoptr(GArray) found = list(fixture, &query);
  g_assert_cmpuint(found->len, ==, 1);
  return g_array_index(found, IvSegment, 0).no;
}

static void fill(Fixture *fixture, guint n) {
  for (guint i = 0; i < n; i++)
    put(fixture, "door", T0 + (IvTime)i * IV_MINUTE, IV_MINUTE, TRUE);
}

static void test_list(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  fill(&fixture, 10);
  put(&fixture, "aisle", T0, IV_MINUTE, TRUE);
  IvSegmentQuery query = door(T0 + 2 * IV_MINUTE, T0 + 5 * IV_MINUTE);
  g_autoptr(GArray) range = list(&fixture, &query);
  g_assert_cmpuint(range->len, ==, 3); /* half open at both ends */
  g_assert_cmpint(g_array_index(range, IvSegment, 0).start, ==, T0 + 2 * IV_MINUTE);
  g_assert_null(g_array_index(range, IvSegment, 0).pieces);
  query = door(0, G_MAXINT64 / 2);
  query.limit = 4;
  query.with_pieces = TRUE;
  guint n = 0;
  for (;;) { /* page by page, each once */
    g_autoptr(GArray) page = list(&fixture, &query);
    for (guint i = 0; i < page->len; i++) {
      const IvSegment *segment = &g_array_index(page, IvSegment, i);
      g_assert_cmpint(segment->start, ==, T0 + (IvTime)n++ * IV_MINUTE);
      g_assert_cmpstr(segment->codec, ==, "H.264");
      g_assert_cmpint(segment->size.width, ==, 320);
      g_assert_cmpuint(g_bytes_get_size(segment->pieces), ==, 12);
      query.after = segment->start;
      query.after_no = segment->no;
    }
    if (page->len < query.limit)
      break;
  }
  g_assert_cmpuint(n, ==, 10);
  fixture_tear_down(&fixture);
}

/* The same path again is the same row. */
static void test_growth(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  put(&fixture, "door", T0, IV_SECOND, FALSE);
  gint64 no = number_at(&fixture, T0);
  g_autoptr(GArray) growing =
      iv_segments_oldest(fixture.store, "demo", IV_SEGMENTS_ANY, 10, &error);
  g_assert_cmpuint(growing->len, ==, 0); /* what grows is not deleted */
  put(&fixture, "door", T0, IV_MINUTE, TRUE);
  g_assert_cmpint(number_at(&fixture, T0 + 30 * IV_SECOND), ==, no);
  g_auto(IvSegment) segment = {0};
  g_assert_true(iv_segments_get(fixture.store, "demo", "door", no, IV_TIME_NONE, &segment, &error));
  g_assert_true(segment.closed);
  g_assert_false(iv_segments_get(fixture.store, "demo", "aisle", no, IV_TIME_NONE, &segment,
                                 &error)); /* another camera's */
  g_assert_no_error(error);
  fixture_tear_down(&fixture);
}

/* Whoever holds first keeps it; once its deletion has begun nobody can. */
static void test_hold_or_delete(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  IvSegmentTotals totals;
  fixture_set_up(&fixture, "UTC");
  fill(&fixture, 3);
  Job hold = {.camera = "door", .holder = "export:1", .from = T0, .to = T0 + 1};
  run(&fixture, hold_job, &hold);
  g_assert_cmpuint(hold.n, ==, 1);
  Job doom = {.no = number_at(&fixture, T0)};
  run(&fixture, doom_job, &doom);
  g_assert_false(doom.doomed);
  g_autoptr(GArray) oldest = iv_segments_oldest(fixture.store, "demo", IV_SEGMENTS_ANY, 10, &error);
  g_assert_cmpuint(oldest->len, ==, 2);
  doom.no = g_array_index(oldest, IvSegment, 0).no;
  run(&fixture, doom_job, &doom);
  g_assert_true(doom.doomed);
  hold.from = T0 + IV_MINUTE;
  hold.to = hold.from + 1;
  hold.holder = "export:2";
  run(&fixture, hold_job, &hold);
  g_assert_cmpuint(hold.n, ==, 0);
  IvSegmentQuery query = door(T0, T0 + IV_HOUR);
  g_autoptr(GArray) shown = list(&fixture, &query);
  g_assert_cmpuint(shown->len, ==, 2); /* not what is going */
  g_assert_true(g_array_index(shown, IvSegment, 0).held);
  g_autoptr(GArray) going =
      iv_segments_oldest(fixture.store, "demo", IV_SEGMENTS_BEGUN, 10, &error);
  g_assert_cmpuint(going->len, ==, 1);
  g_assert_true(iv_segments_totals(fixture.store, "demo", &totals, &error));
  g_assert_cmpuint(totals.n, ==, 2);
  run(&fixture, remove_job, &doom);
  run(&fixture, let_go_job, &(Job){.holder = "export:2"}); /* holds nothing: changes nothing */
  doom.no = number_at(&fixture, T0);
  run(&fixture, doom_job, &doom);
  g_assert_false(doom.doomed);
  run(&fixture, let_go_all_job, &(Job){.holder = "evidence:"});
  run(&fixture, doom_job, &doom);
  g_assert_false(doom.doomed);
  run(&fixture, let_go_all_job, &(Job){.holder = "export:"});
  run(&fixture, doom_job, &doom);
  g_assert_true(doom.doomed);
  fixture_tear_down(&fixture);
}

static void test_mark(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  Job job = {.fresh = "one"};
  run(&fixture, mark_job, &job);
  g_assert_cmpstr(job.mark, ==, "one");
  g_free(job.mark);
  job.fresh = "two";
  run(&fixture, mark_job, &job);
  g_assert_cmpstr(job.mark, ==, "one");
  g_free(job.mark);
  job.replace = TRUE;
  run(&fixture, mark_job, &job);
  g_assert_cmpstr(job.mark, ==, "two");
  g_free(job.mark);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/segments/list", test_list);
  g_test_add_func("/store/segments/growth", test_growth);
  g_test_add_func("/store/segments/hold-or-delete", test_hold_or_delete);
  g_test_add_func("/store/segments/mark", test_mark);
  return g_test_run();
}
