/* SPDX-License-Identifier: Apache-2.0 */
/* What stands before the pictures of a clip: ftyp, moov with a table of every picture, and the head
 * of mdat (ISO/IEC 14496-12). */
#include <string.h>

#include "media/clip_plan.h"
#include "media/mp4_box.h"

#define MOVIE_TICKS 1000 /* a second, of what is said of the film as a whole */
#define EPOCH_1904 2082844800
#define TRACK 1
#define LARGE_HEAD 16 /* of an mdat beyond 4 GiB */

/* ---- boxes ---- */

static void put(GByteArray *out, guint64 value, guint bytes) {
  for (guint i = bytes; i-- > 0;) {
    guint8 byte = (guint8)(value >> (8 * i));
    g_byte_array_append(out, &byte, 1);
  }
}

static void put_zeros(GByteArray *out, guint n) {
  for (guint i = 0; i < n; i++)
    put(out, 0, 1);
}

static void put_text(GByteArray *out, const char *text, guint n) {
  g_byte_array_append(out, (const guint8 *)text, n);
}

static guint box_begin(GByteArray *out, const char *type) {
  guint at = out->len;
  put(out, 0, 4);
  put_text(out, type, 4);
  return at;
}

static guint full_box_begin(GByteArray *out, const char *type, guint version, guint flags) {
  guint at = box_begin(out, type);
  put(out, version, 1);
  put(out, flags, 3);
  return at;
}

static void set32(GByteArray *out, guint at, guint32 value) {
  for (guint i = 0; i < 4; i++)
    out->data[at + i] = (guint8)(value >> (8 * (3 - i)));
}

static void box_end(GByteArray *out, guint at) {
  set32(out, at, out->len - at);
}

/* ---- the film ---- */

static const guint32 unity[] = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};

static void put_matrix(GByteArray *out) {
  for (guint i = 0; i < G_N_ELEMENTS(unity); i++)
    put(out, unity[i], 4);
}

/* When the film was taken; twice, as made and as changed. */
static void put_taken(GByteArray *out, const IvClipPlan *plan) {
  gint64 since_1904 = plan->info.start / IV_SECOND + EPOCH_1904;
  put(out, (guint64)CLAMP(since_1904, 0, (gint64)G_MAXUINT32), 4);
  put(out, (guint64)CLAMP(since_1904, 0, (gint64)G_MAXUINT32), 4);
}

/* Rounded up: no picture is cut off. */
static guint64 movie_length(const IvClipPlan *plan) {
  return (guint64)((plan->length * MOVIE_TICKS + plan->timescale - 1) / plan->timescale);
}

static void put_mvhd(GByteArray *out, const IvClipPlan *plan) {
  guint box = full_box_begin(out, "mvhd", 0, 0);
  put_taken(out, plan);
  put(out, MOVIE_TICKS, 4);
  put(out, movie_length(plan), 4);
  put(out, 0x10000, 4); /* as fast as it was */
  put(out, 0x100, 2);
  put_zeros(out, 10);
  put_matrix(out);
  put_zeros(out, 24);
  put(out, TRACK + 1, 4);
  box_end(out, box);
}

static void put_tkhd(GByteArray *out, const IvClipPlan *plan) {
  guint box = full_box_begin(out, "tkhd", 0, 3);
  put_taken(out, plan);
  put(out, TRACK, 4);
  put(out, 0, 4);
  put(out, movie_length(plan), 4);
  put_zeros(out, 16);
  put_matrix(out);
  put(out, (guint64)plan->info.size.width << 16, 4);
  put(out, (guint64)plan->info.size.height << 16, 4);
  box_end(out, box);
}

static const IvClipPicture *picture_at(const IvClipPlan *plan, guint i) {
  return &g_array_index(plan->pictures, IvClipPicture, i);
}

/* In a file times begin at 0 with the first that is decoded; playing begins where it is shown. */
static void put_edts(GByteArray *out, const IvClipPlan *plan) {
  guint edts = box_begin(out, "edts");
  guint box = full_box_begin(out, "elst", 0, 0);
  put(out, 1, 4);
  put(out, movie_length(plan), 4);
  put(out, (guint64)-picture_at(plan, 0)->decoded, 4);
  put(out, 0x10000, 4);
  box_end(out, box);
  box_end(out, edts);
}

static void put_mdhd(GByteArray *out, const IvClipPlan *plan) {
  guint64 length = (guint64)(plan->length - picture_at(plan, 0)->decoded);
  guint wide = length > G_MAXUINT32;
  guint box = full_box_begin(out, "mdhd", wide, 0);
  gint64 since_1904 = MAX(plan->info.start / IV_SECOND + EPOCH_1904, 0);
  put(out, (guint64)since_1904, wide ? 8 : 4);
  put(out, (guint64)since_1904, wide ? 8 : 4);
  put(out, plan->timescale, 4);
  put(out, length, wide ? 8 : 4);
  put(out, 0x55c4, 2); /* "und": no language */
  put(out, 0, 2);
  box_end(out, box);
}

static void put_hdlr(GByteArray *out) {
  guint box = full_box_begin(out, "hdlr", 0, 0);
  put(out, 0, 4);
  put_text(out, "vide", 4);
  put_zeros(out, 12);
  put_text(out, "video", sizeof "video");
  box_end(out, box);
}

/* ---- tables ---- */

/* A table of (how many, value) for values that repeat. */
typedef struct {
  GByteArray *out;
  guint at; /* where the number of entries stands */
  guint32 entries, run;
  guint32 value;
} Runs;

static Runs runs_begin(GByteArray *out) {
  Runs runs = {.out = out, .at = out->len};
  put(out, 0, 4);
  return runs;
}

static void runs_flush(Runs *runs) {
  if (runs->run == 0)
    return;
  put(runs->out, runs->run, 4);
  put(runs->out, runs->value, 4);
  runs->entries++;
  runs->run = 0;
}

static void runs_add(Runs *runs, guint32 value) {
  if (runs->run > 0 && runs->value != value)
    runs_flush(runs);
  runs->value = value;
  runs->run++;
}

static void runs_end(Runs *runs) {
  runs_flush(runs);
  set32(runs->out, runs->at, runs->entries);
}

/* How long until the next one is decoded; the last one lasts to the end of the clip, which is how
 * players tell how long it is. */
static guint32 step(const IvClipPlan *plan, guint i) {
  const IvClipPicture *picture = picture_at(plan, i);
  gint64 next = i + 1 < plan->pictures->len ? picture[1].decoded : plan->length;
  return (guint32)(next - picture->decoded);
}

static void put_stts(GByteArray *out, const IvClipPlan *plan) {
  guint box = full_box_begin(out, "stts", 0, 0);
  Runs runs = runs_begin(out);
  for (guint i = 0; i < plan->pictures->len; i++)
    runs_add(&runs, step(plan, i));
  runs_end(&runs);
  box_end(out, box);
}

/* Left out where pictures are shown as they are decoded. */
static void put_ctts(GByteArray *out, const IvClipPlan *plan) {
  gboolean any = FALSE, before = FALSE;
  for (guint i = 0; i < plan->pictures->len; i++) {
    any = any || picture_at(plan, i)->later != 0;
    before = before || picture_at(plan, i)->later < 0;
  }
  if (!any)
    return;
  guint box = full_box_begin(out, "ctts", before, 0);
  Runs runs = runs_begin(out);
  for (guint i = 0; i < plan->pictures->len; i++)
    runs_add(&runs, (guint32)picture_at(plan, i)->later);
  runs_end(&runs);
  box_end(out, box);
}

static void put_stss(GByteArray *out, const IvClipPlan *plan) {
  guint box = full_box_begin(out, "stss", 0, 0);
  guint at = out->len, n = 0;
  put(out, 0, 4);
  for (guint i = 0; i < plan->pictures->len; i++)
    if (picture_at(plan, i)->keyframe) {
      put(out, i + 1, 4);
      n++;
    }
  set32(out, at, n);
  box_end(out, box);
}

static void put_stsz(GByteArray *out, const IvClipPlan *plan) {
  guint box = full_box_begin(out, "stsz", 0, 0);
  put(out, 0, 4);
  put(out, plan->pictures->len, 4);
  for (guint i = 0; i < plan->pictures->len; i++)
    put(out, picture_at(plan, i)->bytes, 4);
  box_end(out, box);
}

/* Pictures that lay together in a recorded file lie together here: a chunk. */
static void put_stsc(GByteArray *out, const IvClipPlan *plan) {
  guint box = full_box_begin(out, "stsc", 0, 0);
  guint at = out->len, entries = 0, chunk = 1, before = 0, n;
  guint64 bytes;
  put(out, 0, 4);
  for (guint i = 0; i < plan->pictures->len; i += n, chunk++) {
    n = iv_clip_run(plan, i, &bytes);
    if (n == before)
      continue;
    put(out, chunk, 4);
    put(out, n, 4);
    put(out, 1, 4);
    before = n;
    entries++;
  }
  set32(out, at, entries);
  box_end(out, box);
}

/* `first`: where the first picture's bytes are in the clip. */
static void put_offsets(GByteArray *out, const IvClipPlan *plan, guint64 first, gboolean wide) {
  guint box = full_box_begin(out, wide ? "co64" : "stco", 0, 0);
  guint at = out->len, chunks = 0;
  guint64 bytes;
  put(out, 0, 4);
  for (guint i = 0; i < plan->pictures->len; i += iv_clip_run(plan, i, &bytes), first += bytes) {
    put(out, first, wide ? 8 : 4);
    chunks++;
  }
  set32(out, at, chunks);
  box_end(out, box);
}

static void put_stsd(GByteArray *out, const IvClipPlan *plan) {
  gsize n;
  const guint8 *bytes = g_bytes_get_data(plan->stsd, &n);
  guint box = box_begin(out, "stsd");
  g_byte_array_append(out, bytes, (guint)n);
  box_end(out, box);
}

static void put_minf(GByteArray *out, const IvClipPlan *plan, guint64 first, gboolean wide) {
  guint minf = box_begin(out, "minf");
  guint vmhd = full_box_begin(out, "vmhd", 0, 1);
  put_zeros(out, 8);
  box_end(out, vmhd);
  guint dinf = box_begin(out, "dinf");
  guint dref = full_box_begin(out, "dref", 0, 0);
  put(out, 1, 4);
  box_end(out, full_box_begin(out, "url ", 0, 1)); /* in this very file */
  box_end(out, dref);
  box_end(out, dinf);
  guint stbl = box_begin(out, "stbl");
  put_stsd(out, plan);
  put_stts(out, plan);
  put_ctts(out, plan);
  put_stss(out, plan);
  put_stsc(out, plan);
  put_stsz(out, plan);
  put_offsets(out, plan, first, wide);
  box_end(out, stbl);
  box_end(out, minf);
}

static void put_moov(GByteArray *out, const IvClipPlan *plan, guint64 first, gboolean wide) {
  guint moov = box_begin(out, "moov");
  put_mvhd(out, plan);
  guint trak = box_begin(out, "trak");
  put_tkhd(out, plan);
  put_edts(out, plan);
  guint mdia = box_begin(out, "mdia");
  put_mdhd(out, plan);
  put_hdlr(out);
  put_minf(out, plan, first, wide);
  box_end(out, mdia);
  box_end(out, trak);
  box_end(out, moov);
}

static void put_ftyp(GByteArray *out, const IvClipPlan *plan) {
  guint box = box_begin(out, "ftyp");
  put_text(out, "isom", 4);
  put(out, 0x200, 4);
  put_text(out, "isomiso2mp41", 12);
  if (plan->info.codec == IV_CODEC_H264)
    put_text(out, "avc1", 4);
  box_end(out, box);
}

static void put_mdat(GByteArray *out, const IvClipPlan *plan, gboolean wide) {
  put(out, wide ? 1 : plan->payload + IV_MP4_HEAD, 4);
  put_text(out, "mdat", 4);
  if (wide)
    put(out, plan->payload + LARGE_HEAD, 8);
}

/* Where the pictures lie depends on how long their table is: it is made twice. */
GByteArray *iv_clip_head(const IvClipPlan *plan) {
  GByteArray *out = g_byte_array_new();
  put_ftyp(out, plan);
  guint moov = out->len;
  put_moov(out, plan, 0, TRUE);
  gboolean wide = plan->payload + out->len + LARGE_HEAD > G_MAXUINT32;
  g_byte_array_set_size(out, moov);
  put_moov(out, plan, 0, wide);
  guint64 first = out->len + (wide ? LARGE_HEAD : IV_MP4_HEAD);
  g_byte_array_set_size(out, moov);
  put_moov(out, plan, first, wide);
  put_mdat(out, plan, wide);
  return out;
}
