/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/scenario.h"

/* The floor in cells of 0.25 m: where people may walk, and what a step could pass. A person's foot
 * point stays in walkable cells, whose centres are at least IV_GRID_CLEARANCE from every obstacle
 * and wall; as that is more than half a cell's diagonal, nobody ever stands or walks in an
 * obstacle. Immutable once made. */

#define IV_GRID_CELL 0.25
#define IV_GRID_CLEARANCE 0.20

/* Who may walk where. */
typedef enum {
  IV_LAYER_CUSTOMER, /* not behind counters, not through a waiting line, not in the doorway */
  IV_LAYER_LINE,     /* as above, through waiting lines too */
  IV_LAYER_STAFF,    /* everywhere but the doorway */
  IV_LAYERS
} IvLayer;

typedef struct {
  guint8 walkable;   /* bit n: layer n */
  guint8 line_near;  /* a counting line within a step's reach */
  guint32 displays;  /* bit n: display n is passed here */
  guint64 zones;     /* bit n: the centre lies in zone n */
  guint64 zones_cut; /* bit n: an edge of zone n runs through the cell */
} IvGridCell;

typedef struct {
  IvFloorArea area;
  guint columns, rows;
  IvGridCell *cells;
} IvGrid;

/* How to pass an entrance line: from outside to inside, straight and at a right angle. Nobody comes
 * near the line in any other way. */
typedef struct {
  IvSpan outer, inner; /* a person picks the same share of both */
  const IvOutline *spawn;
} IvGate;

/* NULL with IV_SCENARIO_ERROR when the floor is too large. */
IvGrid *iv_grid_new(const IvScenario *s, GError **error);
void iv_grid_free(IvGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvGrid, iv_grid_free)

/* Of an entrance line; FALSE with IV_SCENARIO_ERROR when something stands in the way. */
gboolean iv_gate_of(const IvScenario *s, guint line, IvGate *ret_gate, GError **error);

static inline gboolean iv_grid_holds(const IvGrid *grid, IvSpot p) {
  return p.x >= grid->area.x0 && p.y >= grid->area.y0 && p.x < grid->area.x1 && p.y < grid->area.y1;
}
/* p within the grid. */
static inline guint iv_grid_index(const IvGrid *grid, IvSpot p) {
  return (guint)((p.y - grid->area.y0) / IV_GRID_CELL) * grid->columns +
         (guint)((p.x - grid->area.x0) / IV_GRID_CELL);
}
static inline IvSpot iv_grid_centre(const IvGrid *grid, guint index) {
  return (IvSpot){grid->area.x0 + (index % grid->columns + 0.5) * IV_GRID_CELL,
                  grid->area.y0 + (index / grid->columns + 0.5) * IV_GRID_CELL};
}
static inline gboolean iv_grid_walkable(const IvGrid *grid, IvLayer layer, IvSpot p) {
  return iv_grid_holds(grid, p) && (grid->cells[iv_grid_index(grid, p)].walkable >> layer & 1);
}

/* Every cell that the straight way p→q touches is walkable. */
gboolean iv_grid_clear(const IvGrid *grid, IvLayer layer, IvSpot p, IvSpot q);

/* Centre of the nearest walkable cell to p within 3 m, the straight way to it clear in
 * `from_layer`; or within 0.6 m when p itself is not walkable there. FALSE when there is none. */
gboolean iv_grid_nearest(const IvGrid *grid, IvLayer layer, IvLayer from_layer, IvSpot p,
                         IvSpot *ret_spot);

/* Zones that hold p, exactly. */
guint64 iv_grid_zones_at(const IvGrid *grid, const IvScenario *s, IvSpot p);
