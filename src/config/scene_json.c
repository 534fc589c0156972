/* SPDX-License-Identifier: Apache-2.0 */
#include "config/scene_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/scene_grid.h"

static json_t *number(float v) {
  return json_real(round((double)v * IV_SCENE_GRID) / IV_SCENE_GRID);
}

static json_t *point(IvPoint p) {
  return json_pack("[oo]", number(p.x), number(p.y));
}

static json_t *points(const IvPoint *list, guint n) {
  json_t *json = json_array();
  for (guint i = 0; i < n; i++)
    json_array_append_new(json, point(list[i]));
  return json;
}

static json_t *zone_to_json(const IvZone *zone) {
  json_t *polygon = points(zone->polygon, zone->n_points);
  json_t *json = json_pack("{ss ss ss so}", "id", zone->id.text, "name", zone->name, "kind",
                           iv_zone_kind_name(zone->kind), "polygon", polygon);
  if (!iv_slug_is_none(&zone->parent))
    json_object_set_new(json, "parent", json_string(zone->parent.text));
  if (zone->capacity > 0)
    json_object_set_new(json, "capacity", json_integer(zone->capacity));
  return json;
}

static json_t *line_to_json(const IvLine *line) {
  return json_pack("{ss ss ss so so}", "id", line->id.text, "name", line->name, "kind",
                   iv_line_kind_name(line->kind), "a", point(line->a), "b", point(line->b));
}

static void put_area(json_t *json, const char *key, const IvArea *area) {
  if (area->n_points > 0)
    json_object_set_new(json, key,
                        json_pack("{so}", "polygon", points(area->polygon, area->n_points)));
}

static json_t *lane_to_json(const IvLane *lane) {
  json_t *json = json_pack("{ss ss sb}", "id", lane->id.text, "name", lane->name, "self_checkout",
                           lane->self_checkout ? 1 : 0);
  if (!iv_slug_is_none(&lane->group))
    json_object_set_new(json, "group", json_string(lane->group.text));
  put_area(json, "queue", &lane->queue);
  if (lane->n_path > 0)
    json_object_set_new(json_object_get(json, "queue"), "path", points(lane->path, lane->n_path));
  put_area(json, "service", &lane->service);
  put_area(json, "staff", &lane->staff);
  put_area(json, "exit", &lane->exit);
  return json;
}

static void put_lanes(json_t *json, const IvScene *scene) {
  json_t *lanes = json_array();
  for (guint i = 0; i < scene->n_lanes; i++)
    json_array_append_new(lanes, lane_to_json(&scene->lanes[i]));
  json_object_set_new(json, "lanes", lanes);
}

static json_t *metres(double v) {
  return json_real(round(v * IV_PLAN_GRID) / IV_PLAN_GRID);
}

static void put_calibration(json_t *json, const IvScene *scene) {
  json_t *pairs = json_array();
  for (guint i = 0; i < scene->n_pairs; i++) {
    const IvPointPair *pair = &scene->pairs[i];
    json_array_append_new(pairs, json_pack("{so s[oo]}", "image", point(pair->image), "plan",
                                           metres(pair->plan.x), metres(pair->plan.y)));
  }
  json_t *calibration = json_pack("{so}", "pairs", pairs);
  if (scene->camera_height_m > 0)
    json_object_set_new(calibration, "height_m", metres(scene->camera_height_m));
  json_object_set_new(json, "calibration", calibration);
}

static void put_plan(json_t *json, const IvPlanSheet *plan) {
  json_t *size =
      json_pack("{so so}", "width_m", metres(plan->width_m), "height_m", metres(plan->height_m));
  json_t *walls = json_array(), *obstacles = json_array();
  if (plan->image[0])
    json_object_set_new(size, "image", json_string(plan->image));
  for (guint i = 0; i < plan->n_walls; i++)
    json_array_append_new(
        walls,
        json_pack("{so}", "polygon", points(plan->walls[i].polygon, plan->walls[i].n_points)));
  for (guint i = 0; i < plan->n_obstacles; i++) {
    const IvPlanObstacle *o = &plan->obstacles[i];
    json_array_append_new(obstacles,
                          json_pack("{so so}", "height_m", metres(o->height_m), "polygon",
                                    points(o->area.polygon, o->area.n_points)));
  }
  json_object_set_new(json, "plan", size);
  json_object_set_new(json, "walls", walls);
  json_object_set_new(json, "obstacles", obstacles);
}

static json_t *masks_to_json(const IvScene *scene) {
  json_t *masks = json_array();
  for (guint i = 0; i < scene->n_masks; i++)
    json_array_append_new(
        masks,
        json_pack("{so}", "polygon", points(scene->masks[i].polygon, scene->masks[i].n_points)));
  return masks;
}

/* Without version and hash: what the hash is about. */
static json_t *drawing_to_json(const IvScene *scene) {
  json_t *zones = json_array(), *lines = json_array();
  for (guint i = 0; i < scene->n_zones; i++)
    json_array_append_new(zones, zone_to_json(&scene->zones[i]));
  for (guint i = 0; i < scene->n_lines; i++)
    json_array_append_new(lines, line_to_json(&scene->lines[i]));
  json_t *json =
      json_pack("{s{si si} sb so so}", "image", "w", scene->image.width, "h", scene->image.height,
                "full_view", scene->full_view ? 1 : 0, "zones", zones, "lines", lines);
  if (scene->n_lanes > 0)
    put_lanes(json, scene);
  if (scene->n_masks > 0)
    json_object_set_new(json, "masks", masks_to_json(scene));
  if (scene->n_pairs > 0)
    put_calibration(json, scene);
  if (iv_scene_is_plan(scene))
    put_plan(json, &scene->plan);
  return json;
}

json_t *iv_scene_to_json(const IvScene *scene) {
  json_t *json = drawing_to_json(scene);
  if (scene->n_masks == 0 && !iv_scene_is_plan(scene))
    json_object_set_new(json, "masks", json_array());
  json_object_set_new(json, "version", json_integer(scene->version));
  json_object_set_new(json, "hash", json_string(scene->hash));
  return json;
}

char *iv_scene_canonical(const IvScene *scene) {
  json_t *json = drawing_to_json(scene);
  char *dumped = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(7));
  char *text = g_strdup(dumped ? dumped : "");
  free(dumped);
  json_decref(json);
  return text;
}

void iv_scene_set_hash(IvScene *scene) {
  g_autofree char *text = iv_scene_canonical(scene);
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
  g_strlcpy(scene->hash, digest, sizeof scene->hash);
}
