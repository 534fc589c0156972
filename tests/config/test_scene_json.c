/* SPDX-License-Identifier: Apache-2.0 */
#include "config/scene_json.h"
#include "reading.h"

static IvScene *scene_of(const char *text) {
  g_autoptr(GError) error = NULL;
  IvScene *scene = iv_scene_from_text(text, strlen(text), &error);
  g_assert_no_error(error);
  return scene;
}

static char *fault_of(const char *text) {
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_scene_from_text(text, strlen(text), &error));
  g_assert_error(error, IV_SCENE_ERROR, IV_SCENE_ERROR_INVALID);
  return g_strdup(error->message);
}

#define TWO_ZONES                                                                                  \
  "{\"version\": 7, \"image\": {\"w\": 768, \"h\": 576}, \"zones\": ["                             \
  "{\"id\": \"floor\", \"polygon\": [[0, 0], [1, 0], [1, 1], [0, 1]]},"                            \
  "{\"id\": \"shelf\", \"name\": \"Caf\xc3\xa9\", \"kind\": \"product\", \"parent\": \"floor\","   \
  " \"polygon\": [[0.1, 0.2], [0.333333, 0.2], [0.3, 0.7]]}],"                                     \
  "\"lines\": [{\"id\": \"door\", \"kind\": \"entrance\", \"a\": [0.5, 0], \"b\": [0.5, 1]}]}"

static void test_read(void) {
  g_autoptr(IvScene) scene = scene_of(TWO_ZONES);
  g_assert_cmpint(scene->version, ==, 7);
  g_assert_cmpint(scene->image.height, ==, 576);
  g_assert_false(scene->full_view);
  g_assert_cmpuint(scene->n_zones, ==, 2);
  g_assert_cmpstr(scene->zones[0].name, ==, "floor");
  g_assert_cmpint(scene->zones[0].kind, ==, IV_ZONE_GENERAL);
  g_assert_cmpstr(scene->zones[1].parent.text, ==, "floor");
  g_assert_cmpfloat(scene->zones[1].polygon[1].x, ==, 0.333333f);
  g_assert_cmpint(scene->lines[0].kind, ==, IV_LINE_ENTRANCE);
  g_assert_cmpuint(strlen(scene->hash), ==, 16);
}

static void test_round_trip(void) {
  g_autoptr(IvScene) scene = scene_of(TWO_ZONES);
  json_t *json = iv_scene_to_json(scene);
  g_autoptr(GError) error = NULL;
  g_autoptr(IvScene) again = iv_scene_from_json(json, &error);
  json_decref(json);
  g_assert_no_error(error);
  g_assert_cmpstr(again->hash, ==, scene->hash);
  g_assert_cmpint(again->version, ==, 7);
  g_assert_cmpuint(again->n_zones, ==, scene->n_zones);
  g_assert_cmpuint(again->n_lines, ==, scene->n_lines);
  g_assert_cmpint(memcmp(again->zones, scene->zones, scene->n_zones * sizeof(IvZone)), ==, 0);
  g_assert_cmpint(memcmp(again->lines, scene->lines, scene->n_lines * sizeof(IvLine)), ==, 0);
}

/* Any step of the grid comes back as the same step, also through a float and other writers. */
static void test_coordinates_survive(void) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  for (guint i = 0; i < 2000; i++) {
    g_autofree char *text = g_strdup_printf(
        "{\"image\":{\"w\":99,\"h\":99},\"lines\":[{\"id\":\"a\",\"a\":[%.17g,0],\"b\":[1,1]}]}",
        i < 2 ? (double)i * 1e-6 : g_rand_double_range(rand, 0, 0.99));
    g_autoptr(IvScene) scene = scene_of(text);
    json_t *json = iv_scene_to_json(scene);
    char *dumped = json_dumps(json, 0); /* all digits, unlike the canonical form */
    g_autoptr(IvScene) again = scene_of(dumped);
    g_assert_cmpfloat(again->lines[0].a.x, ==, scene->lines[0].a.x);
    g_assert_cmpstr(again->hash, ==, scene->hash);
    free(dumped);
    json_decref(json);
  }
}

static void test_hash(void) {
  static const char *const same[] = {
      TWO_ZONES,
      "{\"lines\": [{\"b\": [0.5, 1.0], \"a\": [0.50000000001, 0], \"kind\": \"entrance\","
      " \"name\": \"door\", \"id\": \"door\"}], \"full_view\": false, \"hash\": \"x\","
      "\"zones\": [{\"id\": \"floor\", \"polygon\": [[0, 0], [1, 0], [1, 1], [0, 1]]},"
      "{\"id\": \"shelf\", \"name\": \"Caf\\u00e9\", \"kind\": \"product\", \"parent\": \"floor\","
      "\"polygon\": [[0.1, 0.2], [0.333333, 0.2], [0.3, 0.7]]}], \"image\": {\"h\": 576, \"w\": "
      "768}}"};
  g_autoptr(IvScene) a = scene_of(same[0]);
  g_autoptr(IvScene) b = scene_of(same[1]);
  g_autofree char *canonical_a = iv_scene_canonical(a);
  g_autofree char *canonical_b = iv_scene_canonical(b);
  g_assert_cmpstr(canonical_a, ==, canonical_b);
  g_assert_cmpstr(a->hash, ==, b->hash);
  g_assert_cmpstr(canonical_a, ==,
                  "{\"full_view\":false,\"image\":{\"h\":576,\"w\":768},\"lines\":[{\"a\":[0.5,0.0]"
                  ",\"b\":[0.5,1.0],\"id\":\"door\",\"kind\":\"entrance\",\"name\":\"door\"}],"
                  "\"zones\":[{\"id\":\"floor\",\"kind\":\"general\",\"name\":\"floor\","
                  "\"polygon\":[[0.0,0.0],[1.0,0.0],[1.0,1.0],[0.0,1.0]]},{\"id\":\"shelf\","
                  "\"kind\":\"product\",\"name\":\"Caf\xc3\xa9\",\"parent\":\"floor\",\"polygon\":"
                  "[[0.1,0.2],[0.333333,0.2],[0.3,0.7]]}]}");
  b->zones[1].polygon[0].x += 0.00001f;
  iv_scene_set_hash(b);
  g_assert_cmpstr(a->hash, !=, b->hash);
}

#define IMAGE "\"image\": {\"w\": 99, \"h\": 99}"

#define BOX_A "\"polygon\": [[0.1,0.3],[0.3,0.3],[0.3,0.9],[0.1,0.9]]"
#define BOX_B "\"polygon\": [[0.1,0.1],[0.3,0.1],[0.3,0.3],[0.1,0.3]]"

static const char lanes_text[] =
    "{" IMAGE ", \"lanes\": [{\"id\": \"sco-1\", \"name\": \"Self 1\", \"group\": \"sco\","
    " \"self_checkout\": true, \"queue\": {" BOX_A ", \"path\": [[0.2,0.35],[0.2,0.85]]},"
    " \"service\": {" BOX_B "}},"
    "{\"id\": \"sco-2\", \"group\": \"sco\", \"service\": {" BOX_B "}, \"staff\": {" BOX_A "},"
    " \"exit\": {" BOX_A "}}]}";

static void test_lanes(void) {
  g_autoptr(IvScene) scene = scene_of(lanes_text);
  g_assert_cmpuint(scene->n_lanes, ==, 2);
  const IvLane *first = &scene->lanes[0], *second = &scene->lanes[1];
  g_assert_true(first->self_checkout && !second->self_checkout);
  g_assert_cmpstr(second->name, ==, "sco-2");
  g_assert_cmpstr(second->group.text, ==, "sco");
  g_assert_cmpuint(first->queue.n_points, ==, 4);
  g_assert_cmpuint(first->n_path, ==, 2);
  g_assert_cmpfloat(first->path[1].y, ==, 0.85f);
  g_assert_cmpuint(second->queue.n_points, ==, 0);
  g_assert_cmpuint(second->exit.n_points, ==, 4);
  g_assert_cmpint(iv_scene_queue_of(scene, 1), ==, 0);
  json_t *json = iv_scene_to_json(scene);
  g_autoptr(GError) error = NULL;
  g_autoptr(IvScene) again = iv_scene_from_json(json, &error);
  json_decref(json);
  g_assert_no_error(error);
  g_assert_cmpstr(again->hash, ==, scene->hash);
  g_assert_cmpint(memcmp(again->lanes, scene->lanes, 2 * sizeof(IvLane)), ==, 0);
  g_autoptr(IvScene) copy = iv_scene_copy(scene);
  copy->lanes[1].self_checkout = TRUE;
  iv_scene_set_hash(copy);
  g_assert_cmpstr(copy->hash, !=, scene->hash);
}

/* Databases hold hashes of drawings from before there were lanes. */
static void test_hash_without_lanes(void) {
  g_autoptr(IvScene) scene = scene_of(TWO_ZONES);
  g_autoptr(IvScene) none = scene_of("{" IMAGE ", \"lanes\": []}");
  json_t *json = iv_scene_to_json(none);
  g_assert_cmpstr(scene->hash, ==, "cc197637eb1b4ff2");
  g_assert_null(json_object_get(json, "lanes"));
  json_decref(json);
}

static void test_faults(void) {
  static const struct {
    const char *text, *fault;
  } cases[] = {
      {"", "scene: not JSON (line 1"},
      {"[]", "scene: must be a mapping"},
      {"{}", "scene: has no image size"},
      {"{" IMAGE ", " IMAGE "}", "duplicate"},
      {"{\"image\": {\"w\": 99}}", "/image: \"h\" must be a whole number"},
      {"{\"image\": {\"w\": 99.5, \"h\": 99}}", "/image: \"w\" must be"},
      {"{" IMAGE ", \"version\": 0}", "/version: must be a whole number from 1"},
      {"{" IMAGE ", \"version\": \"1\"}", "/version: must be"},
      {"{" IMAGE ", \"full_view\": 1}", "/full_view: must be true or false"},
      {"{" IMAGE ", \"zones\": {}}", "/zones: must be a list"},
      {"{" IMAGE ", \"shelves\": []}", "/shelves: unknown key \"shelves\""},
      {"{" IMAGE ", \"lanes\": {}}", "/lanes: must be a list"},
      {"{" IMAGE ", \"lanes\": [{\"id\": \"till\", \"queue\": {" BOX_A "}}]}",
       "/lanes/0: lane till has no service area; draw where"},
      {"{" IMAGE ", \"lanes\": [{\"id\": \"till\", \"service\": {" BOX_B "}}]}",
       "/lanes/0: lane till has no queue; draw where people wait, or name the group"},
      {"{" IMAGE ", \"lanes\": [{\"id\": \"till\", \"service\": [[0,0]]}]}",
       "/lanes/0/service: must be a mapping with the keys polygon"},
      {"{" IMAGE ", \"lanes\": [{\"id\": \"till\", \"service\": {" BOX_B
       ", \"path\": [[0,0],[1,1]]}}]}",
       "/lanes/0/service/path: unknown key"},
      {"{" IMAGE ", \"lanes\": [{\"id\": \"till\", \"service\": {" BOX_B "}, \"queue\": {" BOX_A
       ", \"path\": [[0,0]]}}]}",
       "/lanes/0/queue/path: must be a list of 2 to 16 points"},
      {"{" IMAGE ", \"lanes\": [{\"id\": \"till\", \"self_checkout\": 1}]}",
       "/lanes/0/self_checkout: must be true or false"},
      {"{" IMAGE ", \"zones\": [1]}", "/zones/0: must be a mapping with the keys id, name"},
      {"{" IMAGE ", \"zones\": [{\"polygon\": [[0,0],[1,0],[1,1]]}]}", "/zones/0: has no id"},
      {"{" IMAGE ", \"zones\": [{\"id\": 5, \"polygon\": [[0,0],[1,0],[1,1]]}]}",
       "/zones/0/id: must be text"},
      {"{" IMAGE ", \"zones\": [{\"id\": \"A\", \"polygon\": [[0,0],[1,0],[1,1]]}]}",
       "/zones/0/id: \"A\" is not an id"},
      {"{" IMAGE ", \"zones\": [{\"id\": \"a\"}]}", "/zones/0: has no polygon"},
      {"{" IMAGE ", \"zones\": [{\"id\": \"a\", \"polygon\": [[0,0],[1,0],[1]]}]}",
       "/zones/0/polygon/2: must be a point [x, y]"},
      {"{" IMAGE ", \"zones\": [{\"id\": \"a\", \"polygon\": [[0,0],[768,0],[1,1]]}]}",
       "/zones/0/polygon/1: both numbers of a point are shares of the picture"},
      {"{" IMAGE ", \"zones\": [{\"id\": \"a\", \"polygon\": [[0,0],[1e308,0],[1,1]]}]}",
       "/zones/0/polygon/1: both numbers"},
      {"{" IMAGE ", \"zones\": [{\"id\": \"a\", \"polygon\": [[0,0],[1,0],[-0.01,1]]}]}",
       "/zones/0/polygon/2: both numbers"},
      {"{" IMAGE ", \"zones\": [{\"id\": \"a\", \"polygon\": [[0,0],[1,1],[1,0],[0,1]]}]}",
       "/zones/0: zone a: its edges cross"},
      {"{" IMAGE ", \"zones\": [{\"id\": \"a\", \"parent\": \"b\","
       " \"polygon\": [[0,0],[1,0],[1,1]]}]}",
       "/zones/0: zone a: parent \"b\" is not a zone of this scene"},
      {"{" IMAGE ", \"zones\": [{\"id\": \"a\", \"parent\": \"a\","
       " \"polygon\": [[0,0],[1,0],[1,1]]}]}",
       "/zones/0: zone a is its own ancestor"},
#define CAPACITY(value, kind)                                                                      \
  "{" IMAGE ", \"zones\": [{\"id\": \"a\", \"capacity\": " value ", \"kind\": \"" kind "\","       \
  " \"polygon\": [[0,0],[1,0],[1,1]]}]}"
      {CAPACITY("0", "product"), "/zones/0/capacity: must be a whole number of people, 1 to 10000"},
      {CAPACITY("-4", "product"), "/zones/0/capacity: must be a whole number of people"},
      {CAPACITY("2.5", "product"), "/zones/0/capacity: must be a whole number of people"},
      {CAPACITY("10001", "product"), "/zones/0/capacity: must be a whole number of people"},
      {CAPACITY("\"12\"", "product"), "/zones/0/capacity: must be a whole number of people"},
      {CAPACITY("null", "product"), "/zones/0/capacity: must be a whole number of people"},
      {CAPACITY("4", "fitting"), "/zones/0: zone a: a zone of kind fitting takes no capacity"},
      {"{" IMAGE ", \"lines\": [{\"id\": \"a\", \"a\": [0,0], \"b\": [0,0]}]}",
       "/lines/0: line a is too short"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *fault = fault_of(cases[i].text);
    g_test_message("%s", fault);
    assert_has(fault, cases[i].fault);
  }
}

static void test_capacity(void) {
  g_autoptr(IvScene) scene = scene_of("{" IMAGE ", \"zones\": [{\"id\": \"a\", \"capacity\": 12,"
                                      " \"polygon\": [[0,0],[1,0],[1,1]]}]}");
  g_assert_cmpuint(scene->zones[0].capacity, ==, 12);
  json_t *json = iv_scene_to_json(scene);
  g_autoptr(IvScene) again = iv_scene_from_json(json, NULL);
  json_decref(json);
  g_assert_cmpuint(again->zones[0].capacity, ==, 12);
  g_assert_cmpstr(again->hash, ==, scene->hash);
  again->zones[0].capacity = 13; /* another drawing */
  iv_scene_set_hash(again);
  g_assert_cmpstr(again->hash, !=, scene->hash);
}

static void count_fault(const char *pointer, const char *text, gpointer user_data) {
  g_assert_nonnull(text);
  g_ptr_array_add(user_data, g_strdup(pointer));
}

static void test_all_faults(void) {
  const char *text =
      "{" IMAGE ", \"zones\": [{\"id\": \"a\", \"polygon\": [[0,0],[1,1],[1,0],[0,1]]}"
      ",{\"id\": \"b\", \"kind\": \"x\", \"polygon\": [[0,0],[2,0],[1,1]]},"
      "{\"id\": \"c\", \"polygon\": [[0,0],[1,0],[1,1]]}],"
      "\"lines\": [{\"id\": \"l\", \"a\": [0,0]}]}";
  json_t *json = json_loads(text, 0, NULL);
  g_autoptr(GPtrArray) pointers = g_ptr_array_new_with_free_func(g_free);
  g_assert_null(iv_scene_from_json_all(json, count_fault, pointers));
  static const char *const expected[] = {"/zones/1/kind", "/zones/1/polygon/1", "/zones/0",
                                         "/lines/0"};
  g_assert_cmpuint(pointers->len, ==, G_N_ELEMENTS(expected));
  for (guint i = 0; i < pointers->len; i++)
    g_assert_cmpstr(g_ptr_array_index(pointers, i), ==, expected[i]);
  json_decref(json);
}

static void test_too_large(void) {
  g_autofree char *blanks = g_strnfill(IV_SCENE_JSON_BYTES_MAX + 1, ' ');
  g_autofree char *fault = fault_of(blanks);
  assert_has(fault, "longer than");
}

#define PAIR(x, y, X, Y) "{\"image\": [" #x "," #y "], \"plan\": [" #X "," #Y "]}"
#define CALIBRATED(pairs) "{" IMAGE ", \"calibration\": {\"height_m\": 3, \"pairs\": [" pairs "]}}"
#define NEAR_PAIRS PAIR(0.1, 0.9, 6, 2) "," PAIR(0.9, 0.9, 2, 2)
#define FIVE_PAIRS                                                                                 \
  NEAR_PAIRS "," PAIR(0.7, 0.3, 1, 9) "," PAIR(0.3, 0.3, 7, 9) "," PAIR(0.5, 0.5, 4, 4.5)

static void test_calibration(void) {
  g_autoptr(IvScene) scene = scene_of(CALIBRATED(FIVE_PAIRS));
  g_assert_cmpuint(scene->n_pairs, ==, 5);
  g_assert_true(scene->has_homography);
  g_assert_cmpfloat(scene->camera_height_m, ==, 3);
  g_assert_cmpfloat(scene->homography_error.rms, >, 0);
  json_t *json = iv_scene_to_json(scene);
  g_autoptr(IvScene) again = iv_scene_from_json(json, NULL);
  json_decref(json);
  g_assert_cmpstr(again->hash, ==, scene->hash);
  g_assert_cmpmem(again->pairs, sizeof(IvPointPair) * 5, scene->pairs, sizeof(IvPointPair) * 5);
  g_autoptr(IvScene) copy = iv_scene_copy(scene);
  g_assert_true(copy->pairs != scene->pairs && iv_scene_check(copy, NULL));
  g_autoptr(IvScene) without = scene_of("{" IMAGE "}");
  g_assert_false(without->has_homography);
  g_assert_cmpstr(without->hash, !=, scene->hash);
  g_autoptr(IvScene) from_text = scene_of("{\"plan\": {\"width_m\": 7, \"height_m\": 9}}");
  g_assert_true(iv_scene_check_on_plan(scene, from_text, NULL));
  from_text->plan.height_m = 8.9;
  g_assert_false(iv_scene_check_on_plan(scene, from_text, NULL));
}

static void test_bad_calibrations(void) {
  static const struct {
    const char *text, *fault;
  } cases[] = {
      {CALIBRATED(NEAR_PAIRS), "/calibration/pairs: has 2 of at least 4; a pair"},
      {CALIBRATED(FIVE_PAIRS "," PAIR(0.5, 0.5, 3, 3)), "/calibration: pairs 5 and 6 are"},
      {CALIBRATED(PAIR(0.1, 0.9, 1, 1) "," PAIR(0.2, 0.8, 2, 2) "," PAIR(0.3, 0.7, 3, 3) "," PAIR(
           0.4, 0.6, 4, 4)),
       "/calibration: the points lie nearly on one line"},
      {CALIBRATED(PAIR(0.1, 0.9, 2, 2) "," PAIR(0.9, 0.9, 6, 2) "," PAIR(0.7, 0.3, 7, 9) "," PAIR(
           0.3, 0.3, 1, 9)),
       "/calibration: the picture would be mirrored"},
      {CALIBRATED(NEAR_PAIRS "," PAIR(0.7, 0.3, 7, 9) "," PAIR(0.3, 1.3, 1, 9)),
       "/calibration/pairs/3/image: both numbers"},
      {CALIBRATED(NEAR_PAIRS "," PAIR(0.7, 0.3, 7, 9) "," PAIR(0.3, 0.3, 1, 9e9)),
       "/calibration/pairs/3/plan: must be a place on the floor plan"},
      {"{" IMAGE ", \"calibration\": {\"height_m\": 99, \"pairs\": [" FIVE_PAIRS "]}}",
       "/calibration/height_m: must be a number, 0.5 to 30"},
      {"{\"plan\": {\"width_m\": 7, \"height_m\": 9}, \"calibration\": {\"pairs\": [" FIVE_PAIRS
       "]}}",
       "scene: a floor plan has no calibration"},
      {"{" IMAGE ", \"walls\": [{\"polygon\": [[0,0],[1,0],[1,1]]}]}",
       "scene: walls and obstacles belong on the floor plan"},
      {"{\"plan\": {\"width_m\": 7}}", "/plan: has no height_m"},
      {"{\"plan\": {\"width_m\": 7, \"height_m\": 1001}}",
       "/plan/height_m: must be a number, 1 to"},
      {"{\"plan\": {\"width_m\": 7, \"height_m\": 9, \"image\": \"../x\"}}", "/plan: image is not"},
      {"{\"plan\": {\"width_m\": 7, \"height_m\": 9}, \"walls\": [{\"polygon\": "
       "[[0,0],[1,1],[1,0],[0,1]]}]}",
       "scene: walls: outline 1: its edges cross"},
      {"{\"plan\": {\"width_m\": 7, \"height_m\": 9}, \"obstacles\": [{}]}",
       "/obstacles/0: has no polygon"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *fault = fault_of(cases[i].text);
    g_test_message("%s", fault);
    assert_has(fault, cases[i].fault);
  }
}

static const char plan_text[] =
    "{\"plan\": {\"width_m\": 20, \"height_m\": 12.5, \"image\": \"0123456789abcdef\"},"
    "\"walls\": [{\"polygon\": [[0,0],[1,0],[1,1],[0,1]]}], \"obstacles\": [{\"polygon\": "
    "[[0.1,0.1],[0.2,0.1],[0.2,0.2]], \"height_m\": 2.1}, {\"polygon\": [[0.5,0.1],[0.6,0.1],"
    "[0.6,0.2]]}], \"zones\": [{\"id\": \"floor\", \"polygon\": [[0,0],[1,0],[1,1]]}]}";

static void test_plan(void) {
  g_autoptr(IvScene) scene = scene_of(plan_text);
  g_assert_true(iv_scene_is_plan(scene));
  g_assert_cmpint(scene->image.width, ==, 2000);
  g_assert_cmpint(scene->image.height, ==, 1250);
  g_assert_cmpuint(scene->plan.n_obstacles, ==, 2);
  g_assert_cmpfloat(scene->plan.obstacles[1].height_m, ==, IV_OBSTACLE_HEIGHT);
  IvPlanPoint corner = iv_plan_to_metres(&scene->plan, (IvPoint){1, 1});
  g_assert_cmpfloat(corner.x, ==, 20);
  json_t *json = iv_scene_to_json(scene);
  g_autoptr(IvScene) again = iv_scene_from_json(json, NULL);
  json_decref(json);
  g_assert_cmpstr(again->hash, ==, scene->hash);
  g_autoptr(IvScene) copy = iv_scene_copy(scene);
  g_assert_true(copy->plan.walls != scene->plan.walls && iv_scene_check(copy, NULL));
  g_autoptr(IvScene) wide = scene_of("{\"plan\": {\"width_m\": 1000, \"height_m\": 1}}");
  g_assert_cmpint(wide->image.width, ==, 16384);
}

static json_t *load_schema(void) {
  json_error_t error;
  json_t *schema = json_load_file(INVEYE_SOURCE_ROOT "/schemas/scene.schema.json",
                                  JSON_REJECT_DUPLICATES, &error);
  if (!schema)
    g_error("%s", error.text);
  return schema;
}

static const json_t *at(const json_t *json, const char *path) {
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);
  for (guint i = 0; steps[i] && json; i++)
    json = json_object_get(json, steps[i]);
  return json;
}

static gboolean lists(const json_t *array, const char *text) {
  for (gsize i = 0; i < json_array_size(array); i++)
    if (strcmp(json_string_value(json_array_get(array, i)), text) == 0)
      return TRUE;
  return FALSE;
}

/* The schema is written by hand: it must name the same kinds and limits as the code. */
static void test_schema_kinds(void) {
  json_t *schema = load_schema();
  const json_t *zones = at(schema, "$defs.zone.properties.kind.enum");
  const json_t *lines = at(schema, "$defs.line.properties.kind.enum");
  g_assert_cmpuint(json_array_size(zones), ==, IV_ZONE_KINDS);
  g_assert_cmpuint(json_array_size(lines), ==, IV_LINE_KINDS);
  for (guint i = 0; i < IV_ZONE_KINDS; i++)
    g_assert_true(lists(zones, iv_zone_kind_name((IvZoneKind)i)));
  for (guint i = 0; i < IV_LINE_KINDS; i++)
    g_assert_true(lists(lines, iv_line_kind_name((IvLineKind)i)));
  g_assert_cmpint(json_integer_value(at(schema, "properties.zones.maxItems")), ==,
                  IV_SCENE_ZONES_MAX);
  g_assert_cmpint(json_integer_value(at(schema, "properties.lines.maxItems")), ==,
                  IV_SCENE_LINES_MAX);
  g_assert_cmpint(json_integer_value(at(schema, "properties.lanes.maxItems")), ==,
                  IV_SCENE_LANES_MAX);
  g_assert_cmpint(
      json_integer_value(at(schema, "$defs.lane.properties.queue.properties.path.maxItems")), ==,
      IV_LANE_PATH_MAX);
  g_assert_cmpint(json_integer_value(at(schema, "$defs.zone.properties.polygon.maxItems")), ==,
                  IV_POLYGON_MAX);
  g_assert_cmpint(json_integer_value(at(schema, "$defs.name.maxLength")), ==, IV_NAME_MAX);
  g_assert_cmpint(json_integer_value(at(schema, "$defs.zone.properties.capacity.maximum")), ==,
                  IV_ZONE_CAPACITY_MAX);
  json_decref(schema);
}

static void assert_keys_known(const json_t *json, const json_t *properties) {
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)json, key, value)
      g_assert_nonnull(json_object_get(properties, key));
  g_assert_cmpuint(json_object_size(json), ==, json_object_size(properties));
}

/* What is written has exactly the keys the schema knows. */
static void test_schema_keys(void) {
  json_t *schema = load_schema();
  g_autoptr(IvScene) scene = scene_of(TWO_ZONES);
  g_autoptr(IvScene) drawn = scene_of(lanes_text);
  scene->n_lanes = drawn->n_lanes;
  g_free(scene->lanes);
  scene->lanes = g_memdup2(drawn->lanes, drawn->n_lanes * sizeof *drawn->lanes);
  scene->zones[1].capacity = 12;
  json_t *json = iv_scene_to_json(scene);
  static const char *const measures[] = {"calibration", "plan", "walls", "obstacles"};
  for (guint i = 0; i < G_N_ELEMENTS(measures); i++)
    json_object_set_new(json, measures[i], json_null()); /* never all of them in one scene */
  assert_keys_known(json, at(schema, "properties"));
  assert_keys_known(json_array_get(json_object_get(json, "zones"), 1),
                    at(schema, "$defs.zone.properties"));
  assert_keys_known(json_array_get(json_object_get(json, "lines"), 0),
                    at(schema, "$defs.line.properties"));
  json_t *lane = json_array_get(json_object_get(json, "lanes"), 0);
  assert_keys_known(json_object_get(lane, "queue"),
                    at(schema, "$defs.lane.properties.queue.properties"));
  json_object_update_missing(lane, json_array_get(json_object_get(json, "lanes"), 1));
  assert_keys_known(lane, at(schema, "$defs.lane.properties"));
  json_decref(json);
  g_autoptr(IvScene) plan = scene_of(plan_text);
  g_autoptr(IvScene) calibrated = scene_of(CALIBRATED(FIVE_PAIRS));
  json = iv_scene_to_json(plan);
  json_t *calibration = iv_scene_to_json(calibrated);
  assert_keys_known(json_object_get(json, "plan"), at(schema, "properties.plan.properties"));
  assert_keys_known(json_array_get(json_object_get(json, "obstacles"), 0),
                    at(schema, "$defs.obstacle.properties"));
  assert_keys_known(json_object_get(calibration, "calibration"),
                    at(schema, "properties.calibration.properties"));
  json_decref(calibration);
  json_decref(json);
  json_decref(schema);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/config/scene/read", test_read);
  g_test_add_func("/config/scene/round-trip", test_round_trip);
  g_test_add_func("/config/scene/coordinates-survive", test_coordinates_survive);
  g_test_add_func("/config/scene/hash", test_hash);
  g_test_add_func("/config/scene/hash-without-lanes", test_hash_without_lanes);
  g_test_add_func("/config/scene/lanes", test_lanes);
  g_test_add_func("/config/scene/faults", test_faults);
  g_test_add_func("/config/scene/all-faults", test_all_faults);
  g_test_add_func("/config/scene/too-large", test_too_large);
  g_test_add_func("/config/scene/calibration", test_calibration);
  g_test_add_func("/config/scene/bad-calibrations", test_bad_calibrations);
  g_test_add_func("/config/scene/plan", test_plan);
  g_test_add_func("/config/scene/capacity", test_capacity);
  g_test_add_func("/config/scene/schema-kinds", test_schema_kinds);
  g_test_add_func("/config/scene/schema-keys", test_schema_keys);
  return g_test_run();
}
