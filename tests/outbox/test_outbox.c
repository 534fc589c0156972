/* SPDX-License-Identifier: Apache-2.0 */
/* The spool and its sender against a far end that can be told to fail. */
#include "outbox/outbox.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "outbox/spool.h"

#define DEADLINE (60 * IV_SECOND)

/* ---- the far end ---- */

typedef struct {
  GMutex mutex;
  GCond changed;
  guint fail_next;       /* deliveries that fail */
  gboolean down;         /* all fail */
  guint refuse_tracklet; /* events of it are refused */
  guint deliveries, largest, mixed;
  GArray *got; /* of guint64: tracklets in the order they came */
} FarEnd;

static gboolean far_deliver(gpointer self, const IvEvent *events, guint n, IvReceipt *ret_receipts,
                            GError **error) {
  FarEnd *far = self;
  g_mutex_lock(&far->mutex);
  gboolean fails = far->down || far->fail_next > 0;
  far->fail_next -= far->fail_next > 0;
  far->deliveries++;
  far->largest = MAX(far->largest, n);
  for (guint i = 0; i < n; i++) {
    ret_receipts[i] = (IvReceipt){.verdict = IV_VERDICT_NEW};
    if (events[i].tracklet_id == far->refuse_tracklet)
      ret_receipts[i] = (IvReceipt){IV_VERDICT_REFUSED, FALSE, "not this one"};
    if (!fails)
      g_array_append_val(far->got, events[i].tracklet_id);
    far->mixed += strcmp(events[i].store_id.text, events[0].store_id.text) != 0;
  }
  g_cond_broadcast(&far->changed);
  g_mutex_unlock(&far->mutex);
  if (fails)
    g_set_error_literal(error, g_quark_from_static_string("far"), 0, "the far end is down");
  return !fails;
}

static const IvLink far_link = {far_deliver};

static void far_set_up(FarEnd *far) {
  *far = (FarEnd){.got = g_array_new(FALSE, FALSE, sizeof(guint64))};
  g_mutex_init(&far->mutex);
  g_cond_init(&far->changed);
}

static void far_tear_down(FarEnd *far) {
  g_array_unref(far->got);
  g_mutex_clear(&far->mutex);
  g_cond_clear(&far->changed);
}

static void far_set_down(FarEnd *far, gboolean down) {
  g_mutex_lock(&far->mutex);
  far->down = down;
  g_mutex_unlock(&far->mutex);
}

static void far_wait_deliveries(FarEnd *far, guint n) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  g_mutex_lock(&far->mutex);
  while (far->deliveries < n)
    g_assert_true(g_cond_wait_until(&far->changed, &far->mutex, until));
  g_mutex_unlock(&far->mutex);
}

/* ---- the near end ---- */

typedef struct {
  char *dir, *path;
  FarEnd far;
  IvOutbox *outbox;
} Fixture;

static void reopen(Fixture *fixture, guint queue_max, guint64 bytes, gboolean linked) {
  g_autoptr(GError) error = NULL;
  IvOutboxOptions options = {.path = fixture->path,
                             .queue_max = queue_max,
                             .spool_bytes = bytes,
                             .link = linked ? &far_link : NULL,
                             .link_self = &fixture->far};
  fixture->outbox = iv_outbox_open(&options, &error);
  g_assert_no_error(error);
}

static void set_up(Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  fixture->dir = g_dir_make_tmp("inveye-outbox-XXXXXX", &error);
  g_assert_no_error(error);
  fixture->path = g_build_filename(fixture->dir, "outbox.db", NULL);
  far_set_up(&fixture->far);
  fixture->outbox = NULL;
}

static void close_outbox(Fixture *fixture) {
  g_clear_pointer(&fixture->outbox, iv_outbox_close);
}

static void tear_down(Fixture *fixture) {
  close_outbox(fixture);
  far_tear_down(&fixture->far);
  static const char *const suffixes[] = {"", "-wal", "-shm"};
  for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
    g_autofree char *name = g_strconcat(fixture->path, suffixes[i], NULL);
    g_unlink(name);
  }
  g_rmdir(fixture->dir);
  g_free(fixture->path);
  g_free(fixture->dir);
}

static IvEvent numbered(guint64 number, const char *store) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_LINE_CROSSED, (IvTime)number * IV_MS);
  iv_slug_set(&event.store_id, store);
  iv_slug_set(&event.camera_id, "door");
  iv_slug_set(&event.line_id, "in");
  event.tracklet_id = number;
  iv_event_set_text(&event, IV_ATTR_DIRECTION, "in");
  iv_event_set_id(&event, "camera");
  return event;
}

static guint append(Fixture *fixture, guint64 from, guint64 to) {
  guint dropped = 0;
  for (guint64 i = from; i <= to; i++) {
    IvEvent event = numbered(i, "demo");
    dropped += iv_outbox_append(fixture->outbox, &event, 1);
  }
  return dropped;
}

static void drain(Fixture *fixture) {
  g_assert_true(iv_outbox_drain(fixture->outbox, DEADLINE));
}

static void assert_got(Fixture *fixture, guint64 from, guint64 to) {
  GArray *got = fixture->far.got;
  g_assert_cmpuint(got->len, ==, to - from + 1);
  for (guint i = 0; i < got->len; i++)
    g_assert_cmpuint(g_array_index(got, guint64, i), ==, from + i);
}

static IvOutboxStats stats_of(Fixture *fixture) {
  IvOutboxStats stats;
  iv_outbox_stats(fixture->outbox, &stats);
  return stats;
}

/* ---- tests ---- */

static void test_in_order(void) {
  Fixture fixture;
  set_up(&fixture);
  reopen(&fixture, 0, 0, TRUE);
  g_assert_cmpuint(append(&fixture, 1, 3000), ==, 0);
  drain(&fixture);
  assert_got(&fixture, 1, 3000);
  g_assert_cmpuint(fixture.far.largest, <=, IV_BATCH_MAX);
  IvOutboxStats stats = stats_of(&fixture);
  g_assert_cmpuint(stats.appended, ==, 3000);
  g_assert_cmpuint(stats.delivered, ==, 3000);
  g_assert_cmpuint(stats.queued, ==, 0);
  g_assert_cmpint(stats.oldest_ts, ==, IV_TIME_NONE);
  /* answered rows are gone at the end, and nothing comes again */
  close_outbox(&fixture);
  reopen(&fixture, 0, 0, TRUE);
  g_assert_cmpuint(stats_of(&fixture).spooled, ==, 0);
  append(&fixture, 3001, 3001);
  drain(&fixture);
  assert_got(&fixture, 1, 3001);
  tear_down(&fixture);
}

static void test_retries(void) {
  Fixture fixture;
  set_up(&fixture);
  fixture.far.fail_next = 3;
  reopen(&fixture, 0, 0, TRUE);
  g_test_expect_message("outbox", G_LOG_LEVEL_WARNING, "*can't be delivered*far end is down*");
  g_test_expect_message("outbox", G_LOG_LEVEL_MESSAGE, "*delivered again*");
  append(&fixture, 1, 1);
  drain(&fixture);
  g_test_assert_expected_messages();
  append(&fixture, 2, 50);
  drain(&fixture);
  assert_got(&fixture, 1, 50);
  g_assert_cmpuint(stats_of(&fixture).send_failures, ==, 3);
  g_assert_true(stats_of(&fixture).link_ok);
  tear_down(&fixture);
}

/* What could not be sent is there after a restart, in order, before what is new. */
static void test_offline(void) {
  Fixture fixture;
  set_up(&fixture);
  far_set_down(&fixture.far, TRUE);
  reopen(&fixture, 0, 0, TRUE);
  g_test_expect_message("outbox", G_LOG_LEVEL_WARNING, "*can't be delivered*");
  append(&fixture, 1, 1200);
  g_assert_false(iv_outbox_drain(fixture.outbox, 10 * IV_MS));
  far_wait_deliveries(&fixture.far, 1);
  close_outbox(&fixture);
  g_test_assert_expected_messages();
  far_set_down(&fixture.far, FALSE);
  reopen(&fixture, 0, 0, TRUE);
  append(&fixture, 1201, 1300);
  drain(&fixture);
  assert_got(&fixture, 1, 1300);
  tear_down(&fixture);
}

static void test_one_store_a_batch(void) {
  Fixture fixture;
  set_up(&fixture);
  reopen(&fixture, 0, 0, FALSE);
  for (guint64 i = 1; i <= 40; i++) {
    IvEvent event = numbered(i, i % 10 < 5 ? "north" : "south");
    iv_outbox_append(fixture.outbox, &event, 1);
  }
  drain(&fixture);
  g_assert_cmpuint(stats_of(&fixture).spooled, ==, 40);
  close_outbox(&fixture);
  reopen(&fixture, 0, 0, TRUE);
  drain(&fixture);
  assert_got(&fixture, 1, 40);
  g_assert_cmpuint(fixture.far.mixed, ==, 0);
  g_assert_cmpuint(fixture.far.deliveries, >=, 8);
  tear_down(&fixture);
}

static gint64 count_rows(const char *path, const char *text) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvSql) sql = iv_sql_open(path, IV_SQL_READ, &error);
  g_assert_no_error(error);
  IvStatement *st = iv_sql_statement(sql, text);
  g_assert_true(iv_step_row(st, &error));
  gint64 n = iv_column_int(st, 0);
  iv_statement_reset(st);
  return n;
}

/* What the far end will never take does not hold up the rest, and can be looked at. */
static void test_refused(void) {
  Fixture fixture;
  set_up(&fixture);
  fixture.far.refuse_tracklet = 7;
  reopen(&fixture, 0, 0, FALSE);
  append(&fixture, 1, 20);
  drain(&fixture);
  close_outbox(&fixture);
  /* and one that can't even be read */
  g_autoptr(GError) error = NULL;
  g_autoptr(IvSql) sql = iv_sql_open(fixture.path, IV_SQL_WRITE, &error);
  g_assert_true(
      iv_sql_script(sql, "INSERT INTO spool (store_id, event) VALUES ('demo', '{oops')", &error));
  g_clear_pointer(&sql, iv_sql_close);
  g_test_expect_message("outbox", G_LOG_LEVEL_WARNING, "*2 events were refused*");
  reopen(&fixture, 0, 0, TRUE);
  append(&fixture, 21, 30);
  drain(&fixture);
  g_test_assert_expected_messages();
  assert_got(&fixture, 1, 30);
  g_assert_cmpuint(stats_of(&fixture).refused, ==, 2);
  close_outbox(&fixture);
  g_assert_cmpint(count_rows(fixture.path, "SELECT count(*) FROM spool"), ==, 0);
  g_assert_cmpint(count_rows(fixture.path, "SELECT count(*) FROM refused WHERE reason = "
                                           "'not this one' AND event LIKE '%\"tracklet_id\":7%'"),
                  ==, 1);
  g_assert_cmpint(count_rows(fixture.path, "SELECT count(*) FROM refused WHERE event = '{oops'"),
                  ==, 1);
  tear_down(&fixture);
}

/* The spool has reached its limit: memory fills, then loss is counted, and what was taken is
 * delivered once the far end is back. */
static void test_full_spool(void) {
  Fixture fixture;
  set_up(&fixture);
  far_set_down(&fixture.far, TRUE);
  g_log_set_fatal_mask("outbox", G_LOG_FATAL_MASK);
  reopen(&fixture, 300, 64 * 4096, TRUE);
  guint64 sent = 0;
  gint64 until = g_get_monotonic_time() + DEADLINE;
  do {
    append(&fixture, sent + 1, sent + 100);
    sent += 100;
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_thread_yield();
  } while (stats_of(&fixture).dropped == 0 || stats_of(&fixture).disk_ok);
  IvOutboxStats full = stats_of(&fixture);
  g_assert_cmpuint(full.appended + full.dropped, ==, sent);
  g_assert_cmpuint(full.queued, <=, 300);
  g_assert_cmpuint(full.spooled, >, 100);
  g_assert_cmpuint(full.write_failures, >, 0);
  far_set_down(&fixture.far, FALSE);
  drain(&fixture);
  IvOutboxStats after = stats_of(&fixture);
  g_assert_true(after.disk_ok);
  g_assert_cmpuint(after.delivered, ==, after.appended);
  g_assert_cmpuint(fixture.far.got->len, ==, after.appended);
  g_assert_cmpuint(append(&fixture, 1, 10), ==, 0);
  drain(&fixture);
  tear_down(&fixture);
}

/* A disk without room (files can't grow) is waited for; nothing is lost when room comes back. */
static void test_full_disk(void) {
  Fixture fixture;
  struct rlimit before, tight;
  set_up(&fixture);
  signal(SIGXFSZ, SIG_IGN);
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
  reopen(&fixture, 5000, 0, TRUE);
  append(&fixture, 1, 100);
  drain(&fixture);
  tight = before;
  tight.rlim_cur = 1024; /* less than any write of SQLite's needs */
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &tight), ==, 0);
  append(&fixture, 101, 400);
  gint64 until = g_get_monotonic_time() + DEADLINE;
  while (stats_of(&fixture).write_failures == 0) {
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_thread_yield();
  }
  g_assert_false(stats_of(&fixture).disk_ok);
  append(&fixture, 401, 1000);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
  drain(&fixture);
  assert_got(&fixture, 1, 1000);
  g_assert_true(stats_of(&fixture).disk_ok);
  g_assert_cmpuint(stats_of(&fixture).dropped, ==, 0);
  tear_down(&fixture);
}

static gpointer append_part(gpointer user_data) {
  Fixture *fixture = user_data;
  for (guint64 i = 1; i <= 500; i++) {
    IvEvent event = numbered(i, "demo");
    g_assert_cmpuint(iv_outbox_append(fixture->outbox, &event, 1), ==, 0);
  }
  return NULL;
}

static void test_many_appenders(void) {
  Fixture fixture;
  GThread *threads[8];
  set_up(&fixture);
  reopen(&fixture, 0, 0, TRUE);
  for (guint i = 0; i < 8; i++)
    threads[i] = g_thread_new("appends", append_part, &fixture);
  for (guint i = 0; i < 8; i++)
    g_thread_join(threads[i]);
  drain(&fixture);
  g_assert_cmpuint(fixture.far.got->len, ==, 4000);
  tear_down(&fixture);
}

static void test_open_error(void) {
  g_autoptr(GError) error = NULL;
  IvOutboxOptions options = {.path = "/nonexistent/outbox.db"};
  g_assert_null(iv_outbox_open(&options, &error));
  g_assert_error(error, IV_SQL_ERROR, IV_SQL_ERROR_OPEN);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_log_set_always_fatal(G_LOG_FATAL_MASK); /* warnings are part of the behaviour */
  g_test_add_func("/outbox/in_order", test_in_order);
  g_test_add_func("/outbox/retries", test_retries);
  g_test_add_func("/outbox/offline", test_offline);
  g_test_add_func("/outbox/one_store_a_batch", test_one_store_a_batch);
  g_test_add_func("/outbox/refused", test_refused);
  g_test_add_func("/outbox/full_spool", test_full_spool);
  g_test_add_func("/outbox/full_disk", test_full_disk);
  g_test_add_func("/outbox/many_appenders", test_many_appenders);
  g_test_add_func("/outbox/open_error", test_open_error);
  return g_test_run();
}
