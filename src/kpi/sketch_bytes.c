/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "kpi/sketch_private.h"

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
  IvSketchEntry one;
  if (sketch->count > 0)
    g_byte_array_append(bytes, sketch->binned ? head_of_bins : head_of_values, HEAD);
  for (guint at = 0; iv_sketch_next(sketch, &at, &one);) {
    guint64 number = sketch->binned ? iv_sketch_number_of_bin(one.value) : (guint64)one.value;
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
    *ret_value = number < IV_SKETCH_BINS_MAX ? iv_sketch_bin_of_number(number) : 0;
    return number < IV_SKETCH_BINS_MAX;
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
  IvSketchEntry entries[IV_SKETCH_BINS_MAX]; /* in order */
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
    IvSketchEntry *one = &read->entries[n];
    if (n == IV_SKETCH_BINS_MAX || !get_number(&p, end, &step) || !get_number(&p, end, &count) ||
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
  iv_sketch_keep_small(sketch);
  return sketch;
}

/* What a walk over bytes came to. */
typedef struct {
  gsize taken;       /* bytes, up to what is none */
  guint64 count;     /* that they count */
  guint64 low, high; /* the first number in them, the last */
} Walk;

/* From bytes straight into the bins of a wide sketch, up to `room` counts, or out of them again.
 * The form is known where it is called: half of what a question over many rows costs is this. */
G_ALWAYS_INLINE static inline Walk walk_bytes(guint32 *wide, Form form, const guint8 *bytes,
                                              gsize n, guint64 room, gboolean take_back) {
  const guint64 most = form == FORM_BINS ? IV_SKETCH_BINS_MAX - 1 : IV_SKETCH_VALUE_MAX;
  const guint8 *p = bytes, *end = bytes + n;
  guint64 number = 0, step, count;
  Walk walk = {0, 0, 0, 0};
  for (gboolean first = TRUE; p < end; first = FALSE) {
    const guint8 *next = p;
    if (end - p >= 2 && ((p[0] | p[1]) & 0x80) == 0) {
      step = p[0];
      count = p[1];
      next += 2;
    } else if (!get_number(&next, end, &step) || !get_number(&next, end, &count)) {
      break;
    }
    if (count == 0 || (step == 0 && !first) || step > most || number + step > most ||
        count > room - walk.count)
      break;
    number += step;
    walk.count += count;
    walk.low = first ? number : walk.low;
    wide[form == FORM_BINS ? number : iv_sketch_number_of_bin((gint64)number)] +=
        (guint32)(take_back ? -count : count);
    p = next;
  }
  walk.taken = (gsize)(p - bytes);
  walk.high = number;
  return walk;
}

static Walk walk_form(guint32 *wide, Form form, const guint8 *bytes, gsize n, guint64 room,
                      gboolean take_back) {
  return form == FORM_BINS ? walk_bytes(wide, FORM_BINS, bytes, n, room, take_back)
                           : walk_bytes(wide, FORM_VALUES, bytes, n, room, take_back);
}

/* Into a wide sketch that has bins, or nothing. FALSE, with nothing changed, when the bytes are
 * none.
 */
static gboolean merge_straight(IvSketch *sketch, Form form, const guint8 *bytes, gsize n) {
  if (n == 0)
    return TRUE;
  if (!sketch->wide)
    iv_sketch_to_bins(sketch);
  guint64 room = G_MAXUINT32 - MIN(sketch->count, G_MAXUINT32);
  Walk walk = walk_form(sketch->wide, form, bytes, n, room, FALSE);
  if (walk.taken < n) {
    walk_form(sketch->wide, form, bytes, walk.taken, room, TRUE);
    if (sketch->count == 0)
      iv_sketch_empty(sketch);
    return FALSE;
  }
  if (form == FORM_BINS)
    iv_sketch_reach(sketch, (guint)walk.low, (guint)walk.high + 1);
  else
    iv_sketch_reach(sketch, iv_sketch_number_of_bin((gint64)walk.low),
                    iv_sketch_number_of_bin((gint64)walk.high) + 1);
  sketch->count += walk.count;
  return TRUE;
}

static gboolean begins_with(const void *bytes, gsize n, const guint8 head[HEAD]) {
  return n >= HEAD && memcmp(bytes, head, HEAD) == 0;
}

gboolean iv_sketch_merge_bytes(IvSketch *sketch, const void *bytes, gsize n) {
  Read read;
  const guint8 *all = bytes;
  if (sketch->widens && (sketch->wide || sketch->count == 0) && begins_with(bytes, n, head_of_bins))
    return merge_straight(sketch, FORM_BINS, all + HEAD, n - HEAD);
  if (sketch->wide && begins_with(bytes, n, head_of_values))
    return merge_straight(sketch, FORM_VALUES, all + HEAD, n - HEAD);
  if (!read_bytes(&read, bytes, n))
    return FALSE;
  if (read.n > 0)
    iv_sketch_merge_entries(sketch, read.entries, read.n, read.count, read.binned);
  return TRUE;
}
