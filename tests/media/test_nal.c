/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "media/nal.h"
#include "media/seam.h"

static IvNalFacts read_unit(IvCodec codec, const guint8 *bytes, gsize size) {
  IvNalFacts facts = {0};
  iv_nal_read(codec, bytes, size, &facts);
  return facts;
}

static void test_disposable(void) {
  static const guint8 reference[] = {0, 0, 0, 1, 0x09, 0x10, 0, 0, 1, 0x61, 0x9a};
  static const guint8 disposable[] = {0, 0, 0, 1, 0x09, 0x10, 0, 0, 1, 0x01, 0x9a};
  static const guint8 key[] = {0, 0, 0, 1, 0x67, 0x42, 0, 0, 0, 1, 0x68, 0xce, 0, 0, 1, 0x65, 0x88};
  g_assert_false(read_unit(IV_CODEC_H264, reference, sizeof reference).disposable);
  g_assert_true(read_unit(IV_CODEC_H264, disposable, sizeof disposable).disposable);
  g_assert_false(read_unit(IV_CODEC_H264, key, sizeof key).disposable);
  g_assert_false(read_unit(IV_CODEC_OTHER, disposable, sizeof disposable).disposable);
  g_assert_cmpuint(iv_nal_first_slice_h264(key, sizeof key), ==, 12);
  g_assert_cmpuint(iv_nal_first_slice_h264(disposable, 6), ==, 6);
}

static void test_h265(void) {
  static const guint8 trail_n[] = {0, 0, 0, 1, 0x00, 0x01, 0xd0};
  static const guint8 trail_r[] = {0, 0, 0, 1, 0x02, 0x01, 0xd0};
  static const guint8 layered[] = {0, 0, 0, 1, 0x42, 0x01, 0x03, 0, 0, 1, 0x26, 0x01, 0xaf};
  static const guint8 flat[] = {0, 0, 0, 1, 0x42, 0x01, 0x01, 0, 0, 1, 0x26, 0x01, 0xaf};
  IvNalFacts facts = {0};
  iv_nal_read(IV_CODEC_H265, flat, sizeof flat, &facts);
  g_assert_false(facts.disposable);
  iv_nal_read(IV_CODEC_H265, trail_n, sizeof trail_n, &facts);
  g_assert_true(facts.disposable);
  iv_nal_read(IV_CODEC_H265, trail_r, sizeof trail_r, &facts);
  g_assert_false(facts.disposable);
  iv_nal_read(IV_CODEC_H265, layered, sizeof layered, &facts);
  iv_nal_read(IV_CODEC_H265, trail_n, sizeof trail_n, &facts);
  g_assert_false(facts.disposable); /* a higher sub-layer may refer to it */
}

static gsize put(guint8 *to, gsize at, const void *bytes, gsize n) {
  memcpy(to + at, bytes, n);
  return at + n;
}

static void test_seam(void) {
  static const guint8 slice[] = {0, 0, 0, 1, 0x65, 0x88, 0x80};
  static const guint8 other[] = {0, 0, 0, 1, 0x06, 0x05, 0x03, 1, 2, 3, 0x80};
  gsize seam_size;
  const guint8 *seam = iv_seam_nal_h264(&seam_size);
  guint8 unit[128];
  gsize n = put(unit, 0, other, sizeof other);
  n = put(unit, n, seam, seam_size);
  n = put(unit, n, slice, sizeof slice);
  g_assert_true(read_unit(IV_CODEC_H264, unit, n).seam);
  n = put(unit, 0, other, sizeof other);
  n = put(unit, n, slice, sizeof slice);
  n = put(unit, n, seam, seam_size); /* behind the slice it belongs to nothing */
  g_assert_false(read_unit(IV_CODEC_H264, unit, n).seam);
  n = put(unit, 0, other, 7); /* as the second message of one NAL unit, with escapes before */
  n = put(unit, n, (const guint8[]){0, 0, 3, 1}, 4);
  n = put(unit, n, seam + 5, seam_size - 5);
  n = put(unit, n, slice, sizeof slice);
  g_assert_true(read_unit(IV_CODEC_H264, unit, n).seam);
}

/* Any bytes: no reading past the end (run under ASan), no endless loop. */
static void test_any_bytes(void) {
  for (int i = 0; i < 20000; i++) {
    gsize size = (gsize)g_test_rand_int_range(0, 60);
    g_autofree guint8 *bytes = g_malloc(size + 1);
    for (gsize k = 0; k < size; k++)
      bytes[k] = (guint8)g_test_rand_int_range(0, g_test_rand_bit() ? 4 : 256);
    guint8 *exact = g_memdup2(bytes, size);
    read_unit(IV_CODEC_H264, exact, size);
    read_unit(IV_CODEC_H265, exact, size);
    g_assert_cmpuint(iv_nal_first_slice_h264(exact, size), <=, size);
    g_free(exact);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/media/nal/disposable", test_disposable);
  g_test_add_func("/media/nal/h265", test_h265);
  g_test_add_func("/media/nal/seam", test_seam);
  g_test_add_func("/media/nal/any-bytes", test_any_bytes);
  return g_test_run();
}
