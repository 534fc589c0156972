/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/device.h"

#include <string.h>

#include "base/clock.h"
#include "onvif/answers.h"
#include "onvif/onvif_error.h"
#include "onvif/talk.h"

#define SECONDS 10.0
#define SECONDS_MAX 60.0
#define LOGIN_MAX 256 /* bytes of user and of password */
#define STALE_TOKEN (5 * IV_MINUTE)

#define MEDIA_NS "xmlns=\"http://www.onvif.org/ver10/media/wsdl\""
#define MEDIA2_NS "xmlns=\"http://www.onvif.org/ver20/media/wsdl\""

G_DEFINE_QUARK(iv_onvif_error, iv_onvif_error)

static void stream_free(IvOnvifStream *stream) {
  if (!stream)
    return;
  g_free(stream->url);
  g_free(stream->name);
  g_free(stream);
}

static void channel_free(gpointer pointer) {
  IvOnvifChannel *channel = pointer;
  stream_free(channel->main_stream);
  stream_free(channel->sub_stream);
  g_free(channel->source);
  g_free(channel);
}

void iv_onvif_device_free(IvOnvifDevice *device) {
  if (!device)
    return;
  g_free(device->host);
  g_free(device->service);
  g_free(device->manufacturer);
  g_free(device->model);
  g_free(device->firmware);
  g_free(device->serial);
  g_clear_pointer(&device->channels, g_ptr_array_unref);
  g_free(device);
}

/* ---- what is it? ---- */

static gboolean find_media(IvTalk *talk, IvOnvifMedia *ret_media, GError **error) {
  static const char *const questions[] = {
      "<GetServices " IV_DEVICE_NS "><IncludeCapability>false</IncludeCapability></GetServices>",
      "<GetCapabilities " IV_DEVICE_NS "><Category>All</Category></GetCapabilities>"};
  g_autoptr(GError) cause = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
    g_autoptr(xmlDoc) doc = NULL;
    g_clear_error(&cause);
    xmlNode *answer = iv_talk_ask(talk, talk->device->service, questions[i], &doc, &cause);
    g_auto(IvOnvifMedia) media = {0};
    iv_onvif_read_media(answer, &media);
    if (*media.first || *media.second) {
      *ret_media = media;
      media = (IvOnvifMedia){0};
      return TRUE;
    }
    if (iv_talk_is_login(cause) ||
        g_error_matches(cause, IV_ONVIF_ERROR, IV_ONVIF_ERROR_UNREACHABLE))
      break;
  }
  if (cause)
    g_propagate_error(error, g_steal_pointer(&cause));
  else
    g_set_error_literal(
        error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_NOT_ONVIF,
        "it answers by ONVIF but has no media service: it is no camera or recorder");
  return FALSE;
}

/* Nice to know: only a refused login is worth an end. */
static gboolean read_identity(IvTalk *talk, GError **error) {
  g_autoptr(GError) cause = NULL;
  g_autoptr(xmlDoc) doc = NULL;
  IvOnvifDevice *device = talk->device;
  xmlNode *answer =
      iv_talk_ask(talk, device->service, "<GetDeviceInformation " IV_DEVICE_NS "/>", &doc, &cause);
  device->manufacturer = iv_xml_text(iv_xml_child(answer, "Manufacturer"), IV_XML_NAME_MAX);
  device->model = iv_xml_text(iv_xml_child(answer, "Model"), IV_XML_NAME_MAX);
  device->firmware = iv_xml_text(iv_xml_child(answer, "FirmwareVersion"), IV_XML_NAME_MAX);
  device->serial = iv_xml_text(iv_xml_child(answer, "SerialNumber"), IV_XML_NAME_MAX);
  if (!iv_talk_is_login(cause))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&cause));
  return FALSE;
}

/* ---- which streams has it? ---- */

typedef struct {
  char *url;
  gboolean second; /* media service ver20 */
  GPtrArray *profiles;
} Media;

static void media_clear(Media *media) {
  g_free(media->url);
  g_clear_pointer(&media->profiles, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Media, media_clear)

static GPtrArray *ask_profiles(IvTalk *talk, const char *url, gboolean second, GError **error) {
  g_autoptr(xmlDoc) doc = NULL;
  const char *question = second ? "<GetProfiles " MEDIA2_NS "><Type>VideoSource</Type>"
                                  "<Type>VideoEncoder</Type></GetProfiles>"
                                : "<GetProfiles " MEDIA_NS "/>";
  xmlNode *answer = iv_talk_ask(talk, url, question, &doc, error);
  return answer ? iv_onvif_profiles_read(answer) : NULL;
}

/* From the second service where there is one, as the first one can't name H.265. */
static gboolean read_profiles(IvTalk *talk, const IvOnvifMedia *services, Media *ret_media,
                              GError **error) {
  const char *const told[] = {services->second, services->first};
  g_autoptr(GError) cause = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
    g_autofree char *url = iv_onvif_service_at(told[i], &talk->reached);
    if (!url)
      continue;
    g_clear_error(&cause);
    g_autoptr(GPtrArray) profiles = ask_profiles(talk, url, i == 0, &cause);
    if (profiles && profiles->len > 0) {
      *ret_media = (Media){g_steal_pointer(&url), i == 0, g_steal_pointer(&profiles)};
      return TRUE;
    }
    if (iv_talk_is_login(cause))
      break;
  }
  if (cause)
    g_propagate_error(error, g_steal_pointer(&cause));
  else
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_NOT_ONVIF,
                        "it has no profile with video: make one in its own page");
  return FALSE;
}

static char *ask_stream_url(IvTalk *talk, const Media *media, const char *token, GError **error) {
  g_autoptr(xmlDoc) doc = NULL;
  g_autofree char *escaped = g_markup_escape_text(token, -1);
  g_autofree char *question =
      media->second ? g_strdup_printf("<GetStreamUri " MEDIA2_NS "><Protocol>RTSP</Protocol>"
                                      "<ProfileToken>%s</ProfileToken></GetStreamUri>",
                                      escaped)
                    : g_strdup_printf(
                          "<GetStreamUri " MEDIA_NS "><StreamSetup>"
                          "<Stream xmlns=\"http://www.onvif.org/ver10/schema\">RTP-Unicast</Stream>"
                          "<Transport xmlns=\"http://www.onvif.org/ver10/schema\">"
                          "<Protocol>RTSP</Protocol></Transport></StreamSetup>"
                          "<ProfileToken>%s</ProfileToken></GetStreamUri>",
                          escaped);
  xmlNode *answer = iv_talk_ask(talk, media->url, question, &doc, error);
  g_autofree char *told = iv_xml_text(iv_xml_find(answer, "Uri", NULL), IV_XML_ADDRESS_MAX);
  return iv_onvif_stream_at(told, &talk->reached);
}

/* NULL when the device does not tell its address: then something is missing. */
static IvOnvifStream *read_stream(IvTalk *talk, const Media *media, const IvOnvifProfile *profile,
                                  GError **error) {
  char *url = profile ? ask_stream_url(talk, media, profile->token, error) : NULL;
  if (profile && !url)
    talk->device->is_truncated = TRUE;
  if (!url)
    return NULL;
  IvOnvifStream *stream = g_new0(IvOnvifStream, 1);
  stream->url = url;
  stream->name = g_strdup(profile->name);
  g_strlcpy(stream->codec, profile->codec, sizeof stream->codec);
  stream->width = profile->width;
  stream->height = profile->height;
  stream->fps = profile->fps;
  stream->bitrate = profile->bitrate;
  stream->keyframe_interval = iv_onvif_profile_keyframe_interval(profile);
  return stream;
}

/* FALSE with an error that ends the conversation; what is found by then stays. */
static gboolean read_channel(IvTalk *talk, const Media *media, const IvOnvifPick *pick,
                             GError **error) {
  g_autoptr(GError) main_error = NULL, sub_error = NULL;
  IvOnvifStream *main_stream = read_stream(talk, media, pick->main, &main_error);
  IvOnvifStream *sub_stream = read_stream(talk, media, pick->sub, &sub_error);
  GError **worse = iv_talk_is_login(sub_error) || !main_error ? &sub_error : &main_error;
  if (main_stream || sub_stream) {
    IvOnvifChannel *channel = g_new0(IvOnvifChannel, 1);
    channel->number = talk->device->channels->len + 1;
    channel->source = g_strdup(pick->main->source);
    channel->main_stream = main_stream;
    channel->sub_stream = sub_stream;
    g_ptr_array_add(talk->device->channels, channel);
  }
  if (!*worse)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(worse));
  return FALSE;
}

static gboolean read_channels(IvTalk *talk, const Media *media, GError **error) {
  g_autoptr(GArray) picks = iv_onvif_profiles_pick(media->profiles);
  g_autoptr(GError) cause = NULL;
  for (guint i = 0; i < picks->len; i++) {
    g_clear_error(&cause);
    if (read_channel(talk, media, &g_array_index(picks, IvOnvifPick, i), &cause))
      continue;
    talk->device->is_truncated = TRUE;
    if (cause->code != IV_ONVIF_ERROR_NOT_ONVIF)
      break;
  }
  if (talk->device->channels->len > 0)
    return TRUE;
  if (cause)
    g_propagate_error(error, g_steal_pointer(&cause));
  else
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_NOT_ONVIF,
                        "it tells no address of a stream by RTSP");
  return FALSE;
}

/* ---- all of it ---- */

char *iv_onvif_clock_text(IvTime offset) {
  IvTime size = ABS(offset);
  const char *side = offset > 0 ? "ahead" : "behind";
  int days = (int)(size / IV_DAY), hours = (int)(size % IV_DAY / IV_HOUR);
  int minutes = (int)(size % IV_HOUR / IV_MINUTE), seconds = (int)(size % IV_MINUTE / IV_SECOND);
  if (days > 0)
    return g_strdup_printf("%d d %d h %s", days, hours, side);
  if (hours > 0)
    return g_strdup_printf("%d h %d min %s", hours, minutes, side);
  if (minutes > 0)
    return g_strdup_printf("%d min %d s %s", minutes, seconds, side);
  return g_strdup_printf("%d s %s", seconds, side);
}

/* A refused login in words that help. Takes `cause`. */
static void tell_login(const IvTalk *talk, GError *cause, GError **error) {
  const IvOnvifDevice *device = talk->device;
  g_autofree char *clock = NULL;
  if (device->clock_known && ABS(device->clock_offset) > STALE_TOKEN) {
    g_autofree char *text = iv_onvif_clock_text(device->clock_offset);
    clock = g_strdup_printf("; its clock is %s, which was allowed for", text);
  } else if (!device->clock_known) {
    clock = g_strdup("; or its clock is far off, which also makes it refuse: set it in its page");
  }
  if (!talk->has_login)
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_LOGIN,
                        "the camera asks for a user and password");
  else
    g_set_error(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_LOGIN,
                "wrong user or password; many cameras have users of their own for ONVIF, to be "
                "made in the camera's page%s",
                clock ? clock : "");
  g_error_free(cause);
}

static gboolean check(const IvOnvifQuery *query, IvOnvifAddress *ret_address, GError **error) {
  const char *const login[] = {query->user ? query->user : "",
                               query->password ? query->password : ""};
  for (gsize i = 0; i < G_N_ELEMENTS(login); i++)
    if (strlen(login[i]) > LOGIN_MAX || !g_utf8_validate(login[i], -1, NULL)) {
      g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_INVALID,
                          "user and password must be UTF-8 of at most 256 bytes");
      return FALSE;
    }
  return iv_onvif_address_read(query->host, ret_address, error);
}

static gboolean converse(IvTalk *talk, GError **error) {
  g_auto(IvOnvifMedia) services = {0};
  g_auto(Media) media = {0};
  return iv_talk_begin(talk, error) && find_media(talk, &services, error) &&
         read_identity(talk, error) && read_profiles(talk, &services, &media, error) &&
         read_channels(talk, &media, error);
}

IvOnvifDevice *iv_onvif_look_up(const IvOnvifQuery *query, GError **error) {
  double seconds = query->seconds > 0 ? MIN(query->seconds, SECONDS_MAX) : SECONDS;
  g_auto(IvTalk)
      talk = {.query = query, .end = iv_clock_monotonic() + (IvTime)(seconds * IV_SECOND)};
  g_autoptr(GError) cause = NULL;
  if (!check(query, &talk.reached, error))
    return NULL;
  talk.has_login = query->user && *query->user;
  talk.post = talk.has_login ? iv_post_new(query->user, query->password ? query->password : "")
                             : iv_post_new(NULL, NULL);
  talk.device = g_new0(IvOnvifDevice, 1);
  talk.device->channels = g_ptr_array_new_with_free_func(channel_free);
  if (converse(&talk, &cause))
    return g_steal_pointer(&talk.device);
  if (iv_talk_is_login(cause))
    tell_login(&talk, g_steal_pointer(&cause), error);
  else
    g_propagate_error(error, g_steal_pointer(&cause));
  return NULL;
}
