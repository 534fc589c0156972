/* SPDX-License-Identifier: Apache-2.0 */
/* The whole of `inveye run`, from a film to the rows of its database: decoder, detector, tracker,
 * rules, outbox, store. The film is the script: its brightness says where somebody stands, and a
 * small network reads that back as a box, so what must be counted is known. Needs ONNX Runtime and
 * an H.264 encoder; skips without. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <jansson.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inveye.h"
#include "outbox/outbox.h"
#include "outbox/spool.h"
#include "sql/sql.h"
#include "tests/media/clip.h"
#include "tests/vision/onnx_writer.h"

#define SIDE 320 /* of the film's picture, pixels */
#define NETWORK 64
#define FPS 10
#define WALK 40 /* pictures from the left edge to the right */
#define GAP 30  /* pictures without anybody, longer than a lost track is kept */
#define WALKS 3
#define NO_ENCODER "no H.264 encoder (gstreamer1.0-plugins-bad)"
#define DEADLINE (60 * G_TIME_SPAN_SECOND)

/* ---- the script ---- */

#define DARK 0.35f /* mean brightness (0..1) of a person at the left edge */
#define SPAN 0.55f /* ... and so much more at the right one */

/* Nobody (black), then somebody who walks from x = 0.05 to 0.95, again and again. */
static guint8 brightness(guint i) {
  guint step = i % (GAP + WALK);
  if (step < GAP)
    return 16;
  float x = 0.05f + 0.9f * (float)(step - GAP) / (WALK - 1);
  return (guint8)(16 + 219 * (DARK + SPAN * x));
}

/* YOLOv10's shape, one row: (x0, y0, x1, y1, score, class) = min(ceiling, mean * slope + offset),
 * a box a tenth of the picture wide around x, with score 4 * mean, at most 0.9. */
static void write_model(const char *path) {
  static const gint64 all_axes[] = {1, 2, 3}, shape[] = {1, 1, 1};
  const float to_x = NETWORK / SPAN, n = NETWORK;
  const float slope[] = {to_x, 0, to_x, 0, 4, 0};
  const float offset[] = {
      -DARK * to_x - 0.05f * n, 0.3f * n, -DARK * to_x + 0.05f * n, 0.8f * n, 0, 0};
  const float ceiling[] = {n, n, n, n, 0.9f, 0};
  g_autoptr(IvOnnxWriter) w = iv_onnx_writer_new();
  iv_onnx_writer_input(w, "images", IV_ONNX_FLOAT, "1,3,H,W");
  iv_onnx_writer_node_with(w, "ReduceMean", "images", "mean4", "axes", all_axes, 3);
  iv_onnx_writer_constant(w, "shape", IV_ONNX_INT64, "3", shape);
  iv_onnx_writer_node(w, "Reshape", "mean4,shape", "mean");
  iv_onnx_writer_constant(w, "slope", IV_ONNX_FLOAT, "1,1,6", slope);
  iv_onnx_writer_node(w, "Mul", "mean,slope", "scaled");
  iv_onnx_writer_constant(w, "offset", IV_ONNX_FLOAT, "1,1,6", offset);
  iv_onnx_writer_node(w, "Add", "scaled,offset", "row");
  iv_onnx_writer_constant(w, "ceiling", IV_ONNX_FLOAT, "1,1,6", ceiling);
  iv_onnx_writer_node(w, "Min", "row,ceiling", "output0");
  iv_onnx_writer_output(w, "output0", IV_ONNX_FLOAT, "1,1,6");
  iv_onnx_writer_save(w, path);
}

/* ---- a store that watches it ---- */

typedef struct {
  char *dir, *file;
  gboolean ready;
} Store;

static void set_up(Store *store, gconstpointer source_keys) {
  store->dir = g_dir_make_tmp("inveye-film-XXXXXX", NULL);
  store->file = g_build_filename(store->dir, "store.yaml", NULL);
  g_autofree char *film = g_build_filename(store->dir, "film.mp4", NULL);
  g_autofree char *model = g_build_filename(store->dir, "script.onnx", NULL);
  /* The line runs down the middle, so from left to right is out; the zone is the right half. The
   * camera hangs 2.5 m high at (5, 0) of the plan and looks down it, so that people of 1.7 m walk
   * by at 2.7 m from it, from x = 6.5 to 3.5; on the plan the same half is a zone too. Their looks
   * change on the way as no person's do, so there only that somebody is counted can be told. */
  g_autofree char *text = g_strdup_printf(
      "server: {port: 0}\nstore: {id: shop}\n"
      "detector: {model: script.onnx, form: yolov10, fit: stretch, size: %dx%d, threads: 1}\n"
      "cameras:\n"
      "  - {id: gone, url: \"rtsp://viewer:geheim@127.0.0.1:1/x\"}\n"
      "  - {id: film, url: film.mp4, fps: %d, motion_gate: false, %s, scene: {image: {w: %d, h: "
      "%d},"
      " lines: [{id: door, name: Door, kind: entrance, a: [0.5, 0.02], b: [0.5, 0.98]}],"
      " zones: [{id: half, name: Half, kind: general,"
      " polygon: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]}],"
      " calibration: {height_m: 2.5, pairs: ["
      "{image: [0.8464, 0.9257], plan: [4, 2.2]}, {image: [0.1536, 0.9257], plan: [6, 2.2]},"
      " {image: [0.8022, 0.5189], plan: [3.5, 4.7]}, {image: [0.1978, 0.5189], plan: [6.5, 4.7]},"
      " {image: [0.5, 0.6325], plan: [5, 3.7]}]}}}\n"
      "floor_plan: {width_m: 10, height_m: 8, scene: {zones: [{id: left, name: Left, kind: general,"
      " polygon: [[0.1, 0.1], [0.5, 0.1], [0.5, 0.7], [0.1, 0.7]]}]}}\n",
      NETWORK, NETWORK, FPS, (const char *)source_keys, SIDE, SIDE);
  g_assert_true(g_file_set_contents(store->file, text, -1, NULL));
  g_assert_cmpint(g_chmod(store->file, 0600), ==, 0);
  write_model(model);
  ClipSpec spec = {.size = {SIDE, SIDE},
                   .fps = FPS,
                   .n = WALKS * (WALK + GAP) + GAP,
                   .gop = FPS,
                   .brightness = brightness};
  store->ready = clip_write(film, &spec);
}

static void tear_down(Store *store, gconstpointer data) {
  (void)data;
  clip_remove_dir(store->dir);
  g_free(store->file);
  g_free(store->dir);
}

/* ---- the program ---- */

typedef struct {
  GSubprocess *process;
  GDataInputStream *lines; /* all it prints */
  GString *out;
} Program;

static void program_clear(Program *program) {
  g_subprocess_force_exit(program->process);
  g_object_unref(program->lines);
  g_object_unref(program->process);
  g_string_free(program->out, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Program, program_clear)

static Program start(const Store *store) {
  g_autoptr(GError) error = NULL;
  Program program = {.out = g_string_new(NULL)};
  program.process =
      g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
                       g_getenv("INVEYE"), "run", "-c", store->file, NULL);
  g_assert_no_error(error);
  program.lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(program.process));
  return program;
}

/* Reads on until a line holds `part`; FALSE when it ends first. */
static gboolean wait_for(Program *program, const char *part) {
  for (char *line; (line = g_data_input_stream_read_line(program->lines, NULL, NULL, NULL));) {
    g_string_append_printf(program->out, "%s\n", line);
    gboolean found = part && strstr(line, part);
    g_free(line);
    if (found)
      return TRUE;
  }
  return FALSE;
}

static gboolean is_up(Program *program) {
  if (wait_for(program, "Stop with Ctrl-C"))
    return TRUE;
  if (!strstr(program->out->str, "ONNX Runtime cannot be loaded"))
    g_error("it did not start:\n%s", program->out->str);
  g_test_skip("ONNX Runtime is not in the cache; `make setup` fetches it");
  return FALSE;
}

/* Ends it, waits and returns whether it ended well. Nothing it printed holds the password. */
static gboolean end(Program *program, int how) {
  g_subprocess_send_signal(program->process, how);
  wait_for(program, NULL);
  g_subprocess_wait(program->process, NULL, NULL);
  g_assert_null(strstr(program->out->str, "geheim"));
  return g_subprocess_get_if_exited(program->process) &&
         g_subprocess_get_exit_status(program->process) == 0;
}

/* ---- its rows ---- */

static gint64 ask(const Store *store, const char *database, const char *question) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(store->dir, "inveye-data", database, NULL);
  g_autoptr(IvSql) sql = iv_sql_open(path, IV_SQL_READ, &error);
  g_assert_no_error(error);
  IvStatement *st = iv_sql_statement(sql, question);
  g_assert_true(iv_step_row(st, &error));
  gint64 answer = iv_column_int(st, 0);
  iv_statement_reset(st);
  return answer;
}

#define VISITS(what, camera)                                                                       \
  "SELECT " what " FROM events e JOIN event_kinds k USING (kind_no) JOIN cameras c USING "         \
  "(camera_no) WHERE k.name = 'zone.visit' AND c.id = '" camera "'"
#define EVENTS(kind)                                                                               \
  "SELECT count(*) FROM events JOIN event_kinds USING (kind_no) WHERE name = '" kind "'"
#define OUT "SELECT coalesce(sum(crossed_out), 0) FROM kpi_5min_line"

static void check_replays(const Store *store);

/* A film as fast as it goes: every walk is one way out and one visit, beside a camera that is
 * dead. On the floor plan too somebody is counted. */
static void test_counts(Store *store, gconstpointer data) {
  (void)data;
  if (!store->ready) {
    g_test_skip(NO_ENCODER);
    return;
  }
  g_auto(Program) program = start(store);
  if (!is_up(&program))
    return;
  if (!wait_for(&program, "camera film: ended: end of file"))
    g_error("it ended early:\n%s", program.out->str);
  g_assert_true(end(&program, SIGTERM));
  assert_has(program.out->str, "camera gone: offline: connection refused");
  g_assert_cmpint(ask(store, "inveye.db", EVENTS("line.crossed")), ==, WALKS);
  g_assert_cmpint(ask(store, "inveye.db", VISITS("count(*)", "film")), ==, WALKS);
  gint64 on_plan = ask(store, "inveye.db", VISITS("count(*)", "floor-plan"));
  g_assert_cmpint(on_plan, >=, 1);
  g_assert_cmpint(ask(store, "inveye.db", VISITS("count(visitor)", "floor-plan")), ==, on_plan);
  g_assert_cmpint(ask(store, "inveye.db", OUT), ==, WALKS);
  g_assert_cmpint(ask(store, "inveye.db", "SELECT coalesce(sum(crossed_in), 0) FROM kpi_5min_line"),
                  ==, 0);
  g_assert_cmpint(ask(store, "inveye.db", "SELECT sum(visits) FROM kpi_5min_zone"), ==,
                  WALKS + on_plan);
  g_assert_cmpint(ask(store, "outbox.db", "SELECT count(*) FROM spool"), ==, 0);
  check_replays(store);
}

/* ---- what if ---- */

/* `inveye replay --json` over the two hours around now; NULL = it failed. */
static char *replay(const Store *store, const char *scene) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autoptr(GDateTime) before = g_date_time_add_hours(now, -1),
                       after = g_date_time_add_hours(now, 1);
  g_autofree char *from = g_date_time_format_iso8601(before),
                  *to = g_date_time_format_iso8601(after);
  char *out = NULL, *err = NULL;
  g_autofree char *file = scene ? g_build_filename(store->dir, "what-if.yaml", NULL) : NULL;
  if (scene)
    g_assert_true(g_file_set_contents(file, scene, -1, NULL));
  const char *const arguments[] = {
      g_getenv("INVEYE"),       "replay", "-c", store->file, "--from", from, "--to", to, "--json",
      scene ? "--scene" : NULL, file,     NULL};
  g_autoptr(GSubprocess) process = g_subprocess_newv(
      arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error(error);
  g_subprocess_communicate_utf8(process, NULL, NULL, &out, &err, &error);
  g_assert_no_error(error);
  if (g_subprocess_get_exit_status(process) != 0) {
    g_test_message("%s", err);
    g_clear_pointer(&out, g_free);
  }
  g_free(err);
  return out;
}

/* The row of that line or zone of the film. */
static json_t *row_of(const json_t *all, const char *id) {
  gsize i;
  json_t *row;
  json_array_foreach(json_object_get(all, "rows"), i, row) {
    if (strcmp(json_string_value(json_object_get(row, "id")), id) == 0 &&
        strcmp(json_string_value(json_object_get(row, "camera_id")), "film") == 0)
      return row;
  }
  g_error("no row of %s", id);
}

static gint64 figure(const json_t *row, const char *side, const char *name) {
  return json_integer_value(json_object_get(json_object_get(row, side), name));
}

static void assert_same_figures(const json_t *row) {
  const char *name;
  json_t *value;
  json_object_foreach(json_object_get(row, "recorded"), name, value) {
    double replayed = json_number_value(json_object_get(json_object_get(row, "replayed"), name));
    double slack = g_str_has_suffix(name, "_ms")  ? 100 * WALKS
                   : g_str_has_suffix(name, "_s") ? 0.1
                                                  : 0;
    if (ABS(replayed - json_number_value(value)) > slack)
      g_error("%s: %g was recorded, %g replayed", name, json_number_value(value), replayed);
  }
}

/* What the trajectories give is what was counted; a line where nobody walks counts nobody; a half
 * zone half the stay. */
static void check_replays(const Store *store) {
  g_autofree char *once = replay(store, NULL), *twice = replay(store, NULL);
  g_assert_nonnull(once);
  g_assert_cmpstr(once, ==, twice);
  json_t *all = json_loads(once, 0, NULL);
  g_assert_cmpint(figure(row_of(all, "door"), "recorded", "crossed_out"), ==, WALKS);
  g_assert_cmpint(figure(row_of(all, "half"), "replayed", "visits"), ==, WALKS);
  assert_same_figures(row_of(all, "door"));
  assert_same_figures(row_of(all, "half"));
  double dwell = json_number_value(
      json_object_get(json_object_get(row_of(all, "half"), "replayed"), "dwell_mean_s"));
  json_decref(all);
  g_autofree char *other =
      replay(store, "cameras: [{id: film, scene: {image: {w: 320, h: 320},\n"
                    " lines: [{id: door, a: [0.02, 0.1], b: [0.98, 0.1]}],\n"
                    " zones: [{id: half, polygon: [[0.75, 0], [1, 0], [1, 1], [0.75, 1]]}]}}]\n");
  all = json_loads(other, 0, NULL);
  g_assert_cmpint(figure(row_of(all, "door"), "recorded", "crossed_out"), ==, WALKS);
  g_assert_cmpint(figure(row_of(all, "door"), "replayed", "crossed_out"), ==, 0);
  g_assert_cmpint(figure(row_of(all, "half"), "replayed", "visits"), ==, WALKS);
  double half = json_number_value(
      json_object_get(json_object_get(row_of(all, "half"), "replayed"), "dwell_mean_s"));
  g_assert_cmpfloat_with_epsilon(half, dwell * 0.2 / 0.45, 0.3);
  json_decref(all);
  g_assert_null(replay(store, "cameras: [{id: gone, scene: {image: {w: 320, h: 320}}}]\n"));
  g_assert_null(replay(store, "rules: {hysterese: 1}\n"));
}

/* From here on the ids of all events that reach the disk are kept, as the spool itself forgets what
 * was delivered. A film that is faster than life runs into the times of the next process, so the
 * two may tell of the same person on the plan at the same time: one id, which is stored once. */
static void keep_ids(const Store *store) {
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_build_filename(store->dir, "inveye-data", NULL);
  g_autofree char *path = g_build_filename(folder, "outbox.db", NULL);
  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_autoptr(IvSql) sql = iv_spool_open(path, IV_OUTBOX_SPOOL_BYTES, &error);
  g_assert_no_error(error);
  iv_sql_script(sql,
                "CREATE TABLE had (id TEXT PRIMARY KEY);"
                "CREATE TRIGGER keep_id AFTER INSERT ON spool BEGIN INSERT OR IGNORE INTO had "
                "VALUES (json_extract(NEW.event, '$.id')); END",
                &error);
  g_assert_no_error(error);
}

/* Waits until the outbox has had this many events: the spool's numbers only ever rise. */
static void wait_for_events(const Store *store, gint64 n) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  while (ask(store, "outbox.db", "SELECT coalesce(max(seq), 0) FROM sqlite_sequence") < n) {
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_usleep(2000); /* looks again, with the deadline above */
  }
}

/* What reached the disk is in the database, and the counters agree with it. */
static void check_all_stored_once(const Store *store) {
  gint64 had = ask(store, "outbox.db", "SELECT count(*) FROM had");
  g_assert_cmpint(had, >, 0);
  g_assert_cmpint(ask(store, "inveye.db", "SELECT count(*) FROM events"), ==, had);
  gint64 crossed = ask(store, "inveye.db", EVENTS("line.crossed"));
  g_assert_cmpint(crossed, >, 0);
  g_assert_cmpint(ask(store, "inveye.db", OUT), ==, crossed);
  g_assert_cmpint(ask(store, "outbox.db", "SELECT count(*) FROM spool"), ==, 0);
}

/* Killed again and again while events flow: what reached the disk is stored, and counted once. */
static void test_killed(Store *store, gconstpointer data) {
  (void)data;
  if (!store->ready) {
    g_test_skip(NO_ENCODER);
    return;
  }
  keep_ids(store);
  for (int kill = 1; kill <= 3; kill++) {
    g_auto(Program) program = start(store);
    if (!is_up(&program))
      return;
    wait_for_events(store, kill * 12);
    g_assert_false(end(&program, SIGKILL));
  }
  g_auto(Program) last = start(store);
  g_assert_true(is_up(&last));
  g_assert_true(end(&last, SIGTERM));
  check_all_stored_once(store);
}

/* A small disk of its own for the data folder, seen by this process and its children only. */
static gboolean mount_small_disk(const char *folder) {
  return g_mkdir(folder, 0700) == 0 && unshare(CLONE_NEWNS) == 0 &&
         mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount("none", folder, "tmpfs", 0, "size=24m") == 0;
}

static void fill_up(const char *path) {
  static const char block[4096];
  int fd = g_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint(fd, >=, 0);
  while (write(fd, block, sizeof block) > 0)
    ;
  g_assert_cmpint(errno, ==, ENOSPC);
  close(fd);
}

/* A disk that fills up and is cleared again: told once, and every event is stored. */
static void test_full_disk(Store *store, gconstpointer data) {
  (void)data;
  g_autofree char *folder = g_build_filename(store->dir, "inveye-data", NULL);
  g_autofree char *filler = g_build_filename(folder, "filler", NULL);
  if (!store->ready || !mount_small_disk(folder)) {
    g_test_skip(store->ready ? "mounting a small disk needs root" : NO_ENCODER);
    return;
  }
  keep_ids(store);
  g_auto(Program) program = start(store);
  if (is_up(&program)) {
    wait_for_events(store, 10);
    fill_up(filler);
    g_assert_true(wait_for(&program, "outbox.db: the disk is full; make room"));
    g_assert_cmpint(g_unlink(filler), ==, 0);
    g_assert_true(wait_for(&program, "the outbox can be written again"));
    g_assert_true(end(&program, SIGTERM));
    g_assert_null(strstr(program.out->str, "lost"));
    g_assert_null(strstr(program.out->str, "dropped"));
    check_all_stored_once(store);
  }
  umount(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(&argc, &argv);
  g_test_add("/cli/film/counts", Store, "realtime: false", set_up, test_counts, tear_down);
  g_test_add("/cli/film/killed", Store, "realtime: false, loop: true", set_up, test_killed,
             tear_down);
  g_test_add("/cli/film/full-disk", Store, "realtime: false, loop: true", set_up, test_full_disk,
             tear_down);
  return g_test_run();
}
