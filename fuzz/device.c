/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of devices: whatever they say, names are clean text and addresses lead to the host that
 * was asked. */
#include <string.h>

#include "base/url.h"
#include "onvif/address.h"
#include "onvif/answers.h"
#include "onvif/profile.h"
#include "onvif/soap.h"
#include "target.h"

static void check_text(const char *text, gsize max) {
  g_assert_true(strlen(text) <= max && g_utf8_validate(text, -1, NULL));
  for (const char *p = text; *p; p++)
    g_assert_false(g_ascii_iscntrl(*p));
}

static void check_found(const xmlDoc *doc) {
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)iv_onvif_found_free);
  iv_onvif_read_matches(doc, "192.0.2.1", 4, found);
  g_assert_cmpuint(found->len, <=, 4);
  for (guint i = 0; i < found->len; i++) {
    const IvOnvifFound *one = found->pdata[i];
    g_assert_true(strstr(one->service, "://192.0.2.1") != NULL);
    check_text(one->name, IV_XML_NAME_MAX);
    check_text(one->endpoint, IV_XML_NAME_MAX);
  }
}

static void check_profiles(const xmlNode *answer) {
  g_autoptr(GPtrArray) profiles = iv_onvif_profiles_read(answer);
  g_autoptr(GArray) picks = iv_onvif_profiles_pick(profiles);
  g_assert_cmpuint(picks->len, <=, profiles->len);
  for (guint i = 0; i < profiles->len; i++) {
    const IvOnvifProfile *profile = profiles->pdata[i];
    check_text(profile->name, IV_XML_NAME_MAX);
    check_text(profile->codec, IV_PROFILE_CODEC_MAX);
    g_assert_true(profile->width >= 0 && profile->height >= 0 && profile->fps >= 0);
  }
}

static void check_addresses(const xmlNode *answer) {
  const IvOnvifAddress reached = {"http", "192.0.2.1", "", 0};
  g_auto(IvOnvifMedia) media = {0};
  iv_onvif_read_media(answer, &media);
  g_autofree char *told = iv_xml_text(iv_xml_find(answer, "Uri", NULL), IV_XML_ADDRESS_MAX);
  g_autofree char *service = iv_onvif_service_at(media.first, &reached);
  g_autofree char *stream = iv_onvif_stream_at(told, &reached);
  g_auto(IvUrlParts) parts = {0};
  g_assert_true(!service || strstr(service, "://192.0.2.1"));
  if (stream && iv_url_split(stream, &parts, NULL)) {
    g_assert_cmpstr(parts.host, ==, "192.0.2.1");
    g_assert_null(parts.password);
  }
}

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  g_autoptr(GError) error = NULL;
  g_autoptr(xmlDoc) doc = iv_xml_read((const char *)input, length, &error);
  IvTime time;
  if (!doc) {
    g_assert_nonnull(error);
    return 0;
  }
  check_found(doc);
  xmlNode *answer = iv_soap_answer(doc, &error);
  if (!answer) {
    g_assert_nonnull(error);
    check_text(error->message, 400);
    return 0;
  }
  iv_onvif_read_time(answer, &time);
  check_profiles(answer);
  check_addresses(answer);
  return 0;
}
