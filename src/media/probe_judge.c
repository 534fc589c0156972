/* SPDX-License-Identifier: Apache-2.0 */
/* What a camera's figures mean for the one who installs it. */
#include "media/probe.h"

#define FPS_USELESS 2.0 /* people are elsewhere in the next picture */
#define FPS_LOW 5.0
#define LONG_GOP 4.5 /* seconds */
#define SMALL_HEIGHT 240
#define LARGE_PIXELS (2560 * 1440)
#define CLOCK_PATIENCE 5.5 /* seconds in which a report should have come (RFC 3550: every 5 s) */

static void advise(IvProbeReport *report, IvAdviceLevel level, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void advise(IvProbeReport *report, IvAdviceLevel level, const char *format, ...) {
  if (report->n_advice >= IV_PROBE_ADVICES_MAX)
    return;
  IvProbeAdvice *advice = &report->advice[report->n_advice++];
  advice->level = level;
  va_list args;
  va_start(args, format);
  g_vsnprintf(advice->text, sizeof advice->text, format, args);
  va_end(args);
}

static void judge_decoding(IvProbeReport *report) {
  if (!report->decodes)
    advise(report, IV_ADVICE_FAILURE, "no picture could be decoded%s%s",
           report->reason[0] ? ": " : "", report->reason);
  else if (report->packets_lost > 0)
    advise(report, IV_ADVICE_WARNING,
           "%" G_GUINT64_FORMAT " packets were lost: use transport tcp, or mend the network",
           report->packets_lost);
  else if (report->decode_errors > 0)
    advise(report, IV_ADVICE_WARNING,
           "%" G_GUINT64_FORMAT " pictures came damaged: check the network and the camera",
           report->decode_errors);
}

static void judge_rate(IvProbeReport *report) {
  if (report->fps < FPS_USELESS)
    advise(report, IV_ADVICE_FAILURE,
           "%.1f frames a second: people can't be followed; set 10 or more in the camera",
           report->fps);
  else if (report->fps < FPS_LOW - 0.1)
    advise(report, IV_ADVICE_WARNING,
           "%.1f frames a second: fast walkers are lost at lines; set 10 or more in the camera",
           report->fps);
}

static void judge_size(IvProbeReport *report) {
  if (report->size.width * report->size.height > LARGE_PIXELS)
    advise(report, IV_ADVICE_WARNING,
           "%dx%d costs much to decode and gains nothing: use the camera's sub stream (720p)",
           report->size.width, report->size.height);
  else if (report->size.height > 0 && report->size.height < SMALL_HEIGHT)
    advise(report, IV_ADVICE_WARNING,
           "%dx%d is small: people far away will not be seen; use a larger stream",
           report->size.width, report->size.height);
}

static void judge_keyframes(IvProbeReport *report) {
  if (report->keyframe_interval > LONG_GOP)
    advise(report, IV_ADVICE_WARNING,
           "a keyframe only every %.0f s: viewers wait that long for a picture, and so does a "
           "reconnect; set the I-frame interval to 1 or 2 s",
           report->keyframe_interval);
  else if (report->keyframe_interval <= 0 && report->span > LONG_GOP)
    advise(report, IV_ADVICE_WARNING,
           "no second keyframe within %.0f s: set the camera's I-frame interval to 1 or 2 s",
           report->span);
}

static void judge_live_view(IvProbeReport *report) {
  if (report->codec == IV_CODEC_H265)
    advise(report, IV_ADVICE_WARNING,
           "H.265: counting works, but many browsers can't show it live; for live view set H.264 "
           "(main or sub stream)");
  if (report->reordered)
    advise(report, IV_ADVICE_WARNING,
           "B-frames: counting works, but live view in the browser (WebRTC) does not; set profile "
           "Baseline, or B-frames to 0");
  if (report->codec == IV_CODEC_OTHER)
    advise(report, IV_ADVICE_WARNING,
           "this codec can be counted on, but neither recorded nor shown live");
}

static void judge_clock(IvProbeReport *report) {
  if (!report->camera_clock && report->span > CLOCK_PATIENCE)
    advise(report, IV_ADVICE_FINE,
           "no time reports (RTCP) came: times are those of arrival, right to some 0.1 s");
}

void iv_probe_judge(IvProbeReport *report) {
  report->n_advice = 0;
  if (!report->reached)
    return;
  judge_decoding(report);
  judge_rate(report);
  judge_size(report);
  judge_keyframes(report);
  judge_live_view(report);
  judge_clock(report);
}

IvAdviceLevel iv_probe_verdict(const IvProbeReport *report) {
  IvAdviceLevel worst = report->reached ? IV_ADVICE_FINE : IV_ADVICE_FAILURE;
  for (guint i = 0; i < report->n_advice; i++)
    worst = MAX(worst, report->advice[i].level);
  return worst;
}
