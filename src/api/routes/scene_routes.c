/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "api/routes/handlers.h"
#include "api/routes/scene_body.h"
#include "store/plan_images.h"
#include "store/scenes.h"

#define VERSIONS_MAX 500

/* --- reading --- */

/* Takes nothing; the ETag is the version. */
static IvResponse *scene_response(const IvScene *scene) {
  IvResponse *response = iv_response_json(200, iv_scene_to_json(scene));
  g_autofree char *etag = g_strdup_printf("\"%d\"", scene->version);
  iv_response_add(response, "etag:", etag);
  iv_response_add(response, "cache-control:", "no-cache");
  return response;
}

IvResponse *iv_route_get_scene(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  gint64 version = 0;
  if (!iv_call_query_int(call, "version", 1, G_MAXINT, &version, &problem))
    return problem;
  g_autoptr(IvScene) scene =
      iv_scenes_get(call->api->store, iv_call_store(call), iv_call_camera(call), (int)version,
                    call->deadline, &error);
  return scene ? scene_response(scene) : iv_call_failed(call, error);
}

static json_t *version_to_json(const IvSceneVersion *version) {
  json_t *author = version->author[0] ? json_string(version->author) : json_null();
  return json_pack("{si ss so so si si si}", "version", version->version, "hash", version->hash,
                   "created_at", iv_json_time(version->created_at), "created_by", author, "zones",
                   (int)version->n_zones, "lines", (int)version->n_lines, "lanes",
                   (int)version->n_lanes);
}

IvResponse *iv_route_list_scene_versions(IvCall *call) {
  GError *error = NULL;
  g_autoptr(GArray) versions =
      iv_scenes_versions(call->api->store, iv_call_store(call), iv_call_camera(call), VERSIONS_MAX,
                         call->deadline, &error);
  if (!versions)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < versions->len; i++)
    json_array_append_new(list, version_to_json(&g_array_index(versions, IvSceneVersion, i)));
  return iv_response_json(200, json_pack("{so}", "versions", list));
}

/* --- writing --- */

/* If-Match: the version it was drawn on, in quotes; "*" is whatever is there (-1). */
static gboolean read_if_match(const IvCall *call, int *ret_version, IvResponse **ret_problem) {
  const char *header = call->request->headers[IV_HEADER_IF_MATCH];
  gint64 version;
  if (!header) {
    *ret_problem = iv_response_problem(IV_PROBLEM_PRECONDITION_REQUIRED,
                                       "Send the ETag of the scene that was changed as If-Match.");
    return FALSE;
  }
  if (strcmp(header, "*") == 0) {
    *ret_version = -1;
    return TRUE;
  }
  g_autofree char *inner = g_strdup(header);
  gsize n = strlen(inner);
  if (n >= 3 && inner[0] == '"' && inner[n - 1] == '"') {
    inner[n - 1] = '\0';
    if (g_ascii_string_to_signed(inner + 1, 10, 0, G_MAXINT, &version, NULL)) {
      *ret_version = (int)version;
      return TRUE;
    }
  }
  *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST,
                                     "If-Match must be the ETag of a scene, such as \"3\".");
  return FALSE;
}

typedef struct {
  const IvCall *call;
  IvScenePut put;
  IvScene *saved; /* owned */
  gboolean is_new;
} SceneJob;

static gboolean tell(IvSql *sql, const SceneJob *job, GError **error) {
  IvAuditEntry entry = iv_call_audit(job->call, IV_AUDIT_SCENE_CHANGED, job->put.camera_id);
  g_autofree char *detail = g_strdup_printf(
      "{\"version\":%d,\"zones\":%u,\"lines\":%u,\"masks\":%u}", job->saved->version,
      job->saved->n_zones, job->saved->n_lines, job->saved->n_masks);
  entry.detail = detail;
  return iv_audit_add(sql, &entry, error);
}

static gboolean write_scene(IvSql *sql, gpointer arg, GError **error) {
  SceneJob *job = arg;
  g_clear_pointer(&job->saved, iv_scene_free);
  job->saved = iv_scenes_put_in(sql, &job->put, error);
  if (!job->saved)
    return FALSE;
  job->is_new = job->saved->version != job->put.expected_version;
  return !job->is_new || tell(sql, job, error);
}

static IvResponse *scene_conflict(const IvCall *call, int expected) {
  g_autoptr(IvScene) newest = iv_scenes_get(call->api->store, iv_call_store(call),
                                            iv_call_camera(call), 0, call->deadline, NULL);
  return iv_response_problem(IV_PROBLEM_CHANGED_MEANWHILE,
                             "The scene is at version %d, yours was drawn on version %d. Load it "
                             "again and repeat your change.",
                             newest ? newest->version : 0, expected);
}

static IvResponse *check_image(const IvCall *call, const char *name) {
  IvRaster raster;
  g_autoptr(GBytes) bytes =
      iv_plan_image_get(call->api->store, iv_call_store(call), name, &raster, NULL);
  return bytes ? NULL
               : iv_response_problem(IV_PROBLEM_INVALID,
                                     "/plan/image: there is no such picture; upload it first.");
}

/* What the scene alone does not show: plans are drawn on the plan only, and calibrations end on it.
 * NULL = fine. */
static IvResponse *check_place(const IvCall *call, const IvScene *scene) {
  gboolean is_plan = strcmp(iv_call_camera(call), IV_FLOOR_PLAN_ID) == 0;
  g_autoptr(GError) wrong = NULL;
  GError *error = NULL;
  if (is_plan != iv_scene_is_plan(scene))
    return iv_response_problem(IV_PROBLEM_INVALID, is_plan
                                                       ? "/plan: is missing; give the floor plan's "
                                                         "size in metres."
                                                       : "/plan: belongs to the floor plan only.");
  if (scene->plan.image[0])
    return check_image(call, scene->plan.image);
  if (scene->n_pairs == 0)
    return NULL;
  g_autoptr(IvScene) plan = iv_scenes_get(call->api->store, iv_call_store(call), IV_FLOOR_PLAN_ID,
                                          0, call->deadline, &error);
  if (!plan)
    return iv_call_failed(call, error);
  if (!iv_scene_is_plan(plan) || iv_scene_check_on_plan(scene, plan, &wrong))
    return NULL;
  return iv_response_problem(IV_PROBLEM_INVALID, "/calibration: %s", wrong->message);
}

IvResponse *iv_route_put_scene(IvCall *call) {
  IvResponse *problem = NULL;
  GError *error = NULL;
  int expected = 0;
  problem = iv_call_refuse_simulated(call);
  if (problem || !read_if_match(call, &expected, &problem))
    return problem;
  g_autoptr(IvScene) scene = iv_scene_body(call, iv_scene_from_json_all, &problem);
  if (scene)
    problem = check_place(call, scene);
  if (problem)
    return problem;
  SceneJob job = {.call = call,
                  .put = {iv_call_store(call), iv_call_camera(call), scene, expected,
                          call->access->user->name, call->now}};
  gboolean ok = iv_store_write(call->api->store, write_scene, &job, &error);
  g_autoptr(IvScene) saved = job.saved;
  if (!ok && g_error_matches(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT)) {
    g_error_free(error);
    return scene_conflict(call, expected);
  }
  if (!ok)
    return iv_call_failed(call, error);
  if (job.is_new)
    call->api->host_calls->scene_changed(call->api->host, iv_call_store(call), saved);
  return scene_response(saved);
}
