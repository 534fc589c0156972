/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/geometry.h"

/* The floor as one camera sees it: the projective map from places in the picture (shares, x right,
 * y down) to the floor plan (metres, x right, y down, seen from above), found from pairs of points
 * that a person pointed out. Holds for the floor only, and for a lens without distortion. Pure. */
typedef struct {
  double m[9]; /* row by row: [wX, wY, w] = m · [x, y, 1] */
} IvHomography;

typedef struct {
  double x, y; /* metres */
} IvPlanPoint;

typedef struct {
  IvPoint image;
  IvPlanPoint plan;
} IvPointPair;

#define IV_POINT_PAIRS_MIN 4
#define IV_POINT_PAIRS_MAX 64
#define IV_PLAN_METRES_MAX 10000.0 /* magnitude of a coordinate on the plan */

/* How far the map can be trusted, metres on the plan. Four pairs are always met exactly, so they
 * say nothing about their own error: then both are NAN, and people should be asked for a fifth. */
typedef struct {
  double rms;   /* spread of a point, from the residuals, for the 8 freedoms that the map has */
  double worst; /* largest distance of a pair from the map made of all the other pairs */
  int suspect;  /* without this pair the others agree best; -1 with five pairs or fewer */
} IvHomographyError;

#define IV_HOMOGRAPHY_ERROR (iv_homography_error_quark())
GQuark iv_homography_error_quark(void);
typedef enum {
  IV_HOMOGRAPHY_ERROR_PAIRS,      /* too few, too many, not finite, or two at one place */
  IV_HOMOGRAPHY_ERROR_DEGENERATE, /* nearly on one line: the map is not determined */
  IV_HOMOGRAPHY_ERROR_IMPOSSIBLE, /* no camera sees a floor so: mirrored, or beyond the horizon */
} IvHomographyErrorCode;

/* The map that meets the pairs best (least squares in metres on the plan; direct linear
 * transformation with normalised coordinates, then Gauss-Newton; Hartley and Zisserman, Multiple
 * View Geometry, 2004, sections 4.1 to 4.5). The message says what to do. `ret_error` may be NULL.
 */
gboolean iv_homography_from_pairs(const IvPointPair *pairs, guint n, IvHomography *ret_homography,
                                  IvHomographyError *ret_error, GError **error);

/* Where on the floor; FALSE at or above the horizon, or beyond IV_PLAN_METRES_MAX. */
gboolean iv_homography_to_plan(const IvHomography *h, IvPoint image, IvPlanPoint *ret_plan);

/* The map back; FALSE for places behind the camera. The picture may not reach so far: the result is
 * not cut to 0..1. */
gboolean iv_homography_to_image(const IvHomography *h, IvPlanPoint plan, IvPoint *ret_image);

/* Metres on the floor per share of the picture's height, across the line of sight, at that place:
 * how long a step sideways is. NAN above the horizon. */
double iv_homography_scale(const IvHomography *h, IvPoint image, IvSize image_px);
