/* SPDX-License-Identifier: Apache-2.0 */
#include "media/mp4_scan.h"

#include <errno.h>
#include <unistd.h>

#include "media/mp4_box.h"

#define HEADS_MAX (1024 * 1024)      /* a moov or moof is far smaller */
#define PART_MAX (256 * 1024 * 1024) /* a box that says it is longer is not ours */

/* Ticks a second of the only track; 0 = cannot be told. */
static guint32 timescale_of(IvMp4Bytes moov) {
  static const guint32 path[] = {IV_MP4_TYPE('t', 'r', 'a', 'k'), IV_MP4_TYPE('m', 'd', 'i', 'a'),
                                 IV_MP4_TYPE('m', 'd', 'h', 'd')};
  IvMp4Bytes mdhd;
  if (!iv_mp4_find_path(moov, path, G_N_ELEMENTS(path), &mdhd))
    return 0;
  gsize at = mdhd.at < mdhd.end && mdhd.at[0] == 1 ? 20 : 12;
  return (gsize)(mdhd.end - mdhd.at) >= at + 4 ? iv_mp4_be32(mdhd.at + at) : 0;
}

static IvCodec codec_of(guint32 type) {
  if (type == IV_MP4_TYPE('a', 'v', 'c', '1') || type == IV_MP4_TYPE('a', 'v', 'c', '3'))
    return IV_CODEC_H264;
  if (type == IV_MP4_TYPE('h', 'v', 'c', '1') || type == IV_MP4_TYPE('h', 'e', 'v', '1'))
    return IV_CODEC_H265;
  return IV_CODEC_OTHER;
}

#define STSD_HEAD 8     /* version, flags and the number of entries */
#define SIZE_AT 24      /* of width and height in a picture's entry */
#define PICTURE_HEAD 28 /* up to the end of those */

/* What its pictures are; untouched where that is not said. */
static void read_codec(IvMp4Bytes moov, IvMp4Scan *scan) {
  IvMp4Bytes stsd, entry;
  guint32 type;
  if (!iv_mp4_find_stsd(moov, &stsd) || stsd.end - stsd.at < STSD_HEAD)
    return;
  IvMp4Bytes entries = {stsd.at + STSD_HEAD, stsd.end};
  if (!iv_mp4_next_box(&entries, &type, &entry) || entry.end - entry.at < PICTURE_HEAD)
    return;
  scan->codec = codec_of(type);
  scan->size =
      (IvSize){(int)iv_mp4_be16(entry.at + SIZE_AT), (int)iv_mp4_be16(entry.at + SIZE_AT + 2)};
}

/* When the pictures of a trun are shown, in ticks; from the fragment's decode time on. */
typedef struct {
  gint64 first; /* picture in the file */
  gint64 begin; /* that is shown first of all */
  gint64 end;   /* of the one that is shown last */
} Shown;

/* Our muxer writes each sample's own duration. Pictures with B-frames lie in another order than
 * they are shown in; each sample then says by how much later it is shown than decoded. */
static void read_samples(const IvMp4Run *run, Shown *ret_shown, IvMp4Fragment *ret_fragment) {
  gint64 decoded = 0;
  for (guint32 i = 0; i < run->n; i++) {
    IvMp4Sample sample = iv_mp4_run_sample(run, i);
    gint64 shown = decoded + sample.later, end = shown + sample.duration;
    *ret_shown =
        i == 0 ? (Shown){shown, shown, end}
               : (Shown){ret_shown->first, MIN(ret_shown->begin, shown), MAX(ret_shown->end, end)};
    decoded += sample.duration;
  }
  ret_fragment->keyframe = iv_mp4_run_sample(run, 0).keyframe;
  ret_fragment->samples = run->n;
}

static IvTime ticks_to_time(guint64 ticks, guint32 timescale) {
  return (IvTime)(ticks / timescale * IV_SECOND + ticks % timescale * IV_SECOND / timescale);
}

/* Playing begins with a keyframe at the moment it is shown: what is shown before it, but comes
 * after, hangs on pictures before. Times are from the file's first picture on. */
static gboolean read_fragment(IvMp4Bytes moof, IvMp4Scan *scan, IvMp4Fragment *ret_fragment) {
  IvMp4Run run;
  Shown shown = {0};
  if (!iv_mp4_run_open(moof, &run) || run.decoded > G_MAXINT64 / IV_SECOND)
    return FALSE;
  read_samples(&run, &shown, ret_fragment);
  gint64 decoded = (gint64)run.decoded;
  gint64 from = decoded + (ret_fragment->keyframe ? shown.first : shown.begin);
  if (scan->fragments->len == 0)
    scan->first_shown = from;
  gint64 start = MAX(from - scan->first_shown, 0);
  gint64 end = MAX(decoded + shown.end - scan->first_shown, start);
  ret_fragment->start = ticks_to_time((guint64)start, scan->timescale);
  ret_fragment->length = ticks_to_time((guint64)end, scan->timescale) - ret_fragment->start;
  return TRUE;
}

static gboolean take_fragment(IvMp4Scan *scan, const IvMp4Fragment *fragment) {
  if (scan->fragments->len == IV_MP4_FRAGMENTS_MAX)
    return FALSE;
  scan->whole_bytes = fragment->offset + fragment->size;
  scan->length = MAX(scan->length, fragment->start + fragment->length);
  g_array_append_val(scan->fragments, *fragment);
  return TRUE;
}

guint iv_mp4_scan_add(IvMp4Scan *scan, const guint8 *part, gsize n) {
  IvMp4Bytes box, all = {part, part + n};
  IvMp4Fragment fragment = {.offset = scan->file_bytes, .size = n};
  if (!scan->fragments)
    scan->fragments = g_array_new(FALSE, FALSE, sizeof(IvMp4Fragment));
  scan->file_bytes += n;
  if (iv_mp4_find_box(all, IV_MP4_TYPE('m', 'o', 'o', 'v'), &box)) {
    scan->timescale = timescale_of(box);
    read_codec(box, scan);
    scan->init_bytes = scan->whole_bytes = scan->file_bytes;
    return 0;
  }
  if (scan->timescale == 0 || !iv_mp4_find_box(all, IV_MP4_TYPE('m', 'o', 'o', 'f'), &box) ||
      !read_fragment(box, scan, &fragment))
    return 0;
  scan->has_media = TRUE;
  return take_fragment(scan, &fragment) ? fragment.samples : 0;
}

/* ---- the file ---- */

typedef struct {
  IvMp4Read read;
  gpointer user_data;
  int failed; /* errno: the file is not given */
  IvMp4Scan *scan;
  gboolean in_fragment;
  IvMp4Fragment fragment;
} Walk;

static gboolean read_at(Walk *walk, guint64 offset, guint8 *bytes, gsize n) {
  walk->failed = walk->read(offset, bytes, n, walk->user_data);
  return walk->failed == 0;
}

static gboolean read_box(Walk *walk, guint64 offset, guint32 length, IvMp4Bytes *ret_box) {
  guint8 *bytes = length <= HEADS_MAX ? g_malloc(length) : NULL;
  if (!bytes || !read_at(walk, offset, bytes, length)) {
    g_free(bytes);
    return FALSE;
  }
  *ret_box = (IvMp4Bytes){bytes + IV_MP4_HEAD, bytes + length};
  return TRUE;
}

static gboolean take_moov(Walk *walk, guint64 offset, guint32 length) {
  IvMp4Bytes moov;
  if (!read_box(walk, offset, length, &moov))
    return FALSE;
  walk->scan->timescale = timescale_of(moov);
  read_codec(moov, walk->scan);
  walk->scan->init_bytes = walk->scan->whole_bytes = offset + length;
  g_free((gpointer)(moov.at - IV_MP4_HEAD));
  return walk->scan->timescale > 0;
}

static gboolean take_moof(Walk *walk, guint64 offset, guint32 length) {
  IvMp4Bytes moof;
  if (walk->scan->timescale == 0 || !read_box(walk, offset, length, &moof))
    return FALSE;
  walk->in_fragment = read_fragment(moof, walk->scan, &walk->fragment);
  walk->fragment.offset = offset;
  g_free((gpointer)(moof.at - IV_MP4_HEAD));
  return walk->in_fragment;
}

static gboolean take_mdat(Walk *walk, guint64 end) {
  if (!walk->in_fragment)
    return FALSE;
  walk->in_fragment = FALSE;
  walk->fragment.size = end - walk->fragment.offset;
  return take_fragment(walk->scan, &walk->fragment);
}

/* FALSE where what follows is not ours. */
static gboolean take_box(Walk *walk, guint64 offset, guint32 type, guint32 length) {
  if (type == IV_MP4_TYPE('m', 'o', 'o', 'v'))
    return take_moov(walk, offset, length);
  if (type == IV_MP4_TYPE('m', 'o', 'o', 'f'))
    return take_moof(walk, offset, length);
  if (type == IV_MP4_TYPE('m', 'd', 'a', 't'))
    return take_mdat(walk, offset + length);
  return TRUE;
}

static gboolean is_ours(guint32 type) {
  return type == IV_MP4_TYPE('f', 't', 'y', 'p') || type == IV_MP4_TYPE('m', 'o', 'o', 'v') ||
         type == IV_MP4_TYPE('m', 'o', 'o', 'f') || type == IV_MP4_TYPE('m', 'd', 'a', 't');
}

/* The box at `at`, which is not wholly in the file: is it the one that was being written? */
static IvMp4End judge_last(const Walk *walk, guint32 type, guint32 length) {
  gboolean fits = type == IV_MP4_TYPE('m', 'd', 'a', 't') ? walk->in_fragment : !walk->in_fragment;
  return is_ours(type) && fits && length <= PART_MAX ? IV_MP4_TORN : IV_MP4_DAMAGED;
}

static IvMp4End walk_boxes(Walk *walk) {
  guint8 head[IV_MP4_HEAD];
  guint64 at = 0, end = walk->scan->file_bytes;
  while (at + IV_MP4_HEAD <= end) {
    if (!read_at(walk, at, head, IV_MP4_HEAD))
      return IV_MP4_DAMAGED;
    guint32 length = iv_mp4_be32(head), type = iv_mp4_be32(head + 4);
    walk->scan->has_media = walk->scan->has_media || type == IV_MP4_TYPE('m', 'd', 'a', 't');
    if (length < IV_MP4_HEAD)
      return IV_MP4_DAMAGED;
    if (at + length > end)
      return judge_last(walk, type, length);
    if (!take_box(walk, at, type, length))
      return IV_MP4_DAMAGED;
    at += length;
  }
  return at < end || walk->in_fragment || walk->scan->init_bytes == 0 ? IV_MP4_TORN : IV_MP4_WHOLE;
}

static gboolean is_mp4(Walk *walk) {
  guint8 head[IV_MP4_HEAD];
  return read_at(walk, 0, head, IV_MP4_HEAD) &&
         iv_mp4_be32(head + 4) == IV_MP4_TYPE('f', 't', 'y', 'p');
}

static gboolean fail(GError **error, int code) {
  g_set_error_literal(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), g_strerror(code));
  return FALSE;
}

gboolean iv_mp4_scan_with(IvMp4Read read, gpointer user_data, guint64 bytes, IvMp4Scan *ret_scan,
                          GError **error) {
  IvMp4Scan scan = {.file_bytes = bytes};
  Walk walk = {.read = read, .user_data = user_data, .scan = &scan};
  gboolean fine = bytes < IV_MP4_HEAD || is_mp4(&walk);
  if (!fine && !walk.failed) {
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "not an MP4 file");
    return FALSE;
  }
  scan.fragments = g_array_new(FALSE, FALSE, sizeof(IvMp4Fragment));
  if (fine)
    scan.end = walk_boxes(&walk);
  if (walk.failed) {
    iv_mp4_scan_clear(&scan);
    return fail(error, walk.failed);
  }
  *ret_scan = scan;
  return TRUE;
}

static int read_file(guint64 offset, guint8 *bytes, gsize n, gpointer fd) {
  for (gsize done = 0; done < n;) {
    gssize got = pread(GPOINTER_TO_INT(fd), bytes + done, n - done, (off_t)(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return got < 0 ? errno : EIO; /* it was longer a moment ago */
    done += (gsize)got;
  }
  return 0;
}

gboolean iv_mp4_scan(int fd, IvMp4Scan *ret_scan, GError **error) {
  off_t end = lseek(fd, 0, SEEK_END);
  if (end < 0)
    return fail(error, errno);
  return iv_mp4_scan_with(read_file, GINT_TO_POINTER(fd), (guint64)end, ret_scan, error);
}

void iv_mp4_scan_clear(IvMp4Scan *scan) {
  g_clear_pointer(&scan->fragments, g_array_unref);
}
