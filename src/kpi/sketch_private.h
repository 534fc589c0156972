/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/sketch.h"

/* What the sketch and its bytes (sketch_bytes.c) share. */

/* Bins keep the nine leading bits of a value: below 512 every value has its own, the octave
 * [2^e, 2^(e+1)), e >= 9, is cut into 256. A bin is named by the least value in it. */
#define IV_SKETCH_KEPT_BITS 9
#define IV_SKETCH_CUTS (1 << (IV_SKETCH_KEPT_BITS - 1))
#define IV_SKETCH_BINS_MAX                                                                         \
  ((40 - IV_SKETCH_KEPT_BITS + 1) * IV_SKETCH_CUTS + IV_SKETCH_CUTS +                              \
   1) /* the last: IV_SKETCH_VALUE_MAX */

typedef struct {
  gint64 value;  /* or the least of a bin */
  guint64 count; /* > 0 */
} IvSketchEntry;

struct IvSketch {
  GArray *entries; /* of IvSketchEntry, by value; empty where `wide` is not NULL */
  guint32 *wide;   /* counts of all bins by their number; NULL = not one of bins, or not wide */
  guint32 *spare;  /* room for them, all 0; NULL = none */
  guint low, high; /* of wide: the first bin that counts, and the one after the last */
  guint64 count;
  gboolean binned; /* entries are bins */
  gboolean widens; /* its bins are to be `wide` */
};

static inline int iv_sketch_shift_of(gint64 value) {
  return value < (1 << IV_SKETCH_KEPT_BITS)
             ? 0
             : 64 - IV_SKETCH_KEPT_BITS - __builtin_clzll((guint64)value);
}

static inline gint64 iv_sketch_bin_of(gint64 value) {
  int shift = iv_sketch_shift_of(value);
  return value >> shift << shift;
}

/* Bins by number: those of 512 to 1023 follow on 0 to 511, and so on. */
static inline guint iv_sketch_number_of_bin(gint64 value) {
  int shift = iv_sketch_shift_of(value);
  return (guint)shift * IV_SKETCH_CUTS + (guint)(value >> shift);
}

static inline gint64 iv_sketch_bin_of_number(guint64 number) {
  guint64 shift = number < 2 * IV_SKETCH_CUTS ? 0 : number / IV_SKETCH_CUTS - 1;
  return (gint64)((number - shift * IV_SKETCH_CUTS) << shift);
}

static inline IvSketchEntry *iv_sketch_entry(const IvSketch *sketch, guint i) {
  return &g_array_index(sketch->entries, IvSketchEntry, i);
}

/* These bins may count now, `high` not among them. */
static inline void iv_sketch_reach(IvSketch *sketch, guint low, guint high) {
  sketch->low = MIN(sketch->low, low);
  sketch->high = MAX(sketch->high, high);
}

/* Makes bins of all that it holds. */
void iv_sketch_to_bins(IvSketch *sketch);

/* The next entry, going on from `*at`, which starts with 0; FALSE = no more. */
gboolean iv_sketch_next(const IvSketch *sketch, guint *at, IvSketchEntry *ret_entry);

/* As many different values as are kept, and one more, make bins of all: which of them came first
 * does not matter. A wide one looks at how many values there are, different or not: it is told
 * before they are put in order. */
void iv_sketch_keep_small(IvSketch *sketch);

/* `more`, which may be changed, is in order and holds `count` in all. */
void iv_sketch_merge_entries(IvSketch *sketch, IvSketchEntry *more, guint n, guint64 count,
                             gboolean binned);
