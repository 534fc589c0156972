/* SPDX-License-Identifier: Apache-2.0 */
#include "media/probe_tally.h"

void iv_probe_tally_init(IvProbeTally *tally) {
  *tally = (IvProbeTally){.last_key = IV_TIME_NONE, .last_pts = IV_STREAM_TIME_NONE};
}

static void add_keyframe(IvProbeTally *tally, IvTime ts) {
  if (tally->last_key != IV_TIME_NONE)
    tally->key_gap = MAX(tally->key_gap, ts - tally->last_key);
  tally->last_key = ts;
  tally->keyframes++;
}

void iv_probe_tally_add(IvProbeTally *tally, const IvEncodedUnit *unit) {
  tally->first_ts = tally->n == 0 ? unit->ts : MIN(tally->first_ts, unit->ts);
  tally->last_ts = tally->n == 0 ? unit->ts : MAX(tally->last_ts, unit->ts);
  tally->n++;
  tally->bytes += unit->size;
  tally->codec = unit->codec;
  tally->size = unit->picture;
  if (unit->keyframe)
    add_keyframe(tally, unit->ts);
  if (unit->pts == IV_STREAM_TIME_NONE)
    return;
  if (tally->last_pts != IV_STREAM_TIME_NONE && unit->pts < tally->last_pts && !unit->discontinuity)
    tally->backwards++;
  tally->last_pts = unit->pts;
}

double iv_probe_tally_span(const IvProbeTally *tally) {
  return (double)(tally->last_ts - tally->first_ts) / (double)IV_SECOND;
}

void iv_probe_tally_report(const IvProbeTally *tally, IvProbeReport *report) {
  double span = iv_probe_tally_span(tally);
  report->codec = tally->codec;
  report->size = tally->size;
  report->span = span;
  report->reordered = tally->backwards > 0;
  report->keyframe_interval = (double)tally->key_gap / (double)IV_SECOND;
  if (span <= 0 || tally->n < 2)
    return;
  report->fps = (tally->n - 1) / span;
  /* n pictures last one picture's time longer than from the first to the last */
  report->bitrate = 8.0 * (double)tally->bytes / (span * tally->n / (tally->n - 1));
}
