/* SPDX-License-Identifier: Apache-2.0 */
/* Our own JPEGs (chroma halved both ways) back to planes, without a detour over colours. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "media/still.h"

#define BAND 16 /* luma rows that libjpeg gives at a time with halved chroma */

/* libjpeg would end the process on an error. */
typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf back;
} Errors;

static void on_error(j_common_ptr jpeg) {
  longjmp(((Errors *)jpeg->err)->back, 1);
}

static void on_message(G_GNUC_UNUSED j_common_ptr jpeg) {}

static gboolean is_ours(const struct jpeg_decompress_struct *jpeg) {
  return jpeg->num_components == 3 && jpeg->jpeg_color_space == JCS_YCbCr &&
         jpeg->comp_info[0].h_samp_factor == 2 && jpeg->comp_info[0].v_samp_factor == 2 &&
         jpeg->comp_info[1].h_samp_factor == 1 && jpeg->comp_info[1].v_samp_factor == 1 &&
         jpeg->comp_info[2].h_samp_factor == 1 && jpeg->comp_info[2].v_samp_factor == 1;
}

static int padded(JDIMENSION n) {
  return ((int)n + BAND - 1) / BAND * BAND;
}

/* Planes with room for whole blocks, as libjpeg fills them. */
static void make_planes(IvFrame *frame, const struct jpeg_decompress_struct *jpeg) {
  int width = padded(jpeg->image_width), height = padded(jpeg->image_height);
  gsize luma = (gsize)width * (gsize)height;
  guint8 *bytes = g_malloc(luma + luma / 2);
  frame->pixels = IV_PIXELS_I420;
  frame->size = (IvSize){(int)jpeg->image_width, (int)jpeg->image_height};
  frame->full_range = TRUE;
  frame->plane[0] = frame->owner = bytes;
  frame->plane[1] = bytes + luma;
  frame->plane[2] = bytes + luma + luma / 4;
  frame->stride[0] = width;
  frame->stride[1] = frame->stride[2] = width / 2;
  frame->release = g_free;
}

static void read_bands(struct jpeg_decompress_struct *jpeg, IvFrame *frame) {
  JSAMPROW rows[3][BAND];
  JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
  guint8 *bytes = frame->owner;
  for (int top = 0; jpeg->output_scanline < jpeg->output_height; top += BAND) {
    for (int p = 0; p < 3; p++) {
      guint8 *plane = bytes + (frame->plane[p] - bytes);
      for (int i = 0; i < (p == 0 ? BAND : BAND / 2); i++)
        rows[p][i] = plane + (gssize)((p == 0 ? top : top / 2) + i) * frame->stride[p];
    }
    jpeg_read_raw_data(jpeg, planes, BAND);
  }
}

IvFrame *iv_still_decode(GBytes *source) {
  struct jpeg_decompress_struct jpeg;
  Errors errors;
  gsize size;
  const guint8 *bytes = g_bytes_get_data(source, &size);
  IvFrame *volatile frame = iv_frame_new();
  jpeg.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = on_error;
  errors.base.output_message = on_message;
  if (setjmp(errors.back)) {
    jpeg_destroy_decompress(&jpeg);
    iv_frame_unref(frame);
    return NULL;
  }
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, bytes, size);
  jpeg_read_header(&jpeg, TRUE);
  if (!is_ours(&jpeg))
    longjmp(errors.back, 1);
  jpeg.raw_data_out = TRUE;
  jpeg.out_color_space = JCS_YCbCr;
  jpeg.do_fancy_upsampling = FALSE;
  jpeg_start_decompress(&jpeg);
  make_planes(frame, &jpeg);
  read_bands(&jpeg, frame);
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
  return frame;
}
