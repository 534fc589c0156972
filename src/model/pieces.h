/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/timestamp.h"

/* Where in a recorded file playing can begin: pieces of some seconds, each from a keyframe to the
 * next piece. Packed as 12 bytes each, little-endian: offset (8), milliseconds from the beginning
 * of the file (4). */
typedef struct {
  guint64 offset; /* bytes */
  IvTime start;   /* from the beginning of the file; whole milliseconds when unpacked */
} IvPiece;

#define IV_PIECE_SPAN (4 * IV_SECOND) /* at least, but the last one */
#define IV_PIECES_MAX 65536

/* `pieces`: GArray of IvPiece, rising. */
GBytes *iv_pieces_pack(const GArray *pieces);

/* NULL when these are not packed pieces, or not rising. */
GArray *iv_pieces_unpack(const void *bytes, gsize n);
