/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/unit.h"

/* What an access unit says about itself, read from its NAL unit headers (ITU-T H.264 7.3.1 and
 * H.265 7.3.1) up to the first slice, without decoding. Pure; cost: the headers, not the picture.
 */
typedef struct {
  gboolean disposable; /* nothing refers to this picture */
  gboolean seam;       /* carries the message of media/seam.h */
  gboolean layered;    /* H.265 with temporal sub-layers: `disposable` is never set then */
} IvNalFacts;

/* Byte-stream (start codes); other codecs give no facts. `layered` of the stream so far is passed
 * in by `facts` and kept when this unit brings no parameter set; the rest is set anew. */
void iv_nal_read(IvCodec codec, const guint8 *bytes, gsize size, IvNalFacts *facts);

/* Offset of the first slice's start code (3- or 4-byte form), or `size` when there is none. */
gsize iv_nal_first_slice_h264(const guint8 *bytes, gsize size);
