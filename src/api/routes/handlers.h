/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/routes/call.h"

/* The handlers by resource; what each does stands in docs/api/openapi.yaml. */

IvResponse *iv_route_login(IvCall *call); /* session_routes.c */
IvResponse *iv_route_logout(IvCall *call);
IvResponse *iv_route_get_me(IvCall *call);
IvResponse *iv_route_change_password(IvCall *call);

IvResponse *iv_route_list_stores(IvCall *call); /* store_routes.c */
IvResponse *iv_route_get_store(IvCall *call);

IvResponse *iv_route_list_cameras(IvCall *call); /* camera_routes.c */
IvResponse *iv_route_get_camera(IvCall *call);
IvResponse *iv_route_accept_view(IvCall *call);
IvResponse *iv_route_create_camera(IvCall *call); /* camera_setup_routes.c */
IvResponse *iv_route_get_camera_settings(IvCall *call);
IvResponse *iv_route_update_camera(IvCall *call);
IvResponse *iv_route_remove_camera(IvCall *call);
IvResponse *iv_route_test_camera(IvCall *call);
IvResponse *iv_route_discover_cameras(IvCall *call); /* camera_find_routes.c */
IvResponse *iv_route_look_up_streams(IvCall *call);
IvResponse *iv_route_list_makers(IvCall *call);
IvResponse *iv_route_get_snapshot(IvCall *call);
IvResponse *iv_route_watch(IvCall *call); /* watch_routes.c */
IvResponse *iv_route_unwatch(IvCall *call);
IvResponse *iv_route_open_mse(IvCall *call);
IvResponse *iv_route_take_mse(IvCall *call);
IvResponse *iv_route_list_recordings(IvCall *call); /* recording_routes.c */
IvResponse *iv_route_get_playlist(IvCall *call);
IvResponse *iv_route_get_recording(IvCall *call);
IvResponse *iv_route_list_evidence(IvCall *call); /* evidence_routes.c */
IvResponse *iv_route_keep_evidence(IvCall *call);
IvResponse *iv_route_get_evidence(IvCall *call);
IvResponse *iv_route_get_evidence_key(IvCall *call);
IvResponse *iv_route_bundle_evidence(IvCall *call);
IvResponse *iv_route_get_evidence_bundle(IvCall *call);
IvResponse *iv_route_release_evidence(IvCall *call);
IvResponse *iv_route_list_exports(IvCall *call); /* export_routes.c */
IvResponse *iv_route_ask_export(IvCall *call);
IvResponse *iv_route_get_export(IvCall *call);
IvResponse *iv_route_get_export_video(IvCall *call);
IvResponse *iv_route_delete_export(IvCall *call);
IvResponse *iv_route_list_replays(IvCall *call); /* replay_routes.c */
IvResponse *iv_route_ask_replay(IvCall *call);
IvResponse *iv_route_get_replay(IvCall *call);
IvResponse *iv_route_delete_replay(IvCall *call);
IvResponse *iv_route_list_count_audits(IvCall *call); /* count_audit_routes.c */
IvResponse *iv_route_plan_count_audit(IvCall *call);
IvResponse *iv_route_get_count_audit(IvCall *call);
IvResponse *iv_route_delete_count_audit(IvCall *call);
IvResponse *iv_route_put_count_interval(IvCall *call);
IvResponse *iv_route_get_archive(IvCall *call); /* archive_routes.c */
IvResponse *iv_route_try_archive(IvCall *call);
IvResponse *iv_route_get_still(IvCall *call);      /* still_routes.c */
IvResponse *iv_route_list_snapshots(IvCall *call); /* snapshot_routes.c */
IvResponse *iv_route_get_snapshot_picture(IvCall *call);
IvResponse *iv_route_get_snapshot_thumbnail(IvCall *call);

IvResponse *iv_route_get_scene(IvCall *call); /* scene_routes.c */
IvResponse *iv_route_put_scene(IvCall *call);
IvResponse *iv_route_list_scene_versions(IvCall *call);

IvResponse *iv_route_get_floor_plan(IvCall *call); /* floor_plan_routes.c */
IvResponse *iv_route_check_calibration(IvCall *call);
IvResponse *iv_route_put_plan_image(IvCall *call); /* plan_image_routes.c */
IvResponse *iv_route_get_plan_image(IvCall *call);
IvResponse *iv_route_get_placement(IvCall *call); /* placement_routes.c */

IvResponse *iv_route_get_live_kpis(IvCall *call); /* kpi_routes.c */
IvResponse *iv_route_get_traffic(IvCall *call);
IvResponse *iv_route_get_queue_kpis(IvCall *call);
IvResponse *iv_route_get_zone_kpis(IvCall *call);

IvResponse *iv_route_get_heat_map(IvCall *call); /* heat_routes.c */

IvResponse *iv_route_get_staffing(IvCall *call); /* staffing_routes.c */
IvResponse *iv_route_get_forecast(IvCall *call); /* forecast_routes.c */

IvResponse *iv_route_list_events(IvCall *call); /* event_routes.c */

IvResponse *iv_route_get_sales(IvCall *call); /* sales_kpi_routes.c */
IvResponse *iv_route_get_baskets(IvCall *call);
IvResponse *iv_route_get_funnel(IvCall *call);   /* advice_routes.c */
IvResponse *iv_route_get_journeys(IvCall *call); /* journey_routes.c */
IvResponse *iv_route_list_recommendations(IvCall *call);
IvResponse *iv_route_list_services(IvCall *call);     /* lane_service_routes.c */
IvResponse *iv_route_list_transactions(IvCall *call); /* sales_routes.c */
IvResponse *iv_route_push_transactions(IvCall *call);
IvResponse *iv_route_list_products(IvCall *call); /* sales_setup_routes.c */
IvResponse *iv_route_put_products(IvCall *call);
IvResponse *iv_route_list_terminals(IvCall *call);
IvResponse *iv_route_put_terminals(IvCall *call);

IvResponse *iv_route_list_users(IvCall *call); /* user_routes.c */
IvResponse *iv_route_create_user(IvCall *call);
IvResponse *iv_route_update_user(IvCall *call);
IvResponse *iv_route_delete_user(IvCall *call);
IvResponse *iv_route_list_audit(IvCall *call);

IvResponse *iv_route_open_live(IvCall *call); /* service_routes.c */
IvResponse *iv_route_get_health(IvCall *call);
IvResponse *iv_route_get_metrics(IvCall *call);
IvResponse *iv_route_get_openapi(IvCall *call);
