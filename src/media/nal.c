/* SPDX-License-Identifier: Apache-2.0 */
#include "media/nal.h"

#include "media/seam.h"

#define SEI_USER_DATA_UNREGISTERED 5
#define SEI_MESSAGE_MAX 64 /* bytes of a message that are looked at */

enum { H264_SLICE_FIRST = 1, H264_SLICE_LAST = 5, H264_SEI = 6 };
enum { H265_SLICE_LAST = 31, H265_NON_REFERENCE_LAST = 14, H265_SPS = 33, H265_PREFIX_SEI = 39 };

typedef struct {
  const guint8 *start; /* of its start code */
  const guint8 *body;  /* NAL header */
  const guint8 *end;
} Nal;

/* First "00 00 01" at or after `p`; `end` when there is none. */
static const guint8 *find_start(const guint8 *p, const guint8 *end) {
  for (; p + 3 <= end; p++) {
    if (p[2] > 1)
      p += 2; /* no start code can overlap this byte */
    else if (p[0] == 0 && p[1] == 0 && p[2] == 1)
      return p;
  }
  return end;
}

/* The NAL unit at or after `p`. Its end is not looked for: a picture's slices are long. */
static gboolean next_nal(const guint8 *begin, const guint8 *p, const guint8 *end, Nal *ret_nal) {
  const guint8 *code = find_start(p, end);
  if (end - code < 4)
    return FALSE;
  ret_nal->start = code > begin && code[-1] == 0 ? code - 1 : code;
  ret_nal->body = code + 3;
  ret_nal->end = end;
  return TRUE;
}

/* Copies the NAL unit's payload without emulation prevention bytes (00 00 03). */
static gsize unescape(const guint8 *p, const guint8 *end, guint8 *ret_bytes, gsize max) {
  gsize n = 0;
  int zeros = 0;
  for (; p < end && n < max; p++) {
    if (zeros >= 2 && *p == 3) {
      zeros = 0;
      continue;
    }
    if (zeros >= 2 && *p <= 1) /* the next start code */
      break;
    zeros = *p == 0 ? zeros + 1 : 0;
    ret_bytes[n++] = *p;
  }
  return n;
}

/* A number written as any count of 255s and a last byte; FALSE past the end. */
static gboolean sei_number(const guint8 *bytes, gsize n, gsize *at, gsize *ret_number) {
  gsize number = 0;
  while (*at < n && bytes[*at] == 0xff) {
    number += 0xff;
    (*at)++;
  }
  if (*at >= n)
    return FALSE;
  *ret_number = number + bytes[(*at)++];
  return TRUE;
}

static gboolean sei_has_seam(const guint8 *payload, const guint8 *end) {
  guint8 bytes[SEI_MESSAGE_MAX];
  gsize n = unescape(payload, end, bytes, sizeof bytes), at = 0, type, size;
  while (sei_number(bytes, n, &at, &type) && sei_number(bytes, n, &at, &size) && size <= n - at) {
    if (type == SEI_USER_DATA_UNREGISTERED && iv_seam_is_ours(bytes + at, size))
      return TRUE;
    at += size;
  }
  return FALSE;
}

/* Both return TRUE at the first slice: what follows says nothing more. */
static gboolean read_h264(const Nal *nal, IvNalFacts *facts) {
  int type = nal->body[0] & 0x1f;
  if (type == H264_SEI)
    facts->seam |= sei_has_seam(nal->body + 1, nal->end);
  if (type < H264_SLICE_FIRST || type > H264_SLICE_LAST)
    return FALSE;
  facts->disposable = (nal->body[0] & 0x60) == 0; /* nal_ref_idc */
  return TRUE;
}

static gboolean read_h265(const Nal *nal, IvNalFacts *facts) {
  int type = (nal->body[0] >> 1) & 0x3f;
  if (nal->end - nal->body < 3)
    return TRUE;
  if (type == H265_PREFIX_SEI)
    facts->seam |= sei_has_seam(nal->body + 2, nal->end);
  if (type == H265_SPS)
    facts->layered = ((nal->body[2] >> 1) & 7) != 0; /* sps_max_sub_layers_minus1 */
  if (type > H265_SLICE_LAST)
    return FALSE;
  facts->disposable = !facts->layered && type <= H265_NON_REFERENCE_LAST && type % 2 == 0;
  return TRUE;
}

void iv_nal_read(IvCodec codec, const guint8 *bytes, gsize size, IvNalFacts *facts) {
  *facts = (IvNalFacts){.layered = facts->layered};
  if (codec != IV_CODEC_H264 && codec != IV_CODEC_H265)
    return;
  Nal nal = {.body = bytes};
  gboolean slice = FALSE;
  while (!slice && next_nal(bytes, nal.body, bytes + size, &nal))
    slice = codec == IV_CODEC_H264 ? read_h264(&nal, facts) : read_h265(&nal, facts);
}

gsize iv_nal_first_slice_h264(const guint8 *bytes, gsize size) {
  Nal nal = {.body = bytes};
  while (next_nal(bytes, nal.body, bytes + size, &nal)) {
    int type = nal.body[0] & 0x1f;
    if (type >= H264_SLICE_FIRST && type <= H264_SLICE_LAST)
      return nal.start - bytes;
  }
  return size;
}
