/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"
#include "base/timestamp.h"

/* Layouts a decoder hands out without a copy. */
typedef enum {
  IV_PIXELS_I420, /* planes Y, U, V; chroma halved both ways */
  IV_PIXELS_NV12, /* planes Y, UV interleaved */
  IV_PIXELS_RGB,  /* one plane, 3 bytes a pixel */
} IvPixels;

/* One decoded picture, reference counted, immutable once shared; refs may be dropped on any thread.
 */
typedef struct IvFrame {
  gatomicrefcount refs;
  IvPixels pixels;
  IvSize size;
  const guint8 *plane[3];
  int stride[3];          /* bytes */
  gboolean full_range;    /* FALSE (video's usual): luma 16..235; TRUE: 0..255. RGB ignores it */
  IvTime ts;              /* capture time by the camera's clock rule (design.md), µs UTC */
  IvTime arrived;         /* monotonic clock at which its access unit arrived; 0 for files */
  guint64 seq;            /* per source, counts every decoded picture from 0 */
  gboolean discontinuity; /* first picture after a seam, reconnect or clock jump: tracks end */
  GDestroyNotify release; /* called with `owner` when the last reference goes */
  gpointer owner;
} IvFrame;

/* A new frame with one reference; the caller fills the fields before sharing it. */
IvFrame *iv_frame_new(void);
IvFrame *iv_frame_ref(IvFrame *frame);
void iv_frame_unref(IvFrame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvFrame, iv_frame_unref)
