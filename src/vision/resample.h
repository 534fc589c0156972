/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Resizing of one plane of bytes, row by row, with a triangle filter as wide as the reduction
 * (bilinear when enlarging): first the rows that make an output row are blended, then columns
 * along it. Fixed point; a value is IV_ROWS_ONE times too large after the first step and
 * IV_ROWS_ONE * IV_COLUMNS_ONE times after both. */

#define IV_ROWS_ONE 128 /* so that a blended byte fits 16 signed bits */
#define IV_COLUMNS_ONE 16384
#define IV_AXIS_LANES 8 /* taps come in such groups; the last ones may weigh 0 */

/* How n_in samples make n_out: out[i] = sum of weights[i * taps + t] * in[start[i] + t]. */
typedef struct {
  int n_in, n_out, taps;
  int *start;
  gint16 *weights;
} IvAxis;

/* n_in, n_out >= 1; `one` is what the weights of a sample sum to. */
void iv_axis_init(IvAxis *axis, int n_in, int n_out, int one);
void iv_axis_clear(IvAxis *axis);

/* Blends the rows that make output row `y` (an axis of IV_ROWS_ONE): `n` neighbouring bytes of each
 * into ret_row. */
void iv_axis_blend_rows(const IvAxis *axis, int y, const guint8 *plane, int stride, int n,
                        gint16 *ret_row);

/* Room that blend_columns needs, beyond n_in and n_out. */
#define IV_AXIS_ROW_SLACK(axis) ((axis)->taps)
#define IV_AXIS_OUT_SLACK 3

/* Blends along a row (an axis of IV_COLUMNS_ONE): n_out results, times `scale`. `row` holds n_in
 * values and IV_AXIS_ROW_SLACK more of any value; ret_values has room for n_out and
 * IV_AXIS_OUT_SLACK more. */
void iv_axis_blend_columns(const IvAxis *axis, const gint16 *row, float scale, float *ret_values);
