/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/profile.h"

#include <string.h>

#define SIDE_MAX 65535
#define FPS_MAX 1000
#define KBITS_MAX 1e7
#define GOP_MAX 100000

void iv_onvif_profile_free(IvOnvifProfile *profile) {
  if (!profile)
    return;
  g_free(profile->token);
  g_free(profile->name);
  g_free(profile->source);
  g_free(profile->encoder);
  g_free(profile);
}

double iv_onvif_profile_keyframe_interval(const IvOnvifProfile *profile) {
  return profile->gop > 0 && profile->fps > 0 ? profile->gop / profile->fps : 0;
}

static void set_codec(IvOnvifProfile *profile, const char *word) {
  static const struct {
    const char *word, *codec;
  } words[] = {{"H264", "H.264"}, {"H265", "H.265"},   {"HEVC", "H.265"},
               {"JPEG", "JPEG"},  {"MPEG4", "MPEG-4"}, {"MPV4-ES", "MPEG-4"}};
  const char *codec = word;
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_ascii_strcasecmp(word, words[i].word) == 0)
      codec = words[i].codec;
  g_strlcpy(profile->codec, codec, sizeof profile->codec);
  if (!g_utf8_validate(profile->codec, -1, NULL)) /* cut inside a character */
    profile->codec[0] = '\0';
}

/* The first service keeps the length under the codec, the second one in an attribute. */
static int read_gop(const xmlNode *encoder) {
  xmlNode *below = iv_xml_find(encoder, "GovLength", NULL);
  g_autofree char *text = iv_xml_attribute(encoder, "GovLength", 16);
  gint64 attribute = g_ascii_strtoll(text, NULL, 10);
  if (below)
    return (int)iv_xml_number(below, 1, GOP_MAX, 0);
  return attribute >= 1 && attribute <= GOP_MAX ? (int)attribute : 0;
}

static void read_encoder(IvOnvifProfile *profile, const xmlNode *encoder) {
  xmlNode *size = iv_xml_child(encoder, "Resolution"), *rate = iv_xml_child(encoder, "RateControl");
  g_autofree char *word = iv_xml_text(iv_xml_child(encoder, "Encoding"), IV_XML_NAME_MAX);
  set_codec(profile, word);
  profile->encoder = iv_xml_attribute(encoder, "token", IV_XML_NAME_MAX);
  profile->width = (int)iv_xml_number(iv_xml_child(size, "Width"), 1, SIDE_MAX, 0);
  profile->height = (int)iv_xml_number(iv_xml_child(size, "Height"), 1, SIDE_MAX, 0);
  profile->fps = iv_xml_number(iv_xml_child(rate, "FrameRateLimit"), 0, FPS_MAX, 0);
  profile->bitrate = iv_xml_number(iv_xml_child(rate, "BitrateLimit"), 0, KBITS_MAX, 0) * 1000;
  profile->gop = read_gop(encoder);
}

/* NULL when it has no token or no video. */
static IvOnvifProfile *read_profile(const xmlNode *node) {
  xmlNode *settings = iv_xml_child(node, "Configurations"); /* of the second service */
  xmlNode *source = settings ? iv_xml_child(settings, "VideoSource")
                             : iv_xml_child(node, "VideoSourceConfiguration");
  xmlNode *encoder = settings ? iv_xml_child(settings, "VideoEncoder")
                              : iv_xml_child(node, "VideoEncoderConfiguration");
  g_autofree char *token = iv_xml_attribute(node, "token", IV_XML_NAME_MAX);
  if (!*token || !source || !encoder)
    return NULL;
  IvOnvifProfile *profile = g_new0(IvOnvifProfile, 1);
  profile->token = g_steal_pointer(&token);
  profile->name = iv_xml_text(iv_xml_child(node, "Name"), IV_XML_NAME_MAX);
  profile->source = iv_xml_text(iv_xml_child(source, "SourceToken"), IV_XML_NAME_MAX);
  read_encoder(profile, encoder);
  return profile;
}

GPtrArray *iv_onvif_profiles_read(const xmlNode *answer) {
  GPtrArray *profiles = g_ptr_array_new_with_free_func((GDestroyNotify)iv_onvif_profile_free);
  for (xmlNode *node = iv_xml_child(answer, "Profiles"); node && profiles->len < IV_PROFILES_MAX;
       node = iv_xml_next(node, "Profiles")) {
    IvOnvifProfile *profile = read_profile(node);
    if (profile)
      g_ptr_array_add(profiles, profile);
  }
  return profiles;
}

static gboolean is_analysable(const IvOnvifProfile *profile) {
  return strcmp(profile->codec, "H.264") == 0 || strcmp(profile->codec, "H.265") == 0;
}

static gint64 area(const IvOnvifProfile *profile) {
  return (gint64)profile->width * profile->height;
}

static gboolean is_better_main(const IvOnvifProfile *a, const IvOnvifProfile *than) {
  if (is_analysable(a) != is_analysable(than))
    return is_analysable(a);
  return area(a) > area(than);
}

static gboolean is_better_sub(const IvOnvifProfile *a, const IvOnvifPick *pick) {
  gboolean other = !*a->encoder || strcmp(a->encoder, pick->main->encoder) != 0;
  if (!other || !is_analysable(a) || area(a) == 0 || area(a) >= area(pick->main))
    return FALSE;
  return !pick->sub || area(a) < area(pick->sub);
}

/* The pick of this profile's channel; a new one where there is none yet. */
static IvOnvifPick *pick_of(GArray *picks, const IvOnvifProfile *profile) {
  for (guint i = 0; i < picks->len; i++) {
    IvOnvifPick *pick = &g_array_index(picks, IvOnvifPick, i);
    if (strcmp(pick->main->source, profile->source) == 0)
      return pick;
  }
  IvOnvifPick pick = {profile, NULL};
  g_array_append_val(picks, pick);
  return &g_array_index(picks, IvOnvifPick, picks->len - 1);
}

GArray *iv_onvif_profiles_pick(const GPtrArray *profiles) {
  GArray *picks = g_array_new(FALSE, FALSE, sizeof(IvOnvifPick));
  for (guint i = 0; i < profiles->len; i++) {
    IvOnvifPick *pick = pick_of(picks, profiles->pdata[i]);
    if (is_better_main(profiles->pdata[i], pick->main))
      pick->main = profiles->pdata[i];
  }
  for (guint i = 0; i < profiles->len; i++) {
    IvOnvifPick *pick = pick_of(picks, profiles->pdata[i]);
    if (is_better_sub(profiles->pdata[i], pick))
      pick->sub = profiles->pdata[i];
  }
  return picks;
}
