/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/makers.h"

#include <string.h>

#include "base/ids.h"
#include "base/url.h"

static void check(const char *id, gboolean sub, const char *host, guint channel, const char *url) {
  const IvMaker *maker = iv_maker_find(id);
  g_assert_nonnull(maker);
  g_autofree char *got = iv_maker_url(sub ? maker->sub_stream : maker->main_stream, host, channel);
  g_assert_cmpstr(got, ==, url);
}

static void test_urls(void) {
  check("hikvision", TRUE, "10.0.0.5", 3, "rtsp://10.0.0.5/Streaming/Channels/302");
  check("dahua", TRUE, "10.0.0.5:8554", 12,
        "rtsp://10.0.0.5:8554/cam/realmonitor?channel=12&subtype=1");
  check("reolink", FALSE, "cam", 1, "rtsp://cam/h264Preview_01_main");
  check("hanwha-nvr", FALSE, "[fe80::1]", 1, "rtsp://[fe80::1]/LiveChannel/0/media.smp");
  check("foscam", FALSE, "cam", 1, "rtsp://cam:88/videoMain");
  check("foscam", FALSE, "cam:554", 1, "rtsp://cam:554/videoMain");
  check("foscam", FALSE, "[::1]:554", 1, "rtsp://[::1]:554/videoMain");
  check("uniview", FALSE, NULL, 2, "rtsp://{host}/unicast/c2/s0/live");
  check("uniview", FALSE, NULL, 0, "rtsp://{host}/unicast/c{channel}/s0/live");
}

/* Every row gives addresses that cameras are read by, with nothing left to be filled in. */
static void test_table(void) {
  for (guint i = 0; i < iv_n_makers; i++) {
    const char *const streams[] = {iv_makers[i].main_stream, iv_makers[i].sub_stream};
    g_assert_true(iv_slug_is_valid(iv_makers[i].id));
    g_assert_true(iv_maker_find(iv_makers[i].id) == &iv_makers[i]);
    for (guint s = 0; s < 2 && streams[s]; s++) {
      g_autoptr(GError) error = NULL;
      g_autofree char *url = iv_maker_url(streams[s], "192.168.1.20", 16);
      iv_url_check(url, &error);
      g_assert_no_error(error);
      g_assert_null(strpbrk(url, "{}"));
    }
  }
  g_assert_null(iv_maker_find("nobody"));
}

static void check_told(const char *told, const char *id) {
  const IvMaker *maker = iv_maker_of(told);
  g_assert_cmpstr(maker ? maker->id : NULL, ==, id);
}

static void test_told(void) {
  check_told("HIKVISION", "hikvision");
  check_told("Dahua Technology", "dahua");
  check_told("Amcrest", "dahua");
  check_told("AXIS M3045-V", "axis");
  check_told("TP-LINK", "vigi");
  check_told("Hanwha Techwin", "hanwha");
  check_told("", NULL);
  check_told("IPCamera", NULL);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/onvif/makers/urls", test_urls);
  g_test_add_func("/onvif/makers/table", test_table);
  g_test_add_func("/onvif/makers/told", test_told);
  return g_test_run();
}
