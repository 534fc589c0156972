/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/cadence.h"
#include "media/ingest.h"

/* What a camera's frames have in common over all its connections: their numbers, their rising times
 * and which of them are due. Thread-safe; one mutex, held for arithmetic only. */
typedef struct {
  GMutex mutex;
  IvCadence cadence;
  guint64 decoded, due, left_out, errors;
  IvTime last_ts;
  guint epoch;       /* of the last frame handed out; meaningful once due > 0 */
  IvTime last_frame; /* monotonic, IV_TIME_NONE before the first */
} IvFrameGate;

/* What a decoded picture brings along from its unit. */
typedef struct {
  IvTime ts, arrived;
  guint epoch;
} IvFrameOrigin;

void iv_frame_gate_init(IvFrameGate *gate, double fps);
void iv_frame_gate_clear(IvFrameGate *gate);
void iv_frame_gate_set_fps(IvFrameGate *gate, double fps);

/* Numbers a decoded frame and gives it its time; TRUE when it is due. `now` is monotonic. */
gboolean iv_frame_gate_pass(IvFrameGate *gate, IvFrame *frame, const IvFrameOrigin *origin,
                            IvTime now);

/* TRUE when a disposable unit at `ts` needn't be decoded; counts it then. */
gboolean iv_frame_gate_leave_out(IvFrameGate *gate, IvTime ts);

void iv_frame_gate_count_errors(IvFrameGate *gate, guint n);

/* Fills the frame counters of `stats`. */
void iv_frame_gate_stats(IvFrameGate *gate, IvTime now, IvIngestStats *stats);
