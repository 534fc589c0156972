/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/canvas.h"
#include "model/unit_ring.h"

/* Decodes the units of a ring, lets the pictures be painted on, and encodes them again as H.264
 * (openh264: no B-frames, nothing held back) into a ring of its own: for masks and blur, and for
 * streams that browsers do not play. Capture times, arrival, stream times and epochs are those of
 * the source; numbers and caps generations are its own; a unit of a new epoch is a keyframe.
 *
 * Three threads each: one reads, one decodes, one paints and encodes. Queues are bounded; what is
 * too much for the processor is left out up to the next keyframe and counted. It mends itself after
 * an error. When the source's ring is closed, its own is. */
typedef struct IvReencoder IvReencoder;

typedef enum {
  IV_PAINTED,
  IV_PAINT_LEAVE_OUT, /* this picture must not be shown: it is not encoded, and counted */
} IvPainted;

typedef struct {
  guint bitrate; /* bits a second; 0 = as the source, within what is sensible for its size */
  int width_max; /* pixels; wider pictures are made smaller; 0 = any */
  /* Encode from the newest picture on instead of from the beginning of the GOP at hand: for
   * viewers. */
  gboolean newest_only;
  /* Paints on the picture; thread of the encoder, and may wait (then the source waits behind it, up
   * to what its queue takes). `ts` and `arrived` are the unit's. NULL: nothing is painted. */
  IvPainted (*paint)(const IvCanvas *picture, IvTime ts, IvTime arrived, gpointer user_data);
  gpointer user_data;
} IvReencoderConfig;

#define IV_REENCODER_KEY_SPAN (2 * IV_SECOND) /* from keyframe to keyframe, at most */

/* Starts its thread; `ring` is referenced. NULL with IV_INGEST_ERROR: a plugin is missing, or there
 * are too many readers of the camera. */
IvReencoder *iv_reencoder_new(const IvReencoderConfig *config, IvUnitRing *ring, GError **error);

/* Stops and waits for its threads, closes its ring. `paint` must not wait for ever. */
void iv_reencoder_free(IvReencoder *reencoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvReencoder, iv_reencoder_free)

/* What comes out; lives as long as anybody holds a reference. Borrowed. */
IvUnitRing *iv_reencoder_ring(IvReencoder *reencoder);

typedef struct {
  gboolean running;    /* pictures came out within the last 3 s */
  char trouble[160];   /* why none come, for people; "" = none known */
  guint64 taken;       /* units of the source */
  guint64 made;        /* units that came out */
  guint64 dropped;     /* units left out because the processor is too slow */
  guint64 withheld;    /* pictures that paint left out */
  guint64 errors;      /* pictures lost in the decoder */
  IvTime cpu_time;     /* of its threads, in all */
  double cpu_share;    /* of one core, over the last seconds */
  double fps, bitrate; /* what comes out, over the last seconds; bits a second */
  IvSize size;         /* pixels of what comes out; 0x0 = nothing yet */
} IvReencoderStats;

/* Any thread. */
void iv_reencoder_stats(IvReencoder *reencoder, IvReencoderStats *ret_stats);
