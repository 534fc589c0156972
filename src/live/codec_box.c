/* SPDX-License-Identifier: Apache-2.0 */
#include "live/codec_box.h"

#include <string.h>

#define SET_BYTES_MAX 4096 /* a parameter set is some 10 to 100 */

static void put8(GByteArray *box, guint value) {
  guint8 byte = (guint8)value;
  g_byte_array_append(box, &byte, 1);
}

static void put16(GByteArray *box, guint value) {
  put8(box, value >> 8);
  put8(box, value & 0xff);
}

static void put_nal(GByteArray *box, const IvNal *nal) {
  put16(box, (guint)nal->size);
  g_byte_array_append(box, nal->bytes, (guint)nal->size);
}

static gboolean is_set(const IvNal *nal, gsize least) {
  return nal->size >= least && nal->size <= SET_BYTES_MAX;
}

/* ---- H.264 ---- */

/* Profiles whose box also says how colours are sampled: 4:2:0, 8 bits, which is what cameras send.
 */
static gboolean is_high(guint8 profile) {
  return profile == 100 || profile == 110 || profile == 122 || profile == 144;
}

static gboolean avc_box(const IvParameterSets *sets, GByteArray *box,
                        char ret_name[IV_CODEC_NAME_MAX]) {
  if (!is_set(&sets->sps, 4) || !is_set(&sets->pps, 2))
    return FALSE;
  const guint8 *sps = sets->sps.bytes;
  put8(box, 1);
  g_byte_array_append(box, sps + 1, 3); /* profile, constraints, level */
  put8(box, 0xff);                      /* lengths of 4 bytes */
  put8(box, 0xe1);
  put_nal(box, &sets->sps);
  put8(box, 1);
  put_nal(box, &sets->pps);
  if (is_high(sps[1]))
    g_byte_array_append(box, (const guint8[]){0xfd, 0xf8, 0xf8, 0}, 4);
  g_snprintf(ret_name, IV_CODEC_NAME_MAX, "avc1.%02x%02x%02x", sps[1], sps[2], sps[3]);
  return TRUE;
}

/* ---- H.265 ---- */

/* Bits of a parameter set, which ends in bits that are all 0 where it is too short. */
typedef struct {
  guint8 bytes[SET_BYTES_MAX];
  gsize size, at; /* bits */
} Bits;

/* Without the bytes that keep start codes from appearing (00 00 03). */
static void bits_init(Bits *bits, const IvNal *nal) {
  gsize n = 0;
  guint zeros = 0;
  for (gsize i = 0; i < nal->size; i++) {
    if (zeros >= 2 && nal->bytes[i] == 3) {
      zeros = 0;
      continue;
    }
    zeros = nal->bytes[i] == 0 ? zeros + 1 : 0;
    bits->bytes[n++] = nal->bytes[i];
  }
  bits->size = n * 8;
  bits->at = 0;
}

static guint take(Bits *bits, guint n) {
  guint value = 0;
  for (guint i = 0; i < n; i++, bits->at++)
    value = value << 1 |
            (bits->at < bits->size ? bits->bytes[bits->at / 8] >> (7 - bits->at % 8) & 1u : 0);
  return value;
}

/* ue(v) */
static guint take_number(Bits *bits) {
  guint zeros = 0;
  while (zeros < 31 && bits->at < bits->size && take(bits, 1) == 0)
    zeros++;
  return (1u << zeros) - 1 + take(bits, zeros);
}

typedef struct {
  guint layers, nested, chroma, luma_depth, chroma_depth;
  guint8 profile[12]; /* general_profile_space to general_level_idc, as they stand */
} HevcFacts;

static void skip_layers(Bits *bits, guint layers) {
  guint has_profile = 0, has_level = 0;
  for (guint i = 0; i + 1 < layers; i++) {
    has_profile |= take(bits, 1) << i;
    has_level |= take(bits, 1) << i;
  }
  if (layers > 1)
    take(bits, (9 - layers) * 2);
  for (guint i = 0; i + 1 < layers; i++)
    bits->at += (has_profile >> i & 1 ? 88u : 0) + (has_level >> i & 1 ? 8u : 0);
}

/* H.265 7.3.2.2, up to the bit depths. */
static gboolean read_sps(const IvNal *sps, HevcFacts *ret_facts) {
  Bits bits;
  bits_init(&bits, sps);
  if (bits.size < 15 * 8)
    return FALSE;
  take(&bits, 16 + 4);
  ret_facts->layers = take(&bits, 3) + 1;
  ret_facts->nested = take(&bits, 1);
  memcpy(ret_facts->profile, bits.bytes + 3, sizeof ret_facts->profile);
  bits.at = 15 * 8;
  skip_layers(&bits, ret_facts->layers);
  take_number(&bits);
  ret_facts->chroma = take_number(&bits);
  if (ret_facts->chroma == 3)
    take(&bits, 1);
  take_number(&bits);
  take_number(&bits);
  if (take(&bits, 1))
    for (int i = 0; i < 4; i++)
      take_number(&bits);
  ret_facts->luma_depth = take_number(&bits);
  ret_facts->chroma_depth = take_number(&bits);
  return ret_facts->layers <= 7 && ret_facts->chroma <= 3 && ret_facts->luma_depth <= 8 &&
         ret_facts->chroma_depth <= 8 && bits.at <= bits.size;
}

static void put_array(GByteArray *box, guint type, const IvNal *nal) {
  put8(box, 0x80 | type); /* complete */
  put16(box, 1);
  put_nal(box, nal);
}

/* RFC 6381 as ISO/IEC 14496-15 annex E says it. */
static void name_hevc(const HevcFacts *facts, char ret_name[IV_CODEC_NAME_MAX]) {
  static const char *const spaces[] = {"", "A", "B", "C"};
  const guint8 *p = facts->profile;
  guint compatible = 0;
  for (guint i = 0; i < 32; i++)
    compatible |= (p[1 + i / 8] >> (7 - i % 8) & 1u) << i;
  GString *name = g_string_new(NULL);
  g_string_printf(name, "hvc1.%s%u.%X.%c%u", spaces[p[0] >> 6], p[0] & 0x1fu, compatible,
                  p[0] & 0x20 ? 'H' : 'L', p[11]);
  guint last = 11;
  while (last > 5 && p[last - 1] == 0)
    last--;
  for (guint i = 5; i < last; i++)
    g_string_append_printf(name, ".%X", p[i]);
  g_strlcpy(ret_name, name->str, IV_CODEC_NAME_MAX);
  g_string_free(name, TRUE);
}

static gboolean hevc_box(const IvParameterSets *sets, GByteArray *box,
                         char ret_name[IV_CODEC_NAME_MAX]) {
  HevcFacts facts;
  if (!is_set(&sets->vps, 4) || !is_set(&sets->pps, 3) || !is_set(&sets->sps, 15) ||
      !read_sps(&sets->sps, &facts))
    return FALSE;
  put8(box, 1);
  g_byte_array_append(box, facts.profile, sizeof facts.profile);
  put16(box, 0xf000);
  put8(box, 0xfc);
  put8(box, 0xfc | facts.chroma);
  put8(box, 0xf8 | facts.luma_depth);
  put8(box, 0xf8 | facts.chroma_depth);
  put16(box, 0);
  put8(box, facts.layers << 3 | facts.nested << 2 | 3);
  put8(box, 3);
  put_array(box, 32, &sets->vps);
  put_array(box, 33, &sets->sps);
  put_array(box, 34, &sets->pps);
  name_hevc(&facts, ret_name);
  return TRUE;
}

gboolean iv_codec_box(IvCodec codec, const IvParameterSets *sets, GByteArray *box,
                      char ret_name[IV_CODEC_NAME_MAX]) {
  if (codec == IV_CODEC_H264)
    return avc_box(sets, box, ret_name);
  return codec == IV_CODEC_H265 && hevc_box(sets, box, ret_name);
}
