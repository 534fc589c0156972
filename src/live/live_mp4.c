/* SPDX-License-Identifier: Apache-2.0 */
#include "live/live_mp4.h"

#include <string.h>

#define TIMESCALE 1000000
#define KEY_FLAGS 0x02000000   /* depends on no other picture */
#define OTHER_FLAGS 0x01010000 /* depends on others, no point to begin at */

void iv_live_mp4_clear(IvLiveMp4 *mp4) {
  g_clear_pointer(&mp4->config, g_byte_array_unref);
}

/* ---- boxes (ISO/IEC 14496-12) ---- */

static void put(GByteArray *out, guint64 value, guint bytes) {
  guint8 text[8];
  for (guint i = 0; i < bytes; i++)
    text[i] = (guint8)(value >> 8 * (bytes - 1 - i));
  g_byte_array_append(out, text, bytes);
}

static void put_zeros(GByteArray *out, guint n) {
  guint at = out->len;
  g_byte_array_set_size(out, at + n);
  memset(out->data + at, 0, n);
}

/* Returns where it begins, for close_box. */
static guint open_box(GByteArray *out, const char *type) {
  guint at = out->len;
  put(out, 0, 4);
  g_byte_array_append(out, (const guint8 *)type, 4);
  return at;
}

static guint open_full_box(GByteArray *out, const char *type, guint version, guint flags) {
  guint at = open_box(out, type);
  put(out, version << 24 | flags, 4);
  return at;
}

static void patch32(GByteArray *out, guint at, guint32 value) {
  guint32 big = GUINT32_TO_BE(value);
  memcpy(out->data + at, &big, sizeof big);
}

static void close_box(GByteArray *out, guint at) {
  patch32(out, at, out->len - at);
}

static void put_matrix(GByteArray *out) {
  static const guint32 unity[9] = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
  for (int i = 0; i < 9; i++)
    put(out, unity[i], 4);
}

static void put_ftyp(GByteArray *out) {
  guint box = open_box(out, "ftyp");
  g_byte_array_append(out, (const guint8 *)"iso6\0\0\0\1iso6mp41", 16);
  close_box(out, box);
}

static void put_mvhd(GByteArray *out) {
  guint box = open_full_box(out, "mvhd", 0, 0);
  put(out, 0, 8);
  put(out, TIMESCALE, 4);
  put(out, 0, 4);
  put(out, 0x00010000, 4);
  put(out, 0x0100, 2);
  put_zeros(out, 10);
  put_matrix(out);
  put_zeros(out, 24);
  put(out, 2, 4);
  close_box(out, box);
}

static void put_tkhd(GByteArray *out, IvSize size) {
  guint box = open_full_box(out, "tkhd", 0, 3);
  put(out, 0, 8);
  put(out, 1, 4);
  put_zeros(out, 24);
  put_matrix(out);
  put(out, (guint32)size.width << 16, 4);
  put(out, (guint32)size.height << 16, 4);
  close_box(out, box);
}

static void put_sample_entry(GByteArray *out, const IvLiveMp4 *mp4) {
  gboolean is_avc = g_str_has_prefix(mp4->codec, "avc1");
  guint entry = open_box(out, is_avc ? "avc1" : "hvc1");
  put_zeros(out, 6);
  put(out, 1, 2);
  put_zeros(out, 16);
  put(out, (guint)mp4->size.width, 2);
  put(out, (guint)mp4->size.height, 2);
  put(out, 0x00480000, 4);
  put(out, 0x00480000, 4);
  put(out, 0, 4);
  put(out, 1, 2);
  put_zeros(out, 32);
  put(out, 0x0018, 2);
  put(out, 0xffff, 2);
  guint config = open_box(out, is_avc ? "avcC" : "hvcC");
  g_byte_array_append(out, mp4->config->data, mp4->config->len);
  close_box(out, config);
  close_box(out, entry);
}

static void put_stbl(GByteArray *out, const IvLiveMp4 *mp4) {
  static const struct {
    const char *type;
    guint zeros;
  } empty[] = {{"stts", 4}, {"stsc", 4}, {"stsz", 8}, {"stco", 4}};
  guint stbl = open_box(out, "stbl");
  guint stsd = open_full_box(out, "stsd", 0, 0);
  put(out, 1, 4);
  put_sample_entry(out, mp4);
  close_box(out, stsd);
  for (guint i = 0; i < G_N_ELEMENTS(empty); i++) {
    guint box = open_full_box(out, empty[i].type, 0, 0);
    put_zeros(out, empty[i].zeros);
    close_box(out, box);
  }
  close_box(out, stbl);
}

static void put_minf(GByteArray *out, const IvLiveMp4 *mp4) {
  guint minf = open_box(out, "minf");
  guint vmhd = open_full_box(out, "vmhd", 0, 1);
  put_zeros(out, 8);
  close_box(out, vmhd);
  guint dinf = open_box(out, "dinf"), dref = open_full_box(out, "dref", 0, 0);
  put(out, 1, 4);
  close_box(out, open_full_box(out, "url ", 0, 1));
  close_box(out, dref);
  close_box(out, dinf);
  put_stbl(out, mp4);
  close_box(out, minf);
}

static void put_mdia(GByteArray *out, const IvLiveMp4 *mp4) {
  guint mdia = open_box(out, "mdia");
  guint mdhd = open_full_box(out, "mdhd", 0, 0);
  put(out, 0, 8);
  put(out, TIMESCALE, 4);
  put(out, 0, 4);
  put(out, 0x55c40000, 4); /* language not said */
  close_box(out, mdhd);
  guint hdlr = open_full_box(out, "hdlr", 0, 0);
  put(out, 0, 4);
  g_byte_array_append(out, (const guint8 *)"vide", 4);
  put_zeros(out, 13);
  close_box(out, hdlr);
  put_minf(out, mp4);
  close_box(out, mdia);
}

static GBytes *make_header(const IvLiveMp4 *mp4) {
  GByteArray *out = g_byte_array_new();
  put_ftyp(out);
  guint moov = open_box(out, "moov");
  put_mvhd(out);
  guint trak = open_box(out, "trak");
  put_tkhd(out, mp4->size);
  put_mdia(out, mp4);
  close_box(out, trak);
  guint mvex = open_box(out, "mvex"), trex = open_full_box(out, "trex", 0, 0);
  put(out, 1, 4);
  put(out, 1, 4);
  put_zeros(out, 12);
  close_box(out, trex);
  close_box(out, mvex);
  close_box(out, moov);
  return g_byte_array_free_to_bytes(out);
}

static gboolean is_same(const GByteArray *a, const GByteArray *b) {
  return a && a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

gboolean iv_live_mp4_begin(IvLiveMp4 *mp4, const IvEncodedUnit *keyframe, GBytes **ret_header) {
  IvParameterSets sets;
  char codec[IV_CODEC_NAME_MAX];
  g_autoptr(GByteArray) config = g_byte_array_new();
  iv_annexb_parameters(keyframe, &sets);
  if (!iv_codec_box(keyframe->codec, &sets, config, codec))
    return FALSE;
  if (!mp4->begun)
    mp4->origin = keyframe->ts - IV_LIVE_MP4_LEAD;
  mp4->begun = TRUE;
  if (is_same(mp4->config, config)) {
    *ret_header = NULL;
    return TRUE;
  }
  iv_live_mp4_clear(mp4);
  mp4->config = g_steal_pointer(&config);
  mp4->size = keyframe->picture;
  g_strlcpy(mp4->codec, codec, sizeof mp4->codec);
  *ret_header = make_header(mp4);
  return TRUE;
}

/* ---- fragments ---- */

static void remember(IvLiveMp4 *mp4, IvTime t) {
  if (mp4->n == G_N_ELEMENTS(mp4->times))
    memmove(mp4->times, mp4->times + 1, --mp4->n * sizeof(IvTime));
  guint at = mp4->n++;
  for (; at > 0 && mp4->times[at - 1] > t; at--)
    mp4->times[at] = mp4->times[at - 1];
  mp4->times[at] = t;
}

/* So many pictures before the newest; before the first there is none, and times are made up. */
static IvTime sorted_time(const IvLiveMp4 *mp4) {
  guint depth = IV_LIVE_MP4_DEPTH + mp4->deeper, newest = mp4->n - 1;
  return depth <= newest ? mp4->times[newest - depth]
                         : mp4->times[0] - (depth - newest) * IV_LIVE_MP4_FIRST_STEP;
}

static IvTime decode_time(IvLiveMp4 *mp4, IvTime shown) {
  remember(mp4, shown);
  while (IV_LIVE_MP4_DEPTH + mp4->deeper < IV_LIVE_MP4_REORDER && sorted_time(mp4) > shown)
    mp4->deeper++;
  return MAX(sorted_time(mp4), mp4->last + 1);
}

/* Lengths in place of start codes; the parameter sets stand in the file's beginning. */
static void put_picture(GByteArray *out, const IvEncodedUnit *unit) {
  gsize at = 0;
  IvNal nal;
  while (iv_annexb_next(unit->bytes, unit->size, &at, &nal))
    if (iv_annexb_part(unit->codec, &nal) == IV_NAL_PICTURE) {
      put(out, nal.size, 4);
      g_byte_array_append(out, nal.bytes, (guint)nal.size);
    }
}

GByteArray *iv_live_mp4_fragment(IvLiveMp4 *mp4, const IvEncodedUnit *unit, guint room) {
  GByteArray *out = g_byte_array_sized_new((guint)unit->size + room + 160);
  IvTime shown = MAX(unit->ts - mp4->origin, 0), decoded = decode_time(mp4, shown);
  IvTime lasts = MAX(IV_LIVE_MP4_SHOWN, 2 * MIN(decoded - mp4->last, IV_SECOND));
  mp4->last = decoded;
  put_zeros(out, room);
  guint moof = open_box(out, "moof"), mfhd = open_full_box(out, "mfhd", 0, 0);
  put(out, ++mp4->number, 4);
  close_box(out, mfhd);
  guint traf = open_box(out, "traf"), tfhd = open_full_box(out, "tfhd", 0, 0x020000);
  put(out, 1, 4);
  close_box(out, tfhd);
  guint tfdt = open_full_box(out, "tfdt", 1, 0);
  put(out, (guint64)decoded, 8);
  close_box(out, tfdt);
  guint trun = open_full_box(out, "trun", 1, 0x000f01);
  put(out, 1, 4);
  guint offset = out->len;
  put(out, 0, 4);
  put(out, (guint64)lasts, 4);
  guint size = out->len;
  put(out, 0, 4);
  put(out, unit->keyframe ? KEY_FLAGS : OTHER_FLAGS, 4);
  put(out, (guint32)(gint32)(shown - decoded), 4);
  close_box(out, trun);
  close_box(out, traf);
  close_box(out, moof);
  guint mdat = open_box(out, "mdat");
  patch32(out, offset, out->len - moof);
  put_picture(out, unit);
  patch32(out, size, out->len - mdat - 8);
  close_box(out, mdat);
  return out;
}
