/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/url.h"

static void check_mask(const char *text, const char *masked) {
  g_autofree char *got = iv_url_mask(text);
  g_assert_cmpstr(got, ==, masked);
}

static void test_mask(void) {
  check_mask(NULL, "");
  check_mask("", "");
  check_mask("nothing to hide", "nothing to hide");
  check_mask("rtsp://host/path", "rtsp://host/path");
  check_mask("rtsp://host:554/path?channel=1", "rtsp://host:554/path?channel=1");
  check_mask("rtsp://[fe80::1]:554/x", "rtsp://[fe80::1]:554/x");
  check_mask("rtsp://admin:secret@host/x", "rtsp://admin:***@host/x");
  check_mask("rtsp://admin:s@e:c@host/x", "rtsp://admin:***@host/x");
  check_mask("rtsp://admin:se/cr#et?@host/x", "rtsp://admin:***@host/x");
  check_mask("rtsp://admin:12/34@host/x", "rtsp://admin:***@host/x");
  check_mask("rtsp://token@host/x", "rtsp://***@host/x");
  check_mask("rtsp://admin:secret", "rtsp://admin:***");
  check_mask("rtsp://admin:@host/", "rtsp://admin:***@host/");
  check_mask("rtsp://u:p@[::1]:554/x", "rtsp://u:***@[::1]:554/x");
}

static void test_mask_in_text(void) {
  check_mask("can't open \"rtsp://a:b@c/d\": no route",
             "can't open \"rtsp://a:***@c/d\": no route");
  check_mask("rtsp://a:b@c/1,rtsp://d:e@f/2", "rtsp://a:***@c/1,rtsp://d:***@f/2");
  check_mask("rtsp://a:b@c rtsp://d:e@f", "rtsp://a:***@c rtsp://d:***@f");
  check_mask("http://h/x?user=a&password=b&n=1", "http://h/x?user=a&password=***&n=1");
  check_mask("http://h/user=a_password=b_c_channel=1", "http://h/user=a_password=***");
  check_mask("accessToken=abc&PWD=x", "accessToken=***&PWD=***");
  check_mask("password= and more", "password= and more");
}

/* Whatever the text, the secret never gets through. */
static void test_mask_never_leaks(void) {
  static const char *const forms[] = {
      "rtsp://u:%s@h/x",    "x rtsp://u:%s@h",    "rtsp://u:%s@h?token=%s", "rtsps://%s@h/y",
      "(rtsp://u:%s@h:1/)", "rtsp://u:%s@[::1]/", "RTSP://U:%s@H/",         "rtsp://u:%s@h/a@b",
  };
  static const char *const secrets[] = {"S3CRETx",   "S3C@S3CRETx", "S3CRETx/S3CRETx",
                                        "a:S3CRETx", "S3CRETx?a=b", "S3CRETx#",
                                        "%41S3CRETx"};
  for (gsize f = 0; f < G_N_ELEMENTS(forms); f++)
    for (gsize s = 0; s < G_N_ELEMENTS(secrets); s++) {
      g_auto(GStrv) parts = g_strsplit(forms[f], "%s", -1);
      g_autofree char *text = g_strjoinv(secrets[s], parts);
      g_autofree char *masked = iv_url_mask(text);
      if (strstr(masked, "S3CRET"))
        g_test_fail_printf("%s -> %s", text, masked);
    }
}

static void check_bad(const char *url, int code) {
  g_autoptr(GError) error = NULL;
  g_assert_false(iv_url_check(url, &error));
  g_assert_error(error, IV_URL_ERROR, code);
  g_assert_null(strstr(error->message, "geheim"));
}

static void test_check(void) {
  g_assert_true(iv_url_check("rtsp://h/x", NULL));
  g_assert_true(iv_url_check("RTSPS://u:p@h:1/x?a=b", NULL));
  g_assert_true(iv_url_check("rtsp://[::1]/x", NULL));
  g_assert_true(iv_url_check("http://h/mjpg/video.mjpg", NULL)); /* motion JPEG */
  g_assert_true(iv_url_check("https://u:p@h:8443/x", NULL));
  check_bad("ftp://h/x", IV_URL_ERROR_SCHEME);
  check_bad("host/x", IV_URL_ERROR_SCHEME);
  check_bad("", IV_URL_ERROR_SCHEME);
  check_bad("rtsp://", IV_URL_ERROR_SYNTAX);
  check_bad("rtsp:///x", IV_URL_ERROR_SYNTAX);
  check_bad("rtsp://u:geheim@/x", IV_URL_ERROR_SYNTAX);
  check_bad("rtsp://h:0/x", IV_URL_ERROR_SYNTAX);
  check_bad("rtsp://h:65536/x", IV_URL_ERROR_SYNTAX);
  check_bad("rtsp://h:/x", IV_URL_ERROR_SYNTAX);
  check_bad("rtsp://u:geheim/x@h/", IV_URL_ERROR_SYNTAX);
  check_bad("rtsp://u:ge heim@h/", IV_URL_ERROR_SYNTAX);
  check_bad("rtsp://u:geheim%zz@h/", IV_URL_ERROR_SYNTAX);
  check_bad("rtsp://h/\n", IV_URL_ERROR_SYNTAX);
  g_autofree char *long_path = g_strnfill(IV_URL_MAX, 'a');
  g_autofree char *long_url = g_strconcat("rtsp://h/", long_path, NULL);
  check_bad(long_url, IV_URL_ERROR_SYNTAX);
}

static void test_split(void) {
  g_auto(IvUrlParts) parts = {0};
  g_assert_true(iv_url_split("rtsp://ad%40min:p%3Aw@r@10.0.0.1:8554/a/b?c=d", &parts, NULL));
  g_assert_cmpstr(parts.location, ==, "rtsp://10.0.0.1:8554/a/b?c=d");
  g_assert_cmpstr(parts.user, ==, "ad@min");
  g_assert_cmpstr(parts.password, ==, "p:w@r");
  g_assert_cmpstr(parts.host, ==, "10.0.0.1");
  g_assert_cmpint(parts.port, ==, 8554);
  iv_url_parts_clear(&parts);
  g_assert_true(iv_url_split("rtsps://[fe80::1]/", &parts, NULL));
  g_assert_cmpstr(parts.host, ==, "fe80::1");
  g_assert_cmpint(parts.port, ==, 322);
  g_assert_null(parts.user);
  g_assert_null(parts.password);
}

static void test_is_url(void) {
  g_assert_true(iv_url_is_url("rtsp://h"));
  g_assert_true(iv_url_is_url("http://h"));
  g_assert_false(iv_url_is_url("/a/b://c"));
  g_assert_false(iv_url_is_url("clip.mp4"));
  g_assert_false(iv_url_is_url("://x"));
  g_assert_false(iv_url_is_url(""));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/url/mask", test_mask);
  g_test_add_func("/base/url/mask-in-text", test_mask_in_text);
  g_test_add_func("/base/url/mask-never-leaks", test_mask_never_leaks);
  g_test_add_func("/base/url/check", test_check);
  g_test_add_func("/base/url/split", test_split);
  g_test_add_func("/base/url/is-url", test_is_url);
  return g_test_run();
}
