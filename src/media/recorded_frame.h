/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "model/frame.h"

/* One picture out of a recorded file (media/fragmenter.h), at its full size. */

#define IV_RECORDED_FRAME_ERROR (iv_recorded_frame_error_quark())
GQuark iv_recorded_frame_error_quark(void);
typedef enum {
  IV_RECORDED_FRAME_ERROR_BEYOND, /* nothing on the disk is shown then */
  IV_RECORDED_FRAME_ERROR_FILE,   /* it cannot be read, or what it holds cannot be decoded */
  IV_RECORDED_FRAME_ERROR_LATE,   /* not done by the deadline */
} IvRecordedFrameError;

/* The picture that is shown at `at`, µs after the file's first one: the last that begins at or
 * before it. After the end the last one, if that began at most `slack` before. Decodes from the
 * keyframe before it on, in a pipeline of its own: about 5 ms a picture of 1080p, so up to half a
 * second with a keyframe every 4 s. A file that grows is read up to what is on the disk. `fd` is
 * read by position and stays the caller's. `deadline`: monotonic. Its `ts` is when it is shown,
 * µs after the first one. NULL with IV_RECORDED_FRAME_ERROR, or IV_INGEST_ERROR where a plugin is
 * missing. Any thread. */
IvFrame *iv_recorded_frame(int fd, IvTime at, IvTime slack, IvTime deadline, GError **error);
