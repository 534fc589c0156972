/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/soap.h"

#include <string.h>

#include "onvif/address.h"
#include "onvif/onvif_error.h"

static xmlDoc *read_text(const char *text) {
  return iv_xml_read(text, strlen(text), NULL);
}

/* The example of the ONVIF Application Programmer's Guide, section 6.1.1.3. */
static void test_digest(void) {
  gsize n = 0;
  g_autofree guint8 *nonce = g_base64_decode("LKqI6G/AikKCQrN0zqZFlg==", &n);
  g_autofree char *digest = iv_soap_digest(nonce, n, "2010-09-16T07:50:45Z", "userpassword");
  g_assert_cmpstr(digest, ==, "tuOSpGlFlIXsozq4HFNeeGeFLEI=");
}

static void test_question(void) {
  IvSoapLogin login = {.user = "o'<neil>", .password = "geheim", .created = 1284623445 * IV_SECOND};
  g_autofree char *plain = iv_soap_question("<x/>", NULL);
  g_autofree char *text = iv_soap_question("<x/>", &login);
  g_autoptr(xmlDoc) doc = read_text(text);
  g_assert_nonnull(doc);
  g_assert_null(strstr(plain, "Security"));
  g_assert_null(strstr(text, "geheim"));
  g_assert_nonnull(strstr(text, ">2010-09-16T07:50:45.000Z<"));
  g_autofree char *user =
      iv_xml_text(iv_xml_find(xmlDocGetRootElement(doc), "Username", NULL), IV_XML_NAME_MAX);
  g_assert_cmpstr(user, ==, login.user);
}

#define SOAP(body)                                                                                 \
  "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body>" body                    \
  "</e:Body></e:Envelope>"
#define FAULT(code)                                                                                \
  SOAP("<e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>" code                     \
       "</e:Value></e:Subcode></e:Code><e:Reason><e:Text xml:lang='en'>No &lt;way&gt;"             \
       "</e:Text></e:Reason></e:Fault>")

static void check_answer(const char *text, int code, const char *message) {
  g_autoptr(GError) error = NULL;
  g_autoptr(xmlDoc) doc = read_text(text);
  g_assert_nonnull(doc);
  g_assert_null(iv_soap_answer(doc, &error));
  g_assert_error(error, IV_ONVIF_ERROR, code);
  g_assert_nonnull(strstr(error->message, message));
}

static void test_answer(void) {
  g_autoptr(xmlDoc) doc = read_text(SOAP("<!-- x --><a><b>1</b></a>"));
  xmlNode *answer = iv_soap_answer(doc, NULL);
  g_assert_cmpstr((const char *)answer->name, ==, "a");
  check_answer(FAULT("ter:NotAuthorized"), IV_ONVIF_ERROR_LOGIN, "login");
  check_answer(FAULT("NotAuthorized"), IV_ONVIF_ERROR_LOGIN, "login");
  check_answer(FAULT("ter:ActionNotSupported"), IV_ONVIF_ERROR_NOT_ONVIF, "No <way>");
  check_answer(SOAP("<e:Fault><faultcode>wsse:FailedAuthentication</faultcode></e:Fault>"),
               IV_ONVIF_ERROR_LOGIN, "login");
  check_answer(SOAP(""), IV_ONVIF_ERROR_NOT_ONVIF, "not SOAP");
  check_answer("<html><body>hello</body></html>", IV_ONVIF_ERROR_NOT_ONVIF, "not SOAP");
}

static void check_refused(const char *text, gsize n) {
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_xml_read(text, n, &error));
  g_assert_error(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_NOT_ONVIF);
}

static void test_refuses(void) {
  static const char *const texts[] = {
      "",
      "x",
      "<a>",
      "<a></b>",
      "<a>&nothing;</a>",
      "<!DOCTYPE a><a/>",
      "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
      "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
      "<?xml version='1.0' encoding='utf-16'?><a>\xff</a>",
      "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x.dtd'><a/>"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    check_refused(texts[i], strlen(texts[i]));
  g_autofree char *large = g_malloc(IV_XML_BYTES_MAX + 1);
  memset(large, ' ', IV_XML_BYTES_MAX + 1);
  memcpy(large + IV_XML_BYTES_MAX - 3, "<a/>", 4);
  check_refused(large, IV_XML_BYTES_MAX + 1);
  GString *deep = g_string_new(NULL);
  for (int i = 0; i < 10000; i++)
    g_string_append(deep, "<a>");
  check_refused(deep->str, deep->len);
  g_string_free(deep, TRUE);
}

static void test_text(void) {
  g_autoptr(xmlDoc) doc = read_text("<a n='&#9;q '>\n v&#xe4;l &amp;\n w </a>");
  const xmlNode *node = xmlDocGetRootElement(doc);
  g_autofree char *text = iv_xml_text(node, 100), *cut = iv_xml_text(node, 2);
  g_autofree char *attribute = iv_xml_attribute(node, "n", 100);
  g_autofree char *none = iv_xml_attribute(node, "m", 100), *nothing = iv_xml_text(NULL, 9);
  g_assert_cmpstr(text, ==, "väl &  w");
  g_assert_cmpstr(cut, ==, "v"); /* not half a character */
  g_assert_cmpstr(attribute, ==, "q");
  g_assert_cmpstr(none, ==, "");
  g_assert_cmpstr(nothing, ==, "");
}

static void check_address(const char *text, const char *whole, const char *place) {
  g_auto(IvOnvifAddress) address = {0};
  g_autoptr(GError) error = NULL;
  if (!iv_onvif_address_read(text, &address, &error)) {
    g_assert_null(whole);
    g_assert_error(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_INVALID);
    g_assert_null(strstr(error->message, "geheim"));
    return;
  }
  g_autofree char *got = iv_onvif_address_text(&address, 0, NULL);
  g_autofree char *got_place = iv_onvif_address_place(&address);
  g_assert_cmpstr(got, ==, whole);
  g_assert_cmpstr(got_place, ==, place);
}

static void test_address(void) {
  check_address("192.168.1.20", "http://192.168.1.20", "192.168.1.20");
  check_address("cam.shop:8080", "http://cam.shop:8080", "cam.shop:8080");
  check_address("[fe80::1]:81", "http://[fe80::1]:81", "[fe80::1]:81");
  check_address("https://h/onvif/x?y=1", "https://h/onvif/x?y=1", "h");
  static const char *const bad[] = {
      "",     " ",         "a b", "u:geheim@h", "http://",    "ftp://h", "file:///etc",
      "h:0",  "h:99999",   "h:x", "-ä b",       "rtsp://h/x", "a\nb",    "http://u:geheim@h/",
      "h\"'", "gopher://h"};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    check_address(bad[i], NULL, NULL);
}

static void check_service(const char *told, const char *got) {
  IvOnvifAddress reached = {"http", "203.0.113.9", "/onvif/device_service", 8080};
  g_autofree char *service = iv_onvif_service_at(told, &reached);
  g_assert_cmpstr(service, ==, got);
}

static void check_stream(const char *told, const char *got) {
  IvOnvifAddress reached = {"http", "203.0.113.9", "", 8080};
  g_autofree char *stream = iv_onvif_stream_at(told, &reached);
  g_assert_cmpstr(stream, ==, got);
}

static void test_moves(void) {
  check_service("http://192.168.1.20/onvif/media", "http://203.0.113.9:8080/onvif/media");
  check_service("http://203.0.113.9:81/m?x", "http://203.0.113.9:81/m?x");
  check_service("https://other/m", "http://203.0.113.9:8080/m");
  check_service("file:///etc/passwd", NULL);
  check_service("", NULL);
  check_stream("rtsp://192.168.1.20:554/s?a=1&b=2", "rtsp://203.0.113.9/s?a=1&b=2");
  check_stream("RTSP://admin:geheim@10.0.0.1:8554/s", "rtsp://203.0.113.9:8554/s");
  check_stream("rtsps://10.0.0.1/s", "rtsps://203.0.113.9/s");
  check_stream("rtsps://10.0.0.1:554/s", "rtsps://203.0.113.9:554/s");
  check_stream("http://10.0.0.1/s", NULL);
  check_stream("rtsp://10.0.0.1/a b", NULL);
  check_stream("", NULL);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/onvif/soap/digest", test_digest);
  g_test_add_func("/onvif/soap/question", test_question);
  g_test_add_func("/onvif/soap/answer", test_answer);
  g_test_add_func("/onvif/xml/refuses", test_refuses);
  g_test_add_func("/onvif/xml/text", test_text);
  g_test_add_func("/onvif/address/read", test_address);
  g_test_add_func("/onvif/address/moves", test_moves);
  return g_test_run();
}
