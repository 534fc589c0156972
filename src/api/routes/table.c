/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/table.h"

#include <string.h>

#include "api/routes/handlers.h"
#include "config/camera_settings.h"
#include "config/scene_json.h"

#define API "/api/v1"
#define STORE API "/stores/{store}"
#define CAMERA STORE "/cameras/{camera}"
#define BODY_SMALL 4096
#define BODY_OFFER (32 * 1024)       /* SDP; Chromium's is about 6 KB */
#define BODY_USER (64 * 1024)        /* up to 1000 stores */
#define BODY_IMAGE (6 * 1024 * 1024) /* IV_RASTER_BYTES_MAX in base64 */
#define BODY_REPLAY (1024 * 1024)    /* drawings of all cameras */
#define BODY_SALES (2 * 1024 * 1024)

const IvRoute iv_routes[] = {
    {IV_METHOD_POST, API "/login", "login", IV_PERMISSION_PUBLIC, iv_route_login, BODY_SMALL,
     IV_ROUTE_HASHES},
    {IV_METHOD_POST, API "/logout", "logout", IV_PERMISSION_LOGGED_IN, iv_route_logout, 0, 0},
    {IV_METHOD_GET, API "/me", "getMe", IV_PERMISSION_LOGGED_IN, iv_route_get_me, 0, 0},
    {IV_METHOD_POST, API "/me/password", "changePassword", IV_PERMISSION_LOGGED_IN,
     iv_route_change_password, BODY_SMALL, IV_ROUTE_HASHES},

    {IV_METHOD_GET, API "/stores", "listStores", IV_PERMISSION_STORES_READ, iv_route_list_stores, 0,
     0},
    {IV_METHOD_GET, STORE, "getStore", IV_PERMISSION_STORES_READ, iv_route_get_store, 0, 0},

    {IV_METHOD_GET, STORE "/cameras", "listCameras", IV_PERMISSION_CAMERAS_READ,
     iv_route_list_cameras, 0, 0},
    {IV_METHOD_GET, CAMERA, "getCamera", IV_PERMISSION_CAMERAS_READ, iv_route_get_camera, 0, 0},
    {IV_METHOD_POST, STORE "/cameras", "createCamera", IV_PERMISSION_CAMERAS_WRITE,
     iv_route_create_camera, IV_CAMERA_SETTINGS_BYTES_MAX, 0},
    {IV_METHOD_POST, STORE "/cameras/test", "testCamera", IV_PERMISSION_CAMERAS_WRITE,
     iv_route_test_camera, IV_CAMERA_SETTINGS_BYTES_MAX, IV_ROUTE_WAITS},
    {IV_METHOD_POST, STORE "/cameras/discover", "discoverCameras", IV_PERMISSION_CAMERAS_WRITE,
     iv_route_discover_cameras, BODY_SMALL, IV_ROUTE_WAITS},
    {IV_METHOD_POST, STORE "/cameras/streams", "lookUpStreams", IV_PERMISSION_CAMERAS_WRITE,
     iv_route_look_up_streams, BODY_SMALL, IV_ROUTE_WAITS},
    {IV_METHOD_GET, API "/cameras/makers", "listMakers", IV_PERMISSION_CAMERAS_WRITE,
     iv_route_list_makers, 0, 0},
    {IV_METHOD_PATCH, CAMERA, "updateCamera", IV_PERMISSION_CAMERAS_WRITE, iv_route_update_camera,
     IV_CAMERA_SETTINGS_BYTES_MAX, 0},
    {IV_METHOD_DELETE, CAMERA, "removeCamera", IV_PERMISSION_CAMERAS_WRITE, iv_route_remove_camera,
     0, 0},
    {IV_METHOD_GET, CAMERA "/settings", "getCameraSettings", IV_PERMISSION_CAMERAS_WRITE,
     iv_route_get_camera_settings, 0, 0},
    {IV_METHOD_GET, CAMERA "/snapshot.jpg", "getSnapshot", IV_PERMISSION_PICTURES_READ,
     iv_route_get_snapshot, 0, 0},
    {IV_METHOD_POST, CAMERA "/whep", "watchCamera", IV_PERMISSION_VIDEO_WATCH, iv_route_watch,
     BODY_OFFER, IV_ROUTE_WAITS | IV_ROUTE_SDP},
    {IV_METHOD_POST, CAMERA "/mse", "openMse", IV_PERMISSION_VIDEO_WATCH, iv_route_open_mse, 0,
     IV_ROUTE_WAITS},
    {IV_METHOD_GET, API "/mse/{viewer}", "takeMse", IV_PERMISSION_VIDEO_WATCH, iv_route_take_mse, 0,
     0},
    {IV_METHOD_DELETE, CAMERA "/whep/{viewer}", "unwatchCamera", IV_PERMISSION_VIDEO_WATCH,
     iv_route_unwatch, 0, 0},

    {IV_METHOD_GET, CAMERA "/recordings", "listRecordings", IV_PERMISSION_RECORDINGS_READ,
     iv_route_list_recordings, 0, 0},
    {IV_METHOD_GET, CAMERA "/recordings/playlist.m3u8", "getPlaylist",
     IV_PERMISSION_RECORDINGS_READ, iv_route_get_playlist, 0, 0},
    {IV_METHOD_GET, CAMERA "/recordings/still.jpg", "getStill", IV_PERMISSION_RECORDINGS_READ,
     iv_route_get_still, 0, IV_ROUTE_WAITS},
    {IV_METHOD_GET, CAMERA "/recordings/{recording}/video.mp4", "getRecording",
     IV_PERMISSION_RECORDINGS_READ, iv_route_get_recording, 0, 0},
    {IV_METHOD_GET, STORE "/archive", "getArchive", IV_PERMISSION_CAMERAS_WRITE,
     iv_route_get_archive, 0, 0},
    {IV_METHOD_POST, STORE "/archive/test", "tryArchive", IV_PERMISSION_CAMERAS_WRITE,
     iv_route_try_archive, 0, IV_ROUTE_WAITS},
    {IV_METHOD_POST, CAMERA "/view/accept", "acceptView", IV_PERMISSION_SCENES_WRITE,
     iv_route_accept_view, 0, 0},

    {IV_METHOD_GET, CAMERA "/scene", "getScene", IV_PERMISSION_SCENES_READ, iv_route_get_scene, 0,
     0},
    {IV_METHOD_PUT, CAMERA "/scene", "putScene", IV_PERMISSION_SCENES_WRITE, iv_route_put_scene,
     IV_SCENE_JSON_BYTES_MAX, 0},
    {IV_METHOD_GET, CAMERA "/scene/versions", "listSceneVersions", IV_PERMISSION_SCENES_READ,
     iv_route_list_scene_versions, 0, 0},

    {IV_METHOD_GET, STORE "/floor-plan", "getFloorPlan", IV_PERMISSION_SCENES_READ,
     iv_route_get_floor_plan, 0, 0},
    {IV_METHOD_POST, STORE "/floor-plan/images", "putPlanImage", IV_PERMISSION_SCENES_WRITE,
     iv_route_put_plan_image, BODY_IMAGE, 0},
    {IV_METHOD_GET, STORE "/floor-plan/images/{image}", "getPlanImage", IV_PERMISSION_SCENES_READ,
     iv_route_get_plan_image, 0, 0},
    {IV_METHOD_GET, STORE "/placement", "getPlacement", IV_PERMISSION_SCENES_READ,
     iv_route_get_placement, 0, 0},
    {IV_METHOD_POST, STORE "/calibration/check", "checkCalibration", IV_PERMISSION_SCENES_READ,
     iv_route_check_calibration, BODY_USER, 0},

    {IV_METHOD_GET, STORE "/kpis/live", "getLiveKpis", IV_PERMISSION_KPIS_READ,
     iv_route_get_live_kpis, 0, 0},
    {IV_METHOD_GET, STORE "/kpis/traffic", "getTraffic", IV_PERMISSION_KPIS_READ,
     iv_route_get_traffic, 0, 0},
    {IV_METHOD_GET, STORE "/kpis/zones", "getZoneKpis", IV_PERMISSION_KPIS_READ,
     iv_route_get_zone_kpis, 0, 0},
    {IV_METHOD_GET, STORE "/kpis/forecast", "getForecast", IV_PERMISSION_KPIS_READ,
     iv_route_get_forecast, 0, 0},
    {IV_METHOD_GET, STORE "/kpis/queues", "getQueueKpis", IV_PERMISSION_KPIS_READ,
     iv_route_get_queue_kpis, 0, 0},
    {IV_METHOD_GET, STORE "/kpis/heatmap", "getHeatMap", IV_PERMISSION_KPIS_READ,
     iv_route_get_heat_map, 0, 0},

    {IV_METHOD_GET, STORE "/kpis/staffing", "getStaffing", IV_PERMISSION_KPIS_READ,
     iv_route_get_staffing, 0, 0},

    {IV_METHOD_GET, STORE "/kpis/sales", "getSalesKpis", IV_PERMISSION_KPIS_READ,
     iv_route_get_sales, 0, 0},
    {IV_METHOD_GET, STORE "/kpis/baskets", "getBasketKpis", IV_PERMISSION_KPIS_READ,
     iv_route_get_baskets, 0, 0},

    {IV_METHOD_GET, STORE "/kpis/funnel", "getFunnel", IV_PERMISSION_KPIS_READ, iv_route_get_funnel,
     0, 0},
    {IV_METHOD_GET, STORE "/kpis/journeys", "getJourneys", IV_PERMISSION_KPIS_READ,
     iv_route_get_journeys, 0, 0},
    {IV_METHOD_GET, STORE "/recommendations", "listRecommendations", IV_PERMISSION_KPIS_READ,
     iv_route_list_recommendations, 0, 0},

    {IV_METHOD_GET, STORE "/transactions", "listTransactions", IV_PERMISSION_SALES_READ,
     iv_route_list_transactions, 0, 0},
    {IV_METHOD_POST, STORE "/transactions", "pushTransactions", IV_PERMISSION_SALES_WRITE,
     iv_route_push_transactions, BODY_SALES, 0},
    {IV_METHOD_GET, STORE "/services", "listServices", IV_PERMISSION_SALES_READ,
     iv_route_list_services, 0, 0},
    {IV_METHOD_GET, STORE "/products", "listProducts", IV_PERMISSION_SALES_READ,
     iv_route_list_products, 0, 0},
    {IV_METHOD_PUT, STORE "/products", "putProducts", IV_PERMISSION_SALES_WRITE,
     iv_route_put_products, BODY_SALES, 0},
    {IV_METHOD_GET, STORE "/terminals", "listTerminals", IV_PERMISSION_SALES_READ,
     iv_route_list_terminals, 0, 0},
    {IV_METHOD_PUT, STORE "/terminals", "putTerminals", IV_PERMISSION_SALES_WRITE,
     iv_route_put_terminals, BODY_USER, 0},

    {IV_METHOD_GET, STORE "/events", "listEvents", IV_PERMISSION_EVENTS_READ, iv_route_list_events,
     0, 0},

    {IV_METHOD_GET, STORE "/snapshots", "listSnapshots", IV_PERMISSION_SNAPSHOTS_READ,
     iv_route_list_snapshots, 0, 0},
    {IV_METHOD_GET, STORE "/snapshots/{snapshot}/picture.jpg", "getSnapshotPicture",
     IV_PERMISSION_SNAPSHOTS_READ, iv_route_get_snapshot_picture, 0, 0},
    {IV_METHOD_GET, STORE "/snapshots/{snapshot}/thumbnail.jpg", "getSnapshotThumbnail",
     IV_PERMISSION_SNAPSHOTS_READ, iv_route_get_snapshot_thumbnail, 0, 0},

    {IV_METHOD_GET, API "/evidence/key", "getEvidenceKey", IV_PERMISSION_EVIDENCE_READ,
     iv_route_get_evidence_key, 0, 0},
    {IV_METHOD_GET, STORE "/evidence", "listEvidence", IV_PERMISSION_EVIDENCE_READ,
     iv_route_list_evidence, 0, 0},
    {IV_METHOD_POST, STORE "/evidence", "keepEvidence", IV_PERMISSION_EVIDENCE_WRITE,
     iv_route_keep_evidence, BODY_SMALL, 0},
    {IV_METHOD_GET, STORE "/evidence/{case}", "getEvidence", IV_PERMISSION_EVIDENCE_READ,
     iv_route_get_evidence, 0, 0},
    {IV_METHOD_POST, STORE "/evidence/{case}/bundle", "bundleEvidence",
     IV_PERMISSION_EVIDENCE_WRITE, iv_route_bundle_evidence, 0, 0},
    {IV_METHOD_GET, STORE "/evidence/{case}/bundle.zip", "getEvidenceBundle",
     IV_PERMISSION_EVIDENCE_READ, iv_route_get_evidence_bundle, 0, 0},
    {IV_METHOD_POST, STORE "/evidence/{case}/release", "releaseEvidence",
     IV_PERMISSION_EVIDENCE_RELEASE, iv_route_release_evidence, BODY_SMALL, 0},

    {IV_METHOD_GET, STORE "/exports", "listExports", IV_PERMISSION_RECORDINGS_EXPORT,
     iv_route_list_exports, 0, 0},
    {IV_METHOD_POST, STORE "/exports", "askExport", IV_PERMISSION_RECORDINGS_EXPORT,
     iv_route_ask_export, BODY_SMALL, 0},
    {IV_METHOD_GET, STORE "/exports/{export}", "getExport", IV_PERMISSION_RECORDINGS_EXPORT,
     iv_route_get_export, 0, 0},
    {IV_METHOD_DELETE, STORE "/exports/{export}", "deleteExport", IV_PERMISSION_RECORDINGS_EXPORT,
     iv_route_delete_export, 0, 0},
    {IV_METHOD_GET, STORE "/exports/{export}/video.mp4", "getExportVideo",
     IV_PERMISSION_RECORDINGS_EXPORT, iv_route_get_export_video, 0, 0},

    {IV_METHOD_GET, STORE "/replays", "listReplays", IV_PERMISSION_KPIS_READ, iv_route_list_replays,
     0, 0},
    {IV_METHOD_POST, STORE "/replays", "askReplay", IV_PERMISSION_SCENES_WRITE, iv_route_ask_replay,
     BODY_REPLAY, 0},
    {IV_METHOD_GET, STORE "/replays/{replay}", "getReplay", IV_PERMISSION_KPIS_READ,
     iv_route_get_replay, 0, 0},
    {IV_METHOD_DELETE, STORE "/replays/{replay}", "deleteReplay", IV_PERMISSION_SCENES_WRITE,
     iv_route_delete_replay, 0, 0},

    {IV_METHOD_GET, STORE "/audits", "listCountAudits", IV_PERMISSION_AUDITS_WRITE,
     iv_route_list_count_audits, 0, 0},
    {IV_METHOD_POST, STORE "/audits", "planCountAudit", IV_PERMISSION_AUDITS_WRITE,
     iv_route_plan_count_audit, BODY_SMALL, 0},
    {IV_METHOD_GET, STORE "/audits/{audit}", "getCountAudit", IV_PERMISSION_AUDITS_WRITE,
     iv_route_get_count_audit, 0, 0},
    {IV_METHOD_DELETE, STORE "/audits/{audit}", "deleteCountAudit", IV_PERMISSION_AUDITS_WRITE,
     iv_route_delete_count_audit, 0, 0},
    {IV_METHOD_PUT, STORE "/audits/{audit}/intervals/{interval}", "putCountInterval",
     IV_PERMISSION_AUDITS_WRITE, iv_route_put_count_interval, BODY_REPLAY, 0},

    {IV_METHOD_GET, API "/users", "listUsers", IV_PERMISSION_USERS_READ, iv_route_list_users, 0, 0},
    {IV_METHOD_POST, API "/users", "createUser", IV_PERMISSION_USERS_WRITE, iv_route_create_user,
     BODY_USER, IV_ROUTE_HASHES},
    {IV_METHOD_PATCH, API "/users/{name}", "updateUser", IV_PERMISSION_USERS_WRITE,
     iv_route_update_user, BODY_USER, IV_ROUTE_HASHES},
    {IV_METHOD_DELETE, API "/users/{name}", "deleteUser", IV_PERMISSION_USERS_WRITE,
     iv_route_delete_user, 0, 0},
    {IV_METHOD_GET, API "/audit", "listAudit", IV_PERMISSION_AUDIT_READ, iv_route_list_audit, 0, 0},

    {IV_METHOD_GET, API "/ws", "openLive", IV_PERMISSION_LOGGED_IN, iv_route_open_live, 0, 0},
    {IV_METHOD_GET, API "/openapi.json", "getOpenapi", IV_PERMISSION_LOGGED_IN,
     iv_route_get_openapi, 0, 0},
    {IV_METHOD_GET, "/healthz", "getHealth", IV_PERMISSION_PUBLIC, iv_route_get_health, 0,
     IV_ROUTE_QUICK},
    {IV_METHOD_GET, "/metrics", "getMetrics", IV_PERMISSION_METRICS_READ, iv_route_get_metrics, 0,
     IV_ROUTE_LOCAL_FREE},
};
const guint iv_n_routes = G_N_ELEMENTS(iv_routes);

void iv_route_match_clear(IvRouteMatch *match) {
  for (int i = 0; i < IV_CALL_PARAMETERS_MAX; i++)
    g_clear_pointer(&match->parameters[i], g_free);
}

/* Compares part by part; `ret_values` gets the (borrowed) parts that stand for parameters. */
static gboolean matches(const char *template, char *const *parts, const char **ret_values) {
  g_auto(GStrv) wanted = g_strsplit(template, "/", IV_ROUTE_PARTS_MAX + 2);
  guint n = 0;
  if (g_strv_length(wanted) != g_strv_length((char **)parts))
    return FALSE;
  for (guint i = 0; wanted[i]; i++) {
    if (wanted[i][0] == '{' && parts[i][0] != '\0') {
      g_assert(n < IV_CALL_PARAMETERS_MAX);
      ret_values[n++] = parts[i];
    } else if (strcmp(wanted[i], parts[i]) != 0) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean is_of_api(const char *path) {
  return g_str_has_prefix(path, "/api/") || strcmp(path, "/api") == 0;
}

static IvResponse *refuse_method(GString *allowed) {
  IvResponse *problem =
      iv_response_problem(IV_PROBLEM_METHOD, "Only %s is possible here.", allowed->str);
  iv_response_add(problem, "allow:", allowed->str);
  return problem;
}

gboolean iv_route_find(const IvRequest *request, IvRouteMatch *ret_match,
                       IvResponse **ret_problem) {
  g_auto(GStrv) parts = g_strsplit(request->path, "/", IV_ROUTE_PARTS_MAX + 2);
  g_autoptr(GString) allowed = g_string_new(NULL);
  for (guint i = 0; i < iv_n_routes; i++) {
    const char *values[IV_CALL_PARAMETERS_MAX] = {NULL};
    if (!matches(iv_routes[i].path, parts, values))
      continue;
    if (iv_routes[i].method == request->method) {
      ret_match->route = &iv_routes[i];
      for (int k = 0; k < IV_CALL_PARAMETERS_MAX; k++)
        ret_match->parameters[k] = g_strdup(values[k]);
      return TRUE;
    }
    g_string_append_printf(allowed, "%s%s", allowed->len ? ", " : "",
                           iv_method_name(iv_routes[i].method));
  }
  if (allowed->len)
    *ret_problem = refuse_method(allowed);
  else if (is_of_api(request->path))
    *ret_problem =
        iv_response_problem(IV_PROBLEM_NOT_FOUND, "There is no such address in the API; see "
                                                  "/api/v1/openapi.json for those there are.");
  return FALSE;
}
