/* SPDX-License-Identifier: Apache-2.0 */
#include "model/pieces.h"

#include <string.h>

#define PACKED 12

GBytes *iv_pieces_pack(const GArray *pieces) {
  guint8 *bytes = g_malloc((gsize)MAX(pieces->len, 1) * PACKED);
  for (guint i = 0; i < pieces->len; i++) {
    const IvPiece *piece = &g_array_index(pieces, IvPiece, i);
    guint64 offset = GUINT64_TO_LE(piece->offset);
    guint32 ms = GUINT32_TO_LE((guint32)(piece->start / IV_MS));
    memcpy(bytes + i * PACKED, &offset, sizeof offset);
    memcpy(bytes + i * PACKED + sizeof offset, &ms, sizeof ms);
  }
  return g_bytes_new_take(bytes, (gsize)pieces->len * PACKED);
}

static gboolean rises(const GArray *pieces, const IvPiece *next) {
  if (pieces->len == 0)
    return TRUE;
  const IvPiece *last = &g_array_index(pieces, IvPiece, pieces->len - 1);
  return next->offset > last->offset && next->start > last->start;
}

GArray *iv_pieces_unpack(const void *bytes, gsize n) {
  if (n % PACKED != 0 || n / PACKED > IV_PIECES_MAX)
    return NULL;
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(IvPiece));
  for (gsize at = 0; at < n; at += PACKED) {
    guint64 offset;
    guint32 ms;
    memcpy(&offset, (const guint8 *)bytes + at, sizeof offset);
    memcpy(&ms, (const guint8 *)bytes + at + sizeof offset, sizeof ms);
    IvPiece piece = {GUINT64_FROM_LE(offset), (IvTime)GUINT32_FROM_LE(ms) * IV_MS};
    if (!rises(pieces, &piece))
      return NULL;
    g_array_append_val(pieces, piece);
  }
  return g_steal_pointer(&pieces);
}
