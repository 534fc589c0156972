/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"
#include "base/timestamp.h"

/* What a camera sends, before decoding: one access unit (everything that belongs to one picture).
 * Recorder, live view, re-streaming and the decoder all read the same units. */

typedef enum {
  IV_CODEC_NONE, /* not known yet */
  IV_CODEC_H264,
  IV_CODEC_H265,
  IV_CODEC_OTHER, /* from files only: decoded, but never recorded or passed through */
} IvCodec;

/* "H.264", "H.265", "other", "none". */
const char *iv_codec_name(IvCodec codec);

/* Nanoseconds; -1 when the stream gives none. */
typedef gint64 IvStreamTime;
#define IV_STREAM_TIME_NONE ((IvStreamTime)-1)

#define IV_UNIT_BYTES_MAX (16u * 1024 * 1024) /* larger ones are not taken */
#define IV_PICTURE_SIDE_MAX 8192              /* pixels; larger pictures are not decoded */

/* Reference counted, immutable once on a ring; refs may be dropped on any thread. H.264 and H.265
 * are byte-stream (Annex B) with parameter sets before each keyframe. */
typedef struct IvEncodedUnit {
  gatomicrefcount refs;
  const guint8 *bytes; /* owned through `owner` */
  gsize size;
  IvCodec codec;
  IvSize picture;         /* pixels; 0 x 0 while not known */
  gboolean keyframe;      /* decoding can start here */
  gboolean disposable;    /* no other picture refers to it: it may be left out */
  gboolean discontinuity; /* does not follow on from the unit before: seam, reconnect, clock jump */
  IvTime ts;        /* capture time by the camera's clock rule, µs UTC; goes back with B-frames */
  IvTime arrived;   /* monotonic clock; 0 for files read as fast as possible */
  IvStreamTime pts; /* the stream's own presentation time, from 0 at each connection */
  IvStreamTime dts;
  guint64 seq;           /* per source, from 0, without holes; goes on over reconnects */
  guint caps_generation; /* goes up when codec, size or parameter sets change */
  guint epoch;   /* goes up at each discontinuity, so that none is missed by a slow reader */
  gpointer caps; /* GstCaps of this generation, borrowed from the unit; for GStreamer users */
  GDestroyNotify release_caps; /* called with `caps` when the last reference goes; may be NULL */
  GDestroyNotify release;      /* likewise with `owner` */
  gpointer owner;
} IvEncodedUnit;

/* One reference; the caller fills the fields before sharing it. What `caps` and `owner` hold goes
 * over to the unit if their release function is set. */
IvEncodedUnit *iv_encoded_unit_new(void);
IvEncodedUnit *iv_encoded_unit_ref(IvEncodedUnit *unit);
void iv_encoded_unit_unref(IvEncodedUnit *unit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvEncodedUnit, iv_encoded_unit_unref)

/* Whether units are shown in another order than they are sent in: B-frames. A single step back is
 * none: times are mended when the camera's first report comes. */
typedef struct {
  gboolean any;
  guint epoch;
  IvStreamTime pts;
  guint32 back; /* of the last units, which stepped back: one bit each */
} IvUnitOrder;  /* zeroed at first */

#define IV_ORDER_UNITS 16
#define IV_ORDER_STEPS 3 /* back, among the last IV_ORDER_UNITS: B-frames */

/* TRUE = B-frames. */
gboolean iv_unit_order_look(IvUnitOrder *order, const IvEncodedUnit *unit);
