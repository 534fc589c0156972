/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/scene_reader.h"
#include "config/wording.h"

#define IMAGE_SIDE_MIN 16
#define IMAGE_SIDE_MAX 16384

static void read_slug(IvSceneReader *reader, const json_t *json, const char *key,
                      IvSlug *ret_slug) {
  const char *text = iv_reader_text(reader, json, key, NULL);
  gboolean is_id = strcmp(key, "id") == 0;
  if ((!text && !is_id) || (text && iv_slug_set(ret_slug, text)))
    return;
  if (!json_object_get(json, key)) {
    iv_reader_fault(reader, "has no id; give it one of a-z, 0-9 and - (up to %d)", IV_SLUG_MAX);
  } else if (text) {
    g_autofree char *quoted = iv_quoted(text);
    gsize back = iv_reader_enter(reader, key);
    iv_reader_fault(reader, "%s is not an id: use 1 to %d of a-z, 0-9 and -", quoted, IV_SLUG_MAX);
    iv_reader_leave(reader, back);
  }
}

static void read_name(IvSceneReader *reader, const json_t *json, const IvSlug *id, char *ret_name) {
  const char *text = iv_reader_text(reader, json, "name", id->text);
  if (strlen(text) > IV_NAME_MAX) {
    gsize back = iv_reader_enter(reader, "name");
    iv_reader_fault(reader, "is longer than %d bytes; shorten it", IV_NAME_MAX);
    iv_reader_leave(reader, back);
    return;
  }
  g_strlcpy(ret_name, text, IV_NAME_MAX + 1);
}

/* Names of an enumeration in its order; what iv_..._kind_name gives. */
typedef struct {
  const char *names[IV_ZONE_KINDS];
  guint n;
} Kinds;

static Kinds zone_kinds(void) {
  Kinds kinds = {.n = IV_ZONE_KINDS};
  for (guint i = 0; i < kinds.n; i++)
    kinds.names[i] = iv_zone_kind_name((IvZoneKind)i);
  return kinds;
}

static Kinds line_kinds(void) {
  Kinds kinds = {.n = IV_LINE_KINDS};
  for (guint i = 0; i < kinds.n; i++)
    kinds.names[i] = iv_line_kind_name((IvLineKind)i);
  return kinds;
}

static guint read_kind(IvSceneReader *reader, const json_t *json, const Kinds *kinds,
                       guint fallback) {
  const char *text = iv_reader_text(reader, json, "kind", NULL);
  if (!text)
    return fallback;
  for (guint i = 0; i < kinds->n; i++)
    if (strcmp(kinds->names[i], text) == 0)
      return i;
  g_autofree char *hint = iv_nearest_hint(text, kinds->names, kinds->n);
  g_autofree char *names = iv_names_joined(kinds->names, kinds->n);
  g_autofree char *quoted = iv_quoted(text);
  gsize back = iv_reader_enter(reader, "kind");
  iv_reader_fault(reader, "%s is not a kind%s; use one of %s", quoted, hint, names);
  iv_reader_leave(reader, back);
  return fallback;
}

/* Returns the number of corners. */
static guint read_polygon(IvSceneReader *reader, const json_t *json, IvPoint *ret_points) {
  if (json_object_get(json, "polygon"))
    return iv_reader_points(reader, json, "polygon", 3, IV_POLYGON_MAX, ret_points);
  iv_reader_fault(reader, "has no polygon; give its corners as [[x, y], [x, y], [x, y], ...]");
  return 0;
}

static void read_end(IvSceneReader *reader, const json_t *json, const char *key,
                     IvPoint *ret_point) {
  const json_t *end = json_object_get(json, key);
  if (!end) {
    iv_reader_fault(reader, "has no end \"%s\"; give it as %s: [x, y]", key, key);
    return;
  }
  gsize back = iv_reader_enter(reader, key);
  iv_reader_point(reader, end, ret_point);
  iv_reader_leave(reader, back);
}

static void read_capacity(IvSceneReader *reader, const json_t *json, guint *ret_capacity) {
  const json_t *capacity = json_object_get(json, "capacity");
  json_int_t v = json_integer_value(capacity);
  if (!capacity)
    return;
  gsize back = iv_reader_enter(reader, "capacity");
  if (json_is_integer(capacity) && v >= 1 && v <= IV_ZONE_CAPACITY_MAX)
    *ret_capacity = (guint)v;
  else
    iv_reader_fault(reader,
                    "must be a whole number of people, 1 to %d; leave it out where any "
                    "number is fine",
                    IV_ZONE_CAPACITY_MAX);
  iv_reader_leave(reader, back);
}

static void read_zone(IvSceneReader *reader, const json_t *json, IvZone *zone) {
  static const char *const keys[] = {"id", "name", "kind", "parent", "capacity", "polygon"};
  Kinds kinds = zone_kinds();
  if (!iv_reader_is_object(reader, json, keys, G_N_ELEMENTS(keys)))
    return;
  read_slug(reader, json, "id", &zone->id);
  read_name(reader, json, &zone->id, zone->name);
  read_slug(reader, json, "parent", &zone->parent);
  zone->kind = (IvZoneKind)read_kind(reader, json, &kinds, IV_ZONE_GENERAL);
  read_capacity(reader, json, &zone->capacity);
  zone->n_points = read_polygon(reader, json, zone->polygon);
}

static void read_line(IvSceneReader *reader, const json_t *json, IvLine *line) {
  static const char *const keys[] = {"id", "name", "kind", "a", "b"};
  Kinds kinds = line_kinds();
  if (!iv_reader_is_object(reader, json, keys, G_N_ELEMENTS(keys)))
    return;
  read_slug(reader, json, "id", &line->id);
  read_name(reader, json, &line->id, line->name);
  line->kind = (IvLineKind)read_kind(reader, json, &kinds, IV_LINE_INTERNAL);
  read_end(reader, json, "a", &line->a);
  read_end(reader, json, "b", &line->b);
}

/* An area {polygon}, with a path where `lane` is given. */
static void read_area(IvSceneReader *reader, const json_t *json, const char *key, IvArea *ret_area,
                      IvLane *lane) {
  static const char *const keys[] = {"polygon", "path"};
  const json_t *area = json_object_get(json, key);
  if (!area)
    return;
  gsize back = iv_reader_enter(reader, key);
  if (iv_reader_is_object(reader, area, keys, lane ? 2 : 1)) {
    ret_area->n_points = read_polygon(reader, area, ret_area->polygon);
    if (lane && json_object_get(area, "path"))
      lane->n_path = iv_reader_points(reader, area, "path", 2, IV_LANE_PATH_MAX, lane->path);
  }
  iv_reader_leave(reader, back);
}

static void read_lane(IvSceneReader *reader, const json_t *json, IvLane *lane) {
  static const char *const keys[] = {"id",    "name",    "group", "self_checkout",
                                     "queue", "service", "staff", "exit"};
  if (!iv_reader_is_object(reader, json, keys, G_N_ELEMENTS(keys)))
    return;
  read_slug(reader, json, "id", &lane->id);
  read_name(reader, json, &lane->id, lane->name);
  read_slug(reader, json, "group", &lane->group);
  lane->self_checkout = iv_reader_flag(reader, json, "self_checkout");
  read_area(reader, json, "queue", &lane->queue, lane);
  read_area(reader, json, "service", &lane->service, NULL);
  read_area(reader, json, "staff", &lane->staff, NULL);
  read_area(reader, json, "exit", &lane->exit, NULL);
}

/* Each item is read first; the rules that need all of them (unique ids, parents) come after. */
static void read_zones(IvSceneReader *reader, const json_t *list, IvScene *scene) {
  gboolean sound[IV_SCENE_ZONES_MAX];
  gsize back = iv_reader_enter(reader, "zones");
  scene->n_zones = (guint)json_array_size(list);
  scene->zones = g_new0(IvZone, scene->n_zones);
  for (guint i = 0; i < scene->n_zones; i++) {
    guint before = reader->faults;
    gsize item = iv_reader_enter_item(reader, i);
    read_zone(reader, json_array_get(list, i), &scene->zones[i]);
    iv_reader_leave(reader, item);
    sound[i] = reader->faults == before;
  }
  for (guint i = 0; i < scene->n_zones; i++) {
    g_autoptr(GError) error = NULL;
    if (!sound[i] || iv_scene_check_zone(scene, i, &error))
      continue;
    gsize item = iv_reader_enter_item(reader, i);
    iv_reader_fault(reader, "%s", error->message);
    iv_reader_leave(reader, item);
  }
  iv_reader_leave(reader, back);
}

static void read_lines(IvSceneReader *reader, const json_t *list, IvScene *scene) {
  gsize back = iv_reader_enter(reader, "lines");
  scene->n_lines = (guint)json_array_size(list);
  scene->lines = g_new0(IvLine, scene->n_lines);
  for (guint i = 0; i < scene->n_lines; i++) {
    g_autoptr(GError) error = NULL;
    guint before = reader->faults;
    gsize item = iv_reader_enter_item(reader, i);
    read_line(reader, json_array_get(list, i), &scene->lines[i]);
    if (reader->faults == before && !iv_scene_check_line(scene, i, &error))
      iv_reader_fault(reader, "%s", error->message);
    iv_reader_leave(reader, item);
  }
  iv_reader_leave(reader, back);
}

/* As zones: what is wrong in one lane is not told again at those of its group. */
static void read_lanes(IvSceneReader *reader, const json_t *list, IvScene *scene) {
  gsize back = iv_reader_enter(reader, "lanes");
  guint before = reader->faults;
  scene->n_lanes = (guint)json_array_size(list);
  scene->lanes = g_new0(IvLane, scene->n_lanes);
  for (guint i = 0; i < scene->n_lanes; i++) {
    gsize item = iv_reader_enter_item(reader, i);
    read_lane(reader, json_array_get(list, i), &scene->lanes[i]);
    iv_reader_leave(reader, item);
  }
  gboolean sound = reader->faults == before;
  for (guint i = 0; sound && i < scene->n_lanes; i++) {
    g_autoptr(GError) error = NULL;
    if (iv_scene_check_lane(scene, i, &error))
      continue;
    gsize item = iv_reader_enter_item(reader, i);
    iv_reader_fault(reader, "%s", error->message);
    iv_reader_leave(reader, item);
  }
  iv_reader_leave(reader, back);
}

static void read_masks(IvSceneReader *reader, const json_t *json, IvScene *scene) {
  static const char *const keys[] = {"polygon"};
  const json_t *list = iv_reader_list(reader, json, "masks", IV_SCENE_MASKS_MAX);
  gsize back = iv_reader_enter(reader, "masks");
  scene->masks_told = json_object_get(json, "masks") != NULL;
  scene->n_masks = (guint)json_array_size(list);
  scene->masks = g_new0(IvArea, scene->n_masks);
  for (guint i = 0; i < scene->n_masks; i++) {
    g_autoptr(GError) error = NULL;
    const json_t *mask = json_array_get(list, i);
    guint before = reader->faults;
    gsize item = iv_reader_enter_item(reader, i);
    if (iv_reader_is_object(reader, mask, keys, G_N_ELEMENTS(keys)))
      scene->masks[i].n_points = read_polygon(reader, mask, scene->masks[i].polygon);
    if (reader->faults == before && !iv_scene_check_mask(scene, i, &error))
      iv_reader_fault(reader, "%s", error->message);
    iv_reader_leave(reader, item);
  }
  iv_reader_leave(reader, back);
}

static int read_side(IvSceneReader *reader, const json_t *image, const char *key) {
  const json_t *side = json_object_get(image, key);
  json_int_t v = json_integer_value(side);
  if (json_is_integer(side) && v >= IMAGE_SIDE_MIN && v <= IMAGE_SIDE_MAX)
    return (int)v;
  iv_reader_fault(reader, "\"%s\" must be a whole number of pixels, %d to %d", key, IMAGE_SIDE_MIN,
                  IMAGE_SIDE_MAX);
  return IMAGE_SIDE_MIN;
}

static void read_image(IvSceneReader *reader, const json_t *json, IvScene *scene) {
  static const char *const keys[] = {"w", "h"};
  const json_t *image = json_object_get(json, "image");
  if (!image && json_object_get(json, "plan"))
    return; /* follows from its size */
  if (!image) {
    iv_reader_fault(reader,
                    "has no image size; add image: {w: 1920, h: 1080} with the width and height in "
                    "pixels of the picture it is drawn on");
    return;
  }
  gsize back = iv_reader_enter(reader, "image");
  if (iv_reader_is_object(reader, image, keys, G_N_ELEMENTS(keys)))
    scene->image = (IvSize){read_side(reader, image, "w"), read_side(reader, image, "h")};
  iv_reader_leave(reader, back);
}

static void read_head(IvSceneReader *reader, const json_t *json, IvScene *scene) {
  const json_t *version = json_object_get(json, "version");
  json_int_t v = version ? json_integer_value(version) : 1;
  if (v < 1 || v > G_MAXINT || (version && !json_is_integer(version))) {
    gsize back = iv_reader_enter(reader, "version");
    iv_reader_fault(reader, "must be a whole number from 1");
    iv_reader_leave(reader, back);
    v = 1;
  }
  iv_reader_text(reader, json, "hash", NULL);
  scene->version = (int)v;
  scene->full_view = iv_reader_flag(reader, json, "full_view");
}

IvScene *iv_scene_from_json_all(const json_t *json, IvSceneFault on_fault, gpointer user_data) {
  static const char *const keys[] = {"version", "hash",  "image",     "full_view",
                                     "zones",   "lines", "lanes",     "calibration",
                                     "plan",    "walls", "obstacles", "masks"};
  IvSceneReader reader = {.on_fault = on_fault, .user_data = user_data};
  if (!iv_reader_is_object(&reader, json, keys, G_N_ELEMENTS(keys)))
    return NULL;
  g_autoptr(IvScene) scene = g_new0(IvScene, 1);
  read_head(&reader, json, scene);
  read_image(&reader, json, scene);
  read_zones(&reader, iv_reader_list(&reader, json, "zones", IV_SCENE_ZONES_MAX), scene);
  read_lines(&reader, iv_reader_list(&reader, json, "lines", IV_SCENE_LINES_MAX), scene);
  read_lanes(&reader, iv_reader_list(&reader, json, "lanes", IV_SCENE_LANES_MAX), scene);
  read_masks(&reader, json, scene);
  iv_reader_measures(&reader, json, scene);
  if (reader.faults)
    return NULL;
  iv_scene_set_hash(scene);
  return g_steal_pointer(&scene);
}

IvScene *iv_calibration_from_json_all(const json_t *json, IvSceneFault on_fault,
                                      gpointer user_data) {
  static const char *const keys[] = {"image", "calibration"};
  IvSceneReader reader = {.on_fault = on_fault, .user_data = user_data};
  if (!iv_reader_is_object(&reader, json, keys, G_N_ELEMENTS(keys)))
    return NULL;
  g_autoptr(IvScene) scene = g_new0(IvScene, 1);
  read_image(&reader, json, scene);
  iv_reader_calibration(&reader, json, scene);
  if (!json_object_get(json, "calibration"))
    iv_reader_fault(&reader, "has no calibration; give its pairs of points");
  return reader.faults ? NULL : g_steal_pointer(&scene);
}

static void keep_first(const char *pointer, const char *text, gpointer user_data) {
  GError **first = user_data;
  if (!*first)
    g_set_error(first, IV_SCENE_ERROR, IV_SCENE_ERROR_INVALID, "%s%s%s",
                *pointer ? pointer : "scene", ": ", text);
}

IvScene *iv_scene_from_json(const json_t *json, GError **error) {
  g_autoptr(GError) first = NULL;
  IvScene *scene = iv_scene_from_json_all(json, keep_first, &first);
  if (!scene)
    g_propagate_error(error, g_steal_pointer(&first));
  return scene;
}

IvScene *iv_scene_from_text(const char *text, gsize length, GError **error) {
  json_error_t fault_at;
  if (length > IV_SCENE_JSON_BYTES_MAX) {
    g_set_error(error, IV_SCENE_ERROR, IV_SCENE_ERROR_INVALID,
                "scene: longer than %d bytes; draw fewer corners", IV_SCENE_JSON_BYTES_MAX);
    return NULL;
  }
  json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &fault_at);
  if (!json) {
    g_set_error(error, IV_SCENE_ERROR, IV_SCENE_ERROR_INVALID, "scene: not JSON (line %d: %s)",
                fault_at.line, fault_at.text);
    return NULL;
  }
  IvScene *scene = iv_scene_from_json(json, error);
  json_decref(json);
  return scene;
}
