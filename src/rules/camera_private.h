/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "rules/broken_track.h"
#include "rules/camera_rules.h"
#include "rules/crossing.h"
#include "rules/doorway.h"
#include "rules/entry_groups.h"
#include "rules/recent_median.h"
#include "rules/zone_capacity.h"
#include "rules/zone_dwell.h"
#include "rules/zone_tiles.h"

/* What camera_rules.c (tracks, zones) and camera_lines.c (lines, doorsteps, broken tracks) share.
 */

typedef struct {
  guint64 tracklet_id;
  guint64 visitor;  /* as told last; 0 = not known */
  gboolean sighted; /* there was a sight */
  IvTime last_sight;
  IvPoint last_ground;   /* of it */
  gboolean on_way;       /* nothing came between: the way from it to the next sight is known */
  IvRecentMedian height; /* pixels */
  gboolean heir;         /* another track goes on with where it was */
  gboolean went_in;      /* crossed an entrance line inward */
  int passed_line;       /* index of the pass-by line it crossed, or -1 */
  IvTime passed_ts;
  IvCrossing *crossings; /* per line of the scene */
  IvDoorstep *steps;     /* the same */
  IvTime *in_ts;         /* per line: last inward crossing, or IV_TIME_NONE */
  IvZoneStay *stays;     /* per zone */
  guint64 engaged;       /* bit per zone: a stay is open, or coming */
} IvWalker;

struct IvCameraRules {
  IvRuleLimits limits;
  IvRulesSource source;
  IvScene *scene;
  IvZoneTiles tiles;
  IvQueues *queues;
  IvHeat *heat;
  GPtrArray *walkers; /* IvWalker*, in order of appearance, so that output order is fixed */
  GHashTable *by_id;  /* the same, by tracklet; keys are theirs */
  GArray *departed;   /* IvBrokenTrack, latest last */
  IvEntryGroups *groups;
  IvZoneCrowd crowds[IV_SCENE_ZONES_MAX]; /* of the scene's zones with a capacity */
  IvTime staff_ts;                        /* staff were seen last then (IV_TIME_NONE = never): */
  guint staff[IV_SCENE_ZONES_MAX];        /* so many in each zone */
  IvTime looked;                          /* last tick; IV_TIME_NONE = none yet */
  IvTime beat; /* shortest between two sights of one track; IV_TIME_NONE = no two yet */
};

/* An event about this track. */
void iv_camera_begin_event(const IvCameraRules *rules, const IvWalker *w, IvEventKind kind,
                           IvTime ts, IvEvent *ret_event);

/* Median of its last boxes, pixels; 0 = none yet. */
float iv_walker_height(const IvWalker *w);

/* Pixels a metre on a floor plan; 0 in a picture. */
float iv_camera_plan_metre(const IvScene *scene);

/* The first point of a track: takes over from one that broke off near. TRUE when it goes on from no
 * other. */
gboolean iv_camera_lines_begin(IvCameraRules *rules, IvWalker *w, const IvTrackPoint *point);

/* Each point, before the walker has noted it as its last sight: what it means for crossings that
 * went over to another track, and for how often there are sights. */
void iv_camera_lines_meet(IvCameraRules *rules, IvWalker *w, IvTime ts);

/* Each point: crossings and doorsteps. `begins`: of iv_camera_lines_begin. */
void iv_camera_lines_see(IvCameraRules *rules, IvWalker *w, const IvTrackPoint *point,
                         gboolean begins, GArray *ret_events);

/* The track is over: out over a doorstep, or the state of the lines is kept for who goes on. */
void iv_camera_lines_leave(IvCameraRules *rules, IvWalker *w, GArray *ret_events);
void iv_camera_lines_depart(IvCameraRules *rules, IvWalker *w);

/* Groups that are complete at `now`. */
void iv_camera_lines_tell_groups(IvCameraRules *rules, IvTime now, GArray *ret_events);
