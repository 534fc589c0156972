/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

#include "model/unit.h"

/* A span of one camera's recorded files (media/segment_file.h) as one ordinary MP4 file that any
 * player opens at once: the pictures are copied byte by byte, nothing is decoded, and what a player
 * needs stands in front. No state, any thread; the memory is 32 bytes a picture.
 *
 * It begins with the keyframe at or before `from`, and ends with the last picture that is shown
 * before `to` (with B-frames up to a few later, which those need). Each picture is shown as long
 * after the first as it was taken; only where nothing was recorded for longer than IV_CLIP_GAP the
 * player goes on at once, and the gap is told. A shorter gap is a picture that stands still.
 * Pictures of another kind (codec, size, parameter sets) end the clip: `rest` tells where the next
 * one begins. */

#define IV_CLIP_GAP (2 * IV_SECOND)
#define IV_CLIP_PICTURES_MAX (4u * 1024 * 1024) /* 38 h at 30 pictures a second */

#define IV_CLIP_ERROR (iv_clip_error_quark())
GQuark iv_clip_error_quark(void);
typedef enum {
  IV_CLIP_ERROR_NOTHING,   /* the files have no picture of the span */
  IV_CLIP_ERROR_SOURCE,    /* a recorded file cannot be read, or is not as it is written */
  IV_CLIP_ERROR_OUTPUT,    /* the clip cannot be written */
  IV_CLIP_ERROR_CANCELLED, /* as it was asked to */
} IvClipError;

typedef struct {
  guint64 bytes; /* on the disk and whole, of a file that still grows; 0 = all that is whole */
  IvTime start;  /* capture time of its first picture */
} IvClipSource;

typedef struct {
  const IvClipSource *sources; /* rising by start */
  guint n_sources;
  /* Source `i` for reading; -1 with errno. May be asked for twice; the clip closes it. */
  int (*open_source)(guint i, gpointer user_data);
  IvTime from, to;
  gboolean stop_at_gap; /* a gap longer than IV_CLIP_GAP ends the clip too */
  void (*on_progress)(double done, gpointer user_data); /* 0..1, rising; may be NULL */
  /* What was written to the clip, from its first byte to its last; may be NULL. */
  void (*on_bytes)(const guint8 *bytes, gsize n, gpointer user_data);
  gpointer user_data;
  guint64 sync_bytes; /* so much is brought to the disk at a time, and not kept in memory: a large
                         clip does not hold up others who write; 0 = as the system likes */
  GCancellable *cancellable; /* may be NULL */
} IvClipRequest;

typedef struct {
  IvTime from, to; /* nothing was recorded; `to` before `from` = the clock was set back */
  IvTime at;       /* of the clip's playing time: where it lies */
} IvClipGap;

typedef enum {
  IV_CLIP_WHOLE,      /* it holds all that there is of the span */
  IV_CLIP_UNTIL_KIND, /* then come pictures of another codec, size or encoding */
  IV_CLIP_UNTIL_GAP,  /* then comes a gap (stop_at_gap) */
  IV_CLIP_UNTIL_FULL, /* more pictures than IV_CLIP_PICTURES_MAX */
} IvClipEnd;

typedef struct {
  IvTime start, end; /* capture time of the first picture, and of the end of the last */
  IvTime length;     /* playing time: shorter where gaps were closed */
  guint pictures;
  guint64 bytes; /* of the clip */
  IvCodec codec;
  IvSize size;  /* pixels */
  GArray *gaps; /* IvClipGap, those longer than IV_CLIP_GAP; owned */
  IvClipEnd how;
  IvTime rest; /* capture time from which on it goes on in another clip; IV_TIME_NONE = nowhere */
} IvClipInfo;

void iv_clip_info_clear(IvClipInfo *info);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvClipInfo, iv_clip_info_clear)

/* Writes to `fd` from its beginning. FALSE with IV_CLIP_ERROR; what was written is then of no use.
 * Clear the result on success only. */
gboolean iv_clip_write(const IvClipRequest *request, int fd, IvClipInfo *ret_info, GError **error);

/* The same as a file that is there whole or not at all: written beside `path` (".part"), on the
 * disk and renamed when the call returns TRUE. */
gboolean iv_clip_save(const IvClipRequest *request, const char *path, IvClipInfo *ret_info,
                      GError **error);
