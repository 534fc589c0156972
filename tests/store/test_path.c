/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way of an event: outbox, receiver, ledger, callback; and what is left of it when the
 * process is killed, or the disk is full. Run with -m perf for the time it takes. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "ledger_fixture.h"
#include "outbox/outbox.h"
#include "outbox/receiver.h"

#define START "2024-03-30T12:00:00Z" /* the receiver takes nothing from the future */
#define DEADLINE (60 * IV_SECOND)

static const IvLedger ledger = {iv_ledger_apply};

typedef struct {
  GMutex mutex;
  GCond came;
  guint published;
  IvReceiver *receiver;
  IvLocalLink *link;
  IvOutbox *outbox;
} Path;

static void on_published(const IvEvent *events, guint n, gpointer user_data) {
  Path *path = user_data;
  (void)events;
  g_mutex_lock(&path->mutex);
  path->published += n;
  g_cond_broadcast(&path->came);
  g_mutex_unlock(&path->mutex);
}

static void path_open(Path *path, Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  memset(path, 0, sizeof *path);
  g_mutex_init(&path->mutex);
  g_cond_init(&path->came);
  IvReceiverOptions receiver = {&ledger, fixture->book, on_published, path};
  path->receiver = iv_receiver_new(&receiver);
  IvEdgeSession session = {{"demo"}, {"local"}};
  path->link = iv_local_link_new(path->receiver, &session);
  g_autofree char *file = g_build_filename(fixture->dir, "outbox.db", NULL);
  IvOutboxOptions options = {.path = file, .link = &iv_local_link, .link_self = path->link};
  path->outbox = iv_outbox_open(&options, &error);
  g_assert_no_error(error);
}

static void path_close(Path *path) {
  iv_outbox_close(path->outbox);
  g_free(path->link);
  iv_receiver_free(path->receiver);
  g_mutex_clear(&path->mutex);
  g_cond_clear(&path->came);
}

static char *dump_of(const GArray *events) {
  Fixture plain;
  fixture_set_up(&plain, "Europe/Berlin");
  apply(&plain, &g_array_index(events, IvEvent, 0), events->len);
  char *dump = dump_tables(plain.store);
  fixture_tear_down(&plain);
  return dump;
}

/* Through outbox and JSON the tables are the same as without. */
static void test_whole_way(void) {
  g_autoptr(GArray) day = make_day(at(START), 31);
  g_autoptr(GRand) dice = g_rand_new_with_seed(31);
  g_autofree char *expected = dump_of(day);
  Fixture fixture;
  Path path;
  fixture_set_up(&fixture, "Europe/Berlin");
  path_open(&path, &fixture);
  for (guint round = 0; round < 3; round++) {
    shuffle(day, dice);
    for (guint i = 0; i < day->len; i++)
      g_assert_cmpuint(iv_outbox_append(path.outbox, &g_array_index(day, IvEvent, i), 1), ==, 0);
    g_assert_true(iv_outbox_drain(path.outbox, DEADLINE));
  }
  g_assert_cmpuint(path.published, ==, day->len);
  IvOutboxStats stats;
  iv_outbox_stats(path.outbox, &stats);
  g_assert_cmpuint(stats.duplicates, ==, 2 * day->len);
  g_assert_cmpuint(stats.refused, ==, 0);
  g_assert_cmpuint(stats.late, ==, day->len);
  path_close(&path);
  g_autofree char *dump = dump_tables(fixture.store);
  assert_same_dump(dump, expected);
  g_autofree char *spool = g_build_filename(fixture.dir, "outbox.db", NULL);
  g_assert_true(g_file_test(spool, G_FILE_TEST_EXISTS));
  fixture_tear_down(&fixture);
}

/* ---- killed at any moment ---- */

#define KILLS 20
#define PIECE 5

/* The process that is killed: sends the day from event `from` on and says how far it is safe. */
static int victim(const char *dir, guint from) {
  Fixture fixture = {.dir = g_strdup(dir), .path = g_build_filename(dir, "inveye.db", NULL)};
  Path path;
  g_autoptr(GArray) day = make_day(at(START), 32);
  fixture_reopen(&fixture);
  path_open(&path, &fixture);
  for (guint i = from; i < day->len; i += PIECE) {
    guint n = MIN(PIECE, day->len - i);
    iv_outbox_append(path.outbox, &g_array_index(day, IvEvent, i), n);
    if (i / PIECE % 3 != 2 && i + n < day->len)
      continue;
    if (!iv_outbox_drain(path.outbox, DEADLINE))
      return 3;
    printf("%u\n", i + n);
    fflush(stdout);
  }
  path_close(&path);
  fixture_close(&fixture);
  g_free(fixture.dir);
  g_free(fixture.path);
  return 0;
}

static const char *self;

/* Kills it after `lines` lines (0 = never). Returns how far it was safe. */
static guint run_victim(const Fixture *fixture, guint from, guint lines) {
  g_autoptr(GError) error = NULL;
  g_autofree char *number = g_strdup_printf("%u", from);
  g_autoptr(GSubprocess) process = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self,
                                                    "--victim", fixture->dir, number, NULL);
  g_assert_no_error(error);
  g_autoptr(GDataInputStream) out = g_data_input_stream_new(g_subprocess_get_stdout_pipe(process));
  guint safe = from;
  for (guint i = 0; lines == 0 || i < lines; i++) {
    g_autofree char *line = g_data_input_stream_read_line(out, NULL, NULL, &error);
    g_assert_no_error(error);
    if (!line)
      break;
    safe = (guint)atoi(line);
  }
  if (lines > 0)
    g_subprocess_send_signal(process, SIGKILL);
  g_assert_true(g_subprocess_wait(process, NULL, &error));
  g_assert_true(lines > 0 || g_subprocess_get_successful(process));
  return safe;
}

static void check_file(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvSql) sql = iv_sql_open(path, IV_SQL_READ, &error);
  g_assert_no_error(error);
  IvStatement *st = iv_sql_statement(sql, "PRAGMA integrity_check");
  g_assert_true(iv_step_row(st, &error));
  g_assert_cmpstr(iv_column_text(st, 0), ==, "ok");
  iv_statement_reset(st);
}

static void test_killed(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(33);
  g_autoptr(GArray) day = make_day(at(START), 32);
  g_autofree char *expected = dump_of(day);
  Fixture fixture;
  guint safe = 0;
  fixture_set_up(&fixture, "Europe/Berlin");
  fixture_close(&fixture);
  g_autofree char *spool = g_build_filename(fixture.dir, "outbox.db", NULL);
  for (guint kill = 0; kill < KILLS; kill++) {
    safe = run_victim(&fixture, safe, (guint)g_rand_int_range(dice, 1, 5));
    g_assert_cmpuint(safe, <, day->len);
    check_file(fixture.path);
    check_file(spool);
    /* what was said to be safe is there */
    fixture_reopen(&fixture);
    g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM events"), >=, safe);
    fixture_close(&fixture);
  }
  g_assert_cmpuint(run_victim(&fixture, safe, 0), ==, day->len);
  fixture_reopen(&fixture);
  g_autofree char *dump = dump_tables(fixture.store);
  assert_same_dump(dump, expected);
  fixture_tear_down(&fixture);
}

/* ---- no room on the disk ---- */

/* Neither the spool nor the database can grow: nothing that was stored is lost, the events wait,
 * and go on when there is room. */
static void test_full_disk(void) {
  g_autoptr(GArray) day = make_day(at(START), 34);
  g_autofree char *expected = dump_of(day);
  struct rlimit before, tight;
  Fixture fixture;
  Path path;
  signal(SIGXFSZ, SIG_IGN);
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
  fixture_set_up(&fixture, "Europe/Berlin");
  path_open(&path, &fixture);
  for (guint i = 0; i < 300; i++)
    iv_outbox_append(path.outbox, &g_array_index(day, IvEvent, i), 1);
  g_assert_true(iv_outbox_drain(path.outbox, DEADLINE));
  tight = before;
  tight.rlim_cur = 1024;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &tight), ==, 0);
  for (guint i = 300; i < day->len; i++)
    g_assert_cmpuint(iv_outbox_append(path.outbox, &g_array_index(day, IvEvent, i), 1), ==, 0);
  /* the database refuses, says so, and can still be read */
  g_autoptr(GError) error = NULL;
  IvEvent event = g_array_index(day, IvEvent, day->len - 1);
  gboolean inserted;
  const char *refused;
  g_assert_false(iv_ledger_apply(fixture.book, &event, 1, at(START), &inserted, &refused, &error));
  g_assert_error(error, IV_SQL_ERROR, IV_SQL_ERROR_DISK);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM events"), ==, 300);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
  g_assert_true(iv_outbox_drain(path.outbox, DEADLINE));
  path_close(&path);
  g_autofree char *dump = dump_tables(fixture.store);
  assert_same_dump(dump, expected);
  fixture_tear_down(&fixture);
}

/* ---- how long it takes ---- */

static int by_size(const void *a, const void *b) {
  IvTime x = *(const IvTime *)a, y = *(const IvTime *)b;
  return x < y ? -1 : x > y;
}

/* One event at a time, 10 a second: from append to the callback. */
static void perf_latency(void) {
  enum { N = 300 };
  g_autoptr(GArray) day = make_day(at(START), 35);
  IvTime took[N];
  Fixture fixture;
  Path path;
  fixture_set_up(&fixture, "Europe/Berlin");
  path_open(&path, &fixture);
  for (guint i = 0; i < N; i++) {
    IvTime begun = iv_clock_monotonic();
    iv_outbox_append(path.outbox, &g_array_index(day, IvEvent, i), 1);
    g_mutex_lock(&path.mutex);
    while (path.published <= i)
      g_cond_wait(&path.came, &path.mutex);
    g_mutex_unlock(&path.mutex);
    took[i] = iv_clock_monotonic() - begun;
    g_usleep(100000);
  }
  qsort(took, N, sizeof *took, by_size);
  g_test_minimized_result((double)took[N / 2] / 1000,
                          "append to callback: p50 %.2f ms, p95 %.2f "
                          "ms, most %.2f ms",
                          (double)took[N / 2] / 1000, (double)took[N * 95 / 100] / 1000,
                          (double)took[N - 1] / 1000);
  path_close(&path);
  fixture_tear_down(&fixture);
}

/* As fast as it goes. */
static void perf_throughput(void) {
  guint n = 0;
  Fixture fixture;
  Path path;
  fixture_set_up(&fixture, "Europe/Berlin");
  path_open(&path, &fixture);
  IvTime begun = iv_clock_monotonic(), cpu = iv_clock_process_cpu();
  for (guint32 seed = 100; seed < 120; seed++) {
    g_autoptr(GArray) day = make_day(at(START) - seed * IV_DAY, seed);
    for (guint i = 0; i < day->len; i++)
      n += iv_outbox_append(path.outbox, &g_array_index(day, IvEvent, i), 1) == 0;
    g_assert_true(iv_outbox_drain(path.outbox, DEADLINE));
  }
  double seconds = (double)(iv_clock_monotonic() - begun) / (double)IV_SECOND;
  double cpu_seconds = (double)(iv_clock_process_cpu() - cpu) / (double)IV_SECOND;
  g_test_maximized_result(n / seconds, "%u events: %.0f events/s, %.0f events per CPU second", n,
                          n / seconds, n / cpu_seconds);
  path_close(&path);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "--victim") == 0)
    return victim(argv[2], (guint)atoi(argv[3]));
  self = argv[0];
  g_test_init(&argc, &argv, NULL);
  g_log_set_always_fatal(G_LOG_FATAL_MASK); /* warnings are part of the behaviour */
  if (g_test_perf()) {
    g_test_add_func("/path/perf_latency", perf_latency);
    g_test_add_func("/path/perf_throughput", perf_throughput);
    return g_test_run();
  }
  g_test_add_func("/path/whole_way", test_whole_way);
  g_test_add_func("/path/killed", test_killed);
  g_test_add_func("/path/full_disk", test_full_disk);
  return g_test_run();
}
