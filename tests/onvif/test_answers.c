/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/answers.h"

#include <string.h>

#include "onvif/device.h"
#include "onvif/profile.h"

static xmlDoc *read_text(const char *text) {
  xmlDoc *doc = iv_xml_read(text, strlen(text), NULL);
  g_assert_nonnull(doc);
  return doc;
}

static void check_time(const char *date, const char *expected) {
  char got[IV_TIME_TEXT_MAX];
  IvTime time = IV_TIME_NONE;
  g_autofree char *text = g_strdup_printf(
      "<r><SystemDateAndTime><LocalDateTime><Time><Hour>1</Hour></Time></LocalDateTime>%s"
      "</SystemDateAndTime></r>",
      date);
  g_autoptr(xmlDoc) doc = read_text(text);
  gboolean read = iv_onvif_read_time(xmlDocGetRootElement(doc), &time);
  g_assert_cmpstr(read ? iv_time_to_text(time, got) : "", ==, expected);
}

#define UTC(h, i, s, y, m, d)                                                                      \
  "<UTCDateTime><Time><Hour>" h "</Hour><Minute>" i "</Minute><Second>" s                          \
  "</Second></Time><Date><Year>" y "</Year><Month>" m "</Month><Day>" d                            \
  "</Day></Date></UTCDateTime>"

static void test_time(void) {
  check_time(UTC("8", "5", "9", "2026", "11", "24"), "2026-11-24T08:05:09.000Z");
  check_time(UTC("23", "59", "60", "1970", "1", "1"), "1970-01-01T23:59:59.000Z");
  check_time(UTC("24", "0", "0", "2026", "11", "24"), "");
  check_time(UTC("1", "0", "0", "2026", "2", "30"), "");
  check_time(UTC("1", "0", "x", "2026", "2", "3"), "");
  check_time(UTC("1", "0", "0", "9999999", "2", "3"), "");
  check_time("", "");
}

static void check_media(const char *text, const char *first, const char *second) {
  g_auto(IvOnvifMedia) media = {0};
  g_autoptr(xmlDoc) doc = read_text(text);
  iv_onvif_read_media(xmlDocGetRootElement(doc), &media);
  g_assert_cmpstr(media.first, ==, first);
  g_assert_cmpstr(media.second, ==, second);
}

static void test_media(void) {
  check_media("<r><Service><Namespace>http://www.onvif.org/ver10/media/wsdl</Namespace>"
              "<XAddr>http://a/1</XAddr></Service><Service><Namespace>"
              "http://www.onvif.org/ver20/media/wsdl</Namespace><XAddr>http://a/2</XAddr></Service>"
              "<Service><Namespace>http://www.onvif.org/ver10/events/wsdl</Namespace>"
              "<XAddr>http://a/3</XAddr></Service></r>",
              "http://a/1", "http://a/2");
  check_media("<r><Capabilities><Media><XAddr>http://a/m</XAddr></Media></Capabilities></r>",
              "http://a/m", "");
  check_media("<r/>", "", "");
}

#define SOURCE(n)                                                                                  \
  "<VideoSourceConfiguration token='v" n "'><SourceToken>s" n                                      \
  "</SourceToken></VideoSourceConfiguration>"
#define ENCODER(token, codec, w, h)                                                                \
  "<VideoEncoderConfiguration token='" token "'><Encoding>" codec                                  \
  "</Encoding><Resolution><Width>" w "</Width><Height>" h                                          \
  "</Height></Resolution><RateControl><FrameRateLimit>15</FrameRateLimit>"                         \
  "<BitrateLimit>1024</BitrateLimit></RateControl><H264><GovLength>30</GovLength></H264>"          \
  "</VideoEncoderConfiguration>"
#define PROFILE(token, source, encoder)                                                            \
  "<Profiles token='" token "'><Name>N" token "</Name>" source encoder "</Profiles>"

static GPtrArray *read_profiles(const char *text) {
  g_autoptr(xmlDoc) doc = read_text(text);
  return iv_onvif_profiles_read(xmlDocGetRootElement(doc));
}

static void test_profiles(void) {
  g_autoptr(GPtrArray) profiles = read_profiles(
      "<r>" PROFILE("a", SOURCE("1"), ENCODER("e", "H264", "1280", "720"))
          PROFILE("", SOURCE("1"), ENCODER("e", "H264", "1", "1")) PROFILE(
              "no-video", "",
              "") "<Profiles token='b'><Name>two</Name><Configurations><VideoSource><SourceToken>s1"
                  "</SourceToken></VideoSource><VideoEncoder token='f' "
                  "GovLength='50'><Encoding>H265</Encoding>"
                  "<Resolution><Width>-5</Width><Height>99999999</Height></Resolution><RateControl>"
                  "<FrameRateLimit>12.5</FrameRateLimit></RateControl></VideoEncoder></"
                  "Configurations>"
                  "</Profiles></r>");
  g_assert_cmpuint(profiles->len, ==, 2);
  const IvOnvifProfile *a = profiles->pdata[0], *b = profiles->pdata[1];
  g_assert_cmpstr(a->token, ==, "a");
  g_assert_cmpstr(a->name, ==, "Na");
  g_assert_cmpstr(a->source, ==, "s1");
  g_assert_cmpstr(a->codec, ==, "H.264");
  g_assert_cmpint(a->width, ==, 1280);
  g_assert_cmpfloat(a->bitrate, ==, 1024000);
  g_assert_cmpfloat(iv_onvif_profile_keyframe_interval(a), ==, 2);
  g_assert_cmpstr(b->codec, ==, "H.265");
  g_assert_cmpint(b->width, ==, 0);
  g_assert_cmpint(b->height, ==, 0);
  g_assert_cmpfloat(iv_onvif_profile_keyframe_interval(b), ==, 4);
}

static void test_channels(void) {
  g_autoptr(GPtrArray) profiles = read_profiles(
      "<r>" PROFILE("sub", SOURCE("1"), ENCODER("e2", "H264", "640", "360"))
          PROFILE("photo", SOURCE("1"), ENCODER("e3", "JPEG", "2560", "1440"))
              PROFILE("main", SOURCE("1"), ENCODER("e1", "H264", "1920", "1080"))
                  PROFILE("again", SOURCE("1"), ENCODER("e1", "H264", "1280", "720"))
                      PROFILE("only", SOURCE("2"), ENCODER("e4", "H264", "1920", "1080")) PROFILE(
                          "twin", SOURCE("2"), ENCODER("e5", "H264", "1920", "1080"))
                          PROFILE("old", SOURCE("3"), ENCODER("e6", "JPEG", "640", "480")) "</r>");
  static const char *const wanted[][2] = {{"main", "sub"}, {"only", NULL}, {"old", NULL}};
  g_autoptr(GArray) picks = iv_onvif_profiles_pick(profiles);
  g_assert_cmpuint(picks->len, ==, G_N_ELEMENTS(wanted));
  for (guint i = 0; i < picks->len; i++) {
    const IvOnvifPick *pick = &g_array_index(picks, IvOnvifPick, i);
    g_assert_cmpstr(pick->main->token, ==, wanted[i][0]);
    g_assert_cmpstr(pick->sub ? pick->sub->token : NULL, ==, wanted[i][1]);
  }
}

#define MATCHES(list)                                                                              \
  "<e:Envelope xmlns:e='e'><e:Body><d:ProbeMatches xmlns:d='d'>" list                              \
  "</d:ProbeMatches></e:Body></e:Envelope>"
#define MATCH(id, types, scopes, addresses)                                                        \
  "<d:ProbeMatch><a:EndpointReference xmlns:a='a'><a:Address>" id                                  \
  "</a:Address></a:EndpointReference><d:Types>" types "</d:Types><d:Scopes>" scopes                \
  "</d:Scopes><d:XAddrs>" addresses "</d:XAddrs></d:ProbeMatch>"
#define NVT "dn:NetworkVideoTransmitter tds:Device"

static GPtrArray *read_found(const char *text, guint max, GPtrArray *found) {
  g_autoptr(xmlDoc) doc = read_text(text);
  if (!found)
    found = g_ptr_array_new_with_free_func((GDestroyNotify)iv_onvif_found_free);
  iv_onvif_read_matches(doc, "192.168.1.20", max, found);
  return found;
}

static void test_found(void) {
  g_autoptr(GPtrArray) found = read_found(
      MATCHES(
          MATCH("urn:uuid:1", NVT,
                "onvif://www.onvif.org/name/Cam%20A&#10;onvif://www.onvif.org/hardware/M1 "
                "onvif://www.onvif.org/location/country/china "
                "onvif://www.onvif.org/location/city/Old%20Town onvif://www.onvif.org/location/",
                "http://[fe80::1]/x http://192.168.1.20:8000/onvif/device_service")
              MATCH("urn:uuid:2", NVT, "", "http://10.0.0.9:81/s")
                  MATCH("urn:uuid:1", NVT, "", "http://192.168.1.20/again")
                      MATCH("urn:uuid:3", "dp:Printer", "", "http://192.168.1.20/printer")
                          MATCH("", NVT, "", "http://192.168.1.20/nameless")
                              MATCH("urn:uuid:4", NVT, "", "file:///etc/passwd")),
      9, NULL);
  g_assert_cmpuint(found->len, ==, 2);
  const IvOnvifFound *first = found->pdata[0], *second = found->pdata[1];
  g_assert_cmpstr(first->host, ==, "192.168.1.20:8000");
  g_assert_cmpstr(first->service, ==, "http://192.168.1.20:8000/onvif/device_service");
  g_assert_cmpstr(first->name, ==, "Cam A");
  g_assert_cmpstr(first->hardware, ==, "M1");
  g_assert_cmpstr(first->location, ==, "china, Old Town");
  g_assert_cmpstr(second->service, ==, "http://192.168.1.20:81/s"); /* on the host that answered */
  read_found(MATCHES(MATCH("urn:uuid:5", NVT, "", "http://192.168.1.20/")), 2, found);
  g_assert_cmpuint(found->len, ==, 2);
}

static void test_clock_text(void) {
  static const struct {
    IvTime offset;
    const char *text;
  } cases[] = {{IV_HOUR, "1 h 0 min ahead"},
               {-42 * IV_SECOND, "42 s behind"},
               {-3 * IV_DAY - 5 * IV_HOUR, "3 d 5 h behind"},
               {61 * IV_SECOND, "1 min 1 s ahead"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = iv_onvif_clock_text(cases[i].offset);
    g_assert_cmpstr(text, ==, cases[i].text);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/onvif/answers/time", test_time);
  g_test_add_func("/onvif/answers/media", test_media);
  g_test_add_func("/onvif/answers/profiles", test_profiles);
  g_test_add_func("/onvif/answers/channels", test_channels);
  g_test_add_func("/onvif/answers/found", test_found);
  g_test_add_func("/onvif/answers/clock-text", test_clock_text);
  return g_test_run();
}
