/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Boxes of MP4 files (ISO/IEC 14496-12): a big-endian length and four letters, then what is in it.
 * Reading only, from memory; pure. */

#define IV_MP4_HEAD 8 /* bytes of a box before its contents */
#define IV_MP4_TYPE(a, b, c, d)                                                                    \
  (((guint32)(a) << 24) | ((guint32)(b) << 16) | ((guint32)(c) << 8) | (guint32)(d))

typedef struct {
  const guint8 *at, *end;
} IvMp4Bytes;

guint32 iv_mp4_be16(const guint8 *p);
guint32 iv_mp4_be32(const guint8 *p);
guint64 iv_mp4_be64(const guint8 *p);

/* The next box of `in`: its contents. FALSE at the end, or where lengths make no sense. */
gboolean iv_mp4_next_box(IvMp4Bytes *in, guint32 *ret_type, IvMp4Bytes *ret_box);

/* The first box of that type; of a path, box within box. */
gboolean iv_mp4_find_box(IvMp4Bytes in, guint32 wanted, IvMp4Bytes *ret_box);
gboolean iv_mp4_find_path(IvMp4Bytes in, const guint32 *path, guint n, IvMp4Bytes *ret_box);

/* What the pictures of the only track are. */
gboolean iv_mp4_find_stsd(IvMp4Bytes moov, IvMp4Bytes *ret_stsd);

#define IV_MP4_RUN_MAX 100000 /* pictures of a fragment */

/* The pictures of a fragment, as they are decoded. Where all are of one length and size (a single
 * one is; so are those of a scene in which nothing moves) that is written once, for the fragment.
 */
typedef struct {
  guint64 decoded;                /* ticks: the first one */
  guint32 n;                      /* pictures; 1 or more */
  guint32 has;                    /* which fields each has */
  guint32 duration, bytes, flags; /* of all, where they have none of their own */
  guint32 first_flags;            /* of the first one, in place of `flags` */
  const guint8 *samples;          /* borrowed from the moof */
} IvMp4Run;

typedef struct {
  guint32 duration, bytes; /* ticks */
  gint32 later;            /* ticks by which it is shown later than decoded */
  gboolean keyframe;       /* decoding can start with it */
} IvMp4Sample;

/* `moof`: its contents. FALSE where it is not as our muxer writes it. */
gboolean iv_mp4_run_open(IvMp4Bytes moof, IvMp4Run *ret_run);
IvMp4Sample iv_mp4_run_sample(const IvMp4Run *run, guint32 i);
