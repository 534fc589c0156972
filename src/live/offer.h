/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/sdp/sdp.h>

/* What a viewer offers (SDP, RFC 8866 and 8829), read as text from a stranger. Pure. */

#define IV_OFFER_BYTES_MAX (32u * 1024) /* Chromium's is about 6 KB */
#define IV_OFFER_MEDIA_MAX 8
#define IV_OFFER_ATTRIBUTES_MAX 512 /* of one medium */

typedef struct {
  GstSDPMessage *sdp; /* owned */
  guint video;        /* which medium of it is the video */
  guint payload;      /* RTP payload type of H.264 in packetization mode 1, 96..127 or 35..63 */
  guint8 soon;        /* number of the header extension IV_RTP_SOON_URI, 1..14; 0 = not offered */
} IvOffer;

void iv_offer_clear(IvOffer *offer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvOffer, iv_offer_clear)

/* FALSE with IV_LIVE_ERROR_OFFER (no offer, too large, not for one video to be received) or
 * IV_LIVE_ERROR_NO_H264; `ret_offer` is untouched then. */
gboolean iv_offer_read(const char *text, gsize size, IvOffer *ret_offer, GError **error);
