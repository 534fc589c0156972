/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"

/* A picture as a network wants it: float planes (NCHW, N = 1) of the network's size, straight from
 * the decoder's layout, in one pass and without a full-size copy. Video is taken as BT.601. */

/* How the picture is laid into the network's input. */
typedef enum {
  IV_FIT_STRETCH,          /* fills it, each axis by itself */
  IV_FIT_LETTERBOX_CORNER, /* keeps the aspect ratio, at the top left, the rest is padding */
  IV_FIT_LETTERBOX_CENTRE, /* the same, in the middle */
} IvFit;

typedef struct {
  IvFit fit;
  gboolean bgr;  /* order of the planes: blue first */
  float mean[3]; /* plane value = (0..255 - mean) * scale; in the order of the planes */
  float scale[3];
  float pad; /* 0..255, all three colours of the padding */
} IvInputStyle;

/* Where the picture lies in the network's input, in its pixels. */
typedef struct {
  float left, top, width, height;
} IvPlacement;

typedef struct IvPreprocess IvPreprocess;

/* `input`: sides 1..IV_ONNX_SIDE_MAX. One thread at a time. */
IvPreprocess *iv_preprocess_new(const IvInputStyle *style, IvSize input);
void iv_preprocess_free(IvPreprocess *self);

/* Fills ret_planes (3 * width * height floats) from `frame` of any size; about 0.4 ms from 768x576
 * to 320x256 on one core. What depends on the frame's size is kept for the next one. */
IvPlacement iv_preprocess_run(IvPreprocess *self, const IvFrame *frame, float *ret_planes);

/* A box in pixels of the network's input as shares of the picture. */
IvBox iv_placement_to_picture(const IvPlacement *placement, const IvBox *box);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPreprocess, iv_preprocess_free)
