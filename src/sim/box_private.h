/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/box_body.h"
#include "sim/box_sight.h"

/* The state of the box level and what its files call of each other. */

struct IvBoxActor {
  guint32 agent;
  guint64 person;
  gboolean staff;
  float height;                       /* metres */
  IvBoxSight *sights[IV_CAMERAS_MAX]; /* NULL: never in that camera's reach */
};

/* Something that is not there: the detector sees it while `on`. */
typedef struct {
  const IvFalseSource *source; /* NULL: at random */
  guint64 person;              /* whose looks it has */
  gboolean on;
  gint64 frame; /* of the camera, for which `on` holds; -1 not begun */
  IvBox full;
  IvBoxSight sight;
} IvBoxGhost;

typedef struct {
  double phase; /* of a frame, 0..1: cameras do not run in step */
  gint64 frame; /* the next */
  IvTime next;  /* its true time */
  IvTime offset, last_ts;
  gboolean dropping;
  IvDraws draws;
  IvBoxPace pace;
  IvChain drops, persistent, random;
  GArray *ghosts; /* IvBoxGhost, the random one first */
  GArray *near;   /* guint: moves in its reach in this film */
} IvBoxCamera;

/* Somebody in this frame. */
typedef struct {
  IvBody body;
  IvBoxActor *actor;
  float metres2;    /* from the camera over the floor, squared */
  gboolean cut_off; /* mostly out of the picture: not found */
} IvBoxView;

/* A box that will be told. */
typedef struct {
  IvBox box;
  float score;
  IvBoxSight *sight;
  IvBoxTruth truth;
  gboolean occluded;
} IvBoxPick;

struct IvBoxLevel {
  const IvScenario *s;
  IvBoxNoise noise;
  IvBoxLevelConfig config;
  IvShade *shade;
  IvNormals normals;
  IvScoreTable scores[IV_SCORES], even; /* even: z to its share, 0..1 */
  IvBoxCamera cameras[IV_CAMERAS_MAX];
  GArray *views, *picks; /* IvBoxView, IvBoxPick; of this frame */
  IvTime taken;
  IvDetection detections[IV_DETECTIONS_MAX];
  IvAppearance looks[IV_DETECTIONS_MAX];
  guint32 agents[IV_DETECTIONS_MAX];
  IvBoxTruth truths[IV_DETECTIONS_MAX];
  IvBoxTally tally;
};

/* box_people.c: everybody whom the camera's detector finds in this frame, added to the picks. */
void iv_box_people(IvBoxLevel *level, guint camera, gint64 frame, const IvBoxMove *moves,
                   double share);

/* box_false.c */
void iv_box_ghosts_init(IvBoxLevel *level, guint camera);
void iv_box_ghosts(IvBoxLevel *level, guint camera, gint64 frame);

/* Adds a box where `exact` is, moved by the sight's jitter; none when nothing of it is left in the
 * picture. `person`: whose looks. */
void iv_box_pick(IvBoxLevel *level, guint camera, const IvBox *exact, IvBoxPick pick,
                 guint64 person);
