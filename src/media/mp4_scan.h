/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/timestamp.h"

/* What is in a fragmented MP4 file of ours (media/fragmenter.h), told by the file itself: after a
 * power cut too, when its last fragment is torn. Reads heads only, no picture. */

#define IV_MP4_FRAGMENTS_MAX 65536

typedef struct {
  guint64 offset, size; /* bytes */
  IvTime start;         /* of its first picture, µs from the beginning of the file */
  IvTime length;
  gboolean keyframe; /* it begins with one: playing can begin here */
} IvMp4Fragment;

typedef struct {
  guint64 init_bytes;  /* ftyp and moov; 0 = not even those are whole */
  guint64 whole_bytes; /* up to the end of the last whole fragment */
  guint64 file_bytes;
  IvTime length;
  GArray *fragments; /* IvMp4Fragment */
} IvMp4Scan;

/* Reads from the file's beginning. FALSE with G_FILE_ERROR when it cannot be read, or is no such
 * file at all. Clear the result on success only. */
gboolean iv_mp4_scan(int fd, IvMp4Scan *ret_scan, GError **error);
void iv_mp4_scan_clear(IvMp4Scan *scan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvMp4Scan, iv_mp4_scan_clear)
