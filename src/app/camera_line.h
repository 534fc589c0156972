/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "rules/camera_rules.h"
#include "track/path_piece.h"
#include "track/tracker.h"

/* From one camera's detections to its events: tracker, then rules. The same code runs live, in
 * `eval count` and in benchmarks. Pure; one thread at a time. */
typedef struct IvCameraLine IvCameraLine;

typedef struct {
  IvTrackerConfig tracker;
  IvRuleLimits limits;
  IvRulesSource source;
  /* May be NULL. What the rules are given, others may see too: called each time the tracker has new
   * points (iv_tracker_points), those that end tracks included. */
  void (*on_points)(const IvTracker *tracker, gpointer user_data);
  /* May be NULL: no trajectories are kept. A piece of what the rules were given is complete; it is
   * the callee's to clear. */
  void (*on_path)(IvPathPiece *piece, gpointer user_data);
  gpointer user_data;
} IvCameraLineConfig;

/* What one analysed frame showed. */
typedef struct {
  IvTime ts;
  gboolean discontinuity; /* this frame does not go on from the one before: tracks end */
  IvSize image;           /* pixels */
  const IvDetection *detections;
  const IvAppearance *looks; /* n of them, or NULL */
  guint n;
} IvSighting;

/* `scene` is copied. */
IvCameraLine *iv_camera_line_new(const IvCameraLineConfig *config, const IvScene *scene);
void iv_camera_line_free(IvCameraLine *line);

/* Appends the events that follow from this frame to `ret_events` (GArray of IvEvent). Frames whose
 * time does not rise are ignored (FALSE); a new picture size starts the tracker afresh. */
gboolean iv_camera_line_take(IvCameraLine *line, const IvSighting *sighting, GArray *ret_events);

/* Still pictures came until `ts` and nobody was tracked: time passes in the queues. */
void iv_camera_line_pass(IvCameraLine *line, IvTime ts, GArray *ret_events);

/* Ends every track, as at a seam or when the camera is gone. */
void iv_camera_line_end(IvCameraLine *line, GArray *ret_events);

/* The end of it all: ends every track, and what would have waited for their return. */
void iv_camera_line_finish(IvCameraLine *line, GArray *ret_events);

void iv_camera_line_set_scene(IvCameraLine *line, const IvScene *scene, GArray *ret_events);

/* Living tracks as of the last frame, for overlays; valid until the next call. */
const IvTrackPoint *iv_camera_line_tracks(const IvCameraLine *line, guint *ret_n);

/* Confirmed tracks in view: seen in the last frame, or unseen for less than the tracker's
 * lost_after, so that the count does not flicker with single misses. */
guint iv_camera_line_people(const IvCameraLine *line);

/* Somebody is tracked or expected back, so still pictures are worth analysing too. */
gboolean iv_camera_line_is_watched(const IvCameraLine *line);

const IvCameraRules *iv_camera_line_rules(const IvCameraLine *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvCameraLine, iv_camera_line_free)
