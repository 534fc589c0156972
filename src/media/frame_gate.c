/* SPDX-License-Identifier: Apache-2.0 */
#include "media/frame_gate.h"

/* A new epoch may go back this far at most before its times are believed: a little is jitter. */
#define CLOCK_SET_BACK IV_SECOND

void iv_frame_gate_init(IvFrameGate *gate, double fps) {
  *gate = (IvFrameGate){.last_ts = IV_TIME_NONE, .last_frame = IV_TIME_NONE};
  g_mutex_init(&gate->mutex);
  iv_cadence_init(&gate->cadence, fps);
}

void iv_frame_gate_clear(IvFrameGate *gate) {
  g_mutex_clear(&gate->mutex);
}

void iv_frame_gate_set_fps(IvFrameGate *gate, double fps) {
  g_mutex_lock(&gate->mutex);
  iv_cadence_set_fps(&gate->cadence, fps);
  g_mutex_unlock(&gate->mutex);
}

/* Rising within an epoch; only a new epoch may go back, when the machine's clock was set back. */
static IvTime rising(IvFrameGate *gate, IvTime ts, gboolean new_epoch) {
  if (gate->last_ts == IV_TIME_NONE || ts > gate->last_ts)
    return ts;
  if (new_epoch && ts < gate->last_ts - CLOCK_SET_BACK)
    return ts;
  return gate->last_ts + 1;
}

gboolean iv_frame_gate_pass(IvFrameGate *gate, IvFrame *frame, const IvFrameOrigin *origin,
                            IvTime now) {
  g_mutex_lock(&gate->mutex);
  gboolean new_epoch = gate->due > 0 && origin->epoch != gate->epoch;
  frame->seq = gate->decoded++;
  frame->arrived = origin->arrived;
  frame->ts = gate->last_ts = rising(gate, origin->ts, new_epoch);
  frame->discontinuity = new_epoch;
  gate->last_frame = now;
  if (new_epoch)
    iv_cadence_restart(&gate->cadence);
  gboolean due = iv_cadence_take(&gate->cadence, frame->ts);
  if (due) {
    gate->due++;
    gate->epoch = origin->epoch;
  }
  g_mutex_unlock(&gate->mutex);
  return due;
}

gboolean iv_frame_gate_leave_out(IvFrameGate *gate, IvTime ts) {
  g_mutex_lock(&gate->mutex);
  gboolean leave_out = !iv_cadence_is_due(&gate->cadence, ts);
  gate->left_out += leave_out;
  g_mutex_unlock(&gate->mutex);
  return leave_out;
}

void iv_frame_gate_count_errors(IvFrameGate *gate, guint n) {
  g_mutex_lock(&gate->mutex);
  gate->errors += n;
  g_mutex_unlock(&gate->mutex);
}

void iv_frame_gate_stats(IvFrameGate *gate, IvTime now, IvIngestStats *stats) {
  g_mutex_lock(&gate->mutex);
  stats->frames_decoded = gate->decoded;
  stats->frames_due = gate->due;
  stats->frames_left_out = gate->left_out;
  stats->decode_errors = gate->errors;
  stats->last_frame_age = gate->last_frame == IV_TIME_NONE ? -1 : now - gate->last_frame;
  g_mutex_unlock(&gate->mutex);
}
