/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/timestamp.h"

/* One recorded file while it is written. What was appended is on the disk when the call returns; a
 * part that does not fit is taken back, so that the file always ends with a whole one. One writer
 * at a time; bytes and trouble may be asked from any thread. */
typedef struct IvSegmentFile IvSegmentFile;

/* Makes <folder>/<camera>/<UTC day>/<start>.mp4 and the folders it needs; `start` in µs names it,
 * with a letter after it where there is one already. NULL with G_FILE_ERROR. */
IvSegmentFile *iv_segment_file_new(const char *folder, const char *camera, IvTime start,
                                   GError **error);
void iv_segment_file_close(IvSegmentFile *file);
/* Closes and deletes it: nothing that plays came into it. */
void iv_segment_file_discard(IvSegmentFile *file);

gboolean iv_segment_file_append(IvSegmentFile *file, const guint8 *bytes, gsize n);

/* Below the folder. Borrowed. */
const char *iv_segment_file_path(const IvSegmentFile *file);
guint64 iv_segment_file_bytes(IvSegmentFile *file);

/* Why the last append failed, one line for people; NULL = none did. The caller frees. */
char *iv_segment_file_trouble(IvSegmentFile *file);

/* The UTC day in which it began, as its folder is named; the caller frees. */
char *iv_segment_file_day(IvTime start);
