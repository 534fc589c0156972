/* SPDX-License-Identifier: Apache-2.0 */
#include "store/scenes.h"

#include <string.h>

#include "config/scene_json.h"
#include "store/lookup.h"
#include "store/plan_sights.h"

typedef struct {
  gint64 store_no, camera_no;
  int newest;    /* 0 = none yet */
  char hash[17]; /* of the newest */
} Place;

static gboolean find_place(IvSql *sql, const char *store_id, const char *camera_id,
                           Place *ret_place, GError **error) {
  IvStoreKey store;
  Place place = {0};
  g_autoptr(GError) wrong = NULL;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !iv_lookup_camera(sql, store.no, camera_id, &place.camera_no, error))
    return FALSE;
  place.store_no = store.no;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT version, hash FROM scenes WHERE camera_no = $1 ORDER BY version DESC LIMIT 1");
  iv_bind_int(st, place.camera_no);
  if (iv_step_row(st, &wrong)) {
    place.newest = (int)iv_column_int(st, 0);
    g_strlcpy(place.hash, iv_column_text(st, 1), sizeof place.hash);
    iv_statement_reset(st);
  }
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  *ret_place = place;
  return TRUE;
}

static IvScene *empty_scene(const char *camera_id) {
  IvScene *scene = g_new0(IvScene, 1);
  iv_slug_set(&scene->camera_id, camera_id);
  return scene;
}

static IvScene *read_version(IvSql *sql, gint64 camera_no, int version, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st =
      iv_sql_statement(sql, "SELECT drawing FROM scenes WHERE camera_no = $1 AND version = $2");
  iv_bind_int(st, camera_no);
  iv_bind_int(st, version);
  if (!iv_step_row(st, &wrong)) {
    if (wrong)
      g_propagate_error(error, g_steal_pointer(&wrong));
    else
      g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND,
                  "the camera has no scene of version %d", version);
    return NULL;
  }
  const char *text = iv_column_text(st, 0);
  IvScene *scene = iv_scene_from_text(text, strlen(text), error);
  iv_statement_reset(st);
  return scene;
}

IvScene *iv_scenes_get(IvStore *store, const char *store_id, const char *camera_id, int version,
                       IvTime deadline, GError **error) {
  Place place;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !find_place(read.sql, store_id, camera_id, &place, error))
    return NULL;
  if (version == 0 && place.newest == 0)
    return empty_scene(camera_id);
  int wanted = version ? version : place.newest;
  IvScene *scene = read_version(read.sql, place.camera_no, wanted, error);
  if (!scene)
    return NULL;
  iv_slug_set(&scene->camera_id, camera_id);
  scene->version = wanted;
  return scene;
}

GArray *iv_scenes_versions(IvStore *store, const char *store_id, const char *camera_id, guint limit,
                           IvTime deadline, GError **error) {
  Place place;
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !find_place(read.sql, store_id, camera_id, &place, error))
    return NULL;
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT version, hash, created_at, author, n_zones, n_lines, n_lanes "
                "FROM scenes WHERE camera_no = $1 ORDER BY version DESC LIMIT $2");
  iv_bind_int(st, place.camera_no);
  iv_bind_int(st, limit);
  g_autoptr(GArray) versions = g_array_new(FALSE, TRUE, sizeof(IvSceneVersion));
  while (iv_step_row(st, &wrong)) {
    IvSceneVersion row = {.version = (int)iv_column_int(st, 0),
                          .created_at = iv_column_time(st, 2),
                          .n_zones = (guint)iv_column_int(st, 4),
                          .n_lines = (guint)iv_column_int(st, 5),
                          .n_lanes = (guint)iv_column_int(st, 6)};
    g_strlcpy(row.hash, iv_column_text(st, 1), sizeof row.hash);
    g_strlcpy(row.author, iv_column_text(st, 3), sizeof row.author);
    g_array_append_val(versions, row);
  }
  if (!wrong)
    return g_steal_pointer(&versions);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

/* ---- writing ---- */

static gboolean put_row(IvSql *sql, const Place *place, const IvScenePut *put, const IvScene *scene,
                        GError **error) {
  g_autofree char *drawing = iv_scene_canonical(scene);
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO scenes (camera_no, version, store_no, hash, drawing, n_zones, n_lines, "
           "author, created_at, n_lanes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
  iv_bind_int(st, place->camera_no);
  iv_bind_int(st, place->newest + 1);
  iv_bind_int(st, place->store_no);
  iv_bind_text(st, scene->hash);
  iv_bind_text(st, drawing);
  iv_bind_int(st, put->scene->n_zones);
  iv_bind_int(st, put->scene->n_lines);
  iv_bind_text(st, put->author ? put->author : "");
  iv_bind_time(st, put->now);
  iv_bind_int(st, put->scene->n_lanes);
  return iv_step_done(st, error);
}

/* One zone id is one zone, whichever cameras see it; its name and kind are the newest drawing's. */
static gboolean put_zone(IvSql *sql, const Place *place, const IvZone *zone, gboolean innermost,
                         GError **error) {
  const char *kind = iv_zone_kind_name(zone->kind);
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO zones (store_no, id, name, kind) VALUES ($1, $2, $3, $4) "
           "ON CONFLICT (store_no, id) DO UPDATE SET name = excluded.name, kind = excluded.kind");
  iv_bind_int(st, place->store_no);
  iv_bind_text(st, zone->id.text);
  iv_bind_text(st, zone->name);
  iv_bind_text(st, kind);
  if (!iv_step_done(st, error))
    return FALSE;
  st = iv_sql_statement(
      sql, "INSERT INTO scene_zones (camera_no, version, zone_no, store_no, kind, capacity, "
           "innermost) SELECT $1, $2, zone_no, store_no, $3, $4, $5 FROM zones "
           "WHERE store_no = $6 AND id = $7");
  iv_bind_int(st, place->camera_no);
  iv_bind_int(st, place->newest + 1);
  iv_bind_text(st, kind);
  iv_bind_int(st, zone->capacity);
  iv_bind_int(st, innermost);
  iv_bind_int(st, place->store_no);
  iv_bind_text(st, zone->id.text);
  return iv_step_done(st, error);
}

static gboolean put_line(IvSql *sql, const Place *place, const IvLine *line, GError **error) {
  const char *kind = iv_line_kind_name(line->kind);
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO lines (store_no, camera_no, id, name, kind) VALUES ($1, $2, $3, $4, $5) "
           "ON CONFLICT (camera_no, id) DO UPDATE SET name = excluded.name, kind = excluded.kind");
  iv_bind_int(st, place->store_no);
  iv_bind_int(st, place->camera_no);
  iv_bind_text(st, line->id.text);
  iv_bind_text(st, line->name);
  iv_bind_text(st, kind);
  if (!iv_step_done(st, error))
    return FALSE;
  st = iv_sql_statement(sql, "INSERT INTO scene_lines (camera_no, version, line_no, store_no, kind)"
                             " SELECT camera_no, $1, line_no, store_no, $2 FROM lines "
                             "WHERE camera_no = $3 AND id = $4");
  iv_bind_int(st, place->newest + 1);
  iv_bind_text(st, kind);
  iv_bind_int(st, place->camera_no);
  iv_bind_text(st, line->id.text);
  return iv_step_done(st, error);
}

/* The lane, or the group it is of. One id is one lane, as with zones. */
static gboolean put_lane(IvSql *sql, const Place *place, const IvLane *lane, gboolean is_group,
                         GError **error) {
  const char *id = is_group ? lane->group.text : lane->id.text;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO lanes (store_no, id, name, is_group, group_no, self_checkout) "
           "SELECT $1, $2, $3, $4, (SELECT lane_no FROM lanes WHERE store_no = $1 AND id = $5), $6 "
           "WHERE 1 ON CONFLICT (store_no, id) DO UPDATE SET name = excluded.name, "
           "is_group = excluded.is_group, group_no = excluded.group_no, "
           "self_checkout = excluded.self_checkout");
  iv_bind_int(st, place->store_no);
  iv_bind_text(st, id);
  iv_bind_text(st, is_group ? id : lane->name);
  iv_bind_int(st, is_group);
  iv_bind_text(st, is_group ? "" : lane->group.text);
  iv_bind_int(st, lane->self_checkout);
  if (!iv_step_done(st, error))
    return FALSE;
  st = iv_sql_statement(sql, "INSERT OR IGNORE INTO scene_lanes (camera_no, version, lane_no, "
                             "store_no, group_no) SELECT $1, $2, lane_no, store_no, group_no "
                             "FROM lanes WHERE store_no = $3 AND id = $4");
  iv_bind_int(st, place->camera_no);
  iv_bind_int(st, place->newest + 1);
  iv_bind_int(st, place->store_no);
  iv_bind_text(st, id);
  return iv_step_done(st, error);
}

static gboolean is_parent(const IvScene *scene, const IvZone *zone) {
  for (guint i = 0; i < scene->n_zones; i++)
    if (strcmp(scene->zones[i].parent.text, zone->id.text) == 0)
      return TRUE;
  return FALSE;
}

static gboolean put_places(IvSql *sql, const Place *place, const IvScene *scene, GError **error) {
  for (guint i = 0; i < scene->n_zones; i++)
    if (!put_zone(sql, place, &scene->zones[i], !is_parent(scene, &scene->zones[i]), error))
      return FALSE;
  for (guint i = 0; i < scene->n_lines; i++)
    if (!put_line(sql, place, &scene->lines[i], error))
      return FALSE;
  for (guint i = 0; i < scene->n_lanes; i++)
    if ((!iv_slug_is_none(&scene->lanes[i].group) &&
         !put_lane(sql, place, &scene->lanes[i], TRUE, error)) ||
        !put_lane(sql, place, &scene->lanes[i], FALSE, error))
      return FALSE;
  IvStatement *st =
      iv_sql_statement(sql, "UPDATE cameras SET scene_version = $1 WHERE camera_no = $2");
  iv_bind_int(st, place->newest + 1);
  iv_bind_int(st, place->camera_no);
  return iv_step_done(st, error);
}

/* Who draws zones and says nothing of masks does not take them away. */
static gboolean keep_masks(IvSql *sql, const Place *place, IvScene *scene, GError **error) {
  if (scene->masks_told || place->newest == 0 || iv_scene_is_plan(scene))
    return TRUE;
  g_autoptr(IvScene) before = read_version(sql, place->camera_no, place->newest, error);
  if (before)
    iv_scene_take_masks(scene, before);
  return before != NULL;
}

/* `ret_place`: as it was before. */
static IvScene *add_version(IvSql *sql, const IvScenePut *put, Place *ret_place, GError **error) {
  Place place;
  if (!find_place(sql, put->store_id, put->camera_id, &place, error))
    return NULL;
  *ret_place = place;
  if (put->expected_version >= 0 && put->expected_version != place.newest) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT,
                "the scene is at version %d, yours was drawn on version %d; load it again and "
                "repeat your change",
                place.newest, put->expected_version);
    return NULL;
  }
  g_autoptr(IvScene) scene = iv_scene_copy(put->scene);
  if (!keep_masks(sql, &place, scene, error))
    return NULL;
  iv_slug_set(&scene->camera_id, put->camera_id);
  iv_scene_set_hash(scene);
  scene->version = place.newest;
  if (place.newest > 0 && strcmp(scene->hash, place.hash) == 0)
    return g_steal_pointer(&scene);
  scene->version = place.newest + 1;
  if (!put_row(sql, &place, put, scene, error) || !put_places(sql, &place, scene, error))
    return NULL;
  return g_steal_pointer(&scene);
}

IvScene *iv_scenes_add_in(IvSql *sql, const IvScenePut *put, GError **error) {
  Place before;
  return add_version(sql, put, &before, error);
}

IvScene *iv_scenes_put_in(IvSql *sql, const IvScenePut *put, GError **error) {
  Place before;
  g_autoptr(IvScene) scene = add_version(sql, put, &before, error);
  if (!scene ||
      (scene->version != before.newest && !iv_plan_sights_renew(sql, before.store_no, error)))
    return NULL;
  return g_steal_pointer(&scene);
}

typedef struct {
  const IvScenePut *put;
  IvScene *scene;
} PutJob;

static gboolean run_put(IvSql *sql, gpointer arg, GError **error) {
  PutJob *job = arg;
  job->scene = iv_scenes_put_in(sql, job->put, error);
  return job->scene != NULL;
}

IvScene *iv_scenes_put(IvStore *store, const IvScenePut *put, GError **error) {
  PutJob job = {.put = put};
  if (iv_store_write(store, run_put, &job, error))
    return job.scene;
  iv_scene_free(job.scene);
  return NULL;
}

gboolean iv_scenes_name_group_in(IvSql *sql, const char *store_id, const char *group_id,
                                 const char *name, GError **error) {
  IvStatement *st =
      iv_sql_statement(sql, "UPDATE lanes SET name = $1 WHERE id = $2 AND is_group = 1 "
                            "AND store_no = (SELECT store_no FROM stores WHERE id = $3)");
  iv_bind_text(st, name);
  iv_bind_text(st, group_id);
  iv_bind_text(st, store_id);
  return iv_step_done(st, error);
}
