/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/grid.h"

#include <math.h>

#define CELLS_MAX 400000u
#define MARGIN 0.5     /* metres of the grid around everything */
#define LINE_REACH 1.6 /* a step, and the cell's own size */
#define DOOR_OPEN 0.02 /* a wall this near to a door is the door */
#define SEARCH_RINGS 12
#define SEARCH_M 3.0
#define SQUEEZE_M 0.6 /* out of where one cannot walk, as between a till and a desk */
#define BAND_MARGIN 0.2
#define GATE_OUT 0.35 /* metres outside of the door's wall */
#define GATE_IN 0.55  /* metres inside of the line */

static IvFloorArea whole_area(const IvScenario *s) {
  IvFloorArea area = iv_outline_bounds(&s->walls);
  for (guint i = 0; i < s->n_outsides; i++) {
    area = iv_floor_area_joined(area, iv_outline_bounds(&s->outsides[i].walkway));
    area = iv_floor_area_joined(area, iv_outline_bounds(&s->outsides[i].spawn));
  }
  return iv_floor_area_grown(area, MARGIN);
}

/* Distance to the outer walls where they are no public door. */
static double wall_distance(const IvScenario *s, IvSpot p) {
  double least = G_MAXDOUBLE;
  for (guint i = 0; i < s->walls.n; i++) {
    IvSpan edge = iv_outline_edge(&s->walls, i);
    IvSpot at = iv_span_nearest(&edge, p);
    gboolean open = FALSE;
    for (guint d = 0; d < s->n_doors; d++)
      open |= s->doors[d].is_public && iv_span_distance(&s->doors[d].span, at) < DOOR_OPEN;
    if (!open)
      least = MIN(least, iv_spot_distance(p, at));
  }
  return least;
}

static gboolean is_free(const IvScenario *s, IvSpot p) {
  if (!iv_outline_contains(&s->walls, p) || wall_distance(s, p) < IV_GRID_CLEARANCE)
    return FALSE;
  for (guint i = 0; i < s->n_obstacles; i++) {
    const IvObstacle *o = &s->obstacles[i];
    IvFloorArea near = iv_floor_area_grown(o->bounds, IV_GRID_CLEARANCE);
    if (iv_floor_area_contains(&near, p) &&
        (iv_outline_contains(&o->outline, p) ||
         iv_outline_distance(&o->outline, p) < IV_GRID_CLEARANCE))
      return FALSE;
  }
  return TRUE;
}

/* The doorway: between an entrance line and its door, and a little before the line. */
static gboolean in_doorway(const IvScenario *s, IvSpot p) {
  for (guint i = 0; i < s->n_lines; i++) {
    const IvCountLine *line = &s->lines[i];
    if (line->is_passby)
      continue;
    IvSpot right = iv_span_right(&line->span);
    double inwards = (p.x - line->span.a.x) * right.x + (p.y - line->span.a.y) * right.y;
    double length = iv_span_length(&line->span);
    double along = ((p.x - line->span.a.x) * (line->span.b.x - line->span.a.x) +
                    (p.y - line->span.a.y) * (line->span.b.y - line->span.a.y)) /
                   length;
    if (inwards < BAND_MARGIN && inwards > -3 && along > -BAND_MARGIN &&
        along < length + BAND_MARGIN)
      return TRUE;
  }
  return FALSE;
}

static gboolean in_line(const IvScenario *s, IvSpot p) {
  for (guint i = 0; i < s->n_groups; i++)
    if (iv_outline_contains(&s->groups[i].queue.area, p))
      return TRUE;
  for (guint i = 0; i < s->n_lanes; i++)
    if (s->lanes[i].queue.area.n && iv_outline_contains(&s->lanes[i].queue.area, p))
      return TRUE;
  return FALSE;
}

static gboolean in_cabin(const IvScenario *s, IvSpot p) {
  for (guint i = 0; i < s->n_cabins; i++)
    if (iv_outline_contains(&s->cabins[i].outline, p))
      return TRUE;
  return FALSE;
}

static gboolean is_closed(const IvScenario *s, IvSpot p) {
  for (guint i = 0; i < s->n_zones; i++)
    if (s->zones[i].kind == IV_SPACE_STAFF_ONLY && iv_outline_contains(&s->zones[i].outline, p))
      return TRUE;
  return FALSE;
}

static guint8 layers_at(const IvScenario *s, IvSpot p) {
  if (!is_free(s, p) || in_doorway(s, p) || in_cabin(s, p))
    return 0;
  guint8 bits = 1 << IV_LAYER_STAFF;
  if (is_closed(s, p))
    return bits;
  bits |= 1 << IV_LAYER_LINE;
  return in_line(s, p) ? bits : bits | 1 << IV_LAYER_CUSTOMER;
}

static void mark_zones(const IvScenario *s, IvSpot p, IvGridCell *cell) {
  for (guint z = 0; z < s->n_zones; z++) {
    if (iv_outline_contains(&s->zones[z].outline, p))
      cell->zones |= G_GUINT64_CONSTANT(1) << z;
    if (iv_outline_distance(&s->zones[z].outline, p) <= IV_GRID_CELL * 0.75)
      cell->zones_cut |= G_GUINT64_CONSTANT(1) << z;
  }
}

static void mark_displays(const IvScenario *s, IvSpot p, IvGridCell *cell) {
  for (guint i = 0; i < s->n_displays; i++) {
    const IvDisplay *d = &s->displays[i];
    double angle = atan2(p.y - d->position.y, p.x - d->position.x) - d->facing;
    if (iv_spot_distance(p, d->position) <= d->range &&
        fabs(remainder(angle, 2 * G_PI)) <= d->half_fov)
      cell->displays |= 1u << i;
  }
}

static void fill_cell(const IvScenario *s, IvSpot p, IvGridCell *cell) {
  cell->walkable = layers_at(s, p);
  mark_zones(s, p, cell);
  if (cell->walkable)
    mark_displays(s, p, cell);
  for (guint i = 0; i < s->n_lines; i++)
    cell->line_near |= iv_span_distance(&s->lines[i].span, p) <= LINE_REACH;
}

IvGrid *iv_grid_new(const IvScenario *s, GError **error) {
  IvFloorArea area = whole_area(s);
  guint columns = (guint)ceil((area.x1 - area.x0) / IV_GRID_CELL);
  guint rows = (guint)ceil((area.y1 - area.y0) / IV_GRID_CELL);
  if ((guint64)columns * rows > CELLS_MAX) {
    g_set_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_VALUE,
                "floor_plan: %.0f x %.0f m with its surroundings is too large to walk on",
                area.x1 - area.x0, area.y1 - area.y0);
    return NULL;
  }
  IvGrid *grid = g_new0(IvGrid, 1);
  grid->columns = columns, grid->rows = rows;
  grid->area = (IvFloorArea){area.x0, area.y0, area.x0 + columns * IV_GRID_CELL,
                             area.y0 + rows * IV_GRID_CELL};
  grid->cells = g_new0(IvGridCell, columns * rows);
  for (guint i = 0; i < columns * rows; i++)
    fill_cell(s, iv_grid_centre(grid, i), &grid->cells[i]);
  return grid;
}

void iv_grid_free(IvGrid *grid) {
  if (!grid)
    return;
  g_free(grid->cells);
  g_free(grid);
}

/* Amanatides and Woo's walk through the cells; at a corner both neighbours count as touched. */
gboolean iv_grid_clear(const IvGrid *grid, IvLayer layer, IvSpot p, IvSpot q) {
  if (!iv_grid_walkable(grid, layer, p) || !iv_grid_walkable(grid, layer, q))
    return FALSE;
  double px = (p.x - grid->area.x0) / IV_GRID_CELL, py = (p.y - grid->area.y0) / IV_GRID_CELL;
  double dx = (q.x - p.x) / IV_GRID_CELL, dy = (q.y - p.y) / IV_GRID_CELL;
  int x = (int)px, y = (int)py, step_x = dx > 0 ? 1 : -1, step_y = dy > 0 ? 1 : -1;
  double per_x = dx != 0 ? 1 / fabs(dx) : 1e30, per_y = dy != 0 ? 1 / fabs(dy) : 1e30;
  double next_x = dx != 0 ? ((dx > 0 ? x + 1 : x) - px) / dx : 1e30;
  double next_y = dy != 0 ? ((dy > 0 ? y + 1 : y) - py) / dy : 1e30;
  const int columns = (int)grid->columns;
#define BLOCKED(cx, cy) (!(grid->cells[(cy)*columns + (cx)].walkable >> layer & 1))
  while (MIN(next_x, next_y) <= 1) {
    if (fabs(next_x - next_y) < 1e-9) {
      if (BLOCKED(x + step_x, y) || BLOCKED(x, y + step_y))
        return FALSE;
      x += step_x, y += step_y;
      next_x += per_x, next_y += per_y;
    } else if (next_x < next_y) {
      x += step_x, next_x += per_x;
    } else {
      y += step_y, next_y += per_y;
    }
    if (BLOCKED(x, y))
      return FALSE;
  }
#undef BLOCKED
  return TRUE;
}

gboolean iv_grid_nearest(const IvGrid *grid, IvLayer layer, IvLayer from_layer, IvSpot p,
                         IvSpot *ret_spot) {
  if (!iv_grid_holds(grid, p))
    return FALSE;
  int at = (int)iv_grid_index(grid, p), columns = (int)grid->columns;
  gboolean in_layer = iv_grid_walkable(grid, from_layer, p);
  const double most = in_layer ? SEARCH_M : SQUEEZE_M;
  double least = most;
  for (int ring = 0; ring <= SEARCH_RINGS && (ring - 1) * IV_GRID_CELL < least; ring++)
    for (int dy = -ring; dy <= ring; dy++)
      for (int dx = -ring; dx <= ring; dx += abs(dy) == ring || ring == 0 ? 1 : 2 * ring) {
        int x = at % columns + dx, y = at / columns + dy;
        if (x < 0 || y < 0 || x >= columns || y >= (int)grid->rows)
          continue;
        IvSpot centre = iv_grid_centre(grid, (guint)(y * columns + x));
        double metres = iv_spot_distance(p, centre);
        if (metres < least && iv_grid_walkable(grid, layer, centre) &&
            (!in_layer || iv_grid_clear(grid, from_layer, p, centre)))
          least = metres, *ret_spot = centre;
      }
  return least < most;
}

guint64 iv_grid_zones_at(const IvGrid *grid, const IvScenario *s, IvSpot p) {
  if (!iv_grid_holds(grid, p))
    return 0;
  const IvGridCell *cell = &grid->cells[iv_grid_index(grid, p)];
  guint64 zones = cell->zones;
  for (guint64 cut = cell->zones_cut; cut; cut &= cut - 1) {
    int z = g_bit_nth_lsf(cut, -1);
    zones &= ~(G_GUINT64_CONSTANT(1) << z);
    if (iv_outline_contains(&s->zones[z].outline, p))
      zones |= G_GUINT64_CONSTANT(1) << z;
  }
  return zones;
}

static const IvOutline *spawn_of(const IvScenario *s, int door) {
  const IvOutline *nearest = NULL;
  IvSpot middle = iv_spot_mix(s->doors[door].span.a, s->doors[door].span.b, 0.5);
  double least = G_MAXDOUBLE;
  for (guint i = 0; i < s->n_outsides; i++) {
    double metres =
        s->outsides[i].door == door ? -1 : iv_outline_distance(&s->outsides[i].spawn, middle);
    if (metres < least)
      least = metres, nearest = &s->outsides[i].spawn;
  }
  return nearest;
}

static gboolean gate_is_free(const IvScenario *s, const IvGate *gate) {
  for (int i = 0; i <= 20; i++) {
    IvSpot a = iv_spot_mix(gate->outer.a, gate->inner.a, i / 20.0);
    IvSpot b = iv_spot_mix(gate->outer.b, gate->inner.b, i / 20.0);
    for (guint o = 0; o < s->n_obstacles; o++)
      if (iv_outline_contains(&s->obstacles[o].outline, a) ||
          iv_outline_contains(&s->obstacles[o].outline, b))
        return FALSE;
  }
  return TRUE;
}

gboolean iv_gate_of(const IvScenario *s, guint index, IvGate *ret_gate, GError **error) {
  const IvCountLine *line = &s->lines[index];
  const IvSpan *door = &s->doors[line->door].span;
  IvSpot in = iv_span_right(&line->span), left = iv_spot_mix(door->a, door->b, 0.25),
         right = iv_spot_mix(door->a, door->b, 0.75);
  double to_line = (line->span.a.x - left.x) * in.x + (line->span.a.y - left.y) * in.y;
  double inside = to_line + GATE_IN;
  *ret_gate = (IvGate){
      .outer = {{left.x - GATE_OUT * in.x, left.y - GATE_OUT * in.y},
                {right.x - GATE_OUT * in.x, right.y - GATE_OUT * in.y}},
      .inner = {{left.x + inside * in.x, left.y + inside * in.y},
                {right.x + inside * in.x, right.y + inside * in.y}},
      .spawn = spawn_of(s, line->door),
  };
  gboolean turned;
  if (to_line > 0 && to_line < 2.5 && gate_is_free(s, ret_gate) &&
      iv_span_crossed(&line->span, ret_gate->outer.a, ret_gate->inner.a, &turned) >= 0 && turned &&
      iv_span_crossed(&line->span, ret_gate->outer.b, ret_gate->inner.b, &turned) >= 0)
    return TRUE;
  g_set_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_VALUE,
              "lines[%u]: the way through door \"%s\" does not cross \"%s\" inwards and free of "
              "obstacles; it must lie up to 2.5 m inside, its right hand the shop",
              index, s->doors[line->door].id.text, line->id.text);
  return FALSE;
}
