/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/route.h"

#include <string.h>

#define STRAIGHT 5 /* costs of a step, as 5 : 7 is near to 1 : √2 */
#define DIAGONAL 7
#define BUCKETS 8
#define NO_WAY 8
#define AT_GOAL 9
#define CELLS_WALKED_MAX 4096

struct IvRoutes {
  const IvGrid *grid;
  GHashTable *fields; /* goal cell * layers + layer -> guint8 directions */
  guint32 *costs;     /* scratch */
  GArray *buckets[BUCKETS];
  guint *walk; /* scratch: the cells of a way */
};

/* Directions 0..7 clockwise from +x; even ones are straight. */
static const int step_x[8] = {1, 1, 0, -1, -1, -1, 0, 1};
static const int step_y[8] = {0, 1, 1, 1, 0, -1, -1, -1};

IvRoutes *iv_routes_new(const IvGrid *grid) {
  IvRoutes *routes = g_new0(IvRoutes, 1);
  routes->grid = grid;
  routes->fields = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  routes->costs = g_new(guint32, grid->columns * grid->rows);
  routes->walk = g_new(guint, CELLS_WALKED_MAX);
  for (int i = 0; i < BUCKETS; i++)
    routes->buckets[i] = g_array_new(FALSE, FALSE, sizeof(guint));
  return routes;
}

void iv_routes_free(IvRoutes *routes) {
  if (!routes)
    return;
  g_hash_table_unref(routes->fields);
  g_free(routes->costs);
  g_free(routes->walk);
  for (int i = 0; i < BUCKETS; i++)
    g_array_unref(routes->buckets[i]);
  g_free(routes);
}

static gboolean walkable(const IvGrid *grid, IvLayer layer, guint index) {
  return grid->cells[index].walkable >> layer & 1;
}

/* The neighbour in direction d, or G_MAXUINT when one cannot go there; corners are not cut. */
static guint neighbour(const IvGrid *grid, IvLayer layer, guint at, int d) {
  int x = (int)(at % grid->columns) + step_x[d], y = (int)(at / grid->columns) + step_y[d];
  if (x < 0 || y < 0 || x >= (int)grid->columns || y >= (int)grid->rows)
    return G_MAXUINT;
  guint next = (guint)y * grid->columns + (guint)x;
  if (!walkable(grid, layer, next))
    return G_MAXUINT;
  if (d & 1 && (!walkable(grid, layer, at + (guint)step_x[d]) ||
                !walkable(grid, layer, at + (guint)(step_y[d] * (int)grid->columns))))
    return G_MAXUINT;
  return next;
}

static void reach(IvRoutes *routes, guint8 *directions, IvLayer layer, guint at) {
  for (int d = 0; d < 8; d++) {
    guint next = neighbour(routes->grid, layer, at, d);
    if (next == G_MAXUINT)
      continue;
    guint32 cost = routes->costs[at] + (d & 1 ? DIAGONAL : STRAIGHT);
    if (cost >= routes->costs[next])
      continue;
    routes->costs[next] = cost;
    directions[next] = (guint8)((d + 4) % 8);
    g_array_append_val(routes->buckets[cost % BUCKETS], next);
  }
}

static guint8 *work_out(IvRoutes *routes, IvLayer layer, guint goal) {
  guint n = routes->grid->columns * routes->grid->rows, waiting = 1;
  guint8 *directions = g_malloc(n);
  memset(directions, NO_WAY, n);
  memset(routes->costs, 0xff, n * sizeof *routes->costs);
  routes->costs[goal] = 0;
  directions[goal] = AT_GOAL;
  g_array_append_val(routes->buckets[0], goal);
  for (guint32 cost = 0; waiting; cost++) {
    GArray *bucket = routes->buckets[cost % BUCKETS];
    for (guint i = 0; i < bucket->len; i++) {
      guint at = g_array_index(bucket, guint, i);
      if (routes->costs[at] == cost)
        reach(routes, directions, layer, at);
    }
    g_array_set_size(bucket, 0);
    waiting = 0;
    for (int i = 0; i < BUCKETS; i++)
      waiting += routes->buckets[i]->len;
  }
  return directions;
}

static const guint8 *field_to(IvRoutes *routes, IvLayer layer, guint goal) {
  gpointer key = GUINT_TO_POINTER(goal * IV_LAYERS + layer + 1);
  guint8 *field = g_hash_table_lookup(routes->fields, key);
  if (!field) {
    field = work_out(routes, layer, goal);
    g_hash_table_insert(routes->fields, key, field);
  }
  return field;
}

static guint follow(IvRoutes *routes, const guint8 *field, guint at) {
  guint n = 0;
  while (n < CELLS_WALKED_MAX && field[at] < NO_WAY) {
    routes->walk[n++] = at;
    at += (guint)(step_x[field[at]] + step_y[field[at]] * (int)routes->grid->columns);
  }
  if (n < CELLS_WALKED_MAX && field[at] == AT_GOAL)
    routes->walk[n++] = at;
  else
    n = 0;
  return n;
}

/* Index of a cell far along the way that can be walked to straight from `from`: doubling the reach
 * while it is clear, then halving the rest. */
static guint farthest(const IvRoutes *routes, IvLayer layer, IvSpot from, guint first, guint n) {
  guint good = first, stride = 4;
  while (good + 1 < n && stride > 0) {
    guint next = MIN(good + stride, n - 1);
    if (iv_grid_clear(routes->grid, layer, from,
                      iv_grid_centre(routes->grid, routes->walk[next]))) {
      good = next;
      stride *= 2;
    } else {
      stride = stride > 1 && next - good < stride ? (next - good) / 2 : stride / 2;
    }
  }
  return good;
}

static void append(IvRoute *route, IvSpot spot) {
  if (route->n < IV_ROUTE_MAX)
    route->at[route->n++] = spot;
}

static void pull_straight(const IvRoutes *routes, IvLayer layer, IvSpot from, guint n,
                          IvRoute *route) {
  for (guint i = 0; i + 1 < n && route->n < IV_ROUTE_MAX - 2;) {
    guint next = farthest(routes, layer, from, i, n);
    next = MAX(next, i + 1);
    from = iv_grid_centre(routes->grid, routes->walk[next]);
    append(route, from);
    i = next;
  }
}

gboolean iv_routes_find(IvRoutes *routes, IvLayer layer, IvSpot from, IvSpot to,
                        IvRoute *ret_route) {
  const IvGrid *grid = routes->grid;
  IvSpot start = from, end = to;
  ret_route->n = 0;
  if (iv_grid_clear(grid, layer, from, to)) {
    append(ret_route, to);
    return TRUE;
  }
  if (!iv_grid_walkable(grid, layer, from) &&
      iv_grid_nearest(grid, layer, IV_LAYER_STAFF, from, &start))
    append(ret_route, start);
  if (!iv_grid_walkable(grid, layer, to) && !iv_grid_nearest(grid, layer, IV_LAYER_STAFF, to, &end))
    return FALSE;
  if (!iv_grid_walkable(grid, layer, start))
    return FALSE;
  guint n =
      follow(routes, field_to(routes, layer, iv_grid_index(grid, end)), iv_grid_index(grid, start));
  if (n == 0) {
    ret_route->n = 0;
    return FALSE;
  }
  if (n == 1 || !iv_grid_clear(grid, layer, start, iv_grid_centre(grid, routes->walk[0])))
    append(ret_route, iv_grid_centre(grid, routes->walk[0]));
  pull_straight(routes, layer, start, n, ret_route);
  if (ret_route->n > 1 && end.x == to.x && end.y == to.y &&
      iv_grid_clear(grid, layer, ret_route->at[ret_route->n - 2], to))
    ret_route->n--;
  append(ret_route, to);
  return TRUE;
}

double iv_route_length(const IvRoute *route, IvSpot from) {
  double metres = 0;
  for (guint i = 0; i < route->n; from = route->at[i++])
    metres += iv_spot_distance(from, route->at[i]);
  return metres;
}
