/* SPDX-License-Identifier: Apache-2.0 */
#include "app/camera_line.h"

#define LATE_MAX IV_MINUTE /* a camera that was silent longer is out of order */

struct IvCameraLine {
  IvCameraLineConfig config;
  IvTracker *tracker; /* NULL until the first frame tells the picture's size */
  IvCameraRules *rules;
  IvPathWriter *paths; /* NULL: nobody wants them */
  IvSize image;
  IvTime last_ts;
};

IvCameraLine *iv_camera_line_new(const IvCameraLineConfig *config, const IvScene *scene) {
  IvCameraLine *line = g_new0(IvCameraLine, 1);
  line->config = *config;
  line->rules = iv_camera_rules_new(&config->limits, &config->source, scene);
  line->paths = config->on_path ? iv_path_writer_new() : NULL;
  line->last_ts = IV_TIME_NONE;
  return line;
}

void iv_camera_line_free(IvCameraLine *line) {
  if (!line)
    return;
  g_clear_pointer(&line->tracker, iv_tracker_free);
  iv_camera_rules_free(line->rules);
  iv_path_writer_free(line->paths);
  g_free(line);
}

static void cut_path(IvCameraLine *line) {
  IvPathPiece piece;
  if (line->paths && iv_path_writer_cut(line->paths, &piece))
    line->config.on_path(&piece, line->config.user_data);
}

static void note_frame(IvCameraLine *line, IvTime ts, const IvTrackPoint *points, guint n) {
  if (!line->paths)
    return;
  iv_path_writer_frame(line->paths, ts, line->image, points, n);
  if (iv_path_writer_is_due(line->paths))
    cut_path(line);
}

/* A picture may still be on its way, with a time of before: as long as that may be, no piece ends
 * here, or what it tells would have no place in order of time. */
static void note_pass(IvCameraLine *line, IvTime ts) {
  if (!line->paths)
    return;
  iv_path_writer_frame(line->paths, ts, line->image, NULL, 0);
  gboolean may_come = line->last_ts != IV_TIME_NONE && ts - line->last_ts < LATE_MAX;
  if (!may_come && iv_path_writer_is_due(line->paths))
    cut_path(line);
}

static void note_seam(IvCameraLine *line) {
  guint n = 0;
  const IvTrackPoint *points = iv_tracker_points(line->tracker, &n);
  if (!line->paths)
    return;
  iv_path_writer_seam(line->paths, points, n);
  cut_path(line);
}

static void pass_points(IvCameraLine *line, GArray *ret_events) {
  guint n = 0;
  const IvTrackPoint *points = iv_tracker_points(line->tracker, &n);
  iv_camera_rules_update(line->rules, points, n, ret_events);
  if (line->config.on_points)
    line->config.on_points(line->tracker, line->config.user_data);
}

void iv_camera_line_end(IvCameraLine *line, GArray *ret_events) {
  if (!line->tracker || line->last_ts == IV_TIME_NONE)
    return;
  iv_tracker_end_all(line->tracker);
  pass_points(line, ret_events);
  note_seam(line);
  iv_camera_rules_rest(line->rules, ret_events);
}

/* A camera that changes its picture gets a fresh tracker, whose ids go on. */
static void fit_tracker(IvCameraLine *line, IvSize image, GArray *ret_events) {
  if (line->tracker && image.width == line->image.width && image.height == line->image.height)
    return;
  iv_camera_line_end(line, ret_events);
  if (line->tracker)
    line->config.tracker.ids_after = iv_tracker_last_id(line->tracker);
  g_clear_pointer(&line->tracker, iv_tracker_free);
  line->tracker = iv_tracker_new(&line->config.tracker, image);
  line->image = image;
}

gboolean iv_camera_line_take(IvCameraLine *line, const IvSighting *sighting, GArray *ret_events) {
  if (sighting->discontinuity) {
    iv_camera_line_end(line, ret_events);
    line->last_ts = IV_TIME_NONE;
  }
  if (line->last_ts != IV_TIME_NONE && sighting->ts <= line->last_ts)
    return FALSE;
  fit_tracker(line, sighting->image, ret_events);
  line->last_ts = sighting->ts;
  iv_tracker_update(line->tracker, sighting->ts, sighting->detections, sighting->looks,
                    sighting->n);
  pass_points(line, ret_events);
  guint n = 0;
  const IvTrackPoint *points = iv_tracker_points(line->tracker, &n);
  note_frame(line, sighting->ts, points, n);
  iv_camera_rules_tick(line->rules, sighting->ts, ret_events);
  return TRUE;
}

void iv_camera_line_pass(IvCameraLine *line, IvTime ts, GArray *ret_events) {
  if (line->last_ts != IV_TIME_NONE && ts <= line->last_ts)
    return;
  note_pass(line, ts);
  iv_camera_rules_tick(line->rules, ts, ret_events);
}

void iv_camera_line_finish(IvCameraLine *line, GArray *ret_events) {
  iv_camera_line_end(line, ret_events);
  iv_camera_rules_finish(line->rules, ret_events);
}

void iv_camera_line_set_scene(IvCameraLine *line, const IvScene *scene, GArray *ret_events) {
  IvTime ts = line->last_ts == IV_TIME_NONE ? 0 : line->last_ts;
  iv_camera_rules_set_scene(line->rules, scene, ts, ret_events);
}

const IvTrackPoint *iv_camera_line_tracks(const IvCameraLine *line, guint *ret_n) {
  *ret_n = 0;
  return line->tracker ? iv_tracker_live(line->tracker, ret_n) : NULL;
}

guint iv_camera_line_people(const IvCameraLine *line) {
  guint n = 0, people = 0;
  const IvTrackPoint *tracks = iv_camera_line_tracks(line, &n);
  for (guint i = 0; i < n; i++)
    people += tracks[i].state == IV_TRACK_CONFIRMED;
  return people;
}

gboolean iv_camera_line_is_watched(const IvCameraLine *line) {
  return line->tracker && iv_tracker_n_confirmed(line->tracker) > 0;
}

const IvCameraRules *iv_camera_line_rules(const IvCameraLine *line) {
  return line->rules;
}
