/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Access units of H.264 as RTP packets: RFC 3550, and RFC 6184 with packetization-mode 1: small NAL
 * units together (STAP-A), large ones in parts (FU-A). Pure. */

#define IV_RTP_PACKET_MAX 1200 /* with all that comes around it less than any path's MTU */

typedef struct {
  guint8 payload; /* type, 0..127 */
  guint8 soon; /* number (1..14) of the extension that asks the viewer to show each picture as soon
                * as it has come, IV_RTP_SOON_URI; 0 = none */
  guint32 ssrc;
  guint16 seq; /* of the next packet; goes up with each */
} IvRtpH264;

/* Two delays, 12 bits each, in 10 ms: the least that the viewer is to keep pictures back, and the
 * most. Browsers else even out the network, and show each picture one or two later than it came. */
#define IV_RTP_SOON_URI "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"

/* Gives the packets of a unit in byte-stream form, in order; bytes are borrowed for the call. The
 * last one carries the marker. `time`: RTP timestamp, 1/90000 s. Delimiters and fillers are left
 * out. Cost: O(bytes). */
void iv_rtp_h264_cut(IvRtpH264 *rtp, const guint8 *unit, gsize size, guint32 time,
                     void (*take)(const guint8 *packet, gsize size, gpointer user_data),
                     gpointer user_data);
