/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/camera_pose.h"
#include "config/config.h"

/* Whether a camera hangs so that it can do what its role and its drawing ask of it (product.md A4):
 * from the scene alone, without a picture. What needs metres or the size of people is judged of
 * calibrated cameras only. Pure. */

#define IV_PLACEMENT_TEXT_MAX 240

typedef enum {
  IV_PLACEMENT_NOTE,    /* could be better */
  IV_PLACEMENT_WARNING, /* figures that rest on it will be wrong, or are not there */
} IvPlacementGrade;

typedef struct {
  const char *code; /* "line-short", "zone-cut", ...: static text, in openapi.yaml */
  IvPlacementGrade grade;
  const char *subject_kind; /* "camera", "line", "zone", "lane", "store"; static text */
  IvSlug subject;           /* none for camera and store */
  double value, limit;      /* what was found and what would do; NAN = nothing to measure */
  const char *unit;         /* of these: "m", "px", "deg", ...; "" = none */
  char advice[IV_PLACEMENT_TEXT_MAX]; /* what is wrong and what to do, one line */
} IvPlacementFinding;

#define IV_PLACEMENT_LINE_M 0.8      /* no doorway is narrower */
#define IV_PLACEMENT_LINE_SHARE 0.10 /* of the picture's width, where metres are not known */
#define IV_PLACEMENT_APPROACH 0.08   /* of the picture's height, on both sides of a line */
#define IV_PLACEMENT_EDGE 0.004      /* nearer to the picture's edge is on it */
#define IV_PLACEMENT_FLAT_DEG 15.0   /* people hide each other in the doorway */
#define IV_PLACEMENT_STEEP_DEG                                                                     \
  65.0                          /* people are seen from above, as detectors do not know them       \
                                 */
#define IV_PLACEMENT_RMS_M 0.30 /* a worse calibration moves people to a neighbouring shelf */
#define IV_PLACEMENT_HEIGHT_SHARE                                                                  \
  0.25                               /* between the measured height and that of the calibration    \
                                      */
#define IV_PLACEMENT_AISLE_M 12.2    /* 40 feet of aisle a camera */
#define IV_PLACEMENT_LANES 4         /* lanes a camera */
#define IV_PLACEMENT_ENTRANCES 2     /* cameras at the entrances */
#define IV_PLACEMENT_SAME_DOOR_M 1.5 /* lines whose middles are nearer are at one door */

/* What is to be said of one camera, in the order of its drawing (GArray of IvPlacementFinding;
 * empty = fits its role). A camera without any drawing has one finding: that nothing is drawn. */
GArray *iv_placement_check(const IvScene *scene, IvCameraRole role);

typedef struct {
  IvCameraRole role;
  const IvScene *scene;
} IvPlacedCamera;

/* What is to be said of all cameras together, and of what is drawn on the plan (NULL = there is
 * none); likewise. */
GArray *iv_placement_check_store(const IvScene *plan, const IvPlacedCamera *cameras, guint n);
