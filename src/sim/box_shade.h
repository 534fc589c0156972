/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/box_noise.h"
#include "sim/grid.h"

/* What stands still between the cameras and people: for each camera and spot of the floor, how low
 * the camera sees there, in the five columns of a body's width. As sight lines fall, whoever is
 * hidden at one height is hidden below it, so one height a column tells it for people of any size.
 * Worked out once at the middle of each cell, for those who walk; for those who stand, at their
 * very spot. Immutable once made. */

#define IV_SHADE_COLUMNS 5
#define IV_SHADE_NEVER 255

/* The projection of docs/simulator.md: (X, Y, Z, 1) to (u w, v w, w), u and v shares of the
 * picture. */
typedef struct {
  float m[3][4];
  float width, height; /* px */
  float focal;         /* pictures' widths at 1 m */
} IvLens;
IvLens iv_lens_of(const IvSimCamera *camera);

#define IV_LENS_NEAR_M 0.05f /* what is nearer, or behind, is not in the picture */

typedef struct {
  guint8 lowest[IV_SHADE_COLUMNS]; /* cm above the floor, left to right; IV_SHADE_NEVER */
} IvShadeCell;

typedef struct {
  const IvScenario *s;
  const IvGrid *grid;
  gboolean walls, fixtures; /* that hide */
  guint n_cameras;
  IvLens *lenses;
  guint32 *reach;      /* of a cell; bit c: camera c may see something of somebody there */
  IvShadeCell **cells; /* of a camera, then of a cell */
  GArray **floors;     /* guint, of a camera: cells whose middle it sees */
} IvShade;

IvShade *iv_shade_new(const IvScenario *s, const IvGrid *grid, const IvBoxNoise *noise);
void iv_shade_free(IvShade *shade);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvShade, iv_shade_free)

/* At the very spot. Takes some microseconds. */
IvShadeCell iv_shade_at(const IvShade *shade, guint camera, IvSpot p);

/* Bit c: camera c may see something of somebody at p; 0 outside of the grid. */
static inline guint32 iv_shade_reach(const IvShade *shade, IvSpot p) {
  return iv_grid_holds(shade->grid, p) ? shade->reach[iv_grid_index(shade->grid, p)] : 0;
}
