/* SPDX-License-Identifier: Apache-2.0 */
#include "app/view_file.h"

#include <glib/gstdio.h>
#include <string.h>

#define W 320
#define H 180

static IvFrame *picture(guint32 seed, IvTime ts) {
  static guint8 pixels[H * W * 3];
  g_autoptr(GRand) random = g_rand_new_with_seed(seed);
  for (gsize i = 0; i < sizeof pixels; i++)
    pixels[i] = (guint8)((i / 3 / 16) * 2654435761u % 251);
  pixels[0] = (guint8)g_rand_int(random); /* no picture is like the one before */
  IvFrame *frame = iv_frame_new();
  frame->pixels = IV_PIXELS_RGB;
  frame->size = (IvSize){W, H};
  frame->plane[0] = pixels;
  frame->stride[0] = 3 * W;
  frame->ts = ts;
  return frame;
}

static IvViewHealth *learned(void) {
  IvViewHealth *health = iv_view_health_new();
  for (guint i = 0; i < 70; i++) {
    g_autoptr(IvFrame) frame = picture(i, (i + 1) * IV_SECOND);
    iv_view_health_look(health, frame);
  }
  return health;
}

static void test_kept(void) {
  g_autofree char *dir = g_dir_make_tmp("inveye-view-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename(dir, "views", NULL);
  g_autofree char *path = g_build_filename(folder, "door.view", NULL);
  IvCameraConfig door = {.url = (char *)"rtsp://viewer:one@192.0.2.1/s"};
  iv_slug_set(&door.id, "door");
  g_autoptr(IvViewHealth) health = learned(), fresh = iv_view_health_new();
  iv_view_file_save(dir, &door, fresh);
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS)); /* nothing was learned */
  g_assert_false(iv_view_file_load(dir, &door, fresh));
  iv_view_file_save(dir, &door, health);
  g_assert_true(iv_view_file_load(dir, &door, fresh));
  door.url = (char *)"rtsp://viewer:two@192.0.2.1/s"; /* a new password is no new view */
  g_assert_true(iv_view_file_load(dir, &door, fresh));
  door.url = (char *)"rtsp://viewer:two@192.0.2.2/s";
  g_assert_false(iv_view_file_load(dir, &door, fresh));
  g_assert_true(g_file_set_contents(path, "short", -1, NULL));
  door.url = (char *)"rtsp://viewer:one@192.0.2.1/s";
  g_assert_false(iv_view_file_load(dir, &door, fresh));
  iv_view_file_remove(dir, "door");
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  g_rmdir(folder);
  g_rmdir(dir);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/view-file/kept", test_kept);
  return g_test_run();
}
