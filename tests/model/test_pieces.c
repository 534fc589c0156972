/* SPDX-License-Identifier: Apache-2.0 */
#include "model/pieces.h"

static GArray *make(guint n) {
  GArray *pieces = g_array_new(FALSE, FALSE, sizeof(IvPiece));
  for (guint i = 0; i < n; i++) {
    IvPiece piece = {700 + (guint64)i * 5000000000, (IvTime)i * 4010 * IV_MS};
    g_array_append_val(pieces, piece);
  }
  return pieces;
}

static void test_there_and_back(void) {
  for (guint n = 0; n < 4; n++) {
    g_autoptr(GArray) pieces = make(n);
    g_autoptr(GBytes) packed = iv_pieces_pack(pieces);
    gsize size;
    const void *bytes = g_bytes_get_data(packed, &size);
    g_assert_cmpuint(size, ==, 12 * n);
    g_autoptr(GArray) back = iv_pieces_unpack(bytes, size);
    g_assert_nonnull(back);
    g_assert_cmpuint(back->len, ==, n);
    for (guint i = 0; i < n; i++) {
      g_assert_cmpuint(g_array_index(back, IvPiece, i).offset, ==,
                       g_array_index(pieces, IvPiece, i).offset);
      g_assert_cmpint(g_array_index(back, IvPiece, i).start, ==,
                      g_array_index(pieces, IvPiece, i).start);
    }
  }
}

static void test_refused(void) {
  g_autoptr(GArray) pieces = make(3);
  g_autoptr(GBytes) packed = iv_pieces_pack(pieces);
  gsize size;
  const guint8 *bytes = g_bytes_get_data(packed, &size);
  g_assert_null(iv_pieces_unpack(bytes, size - 1));
  g_autofree guint8 *swapped = g_memdup2(bytes, size);
  memcpy(swapped, bytes + 12, 12);
  memcpy(swapped + 12, bytes, 12);
  g_assert_null(iv_pieces_unpack(swapped, size));
  memcpy(swapped + 12, swapped, 12); /* twice the same place */
  g_assert_null(iv_pieces_unpack(swapped, size));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/model/pieces/there-and-back", test_there_and_back);
  g_test_add_func("/model/pieces/refused", test_refused);
  return g_test_run();
}
