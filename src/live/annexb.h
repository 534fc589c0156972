/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/unit.h"

/* NAL units of an access unit in byte-stream form (ITU-T H.264 annex B, H.265 annex B), and what
 * their parameter sets say of the stream. Pure. */

typedef struct {
  const guint8 *bytes; /* without start code and trailing zeros; borrowed */
  gsize size;
} IvNal;

/* The next NAL unit at or after `*at`, which then stands behind it; FALSE at the end. */
gboolean iv_annexb_next(const guint8 *bytes, gsize size, gsize *at, IvNal *ret_nal);

typedef enum { IV_NAL_PICTURE, IV_NAL_VPS, IV_NAL_SPS, IV_NAL_PPS, IV_NAL_NEEDLESS } IvNalPart;

/* NEEDLESS: delimiters, fillers and ends, which a file does without. */
IvNalPart iv_annexb_part(IvCodec codec, const IvNal *nal);

/* The first parameter sets of a keyframe; empty ones where there are none. */
typedef struct {
  IvNal vps, sps, pps;
} IvParameterSets;
void iv_annexb_parameters(const IvEncodedUnit *unit, IvParameterSets *ret_sets);
