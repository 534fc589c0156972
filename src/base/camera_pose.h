/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/homography.h"

/* Where a camera hangs and how it looks, recovered from the homography of its floor. A floor alone
 * tells it for square pixels, a lens without distortion and the middle of the picture as its axis
 * (Hartley and Zisserman, Multiple View Geometry, 2004, section 8.6); straight down it does not,
 * and then the height that a person measured decides, or a lens of 70 degrees is assumed. Good to
 * some per cent, which does for placement and sight, not for measuring. Pure. */
typedef struct {
  IvPlanPoint foot; /* below the camera, metres on the plan */
  double height;    /* metres above the floor, > 0 */
  double pitch;     /* of the axis below the horizontal, radians: 0 = level, pi/2 = straight down */
  double hfov;      /* radians, of the picture's width */
  gboolean assumed_lens; /* the lens could not be told from the floor */
  double m[12];  /* row by row: [wu, wv, w] = m · [X, Y, Z, 1], shares; Z metres above the floor */
  double aspect; /* height of the picture / its width */
} IvCameraPose;

#define IV_PERSON_HEIGHT_M 1.70
#define IV_PERSON_WIDTH_M 0.50
#define IV_PERSON_PX_MIN 40.0        /* smaller people are not reliably found */
#define IV_PERSON_REFERENCE_PX 640.0 /* width of the picture those pixels are counted in */

/* `height_m`: as measured, 0 = not known. FALSE when the homography is no camera's above a floor.
 */
gboolean iv_camera_pose(const IvHomography *h, IvSize image_px, double height_m,
                        IvCameraPose *ret_pose);

/* Shares of the picture; not cut to it. FALSE behind the camera. */
gboolean iv_pose_project(const IvCameraPose *pose, IvPlanPoint at, double z, double *ret_u,
                         double *ret_v);

/* How large a person who stands there appears: length from foot to head, or breadth of the
 * shoulders when seen from above, in pixels of a picture IV_PERSON_REFERENCE_PX wide. NAN behind
 * the camera. */
double iv_pose_person_px(const IvCameraPose *pose, IvPlanPoint at);

/* The foot is in the picture and the person at least IV_PERSON_PX_MIN large. */
gboolean iv_pose_sees(const IvCameraPose *pose, IvPlanPoint at);
