/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/segments.h"

/* Rows of the index of recorded files as IvSegment; for the files of this room. */
#define IV_SEGMENT_COLUMNS                                                                         \
  "s.segment_no, c.id, s.path, s.start_ts, s.end_ts, s.codec, s.width, s.height, s.bytes, "        \
  "s.init_bytes, s.length, s.closed, s.doomed, "                                                   \
  "EXISTS (SELECT 1 FROM segment_holds h WHERE h.segment_no = s.segment_no), s.local, "            \
  "s.archive = 2"
#define IV_SEGMENT_FROM " FROM segments s JOIN cameras c ON c.camera_no = s.camera_no "

/* All that the statement gives; `with_pieces`: s.pieces follows the columns. */
GArray *iv_segment_rows(IvStatement *st, gboolean with_pieces, GError **error);
