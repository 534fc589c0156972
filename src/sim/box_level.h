/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"
#include "model/detection.h"
#include "sim/box_noise.h"
#include "sim/grid.h"

/* The box level (docs/simulator.md): what a detector makes of everybody on the floor, frame by
 * frame and camera by camera, with the noise of the file. It only looks: nothing it draws or keeps
 * changes the simulation, and what one camera or person draws does not shift the draws of another.
 * One thread; no allocation a frame once the buffers have grown to the crowd. */

/* A box of a frame, as it is in truth. */
typedef struct {
  guint32 agent;  /* 0: a false box */
  gboolean staff; /* of the agent */
  float visible;  /* 0..1 of the full box: not hidden; 1 for a false box */
} IvBoxTruth;

/* Boxes of a frame, best score first, at most IV_DETECTIONS_MAX; looks, agents and truths go with
 * them. `ts` is the camera's time, after that of its last frame. Everything is borrowed for the
 * call. */
typedef void (*IvBoxFrameFunc)(guint camera, IvTime ts, const IvDetection *detections,
                               const IvAppearance *looks, const guint32 *agents, guint n,
                               gpointer user_data);

typedef struct {
  guint64 seed;
  IvTime start; /* no frame is before it */
  const IvBoxNoise *noise;
  IvBoxFrameFunc frame;
  gpointer user_data;
} IvBoxLevelConfig;

typedef struct IvBoxLevel IvBoxLevel;
typedef struct IvBoxActor IvBoxActor; /* somebody on the floor, kept from first sight to last */

/* Scenario and grid must outlive it; the noise is copied. */
IvBoxLevel *iv_box_level_new(const IvScenario *s, const IvGrid *grid,
                             const IvBoxLevelConfig *config);
void iv_box_level_free(IvBoxLevel *level);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvBoxLevel, iv_box_level_free)

/* `person` tells whose looks these are: the same number, the same looks. Freed by the caller. */
IvBoxActor *iv_box_actor_new(guint32 agent, guint64 person, gboolean staff, double height);
void iv_box_actor_free(IvBoxActor *actor);

/* Somebody's straight way from one time to the next. */
typedef struct {
  IvBoxActor *actor;
  IvSpot from, to;
} IvBoxMove;

/* The frames after `from` up to `to`, in order of true time; `outages`: bit c, camera c fails. */
void iv_box_level_film(IvBoxLevel *level, IvTime from, IvTime to, const IvBoxMove *moves, guint n,
                       guint32 outages);

/* Within the call of `frame`: what its boxes are in truth, and when it was taken. */
const IvBoxTruth *iv_box_level_truth(const IvBoxLevel *level, IvTime *ret_time);

typedef struct {
  guint64 frames, dropped, failed; /* told; lost by themselves; lost to outages */
  guint64 boxes, false_boxes;      /* the first with the second */
  guint64 left_out;                /* beyond IV_DETECTIONS_MAX */
} IvBoxTally;
IvBoxTally iv_box_level_tally(const IvBoxLevel *level);
