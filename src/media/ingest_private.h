/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/url.h"
#include "media/decoder.h"
#include "media/intake.h"
#include "media/masks.h"
#include "media/rate_meter.h"
#include "media/source.h"

/* Inside of media/ingest.h: ingest.c makes and shows it, ingest_stream.c is what the streaming
 * threads do, ingest_run.c is its own thread. */

/* What the streaming thread and the ingest's own thread share of one connection. */
typedef struct {
  IvTime began, first_unit, last_unit; /* monotonic; 0 = none yet */
  guint64 units, frames;
  gboolean decoder_refused; /* none can be made: don't try with each unit */
  IvTime window_start;
  guint64 window_units, window_errors;
  gboolean damaged;
} IvConnection;

struct IvIngest {
  IvSourceAddress address;
  IvUrlParts parts;
  char *path, *user, *password;
  gboolean decode, loop;
  IvTime backoff_max;
  guint32 seed;
  IvIngestEvents events;
  gpointer user_data;
  IvUnitRing *ring;
  IvMasks *masks;     /* NULL = none */
  IvHostSlots *slots; /* likewise */
  IvFrameGate gate;
  IvIntake intake; /* streaming thread; between connections the ingest's */
  GThread *thread;

  GMutex mutex; /* guards what follows; never held while calling out */
  GCond changed;
  gboolean stopping;
  IvSource *source;     /* NULL between connections */
  IvDecoder *decoder;   /* made on the streaming thread, taken away on the ingest's */
  char *decoder_reason; /* why none can be made */
  IvConnection connection;
  IvRateMeter meter;
  IvIngestState state;
  char reason[sizeof((IvIngestStats *)0)->reason];
  IvCodec codec;
  IvSize size;
  gboolean camera_clock;
  IvTime clock_ahead;
  guint64 units, bytes, connections, discontinuities, lost_before, dropped_before;
};

static inline gboolean iv_ingest_is_file(const IvIngest *ingest) {
  return ingest->path != NULL;
}

/* The source's callback; its streaming thread. */
void iv_ingest_take_sample(GstSample *sample, gpointer ingest);

/* The ingest's own thread, until it is stopped or a file ends. */
gpointer iv_ingest_run(gpointer ingest);
