/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* How values are distributed, small and mergeable: quantiles of dwell from buckets that are added
 * up. Up to IV_SKETCH_EXACT different values are kept as they are: the quantiles are then those of
 * the values themselves. More than that are counted in log-linear bins, 256 an octave, and within a
 * bin a quantile lies where its rank does: off by 0.4 % of the value at most, whatever the
 * distribution, and by no more ranks than the bin holds. Since values and bins only count, the
 * order of adding and merging changes nothing, on no machine. The bins are those of HdrHistogram.
 *
 * Sketches of the first form (64 bins an octave, no values) are read and merged: what they hold
 * stands in the middle of its old bin, up to 0.8 % of the value off. */
typedef struct IvSketch IvSketch;

#define IV_SKETCH_EXACT 512                              /* different values */
#define IV_SKETCH_ERROR_BOUND 0.004                      /* relative, with more: 1/256 */
#define IV_SKETCH_VALUE_MAX (G_GINT64_CONSTANT(1) << 40) /* larger values count as this */

IvSketch *iv_sketch_new(void);
void iv_sketch_free(IvSketch *sketch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSketch, iv_sketch_free)

/* The same for what many sketches are put together to: what is added costs only itself. It goes
 * over to bins as soon as it holds more than IV_SKETCH_EXACT values, different or not, and takes 33
 * KiB then. It counts up to 2^32 - 1 values: bytes that tell of more are none to it. */
IvSketch *iv_sketch_new_wide(void);

/* As if it were new, of the same kind; a wide one keeps its memory for what comes next. */
void iv_sketch_empty(IvSketch *sketch);

/* Negative values count as 0. O(log n) and a move of what is above. */
void iv_sketch_add(IvSketch *sketch, gint64 value);
/* O(n) of both. `other` may not be `sketch`. */
void iv_sketch_merge(IvSketch *sketch, const IvSketch *other);

/* Merges what iv_sketch_to_bytes wrote, without making a sketch of it. FALSE, with the sketch as it
 * was, when the bytes are none. O(n) of both, of a wide one with bins O(n) of the bytes. */
gboolean iv_sketch_merge_bytes(IvSketch *sketch, const void *bytes, gsize n);
guint64 iv_sketch_count(const IvSketch *sketch);

/* The nearest-rank quantile: the smallest value v such that at least q of all are <= v. 0 <= q <= 1
 * (q = 0 is the minimum). NAN while nothing was added. */
double iv_sketch_quantile(const IvSketch *sketch, double q);

/* Several at once, in one walk over it. `q` rises. */
void iv_sketch_quantiles(const IvSketch *sketch, const double *q, guint n, double *ret_values);

/* 2 to 4 bytes a value or bin; the same contents give the same bytes. None of nothing. */
GBytes *iv_sketch_to_bytes(const IvSketch *sketch);

/* NULL when the bytes are no sketch. */
IvSketch *iv_sketch_from_bytes(const void *bytes, gsize n);
