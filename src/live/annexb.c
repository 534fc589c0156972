/* SPDX-License-Identifier: Apache-2.0 */
#include "live/annexb.h"

/* Offset of the next 00 00 01, or `size`. */
static gsize find_start(const guint8 *bytes, gsize size, gsize at) {
  for (gsize i = at; i + 3 <= size; i++) {
    if (bytes[i + 2] > 1) {
      i += 2;
      continue;
    }
    if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1)
      return i;
  }
  return size;
}

gboolean iv_annexb_next(const guint8 *bytes, gsize size, gsize *at, IvNal *ret_nal) {
  gsize start = find_start(bytes, size, *at);
  if (start >= size || start + 3 >= size)
    return FALSE;
  gsize from = start + 3, end = find_start(bytes, size, from);
  *at = end;
  while (end > from && bytes[end - 1] == 0)
    end--;
  *ret_nal = (IvNal){bytes + from, end - from};
  return TRUE;
}

static IvNalPart part_h264(const IvNal *nal) {
  switch (nal->bytes[0] & 0x1f) {
  case 7:
    return IV_NAL_SPS;
  case 8:
    return IV_NAL_PPS;
  case 9:  /* delimiter */
  case 10: /* end of sequence */
  case 11: /* end of stream */
  case 12: /* filler */
    return IV_NAL_NEEDLESS;
  default:
    return IV_NAL_PICTURE;
  }
}

static IvNalPart part_h265(const IvNal *nal) {
  switch (nal->bytes[0] >> 1 & 0x3f) {
  case 32:
    return IV_NAL_VPS;
  case 33:
    return IV_NAL_SPS;
  case 34:
    return IV_NAL_PPS;
  case 35:
  case 36:
  case 37:
  case 38:
    return IV_NAL_NEEDLESS;
  default:
    return IV_NAL_PICTURE;
  }
}

IvNalPart iv_annexb_part(IvCodec codec, const IvNal *nal) {
  if (nal->size == 0)
    return IV_NAL_NEEDLESS;
  return codec == IV_CODEC_H265 ? part_h265(nal) : part_h264(nal);
}

void iv_annexb_parameters(const IvEncodedUnit *unit, IvParameterSets *ret_sets) {
  gsize at = 0;
  IvNal nal;
  *ret_sets = (IvParameterSets){0};
  while (iv_annexb_next(unit->bytes, unit->size, &at, &nal)) {
    IvNalPart part = iv_annexb_part(unit->codec, &nal);
    IvNal *slot = part == IV_NAL_VPS   ? &ret_sets->vps
                  : part == IV_NAL_SPS ? &ret_sets->sps
                  : part == IV_NAL_PPS ? &ret_sets->pps
                                       : NULL;
    if (slot && slot->size == 0)
      *slot = nal;
  }
}
