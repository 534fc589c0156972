/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/makers.h"

#include <string.h>

/* clang-format off */
const IvMaker iv_makers[] = {
    {"axis", "Axis",
     "rtsp://{host}/axis-media/media.amp?camera={channel}&videocodec=h264",
     "rtsp://{host}/axis-media/media.amp?camera={channel}&videocodec=h264&resolution=640x360&fps=10",
     "one address; size and rate stand in it (4:3 cameras: resolution=640x480)"},
    {"bosch", "Bosch",
     "rtsp://{host}/video?line={channel}&inst=1", "rtsp://{host}/video?line={channel}&inst=2", ""},
    {"dahua", "Dahua, Amcrest, Lorex, Imou",
     "rtsp://{host}/cam/realmonitor?channel={channel}&subtype=0",
     "rtsp://{host}/cam/realmonitor?channel={channel}&subtype=1",
     "Imou: user admin, password is the safety code on its label"},
    {"dlink", "D-Link",
     "rtsp://{host}/live1.sdp", "rtsp://{host}/live2.sdp", ""},
    {"foscam", "Foscam",
     "rtsp://{host}:88/videoMain", "rtsp://{host}:88/videoSub",
     "port 88 is its HTTP port; newer models use 554"},
    {"grandstream", "Grandstream",
     "rtsp://{host}/{channel-1}", "rtsp://{host}/4", "the sub stream's is that of a camera, not of a recorder"},
    {"hanwha", "Hanwha Vision, Wisenet, Samsung (cameras)",
     "rtsp://{host}/profile1/media.smp", "rtsp://{host}/profile2/media.smp",
     "the numbers are those of the video profiles in the camera's page"},
    {"hanwha-nvr", "Hanwha Vision, Wisenet (recorders)",
     "rtsp://{host}/LiveChannel/{channel-1}/media.smp",
     "rtsp://{host}/LiveChannel/{channel-1}/media.smp/profile=2",
     "the number is that of the profile in the recorder"},
    {"hikvision", "Hikvision, HiLook, HiWatch, Annke, LTS",
     "rtsp://{host}/Streaming/Channels/{channel}01", "rtsp://{host}/Streaming/Channels/{channel}02", ""},
    {"i-pro", "i-PRO, Panasonic",
     "rtsp://{host}/MediaInput/h264/stream_1", "rtsp://{host}/MediaInput/h264/stream_2", ""},
    {"milesight", "Milesight",
     "rtsp://{host}/main", "rtsp://{host}/sub", ""},
    {"reolink", "Reolink",
     "rtsp://{host}/h264Preview_{channel:02}_main", "rtsp://{host}/h264Preview_{channel:02}_sub",
     "RTSP must be switched on; 4K models send the main stream in H.265"},
    {"sony", "Sony",
     "rtsp://{host}/media/video1", "rtsp://{host}/media/video2", ""},
    {"tapo", "TP-Link Tapo",
     "rtsp://{host}/stream1", "rtsp://{host}/stream2",
     "needs the camera account that is made in its app (Advanced settings)"},
    {"ubiquiti", "Ubiquiti UniFi (stand-alone)",
     "rtsp://{host}/s0", "rtsp://{host}/s2",
     "of UniFi Protect, copy the address from its page (camera, Settings, RTSP)"},
    {"uniview", "Uniview (UNV)",
     "rtsp://{host}/unicast/c{channel}/s0/live", "rtsp://{host}/unicast/c{channel}/s1/live", ""},
    {"vigi", "TP-Link VIGI",
     "rtsp://{host}/stream1", "rtsp://{host}/stream2", ""},
    {"vivotek", "Vivotek",
     "rtsp://{host}/live1s1.sdp", "rtsp://{host}/live1s2.sdp", "older models: live.sdp and live2.sdp"},
};
/* clang-format on */
const guint iv_n_makers = G_N_ELEMENTS(iv_makers);

const IvMaker *iv_maker_find(const char *id) {
  for (guint i = 0; i < iv_n_makers; i++)
    if (strcmp(iv_makers[i].id, id) == 0)
      return &iv_makers[i];
  return NULL;
}

/* Words that devices tell as their maker, where they aren't the id. */
static const struct {
  const char *told, *id;
} other_words[] = {{"amcrest", "dahua"},    {"lorex", "dahua"},     {"imou", "dahua"},
                   {"hilook", "hikvision"}, {"annke", "hikvision"}, {"panasonic", "i-pro"},
                   {"samsung", "hanwha"},   {"wisenet", "hanwha"},  {"unv", "uniview"},
                   {"d-link", "dlink"},     {"tp-link", "vigi"}};

const IvMaker *iv_maker_of(const char *told) {
  g_autofree char *text = g_ascii_strdown(told, -1);
  for (guint i = 0; i < iv_n_makers; i++)
    if (strstr(text, iv_makers[i].id))
      return &iv_makers[i];
  for (gsize i = 0; i < G_N_ELEMENTS(other_words); i++)
    if (strstr(text, other_words[i].told))
      return iv_maker_find(other_words[i].id);
  return NULL;
}

/* The host, where it stands at `*p`; a port of its own takes the place of the template's. */
static char *fill_host(const char **p, const char *host) {
  static const char place[] = "{host}";
  if (!host || !g_str_has_prefix(*p, place))
    return NULL;
  *p += strlen(place);
  const char *end = strrchr(host, ']'), *port = strchr(end ? end : host, ':');
  if (port && **p == ':')
    *p += 1 + strspn(*p + 1, "0123456789");
  return g_strdup(host);
}

static char *fill_channel(const char **p, guint channel) {
  static const struct {
    const char *place;
    guint less;
    int digits;
  } places[] = {{"{channel}", 0, 1}, {"{channel:02}", 0, 2}, {"{channel-1}", 1, 1}};
  for (gsize i = 0; channel > 0 && i < G_N_ELEMENTS(places); i++)
    if (g_str_has_prefix(*p, places[i].place)) {
      *p += strlen(places[i].place);
      return g_strdup_printf("%0*u", places[i].digits, channel - places[i].less);
    }
  return NULL;
}

char *iv_maker_url(const char *template, const char *host, guint channel) {
  GString *url = g_string_new(NULL);
  for (const char *p = template; *p;) {
    g_autofree char *filled = fill_host(&p, host);
    if (!filled)
      filled = fill_channel(&p, channel);
    if (filled)
      g_string_append(url, filled);
    else
      g_string_append_c(url, *p++);
  }
  return g_string_free(url, FALSE);
}
