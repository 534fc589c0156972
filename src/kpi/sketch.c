/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/sketch.h"

#include <math.h>
#include <string.h>

/* Bins keep the nine leading bits of a value: below 512 every value has its own, the octave
 * [2^e, 2^(e+1)), e >= 9, is cut into 256. A bin is named by the least value in it. */
#define KEPT_BITS 9
#define CUTS (1 << (KEPT_BITS - 1))
#define BINS_MAX ((40 - KEPT_BITS + 1) * CUTS + CUTS + 1) /* the last: IV_SKETCH_VALUE_MAX */

typedef struct {
  gint64 value;  /* or the least of a bin */
  guint64 count; /* > 0 */
} Entry;

struct IvSketch {
  GArray *entries; /* of Entry, by value; empty where `wide` is not NULL */
  guint64 *wide;   /* counts of all bins by their number; NULL = not one of bins, or not wide */
  guint64 count;
  gboolean binned; /* entries are bins */
  gboolean widens; /* its bins are to be `wide` */
};

static int shift_of(gint64 value) {
  return value < (1 << KEPT_BITS) ? 0 : 64 - KEPT_BITS - __builtin_clzll((guint64)value);
}

static gint64 bin_of(gint64 value) {
  int shift = shift_of(value);
  return value >> shift << shift;
}

/* Bins by number: those of 512 to 1023 follow on 0 to 511, and so on. */
static guint number_of_bin(gint64 value) {
  int shift = shift_of(value);
  return (guint)shift * CUTS + (guint)(value >> shift);
}

static gint64 bin_of_number(guint64 number) {
  guint64 shift = number < 2 * CUTS ? 0 : number / CUTS - 1;
  return (gint64)((number - shift * CUTS) << shift);
}

IvSketch *iv_sketch_new(void) {
  IvSketch *sketch = g_new0(IvSketch, 1);
  sketch->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
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
  g_free(sketch);
}

static Entry *entry(const IvSketch *sketch, guint i) {
  return &g_array_index(sketch->entries, Entry, i);
}

/* ---- values and bins ---- */

/* In place; returns how many bins they are. */
static guint bin_entries(Entry *entries, guint n) {
  guint kept = 0;
  for (guint i = 0; i < n; i++) {
    Entry one = {bin_of(entries[i].value), entries[i].count};
    if (kept > 0 && entries[kept - 1].value == one.value)
      entries[kept - 1].count += one.count;
    else
      entries[kept++] = one;
  }
  return kept;
}

static void widen(IvSketch *sketch, const Entry *more, guint n) {
  for (guint i = 0; i < n; i++)
    sketch->wide[number_of_bin(more[i].value)] += more[i].count;
}

static void to_bins(IvSketch *sketch) {
  Entry *entries = (Entry *)(gpointer)sketch->entries->data;
  guint n = sketch->entries->len;
  sketch->binned = TRUE;
  if (!sketch->widens) {
    g_array_set_size(sketch->entries, bin_entries(entries, n));
    return;
  }
  sketch->wide = g_new0(guint64, BINS_MAX);
  widen(sketch, entries, n);
  g_array_set_size(sketch->entries, 0);
}

/* The next entry, going on from `*at`, which starts with 0; FALSE = no more. */
static gboolean next_entry(const IvSketch *sketch, guint *at, Entry *ret_entry) {
  while (sketch->wide && *at < BINS_MAX && sketch->wide[*at] == 0)
    (*at)++;
  if (*at >= (sketch->wide ? BINS_MAX : sketch->entries->len))
    return FALSE;
  *ret_entry = sketch->wide ? (Entry){bin_of_number(*at), sketch->wide[*at]} : *entry(sketch, *at);
  (*at)++;
  return TRUE;
}

/* As many different values as are kept, and one more, make bins of all: which of them came first
 * does not matter. A wide one looks at how many values there are, different or not: it is told
 * before they are put in order. */
static void keep_small(IvSketch *sketch) {
  guint64 kept = sketch->widens ? sketch->count : sketch->entries->len;
  if (!sketch->binned && kept > IV_SKETCH_EXACT)
    to_bins(sketch);
}

/* The first entry that is not below. */
static guint place_of(const IvSketch *sketch, gint64 value) {
  guint low = 0, high = sketch->entries->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (entry(sketch, mid)->value < value)
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
    sketch->wide[number_of_bin(value)]++;
    return;
  }
  if (sketch->binned)
    value = bin_of(value);
  guint place = place_of(sketch, value);
  if (place < sketch->entries->len && entry(sketch, place)->value == value) {
    entry(sketch, place)->count++;
    return;
  }
  Entry one = {value, 1};
  g_array_insert_val(sketch->entries, place, one);
  keep_small(sketch);
}

/* ---- merging ---- */

/* How many of `more` have no entry of their value. Both are in order. */
static guint count_new(const Entry *entries, guint n, const Entry *more, guint n_more) {
  guint found = 0;
  for (guint i = 0, k = 0; k < n_more; k++) {
    while (i < n && entries[i].value < more[k].value)
      i++;
    found += i < n && entries[i].value == more[k].value;
  }
  return n_more - found;
}

/* Both of the same kind, but for a wide one. From the end, so that nothing is moved twice. */
static void merge_entries(IvSketch *sketch, const Entry *more, guint n_more) {
  if (sketch->wide) {
    widen(sketch, more, n_more);
    return;
  }
  if (sketch->entries->len == 0) {
    g_array_append_vals(sketch->entries, more, n_more);
    return;
  }
  guint old = sketch->entries->len;
  guint wider = count_new((const Entry *)(gconstpointer)sketch->entries->data, old, more, n_more);
  g_array_set_size(sketch->entries, old + wider);
  Entry *entries = (Entry *)(gpointer)sketch->entries->data;
  int i = (int)old - 1, k = (int)n_more - 1;
  for (int out = (int)(old + wider) - 1; k >= 0; out--) {
    if (i >= 0 && entries[i].value > more[k].value) {
      entries[out] = entries[i--];
      continue;
    }
    Entry one = more[k--];
    if (i >= 0 && entries[i].value == one.value)
      one.count += entries[i--].count;
    entries[out] = one;
  }
}

/* `more`, which may be changed, holds `count` in all. */
static void merge(IvSketch *sketch, Entry *more, guint n, guint64 count, gboolean binned) {
  sketch->count += count;
  if (binned && !sketch->binned)
    to_bins(sketch);
  else if (sketch->widens)
    keep_small(sketch);
  if (sketch->binned && !binned && !sketch->wide)
    n = bin_entries(more, n);
  merge_entries(sketch, more, n);
  keep_small(sketch);
}

void iv_sketch_merge(IvSketch *sketch, const IvSketch *other) {
  Entry more[BINS_MAX];
  guint n = 0;
  for (guint at = 0; next_entry(other, &at, &more[n]);)
    n++;
  if (n > 0)
    merge(sketch, more, n, other->count, other->binned);
}

/* ---- quantiles ---- */

guint64 iv_sketch_count(const IvSketch *sketch) {
  return sketch->count;
}

/* The value of the rank-th in an entry, ranks from 1 on: those in a bin stand evenly in it. */
static double value_in(const IvSketch *sketch, const Entry *one, guint64 rank) {
  if (!sketch->binned)
    return (double)one->value;
  double width = ldexp(1, shift_of(one->value));
  return (double)one->value + (width - 1) * ((double)rank - 0.5) / (double)one->count;
}

double iv_sketch_quantile(const IvSketch *sketch, double q) {
  if (sketch->count == 0)
    return (double)NAN;
  /* A share like 0.9 is a little more than itself in binary: without the tiny step back the rank of
   * 0.9 of 10 values would be 10. */
  guint64 rank = (guint64)MAX(1.0, ceil(CLAMP(q, 0, 1) * (double)sketch->count - 1e-9));
  Entry one = {0};
  for (guint at = 0; next_entry(sketch, &at, &one) && rank > one.count;)
    rank -= one.count;
  return value_in(sketch, &one, MIN(rank, one.count));
}

/* ---- bytes ----
 *
 * A head of two bytes, then pairs of (distance from the one before, count) in numbers of seven bits
 * a byte. The first form had no head; an entry that counts nothing never stood in it, so the two
 * heads can't be one. Distances are of values, or of the numbers of bins. */

static const guint8 head_of_values[] = {0, 0}, head_of_bins[] = {1, 0};
#define HEAD 2

static void put_number(GByteArray *bytes, guint64 value) {
  do {
    guint8 byte = (guint8)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    g_byte_array_append(bytes, &byte, 1);
    value >>= 7;
  } while (value);
}

GBytes *iv_sketch_to_bytes(const IvSketch *sketch) {
  GByteArray *bytes = g_byte_array_new();
  guint64 before = 0;
  Entry one;
  if (sketch->count > 0)
    g_byte_array_append(bytes, sketch->binned ? head_of_bins : head_of_values, HEAD);
  for (guint at = 0; next_entry(sketch, &at, &one);) {
    guint64 number = sketch->binned ? number_of_bin(one.value) : (guint64)one.value;
    put_number(bytes, number - before);
    put_number(bytes, one.count);
    before = number;
  }
  return g_byte_array_free_to_bytes(bytes);
}

typedef enum { FORM_OLD, FORM_VALUES, FORM_BINS } Form;

/* The first form: below 128 every value had its bin, above it 64 an octave. The middle stands for
 * what was in one. */
#define OLD_BITS 7
#define OLD_CUTS 64
#define OLD_BINS ((40 - OLD_BITS) * OLD_CUTS + (1 << OLD_BITS) + 1)

static inline gint64 middle_of_old_bin(guint64 number) {
  if (number < (1 << OLD_BITS))
    return (gint64)number;
  guint64 shift = (number - (1 << OLD_BITS)) / OLD_CUTS + 1;
  gint64 low = (gint64)((OLD_CUTS + number % OLD_CUTS) << shift);
  return low + (((gint64)1 << shift) - 1) / 2;
}

/* What a number in the bytes stands for; FALSE = nothing. */
static inline gboolean value_of(Form form, guint64 number, gint64 *ret_value) {
  switch (form) {
  case FORM_VALUES:
    *ret_value = (gint64)number;
    return number <= IV_SKETCH_VALUE_MAX;
  case FORM_BINS:
    *ret_value = number < BINS_MAX ? bin_of_number(number) : 0;
    return number < BINS_MAX;
  default:
    *ret_value = number < OLD_BINS ? middle_of_old_bin(number) : 0;
    return number < OLD_BINS;
  }
}

static inline gboolean get_number(const guint8 **p, const guint8 *end, guint64 *ret_value) {
  guint64 value = 0;
  if (*p < end && **p < 0x80) { /* most are of one byte, or of two */
    *ret_value = *(*p)++;
    return TRUE;
  }
  if (end - *p >= 2 && (*p)[1] < 0x80) {
    *ret_value = (guint64)((*p)[0] & 0x7f) | (guint64)(*p)[1] << 7;
    *p += 2;
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

typedef struct {
  Entry entries[BINS_MAX]; /* in order */
  guint n;
  guint64 count;
  gboolean binned;
} Read;

/* Inlined where the form is known: reading is half of what a question over many rows costs. */
G_ALWAYS_INLINE static inline gboolean read_entries(Read *read, Form form, const guint8 *p,
                                                    const guint8 *end) {
  guint64 number = 0, step, count, sum = 0;
  guint n = 0;
  while (p < end) {
    Entry *one = &read->entries[n];
    if (n == BINS_MAX || !get_number(&p, end, &step) || !get_number(&p, end, &count) ||
        count == 0 || step > IV_SKETCH_VALUE_MAX || (n > 0 && step == 0) ||
        !value_of(form, number += step, &one->value) || count > G_MAXINT64 ||
        sum + count > G_MAXINT64)
      return FALSE;
    one->count = count;
    sum += count;
    n++;
  }
  read->n = n;
  read->count = sum;
  return TRUE;
}

/* FALSE when the bytes are no sketch. */
static gboolean read_bytes(Read *read, const void *bytes, gsize n) {
  const guint8 *p = bytes, *end = p ? p + n : p;
  read->binned = n >= HEAD && memcmp(p, head_of_bins, HEAD) == 0;
  if (read->binned)
    return read_entries(read, FORM_BINS, p + HEAD, end);
  if (n >= HEAD && memcmp(p, head_of_values, HEAD) == 0)
    return read_entries(read, FORM_VALUES, p + HEAD, end);
  return read_entries(read, FORM_OLD, p, end);
}

IvSketch *iv_sketch_from_bytes(const void *bytes, gsize n) {
  Read read;
  if (!read_bytes(&read, bytes, n))
    return NULL;
  IvSketch *sketch = iv_sketch_new();
  g_array_append_vals(sketch->entries, read.entries, read.n);
  sketch->count = read.count;
  sketch->binned = read.binned;
  keep_small(sketch);
  return sketch;
}

gboolean iv_sketch_merge_bytes(IvSketch *sketch, const void *bytes, gsize n) {
  Read read;
  if (!read_bytes(&read, bytes, n))
    return FALSE;
  if (read.n > 0)
    merge(sketch, read.entries, read.n, read.count, read.binned);
  return TRUE;
}
