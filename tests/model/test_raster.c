/* SPDX-License-Identifier: Apache-2.0 */
#include "model/raster.h"

#include <string.h>

/* A PNG of one grey pixel, and the head and end of a JPEG of 32 x 16. */
static const guint8 png[] = {0x89, 'P', 'N',  'G',  '\r', '\n', 0x1a, '\n', 0,    0, 0, 13,
                             'I',  'H', 'D',  'R',  0,    0,    0,    1,    0,    0, 0, 1,
                             8,    0,   0,    0,    0,    0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0,
                             10,   'I', 'D',  'A',  'T',  0x78, 0xda, 0x63, 0x68, 0, 0, 0,
                             0x82, 0,   0x81, 0x77, 0xcd, 0x72, 0xb6, 0,    0,    0, 0, 'I',
                             'E',  'N', 'D',  0xae, 0x42, 0x60, 0x82};
static const guint8 jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 0,  4, 1,  2,    0xff, 0xc0,
                              0,    11,   8,    0,    16, 0, 32, 1,    1,    0x11,
                              0,    0xff, 0xda, 0,    2,  9, 9,  0xff, 0xd9};

static char *fault_of(const void *bytes, gsize n) {
  IvRaster raster;
  g_autoptr(GError) error = NULL;
  g_assert_false(iv_raster_look(bytes, n, &raster, &error));
  g_assert_error(error, IV_RASTER_ERROR, IV_RASTER_ERROR_INVALID);
  return g_strdup(error->message);
}

static void test_good(void) {
  IvRaster raster;
  g_assert_true(iv_raster_look(png, sizeof png, &raster, NULL));
  g_assert_cmpint(raster.kind, ==, IV_RASTER_PNG);
  g_assert_cmpint(raster.size.width, ==, 1);
  g_assert_cmpuint(strlen(raster.name), ==, 16);
  g_assert_true(iv_raster_look(jpeg, sizeof jpeg, &raster, NULL));
  g_assert_cmpint(raster.kind, ==, IV_RASTER_JPEG);
  g_assert_cmpint(raster.size.width, ==, 32);
  g_assert_cmpint(raster.size.height, ==, 16);
}

/* Whatever is cut off is refused, and nothing beyond the end is read. */
static void test_cut_off(void) {
  for (gsize n = 0; n < sizeof png; n++) {
    g_autofree guint8 *part = g_memdup2(png, n);
    g_free(fault_of(part, n));
  }
  for (gsize n = 0; n < sizeof jpeg; n++) {
    g_autofree guint8 *part = g_memdup2(jpeg, n);
    g_free(fault_of(part, n));
  }
}

static void test_bad(void) {
  g_autofree char *svg = fault_of("<svg onload='x'/>", 17);
  g_assert_nonnull(strstr(svg, "neither a PNG nor a JPEG"));
  guint8 huge[sizeof png];
  memcpy(huge, png, sizeof png);
  huge[18] = 0x7f; /* 32513 pixels wide */
  g_autofree char *wide = fault_of(huge, sizeof huge);
  g_assert_nonnull(strstr(wide, "8192 x 8192"));
  huge[16] = 0xff; /* more than an int */
  g_free(fault_of(huge, sizeof huge));
  guint8 longer[sizeof png + 4] = {0};
  memcpy(longer, png, sizeof png); /* something behind the end */
  g_autofree char *tail = fault_of(longer, sizeof longer);
  g_assert_nonnull(strstr(tail, "broken"));
  g_autofree char *large = g_malloc0(IV_RASTER_BYTES_MAX + 1);
  g_autofree char *much = fault_of(large, IV_RASTER_BYTES_MAX + 1);
  g_assert_nonnull(strstr(much, "4 MiB"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/model/raster/good", test_good);
  g_test_add_func("/model/raster/cut-off", test_cut_off);
  g_test_add_func("/model/raster/bad", test_bad);
  return g_test_run();
}
