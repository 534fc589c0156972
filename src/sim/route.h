/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/grid.h"

/* Shortest ways round the shelves. For each goal cell and layer the direction of the way there is
 * worked out once for the whole floor (Dijkstra over the cells, a bucket queue) and kept; a way is
 * then followed from cell to cell and pulled straight wherever it stays clear.
 * Cost: one byte a cell and goal; about 1 ms for a new goal in the largest yardstick store, some
 * microseconds for a way. Not for two threads at once. */

#define IV_ROUTE_MAX 48

typedef struct {
  IvSpot at[IV_ROUTE_MAX]; /* corners to walk to, the last is the goal */
  guint n;
} IvRoute;

typedef struct IvRoutes IvRoutes;

IvRoutes *iv_routes_new(const IvGrid *grid); /* the grid must outlive it */
void iv_routes_free(IvRoutes *routes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvRoutes, iv_routes_free)

/* The way from one spot to another. Either may lie just outside of the layer: the way then begins
 * or ends with a straight leg. FALSE, and an empty route, when there is no way. */
gboolean iv_routes_find(IvRoutes *routes, IvLayer layer, IvSpot from, IvSpot to,
                        IvRoute *ret_route);

double iv_route_length(const IvRoute *route, IvSpot from);
