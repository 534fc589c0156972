/* SPDX-License-Identifier: Apache-2.0 */
#include "base/homography.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK(iv - homography - error - quark, iv_homography_error)

#define FREEDOMS 8
#define ROUNDS 20
/* Ratio of the two smallest singular values (squared) of the equations: near 1, two different maps
 * meet the pairs equally well. */
#define DETERMINED 1e-9
#define SAME_IMAGE 1e-4 /* shares */
#define SAME_PLAN 0.01  /* metres */

/* ---- small linear algebra ---- */

/* Eigenvectors of a symmetric 9x9 matrix by Jacobi's rotations, in the columns of v; the values
 * are left on the diagonal of a. */
static void jacobi(double a[9][9], double v[9][9]) {
  memset(v, 0, 81 * sizeof(double));
  for (int i = 0; i < 9; i++)
    v[i][i] = 1;
  for (int sweep = 0; sweep < 60; sweep++) {
    double off = 0;
    for (int p = 0; p < 9; p++)
      for (int q = p + 1; q < 9; q++)
        off += a[p][q] * a[p][q];
    if (off < 1e-30)
      return;
    for (int p = 0; p < 9; p++)
      for (int q = p + 1; q < 9; q++) {
        if (fabs(a[p][q]) < 1e-300)
          continue;
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
        double c = 1 / sqrt(t * t + 1), s = t * c;
        for (int k = 0; k < 9; k++) {
          double x = a[k][p], y = a[k][q];
          a[k][p] = c * x - s * y;
          a[k][q] = s * x + c * y;
        }
        for (int k = 0; k < 9; k++) {
          double x = a[p][k], y = a[q][k];
          a[p][k] = c * x - s * y;
          a[q][k] = s * x + c * y;
          x = v[k][p];
          y = v[k][q];
          v[k][p] = c * x - s * y;
          v[k][q] = s * x + c * y;
        }
      }
  }
}

/* Solves the 8x8 system in place (Gauss with pivots); FALSE when it has no single answer. */
static gboolean solve(double a[FREEDOMS][FREEDOMS + 1], double ret_x[FREEDOMS]) {
  for (int i = 0; i < FREEDOMS; i++) {
    int pivot = i;
    for (int r = i + 1; r < FREEDOMS; r++)
      if (fabs(a[r][i]) > fabs(a[pivot][i]))
        pivot = r;
    if (fabs(a[pivot][i]) < 1e-14)
      return FALSE;
    for (int c = 0; c <= FREEDOMS; c++) {
      double swap = a[i][c];
      a[i][c] = a[pivot][c];
      a[pivot][c] = swap;
    }
    for (int r = i + 1; r < FREEDOMS; r++) {
      double factor = a[r][i] / a[i][i];
      for (int c = i; c <= FREEDOMS; c++)
        a[r][c] -= factor * a[i][c];
    }
  }
  for (int i = FREEDOMS - 1; i >= 0; i--) {
    ret_x[i] = a[i][FREEDOMS];
    for (int c = i + 1; c < FREEDOMS; c++)
      ret_x[i] -= a[i][c] * ret_x[c];
    ret_x[i] /= a[i][i];
  }
  return TRUE;
}

static void multiply(const double a[9], const double b[9], double ret_c[9]) {
  double c[9];
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      c[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
  memcpy(ret_c, c, sizeof c);
}

static double invert(const double m[9], double ret_inverse[9]) {
  double c[9] = {m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                 m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                 m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
  double determinant = m[0] * c[0] + m[1] * c[3] + m[2] * c[6];
  for (int i = 0; i < 9; i++)
    ret_inverse[i] = c[i] / determinant;
  return determinant;
}

/* ---- mapping ---- */

/* [X, Y, w] before the division. */
static void map(const double m[9], double x, double y, double ret[3]) {
  for (int i = 0; i < 3; i++)
    ret[i] = m[3 * i] * x + m[3 * i + 1] * y + m[3 * i + 2];
}

gboolean iv_homography_to_plan(const IvHomography *h, IvPoint image, IvPlanPoint *ret_plan) {
  double p[3];
  map(h->m, image.x, image.y, p);
  if (!(p[2] > 0))
    return FALSE;
  double x = p[0] / p[2], y = p[1] / p[2];
  if (!(fabs(x) <= IV_PLAN_METRES_MAX && fabs(y) <= IV_PLAN_METRES_MAX))
    return FALSE;
  *ret_plan = (IvPlanPoint){x, y};
  return TRUE;
}

gboolean iv_homography_to_image(const IvHomography *h, IvPlanPoint plan, IvPoint *ret_image) {
  double inverse[9], p[3];
  double determinant = invert(h->m, inverse);
  map(inverse, plan.x, plan.y, p);
  /* w of the way back is 1 / w of the way there, which is positive in front of the camera. */
  if (!(p[2] > 0) || determinant == 0)
    return FALSE;
  *ret_image = (IvPoint){(float)(p[0] / p[2]), (float)(p[1] / p[2])};
  return TRUE;
}

double iv_homography_scale(const IvHomography *h, IvPoint image, IvSize image_px) {
  /* A step along the horizon's direction in pixels: there depth does not change. */
  double dx = h->m[7], dy = -h->m[6] * image_px.height / image_px.width;
  double px = dx * image_px.width, py = dy * image_px.height;
  double length = hypot(px, py) / image_px.height; /* shares of the height */
  if (length == 0) {
    dx = (double)image_px.height / image_px.width; /* straight down: every direction will do */
    dy = 0;
    length = 1;
  }
  double step = 1e-4 / length;
  IvPlanPoint a, b;
  IvPoint end = {(float)(image.x + dx * step), (float)(image.y + dy * step)};
  if (!iv_homography_to_plan(h, image, &a) || !iv_homography_to_plan(h, end, &b))
    return (double)NAN;
  /* the float's own grid is coarser than the step asked for: measure the step taken */
  double taken = hypot(((double)end.x - image.x) * image_px.width,
                       ((double)end.y - image.y) * image_px.height) /
                 image_px.height;
  return hypot(b.x - a.x, b.y - a.y) / taken;
}

/* ---- finding the map ---- */

typedef struct {
  double x, y, scale; /* t = (p − (x, y)) · scale */
} Norm;

/* Centre 0, mean distance √2: without it the equations are badly conditioned. */
static Norm norm_of(const double (*p)[2], guint n) {
  Norm norm = {0};
  double distance = 0;
  for (guint i = 0; i < n; i++) {
    norm.x += p[i][0] / n;
    norm.y += p[i][1] / n;
  }
  for (guint i = 0; i < n; i++)
    distance += hypot(p[i][0] - norm.x, p[i][1] - norm.y) / n;
  norm.scale = G_SQRT2 / distance;
  return norm;
}

static void norm_matrix(const Norm *norm, double ret[9]) {
  double m[9] = {norm->scale, 0, -norm->x * norm->scale, 0, norm->scale, -norm->y * norm->scale, 0,
                 0,           1};
  memcpy(ret, m, sizeof m);
}

/* Pairs in normalised coordinates. */
typedef struct {
  guint n;
  double from[IV_POINT_PAIRS_MAX][2], to[IV_POINT_PAIRS_MAX][2];
} Pairs;

static void normalise(double (*p)[2], guint n, const Norm *norm) {
  for (guint i = 0; i < n; i++) {
    p[i][0] = (p[i][0] - norm->x) * norm->scale;
    p[i][1] = (p[i][1] - norm->y) * norm->scale;
  }
}

/* Direct linear transformation. FALSE when the pairs leave the map open. */
static gboolean linear(const Pairs *pairs, double ret_m[9]) {
  double a[9][9] = {{0}}, v[9][9];
  for (guint i = 0; i < pairs->n; i++) {
    double x = pairs->from[i][0], y = pairs->from[i][1], u = pairs->to[i][0], w = pairs->to[i][1];
    double rows[2][9] = {{x, y, 1, 0, 0, 0, -u * x, -u * y, -u},
                         {0, 0, 0, x, y, 1, -w * x, -w * y, -w}};
    for (int r = 0; r < 2; r++)
      for (int p = 0; p < 9; p++)
        for (int q = 0; q < 9; q++)
          a[p][q] += rows[r][p] * rows[r][q];
  }
  jacobi(a, v);
  int least = 0, next = -1;
  for (int i = 1; i < 9; i++)
    least = a[i][i] < a[least][least] ? i : least;
  for (int i = 0; i < 9; i++)
    if (i != least && (next < 0 || a[i][i] < a[next][next]))
      next = i;
  double largest = 0;
  for (int i = 0; i < 9; i++)
    largest = MAX(largest, a[i][i]);
  for (int i = 0; i < 9; i++)
    ret_m[i] = v[i][least];
  return a[next][next] > DETERMINED * largest;
}

static double squared_distance(const Pairs *pairs, const double m[9]) {
  double sum = 0, p[3];
  for (guint i = 0; i < pairs->n; i++) {
    map(m, pairs->from[i][0], pairs->from[i][1], p);
    double dx = p[0] / p[2] - pairs->to[i][0], dy = p[1] / p[2] - pairs->to[i][1];
    sum += dx * dx + dy * dy;
  }
  return sum;
}

/* One step of Gauss-Newton on the distances, m[8] fixed; FALSE when it has no answer. */
static gboolean improve(const Pairs *pairs, double m[9], double damping) {
  double normal[FREEDOMS][FREEDOMS + 1] = {{0}}, step[FREEDOMS], p[3];
  for (guint i = 0; i < pairs->n; i++) {
    double x = pairs->from[i][0], y = pairs->from[i][1];
    map(m, x, y, p);
    double u = p[0] / p[2], w = p[1] / p[2];
    double rows[2][FREEDOMS] = {
        {x / p[2], y / p[2], 1 / p[2], 0, 0, 0, -u * x / p[2], -u * y / p[2]},
        {0, 0, 0, x / p[2], y / p[2], 1 / p[2], -w * x / p[2], -w * y / p[2]}};
    double off[2] = {pairs->to[i][0] - u, pairs->to[i][1] - w};
    for (int r = 0; r < 2; r++)
      for (int a = 0; a < FREEDOMS; a++) {
        for (int b = 0; b < FREEDOMS; b++)
          normal[a][b] += rows[r][a] * rows[r][b];
        normal[a][FREEDOMS] += rows[r][a] * off[r];
      }
  }
  for (int a = 0; a < FREEDOMS; a++)
    normal[a][a] *= 1 + damping;
  if (!solve(normal, step))
    return FALSE;
  for (int a = 0; a < FREEDOMS; a++)
    m[a] += step[a];
  return TRUE;
}

/* Levenberg's way: a step that makes it worse is taken back and made shorter. */
static void refine(const Pairs *pairs, double m[9]) {
  double damping = 1e-6;
  if (fabs(m[8]) < 1e-9)
    return;
  for (int i = 0; i < 8; i++)
    m[i] /= m[8];
  m[8] = 1;
  double best = squared_distance(pairs, m);
  for (int round = 0; round < ROUNDS; round++) {
    double tried[9];
    memcpy(tried, m, sizeof tried);
    double now = improve(pairs, tried, damping) ? squared_distance(pairs, tried) : INFINITY;
    if (now < best) {
      memcpy(m, tried, sizeof tried);
      best = now;
      damping /= 10;
    } else {
      damping *= 100;
    }
  }
}

/* Without the checks; `leave` is left out (-1 = none). */
static gboolean fit(const IvPointPair *pairs, guint n, int leave, double ret_m[9]) {
  Pairs all = {0};
  for (guint i = 0; i < n; i++) {
    if ((int)i == leave)
      continue;
    all.from[all.n][0] = pairs[i].image.x;
    all.from[all.n][1] = pairs[i].image.y;
    all.to[all.n][0] = pairs[i].plan.x;
    all.to[all.n++][1] = pairs[i].plan.y;
  }
  Norm from = norm_of((const double(*)[2])all.from, all.n);
  Norm to = norm_of((const double(*)[2])all.to, all.n);
  normalise(all.from, all.n, &from);
  normalise(all.to, all.n, &to);
  double m[9], t[9], back[9];
  if (!linear(&all, m))
    return FALSE;
  refine(&all, m);
  norm_matrix(&to, t);
  invert(t, back);
  multiply(back, m, m);
  norm_matrix(&from, t);
  multiply(m, t, ret_m);
  return TRUE;
}

/* Sign and size are free: w is made positive at the pairs, and 1 in the mean. FALSE when the pairs
 * lie on both sides of the horizon. */
static gboolean orient(const IvPointPair *pairs, guint n, double m[9]) {
  double p[3], sum = 0;
  for (guint i = 0; i < n; i++) {
    map(m, pairs[i].image.x, pairs[i].image.y, p);
    sum += p[2] / n;
  }
  if (sum == 0)
    return FALSE;
  for (int i = 0; i < 9; i++)
    m[i] /= sum;
  for (guint i = 0; i < n; i++) {
    map(m, pairs[i].image.x, pairs[i].image.y, p);
    if (!(p[2] > 0))
      return FALSE;
  }
  return TRUE;
}

static double distance_at(const double m[9], const IvPointPair *pair) {
  double p[3];
  map(m, pair->image.x, pair->image.y, p);
  return p[2] > 0 ? hypot(p[0] / p[2] - pair->plan.x, p[1] / p[2] - pair->plan.y) : INFINITY;
}

/* Sum of the squared distances of all pairs but `leave`. */
static double rest(const IvPointPair *pairs, guint n, int leave, const double m[9]) {
  double sum = 0;
  for (guint i = 0; i < n; i++) {
    double d = (int)i == leave ? 0 : distance_at(m, &pairs[i]);
    sum += d * d;
  }
  return sum;
}

static IvHomographyError error_of(const IvPointPair *pairs, guint n, const double m[9]) {
  IvHomographyError e = {(double)NAN, (double)NAN, -1};
  double least = INFINITY, without[9];
  if (n == IV_POINT_PAIRS_MIN)
    return e;
  e.worst = 0;
  for (int i = 0; i < (int)n; i++) {
    gboolean made = fit(pairs, n, i, without) && orient(pairs, n, without);
    double others = made ? rest(pairs, n, i, without) : INFINITY;
    e.worst = MAX(e.worst, made ? distance_at(without, &pairs[i]) : INFINITY);
    if (n >= 6 && others < least) {
      least = others;
      e.suspect = i;
    }
  }
  /* Two coordinates a pair, less what the map itself can bend to. */
  e.rms = sqrt(rest(pairs, n, -1, m) / (2.0 * n - FREEDOMS) * 2);
  return e;
}

static gboolean fail(GError **error, IvHomographyErrorCode code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static gboolean fail(GError **error, IvHomographyErrorCode code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, IV_HOMOGRAPHY_ERROR, (int)code, text);
  return FALSE;
}

static gboolean check_pairs(const IvPointPair *pairs, guint n, GError **error) {
  if (n < IV_POINT_PAIRS_MIN || n > IV_POINT_PAIRS_MAX)
    return fail(
        error, IV_HOMOGRAPHY_ERROR_PAIRS,
        "%u pairs of points (a point in the picture and the same spot on the floor plan): %d to %d "
        "are needed, best spread over the whole floor in view",
        n, IV_POINT_PAIRS_MIN, IV_POINT_PAIRS_MAX);
  for (guint i = 0; i < n; i++) {
    const IvPointPair *a = &pairs[i];
    if (!(isfinite(a->image.x) && isfinite(a->image.y) && fabs(a->plan.x) <= IV_PLAN_METRES_MAX &&
          fabs(a->plan.y) <= IV_PLAN_METRES_MAX))
      return fail(error, IV_HOMOGRAPHY_ERROR_PAIRS,
                  "pair %u: not a place in the picture and one on the plan within %g m", i + 1,
                  IV_PLAN_METRES_MAX);
    for (guint k = 0; k < i; k++) {
      const IvPointPair *b = &pairs[k];
      if (hypot((double)a->image.x - b->image.x, (double)a->image.y - b->image.y) < SAME_IMAGE ||
          hypot(a->plan.x - b->plan.x, a->plan.y - b->plan.y) < SAME_PLAN)
        return fail(error, IV_HOMOGRAPHY_ERROR_PAIRS,
                    "pairs %u and %u are at one place: move or remove one", k + 1, i + 1);
    }
  }
  return TRUE;
}

gboolean iv_homography_from_pairs(const IvPointPair *pairs, guint n, IvHomography *ret_homography,
                                  IvHomographyError *ret_error, GError **error) {
  IvHomography h;
  double inverse[9];
  if (!check_pairs(pairs, n, error))
    return FALSE;
  if (!fit(pairs, n, -1, h.m))
    return fail(
        error, IV_HOMOGRAPHY_ERROR_DEGENERATE,
        "the points lie nearly on one line: spread them over the floor in view, no three of "
        "four in a row");
  if (!orient(pairs, n, h.m))
    return fail(error, IV_HOMOGRAPHY_ERROR_IMPOSSIBLE,
                "no camera sees a floor like this: two points are swapped, or one is not on the "
                "floor");
  if (!(invert(h.m, inverse) > 0))
    return fail(error, IV_HOMOGRAPHY_ERROR_IMPOSSIBLE,
                "the picture would be mirrored: the points go round one way in the picture and the "
                "other way on the plan");
  *ret_homography = h;
  if (ret_error)
    *ret_error = error_of(pairs, n, h.m);
  return TRUE;
}
