/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/sketch.h"

#include <math.h>

/* Bin of a value: values below 2^7 are their own bins 0..127; the octave [2^e, 2^(e+1)), e >= 7, is
 * cut into 64 bins of width 2^(e-6). */
#define EXACT_BITS 7
#define CUT_BITS 6
#define CUTS (1 << CUT_BITS)
#define BINS_MAX ((40 - EXACT_BITS) * CUTS + (1 << EXACT_BITS) + 1)

typedef struct {
  guint32 index;
  guint64 count; /* > 0 */
} Bin;

struct IvSketch {
  GArray *bins;  /* of Bin, by index; NULL in a wide one */
  guint64 *wide; /* counts of all bins; NULL in any other */
  guint64 count;
};

static guint32 bin_of(gint64 value) {
  guint64 v = (guint64)CLAMP(value, 0, IV_SKETCH_VALUE_MAX);
  if (v < (1 << EXACT_BITS))
    return (guint32)v;
  int e = 63 - __builtin_clzll(v);
  guint32 cut = (guint32)(v >> (e - CUT_BITS)) - CUTS;
  return (guint32)(1 << EXACT_BITS) + (guint32)(e - EXACT_BITS) * CUTS + cut;
}

/* The middle of the bin: nothing in it is further away than half the bin's width. */
static double middle_of(guint32 bin) {
  if (bin < (1 << EXACT_BITS))
    return (double)bin;
  guint32 octave = (bin - (1 << EXACT_BITS)) / CUTS, cut = bin % CUTS;
  double width = ldexp(1, (int)octave + EXACT_BITS - CUT_BITS);
  double low = (CUTS + (double)cut) * width;
  return low + (width - 1) / 2; /* whole numbers low .. low + width - 1 */
}

IvSketch *iv_sketch_new(void) {
  IvSketch *sketch = g_new0(IvSketch, 1);
  sketch->bins = g_array_new(FALSE, FALSE, sizeof(Bin));
  return sketch;
}

IvSketch *iv_sketch_new_wide(void) {
  IvSketch *sketch = g_new0(IvSketch, 1);
  sketch->wide = g_new0(guint64, BINS_MAX);
  return sketch;
}

void iv_sketch_free(IvSketch *sketch) {
  if (!sketch)
    return;
  g_clear_pointer(&sketch->bins, g_array_unref);
  g_free(sketch->wide);
  g_free(sketch);
}

static void add(IvSketch *sketch, guint32 index, guint64 count) {
  if (sketch->wide) {
    sketch->wide[index] += count;
    sketch->count += count;
    return;
  }
  guint low = 0, high = sketch->bins->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (g_array_index(sketch->bins, Bin, mid).index < index)
      low = mid + 1;
    else
      high = mid;
  }
  sketch->count += count;
  if (low < sketch->bins->len && g_array_index(sketch->bins, Bin, low).index == index) {
    g_array_index(sketch->bins, Bin, low).count += count;
    return;
  }
  Bin bin = {index, count};
  g_array_insert_val(sketch->bins, low, bin);
}

void iv_sketch_add(IvSketch *sketch, gint64 value) {
  add(sketch, bin_of(value), 1);
}

/* The next bin that is not empty, going on from `*at`, which starts with 0; FALSE = no more. */
static gboolean next_bin(const IvSketch *sketch, guint *at, Bin *ret_bin) {
  while (sketch->wide && *at < BINS_MAX && sketch->wide[*at] == 0)
    (*at)++;
  if (*at >= (sketch->wide ? BINS_MAX : sketch->bins->len))
    return FALSE;
  *ret_bin = sketch->wide ? (Bin){*at, sketch->wide[*at]} : g_array_index(sketch->bins, Bin, *at);
  (*at)++;
  return TRUE;
}

void iv_sketch_merge(IvSketch *sketch, const IvSketch *other) {
  Bin bin;
  for (guint at = 0; next_bin(other, &at, &bin);)
    add(sketch, bin.index, bin.count);
}

guint64 iv_sketch_count(const IvSketch *sketch) {
  return sketch->count;
}

double iv_sketch_quantile(const IvSketch *sketch, double q) {
  if (sketch->count == 0)
    return (double)NAN;
  /* A share like 0.9 is a little more than itself in binary: without the tiny step back the rank of
   * 0.9 of 10 values would be 10. */
  guint64 rank = (guint64)MAX(1.0, ceil(CLAMP(q, 0, 1) * (double)sketch->count - 1e-9));
  guint64 seen = 0;
  Bin bin = {0};
  for (guint at = 0; seen < rank && next_bin(sketch, &at, &bin);)
    seen += bin.count;
  return middle_of(bin.index);
}

static void put_number(GByteArray *bytes, guint64 value) {
  do {
    guint8 byte = (guint8)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    g_byte_array_append(bytes, &byte, 1);
    value >>= 7;
  } while (value);
}

/* Bins as pairs of (distance from the bin before, count), seven bits a byte. */
GBytes *iv_sketch_to_bytes(const IvSketch *sketch) {
  GByteArray *bytes = g_byte_array_new();
  guint32 before = 0;
  Bin bin;
  for (guint at = 0; next_bin(sketch, &at, &bin);) {
    put_number(bytes, bin.index - before);
    put_number(bytes, bin.count);
    before = bin.index;
  }
  return g_byte_array_free_to_bytes(bytes);
}

static inline gboolean get_number(const guint8 **p, const guint8 *end, guint64 *ret_value) {
  guint64 value = 0;
  if (*p < end && **p < 0x80) { /* nearly all are */
    *ret_value = *(*p)++;
    return TRUE;
  }
  for (int shift = 0; shift < 63 && *p < end; shift += 7) {
    guint8 byte = *(*p)++;
    value |= (guint64)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) {
      *ret_value = value;
      return TRUE;
    }
  }
  return FALSE;
}

/* Fills `ret_bins` (room for BINS_MAX) and returns how many; -1 = the bytes are no sketch. */
static int read_bins(const void *bytes, gsize n, Bin *ret_bins, guint64 *ret_count) {
  const guint8 *p = bytes, *end = p ? p + n : p;
  guint64 index = 0, step, count, sum = 0;
  int n_bins = 0;
  while (p < end) {
    if (!get_number(&p, end, &step) || !get_number(&p, end, &count) || count == 0 ||
        step >= BINS_MAX || (index += step) >= BINS_MAX || (n_bins > 0 && step == 0) ||
        count > G_MAXINT64 || sum + count > G_MAXINT64)
      return -1;
    ret_bins[n_bins++] = (Bin){(guint32)index, count};
    sum += count;
  }
  *ret_count = sum;
  return n_bins;
}

IvSketch *iv_sketch_from_bytes(const void *bytes, gsize n) {
  Bin bins[BINS_MAX];
  guint64 count;
  int n_bins = read_bins(bytes, n, bins, &count);
  if (n_bins < 0)
    return NULL;
  IvSketch *sketch = iv_sketch_new();
  g_array_append_vals(sketch->bins, bins, (guint)n_bins);
  sketch->count = count;
  return sketch;
}

/* How many of `more` have no bin of their index in `bins`. Both are in order. */
static guint count_new(const Bin *bins, guint n, const Bin *more, guint n_more) {
  guint found = 0;
  for (guint i = 0, k = 0; k < n_more; k++) {
    while (i < n && bins[i].index < more[k].index)
      i++;
    found += i < n && bins[i].index == more[k].index;
  }
  return n_more - found;
}

gboolean iv_sketch_merge_bytes(IvSketch *sketch, const void *bytes, gsize n) {
  Bin more[BINS_MAX];
  guint64 count;
  int n_more = read_bins(bytes, n, more, &count);
  for (int i = 0; sketch->wide && i < n_more; i++)
    sketch->wide[more[i].index] += more[i].count;
  if (n_more <= 0 || sketch->wide) {
    sketch->count += n_more > 0 ? count : 0;
    return n_more >= 0;
  }
  guint old = sketch->bins->len;
  guint wider = count_new((const Bin *)(gconstpointer)sketch->bins->data, old, more, (guint)n_more);
  g_array_set_size(sketch->bins, old + wider);
  Bin *bins = (Bin *)(gpointer)sketch->bins->data;
  int i = (int)old - 1, k = n_more - 1;
  for (int out = (int)(old + wider) - 1; k >= 0; out--) { /* from the end: nothing is moved twice */
    if (i >= 0 && bins[i].index > more[k].index)
      bins[out] = bins[i--];
    else if (i >= 0 && bins[i].index == more[k].index)
      bins[out] = (Bin){more[k].index, bins[i--].count + more[k--].count};
    else
      bins[out] = more[k--];
  }
  sketch->count += count;
  return TRUE;
}
