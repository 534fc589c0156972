/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "base/geometry.h"
#include "base/ids.h"
#include "kpi/figure.h"
#include "model/track.h"

/* What the program shows of its live state, as plain values, and their JSON as
 * docs/api/openapi.yaml promises it. Text is borrowed for the call; NULL text counts as "". Pure;
 * any thread. All return new references. */

/* Schema CameraStream. */
typedef struct {
  const char *name;   /* main, sub */
  const char *state;  /* as of a camera; idle: nobody needs it, so it is not pulled */
  char reason[160];   /* for people; is masked here once more */
  const char *source; /* address; is masked here */
  const char *codec;  /* NULL = not known */
  IvSize size;
  double fps_in, bitrate, keyframe_interval;
  guint64 packets_lost, reconnects;
  gboolean analysed;  /* and so always pulled */
  gboolean reordered; /* B-frames */
} IvStreamView;
#define IV_STREAM_VIEWS_MAX 2

/* Schema Camera. Rates and counters run since the program started. */
typedef struct {
  const char *id, *name;
  int number;
  const char *role;   /* iv_camera_role_name */
  const char *state;  /* online, offline, connecting, degraded, disabled, ended */
  const char *reason; /* for people; is masked here once more */
  gboolean analysed;  /* FALSE: only recorded and watched, or switched off */
  const char *view;   /* what it shows: good, frozen, black, covered, ...; NULL = not judged */
  const char *view_reason;
  const char *recording; /* off, recording, waiting, failed */
  const char *recording_reason;
  guint masks;                           /* privacy masks that are drawn */
  gboolean masks_live, masks_recordings; /* whether they hold there too */
  guint reencoded;                       /* streams that are encoded anew now */
  double reencode_cores;                 /* what that takes of one processor core */
  guint64 reencode_dropped;              /* pictures left out because it is too much */
  const char *reencode_trouble;          /* NULL or "" = none */
  char restream_url[160];                /* where other programs read it; "" = nowhere */
  const char *codec;                     /* NULL = not known */
  IvSize size;                           /* 0x0 = not known */
  double fps_in, fps_analysed, bitrate;
  double keyframe_interval; /* s; 0 = not known */
  guint64 frames_due, frames_skipped, frames_gated, decode_errors, packets_lost, reconnects;
  gboolean camera_clock;
  double clock_ahead_s; /* the camera's clock before ours; NAN = not told */
  IvTime last_frame_ts; /* IV_TIME_NONE = none yet */
  const char *source;   /* address; is masked here (iv_url_mask) */
  int scene_version;
  int people;      /* < 0 = not known */
  guint n_streams; /* 0 while it is not read */
  IvStreamView streams[IV_STREAM_VIEWS_MAX];
} IvCameraView;
json_t *iv_camera_view_to_json(const IvCameraView *view);

/* Schema Figure. */
typedef struct {
  double value; /* NAN = cannot be known */
  const char *unit;
  const char *denominator; /* NULL = none */
  const char *definition;
  int definition_version;
  double coverage; /* 0..1; NAN = not known */
  gboolean provisional;
} IvFigureView;
json_t *iv_figure_view_to_json(const IvFigureView *view);

/* With unit and definition from the table in kpi/figure.h. */
IvFigureView iv_figure_view(IvFigure figure, double value, double coverage, gboolean provisional);

/* Schema FigureMeaning. */
json_t *iv_figure_meaning_to_json(IvFigure figure);

typedef struct {
  const char *line_id, *camera_id, *name, *kind;
  guint64 in, out;
} IvLineView;
json_t *iv_line_view_to_json(const IvLineView *view);

typedef struct {
  const char *zone_id, *name, *kind;
  const char *const *camera_ids; /* NULL-terminated */
  int occupancy;                 /* < 0 = not known */
  guint capacity;                /* 0 = none */
} IvLiveZoneView;

/* Schema LiveQueue: a line of people, of one lane or of a group. */
typedef struct {
  const char *queue_id, *name, *camera_id;
  gboolean is_group, is_long;
  int length;              /* < 0 = not known; then nothing is */
  double present_wait_s;   /* 0 when nobody waits */
  double estimated_wait_s; /* NAN = not known */
  guint lanes_open, lanes_total;
} IvLiveQueueView;

/* Schema LiveLane. */
typedef struct {
  const char *lane_id, *name, *queue_id, *camera_id;
  gboolean self_checkout, known, open, serving;
} IvLiveLaneView;

/* Schema LiveKpis. */
typedef struct {
  IvTime ts, day_start;
  IvFigureView footfall_today, traffic_in, traffic_out, occupancy;
  const char *occupancy_source; /* "full view of camera Entrance"; "" = not known */
  guint n_lines, n_zones, n_cameras, n_queues, n_lanes;
  const IvLineView *lines;
  const IvLiveZoneView *zones;
  const IvLiveQueueView *queues;
  const IvLiveLaneView *lanes;
  const IvCameraView *cameras; /* all of the store; alive and total are counted from them */
} IvLiveView;
json_t *iv_live_view_to_json(const IvLiveView *view);

/* Schema TrackOverlay; ENDED tracks are left out. */
json_t *iv_track_overlay_to_json(const char *camera_id, IvTime ts, const IvTrackPoint *tracks,
                                 guint n_tracks);
