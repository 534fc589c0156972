/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "live/annexb.h"

/* A stream's decoder configuration for MP4 (ISO/IEC 14496-15: avcC, hvcC) and its name for browsers
 * (RFC 6381), from its parameter sets. Pure. */

#define IV_CODEC_NAME_MAX 64

/* Appends the box's content (without size and type) and writes the name ("avc1.64001f",
 * "hvc1.1.6.L93.B0"). FALSE (nothing appended) when the sets are missing or make no sense. */
gboolean iv_codec_box(IvCodec codec, const IvParameterSets *sets, GByteArray *box,
                      char ret_name[IV_CODEC_NAME_MAX]);
