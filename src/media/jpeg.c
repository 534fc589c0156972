/* SPDX-License-Identifier: Apache-2.0 */
#include "media/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "media/picture.h"

#define BAND 16 /* luma rows that libjpeg takes at a time with halved chroma */

/* libjpeg would end the process on an error. */
typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf back;
} Errors;

static void on_error(j_common_ptr jpeg) {
  longjmp(((Errors *)jpeg->err)->back, 1);
}

static void on_message(G_GNUC_UNUSED j_common_ptr jpeg) {}

static void set_up(struct jpeg_compress_struct *jpeg, const IvPicture *picture, int quality) {
  jpeg->image_width = (JDIMENSION)picture->size.width;
  jpeg->image_height = (JDIMENSION)picture->size.height;
  jpeg->input_components = 3;
  jpeg->in_color_space = JCS_YCbCr;
  jpeg_set_defaults(jpeg); /* chroma halved both ways, as our planes are */
  jpeg_set_quality(jpeg, CLAMP(quality, 1, 100), TRUE);
  jpeg->raw_data_in = TRUE;
  jpeg->dct_method = JDCT_ISLOW;
}

static void write_bands(struct jpeg_compress_struct *jpeg, const IvPicture *picture) {
  JSAMPROW rows[3][BAND];
  JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
  for (int top = 0; top < picture->rows[0]; top += BAND) {
    for (int i = 0; i < BAND; i++)
      rows[0][i] = picture->plane[0] + (gssize)(top + i) * picture->stride[0];
    for (int p = 1; p < 3; p++)
      for (int i = 0; i < BAND / 2; i++)
        rows[p][i] = picture->plane[p] + (gssize)(top / 2 + i) * picture->stride[p];
    jpeg_write_raw_data(jpeg, planes, BAND);
  }
}

GBytes *iv_picture_encode(const IvPicture *picture, int quality) {
  struct jpeg_compress_struct jpeg;
  Errors errors;
  unsigned char *volatile bytes = NULL;
  unsigned char *out = NULL;
  unsigned long size = 0;
  jpeg.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = on_error;
  errors.base.output_message = on_message;
  if (setjmp(errors.back)) {
    jpeg_destroy_compress(&jpeg);
    free(bytes);
    return NULL;
  }
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, &out, &size);
  set_up(&jpeg, picture, quality);
  jpeg_start_compress(&jpeg, TRUE);
  write_bands(&jpeg, picture);
  jpeg_finish_compress(&jpeg);
  bytes = out;
  jpeg_destroy_compress(&jpeg);
  return g_bytes_new_with_free_func(bytes, size, free, bytes);
}

GBytes *iv_jpeg_encode(const IvFrame *frame, IvJpegScale scale, int quality, const IvJpegBox *boxes,
                       guint n_boxes) {
  if (frame->size.width / (int)scale > JPEG_MAX_DIMENSION ||
      frame->size.height / (int)scale > JPEG_MAX_DIMENSION)
    return NULL;
  IvPicture picture;
  iv_picture_init(&picture, frame, scale);
  for (guint i = 0; i < MIN(n_boxes, IV_JPEG_BOXES_MAX); i++)
    iv_picture_draw_box(&picture, &boxes[i]);
  GBytes *jpeg = iv_picture_encode(&picture, quality);
  iv_picture_clear(&picture);
  return jpeg;
}

IvJpegScale iv_jpeg_scale_for(IvSize picture, int width) {
  static const IvJpegScale scales[] = {IV_JPEG_QUARTER, IV_JPEG_HALF};
  for (gsize i = 0; width > 0 && i < G_N_ELEMENTS(scales); i++)
    if (picture.width / (int)scales[i] >= width)
      return scales[i];
  return IV_JPEG_FULL;
}
