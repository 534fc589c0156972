/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/sketch_private.h"

#include <math.h>
#include <string.h>

IvSketch *iv_sketch_new(void) {
  IvSketch *sketch = g_new0(IvSketch, 1);
  sketch->entries = g_array_new(FALSE, FALSE, sizeof(IvSketchEntry));
  return sketch;
}

IvSketch *iv_sketch_new_wide(void) {
  IvSketch *sketch = iv_sketch_new();
  sketch->widens = TRUE;
  return sketch;
}

void iv_sketch_free(IvSketch *sketch) {
  if (!sketch)
    return;
  g_array_unref(sketch->entries);
  g_free(sketch->wide);
  g_free(sketch->spare);
  g_free(sketch);
}

void iv_sketch_empty(IvSketch *sketch) {
  g_array_set_size(sketch->entries, 0);
  if (sketch->wide) {
    if (sketch->low < sketch->high)
      memset(sketch->wide + sketch->low, 0, (sketch->high - sketch->low) * sizeof *sketch->wide);
    sketch->spare = g_steal_pointer(&sketch->wide);
  }
  sketch->count = 0;
  sketch->binned = FALSE;
}

/* ---- values and bins ---- */

/* In place; returns how many bins they are. */
static guint bin_entries(IvSketchEntry *entries, guint n) {
  guint kept = 0;
  for (guint i = 0; i < n; i++) {
    IvSketchEntry one = {iv_sketch_bin_of(entries[i].value), entries[i].count};
    if (kept > 0 && entries[kept - 1].value == one.value)
      entries[kept - 1].count += one.count;
    else
      entries[kept++] = one;
  }
  return kept;
}

/* `more` is in order. */
static void widen(IvSketch *sketch, const IvSketchEntry *more, guint n) {
  for (guint i = 0; i < n; i++) {
    guint32 *bin = &sketch->wide[iv_sketch_number_of_bin(more[i].value)];
    *bin = (guint32)MIN(*bin + more[i].count, G_MAXUINT32);
  }
  if (n > 0)
    iv_sketch_reach(sketch, iv_sketch_number_of_bin(more[0].value),
                    iv_sketch_number_of_bin(more[n - 1].value) + 1);
}

void iv_sketch_to_bins(IvSketch *sketch) {
  IvSketchEntry *entries = (IvSketchEntry *)(gpointer)sketch->entries->data;
  guint n = sketch->entries->len;
  sketch->binned = TRUE;
  if (!sketch->widens) {
    g_array_set_size(sketch->entries, bin_entries(entries, n));
    return;
  }
  sketch->wide =
      sketch->spare ? g_steal_pointer(&sketch->spare) : g_new0(guint32, IV_SKETCH_BINS_MAX);
  sketch->low = IV_SKETCH_BINS_MAX;
  sketch->high = 0;
  widen(sketch, entries, n);
  g_array_set_size(sketch->entries, 0);
}

gboolean iv_sketch_next(const IvSketch *sketch, guint *at, IvSketchEntry *ret_entry) {
  if (sketch->wide)
    *at = MAX(*at, sketch->low);
  while (sketch->wide && *at < sketch->high && sketch->wide[*at] == 0)
    (*at)++;
  if (*at >= (sketch->wide ? sketch->high : sketch->entries->len))
    return FALSE;
  *ret_entry = sketch->wide ? (IvSketchEntry){iv_sketch_bin_of_number(*at), sketch->wide[*at]}
                            : *iv_sketch_entry(sketch, *at);
  (*at)++;
  return TRUE;
}

void iv_sketch_keep_small(IvSketch *sketch) {
  guint64 kept = sketch->widens ? sketch->count : sketch->entries->len;
  if (!sketch->binned && kept > IV_SKETCH_EXACT)
    iv_sketch_to_bins(sketch);
}

/* The first entry that is not below. */
static guint place_of(const IvSketch *sketch, gint64 value) {
  guint low = 0, high = sketch->entries->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (iv_sketch_entry(sketch, mid)->value < value)
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

void iv_sketch_add(IvSketch *sketch, gint64 value) {
  value = CLAMP(value, 0, IV_SKETCH_VALUE_MAX);
  sketch->count++;
  if (sketch->wide) {
    guint bin = iv_sketch_number_of_bin(value);
    sketch->wide[bin]++;
    iv_sketch_reach(sketch, bin, bin + 1);
    return;
  }
  if (sketch->binned)
    value = iv_sketch_bin_of(value);
  guint place = place_of(sketch, value);
  if (place < sketch->entries->len && iv_sketch_entry(sketch, place)->value == value) {
    iv_sketch_entry(sketch, place)->count++;
    return;
  }
  IvSketchEntry one = {value, 1};
  g_array_insert_val(sketch->entries, place, one);
  iv_sketch_keep_small(sketch);
}

/* ---- merging ---- */

/* How many of `more` have no entry of their value. Both are in order. */
static guint count_new(const IvSketchEntry *entries, guint n, const IvSketchEntry *more,
                       guint n_more) {
  guint found = 0;
  for (guint i = 0, k = 0; k < n_more; k++) {
    while (i < n && entries[i].value < more[k].value)
      i++;
    found += i < n && entries[i].value == more[k].value;
  }
  return n_more - found;
}

/* Both of the same kind, but for a wide one. From the end, so that nothing is moved twice. */
static void merge_entries(IvSketch *sketch, const IvSketchEntry *more, guint n_more) {
  if (sketch->wide) {
    widen(sketch, more, n_more);
    return;
  }
  if (sketch->entries->len == 0) {
    g_array_append_vals(sketch->entries, more, n_more);
    return;
  }
  guint old = sketch->entries->len;
  guint wider =
      count_new((const IvSketchEntry *)(gconstpointer)sketch->entries->data, old, more, n_more);
  g_array_set_size(sketch->entries, old + wider);
  IvSketchEntry *entries = (IvSketchEntry *)(gpointer)sketch->entries->data;
  int i = (int)old - 1, k = (int)n_more - 1;
  for (int out = (int)(old + wider) - 1; k >= 0; out--) {
    if (i >= 0 && entries[i].value > more[k].value) {
      entries[out] = entries[i--];
      continue;
    }
    IvSketchEntry one = more[k--];
    if (i >= 0 && entries[i].value == one.value)
      one.count += entries[i--].count;
    entries[out] = one;
  }
}

void iv_sketch_merge_entries(IvSketch *sketch, IvSketchEntry *more, guint n, guint64 count,
                             gboolean binned) {
  sketch->count += count;
  if (binned && !sketch->binned)
    iv_sketch_to_bins(sketch);
  else if (sketch->widens)
    iv_sketch_keep_small(sketch);
  if (sketch->binned && !binned && !sketch->wide)
    n = bin_entries(more, n);
  merge_entries(sketch, more, n);
  iv_sketch_keep_small(sketch);
}

void iv_sketch_merge(IvSketch *sketch, const IvSketch *other) {
  IvSketchEntry more[IV_SKETCH_BINS_MAX];
  guint n = 0;
  if (sketch->wide && !other->wide) {
    widen(sketch, (const IvSketchEntry *)(gconstpointer)other->entries->data, other->entries->len);
    sketch->count += other->count;
    return;
  }
  for (guint at = 0; iv_sketch_next(other, &at, &more[n]);)
    n++;
  if (n > 0)
    iv_sketch_merge_entries(sketch, more, n, other->count, other->binned);
}

/* ---- quantiles ---- */

guint64 iv_sketch_count(const IvSketch *sketch) {
  return sketch->count;
}

/* The value of the rank-th in an entry, ranks from 1 on: those in a bin stand evenly in it. */
static double value_in(const IvSketch *sketch, const IvSketchEntry *one, guint64 rank) {
  if (!sketch->binned)
    return (double)one->value;
  double width = ldexp(1, iv_sketch_shift_of(one->value));
  return (double)one->value + (width - 1) * ((double)rank - 0.5) / (double)one->count;
}

/* A share like 0.9 is a little more than itself in binary: without the tiny step back the rank of
 * 0.9 of 10 values would be 10. */
static guint64 rank_of(const IvSketch *sketch, double q) {
  return (guint64)MAX(1.0, ceil(CLAMP(q, 0, 1) * (double)sketch->count - 1e-9));
}

/* Goes on to the entry that holds the rank; `*passed` are those in the entries before it. */
static IvSketchEntry walk_to(const IvSketch *sketch, guint64 rank, guint *at, guint64 *passed) {
  IvSketchEntry one = {0};
  guint64 before = *passed;
  if (sketch->wide) {
    guint bin = MAX(*at, sketch->low);
    for (; bin + 1 < sketch->high && before + sketch->wide[bin] < rank; bin++)
      before += sketch->wide[bin];
    one = (IvSketchEntry){iv_sketch_bin_of_number(bin), sketch->wide[bin]};
    *at = bin;
  } else {
    guint i = *at;
    for (; i + 1 < sketch->entries->len && before + iv_sketch_entry(sketch, i)->count < rank; i++)
      before += iv_sketch_entry(sketch, i)->count;
    one = *iv_sketch_entry(sketch, i);
    *at = i;
  }
  *passed = before;
  return one;
}

void iv_sketch_quantiles(const IvSketch *sketch, const double *q, guint n, double *ret_values) {
  guint at = 0;
  guint64 passed = 0;
  for (guint i = 0; i < n; i++) {
    if (sketch->count == 0) {
      ret_values[i] = (double)NAN;
      continue;
    }
    guint64 rank = rank_of(sketch, q[i]);
    IvSketchEntry one = walk_to(sketch, rank, &at, &passed);
    ret_values[i] = value_in(sketch, &one, MIN(rank - passed, one.count));
  }
}

double iv_sketch_quantile(const IvSketch *sketch, double q) {
  double value;
  iv_sketch_quantiles(sketch, &q, 1, &value);
  return value;
}
