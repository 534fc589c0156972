/* SPDX-License-Identifier: Apache-2.0 */
#include "api/views.h"

#include <math.h>
#include <string.h>

#include "api/routes/call.h"
#include "base/url.h"

#define BOX_GRID 10000.0 /* a box's corners are told to a ten-thousandth of the picture */

static json_t *text_or_empty(const char *text) {
  return json_string(text ? text : "");
}

static json_t *masked(const char *text) {
  g_autofree char *safe = iv_url_mask(text);
  return json_string(safe);
}

static json_t *count_or_null(int count) {
  return count < 0 ? json_null() : json_integer(count);
}

static json_t *size_to_json(IvSize size) {
  return size.width > 0 && size.height > 0 ? json_pack("{si si}", "w", size.width, "h", size.height)
                                           : json_null();
}

static json_t *rate(double value) {
  return json_real(isfinite(value) && value > 0 ? round(value * 100) / 100 : 0);
}

static void set_counters(json_t *json, const IvCameraView *view) {
  const struct {
    const char *key;
    guint64 value;
  } counters[] = {
      {"frames_due", view->frames_due},     {"frames_skipped", view->frames_skipped},
      {"frames_gated", view->frames_gated}, {"decode_errors", view->decode_errors},
      {"packets_lost", view->packets_lost}, {"reconnects", view->reconnects},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(counters); i++)
    json_object_set_new(json, counters[i].key, json_integer((json_int_t)counters[i].value));
}

static json_t *stream_to_json(const IvStreamView *view) {
  return json_pack("{ss ss so so so so so so so sI sI sb sb}", "name", view->name, "state",
                   view->state, "reason", masked(view->reason), "source", masked(view->source),
                   "codec", view->codec ? json_string(view->codec) : json_null(), "size",
                   size_to_json(view->size), "fps_in", rate(view->fps_in), "bitrate",
                   json_integer((json_int_t)(isfinite(view->bitrate) ? view->bitrate : 0)),
                   "keyframe_interval_s",
                   view->keyframe_interval > 0 ? rate(view->keyframe_interval) : json_null(),
                   "packets_lost", (json_int_t)view->packets_lost, "reconnects",
                   (json_int_t)view->reconnects, "analysed", view->analysed, "b_frames",
                   view->reordered);
}

static json_t *streams_to_json(const IvCameraView *view) {
  json_t *streams = json_array();
  for (guint i = 0; i < view->n_streams; i++)
    json_array_append_new(streams, stream_to_json(&view->streams[i]));
  return streams;
}

static json_t *privacy_to_json(const IvCameraView *view) {
  return json_pack("{si sb sb si so sI so}", "masks", (int)view->masks, "masks_live",
                   view->masks_live ? 1 : 0, "masks_recordings", view->masks_recordings ? 1 : 0,
                   "reencoded_streams", (int)view->reencoded, "reencode_cores",
                   json_real(round(view->reencode_cores * 1000) / 1000), "reencode_dropped",
                   (json_int_t)view->reencode_dropped, "reencode_trouble",
                   text_or_empty(view->reencode_trouble));
}

json_t *iv_camera_view_to_json(const IvCameraView *view) {
  json_t *keyframes = view->keyframe_interval > 0 ? rate(view->keyframe_interval) : json_null();
  json_t *json = json_pack(
      "{ss si so ss ss so so so so so so so ss so so si so}", "id", view->id, "number",
      view->number, "name", text_or_empty(view->name), "role", view->role, "state", view->state,
      "reason", masked(view->reason), "codec", view->codec ? json_string(view->codec) : json_null(),
      "size", size_to_json(view->size), "fps_in", rate(view->fps_in), "fps_analysed",
      rate(view->fps_analysed), "bitrate",
      json_integer((json_int_t)(isfinite(view->bitrate) ? view->bitrate : 0)),
      "keyframe_interval_s", keyframes, "clock", view->camera_clock ? "camera" : "arrival",
      "last_frame_ts", iv_json_time(view->last_frame_ts), "source", masked(view->source),
      "scene_version", view->scene_version, "people", count_or_null(view->people));
  json_object_set_new(json, "clock_ahead_s",
                      isnan(view->clock_ahead_s) ? json_null()
                                                 : json_real(round(view->clock_ahead_s * 10) / 10));
  json_object_set_new(json, "analysed", json_boolean(view->analysed));
  json_object_set_new(json, "view", view->view ? json_string(view->view) : json_null());
  json_object_set_new(json, "view_reason", text_or_empty(view->view_reason));
  json_object_set_new(json, "recording", json_string(view->recording ? view->recording : "off"));
  json_object_set_new(json, "recording_reason", text_or_empty(view->recording_reason));
  json_object_set_new(json, "restream_url",
                      view->restream_url[0] ? json_string(view->restream_url) : json_null());
  json_object_set_new(json, "streams", streams_to_json(view));
  json_object_set_new(json, "privacy", privacy_to_json(view));
  set_counters(json, view);
  return json;
}

IvFigureView iv_figure_view(IvFigure figure, double value, double coverage, gboolean provisional) {
  const IvFigureInfo *info = iv_figure_info(figure);
  return (IvFigureView){
      value,    info->unit, info->denominator, info->definition, info->definition_version,
      coverage, provisional};
}

static json_t *meaning_to_json(const IvFigureView *view) {
  return json_pack("{ss so ss si}", "unit", view->unit, "denominator",
                   view->denominator ? json_string(view->denominator) : json_null(), "definition",
                   view->definition, "definition_version", view->definition_version);
}

json_t *iv_figure_meaning_to_json(IvFigure figure) {
  IvFigureView view = iv_figure_view(figure, NAN, NAN, FALSE);
  return meaning_to_json(&view);
}

json_t *iv_figure_view_to_json(const IvFigureView *view) {
  json_t *json = meaning_to_json(view);
  json_object_set_new(json, "value", iv_json_number(view->value));
  json_object_set_new(json, "coverage", iv_json_number(view->coverage));
  json_object_set_new(json, "provisional", json_boolean(view->provisional));
  return json;
}

json_t *iv_line_view_to_json(const IvLineView *view) {
  return json_pack("{ss ss so ss sI sI}", "line_id", view->line_id, "camera_id", view->camera_id,
                   "name", text_or_empty(view->name), "kind", view->kind, "in",
                   (json_int_t)view->in, "out", (json_int_t)view->out);
}

static double of_capacity(const IvLiveZoneView *view) {
  return view->capacity > 0 && view->occupancy >= 0
             ? (double)view->occupancy / (double)view->capacity
             : (double)NAN;
}

static json_t *zone_to_json(const IvLiveZoneView *view) {
  json_t *cameras = json_array();
  for (guint i = 0; view->camera_ids && view->camera_ids[i]; i++)
    json_array_append_new(cameras, json_string(view->camera_ids[i]));
  return json_pack("{ss so ss so so so so}", "zone_id", view->zone_id, "name",
                   text_or_empty(view->name), "kind", view->kind, "camera_ids", cameras,
                   "occupancy", count_or_null(view->occupancy), "capacity",
                   view->capacity ? json_integer(view->capacity) : json_null(), "occupancy_share",
                   iv_json_number(of_capacity(view)));
}

static json_t *queue_to_json(const IvLiveQueueView *view) {
  gboolean known = view->length >= 0;
  return json_pack(
      "{ss ss ss sb so so so sb so si}", "queue_id", view->queue_id, "name", view->name,
      "camera_id", view->camera_id, "group", view->is_group, "length", count_or_null(view->length),
      "present_wait_s", known ? iv_json_number(view->present_wait_s) : json_null(),
      "estimated_wait_s", known ? iv_json_number(view->estimated_wait_s) : json_null(), "long",
      view->is_long, "lanes_open", known ? json_integer((json_int_t)view->lanes_open) : json_null(),
      "lanes_total", (int)view->lanes_total);
}

static json_t *lane_to_json(const IvLiveLaneView *view) {
  const char *state = view->open ? "open" : "closed";
  return json_pack("{ss ss ss ss sb so so}", "lane_id", view->lane_id, "name", view->name,
                   "queue_id", view->queue_id, "camera_id", view->camera_id, "self_checkout",
                   view->self_checkout, "state", view->known ? json_string(state) : json_null(),
                   "serving", view->known ? json_boolean(view->serving) : json_null());
}

static void set_queues(json_t *json, const IvLiveView *view) {
  json_t *queues = json_array(), *lanes = json_array();
  for (guint i = 0; i < view->n_queues; i++)
    json_array_append_new(queues, queue_to_json(&view->queues[i]));
  for (guint i = 0; i < view->n_lanes; i++)
    json_array_append_new(lanes, lane_to_json(&view->lanes[i]));
  json_object_set_new(json, "queues", queues);
  json_object_set_new(json, "lanes", lanes);
}

static json_t *live_camera_to_json(const IvCameraView *view) {
  return json_pack("{ss so si ss so}", "camera_id", view->id, "name", text_or_empty(view->name),
                   "number", view->number, "state", view->state, "people",
                   count_or_null(view->people));
}

/* Cameras that are switched off are no part of "n of m alive". */
static void set_cameras(json_t *json, const IvLiveView *view) {
  json_t *cameras = json_array();
  int alive = 0, total = 0;
  for (guint i = 0; i < view->n_cameras; i++) {
    const char *state = view->cameras[i].state;
    json_array_append_new(cameras, live_camera_to_json(&view->cameras[i]));
    total += strcmp(state, "disabled") != 0;
    alive += strcmp(state, "online") == 0 || strcmp(state, "degraded") == 0;
  }
  json_object_set_new(json, "cameras", cameras);
  json_object_set_new(json, "cameras_alive", json_integer(alive));
  json_object_set_new(json, "cameras_total", json_integer(total));
}

json_t *iv_live_view_to_json(const IvLiveView *view) {
  json_t *lines = json_array(), *zones = json_array();
  for (guint i = 0; i < view->n_lines; i++)
    json_array_append_new(lines, iv_line_view_to_json(&view->lines[i]));
  for (guint i = 0; i < view->n_zones; i++)
    json_array_append_new(zones, zone_to_json(&view->zones[i]));
  json_t *occupancy = iv_figure_view_to_json(&view->occupancy);
  json_object_set_new(occupancy, "source", text_or_empty(view->occupancy_source));
  json_t *json = json_pack("{so so so so so so so so}", "ts", iv_json_time(view->ts), "day_start",
                           iv_json_time(view->day_start), "footfall_today",
                           iv_figure_view_to_json(&view->footfall_today), "traffic_in",
                           iv_figure_view_to_json(&view->traffic_in), "traffic_out",
                           iv_figure_view_to_json(&view->traffic_out), "occupancy", occupancy,
                           "lines", lines, "zones", zones);
  set_queues(json, view);
  set_cameras(json, view);
  return json;
}

static json_t *corner(float value) {
  return json_real(round((double)value * BOX_GRID) / BOX_GRID);
}

static json_t *track_to_json(const IvTrackPoint *track) {
  static const char *const states[] = {[IV_TRACK_TENTATIVE] = "tentative",
                                       [IV_TRACK_CONFIRMED] = "confirmed",
                                       [IV_TRACK_LOST] = "lost"};
  const IvBox *box = &track->box;
  return json_pack("{sI ss s[oooo]}", "id", (json_int_t)track->tracklet_id, "state",
                   states[track->state], "box", corner(box->x0), corner(box->y0), corner(box->x1),
                   corner(box->y1));
}

json_t *iv_track_overlay_to_json(const char *camera_id, IvTime ts, const IvTrackPoint *tracks,
                                 guint n_tracks) {
  json_t *list = json_array();
  for (guint i = 0; i < n_tracks; i++)
    if (tracks[i].state != IV_TRACK_ENDED)
      json_array_append_new(list, track_to_json(&tracks[i]));
  return json_pack("{ss so so}", "camera_id", camera_id, "ts", iv_json_time(ts), "tracks", list);
}
