/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/resample.h"
#include <math.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Weight of input sample `k` (any index, also outside) for an output centred at `centre`. */
static double triangle(double centre, double support, int k) {
  return MAX(0.0, 1.0 - fabs(k + 0.5 - centre) / support);
}

/* Rounds `raw` to whole weights; rounding the running sum makes them add up to `one`. */
static void set_weights(gint16 *ret_weights, const double *raw, int taps, int one) {
  double sum = 0, running = 0;
  long given = 0;
  for (int t = 0; t < taps; t++)
    sum += raw[t];
  for (int t = 0; t < taps; t++) {
    running += raw[t];
    long upto = lrint(running / sum * one);
    ret_weights[t] = (gint16)(upto - given);
    given = upto;
  }
}

static int round_up(int n, int step) {
  return (n + step - 1) / step * step;
}

void iv_axis_init(IvAxis *axis, int n_in, int n_out, int one) {
  double ratio = (double)n_in / n_out, support = MAX(1.0, ratio);
  int span = (int)ceil(2 * support) + 1, used = MIN(n_in, span);
  g_autofree double *raw = g_new(double, used);
  axis->n_in = n_in;
  axis->n_out = n_out;
  axis->taps = round_up(used, IV_AXIS_LANES);
  axis->start = g_new0(int, round_up(n_out, 4));
  axis->weights = g_new0(gint16, (gsize)round_up(n_out, 4) * axis->taps);
  for (int i = 0; i < n_out; i++) {
    double centre = (i + 0.5) * ratio;
    int first = (int)floor(centre - support), start = CLAMP(first, 0, n_in - used);
    for (int t = 0; t < used; t++)
      raw[t] = 0;
    for (int k = first; k < first + span; k++)
      raw[CLAMP(k, start, start + used - 1) - start] += triangle(centre, support, k);
    axis->start[i] = start;
    set_weights(axis->weights + (gsize)i * axis->taps, raw, used, one);
  }
}

void iv_axis_clear(IvAxis *axis) {
  g_clear_pointer(&axis->start, g_free);
  g_clear_pointer(&axis->weights, g_free);
}

static void first_row(const guint8 *restrict in, gint16 weight, int n, gint16 *restrict ret_row) {
  for (int x = 0; x < n; x++)
    ret_row[x] = (gint16)(in[x] * weight);
}

static void add_row(const guint8 *restrict in, gint16 weight, int n, gint16 *restrict ret_row) {
  for (int x = 0; x < n; x++)
    ret_row[x] = (gint16)(ret_row[x] + in[x] * weight);
}

/* Two rows at a time: half the traffic on ret_row. */
static void add_two_rows(const guint8 *restrict a, const guint8 *restrict b, gint16 weight_a,
                         gint16 weight_b, int n, gint16 *restrict ret_row) {
  for (int x = 0; x < n; x++)
    ret_row[x] = (gint16)(ret_row[x] + a[x] * weight_a + b[x] * weight_b);
}

void iv_axis_blend_rows(const IvAxis *axis, int y, const guint8 *plane, int stride, int n,
                        gint16 *ret_row) {
  const gint16 *w = axis->weights + (gsize)y * axis->taps;
  const guint8 *in = plane + (gssize)stride * axis->start[y];
  int from = 0, to = axis->taps;
  while (w[from] == 0)
    from++;
  while (w[to - 1] == 0)
    to--;
  first_row(in + (gssize)stride * from, w[from], n, ret_row);
  int t = from + 1;
  for (; t + 1 < to; t += 2)
    add_two_rows(in + (gssize)stride * t, in + (gssize)stride * (t + 1), w[t], w[t + 1], n,
                 ret_row);
  if (t < to)
    add_row(in + (gssize)stride * t, w[t], n, ret_row);
}

#ifdef __SSE2__
/* Eight products in one instruction; compilers do not find it by themselves. */
static inline __m128i dot(const IvAxis *axis, int taps, int i, const gint16 *row) {
  const gint16 *in = row + axis->start[i], *w = axis->weights + (gsize)i * taps;
  __m128i sum = _mm_setzero_si128();
  for (int t = 0; t < taps; t += IV_AXIS_LANES)
    sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_loadu_si128((const __m128i *)(in + t)),
                                            _mm_loadu_si128((const __m128i *)(w + t))));
  return sum;
}

/* The four sums over the lanes of a, b, c, d. */
static inline __m128i sums(__m128i a, __m128i b, __m128i c, __m128i d) {
  __m128i ab = _mm_add_epi32(_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b));
  __m128i cd = _mm_add_epi32(_mm_unpacklo_epi32(c, d), _mm_unpackhi_epi32(c, d));
  return _mm_add_epi32(_mm_unpacklo_epi64(ab, cd), _mm_unpackhi_epi64(ab, cd));
}

static inline __attribute__((always_inline)) void
blend(const IvAxis *axis, int taps, const gint16 *row, float scale, float *ret_values) {
  for (int i = 0; i < axis->n_out; i += 4) {
    __m128i four = sums(dot(axis, taps, i, row), dot(axis, taps, i + 1, row),
                        dot(axis, taps, i + 2, row), dot(axis, taps, i + 3, row));
    _mm_storeu_ps(ret_values + i, _mm_mul_ps(_mm_cvtepi32_ps(four), _mm_set1_ps(scale)));
  }
}

void iv_axis_blend_columns(const IvAxis *axis, const gint16 *row, float scale, float *ret_values) {
  if (axis->taps == IV_AXIS_LANES) /* reductions up to 3.5: known to the compiler, no inner loop */
    blend(axis, IV_AXIS_LANES, row, scale, ret_values);
  else
    blend(axis, axis->taps, row, scale, ret_values);
}
#else
void iv_axis_blend_columns(const IvAxis *axis, const gint16 *row, float scale, float *ret_values) {
  const gint16 *w = axis->weights;
  for (int i = 0; i < axis->n_out; i++, w += axis->taps) {
    const gint16 *in = row + axis->start[i];
    gint32 sum = 0;
    for (int t = 0; t < axis->taps; t++)
      sum += w[t] * in[t];
    ret_values[i] = (float)sum * scale;
  }
}
#endif
