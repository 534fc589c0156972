/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/handlers.h"
#include "config/placement.h"
#include "store/catalog.h"
#include "store/scenes.h"

static json_t *finding_to_json(const IvPlacementFinding *f) {
  return json_pack("{ss ss ss so so so ss ss}", "code", f->code, "grade",
                   f->grade == IV_PLACEMENT_WARNING ? "warning" : "note", "subject_kind",
                   f->subject_kind, "subject_id",
                   iv_slug_is_none(&f->subject) ? json_null() : json_string(f->subject.text),
                   "value", iv_json_number(f->value), "limit", iv_json_number(f->limit), "unit",
                   f->unit, "advice", f->advice);
}

static json_t *findings_to_json(const GArray *found, gboolean *ret_fits) {
  json_t *list = json_array();
  *ret_fits = TRUE;
  for (guint i = 0; i < found->len; i++) {
    const IvPlacementFinding *f = &g_array_index(found, IvPlacementFinding, i);
    *ret_fits = *ret_fits && f->grade != IV_PLACEMENT_WARNING;
    json_array_append_new(list, finding_to_json(f));
  }
  return list;
}

static json_t *camera_to_json(const IvCameraRow *row, const IvScene *scene) {
  gboolean fits;
  g_autoptr(GArray) found = iv_placement_check(scene, row->role);
  json_t *findings = findings_to_json(found, &fits);
  return json_pack("{ss ss si ss si sb so}", "camera_id", row->id.text, "name", row->name, "number",
                   row->number, "role", iv_camera_role_name(row->role), "scene_version",
                   row->scene_version, "fits", fits ? 1 : 0, "findings", findings);
}

static GPtrArray *read_scenes(const IvCall *call, const GArray *rows, GError **error) {
  g_autoptr(GPtrArray) scenes = g_ptr_array_new_with_free_func((GDestroyNotify)iv_scene_free);
  for (guint i = 0; i < rows->len; i++) {
    IvScene *scene =
        iv_scenes_get(call->api->store, iv_call_store(call),
                      g_array_index(rows, IvCameraRow, i).id.text, 0, call->deadline, error);
    if (!scene)
      return NULL;
    g_ptr_array_add(scenes, scene);
  }
  return g_steal_pointer(&scenes);
}

static json_t *store_to_json(const IvScene *plan, const GArray *rows, const GPtrArray *scenes) {
  gboolean fits;
  guint n = 0;
  g_autofree IvPlacedCamera *placed = g_new0(IvPlacedCamera, MAX(rows->len, 1));
  for (guint i = 0; i < rows->len; i++) {
    const IvCameraRow *row = &g_array_index(rows, IvCameraRow, i);
    if (row->enabled)
      placed[n++] = (IvPlacedCamera){row->role, g_ptr_array_index(scenes, i)};
  }
  g_autoptr(GArray) found = iv_placement_check_store(plan, placed, n);
  return findings_to_json(found, &fits);
}

IvResponse *iv_route_get_placement(IvCall *call) {
  GError *error = NULL;
  g_autoptr(GArray) rows =
      iv_catalog_cameras(call->api->store, iv_call_store(call), call->deadline, &error);
  g_autoptr(GPtrArray) scenes = rows ? read_scenes(call, rows, &error) : NULL;
  g_autoptr(IvScene) plan = scenes ? iv_scenes_get(call->api->store, iv_call_store(call),
                                                   IV_FLOOR_PLAN_ID, 0, call->deadline, &error)
                                   : NULL;
  if (!plan)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < rows->len; i++)
    json_array_append_new(
        list, camera_to_json(&g_array_index(rows, IvCameraRow, i), g_ptr_array_index(scenes, i)));
  return iv_response_json(
      200, json_pack("{so so}", "cameras", list, "store", store_to_json(plan, rows, scenes)));
}
