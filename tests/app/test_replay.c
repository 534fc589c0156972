/* SPDX-License-Identifier: Apache-2.0 */
/* What-if: trajectories that a camera line kept, put into a database and replayed, give what was
 * counted live; over real detections where they are there, else over made-up walkers. */
#include <math.h>
#include <string.h>

#include "app/camera_line.h"
#include "app/path_book.h"
#include "app/replay.h"
#include "app/replay_desk.h"
#include "eval/mot_file.h"
#include "store/retention.h"
#include "tests/shared_data.h"
#include "tests/store/ledger_fixture.h"

#define CAMERA "door"

typedef struct {
  Fixture store;
  IvCameraLine *line;
  GArray *events;
  IvPathBook *book;
  IvTime from, to;
} Shop;

/* Five lines and five zones all over the picture. */
static IvScene *draw(IvSize image) {
  IvScene *scene = g_new0(IvScene, 1);
  iv_slug_set(&scene->camera_id, CAMERA);
  scene->version = 2;
  scene->image = image;
  scene->n_lines = scene->n_zones = 5;
  scene->lines = g_new0(IvLine, 5);
  scene->zones = g_new0(IvZone, 5);
  for (guint i = 0; i < 5; i++) {
    IvLine *line = &scene->lines[i];
    IvZone *zone = &scene->zones[i];
    float at = 0.15f + 0.17f * (float)i;
    g_snprintf(line->id.text, sizeof line->id.text, "line-%u", i);
    g_strlcpy(line->name, line->id.text, sizeof line->name);
    line->kind = i % 2 ? IV_LINE_INTERNAL : IV_LINE_ENTRANCE;
    line->a = i < 3 ? (IvPoint){at, 0.02f} : (IvPoint){0.02f, at};
    line->b = i < 3 ? (IvPoint){at + 0.1f, 0.98f} : (IvPoint){0.98f, at + 0.05f};
    g_snprintf(zone->id.text, sizeof zone->id.text, "zone-%u", i);
    g_strlcpy(zone->name, zone->id.text, sizeof zone->name);
    zone->n_points = 4;
    const IvPoint corners[] = {
        {at - 0.12f, 0.3f}, {at + 0.12f, 0.3f}, {at + 0.15f, 0.95f}, {at - 0.14f, 0.95f}};
    memcpy(zone->polygon, corners, sizeof corners);
  }
  return scene;
}

static void on_path(IvPathPiece *piece, gpointer user_data) {
  Shop *shop = user_data;
  IvSlug camera;
  iv_slug_set(&camera, CAMERA);
  iv_path_book_put(shop->book, &camera, piece);
}

static void open_shop(Shop *shop, IvSize image, IvTime from) {
  *shop = (Shop){.from = from, .to = from + IV_HOUR};
  fixture_set_up(&shop->store, "UTC");
  g_autoptr(GError) error = NULL;
  g_autoptr(IvScene) scene = draw(image);
  const IvScenePut put = {"demo", CAMERA, scene, -1, "tester", from};
  iv_scene_free(iv_scenes_put(shop->store.store, &put, &error));
  g_assert_no_error(error);
  IvCameraLineConfig config = {.tracker = iv_tracker_config_default(),
                               .limits = iv_rule_limits_default(),
                               .on_path = on_path,
                               .user_data = shop};
  g_autoptr(IvConfig) defaults = iv_config_new();
  config.limits = iv_rule_limits_of(&defaults->rules);
  iv_slug_set(&config.source.store_id, "demo");
  iv_slug_set(&config.source.edge_id, "edge");
  iv_slug_set(&config.source.camera_id, CAMERA);
  g_autoptr(IvScene) stored =
      iv_scenes_get(shop->store.store, "demo", CAMERA, 0, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  shop->line = iv_camera_line_new(&config, stored);
  shop->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  shop->book = iv_path_book_new(shop->store.store, "demo");
}

static void see(Shop *shop, IvTime ts, IvSize image, const IvDetection *seen, guint n) {
  IvSighting sighting = {.ts = ts, .image = image, .detections = seen, .n = n};
  g_assert_true(iv_camera_line_take(shop->line, &sighting, shop->events));
}

/* What is in the queues is on the disk, and in the ledger. */
static void settle(Shop *shop) {
  iv_camera_line_finish(shop->line, shop->events);
  g_clear_pointer(&shop->line, iv_camera_line_free);
  g_clear_pointer(&shop->book, iv_path_book_free);
  for (guint i = 0; i < shop->events->len; i += 100)
    apply(&shop->store, &g_array_index(shop->events, IvEvent, i), MIN(100, shop->events->len - i));
}

static void close_shop(Shop *shop) {
  g_array_unref(shop->events);
  fixture_tear_down(&shop->store);
}

static IvReplayResult *replay(const Shop *shop, const IvWhatIf *what, const gint *cancel,
                              GError **error) {
  g_autoptr(IvConfig) config = iv_config_new();
  const IvReplayJob job = {.store = shop->store.store,
                           .store_id = "demo",
                           .rules = config->rules,
                           .what = what,
                           .from = shop->from,
                           .to = shop->to,
                           .cancel = cancel};
  return iv_replay_run(&job, error);
}

/* ---- made-up walkers ---- */

#define IMAGE ((IvSize){640, 480})

static IvDetection person(double x, double y) {
  return (IvDetection){.box = {(float)(x - 0.04), (float)(y - 0.25), (float)(x + 0.04), (float)y},
                       .score = 0.9f,
                       .class_id = IV_CLASS_PERSON};
}

/* Three that walk to and fro for `seconds`, five pictures a second, and are not seen now and then.
 */
static void walk(Shop *shop, guint seconds) {
  for (guint frame = 0; frame < 5 * seconds; frame++) {
    double t = frame / 5.0;
    IvDetection seen[3];
    guint n = 0;
    for (guint i = 0; i < 3; i++) {
      double x = 0.5 + 0.45 * sin(t / (5.0 + i) + i), y = 0.5 + 0.15 * i + 0.03 * sin(t / 3);
      if ((frame + 7 * i) % 40 > i * 6)
        seen[n++] = person(x, y);
    }
    see(shop, shop->from + IV_MINUTE + (IvTime)(t * (double)IV_SECOND), IMAGE, seen, n);
  }
}

static void assert_same_rows(const IvReplayResult *result, guint counts_slack) {
  for (guint i = 0; i < result->cameras->len; i++)
    g_assert_cmpuint(g_array_index(result->cameras, IvReplayCamera, i).bad_pieces, ==, 0);
  gint64 sum = 0, off = 0;
  for (guint i = 0; i < result->rows->len; i++) {
    const IvReplayRow *row = &g_array_index(result->rows, IvReplayRow, i);
    guint n = row->subject == IV_SUBJECT_LINE ? IV_LINE_PASS_BYS + 1 : IV_ZONE_ENGAGED + 1;
    for (guint k = 0; k < n; k++) {
      sum += row->recorded[k];
      off += ABS(row->recorded[k] - row->replayed[k]);
      if (row->recorded[k] != row->replayed[k])
        g_test_message("%s, measure %u: recorded %d, replayed %d", row->id.text, k,
                       (int)row->recorded[k], (int)row->replayed[k]);
    }
    if (row->subject != IV_SUBJECT_ZONE || row->recorded[IV_ZONE_VISITORS] == 0)
      continue;
    double recorded =
        (double)row->recorded[IV_ZONE_DWELL_MS] / (double)row->recorded[IV_ZONE_VISITORS];
    double replayed =
        (double)row->replayed[IV_ZONE_DWELL_MS] / (double)MAX(row->replayed[IV_ZONE_VISITORS], 1);
    g_assert_cmpfloat(fabs(recorded - replayed), <=, 500);
  }
  g_test_message("%d counts, %d off", (int)sum, (int)off);
  g_assert_cmpint(sum, >, 20);
  g_assert_cmpint(off, <=, counts_slack);
}

static void test_walkers(void) {
  Shop shop;
  open_shop(&shop, IMAGE, at("2026-05-04T10:00:00Z"));
  walk(&shop, 300);
  settle(&shop);
  g_autoptr(GError) error = NULL;
  g_autoptr(IvReplayResult) once = replay(&shop, NULL, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(IvReplayResult) twice = replay(&shop, NULL, NULL, &error);
  json_t *a = iv_replay_to_json(once), *b = iv_replay_to_json(twice);
  g_assert_true(json_equal(a, b));
  json_decref(a);
  json_decref(b);
  assert_same_rows(once, 0);
  close_shop(&shop);
}

static void test_limits(void) {
  Shop shop;
  gint cancel = 1;
  open_shop(&shop, IMAGE, at("2026-05-04T10:00:00Z"));
  walk(&shop, 60);
  settle(&shop);
  g_autoptr(GError) error = NULL;
  g_assert_null(replay(&shop, NULL, &cancel, &error));
  g_assert_error(error, IV_REPLAY_ERROR, IV_REPLAY_ERROR_CANCELLED);
  g_clear_error(&error);
  shop.from -= IV_DAY;
  shop.to -= IV_DAY;
  g_assert_null(replay(&shop, NULL, NULL, &error));
  g_assert_error(error, IV_REPLAY_ERROR, IV_REPLAY_ERROR_NOTHING);
  g_clear_error(&error);
  shop.from += IV_DAY;
  shop.to += IV_DAY;
  /* Nothing of it is younger than a day on the day after the next. */
  IvRetentionConfig keep = {.trajectories = IV_DAY};
  IvRetentionResult gone;
  g_assert_true(iv_retention_run(shop.store.store, &keep, shop.to, NULL, &gone, &error));
  g_assert_cmpuint(gone.paths, ==, 0);
  g_assert_true(
      iv_retention_run(shop.store.store, &keep, shop.to + 2 * IV_DAY, NULL, &gone, &error));
  g_assert_cmpuint(gone.paths, >, 3);
  g_assert_cmpint(ask_int(shop.store.store, "SELECT count(*) FROM paths"), ==, 0);
  close_shop(&shop);
}

/* Longer absences go on with a stay; a line that is moved counts others. */
static void test_thresholds(void) {
  Shop shop;
  open_shop(&shop, IMAGE, at("2026-05-04T10:00:00Z"));
  walk(&shop, 120);
  settle(&shop);
  static const char text[] = "rules: {engaged_dwell: 2 s}\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(IvConfig) config = iv_config_new();
  g_autofree char *faults = NULL;
  g_autoptr(IvWhatIf) what =
      iv_what_if_from_yaml(text, strlen(text), "what.yaml", &config->rules, &faults);
  g_assert_nonnull(what);
  g_autoptr(IvReplayResult) result = replay(&shop, what, NULL, &error);
  g_assert_no_error(error);
  gint64 recorded = 0, replayed = 0;
  for (guint i = 0; i < result->rows->len; i++) {
    const IvReplayRow *row = &g_array_index(result->rows, IvReplayRow, i);
    if (row->subject != IV_SUBJECT_ZONE)
      continue;
    recorded += row->recorded[IV_ZONE_ENGAGED];
    replayed += row->replayed[IV_ZONE_ENGAGED];
    g_assert_cmpint(row->replayed[IV_ZONE_VISITORS], ==, row->recorded[IV_ZONE_VISITORS]);
  }
  g_assert_cmpint(replayed, >, recorded);
  close_shop(&shop);
}

/* ---- asked for ---- */

static gboolean add_wish(IvSql *sql, gpointer arg, GError **error) {
  return iv_replays_add(sql, "demo", arg, error);
}

static gboolean remove_wish(IvSql *sql, gpointer arg, GError **error) {
  gboolean fits;
  return iv_replays_remove(sql, "demo", ((const IvReplayWish *)arg)->no, &fits, error);
}

static void wait_for_state(const Shop *shop, gint64 no, IvReplayState state,
                           IvReplayWish *ret_wish) {
  gint64 until = g_get_monotonic_time() + 60 * G_TIME_SPAN_SECOND;
  for (;;) {
    g_autoptr(GError) error = NULL;
    iv_replay_wish_clear(ret_wish);
    g_assert_true(iv_replays_get(shop->store.store, "demo", no, IV_TIME_NONE, ret_wish, &error));
    if (ret_wish->state == state)
      return;
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_usleep(2000); /* looks again, with the deadline above */
  }
}

/* One that is asked for is worked out; the same again gives the same; one without trajectories
 * fails and says why. */
static void test_desk(void) {
  Shop shop;
  open_shop(&shop, IMAGE, at("2026-05-04T10:00:00Z"));
  walk(&shop, 60);
  settle(&shop);
  g_autoptr(GError) error = NULL;
  g_autoptr(IvConfig) config = iv_config_new();
  IvReplayWish wishes[3];
  for (guint i = 0; i < 3; i++) {
    wishes[i] = (IvReplayWish){.asked = shop.to,
                               .asked_by = (char *)"ann",
                               .from = shop.from - (i == 2 ? IV_DAY : 0),
                               .to = shop.to - (i == 2 ? IV_DAY : 0),
                               .what = (char *)"{\"rules\":{\"exit_grace\":\"1 s\"}}"};
    g_assert_true(iv_store_write(shop.store.store, add_wish, &wishes[i], &error));
  }
  g_autoptr(IvReplayDesk) desk = iv_replay_desk_new(shop.store.store, "demo", &config->rules);
  iv_replay_desk_start(desk);
  g_auto(IvReplayWish) found = {0};
  wait_for_state(&shop, wishes[0].no, IV_REPLAY_DONE, &found);
  json_t *result = json_loads(found.result, 0, NULL);
  g_assert_cmpuint(json_array_size(json_object_get(result, "rows")), ==, 10);
  json_decref(result);
  g_autofree char *first = g_strdup(found.result);
  wait_for_state(&shop, wishes[1].no, IV_REPLAY_DONE, &found);
  g_assert_cmpstr(found.result, ==, first);
  wait_for_state(&shop, wishes[2].no, IV_REPLAY_FAILED, &found);
  g_assert_nonnull(strstr(found.reason, "no trajectories"));
  g_assert_cmpfloat(iv_replay_desk_progress(desk, wishes[0].no), <, 0);
  IvReplayWish late = wishes[0];
  g_assert_true(iv_store_write(shop.store.store, add_wish, &late, &error));
  g_assert_true(iv_store_write(shop.store.store, remove_wish, &late, &error));
  iv_replay_desk_drop(desk, late.no);
  iv_replay_desk_wake(desk);
  g_clear_pointer(&desk, iv_replay_desk_free);
  close_shop(&shop);
}

/* ---- real detections ---- */

typedef struct {
  const char *name, *file;
  double fps;
  IvSize size;
  int every;
  guint off; /* of some hundred counts, at most */
} Sequence;

static gboolean show_sequence(Shop *shop, const Sequence *sequence) {
  g_autofree char *part = g_strdup_printf("data/mot/%s/det/%s", sequence->name, sequence->file);
  g_autofree char *path = iv_test_shared_path(part);
  g_autofree char *text = NULL;
  gsize length;
  if (!path || !g_file_get_contents(path, &text, &length, NULL))
    return FALSE;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) rows = iv_mot_parse(text, length, path, IV_MOT_DETECTIONS, &error);
  g_assert_no_error(error);
  guint next = 0;
  for (int frame = 1; next < rows->len; frame++) {
    IvDetection seen[IV_DETECTIONS_MAX];
    guint n = 0;
    for (; next < rows->len && g_array_index(rows, IvMotRow, next).frame == frame; next++) {
      const IvMotRow *row = &g_array_index(rows, IvMotRow, next);
      float w = (float)sequence->size.width, h = (float)sequence->size.height;
      if (n < IV_DETECTIONS_MAX)
        seen[n++] = (IvDetection){.box = {(float)row->left / w, (float)row->top / h,
                                          (float)(row->left + row->width) / w,
                                          (float)(row->top + row->height) / h},
                                  .score = (float)row->score,
                                  .class_id = IV_CLASS_PERSON};
    }
    if (frame % sequence->every == 0)
      see(shop, shop->from + IV_MINUTE + (IvTime)(frame * (double)IV_SECOND / sequence->fps),
          sequence->size, seen, n);
  }
  return TRUE;
}

static void test_real(void) {
  static const Sequence sequences[] = {{"PETS09-S2L1", "det.txt", 7, {768, 576}, 1, 0},
                                       {"PETS09-S2L1", "yolox_nano.txt", 7, {768, 576}, 1, 0},
                                       {"PETS09-S2L1", "nanodet_512x384.txt", 7, {768, 576}, 1, 1},
                                       {"ADL-Rundle-6", "det.txt", 30, {1920, 1080}, 1, 0},
                                       {"ADL-Rundle-6", "det.txt", 30, {1920, 1080}, 6, 2},
                                       {"ETH-Sunnyday", "det.txt", 14, {640, 480}, 1, 1}};
  for (gsize i = 0; i < G_N_ELEMENTS(sequences); i++) {
    Shop shop;
    open_shop(&shop, sequences[i].size, at("2026-05-04T10:00:00Z"));
    gboolean there = show_sequence(&shop, &sequences[i]);
    settle(&shop);
    if (there) {
      g_autoptr(GError) error = NULL;
      g_autoptr(IvReplayResult) result = replay(&shop, NULL, NULL, &error);
      g_assert_no_error(error);
      const IvReplayCamera *camera = &g_array_index(result->cameras, IvReplayCamera, 0);
      g_test_message("%s %s: %.2f bytes a second of track", sequences[i].name, sequences[i].file,
                     (double)camera->bytes * 1000 / (double)MAX(camera->track_ms, 1));
      assert_same_rows(result, sequences[i].off);
    } else {
      g_test_skip("no shared data");
    }
    close_shop(&shop);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/replay/walkers", test_walkers);
  g_test_add_func("/app/replay/limits", test_limits);
  g_test_add_func("/app/replay/thresholds", test_thresholds);
  g_test_add_func("/app/replay/desk", test_desk);
  g_test_add_func("/app/replay/real", test_real);
  return g_test_run();
}
