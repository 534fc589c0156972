/* SPDX-License-Identifier: Apache-2.0 */
#include "media/mp4_box.h"

#define NON_SYNC 0x10000u /* of a sample's flags: decoding cannot start with it */

/* What a tfhd says of all samples. */
enum {
  TFHD_OFFSET = 0x1,
  TFHD_DESCRIPTION = 0x2,
  TFHD_DURATION = 0x8,
  TFHD_SIZE = 0x10,
  TFHD_FLAGS = 0x20
};

/* Which fields each sample of a trun has. */
enum {
  TRUN_OFFSET = 0x1,
  TRUN_FIRST_FLAGS = 0x4,
  TRUN_DURATION = 0x100,
  TRUN_SIZE = 0x200,
  TRUN_FLAGS = 0x400,
  TRUN_CTO = 0x800
};

guint32 iv_mp4_be16(const guint8 *p) {
  return ((guint32)p[0] << 8) | p[1];
}

guint32 iv_mp4_be32(const guint8 *p) {
  return ((guint32)p[0] << 24) | ((guint32)p[1] << 16) | ((guint32)p[2] << 8) | p[3];
}

guint64 iv_mp4_be64(const guint8 *p) {
  return ((guint64)iv_mp4_be32(p) << 32) | iv_mp4_be32(p + 4);
}

gboolean iv_mp4_next_box(IvMp4Bytes *in, guint32 *ret_type, IvMp4Bytes *ret_box) {
  if (in->end - in->at < IV_MP4_HEAD)
    return FALSE;
  guint32 length = iv_mp4_be32(in->at);
  if (length < IV_MP4_HEAD || length > (gsize)(in->end - in->at))
    return FALSE;
  *ret_type = iv_mp4_be32(in->at + 4);
  *ret_box = (IvMp4Bytes){in->at + IV_MP4_HEAD, in->at + length};
  in->at += length;
  return TRUE;
}

gboolean iv_mp4_find_box(IvMp4Bytes in, guint32 wanted, IvMp4Bytes *ret_box) {
  guint32 type;
  while (iv_mp4_next_box(&in, &type, ret_box))
    if (type == wanted)
      return TRUE;
  return FALSE;
}

gboolean iv_mp4_find_path(IvMp4Bytes in, const guint32 *path, guint n, IvMp4Bytes *ret_box) {
  for (guint i = 0; i < n; i++)
    if (!iv_mp4_find_box(in, path[i], &in))
      return FALSE;
  *ret_box = in;
  return TRUE;
}

gboolean iv_mp4_find_stsd(IvMp4Bytes moov, IvMp4Bytes *ret_stsd) {
  static const guint32 path[] = {IV_MP4_TYPE('t', 'r', 'a', 'k'), IV_MP4_TYPE('m', 'd', 'i', 'a'),
                                 IV_MP4_TYPE('m', 'i', 'n', 'f'), IV_MP4_TYPE('s', 't', 'b', 'l'),
                                 IV_MP4_TYPE('s', 't', 's', 'd')};
  return iv_mp4_find_path(moov, path, G_N_ELEMENTS(path), ret_stsd);
}

/* ---- the pictures of a fragment ---- */

static gboolean read_decoded(IvMp4Bytes tfdt, guint64 *ret_ticks) {
  gsize n = (gsize)(tfdt.end - tfdt.at);
  if (n < 8 || (tfdt.at[0] == 1 && n < 12))
    return FALSE;
  *ret_ticks = tfdt.at[0] == 1 ? iv_mp4_be64(tfdt.at + 4) : iv_mp4_be32(tfdt.at + 4);
  return TRUE;
}

/* The next number of a tfhd, where it is there; else untouched. */
static gboolean read_default(IvMp4Bytes *tfhd, gboolean has, guint32 *ret_value) {
  if (!has)
    return TRUE;
  if (tfhd->end - tfhd->at < 4)
    return FALSE;
  *ret_value = iv_mp4_be32(tfhd->at);
  tfhd->at += 4;
  return TRUE;
}

static gboolean read_defaults(IvMp4Bytes traf, IvMp4Run *run, guint32 *ret_has) {
  IvMp4Bytes tfhd;
  if (!iv_mp4_find_box(traf, IV_MP4_TYPE('t', 'f', 'h', 'd'), &tfhd) || tfhd.end - tfhd.at < 8)
    return FALSE;
  guint32 has = iv_mp4_be32(tfhd.at) & 0xffffff;
  gsize skip = 8 + (has & TFHD_OFFSET ? 8 : 0) + (has & TFHD_DESCRIPTION ? 4 : 0);
  if ((gsize)(tfhd.end - tfhd.at) < skip)
    return FALSE;
  tfhd.at += skip;
  *ret_has = has;
  return read_default(&tfhd, has & TFHD_DURATION, &run->duration) &&
         read_default(&tfhd, has & TFHD_SIZE, &run->bytes) &&
         read_default(&tfhd, has & TFHD_FLAGS, &run->flags);
}

static gsize sample_size(guint32 has) {
  return (has & TRUN_DURATION ? 4u : 0u) + (has & TRUN_SIZE ? 4u : 0u) +
         (has & TRUN_FLAGS ? 4u : 0u) + (has & TRUN_CTO ? 4u : 0u);
}

gboolean iv_mp4_run_open(IvMp4Bytes moof, IvMp4Run *ret_run) {
  IvMp4Bytes traf, tfdt, trun;
  guint32 all = 0;
  IvMp4Run run = {.flags = NON_SYNC};
  if (!iv_mp4_find_box(moof, IV_MP4_TYPE('t', 'r', 'a', 'f'), &traf) ||
      !iv_mp4_find_box(traf, IV_MP4_TYPE('t', 'f', 'd', 't'), &tfdt) ||
      !iv_mp4_find_box(traf, IV_MP4_TYPE('t', 'r', 'u', 'n'), &trun) ||
      !read_defaults(traf, &run, &all) || !read_decoded(tfdt, &run.decoded) ||
      trun.end - trun.at < 8)
    return FALSE;
  run.has = iv_mp4_be32(trun.at) & 0xffffff;
  run.n = iv_mp4_be32(trun.at + 4);
  gsize head = 8 + (run.has & TRUN_OFFSET ? 4 : 0) + (run.has & TRUN_FIRST_FLAGS ? 4 : 0);
  gsize room = (gsize)(trun.end - trun.at);
  if (!(run.has & TRUN_DURATION || all & TFHD_DURATION) ||
      !(run.has & TRUN_SIZE || all & TFHD_SIZE) || run.n == 0 || run.n > IV_MP4_RUN_MAX ||
      room < head || room - head < run.n * sample_size(run.has))
    return FALSE;
  run.samples = trun.at + head;
  run.first_flags = run.has & TRUN_FIRST_FLAGS ? iv_mp4_be32(run.samples - 4) : run.flags;
  *ret_run = run;
  return TRUE;
}

IvMp4Sample iv_mp4_run_sample(const IvMp4Run *run, guint32 i) {
  const guint8 *at = run->samples + i * sample_size(run->has);
  IvMp4Sample sample = {.duration = run->duration, .bytes = run->bytes};
  guint32 flags = i == 0 ? run->first_flags : run->flags;
  if (run->has & TRUN_DURATION) {
    sample.duration = iv_mp4_be32(at);
    at += 4;
  }
  if (run->has & TRUN_SIZE) {
    sample.bytes = iv_mp4_be32(at);
    at += 4;
  }
  if (run->has & TRUN_FLAGS) {
    flags = iv_mp4_be32(at);
    at += 4;
  }
  if (run->has & TRUN_CTO)
    sample.later = (gint32)iv_mp4_be32(at);
  sample.keyframe = !(flags & NON_SYNC);
  return sample;
}
