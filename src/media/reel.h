/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/gst.h>

#include "base/geometry.h"

/* A short H.264 film in memory, as encoded pictures to be sent again and again: many cameras at
 * almost no cost, and nothing is encoded twice. Immutable after loading. */
typedef struct {
  GPtrArray *units; /* of GstBuffer: access units, byte-stream; the first is a keyframe */
  GstBuffer *seam;  /* the first unit, with the message of media/seam.h in it */
  GstCaps *caps;
  IvSize size;
  int fps_num, fps_den;
} IvReel;

/* Reads an Annex B file. NULL with IV_DEMO_ERROR_CACHE when there is no picture in it. */
IvReel *iv_reel_load(const char *path, int fps_num, int fps_den, GError **error);
void iv_reel_free(IvReel *reel);

/* Unit `index` (< length), or with `after_seam` unit 0 that says that it doesn't go on from the one
 * before. A shallow copy that the caller gives times and owns. */
GstBuffer *iv_reel_unit(const IvReel *reel, guint index, gboolean after_seam);

/* The last keyframe at or before `index`. */
guint iv_reel_keyframe(const IvReel *reel, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvReel, iv_reel_free)
