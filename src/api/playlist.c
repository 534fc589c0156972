/* SPDX-License-Identifier: Apache-2.0 */
#include "api/playlist.h"

#include <math.h>

#include "model/pieces.h"

typedef struct {
  const IvSegment *segment;
  const GArray *pieces;
  IvTime from, to;
  GString *text;
  IvTime longest; /* of the pieces */
  guint n;        /* pieces in the text */
} Writer;

static IvTime end_of(const Writer *w, guint i) {
  return i + 1 < w->pieces->len ? g_array_index(w->pieces, IvPiece, i + 1).start
                                : w->segment->length;
}

static guint64 offset_after(const Writer *w, guint i) {
  return i + 1 < w->pieces->len ? g_array_index(w->pieces, IvPiece, i + 1).offset
                                : w->segment->bytes;
}

static void begin_file(Writer *w, const IvPiece *piece) {
  char time[IV_TIME_TEXT_MAX];
  if (w->n > 0)
    g_string_append(w->text, "#EXT-X-DISCONTINUITY\n");
  g_string_append_printf(w->text,
                         "#EXT-X-MAP:URI=\"%" G_GINT64_FORMAT
                         "/video.mp4\",BYTERANGE=\"%" G_GUINT64_FORMAT
                         "@0\"\n#EXT-X-PROGRAM-DATE-TIME:%s\n",
                         w->segment->no, w->segment->init_bytes,
                         iv_time_to_text(w->segment->start + piece->start, time));
}

static void add_piece(Writer *w, guint i) {
  const IvPiece *piece = &g_array_index(w->pieces, IvPiece, i);
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];
  IvTime length = end_of(w, i) - piece->start;
  g_ascii_formatd(seconds, sizeof seconds, "%.3f", (double)length / (double)IV_SECOND);
  g_string_append_printf(w->text,
                         "#EXTINF:%s,\n#EXT-X-BYTERANGE:%" G_GUINT64_FORMAT "@%" G_GUINT64_FORMAT
                         "\n%" G_GINT64_FORMAT "/video.mp4\n",
                         seconds, offset_after(w, i) - piece->offset, piece->offset,
                         w->segment->no);
  w->longest = MAX(w->longest, length);
  w->n++;
}

static void add_file(Writer *w) {
  gboolean begun = FALSE;
  for (guint i = 0; i < w->pieces->len; i++) {
    const IvPiece *piece = &g_array_index(w->pieces, IvPiece, i);
    IvTime start = w->segment->start + piece->start, end = w->segment->start + end_of(w, i);
    if (end <= w->from || start >= w->to || end <= start || offset_after(w, i) <= piece->offset)
      continue;
    if (!begun)
      begin_file(w, piece);
    begun = TRUE;
    add_piece(w, i);
  }
}

char *iv_playlist_make(const GArray *segments, IvTime from, IvTime to) {
  g_autoptr(GString) text = g_string_new(NULL);
  Writer w = {.from = from, .to = to, .text = text};
  for (guint i = 0; i < segments->len; i++) {
    gsize n = 0;
    w.segment = &g_array_index(segments, IvSegment, i);
    const void *packed = w.segment->pieces ? g_bytes_get_data(w.segment->pieces, &n) : NULL;
    g_autoptr(GArray) pieces = packed ? iv_pieces_unpack(packed, n) : NULL;
    w.pieces = pieces;
    if (pieces)
      add_file(&w);
  }
  if (w.n == 0)
    return NULL;
  return g_strdup_printf("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%d\n"
                         "#EXT-X-PLAYLIST-TYPE:VOD\n%s#EXT-X-ENDLIST\n",
                         (int)ceil((double)w.longest / (double)IV_SECOND), text->str);
}
