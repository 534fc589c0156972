/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/clip.h"

#define IV_CLIP_SOURCES_MAX G_MAXUINT16

/* What goes into a clip: every picture with its place in a file and its times, before anything is
 * written. Used by media/clip.c alone. */

typedef struct {
  gint64 decoded; /* ticks; the first one's may be before 0, where the first picture is shown */
  gint32 later;   /* ticks by which it is shown later than decoded */
  guint32 bytes;
  guint32 duration; /* ticks, as its own file says */
  guint16 source;
  guint8 keyframe;
  guint64 offset; /* in its source */
} IvClipPicture;

typedef struct {
  guint32 timescale; /* ticks a second */
  GBytes *stsd;      /* what the pictures are: the contents of the first file's box; owned */
  GArray *pictures;  /* IvClipPicture, as they are decoded; 1 or more */
  gint64 length;     /* ticks, from the first picture shown to the end of the last */
  guint64 payload;   /* bytes of all pictures */
  IvClipInfo info;   /* without bytes */
} IvClipPlan;

void iv_clip_plan_clear(IvClipPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvClipPlan, iv_clip_plan_clear)

/* Reads the heads of the sources, no picture. Clear the result on success only. */
gboolean iv_clip_plan_make(const IvClipRequest *request, IvClipPlan *ret_plan, GError **error);

/* All of the clip that stands before its pictures; the caller frees. */
GByteArray *iv_clip_head(const IvClipPlan *plan);

/* The rest of `picture`'s run: how many pictures from `first` on lie one after another in the same
 * file; 1 or more. */
guint iv_clip_run(const IvClipPlan *plan, guint first, guint64 *ret_bytes);

/* All n bytes from `offset` on, or IV_CLIP_ERROR_SOURCE. */
gboolean iv_clip_read(int fd, guint64 offset, guint8 *bytes, gsize n, GError **error);

/* FALSE with IV_CLIP_ERROR_CANCELLED. */
gboolean iv_clip_go_on(const IvClipRequest *request, GError **error);
int iv_clip_open(const IvClipRequest *request, guint source, GError **error);
