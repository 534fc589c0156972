/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/demo_server.h"

/* The demo's film, cut into its cameras' views and encoded as H.264, once. */

/* Goes up when what is written changes; part of the cache's key. */
#define IV_DEMO_CUT_VERSION "1"

#define IV_DEMO_FPS_MAX 10        /* a faster film is thinned out */
#define IV_DEMO_WIDTH_MAX 1280    /* a larger one scaled down */
#define IV_DEMO_PICTURES_MAX 6000 /* a longer one cut off: ten minutes */

typedef struct {
  const char *video;
  const char *folder; /* exists; gets cam1.h264 ... */
  const IvBox *views; /* IV_DEMO_CAMERAS of them, shares of the picture */
  void (*on_progress)(double share, gpointer user_data); /* may be NULL */
  gpointer user_data;
} IvDemoCut;

/* Blocks until done; the pictures a second are returned as a fraction. Errors of IV_DEMO_ERROR. */
gboolean iv_demo_cut(const IvDemoCut *cut, int *ret_fps_num, int *ret_fps_den, GError **error);

/* "cam1.h264"; caller frees. */
char *iv_demo_cut_name(int camera);
