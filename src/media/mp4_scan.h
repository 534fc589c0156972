/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "model/unit.h"

/* What is in a fragmented MP4 file of ours (media/fragmenter.h), told by the file itself: after a
 * power cut too, when its last fragment is torn. Reads heads only, no picture. */

#define IV_MP4_FRAGMENTS_MAX (1024 * 1024) /* more than an hour of single pictures */

typedef struct {
  guint64 offset, size; /* bytes */
  IvTime start;         /* when its first picture is shown, µs after the file's first one */
  IvTime length;        /* to the end of the picture that is shown last */
  gboolean keyframe;    /* it begins with one: playing can begin here */
  guint samples;        /* pictures */
} IvMp4Fragment;

typedef enum {
  IV_MP4_WHOLE,
  IV_MP4_TORN,    /* its last part has not all come: what is beyond whole_bytes is of no use */
  IV_MP4_DAMAGED, /* beyond whole_bytes it is not as we write it: nobody knows what is there */
} IvMp4End;

typedef struct {
  IvMp4End end;
  gboolean has_media;  /* there is a picture, or there may be */
  guint64 init_bytes;  /* ftyp and moov; 0 = not even those are whole */
  guint64 whole_bytes; /* up to the end of the last whole fragment */
  guint64 file_bytes;
  IvCodec codec; /* as the moov says; IV_CODEC_NONE without one */
  IvSize size;   /* pixels; likewise */
  IvTime length;
  guint32 timescale;  /* ticks a second; 0 = not told yet */
  gint64 first_shown; /* ticks: when the file's first picture is shown */
  GArray *fragments;  /* IvMp4Fragment; owned */
} IvMp4Scan;

/* Reads from the file's beginning. FALSE with G_FILE_ERROR: G_FILE_ERROR_INVAL = no MP4 file, other
 * codes = the disk does not give it now. Clear the result on success only. */
gboolean iv_mp4_scan(int fd, IvMp4Scan *ret_scan, GError **error);

/* The same of a file that is elsewhere, of `bytes` bytes. `read` puts `n` bytes from `offset` and
 * returns 0, or an errno. */
typedef int (*IvMp4Read)(guint64 offset, guint8 *bytes, gsize n, gpointer user_data);
gboolean iv_mp4_scan_with(IvMp4Read read, gpointer user_data, guint64 bytes, IvMp4Scan *ret_scan,
                          GError **error);

void iv_mp4_scan_clear(IvMp4Scan *scan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvMp4Scan, iv_mp4_scan_clear)

/* The same of a file while it is written, from the beginning: `scan` is {0} at first, `part` what
 * IvFragmenter hands out next. How many pictures are in it; clear it at the end. */
guint iv_mp4_scan_add(IvMp4Scan *scan, const guint8 *part, gsize n);
