/* SPDX-License-Identifier: Apache-2.0 */
#include "app/probe_json.h"

const char *iv_probe_level_name(IvAdviceLevel level) {
  static const char *const names[] = {
      [IV_ADVICE_FINE] = "note", [IV_ADVICE_WARNING] = "warning", [IV_ADVICE_FAILURE] = "failure"};
  return names[level];
}

const char *iv_probe_verdict_name(IvAdviceLevel level) {
  static const char *const names[] = {[IV_ADVICE_FINE] = "works",
                                      [IV_ADVICE_WARNING] = "works with limits",
                                      [IV_ADVICE_FAILURE] = "does not work"};
  return names[level];
}

static json_t *advice_to_json(const IvProbeReport *report) {
  json_t *list = json_array();
  for (guint i = 0; i < report->n_advice; i++)
    json_array_append_new(list, json_pack("{ss ss}", "level",
                                          iv_probe_level_name(report->advice[i].level), "text",
                                          report->advice[i].text));
  return list;
}

json_t *iv_probe_to_json(const char *address, const IvProbeReport *report) {
  return json_pack(
      "{ss sb ss ss ss ss si si sf sf sf sf sf sb sb sb sI sI ss so}", "address", address,
      "reached", report->reached, "reason", report->reason, "codec", iv_codec_name(report->codec),
      "profile", report->profile, "level", report->level, "width", report->size.width, "height",
      report->size.height, "frames_per_second", report->fps, "frames_per_second_said",
      report->fps_said, "keyframe_interval_s", report->keyframe_interval, "bits_per_second",
      report->bitrate, "first_frame_s", report->first_frame, "b_frames", report->reordered,
      "camera_clock", report->camera_clock, "decodes", report->decodes, "decode_errors",
      (json_int_t)report->decode_errors, "packets_lost", (json_int_t)report->packets_lost,
      "verdict", iv_probe_verdict_name(iv_probe_verdict(report)), "advice", advice_to_json(report));
}
