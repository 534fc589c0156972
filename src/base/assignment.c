/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assignment.h"

#include <math.h>

/* Internally the shorter side is "left" and every left node gets a partner; a pair that may not be
 * made has gain 0, so a partner at gain 0 means alone. Right nodes are numbered from 1; 0 is the
 * root that each search starts from. */
struct IvAssignment {
  guint left_room, right_room;
  double *left_price, *right_price; /* dual potentials */
  double *slack;                    /* per right node: least reduced cost seen in this search */
  guint *partner;                   /* per right node: left node + 1, or 0 */
  guint *before;                    /* per right node: the right node its path came from */
  gboolean *done;                   /* per right node: on the search tree */
};

/* The matrix seen from the shorter side. */
typedef struct {
  const double *cost;
  guint rows, columns, left, right;
  gboolean flipped;
  double limit;
} Problem;

IvAssignment *iv_assignment_new(void) {
  return g_new0(IvAssignment, 1);
}

void iv_assignment_free(IvAssignment *a) {
  if (!a)
    return;
  g_free(a->left_price);
  g_free(a->right_price);
  g_free(a->slack);
  g_free(a->partner);
  g_free(a->before);
  g_free(a->done);
  g_free(a);
}

static void make_room(IvAssignment *a, guint left, guint right) {
  if (left + 1 > a->left_room) {
    a->left_room = 2 * (left + 1);
    a->left_price = g_renew(double, a->left_price, a->left_room);
  }
  if (right + 1 > a->right_room) {
    a->right_room = 2 * (right + 1);
    a->right_price = g_renew(double, a->right_price, a->right_room);
    a->slack = g_renew(double, a->slack, a->right_room);
    a->partner = g_renew(guint, a->partner, a->right_room);
    a->before = g_renew(guint, a->before, a->right_room);
    a->done = g_renew(gboolean, a->done, a->right_room);
  }
  for (guint i = 0; i <= left; i++)
    a->left_price[i] = 0;
  for (guint j = 0; j <= right; j++) {
    a->right_price[j] = 0;
    a->partner[j] = 0;
  }
}

/* Gain (<= 0) of pairing left node i with right node j, both from 0. */
static inline double gain(const Problem *p, guint i, guint j) {
  double c = p->flipped ? p->cost[(gsize)j * p->columns + i] : p->cost[(gsize)i * p->columns + j];
  return c < p->limit && c > -IV_ASSIGNMENT_COST_MAX ? c - p->limit : 0; /* NaN compares false */
}

/* Grows the shortest-path tree by the right node `from`; returns the nearest node off the tree. */
static guint grow_tree(IvAssignment *a, const Problem *p, guint from) {
  guint i = a->partner[from];
  double nearest = INFINITY;
  guint next = 0;
  a->done[from] = TRUE;
  for (guint j = 1; j <= p->right; j++) {
    if (a->done[j])
      continue;
    double reduced = gain(p, i - 1, j - 1) - a->left_price[i] - a->right_price[j];
    if (reduced < a->slack[j]) {
      a->slack[j] = reduced;
      a->before[j] = from;
    }
    if (a->slack[j] < nearest) {
      nearest = a->slack[j];
      next = j;
    }
  }
  for (guint j = 0; j <= p->right; j++) {
    if (a->done[j]) {
      a->left_price[a->partner[j]] += nearest;
      a->right_price[j] -= nearest;
    } else {
      a->slack[j] -= nearest;
    }
  }
  return next;
}

/* Gives left node i (from 1) a partner, moving others along the cheapest path. */
static void place(IvAssignment *a, const Problem *p, guint i) {
  a->partner[0] = i;
  for (guint j = 0; j <= p->right; j++) {
    a->slack[j] = INFINITY;
    a->done[j] = FALSE;
  }
  guint at = 0;
  do
    at = grow_tree(a, p, at);
  while (a->partner[at] != 0);
  while (at != 0) {
    a->partner[at] = a->partner[a->before[at]];
    at = a->before[at];
  }
}

guint iv_assignment_solve(IvAssignment *a, const double *cost, guint rows, guint columns,
                          double limit, int *ret_column_of_row) {
  Problem p = {cost, rows, columns, MIN(rows, columns), MAX(rows, columns), rows > columns, limit};
  for (guint i = 0; i < rows; i++)
    ret_column_of_row[i] = -1;
  if (p.left == 0)
    return 0;
  make_room(a, p.left, p.right);
  for (guint i = 1; i <= p.left; i++)
    place(a, &p, i);
  guint pairs = 0;
  for (guint j = 1; j <= p.right; j++) {
    guint i = a->partner[j];
    if (i == 0 || gain(&p, i - 1, j - 1) >= 0)
      continue;
    ret_column_of_row[p.flipped ? j - 1 : i - 1] = (int)(p.flipped ? i - 1 : j - 1);
    pairs++;
  }
  return pairs;
}
