/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "model/unit.h"

/* A camera's units as fragmented MP4, part by part and without a file: first what every player
 * needs (ftyp and moov), then fragments (moof and mdat) that can each be played once the first part
 * is there. Nothing is decoded. H.264 and H.265, with B-frames too. All units of one fragmenter
 * follow on from each other and have the same caps; after a seam make a new one. */
typedef struct IvFragmenter IvFragmenter;

/* At most; a keyframe begins a new one sooner. A third of the usual 2 s between keyframes, and with
 * the next picture and the disk's time no kill takes as much as a second. */
#define IV_FRAGMENT_SPAN (700 * IV_MS)

typedef struct {
  /* The next part, whole; a thread of the fragmenter's own, one call at a time, in order. FALSE =
   * it could not be taken: nothing more is wanted. */
  gboolean (*on_part)(const guint8 *bytes, gsize n, gpointer user_data);
  gpointer user_data;
} IvFragmenterEvents;

/* `first`: the keyframe that it begins with (it is not taken yet). NULL with IV_INGEST_ERROR: a
 * plugin is missing, or its codec cannot be kept in MP4. */
IvFragmenter *iv_fragmenter_new(const IvEncodedUnit *first, const IvFragmenterEvents *events,
                                GError **error);

/* TRUE when the unit goes on from the ones before: same caps, no seam. */
gboolean iv_fragmenter_fits(const IvFragmenter *fragmenter, const IvEncodedUnit *unit);

/* The next unit; references are taken. Waits while parts are not taken fast enough. FALSE when
 * making parts has failed (iv_fragmenter_failure) or on_part wanted no more. */
gboolean iv_fragmenter_push(IvFragmenter *fragmenter, IvEncodedUnit *unit);

/* Hands out what is left and returns when it has been taken. */
void iv_fragmenter_finish(IvFragmenter *fragmenter);

/* Why it failed, for people; NULL = it did not. The caller frees. */
char *iv_fragmenter_failure(IvFragmenter *fragmenter);

/* Without finishing first, what is not handed out yet is lost. */
void iv_fragmenter_free(IvFragmenter *fragmenter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvFragmenter, iv_fragmenter_free)
