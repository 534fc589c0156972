/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/box_shade.h"

#include <math.h>
#include <string.h>

#include "sim/box_body.h"
#include "sim/view.h"

#define TALLEST_M 2.2
#define SIGHT_CM 90

IvLens iv_lens_of(const IvSimCamera *c) {
  double f = 0.5 / tan(c->hfov / 2), aspect = (double)c->width / c->height_px;
  double cy = cos(c->yaw), sy = sin(c->yaw), cp = cos(c->pitch), sp = sin(c->pitch);
  double axes[3][3] = {{-sy, cy, 0}, {-sp * cy, -sp * sy, -cp}, {cp * cy, cp * sy, -sp}};
  double at[3] = {c->position.x, c->position.y, c->height}, m[3][4];
  for (int i = 0; i < 3; i++) {
    m[i][3] = 0;
    for (int k = 0; k < 3; k++) {
      m[i][k] = axes[i][k];
      m[i][3] -= axes[i][k] * at[k];
    }
  }
  IvLens lens = {.width = (float)c->width, .height = (float)c->height_px, .focal = (float)f};
  for (int k = 0; k < 4; k++) {
    lens.m[0][k] = (float)(f * m[0][k] + 0.5 * m[2][k]);
    lens.m[1][k] = (float)(f * aspect * m[1][k] + 0.5 * m[2][k]);
    lens.m[2][k] = (float)m[2][k];
  }
  return lens;
}

/* The height over p below which the obstacle hides everything from the camera; 0 when nothing. The
 * sight line is lowest over it where it leaves it. */
static double shadow_of(const IvObstacle *o, const IvSimCamera *c, IvSpot p) {
  double last = iv_obstacle_left(o, c->position, p);
  if (last <= 0)
    return 0;
  return o->height >= c->height ? TALLEST_M * 2 : c->height + (o->height - c->height) / last;
}

static double lowest_seen(const IvShade *shade, const IvSimCamera *c, IvSpot p) {
  double lowest = 0;
  IvFloorArea between = {MIN(c->position.x, p.x), MIN(c->position.y, p.y), MAX(c->position.x, p.x),
                         MAX(c->position.y, p.y)};
  for (guint i = 0; i < shade->s->n_obstacles; i++) {
    const IvObstacle *o = &shade->s->obstacles[i];
    gboolean apart = o->bounds.x0 > between.x1 || o->bounds.x1 < between.x0 ||
                     o->bounds.y0 > between.y1 || o->bounds.y1 < between.y0;
    if (!apart && (o->is_wall ? shade->walls : shade->fixtures))
      lowest = MAX(lowest, shadow_of(o, c, p));
  }
  if (shade->walls && lowest < TALLEST_M && iv_view_behind_wall(shade->s, c, p))
    return 2 * TALLEST_M;
  return lowest;
}

IvShadeCell iv_shade_at(const IvShade *shade, guint camera, IvSpot p) {
  const IvSimCamera *c = &shade->s->cameras[camera];
  IvShadeCell here;
  for (int i = 0; i < IV_SHADE_COLUMNS; i++) {
    double aside = ((i + 0.5) / IV_SHADE_COLUMNS - 0.5) * shade->s->shoulder_width;
    IvSpot column = {p.x - sin(c->yaw) * aside, p.y + cos(c->yaw) * aside};
    double lowest = round(lowest_seen(shade, c, column) * 100);
    here.lowest[i] = (guint8)MIN(lowest, IV_SHADE_NEVER);
  }
  return here;
}

/* Anything of somebody tall there lies in the picture, a cell's width of error allowed. */
static gboolean is_near_picture(const IvLens *lens, const IvBoxNoise *noise, IvSpot p) {
  IvBody body;
  if (!iv_body_project(lens, p, TALLEST_M, 2 * IV_GRID_CELL, &body))
    return FALSE;
  return body.full.x1 > 0 && body.full.x0 < 1 && body.full.y0 < 1 &&
         body.full.y1 + iv_box_height(&body.full) / 4 > 0 &&
         body.standard_px * (float)(noise->width_px / lens->width) >=
             0.8f * (float)noise->min_person_px;
}

static void fill_cell(IvShade *shade, const IvBoxNoise *noise, guint camera, guint cell) {
  IvSpot p = iv_grid_centre(shade->grid, cell);
  IvShadeCell *here = &shade->cells[camera][cell];
  if (!is_near_picture(&shade->lenses[camera], noise, p))
    return;
  *here = iv_shade_at(shade, camera, p);
  for (int i = 0; i < IV_SHADE_COLUMNS; i++)
    if (here->lowest[i] < IV_SHADE_NEVER)
      shade->reach[cell] |= 1u << camera;
  IvBody body;
  if (here->lowest[IV_SHADE_COLUMNS / 2] <= SIGHT_CM &&
      iv_body_project(&shade->lenses[camera], p, 1, shade->s->shoulder_width, &body) &&
      iv_body_stands_in_picture(&body))
    g_array_append_val(shade->floors[camera], cell);
}

static gboolean in_cabin(const IvScenario *s, IvSpot p) {
  for (guint i = 0; i < s->n_cabins; i++)
    if (iv_outline_contains(&s->cabins[i].outline, p))
      return TRUE;
  return FALSE;
}

IvShade *iv_shade_new(const IvScenario *s, const IvGrid *grid, const IvBoxNoise *noise) {
  IvShade *shade = g_new0(IvShade, 1);
  guint n = grid->columns * grid->rows;
  shade->s = s, shade->grid = grid, shade->n_cameras = s->n_cameras;
  shade->walls = noise->walls, shade->fixtures = noise->fixtures;
  shade->reach = g_new0(guint32, n);
  shade->lenses = g_new(IvLens, s->n_cameras);
  shade->cells = g_new(IvShadeCell *, s->n_cameras);
  shade->floors = g_new(GArray *, s->n_cameras);
  for (guint c = 0; c < s->n_cameras; c++) {
    shade->lenses[c] = iv_lens_of(&s->cameras[c]);
    shade->cells[c] = g_new(IvShadeCell, n);
    memset(shade->cells[c], IV_SHADE_NEVER, n * sizeof(IvShadeCell));
    shade->floors[c] = g_array_new(FALSE, FALSE, sizeof(guint));
  }
  for (guint i = 0; i < n; i++)
    for (guint c = 0; c < s->n_cameras && !in_cabin(s, iv_grid_centre(grid, i)); c++)
      fill_cell(shade, noise, c, i);
  return shade;
}

void iv_shade_free(IvShade *shade) {
  if (!shade)
    return;
  for (guint c = 0; c < shade->n_cameras; c++) {
    g_free(shade->cells[c]);
    g_array_unref(shade->floors[c]);
  }
  g_free(shade->cells);
  g_free(shade->floors);
  g_free(shade->lenses);
  g_free(shade->reach);
  g_free(shade);
}
