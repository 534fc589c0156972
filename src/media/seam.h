/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* How a source says "what follows does not go on from what came before" inside the stream itself:
 * an SEI message user_data_unregistered (payload type 5, H.264 and H.265 Annex D) with our UUID,
 * before the first picture after the seam. It passes through RTSP, recorders and containers,
 * decoders ignore it, and no camera sends it by accident. Pure. */

/* The SEI message as one H.264 NAL unit with its 4-byte start code; static storage. */
const guint8 *iv_seam_nal_h264(gsize *ret_size);

/* TRUE when `payload` (after payload type and size, emulation bytes removed) is ours. */
gboolean iv_seam_is_ours(const guint8 *payload, gsize size);
