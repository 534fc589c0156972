/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/crc32.h"

#define POLYNOMIAL 0xedb88320u

static gpointer make_table(G_GNUC_UNUSED gpointer unused) {
  guint32 *table = g_new(guint32, 256);
  for (guint32 i = 0; i < 256; i++) {
    guint32 value = i;
    for (int bit = 0; bit < 8; bit++)
      value = value & 1 ? (value >> 1) ^ POLYNOMIAL : value >> 1;
    table[i] = value;
  }
  return table;
}

guint32 iv_crc32(guint32 crc, const void *bytes, gsize n) {
  static GOnce once = G_ONCE_INIT;
  const guint32 *table = g_once(&once, make_table, NULL);
  const guint8 *at = bytes;
  crc = ~crc;
  for (gsize i = 0; i < n; i++)
    crc = table[(crc ^ at[i]) & 0xff] ^ (crc >> 8);
  return ~crc;
}
