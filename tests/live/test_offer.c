/* SPDX-License-Identifier: Apache-2.0 */
#include <gio/gio.h>
#include <string.h>

#include "live/live_error.h"
#include "live/offer.h"

static const char *folder;

static char *load(const char *name) {
  char *text = NULL;
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

/* The payload type; 0 when it is refused with `code`. */
static guint read_offer(const char *text, int code) {
  g_auto(IvOffer) offer = {0};
  g_autoptr(GError) error = NULL;
  if (iv_offer_read(text, strlen(text), &offer, &error))
    return offer.payload;
  g_assert_null(offer.sdp);
  g_assert_error(error, IV_LIVE_ERROR, code);
  return 0;
}

static guint soon_of(const char *text) {
  g_auto(IvOffer) offer = {0};
  g_assert_true(iv_offer_read(text, strlen(text), &offer, NULL));
  return offer.soon;
}

static char *without(const char *text, const char *part) {
  g_autoptr(GString) out = g_string_new(text);
  g_assert_cmpuint(g_string_replace(out, part, "", 0), >, 0);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* It offers H.264 six times over; 108 is Constrained Baseline in mode 1. */
static void test_browser(void) {
  g_autofree char *text = load("chromium.sdp");
  g_assert_cmpuint(read_offer(text, 0), ==, 108);
}

#define SOON " http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"

static void test_soon(void) {
  static const struct {
    const char *offered;
    guint number;
  } cases[] = {
      {"a=extmap:5/recvonly" SOON, 5}, {"a=extmap:14" SOON, 14}, {"a=extmap:15" SOON, 0},
      {"a=extmap:0" SOON, 0},          {"a=extmap:x" SOON, 0},   {"a=extmap:5" SOON "s", 0},
      {"a=extmap:5/sendonly" SOON, 0}, {"a=extmap:5", 0},        {"a=extmap:", 0}};
  g_autofree char *text = load("chromium.sdp");
  const char *at = strstr(text, SOON);
  g_assert_nonnull(at);
  while (at[-1] != ':')
    at--;
  guint number = (guint)g_ascii_strtoull(at, NULL, 10);
  g_assert_cmpuint(soon_of(text), ==, number);
  g_autofree char *line = g_strdup_printf("a=extmap:%u" SOON, number);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) changed = g_string_new(text);
    g_assert_cmpuint(g_string_replace(changed, line, cases[i].offered, 0), ==, 1);
    g_assert_cmpuint(soon_of(changed->str), ==, cases[i].number);
  }
}

static void test_next_best_profile(void) {
  g_autofree char *text = load("chromium.sdp");
  g_autofree char *baseline = without(text, "a=rtpmap:108 H264/90000\r\n");
  g_autofree char *high = without(baseline, "a=rtpmap:102 H264/90000\r\n");
  g_assert_cmpuint(read_offer(baseline, 0), ==, 102);
  g_assert_cmpuint(read_offer(high, 0), ==, 116);
}

/* The keys of the session hold for its media, and sound beside the video is not minded. */
static void test_sound_beside(void) {
  g_autofree char *text = load("audio-and-video.sdp");
  g_assert_cmpuint(read_offer(text, 0), ==, 126);
}

static void test_no_h264(void) {
  g_autofree char *text = load("vp8-only.sdp");
  g_assert_cmpuint(read_offer(text, IV_LIVE_ERROR_NO_H264), ==, 0);
  g_autofree char *modes = load("audio-and-video.sdp");
  g_autofree char *mode0 = without(modes, ";packetization-mode=1");
  g_assert_cmpuint(read_offer(mode0, IV_LIVE_ERROR_NO_H264), ==, 0);
}

static void test_no_offers(void) {
  static const char *const parts[] = {"a=ice-ufrag:abcd\r\n", "m=video", "v=0\r\n"};
  static const char *const texts[] = {"", "v=0", "{}", "v=0\r\nnonsense\r\n", "v=1\r\n"};
  g_autofree char *text = load("audio-and-video.sdp");
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autofree char *lacking = without(text, parts[i]);
    g_assert_cmpuint(read_offer(lacking, IV_LIVE_ERROR_OFFER), ==, 0);
  }
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_assert_cmpuint(read_offer(texts[i], IV_LIVE_ERROR_OFFER), ==, 0);
}

/* Who wants to send gets nothing to see. */
static void test_senders(void) {
  g_autofree char *text = load("audio-and-video.sdp");
  g_autoptr(GString) sender = g_string_new(text);
  g_string_replace(sender, "a=recvonly", "a=sendonly", 0);
  g_assert_cmpuint(read_offer(sender->str, IV_LIVE_ERROR_OFFER), ==, 0);
  g_string_replace(sender, "a=sendonly", "a=inactive", 0);
  g_assert_cmpuint(read_offer(sender->str, IV_LIVE_ERROR_OFFER), ==, 0);
}

static void test_limits(void) {
  g_autofree char *text = load("audio-and-video.sdp");
  g_autoptr(GString) more = g_string_new(text);
  for (int i = 0; i < IV_OFFER_ATTRIBUTES_MAX; i++)
    g_string_append(more, "a=x:y\r\n");
  g_assert_cmpuint(read_offer(more->str, IV_LIVE_ERROR_OFFER), ==, 0);
  g_string_assign(more, text);
  for (int i = 0; i < IV_OFFER_MEDIA_MAX; i++)
    g_string_append(more, "m=video 9 UDP/TLS/RTP/SAVPF 126\r\n");
  g_assert_cmpuint(read_offer(more->str, IV_LIVE_ERROR_OFFER), ==, 0);
  g_string_assign(more, text);
  while (more->len <= IV_OFFER_BYTES_MAX)
    g_string_append(more,
                    "a=x:yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n");
  g_assert_cmpuint(read_offer(more->str, IV_LIVE_ERROR_OFFER), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_assert_cmpint(argc, ==, 2);
  folder = argv[1];
  g_test_add_func("/live/offer/browser", test_browser);
  g_test_add_func("/live/offer/soon", test_soon);
  g_test_add_func("/live/offer/next_best_profile", test_next_best_profile);
  g_test_add_func("/live/offer/sound_beside", test_sound_beside);
  g_test_add_func("/live/offer/no_h264", test_no_h264);
  g_test_add_func("/live/offer/no_offers", test_no_offers);
  g_test_add_func("/live/offer/senders", test_senders);
  g_test_add_func("/live/offer/limits", test_limits);
  return g_test_run();
}
