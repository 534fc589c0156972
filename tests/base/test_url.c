/* SPDX-License-Identifier: Apache-2.0 */
#include "base/url.h"

#include <string.h>

static void test_mask(void) {
  static const struct {
    const char *text, *shown;
  } cases[] = {
      {"rtsp://admin:hidden@10.0.0.5/s1", "rtsp://admin:***@10.0.0.5/s1"},
      {"rtsp://admin:@10.0.0.5/s1", "rtsp://admin:***@10.0.0.5/s1"},
      {"rtsp://hidden@10.0.0.5/s1", "rtsp://***@10.0.0.5/s1"},
      {"rtsp://10.0.0.5:554/s1", "rtsp://10.0.0.5:554/s1"},
      {"rtsp://[fe80::1]:554/s1", "rtsp://[fe80::1]:554/s1"},
      {"rtsp://admin:hidden@[fe80::1]:554/s1", "rtsp://admin:***@[fe80::1]:554/s1"},
      {"RTSPS://admin:hidden@h/", "RTSPS://admin:***@h/"},
      {"rtsp://h/x?user=u&password=hidden&fmt=1", "rtsp://h/x?user=u&password=***&fmt=1"},
      {"password=hidden", "password=***"},
      {"", ""},
      {NULL, ""},
      {"no address here: a@b", "no address here: a@b"},
      {"admin:hidden@10.0.0.5/s1", "admin:***@10.0.0.5/s1"},
      {"no file /tmp/admin:hid@den@10.0.0.5/s1; mend", "no file /tmp/admin:***@10.0.0.5/s1; mend"},
      {"rtsp:/admin:hidden@h/", "rtsp:***@h/"},
      {"admin:hidden@h/?password=hidden", "admin:***@h/?password=***"},
      {"x?password=hidden:hidden@h", "x?password=***"},
      {"store.yaml:3:4: bad", "store.yaml:3:4: bad"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *shown = iv_url_mask(cases[i].text);
    g_assert_cmpstr(shown, ==, cases[i].shown);
  }
}

/* Passwords with every printable character, in text of several kinds: no part of it is left. */
static void test_mask_hides_any_password(void) {
  static const char *const forms[] = {
      "rtsp://admin:%s@10.0.0.5/s1",          "'rtsp://admin:%s@10.0.0.5/'",
      "\"rtsp://admin:%s@10.0.0.5/\"",        "<rtsp://admin:%s@h/>",
      "see rtsp://admin:%s@h:8554/x?y=z now", "rtsp://a:b@h/ and rtsp://admin:%s@h/"};
  for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
    for (char c = 0x21; c < 0x7f; c++) {
      char password[] = "QJXVZ?WKQJX";
      password[5] = c;
      char **parts = g_strsplit(forms[i], "%s", 2);
      g_autofree char *text = g_strconcat(parts[0], password, parts[1], NULL);
      g_autofree char *shown = iv_url_mask(text);
      if (strstr(shown, "QJX"))
        g_error("%s is shown as %s", text, shown);
      g_strfreev(parts);
    }
}

static void test_mask_again(void) {
  g_autofree char *once = iv_url_mask("rtsp://admin:hidden@h/x?token=y");
  g_autofree char *twice = iv_url_mask(once);
  g_assert_cmpstr(once, ==, twice);
}

static void test_split(void) {
  g_auto(IvUrlParts) parts = {0};
  g_autoptr(GError) error = NULL;
  iv_url_split("rtsp://ad%20min:p%40ss@[fe80::1]:8554/a/b?c=d", &parts, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(parts.user, ==, "ad min");
  g_assert_cmpstr(parts.password, ==, "p@ss");
  g_assert_cmpstr(parts.host, ==, "fe80::1");
  g_assert_cmpuint(parts.port, ==, 8554);
  g_assert_cmpstr(parts.location, ==, "rtsp://[fe80::1]:8554/a/b?c=d");
}

static void test_split_defaults(void) {
  g_auto(IvUrlParts) plain = {0}, tls = {0};
  g_assert_true(iv_url_split("rtsp://cam.local", &plain, NULL));
  g_assert_null(plain.user);
  g_assert_null(plain.password);
  g_assert_cmpuint(plain.port, ==, 554);
  g_assert_true(iv_url_split("rtsps://cam.local/", &tls, NULL));
  g_assert_cmpuint(tls.port, ==, 322);
}

static void test_refused(void) {
  static const char *const texts[] = {"",
                                      "10.0.0.5/s1",
                                      "ftp://QJX:QJX@h/",
                                      "rtsp://",
                                      "rtsp:///x",
                                      "rtsp://QJX:QJX@/x",
                                      "rtsp://h:0/",
                                      "rtsp://h:65536/",
                                      "rtsp://h:x/",
                                      "rtsp://QJX:QJ/X@h/",
                                      "rtsp://QJX:QJX%zz@h/",
                                      "rtsp://QJX:QJ X@h/",
                                      "rtsp://h/\n"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;
    if (iv_url_check(texts[i], &error))
      g_error("taken: %s", texts[i]);
    g_assert_nonnull(error);
    g_assert_null(strstr(error->message, "QJX"));
  }
  g_autofree char *filling = g_strnfill(IV_URL_MAX, 'x');
  g_autofree char *long_url = g_strconcat("rtsp://h/", filling, NULL);
  g_assert_false(iv_url_check(long_url, NULL));
}

static void check_login(const char *url, const char *user, const char *password,
                        const char *whole) {
  g_autoptr(GError) error = NULL;
  g_autofree char *got = iv_url_with_login(url, user, password, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(got, ==, whole);
}

static void test_with_login(void) {
  g_autoptr(GError) error = NULL;
  check_login("rtsp://h/x?a=1", "me", "a b@c/d:e", "rtsp://me:a%20b%40c%2Fd%3Ae@h/x?a=1");
  check_login("rtsps://old:one@h:322/x", "me", "p", "rtsps://me:p@h:322/x");
  check_login("rtsp://old:one@[::1]:554/x", "", NULL, "rtsp://[::1]:554/x");
  check_login("rtsp://h/x", "me", NULL, "rtsp://me:@h/x");
  g_assert_null(iv_url_with_login("/etc/passwd", "me", "p", &error));
  g_assert_error(error, IV_URL_ERROR, IV_URL_ERROR_SCHEME);
}

static void check_unmask(const char *wished, const char *known, const char *whole) {
  g_autoptr(GError) error = NULL;
  g_autofree char *got = iv_url_unmask(wished, known, &error);
  g_assert_cmpstr(got, ==, whole);
  g_assert_true(whole ? !error : error != NULL);
}

/* A password goes back to the machine that it is for, and to no other. */
static void test_unmask(void) {
  const char *known = "rtsp://me:a%2Fb@cam:554/x";
  check_unmask("rtsp://me:***@cam:554/x", known, known);
  check_unmask("rtsp://me:***@cam/y", known, "rtsp://me:a%2Fb@cam/y");
  check_unmask("rtsp://you:***@cam/y", known, "rtsp://you:a%2Fb@cam/y");
  check_unmask("rtsp://new:pass@other/y", known, "rtsp://new:pass@other/y");
  check_unmask("rtsp://me:***@evil/x", known, NULL);
  check_unmask("rtsp://me:***@cam:8554/x", known, NULL);
  check_unmask("rtsp://me:***@cam/x", NULL, NULL);
  check_unmask("rtsp://me:***@cam/x", "rtsp://cam/x", NULL);
  check_unmask("rtsp://***@cam/y", "rtsp://token@cam/x", NULL);
  check_unmask("rtsp://***@cam/x", "rtsp://token@cam/x", "rtsp://token@cam/x");
  check_unmask("rtsp://cam/x?password=***", "rtsp://cam/x?password=p", "rtsp://cam/x?password=p");
  check_unmask("rtsp://cam/y?password=***", "rtsp://cam/x?password=p", NULL);
}

static void test_is_url(void) {
  g_assert_true(iv_url_is_url("rtsp://x"));
  g_assert_true(iv_url_is_url("ftp://x"));
  g_assert_false(iv_url_is_url("videos/a.mp4"));
  g_assert_false(iv_url_is_url("://x"));
  g_assert_false(iv_url_is_url("C:/x"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/url/mask", test_mask);
  g_test_add_func("/base/url/mask-any-password", test_mask_hides_any_password);
  g_test_add_func("/base/url/mask-again", test_mask_again);
  g_test_add_func("/base/url/split", test_split);
  g_test_add_func("/base/url/split-defaults", test_split_defaults);
  g_test_add_func("/base/url/refused", test_refused);
  g_test_add_func("/base/url/is-url", test_is_url);
  g_test_add_func("/base/url/with-login", test_with_login);
  g_test_add_func("/base/url/unmask", test_unmask);
  return g_test_run();
}
