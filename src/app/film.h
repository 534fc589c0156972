/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"
#include "vision/detector.h"

/* Runs a video file through a detector, every due frame, none lost, as fast as it goes: what `eval`
 * and `bench` stand on. */

typedef struct {
  const char *video;
  double fps;        /* analysed frames a second of film; 0 = every frame */
  IvTime start;      /* capture time of the first frame */
  gboolean progress; /* tells on standard error every 2 s how far it is */
} IvFilmConfig;

/* One analysed frame; everything is borrowed for the call. Returning FALSE stops the run. */
typedef gboolean (*IvFilmSeen)(const IvFrame *frame, const IvDetection *detections, guint n,
                               gpointer user_data);

typedef enum { IV_FILM_ERROR_FAILED } IvFilmError;
#define IV_FILM_ERROR (iv_film_error_quark())
GQuark iv_film_error_quark(void);

/* Blocks; `seen` runs on another thread, one call at a time, in order. FALSE with the first error
 * of reading or detecting. */
gboolean iv_film_run(const IvFilmConfig *config, IvDetector *detector, IvFilmSeen seen,
                     gpointer user_data, GError **error);
