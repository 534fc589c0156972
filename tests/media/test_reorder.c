/* SPDX-License-Identifier: Apache-2.0 */
/* Decode times of pictures that are sent in another order than they are shown in. */
#include "media/reorder.h"

#include <string.h>

#define MS ((IvStreamTime)1000000)

/* Parameter sets made by x264 (Main and Baseline), by a camera's Main profile that says nothing of
 * its order, and by x265. */
typedef struct {
  const char *name;
  IvCodec codec;
  const char *bytes; /* hexadecimal, with start codes */
  guint depth;
} ParameterSet;

static void check_order(guint depth, const int *shown_ms, guint n) {
  IvDecodeTimes times;
  iv_decode_times_init(&times, depth, shown_ms[0] * MS);
  IvStreamTime last = G_MININT64;
  for (guint i = 0; i < n; i++) {
    IvStreamTime decoded = iv_decode_times_next(&times, shown_ms[i] * MS);
    g_assert_cmpint(decoded, >, last);
    g_assert_cmpint(decoded, <=, shown_ms[i] * MS);
    last = decoded;
  }
}

static void test_no_b_frames(void) {
  IvDecodeTimes times;
  iv_decode_times_init(&times, 0, 500 * MS);
  for (int i = 0; i < 20; i++) /* as they are shown, also where the camera's pace is uneven */
    g_assert_cmpint(iv_decode_times_next(&times, (500 + i * i) * MS), ==, (500 + i * i) * MS);
}

static void test_b_frames(void) {
  static const int one[] = {0, 200, 100, 400, 300, 600, 500};
  static const int pyramid[] = {0, 400, 200, 100, 300, 800, 600, 500, 700, 900};
  check_order(1, one, G_N_ELEMENTS(one));
  check_order(2, one, G_N_ELEMENTS(one)); /* more is waited for than is needed */
  check_order(2, pyramid, G_N_ELEMENTS(pyramid));
  check_order(16, pyramid, G_N_ELEMENTS(pyramid));
}

/* Deeper than was said: times still rise, the picture is late. */
static void test_deeper_than_said(void) {
  static const int pyramid[] = {0, 400, 200, 100, 300, 800, 600, 500, 700, 900};
  IvDecodeTimes times;
  IvStreamTime last = G_MININT64;
  iv_decode_times_init(&times, 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS(pyramid); i++) {
    IvStreamTime decoded = iv_decode_times_next(&times, pyramid[i] * MS);
    g_assert_cmpint(decoded, >, last);
    last = decoded;
  }
}

/* Two pictures at the same time, and a clock that stands still. */
static void test_same_time(void) {
  static const int still[] = {0, 0, 0, 0};
  IvDecodeTimes times;
  IvStreamTime last = G_MININT64;
  iv_decode_times_init(&times, 2, 0);
  for (guint i = 0; i < G_N_ELEMENTS(still); i++) {
    IvStreamTime decoded = iv_decode_times_next(&times, still[i]);
    g_assert_cmpint(decoded, >, last);
    last = decoded;
  }
}

static GByteArray *from_hex(const char *text) {
  GByteArray *bytes = g_byte_array_new();
  for (const char *p = text; p[0] && p[1]; p += 2) {
    guint8 byte = (guint8)(g_ascii_xdigit_value(p[0]) * 16 + g_ascii_xdigit_value(p[1]));
    g_byte_array_append(bytes, &byte, 1);
  }
  return bytes;
}

static const ParameterSet sets[] = {
    {"x264 Main, B pyramid", IV_CODEC_H264,
     "00000167640014acd90141fb016a0c0c0d4a000003000200000300291e28532c00000168ebecb22c", 2},
    {"x264 Baseline", IV_CODEC_H264,
     "0000016742c015d90141fb016a0c0c0d4a000003000200000300291e2c5c9000000168cb8cb2", 0},
    {"x264 High without B", IV_CODEC_H264,
     "00000167640014acb20283f602d418181a94000003000400000300523c50a92000000168ebccb22c", 0},
    {"openh264", IV_CODEC_H264, "0000016742c00b8c8d40a0f900f08846a000000168ce3c80", 0},
    {"x265 with B", IV_CODEC_H265,
     "00000140010c01ffff01600000030090000003000003003f95940900000142010101600000030090"
     "000003000003003fa00a080f16595964932bffc00040005a83030302000003000200000300141000"
     "00014401c172b46240",
     2},
    {"x265 without", IV_CODEC_H265,
     "00000140010c01ffff01600000030090000003000003003f92809000000142010101600000030090"
     "000003000003003fa00a080f16592a4932bffc00040005a830303020000003002000000301410000"
     "014401c172b46240",
     0},
    {"Main, order not said", IV_CODEC_H264, "000001674d001ef40a0fc8", 2},
    {"no parameter set", IV_CODEC_H264, "0000016588", 2},
};

static void test_depth(void) {
  for (guint i = 0; i < G_N_ELEMENTS(sets); i++) {
    g_autoptr(GByteArray) bytes = from_hex(sets[i].bytes);
    IvEncodedUnit unit = {.codec = sets[i].codec, .bytes = bytes->data, .size = bytes->len};
    g_test_message("%s", sets[i].name);
    g_assert_cmpuint(iv_reorder_depth(&unit), ==, sets[i].depth);
    for (guint cut = 0; cut < bytes->len; cut++) { /* torn ones harm nothing */
      unit.size = cut;
      g_assert_cmpuint(iv_reorder_depth(&unit), <=, IV_REORDER_MAX);
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/media/reorder/no-b-frames", test_no_b_frames);
  g_test_add_func("/media/reorder/b-frames", test_b_frames);
  g_test_add_func("/media/reorder/deeper-than-said", test_deeper_than_said);
  g_test_add_func("/media/reorder/same-time", test_same_time);
  g_test_add_func("/media/reorder/depth", test_depth);
  return g_test_run();
}
