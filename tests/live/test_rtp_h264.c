/* SPDX-License-Identifier: Apache-2.0 */
/* Packets are put together again as RFC 6184 says, and have to give the same NAL units. */
#include "live/rtp_h264.h"

#include <string.h>

#include "live/annexb.h"

#define TIME 0xfffffff0u
#define SSRC 0x12345678u
#define PAYLOAD 102
#define HEADER 12
#define EXTENSION 8

static void take(const guint8 *packet, gsize size, gpointer user_data) {
  g_ptr_array_add(user_data, g_bytes_new(packet, size));
}

static guint u16(const guint8 *at) {
  return (guint)(at[0] << 8 | at[1]);
}

/* A NAL unit of this type, whose bytes hold no start code. */
static void add_nal(GByteArray *unit, guint8 head, gsize size) {
  static const guint8 start[] = {0, 0, 0, 1}; /* the first byte may be missing */
  guint left_out = size % 2;
  g_byte_array_append(unit, start + left_out, sizeof start - left_out);
  g_byte_array_append(unit, &head, 1);
  for (gsize i = 1; i < size; i++) {
    guint8 byte = (guint8)(1 + (i * 7 + size) % 255);
    g_byte_array_append(unit, &byte, 1);
  }
}

static GPtrArray *cut(const GByteArray *bytes, guint8 soon, guint16 seq, IvRtpH264 *ret_rtp) {
  GPtrArray *packets = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  IvRtpH264 rtp = {.payload = PAYLOAD, .soon = soon, .ssrc = SSRC, .seq = seq};
  iv_rtp_h264_cut(&rtp, bytes->data, bytes->len, TIME, take, packets);
  if (ret_rtp)
    *ret_rtp = rtp;
  return packets;
}

static void append_nal(GByteArray *out, const guint8 *bytes, gsize size) {
  static const guint8 start[] = {0, 0, 1};
  g_byte_array_append(out, start, sizeof start);
  g_byte_array_append(out, bytes, (guint)size);
}

static void read_stap(GByteArray *out, const guint8 *payload, gsize size) {
  guint8 important = 0;
  guint n = 0;
  for (gsize at = 1; at < size; n++) {
    g_assert_cmpuint(at + 2, <, size);
    gsize length = u16(payload + at);
    g_assert_cmpuint(at + 2 + length, <=, size);
    important = MAX(important, payload[at + 2] & 0x60);
    append_nal(out, payload + at + 2, length);
    at += 2 + length;
  }
  g_assert_cmpuint(n, >=, 2);
  g_assert_cmpuint(payload[0] & 0x60, ==, important);
}

/* `inside`: whether a NAL unit in parts has begun. */
static void read_part(GByteArray *out, const guint8 *payload, gsize size, gboolean *inside) {
  g_assert_cmpuint(size, >, 2);
  gboolean begins = payload[1] & 0x80, ends = payload[1] & 0x40;
  guint8 head = (payload[0] & 0xe0) | (payload[1] & 0x1f);
  g_assert_false(begins && ends);
  g_assert_true(begins != *inside);
  if (begins)
    append_nal(out, &head, 1);
  g_byte_array_append(out, payload + 2, (guint)size - 2);
  *inside = !ends;
}

static void check_header(const guint8 *packet, guint8 soon, guint seq, gboolean first,
                         gboolean last) {
  gboolean extended = soon != 0 && first;
  g_assert_cmpuint(packet[0], ==, extended ? 0x90 : 0x80);
  g_assert_cmpuint(packet[1], ==, PAYLOAD | (last ? 0x80 : 0));
  g_assert_cmpuint(u16(packet + 2), ==, seq & 0xffff);
  g_assert_cmpuint((guint)u16(packet + 4) << 16 | u16(packet + 6), ==, TIME);
  g_assert_cmpuint((guint)u16(packet + 8) << 16 | u16(packet + 10), ==, SSRC);
  if (!extended)
    return;
  g_assert_cmpuint(u16(packet + 12), ==, 0xbede);
  g_assert_cmpuint(u16(packet + 14), ==, 1);
  g_assert_cmpuint(packet[16], ==, soon << 4 | 2);
  g_assert_cmpuint(packet[17], ==, 0);
}

static GByteArray *join(const GPtrArray *packets, guint8 soon, guint seq) {
  gboolean inside = FALSE;
  GByteArray *out = g_byte_array_new();
  for (guint i = 0; i < packets->len; i++) {
    gsize size = 0;
    const guint8 *packet = g_bytes_get_data(packets->pdata[i], &size);
    g_assert_cmpuint(size, <=, IV_RTP_PACKET_MAX);
    check_header(packet, soon, seq + i, i == 0, i + 1 == packets->len);
    gsize head = HEADER + (soon && i == 0 ? EXTENSION : 0);
    const guint8 *payload = packet + head;
    guint type = payload[0] & 0x1f;
    g_assert_true(!inside || type == 28);
    if (type == 24)
      read_stap(out, payload, size - head);
    else if (type == 28)
      read_part(out, payload, size - head, &inside);
    else
      append_nal(out, payload, size - head);
  }
  g_assert_false(inside);
  return out;
}

/* What is to come out, without what is left out. */
static GByteArray *expected(const GByteArray *bytes) {
  GByteArray *out = g_byte_array_new();
  gsize at = 0;
  IvNal nal;
  while (iv_annexb_next(bytes->data, bytes->len, &at, &nal))
    if (iv_annexb_part(IV_CODEC_H264, &nal) != IV_NAL_NEEDLESS)
      append_nal(out, nal.bytes, nal.size);
  return out;
}

/* Returns how many packets it takes. */
static guint check(const GByteArray *bytes, guint8 soon, guint16 seq) {
  IvRtpH264 after;
  g_autoptr(GPtrArray) packets = cut(bytes, soon, seq, &after);
  g_autoptr(GByteArray) got = join(packets, soon, seq), wanted = expected(bytes);
  g_assert_cmpmem(got->data, got->len, wanted->data, wanted->len);
  g_assert_cmpuint(after.seq, ==, (seq + packets->len) & 0xffff);
  return packets->len;
}

static void test_keyframe(void) {
  g_autoptr(GByteArray) unit = g_byte_array_new();
  add_nal(unit, 0x09, 2); /* delimiter */
  add_nal(unit, 0x67, 24);
  add_nal(unit, 0x68, 4);
  add_nal(unit, 0x06, 30);
  add_nal(unit, 0x65, 4000);
  g_assert_cmpuint(check(unit, 0, 65534), ==, 5); /* parameter sets together, four parts */
  g_assert_cmpuint(check(unit, 5, 65534), ==, 5);
}

/* Small slices go together, as many as fit. */
static void test_slices(void) {
  g_autoptr(GByteArray) unit = g_byte_array_new();
  for (guint i = 0; i < 9; i++)
    add_nal(unit, 0x41, 300);
  g_assert_cmpuint(check(unit, 0, 7), ==, 3);
  g_assert_cmpuint(check(unit, 14, 7), ==, 3);
}

static void test_all_sizes(void) {
  for (gsize size = 1; size < 2 * IV_RTP_PACKET_MAX + 60; size++) {
    g_autoptr(GByteArray) alone = g_byte_array_new(), between = g_byte_array_new();
    add_nal(alone, 0x41, size);
    check(alone, 5, 0);
    add_nal(between, 0x06, 20);
    add_nal(between, 0x21, size);
    add_nal(between, 0x01, 500);
    check(between, 0, 0);
  }
}

static void test_nothing(void) {
  g_autoptr(GByteArray) unit = g_byte_array_new();
  g_assert_cmpuint(check(unit, 5, 3), ==, 0);
  add_nal(unit, 0x09, 2);
  add_nal(unit, 0x0c, 100); /* filler */
  g_assert_cmpuint(check(unit, 5, 3), ==, 0);
  g_byte_array_set_size(unit, 0);
  g_byte_array_append(unit, (const guint8 *)"no start code", 13);
  g_assert_cmpuint(check(unit, 5, 3), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/live/rtp_h264/keyframe", test_keyframe);
  g_test_add_func("/live/rtp_h264/slices", test_slices);
  g_test_add_func("/live/rtp_h264/all_sizes", test_all_sizes);
  g_test_add_func("/live/rtp_h264/nothing", test_nothing);
  return g_test_run();
}
