/* SPDX-License-Identifier: Apache-2.0 */
/* Stores, cameras, scenes: the import's rule and the versions. */
#include "ledger_fixture.h"

static const char one_camera[] =
    "store: {id: demo, name: Demo store, time_zone: UTC}\n"
    "cameras:\n"
    "  - id: door\n"
    "    number: 1\n"
    "    name: %s\n"
    "    url: rtsp://viewer:secret@127.0.0.1/door\n"
    "    scene:\n"
    "      image: {w: 768, h: 576}\n"
    "      lines:\n"
    "        - {id: in, kind: entrance, a: [%s, 0.5], b: [0.8, 0.5]}\n";

/* The notes of an import, joined by newlines. */
static char *import(Fixture *fixture, const char *name, const char *x) {
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = NULL;
  g_autofree char *text = g_strdup_printf(one_camera, name, x);
  g_autoptr(IvConfig) config = fixture_config_from(text);
  iv_catalog_import(fixture->store, config, at("2026-01-02T00:00:00Z"), &notes, &error);
  g_assert_no_error(error);
  return g_strjoinv("\n", notes);
}

static IvScene *scene_of(Fixture *fixture, const char *camera, int version) {
  g_autoptr(GError) error = NULL;
  IvScene *scene = iv_scenes_get(fixture->store, "demo", camera, version, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  return scene;
}

static IvScene *put(Fixture *fixture, const IvScene *scene, int expected, const char *author,
                    GError **error) {
  IvScenePut put = {.store_id = "demo",
                    .camera_id = "door",
                    .scene = scene,
                    .expected_version = expected,
                    .author = author,
                    .now = at("2026-01-03T00:00:00Z")};
  return iv_scenes_put(fixture->store, &put, error);
}

static void assert_has(const char *text, const char *part) {
  if (!strstr(text, part))
    g_error("\"%s\" is not in \"%s\"", part, text);
}

static void test_catalog(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "Europe/Berlin");
  g_autoptr(GArray) stores = iv_catalog_stores(fixture.store, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(stores->len, ==, 1);
  const IvStoreRow *store = &g_array_index(stores, IvStoreRow, 0);
  g_assert_cmpstr(store->id.text, ==, "demo");
  g_assert_cmpstr(store->name, ==, "Demo store");
  g_assert_cmpstr(store->time_zone, ==, "Europe/Berlin");
  g_assert_cmpuint(store->n_cameras, ==, 3);
  IvEvent states[] = {make_state("aisle", "online", at("2026-02-01T00:00:00Z")),
                      make_state("aisle", "offline", at("2026-02-01T00:01:00Z"))};
  apply(&fixture, states, 2);
  g_autoptr(GArray) cameras = iv_catalog_cameras(fixture.store, "demo", IV_TIME_NONE, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(cameras->len, ==, 3);
  const IvCameraRow *rows = &g_array_index(cameras, IvCameraRow, 0);
  g_assert_cmpstr(rows[0].id.text, ==, "door");
  g_assert_cmpint(rows[0].role, ==, IV_ROLE_ENTRANCE);
  g_assert_cmpint(rows[0].scene_version, ==, 1);
  g_assert_cmpstr(rows[0].state, ==, "");
  g_assert_cmpstr(rows[1].state, ==, "offline");
  g_assert_cmpint(rows[1].state_ts, ==, at("2026-02-01T00:01:00Z"));
  IvStoreRow row;
  g_assert_false(iv_catalog_store(fixture.store, "none", IV_TIME_NONE, &row, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
  fixture_tear_down(&fixture);
}

/* What the file says is taken over once, and again when the file changes. */
static void test_import(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_autofree char *first = import(&fixture, "Front", "0.3");
  assert_has(first, "camera door: changed as in the file");
  assert_has(first, "camera door: scene taken from the file as version 2");
  assert_has(first, "camera aisle: no longer in the file");
  g_autofree char *again = import(&fixture, "Front", "0.3");
  g_assert_cmpstr(again, ==, "");
  g_autofree char *renamed = import(&fixture, "Main door", "0.3");
  g_assert_cmpstr(renamed, ==, "camera door: changed as in the file");
  g_autofree char *redrawn = import(&fixture, "Main door", "0.1");
  g_assert_cmpstr(redrawn, ==, "camera door: scene taken from the file as version 3");
  g_assert_cmpint(
      ask_int(fixture.store, "SELECT count(*) FROM cameras WHERE in_config = 1 AND role <> 'plan'"),
      ==, 1);
  /* the password of the camera's address is nowhere in the database */
  g_autofree char *bytes = NULL;
  gsize n;
  fixture_close(&fixture);
  g_assert_true(g_file_get_contents(fixture.path, &bytes, &n, NULL));
  g_assert_null(g_strstr_len(bytes, (gssize)n, "secret"));
  fixture_tear_down(&fixture);
}

/* What was drawn in the dashboard stays, and the difference is told at each start. */
static void test_dashboard_wins(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_autofree char *first = import(&fixture, "Front", "0.3");
  assert_has(first, "version 2");
  g_autoptr(IvScene) scene = scene_of(&fixture, "door", 0);
  scene->lines[0].a.x = 0.4f;
  g_autoptr(IvScene) drawn = put(&fixture, scene, 2, "mia", &error);
  g_assert_no_error(error);
  g_assert_cmpint(drawn->version, ==, 3);
  g_autofree char *same_file = import(&fixture, "Front", "0.3");
  assert_has(same_file, "camera door: the scene was edited in the dashboard (version 3)");
  g_autofree char *new_file = import(&fixture, "Front", "0.2");
  assert_has(new_file, "the dashboard's is used");
  g_autoptr(IvScene) now = scene_of(&fixture, "door", 0);
  g_assert_cmpint(now->version, ==, 3);
  /* until the file says what was drawn */
  g_autofree char *agreed = import(&fixture, "Front", "0.4");
  g_assert_cmpstr(agreed, ==, "");
  fixture_tear_down(&fixture);
}

static void test_versions(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_autoptr(IvScene) first = scene_of(&fixture, "door", 0);
  g_assert_cmpint(first->version, ==, 1);
  g_assert_cmpstr(first->camera_id.text, ==, "door");
  g_autoptr(IvScene) edit = iv_scene_copy(first);
  edit->lines[0].b.y = 0.7f;
  g_autoptr(IvScene) second = put(&fixture, edit, 1, "mia", &error);
  g_assert_no_error(error);
  g_assert_cmpint(second->version, ==, 2);
  g_assert_cmpstr(second->hash, !=, first->hash);
  /* somebody who has not seen version 2 */
  edit->lines[0].b.y = 0.9f;
  g_assert_null(put(&fixture, edit, 1, "noah", &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT);
  g_clear_error(&error);
  /* the same drawing again is no new version */
  g_autoptr(IvScene) same = put(&fixture, second, 2, "noah", &error);
  g_assert_no_error(error);
  g_assert_cmpint(same->version, ==, 2);
  /* the first is as it was */
  g_autoptr(IvScene) old = scene_of(&fixture, "door", 1);
  g_assert_cmpstr(old->hash, ==, first->hash);
  g_assert_cmpfloat(old->lines[0].b.y, ==, first->lines[0].b.y);
  g_autoptr(GArray) versions =
      iv_scenes_versions(fixture.store, "demo", "door", 10, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(versions->len, ==, 2);
  g_assert_cmpstr(g_array_index(versions, IvSceneVersion, 0).author, ==, "mia");
  g_assert_cmpstr(g_array_index(versions, IvSceneVersion, 1).author, ==, "");
  g_assert_cmpuint(g_array_index(versions, IvSceneVersion, 0).n_lines, ==, 2);
  g_assert_null(iv_scenes_get(fixture.store, "demo", "door", 7, IV_TIME_NONE, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
  fixture_tear_down(&fixture);
}

/* Of two who save at once one wins, and the other is told. */
typedef struct {
  Fixture *fixture;
  float y;
  gboolean won;
} Editor;

static gpointer edit_once(gpointer user_data) {
  Editor *editor = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IvScene) scene = scene_of(editor->fixture, "door", 1);
  scene->lines[0].b.y = editor->y;
  g_autoptr(IvScene) after = put(editor->fixture, scene, 1, "mia", &error);
  editor->won = after != NULL;
  if (!after)
    g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT);
  return NULL;
}

static void test_race(void) {
  Fixture fixture;
  Editor editors[8];
  GThread *threads[8];
  guint winners = 0;
  fixture_set_up(&fixture, "UTC");
  for (guint i = 0; i < 8; i++) {
    editors[i] = (Editor){&fixture, 0.1f + (float)i * 0.05f, FALSE};
    threads[i] = g_thread_new("editor", edit_once, &editors[i]);
  }
  for (guint i = 0; i < 8; i++) {
    g_thread_join(threads[i]);
    winners += editors[i].won ? 1 : 0;
  }
  g_assert_cmpuint(winners, ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT max(version) FROM scenes"), ==, 2);
  fixture_tear_down(&fixture);
}

static void test_no_drawing(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_autoptr(IvConfig) config = fixture_config_from(
      "store: {id: demo}\ncameras:\n  - {id: bare, url: 'rtsp://127.0.0.1/x'}\n");
  iv_catalog_import(fixture.store, config, 0, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(IvScene) none = scene_of(&fixture, "bare", 0);
  g_assert_cmpint(none->version, ==, 0);
  g_assert_cmpuint(none->n_lines + none->n_zones, ==, 0);
  g_assert_null(iv_scenes_get(fixture.store, "demo", "no-such", 0, IV_TIME_NONE, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
  fixture_tear_down(&fixture);
}

/* Days of the past are regrouped when the store's zone changes. */
/* The plan has a row and scenes as a camera has, and is none. */
static void test_floor_plan(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_autoptr(IvScene) before = scene_of(&fixture, IV_FLOOR_PLAN_ID, 0);
  g_assert_cmpint(before->version, ==, 0);
  g_assert_false(iv_scene_is_plan(before));
  static const char text[] =
      "store: {id: demo}\n"
      "floor_plan: {width_m: 12, height_m: 8, scene: {zones: [{id: all, polygon: "
      "[[0,0],[1,0],[1,1],[0,1]]}]}}\n"
      "cameras:\n"
      "  - {id: door, number: 1, url: 'rtsp://127.0.0.1/x', scene: {image: {w: 99, h: 99},\n"
      "     calibration: {height_m: 3, pairs: [{image: [0.1, 0.9], plan: [6, 2]},\n"
      "       {image: [0.9, 0.9], plan: [2, 2]}, {image: [0.7, 0.3], plan: [1, 7.125]},\n"
      "       {image: [0.3, 0.3], plan: [7, 7.125]}]}}}\n";
  g_autoptr(IvConfig) config = fixture_config_from(text);
  iv_catalog_import(fixture.store, config, 1, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(IvScene) plan = scene_of(&fixture, IV_FLOOR_PLAN_ID, 0);
  g_assert_cmpint(plan->version, ==, 1);
  g_assert_cmpfloat(plan->plan.width_m, ==, 12);
  g_assert_cmpuint(plan->n_zones, ==, 1);
  g_autoptr(IvScene) door = scene_of(&fixture, "door", 0);
  g_assert_true(door->has_homography);
  g_assert_cmpfloat(door->camera_height_m, ==, 3);
  g_assert_cmpfloat(door->pairs[3].plan.y, ==, 7.125);
  g_autoptr(GArray) cameras = iv_catalog_cameras(fixture.store, "demo", IV_TIME_NONE, &error);
  g_assert_cmpuint(cameras->len, ==, 1);
  IvStoreRow row;
  g_assert_true(iv_catalog_store(fixture.store, "demo", IV_TIME_NONE, &row, &error));
  g_assert_cmpuint(row.n_cameras, ==, 1);
  /* A file that says nothing of a plan takes none away. */
  g_autofree char *notes = import(&fixture, "Front", "0.3");
  g_assert_null(strstr(notes, IV_FLOOR_PLAN_ID));
  g_autoptr(IvScene) kept = scene_of(&fixture, IV_FLOOR_PLAN_ID, 0);
  g_assert_cmpint(kept->version, ==, 1);
  fixture_tear_down(&fixture);
}

static void test_zone_change(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvEvent event = make_crossing("door", "in", "in", at("2026-05-01T23:30:00Z"), 1);
  apply(&fixture, &event, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM daily_kpis WHERE day='2026-05-01'"),
                  ==, 1);
  g_autoptr(IvConfig) config = fixture_config("Asia/Tokyo");
  g_auto(GStrv) notes = NULL;
  iv_catalog_import(fixture.store, config, 0, &notes, &error);
  g_assert_no_error(error);
  assert_has(notes[1], "Asia/Tokyo");
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM daily_kpis WHERE day='2026-05-01'"),
                  ==, 0);
  g_assert_cmpint(ask_int(fixture.store, "SELECT footfall FROM daily_kpis WHERE day='2026-05-02'"),
                  ==, 1);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/catalog/rows", test_catalog);
  g_test_add_func("/catalog/import", test_import);
  g_test_add_func("/catalog/dashboard_wins", test_dashboard_wins);
  g_test_add_func("/catalog/versions", test_versions);
  g_test_add_func("/catalog/race", test_race);
  g_test_add_func("/catalog/no_drawing", test_no_drawing);
  g_test_add_func("/catalog/zone_change", test_zone_change);
  g_test_add_func("/store/catalog/floor-plan", test_floor_plan);
  return g_test_run();
}
