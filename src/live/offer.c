/* SPDX-License-Identifier: Apache-2.0 */
#include "live/offer.h"

#include <string.h>

#include "live/live_error.h"
#include "live/rtp_h264.h"

void iv_offer_clear(IvOffer *offer) {
  g_clear_pointer(&offer->sdp, gst_sdp_message_free);
}

static gboolean refuse(GError **error, const char *what) {
  g_set_error(error, IV_LIVE_ERROR, IV_LIVE_ERROR_OFFER, "This is no offer of a viewer: %s.", what);
  return FALSE;
}

/* GStreamer's reader takes nearly anything, so what matters is asked for afterwards. */
static GstSDPMessage *parse(const char *text, gsize size) {
  GstSDPMessage *sdp = NULL;
  if (gst_sdp_message_new(&sdp) != GST_SDP_OK)
    return NULL;
  if (gst_sdp_message_parse_buffer((const guint8 *)text, (guint)size, sdp) == GST_SDP_OK)
    return sdp;
  gst_sdp_message_free(sdp);
  return NULL;
}

static gboolean is_for_a_viewer(const GstSDPMedia *media) {
  return !gst_sdp_media_get_attribute_val(media, "sendonly") &&
         !gst_sdp_media_get_attribute_val(media, "inactive") && gst_sdp_media_get_port(media) != 0;
}

/* The first video to be received; NULL when there is none, or an unreasonable lot of anything. */
static const GstSDPMedia *find_video(const GstSDPMessage *sdp, guint *ret_index) {
  const GstSDPMedia *found = NULL;
  guint n = gst_sdp_message_medias_len(sdp);
  if (n > IV_OFFER_MEDIA_MAX)
    return NULL;
  for (guint i = 0; i < n; i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media(sdp, i);
    if (gst_sdp_media_attributes_len(media) > IV_OFFER_ATTRIBUTES_MAX)
      return NULL;
    if (!found && g_strcmp0(gst_sdp_media_get_media(media), "video") == 0 &&
        is_for_a_viewer(media)) {
      found = media;
      *ret_index = i;
    }
  }
  return found;
}

/* Of the medium or, for all media, of the session. */
static gboolean has_attribute(const GstSDPMessage *sdp, const GstSDPMedia *media,
                              const char *name) {
  return gst_sdp_media_get_attribute_val(media, name) ||
         gst_sdp_message_get_attribute_val(sdp, name);
}

/* RTP payload types that RFC 3551 and RFC 8035 leave to be given out. */
static gboolean is_dynamic(guint64 payload) {
  return (payload >= 96 && payload <= 127) || (payload >= 35 && payload <= 63);
}

/* "102 H264/90000" */
static gboolean is_h264(const char *map, guint *ret_payload) {
  char *rest = NULL;
  guint64 payload = g_ascii_strtoull(map, &rest, 10);
  if (rest == map || !is_dynamic(payload) || g_ascii_strcasecmp(rest, " H264/90000") != 0)
    return FALSE;
  *ret_payload = (guint)payload;
  return TRUE;
}

/* "102 a=b;c=d": the parameters of this payload type, or NULL. */
static const char *parameters_of(const GstSDPMedia *media, guint payload) {
  const char *text;
  for (guint i = 0; (text = gst_sdp_media_get_attribute_val_n(media, "fmtp", i)); i++) {
    char *rest = NULL;
    if (g_ascii_strtoull(text, &rest, 10) == payload && *rest == ' ')
      return rest + 1;
  }
  return NULL;
}

/* How well the payload type suits: 0 = not at all. A whole access unit seldom fits into one packet,
 * which mode 0 asks for. The answer names no profile, which then means Constrained Baseline (42e0):
 * a browser looks for its own payload type of that profile, and decodes whatever comes. */
static int suits(const GstSDPMedia *media, guint payload) {
  g_autofree char *parameters = g_ascii_strdown(parameters_of(media, payload) ?: "", -1);
  if (!strstr(parameters, "packetization-mode=1"))
    return 0;
  const char *profile = strstr(parameters, "profile-level-id=");
  if (!profile || g_str_has_prefix(profile, "profile-level-id=42e0"))
    return 3;
  return g_str_has_prefix(profile, "profile-level-id=42") ? 2 : 1;
}

static guint choose_payload(const GstSDPMedia *media) {
  guint best = 0, payload;
  int best_suits = 0;
  const char *map;
  for (guint i = 0; (map = gst_sdp_media_get_attribute_val_n(media, "rtpmap", i)); i++) {
    int how = is_h264(map, &payload) ? suits(media, payload) : 0;
    if (how > best_suits) {
      best_suits = how;
      best = payload;
    }
  }
  return best;
}

#define SOON_NUMBER_MAX 14 /* RFC 8285: 15 is not to be used, and more needs a longer header */

/* "5 URI" or "5/recvonly URI" */
static guint8 find_soon(const GstSDPMedia *media) {
  const char *text;
  for (guint i = 0; (text = gst_sdp_media_get_attribute_val_n(media, "extmap", i)); i++) {
    char *rest = NULL;
    guint64 number = g_ascii_strtoull(text, &rest, 10);
    const char *uri = strchr(rest, ' ');
    if (uri && strcmp(uri + 1, IV_RTP_SOON_URI) == 0 && number >= 1 && number <= SOON_NUMBER_MAX &&
        (rest == uri || g_str_has_prefix(rest, "/recvonly ") ||
         g_str_has_prefix(rest, "/sendrecv ")))
      return (guint8)number;
  }
  return 0;
}

static gboolean judge(IvOffer *offer, GError **error) {
  const GstSDPMessage *sdp = offer->sdp;
  const GstSDPMedia *video = find_video(sdp, &offer->video);
  if (!video)
    return refuse(error, "it does not ask for one video to receive");
  if (!has_attribute(sdp, video, "ice-ufrag") || !has_attribute(sdp, video, "ice-pwd") ||
      !has_attribute(sdp, video, "fingerprint"))
    return refuse(error, "it lacks ice-ufrag, ice-pwd or fingerprint");
  guint payload = choose_payload(video);
  if (payload == 0) {
    g_set_error_literal(error, IV_LIVE_ERROR, IV_LIVE_ERROR_NO_H264,
                        "The viewer does not offer H.264 (packetization-mode=1), and video is "
                        "passed on as the camera sends it. Use a browser that plays H.264.");
    return FALSE;
  }
  offer->payload = payload;
  offer->soon = find_soon(video);
  return TRUE;
}

gboolean iv_offer_read(const char *text, gsize size, IvOffer *ret_offer, GError **error) {
  if (size > IV_OFFER_BYTES_MAX || memchr(text, '\0', size) ||
      !g_utf8_validate(text, (gssize)size, NULL))
    return refuse(error, "it is no text, or too long");
  if (size < 3 || strncmp(text, "v=0", 3) != 0)
    return refuse(error, "it does not begin with v=0");
  g_auto(IvOffer) offer = {.sdp = parse(text, size)};
  if (!offer.sdp)
    return refuse(error, "it is not SDP");
  if (!judge(&offer, error))
    return FALSE;
  *ret_offer = offer;
  offer.sdp = NULL;
  return TRUE;
}
