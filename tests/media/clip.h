/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"

/* Clips made by the tests: every picture carries its number as black and white blocks that survive
 * encoding, so that a test knows which picture it got. */
typedef struct {
  IvSize size; /* at least 256 wide */
  int fps;
  guint n;
  int gop;             /* pictures from keyframe to keyframe */
  const char *encoder; /* GStreamer text; NULL = openh264enc at 300 kbit/s */
  const char *muxer;   /* GStreamer text; NULL = "mp4mux" */
  /* When set, picture number i has this brightness (16..235) all over and no number. */
  guint8 (*brightness)(guint i);
} ClipSpec;

/* TRUE, or FALSE when an element is missing. */
gboolean clip_write(const char *path, const ClipSpec *spec);

/* Number burnt into the frame; -1 when it can't be read. */
int clip_number(const IvFrame *frame);

/* Encoded access units of a clip (byte-stream with parameter sets), as GstBuffer; `codec` 264, 265.
 */
GPtrArray *clip_units(const char *path, int codec);

/* Removes a folder made by g_dir_make_tmp and the files in it. */
void clip_remove_dir(const char *dir);
