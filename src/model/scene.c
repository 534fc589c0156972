/* SPDX-License-Identifier: Apache-2.0 */
#include "model/scene_private.h"

#include <string.h>

G_DEFINE_QUARK(iv - scene - error - quark, iv_scene_error)

/* Less than this share of the picture holds no ground point that anybody could mean. */
#define ZONE_AREA_MIN 1e-5
#define LINE_LENGTH_MIN 0.005f

static const char *const zone_kinds[IV_ZONE_KINDS] = {
    [IV_ZONE_GENERAL] = "general",   [IV_ZONE_ENTRANCE] = "entrance",
    [IV_ZONE_PRODUCT] = "product",   [IV_ZONE_PROMOTION] = "promotion",
    [IV_ZONE_CHECKOUT] = "checkout", [IV_ZONE_FITTING] = "fitting",
    [IV_ZONE_SERVICE] = "service",   [IV_ZONE_STAFF_ONLY] = "staff-only",
    [IV_ZONE_CORRIDOR] = "corridor",
};

static const char *const line_kinds[IV_LINE_KINDS] = {
    [IV_LINE_ENTRANCE] = "entrance",
    [IV_LINE_PASS_BY] = "pass-by",
    [IV_LINE_INTERNAL] = "internal",
};

static int find_name(const char *const *names, int n, const char *name) {
  for (int i = 0; i < n; i++)
    if (g_strcmp0(names[i], name) == 0)
      return i;
  return -1;
}

const char *iv_zone_kind_name(IvZoneKind kind) {
  return zone_kinds[kind];
}
int iv_zone_kind_from_name(const char *name) {
  return find_name(zone_kinds, IV_ZONE_KINDS, name);
}
const char *iv_line_kind_name(IvLineKind kind) {
  return line_kinds[kind];
}
int iv_line_kind_from_name(const char *name) {
  return find_name(line_kinds, IV_LINE_KINDS, name);
}

void iv_scene_free(IvScene *scene) {
  if (!scene)
    return;
  g_free(scene->zones);
  g_free(scene->lines);
  g_free(scene->lanes);
  g_free(scene->masks);
  g_free(scene->pairs);
  g_free(scene->plan.walls);
  g_free(scene->plan.obstacles);
  g_free(scene);
}

IvScene *iv_scene_copy(const IvScene *scene) {
  IvScene *copy = g_memdup2(scene, sizeof *scene);
  copy->zones = g_memdup2(scene->zones, scene->n_zones * sizeof *scene->zones);
  copy->lines = g_memdup2(scene->lines, scene->n_lines * sizeof *scene->lines);
  copy->lanes = g_memdup2(scene->lanes, scene->n_lanes * sizeof *scene->lanes);
  copy->masks = g_memdup2(scene->masks, scene->n_masks * sizeof *scene->masks);
  copy->pairs = g_memdup2(scene->pairs, scene->n_pairs * sizeof *scene->pairs);
  const IvPlanSheet *plan = &scene->plan;
  copy->plan.walls = g_memdup2(plan->walls, plan->n_walls * sizeof *plan->walls);
  copy->plan.obstacles = g_memdup2(plan->obstacles, plan->n_obstacles * sizeof *plan->obstacles);
  return copy;
}

#define REFUSE(...) (g_set_error(error, IV_SCENE_ERROR, IV_SCENE_ERROR_INVALID, __VA_ARGS__), FALSE)

static gboolean point_is_inside(IvPoint p) {
  return p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1; /* also FALSE for NaN */
}

static gboolean check_name(const char *what, const IvSlug *id, const char *name, GError **error) {
  if (!iv_slug_is_valid(id->text))
    return REFUSE("%s id \"%s\" must be 1 to %d of a-z, 0-9 and -", what, id->text, IV_SLUG_MAX);
  if (!g_utf8_validate(name, -1, NULL))
    return REFUSE("%s %s: the name is not valid UTF-8", what, id->text);
  return TRUE;
}

gboolean iv_scene_check_polygon(const char *what, const IvPoint *polygon, guint n, GError **error) {
  if (n < 3 || n > IV_POLYGON_MAX)
    return REFUSE("%s has %u corners; 3 to %d are allowed", what, n, IV_POLYGON_MAX);
  for (guint i = 0; i < n; i++)
    if (!point_is_inside(polygon[i]))
      return REFUSE("%s: corner %u lies outside of what it is drawn on; coordinates go from 0 to 1",
                    what, i + 1);
  if (!iv_polygon_is_simple(polygon, n))
    return REFUSE("%s: its edges cross or touch; move the corners so that none do", what);
  if (iv_polygon_area(polygon, n) < ZONE_AREA_MIN)
    return REFUSE("%s is too small to stand in; draw it larger", what);
  return TRUE;
}

static const IvZone *find_zone(const IvScene *scene, const char *id) {
  for (guint i = 0; i < scene->n_zones; i++)
    if (strcmp(scene->zones[i].id.text, id) == 0)
      return &scene->zones[i];
  return NULL;
}

static gboolean check_parent(const IvScene *scene, const IvZone *zone, GError **error) {
  const IvZone *at = zone;
  for (guint steps = 0; !iv_slug_is_none(&at->parent); steps++) {
    const IvZone *parent = find_zone(scene, at->parent.text);
    if (!parent)
      return steps > 0 ? TRUE /* said at that zone */
                       : REFUSE("zone %s: parent \"%s\" is not a zone of this scene; draw it or "
                                "leave the parent out",
                                zone->id.text, at->parent.text);
    if (parent == zone || steps > scene->n_zones)
      return REFUSE("zone %s is its own ancestor; break the ring of parents", zone->id.text);
    at = parent;
  }
  return TRUE;
}

/* A capacity means nothing where nobody can be counted. */
static gboolean check_capacity(const IvZone *zone, GError **error) {
  if (zone->capacity > IV_ZONE_CAPACITY_MAX)
    return REFUSE("zone %s has a capacity of %u; 1 to %d people are allowed", zone->id.text,
                  zone->capacity, IV_ZONE_CAPACITY_MAX);
  if (zone->capacity > 0 && zone->kind == IV_ZONE_FITTING)
    return REFUSE("zone %s: a zone of kind fitting takes no capacity, as nobody is seen behind the "
                  "curtains; leave the capacity out, or choose another kind",
                  zone->id.text);
  return TRUE;
}

gboolean iv_scene_check_zone(const IvScene *scene, guint index, GError **error) {
  const IvZone *zone = &scene->zones[index];
  const char *id = zone->id.text;
  if (!check_name("zone", &zone->id, zone->name, error))
    return FALSE;
  if (find_zone(scene, id) != zone)
    return REFUSE("zone id \"%s\" is used twice in one picture; ids must differ", id);
  g_autofree char *what = g_strdup_printf("zone %s", id);
  return iv_scene_check_polygon(what, zone->polygon, zone->n_points, error) &&
         check_parent(scene, zone, error) && check_capacity(zone, error);
}

gboolean iv_scene_check_line(const IvScene *scene, guint index, GError **error) {
  const IvLine *line = &scene->lines[index];
  const char *id = line->id.text;
  if (!check_name("line", &line->id, line->name, error))
    return FALSE;
  for (guint i = 0; i < index; i++)
    if (strcmp(scene->lines[i].id.text, id) == 0)
      return REFUSE("line id \"%s\" is used twice in one picture; ids must differ", id);
  if (!point_is_inside(line->a) || !point_is_inside(line->b))
    return REFUSE("line %s has an end outside of what it is drawn on; coordinates go from 0 to 1",
                  id);
  if (ABS(line->a.x - line->b.x) + ABS(line->a.y - line->b.y) < LINE_LENGTH_MIN)
    return REFUSE("line %s is too short to cross; draw it longer", id);
  return TRUE;
}

/* ---- lanes ---- */

static gboolean check_area(const IvLane *lane, const char *name, const IvArea *area,
                           GError **error) {
  g_autofree char *what = g_strdup_printf("lane %s: its %s area", lane->id.text, name);
  return area->n_points == 0 || iv_scene_check_polygon(what, area->polygon, area->n_points, error);
}

static gboolean same_line(const IvLane *a, const IvLane *b) {
  return a == b || (!iv_slug_is_none(&a->group) && strcmp(a->group.text, b->group.text) == 0);
}

int iv_scene_queue_of(const IvScene *scene, guint index) {
  for (guint i = 0; i < scene->n_lanes; i++)
    if (scene->lanes[i].queue.n_points > 0 && same_line(&scene->lanes[index], &scene->lanes[i]))
      return (int)i;
  return -1;
}

static gboolean check_path(const IvLane *lane, GError **error) {
  const char *id = lane->id.text;
  if (lane->n_path > 0 && lane->queue.n_points == 0)
    return REFUSE("lane %s has a path without a queue; draw its queue, or leave the path out", id);
  if (lane->n_path == 1 || lane->n_path > IV_LANE_PATH_MAX)
    return REFUSE("lane %s: its path has %u points; 2 to %d are allowed, the head first", id,
                  lane->n_path, IV_LANE_PATH_MAX);
  for (guint i = 0; i < lane->n_path; i++) {
    IvPoint p = lane->path[i];
    if (!point_is_inside(p))
      return REFUSE(
          "lane %s: point %u of its path lies outside of what it is drawn on; coordinates go from "
          "0 to 1",
          id, i + 1);
    if (i > 0 && p.x == lane->path[i - 1].x && p.y == lane->path[i - 1].y)
      return REFUSE("lane %s: points %u and %u of its path are the same; leave one out", id, i,
                    i + 1);
  }
  return TRUE;
}

/* Ids of lanes and groups stand in one column of the figures. */
static gboolean check_lane_ids(const IvScene *scene, guint index, GError **error) {
  const IvLane *lane = &scene->lanes[index];
  for (guint i = 0; i < scene->n_lanes; i++) {
    const IvLane *other = &scene->lanes[i];
    if (i < index && strcmp(other->id.text, lane->id.text) == 0)
      return REFUSE("lane id \"%s\" is used twice in one picture; ids must differ", lane->id.text);
    if (strcmp(other->group.text, lane->id.text) == 0)
      return REFUSE("\"%s\" is the id of a lane and of a group; give the group another one",
                    lane->id.text);
  }
  return TRUE;
}

static gboolean check_queue(const IvScene *scene, guint index, GError **error) {
  const IvLane *lane = &scene->lanes[index];
  int queue = iv_scene_queue_of(scene, index);
  if (queue < 0 && iv_slug_is_none(&lane->group))
    return REFUSE("lane %s has no queue; draw where people wait, or name the group whose line it "
                  "serves",
                  lane->id.text);
  if (queue < 0)
    return REFUSE("lane %s: no lane of the group %s has a queue in this picture; draw it on one of "
                  "them",
                  lane->id.text, lane->group.text);
  if (lane->queue.n_points > 0 && queue != (int)index)
    return REFUSE("lane %s: the group %s has a queue already, on lane %s; a group has one line",
                  lane->id.text, lane->group.text, scene->lanes[queue].id.text);
  return TRUE;
}

gboolean iv_scene_check_lane(const IvScene *scene, guint index, GError **error) {
  const IvLane *lane = &scene->lanes[index];
  if (!check_name("lane", &lane->id, lane->name, error) || !check_lane_ids(scene, index, error))
    return FALSE;
  if (!iv_slug_is_none(&lane->group) && !iv_slug_is_valid(lane->group.text))
    return REFUSE("lane %s: group id \"%s\" must be 1 to %d of a-z, 0-9 and -", lane->id.text,
                  lane->group.text, IV_SLUG_MAX);
  if (lane->service.n_points == 0)
    return REFUSE("lane %s has no service area; draw where the customer stands who is served",
                  lane->id.text);
  return check_area(lane, "service", &lane->service, error) &&
         check_area(lane, "queue", &lane->queue, error) &&
         check_area(lane, "staff", &lane->staff, error) &&
         check_area(lane, "exit", &lane->exit, error) && check_path(lane, error) &&
         check_queue(scene, index, error);
}

gboolean iv_scene_check_mask(const IvScene *scene, guint index, GError **error) {
  g_autofree char *what = g_strdup_printf("mask %u", index + 1);
  return iv_scene_check_polygon(what, scene->masks[index].polygon, scene->masks[index].n_points,
                                error);
}

void iv_scene_take_masks(IvScene *scene, const IvScene *from) {
  g_free(scene->masks);
  scene->masks = g_memdup2(from->masks, from->n_masks * sizeof *from->masks);
  scene->n_masks = from->n_masks;
  scene->masks_told = TRUE;
}

gboolean iv_scene_check(const IvScene *scene, GError **error) {
  if (scene->image.width <= 0 || scene->image.height <= 0)
    return REFUSE("the scene needs the picture's size (image w and h, in pixels)");
  if (scene->n_zones > IV_SCENE_ZONES_MAX || scene->n_lines > IV_SCENE_LINES_MAX ||
      scene->n_lanes > IV_SCENE_LANES_MAX)
    return REFUSE("a picture holds at most %d zones, %d lines and %d lanes", IV_SCENE_ZONES_MAX,
                  IV_SCENE_LINES_MAX, IV_SCENE_LANES_MAX);
  for (guint i = 0; i < scene->n_zones; i++)
    if (!iv_scene_check_zone(scene, i, error))
      return FALSE;
  for (guint i = 0; i < scene->n_lines; i++)
    if (!iv_scene_check_line(scene, i, error))
      return FALSE;
  for (guint i = 0; i < scene->n_lanes; i++)
    if (!iv_scene_check_lane(scene, i, error))
      return FALSE;
  if (scene->n_masks > IV_SCENE_MASKS_MAX)
    return REFUSE("a picture holds at most %d masks", IV_SCENE_MASKS_MAX);
  for (guint i = 0; i < scene->n_masks; i++)
    if (!iv_scene_check_mask(scene, i, error))
      return FALSE;
  return iv_scene_check_measures(scene, error);
}
