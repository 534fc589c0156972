/* SPDX-License-Identifier: Apache-2.0 */
#include "model/scene.h"

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
  g_free(scene);
}

IvScene *iv_scene_copy(const IvScene *scene) {
  IvScene *copy = g_memdup2(scene, sizeof *scene);
  copy->zones = g_memdup2(scene->zones, scene->n_zones * sizeof *scene->zones);
  copy->lines = g_memdup2(scene->lines, scene->n_lines * sizeof *scene->lines);
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

gboolean iv_scene_check_zone(const IvScene *scene, guint index, GError **error) {
  const IvZone *zone = &scene->zones[index];
  const char *id = zone->id.text;
  if (!check_name("zone", &zone->id, zone->name, error))
    return FALSE;
  if (find_zone(scene, id) != zone)
    return REFUSE("zone id \"%s\" is used twice in one picture; ids must differ", id);
  if (zone->n_points < 3 || zone->n_points > IV_POLYGON_MAX)
    return REFUSE("zone %s has %u corners; 3 to %d are allowed", id, zone->n_points,
                  IV_POLYGON_MAX);
  for (guint i = 0; i < zone->n_points; i++)
    if (!point_is_inside(zone->polygon[i]))
      return REFUSE("zone %s: corner %u lies outside the picture; coordinates go from 0 to 1", id,
                    i + 1);
  if (!iv_polygon_is_simple(zone->polygon, zone->n_points))
    return REFUSE("zone %s: its edges cross or touch; move the corners so that none do", id);
  if (iv_polygon_area(zone->polygon, zone->n_points) < ZONE_AREA_MIN)
    return REFUSE("zone %s is too small to stand in; draw it larger", id);
  return check_parent(scene, zone, error);
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
    return REFUSE("line %s has an end outside the picture; coordinates go from 0 to 1", id);
  if (ABS(line->a.x - line->b.x) + ABS(line->a.y - line->b.y) < LINE_LENGTH_MIN)
    return REFUSE("line %s is too short to cross; draw it longer", id);
  return TRUE;
}

gboolean iv_scene_check(const IvScene *scene, GError **error) {
  if (scene->image.width <= 0 || scene->image.height <= 0)
    return REFUSE("the scene needs the picture's size (image w and h, in pixels)");
  if (scene->n_zones > IV_SCENE_ZONES_MAX || scene->n_lines > IV_SCENE_LINES_MAX)
    return REFUSE("a picture holds at most %d zones and %d lines", IV_SCENE_ZONES_MAX,
                  IV_SCENE_LINES_MAX);
  for (guint i = 0; i < scene->n_zones; i++)
    if (!iv_scene_check_zone(scene, i, error))
      return FALSE;
  for (guint i = 0; i < scene->n_lines; i++)
    if (!iv_scene_check_line(scene, i, error))
      return FALSE;
  return TRUE;
}
