/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* How values are distributed, small and mergeable: quantiles of dwell from buckets that are added
 * up. Log-linear bins in whole numbers: below 128 every value has its own bin, above it each octave
 * has 64. So the answer is exact below 128 and within 0.8 % of the exact nearest-rank quantile
 * above, whatever the distribution; and since bins only count, the order of adding and merging
 * changes nothing, on no machine. The idea is the one of HdrHistogram and DDSketch. */
typedef struct IvSketch IvSketch;

#define IV_SKETCH_ERROR_BOUND 0.0079                     /* relative: half of 1/64 */
#define IV_SKETCH_VALUE_MAX (G_GINT64_CONSTANT(1) << 40) /* larger values count as this */

IvSketch *iv_sketch_new(void);
void iv_sketch_free(IvSketch *sketch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSketch, iv_sketch_free)

/* The same for what many sketches are put together to: it takes 18 KiB, and what is added costs
 * only itself. */
IvSketch *iv_sketch_new_wide(void);

/* Negative values count as 0. O(log bins). */
void iv_sketch_add(IvSketch *sketch, gint64 value);
void iv_sketch_merge(IvSketch *sketch, const IvSketch *other);

/* Merges what iv_sketch_to_bytes wrote, without making a sketch of it. FALSE, with the sketch as it
 * was, when the bytes are none. O(bins of both), of a wide one O(those of the bytes). */
gboolean iv_sketch_merge_bytes(IvSketch *sketch, const void *bytes, gsize n);
guint64 iv_sketch_count(const IvSketch *sketch);

/* The nearest-rank quantile: the smallest value v such that at least q of all are <= v. 0 <= q <= 1
 * (q = 0 is the minimum). NAN while nothing was added. */
double iv_sketch_quantile(const IvSketch *sketch, double q);

/* 2 to 4 bytes a bin; the same contents give the same bytes. */
GBytes *iv_sketch_to_bytes(const IvSketch *sketch);

/* NULL when the bytes are no sketch. */
IvSketch *iv_sketch_from_bytes(const void *bytes, gsize n);
