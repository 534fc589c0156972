/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/camera_line.h"
#include "app/floor_stage.h"
#include "app/live.h"
#include "app/sampler.h"
#include "app/visit_stage.h"
#include "model/frame.h"
#include "vision/view_health.h"

/* The event thread of one store: detections in, events out, in one fixed order. Everything that
 * changes tracks or rules passes through its queue, so nothing in it needs a lock. */
typedef struct IvAnalyst IvAnalyst;

#define IV_ANALYST_QUEUE 256

typedef enum { IV_CAMERA_OFFLINE, IV_CAMERA_ONLINE, IV_CAMERA_DEGRADED } IvCameraHealth;

/* All on the analyst's thread. */
typedef struct {
  /* `arrived` is that of the picture on which the rules fired (IvFrame.arrived), else 0. */
  void (*on_events)(const IvEvent *events, guint n, IvTime arrived, gpointer user_data);
  /* May be NULL. What an analysed picture showed, before the events that follow from it. Borrowed.
   */
  void (*on_seen)(guint camera, IvFrame *frame, const IvTrackPoint *tracks, guint n,
                  gpointer user_data);
  /* Camera's live view changed (already in IvLive). */
  void (*on_view)(guint camera, gpointer user_data);
  /* Somebody is tracked there, or nobody any more. */
  void (*on_watched)(guint camera, gboolean watched, gpointer user_data);
  /* The camera's frame counters since start. */
  void (*get_counts)(guint camera, IvFrameCounts *ret_counts, gpointer user_data);
  /* May be NULL. A piece of the camera's trajectories is complete; the callee's to clear. */
  void (*on_path)(const IvSlug *camera_id, IvPathPiece *piece, gpointer user_data);
} IvAnalystEvents;

typedef struct {
  IvCameraLineConfig line;
  const IvScene *scene; /* copied */
  /* Its pictures are not looked at: it has a state, and otherwise nothing is told of it. Its time
   * counts as not covered. */
  gboolean unanalysed;
} IvAnalystCamera;

/* Cameras are places in a list that stays as long as it is; a place without a `scene` is free, and
 * nothing is to be told of it until iv_analyst_open. `live` must outlive the analyst. */
IvAnalyst *iv_analyst_new(const IvAnalystCamera *cameras, guint n, IvLive *live,
                          const IvAnalystEvents *events, gpointer user_data);

/* The store's floor plan, of the same cameras in the same order; taken. It is shown in `live` under
 * the number after the last camera's, and iv_analyst_set_scene takes its scene under that. Before
 * the start; without it nothing is counted on a plan. */
void iv_analyst_set_floor(IvAnalyst *analyst, IvFloorStage *floor);

/* Any thread: as iv_floor_stage_late. */
guint iv_analyst_floor_late(IvAnalyst *analyst);

/* The store's rule of visits, behind the cameras' rules; taken. Before the start, and for cameras
 * that know who is who: without it none are told. */
void iv_analyst_set_visits(IvAnalyst *analyst, IvVisitStage *visits);

void iv_analyst_start(IvAnalyst *analyst);

/* A camera comes to a free place, or leaves its place: then its tracks are ended and its last
 * events and sample handed out; it returns when that is done. Nobody may tell of it meanwhile.
 * Between start and free; any thread but the analyst's and those that hold it up. */
void iv_analyst_open(IvAnalyst *analyst, guint camera, const IvAnalystCamera *config);
void iv_analyst_close(IvAnalyst *analyst, guint camera);

/* Ends every track, hands out the last events and samples, joins the thread. */
void iv_analyst_free(IvAnalyst *analyst);

/* Any thread; each waits while the queue is full, so pressure goes back to where frames are skipped
 * and counted, and no event is lost. Values are copied, the frame is referenced. */
void iv_analyst_see(IvAnalyst *analyst, guint camera, IvFrame *frame, gboolean discontinuity,
                    const IvDetection *detections, guint n);
void iv_analyst_health(IvAnalyst *analyst, guint camera, IvCameraHealth health, const char *reason);
/* What the camera shows changed; told as an event. While it is good for nothing its time does not
 * count as covered. */
void iv_analyst_view(IvAnalyst *analyst, guint camera, IvViewState view);
void iv_analyst_set_scene(IvAnalyst *analyst, guint camera, const IvScene *scene);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvAnalyst, iv_analyst_free)
