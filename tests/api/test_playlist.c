/* SPDX-License-Identifier: Apache-2.0 */
#include "api/playlist.h"

#include <string.h>

#include "model/pieces.h"

#define T0 ((IvTime)1774778400 * IV_SECOND) /* 2026-03-29T10:00:00Z */

static void clear(gpointer segment) {
  iv_segment_clear(segment);
}

static GArray *list_new(void) {
  GArray *list = g_array_new(FALSE, TRUE, sizeof(IvSegment));
  g_array_set_clear_func(list, clear);
  return list;
}

/* `n` pieces of 4 s and 1000 bytes, the last one of 1.5 s. */
static void add(GArray *list, gint64 no, IvTime start, guint n) {
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(IvPiece));
  for (guint i = 0; i < n; i++) {
    IvPiece piece = {700 + 1000 * (guint64)i, (IvTime)i * 4 * IV_SECOND};
    g_array_append_val(pieces, piece);
  }
  IvSegment segment = {.no = no,
                       .start = start,
                       .length = (IvTime)(n - 1) * 4 * IV_SECOND + 1500 * IV_MS,
                       .bytes = 700 + 1000 * (guint64)n,
                       .init_bytes = 700,
                       .pieces = iv_pieces_pack(pieces)};
  segment.end = segment.start + segment.length;
  g_array_append_val(list, segment);
}

static void test_two_files(void) {
  g_autoptr(GArray) list = list_new();
  add(list, 5, T0, 2);
  add(list, 9, T0 + IV_MINUTE, 1);
  g_autofree char *text = iv_playlist_make(list, T0 - IV_HOUR, T0 + IV_HOUR);
  g_assert_cmpstr(text, ==,
                  "#EXTM3U\n"
                  "#EXT-X-VERSION:7\n"
                  "#EXT-X-TARGETDURATION:4\n"
                  "#EXT-X-PLAYLIST-TYPE:VOD\n"
                  "#EXT-X-MAP:URI=\"5/video.mp4\",BYTERANGE=\"700@0\"\n"
                  "#EXT-X-PROGRAM-DATE-TIME:2026-03-29T10:00:00.000Z\n"
                  "#EXTINF:4.000,\n"
                  "#EXT-X-BYTERANGE:1000@700\n"
                  "5/video.mp4\n"
                  "#EXTINF:1.500,\n"
                  "#EXT-X-BYTERANGE:1000@1700\n"
                  "5/video.mp4\n"
                  "#EXT-X-DISCONTINUITY\n"
                  "#EXT-X-MAP:URI=\"9/video.mp4\",BYTERANGE=\"700@0\"\n"
                  "#EXT-X-PROGRAM-DATE-TIME:2026-03-29T10:01:00.000Z\n"
                  "#EXTINF:1.500,\n"
                  "#EXT-X-BYTERANGE:1000@700\n"
                  "9/video.mp4\n"
                  "#EXT-X-ENDLIST\n");
}

/* Only pieces that overlap, and the time of the first of them. */
static void test_cut(void) {
  g_autoptr(GArray) list = list_new();
  add(list, 5, T0, 4);
  g_autofree char *text = iv_playlist_make(list, T0 + 4 * IV_SECOND, T0 + 8 * IV_SECOND);
  g_assert_nonnull(strstr(text, "PROGRAM-DATE-TIME:2026-03-29T10:00:04.000Z\n"));
  g_assert_nonnull(strstr(text, "#EXT-X-BYTERANGE:1000@1700\n"));
  g_assert_null(strstr(text, "@2700"));
  g_assert_null(iv_playlist_make(list, T0 + IV_MINUTE, T0 + IV_HOUR));
  g_autofree char *last = iv_playlist_make(list, T0 + 13 * IV_SECOND, T0 + IV_HOUR);
  g_assert_nonnull(strstr(last, "#EXTINF:1.500,\n#EXT-X-BYTERANGE:1000@3700\n"));
}

/* A row that can't be right spoils nothing. */
static void test_broken_row(void) {
  g_autoptr(GArray) list = list_new();
  add(list, 5, T0, 1);
  add(list, 6, T0 + IV_MINUTE, 1);
  IvSegment *first = &g_array_index(list, IvSegment, 0);
  g_bytes_unref(first->pieces);
  first->pieces = g_bytes_new_static("12345", 5);
  g_autofree char *text = iv_playlist_make(list, T0, T0 + IV_HOUR);
  g_assert_null(strstr(text, "5/video.mp4"));
  g_assert_null(strstr(text, "DISCONTINUITY"));
  g_assert_nonnull(strstr(text, "6/video.mp4"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/api/playlist/two-files", test_two_files);
  g_test_add_func("/api/playlist/cut", test_cut);
  g_test_add_func("/api/playlist/broken-row", test_broken_row);
  return g_test_run();
}
