/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "identity/floor_looks.h"
#include "identity/floor_path.h"
#include "identity/floor_stay.h"
#include "identity/floor_tracker.h"
#include "model/detection.h"

/* Somebody on the floor, and the tracks he is seen by. Private to this room. */

/* Cosine of two appearances, -1..1; NAN when one is unknown. */
double iv_floor_likeness(const IvAppearance *a, const IvAppearance *b);

/* How somebody looked when a camera saw him last: in the same light and from the same side, looks
 * tell people apart far better than over cameras and time. */
typedef struct {
  IvAppearance look;
  IvTime ts; /* 0 = never */
} IvFloorGlimpse;

typedef struct {
  guint64 id;
  IvFloorPath path;
  IvFloorEvidence looks;  /* of all its tracks, */
  IvFloorEvidence former; /* and of those that are over */
  IvFloorGlimpse glimpses[IV_FLOOR_CAMERAS_MAX];
  IvFloorStay stay; /* up to `told` */
  IvStature stature;
  IvTime born, last;               /* marks */
  IvTime told;                     /* points were given out up to here; IV_TIME_NONE = none yet */
  double born_x, born_y, farthest; /* metres from where it began */
  double score_sum;
  guint n_marks;
  IvTime in_camera[IV_FLOOR_CAMERAS_MAX]; /* last mark from it; 0 = none */
  gboolean two_cameras;                   /* seen by two at once, in one place */
  gboolean confirmed, lost_told, gone;
  IvTime doubtful; /* first mark after a gap, of somebody who may be another; 0 = none */
} IvFloorPerson;

IvFloorPerson *iv_floor_person_new(guint64 id);
void iv_floor_person_free(gpointer person);

void iv_floor_person_mark(IvFloorPerson *person, const IvFloorMark *mark);

/* Everything of `other` becomes `person`'s; `other` is gone. */
void iv_floor_person_join(IvFloorPerson *person, IvFloorPerson *other);

/* Evidence that it is a person at all and not a picture of one, nor somebody's double: who is new
 * is watched for some seconds, or until it is not seen any more. */
void iv_floor_person_judge(IvFloorPerson *person, IvTime ts);

/* In a camera at about `ts`. */
gboolean iv_floor_person_is_in(const IvFloorPerson *person, guint camera, IvTime ts);
