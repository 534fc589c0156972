/* SPDX-License-Identifier: Apache-2.0 */
#include "model/raster.h"

#include <string.h>

G_DEFINE_QUARK(iv_raster_error, iv_raster_error)

#define REFUSE(...)                                                                                \
  (g_set_error(error, IV_RASTER_ERROR, IV_RASTER_ERROR_INVALID, __VA_ARGS__), FALSE)
#define PNG_HEAD "\x89PNG\r\n\x1a\n"

const char *iv_raster_type(IvRasterKind kind) {
  return kind == IV_RASTER_PNG ? "image/png" : "image/jpeg";
}

const char *iv_raster_ending(IvRasterKind kind) {
  return kind == IV_RASTER_PNG ? ".png" : ".jpg";
}

static guint32 big_32(const guint8 *p) {
  return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

static int big_16(const guint8 *p) {
  return p[0] << 8 | p[1];
}

/* Chunks from IHDR to IEND fill the file (PNG 1.2, section 3). */
static gboolean look_png(const guint8 *p, gsize n, IvSize *ret_size) {
  gsize at = 8;
  while (n - at >= 12) {
    guint32 length = big_32(p + at);
    if (length > n - at - 12)
      return FALSE;
    if (at == 8) {
      if (memcmp(p + at + 4, "IHDR", 4) != 0 || length != 13)
        return FALSE;
      guint32 w = big_32(p + at + 8), h = big_32(p + at + 12);
      *ret_size = (IvSize){(int)MIN(w, G_MAXINT), (int)MIN(h, G_MAXINT)};
    }
    at += length + 12;
    if (memcmp(p + at - length - 8, "IEND", 4) == 0)
      return at == n;
  }
  return FALSE;
}

static gboolean is_frame(guint8 marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* Segments up to the frame's head, which tells the size (ITU T.81, annex B). */
static gboolean look_jpeg(const guint8 *p, gsize n, IvSize *ret_size) {
  gsize at = 2;
  if (n < 4 || p[n - 2] != 0xFF || p[n - 1] != 0xD9)
    return FALSE;
  while (at + 9 < n && p[at] == 0xFF) {
    int length = big_16(p + at + 2);
    if (is_frame(p[at + 1])) {
      *ret_size = (IvSize){big_16(p + at + 7), big_16(p + at + 5)};
      return length >= 8;
    }
    if (length < 2)
      return FALSE;
    at += (gsize)length + 2;
  }
  return FALSE;
}

gboolean iv_raster_look(const void *bytes, gsize length, IvRaster *ret_raster, GError **error) {
  const guint8 *p = bytes;
  IvRaster raster = {0};
  if (length > IV_RASTER_BYTES_MAX)
    return REFUSE("the picture is larger than %d MiB; save it smaller",
                  IV_RASTER_BYTES_MAX / 1024 / 1024);
  gboolean is_png = length >= 8 && memcmp(p, PNG_HEAD, 8) == 0;
  gboolean is_jpeg = length >= 3 && p[0] == 0xFF && p[1] == 0xD8 && p[2] == 0xFF;
  if (!is_png && !is_jpeg)
    return REFUSE("this is neither a PNG nor a JPEG picture; save the plan as one of them");
  raster.kind = is_png ? IV_RASTER_PNG : IV_RASTER_JPEG;
  if (!(is_png ? look_png(p, length, &raster.size) : look_jpeg(p, length, &raster.size)))
    return REFUSE("the picture is broken or cut off; save it again");
  if (raster.size.width < 1 || raster.size.height < 1 || raster.size.width > IV_RASTER_SIDE_MAX ||
      raster.size.height > IV_RASTER_SIDE_MAX)
    return REFUSE("the picture is %d x %d pixels; up to %d x %d are allowed", raster.size.width,
                  raster.size.height, IV_RASTER_SIDE_MAX, IV_RASTER_SIDE_MAX);
  g_autofree char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, length);
  g_strlcpy(raster.name, digest, sizeof raster.name);
  *ret_raster = raster;
  return TRUE;
}
