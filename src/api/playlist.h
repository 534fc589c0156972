/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/segments.h"

/* Recorded files as an HLS playlist (RFC 8216): byte ranges of fragmented MP4, each file with its
 * own EXT-X-MAP and a discontinuity before it, each with the time of day. Files are at
 * "<number>/video.mp4", seen from the playlist. Pure. */

/* `segments`: IvSegment with pieces, by start. What overlaps [from, to) is in it, in whole pieces.
 * NULL when that is nothing; the caller frees. */
char *iv_playlist_make(const GArray *segments, IvTime from, IvTime to);
