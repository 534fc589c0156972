/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/heat_map.h"

#define BYTES_MAX 9 /* of a number: 63 bits */

static gboolean read_number(const guint8 **at, const guint8 *end, guint64 *ret_value) {
  guint64 value = 0;
  for (int shift = 0; *at < end && shift < 7 * BYTES_MAX; shift += 7) {
    guint8 byte = *(*at)++;
    value |= (guint64)(byte & 127) << shift;
    if (byte < 128) {
      *ret_value = value;
      return TRUE;
    }
  }
  return FALSE;
}

/* Nearly all pairs are a byte and one or two: read without a loop while there is room for more. */
static inline gboolean read_short(const guint8 **at, const guint8 *end, guint64 *ret_gap,
                                  guint64 *ret_tenths) {
  const guint8 *p = *at;
  if (end - p < 3 || p[0] > 127 || (p[1] > 127 && p[2] > 127))
    return FALSE;
  *ret_gap = p[0];
  *ret_tenths = p[1] > 127 ? (guint64)(p[1] & 127) | (guint64)p[2] << 7 : p[1];
  *at = p + (p[1] > 127 ? 3 : 2);
  return TRUE;
}

gboolean iv_heat_map_add(gint64 *sums, guint n_cells, gint64 times, const void *bytes, gsize n) {
  const guint8 *at = bytes, *end = at + n;
  guint64 cell = 0, gap, tenths;
  for (; at < end; cell++) {
    if (!read_short(&at, end, &gap, &tenths) &&
        (!read_number(&at, end, &gap) || !read_number(&at, end, &tenths) || gap >= n_cells))
      return FALSE;
    cell += gap;
    if (cell >= n_cells)
      return FALSE;
    sums[cell] += times * (gint64)tenths;
  }
  return TRUE;
}

static void put_number(GByteArray *bytes, guint64 value) {
  guint8 packed[BYTES_MAX + 1];
  guint n = 0;
  for (; value >= 128; value >>= 7)
    packed[n++] = (guint8)(value & 127) | 128;
  packed[n++] = (guint8)value;
  g_byte_array_append(bytes, packed, n);
}

GBytes *iv_heat_map_to_bytes(const gint64 *sums, guint n_cells) {
  GByteArray *bytes = g_byte_array_new();
  guint next = 0;
  for (guint i = 0; i < n_cells; i++) {
    if (sums[i] <= 0)
      continue;
    put_number(bytes, i - next);
    put_number(bytes, (guint64)sums[i]);
    next = i + 1;
  }
  return g_byte_array_free_to_bytes(bytes);
}
