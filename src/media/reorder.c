/* SPDX-License-Identifier: Apache-2.0 */
#define GST_USE_UNSTABLE_API /* the parsers of parameter sets; unchanged since GStreamer 1.0 */
#include "media/reorder.h"

#include <gst/codecparsers/gsth264parser.h>
#include <gst/codecparsers/gsth265parser.h>

#define DEPTH_UNKNOWN 2
/* Between decode times before the first picture; short, for a player shows nothing meanwhile. */
#define STEP ((IvStreamTime)GST_MSECOND)

/* ---- what parameter sets say ---- */

static guint depth_of_h264(const GstH264SPS *sps) {
  if (sps->profile_idc == GST_H264_PROFILE_BASELINE || sps->pic_order_cnt_type == 2)
    return 0; /* 8.2.1.3: type 2 is shown as it is sent */
  if (sps->vui_parameters_present_flag && sps->vui_parameters.bitstream_restriction_flag)
    return sps->vui_parameters.num_reorder_frames;
  return DEPTH_UNKNOWN;
}

static guint read_h264(const guint8 *bytes, gsize size) {
  GstH264NalParser *parser = gst_h264_nal_parser_new();
  GstH264NalUnit nal = {0};
  guint depth = DEPTH_UNKNOWN, at = 0;
  while (gst_h264_parser_identify_nalu(parser, bytes, at, size, &nal) == GST_H264_PARSER_OK) {
    GstH264SPS sps;
    if (nal.type == GST_H264_NAL_SPS &&
        gst_h264_parser_parse_sps(parser, &nal, &sps) == GST_H264_PARSER_OK) {
      depth = depth_of_h264(&sps);
      gst_h264_sps_clear(&sps);
      break;
    }
    at = nal.offset + nal.size;
  }
  gst_h264_nal_parser_free(parser);
  return depth;
}

static guint read_h265(const guint8 *bytes, gsize size) {
  GstH265Parser *parser = gst_h265_parser_new();
  GstH265NalUnit nal = {0};
  guint depth = DEPTH_UNKNOWN, at = 0;
  while (gst_h265_parser_identify_nalu(parser, bytes, at, size, &nal) == GST_H265_PARSER_OK) {
    GstH265SPS sps;
    if (nal.type == GST_H265_NAL_SPS &&
        gst_h265_parser_parse_sps(parser, &nal, &sps, FALSE) == GST_H265_PARSER_OK) {
      depth = sps.max_num_reorder_pics[sps.max_sub_layers_minus1];
      break;
    }
    at = nal.offset + nal.size;
  }
  gst_h265_parser_free(parser);
  return depth;
}

guint iv_reorder_depth(const IvEncodedUnit *keyframe) {
  guint depth = keyframe->codec == IV_CODEC_H264   ? read_h264(keyframe->bytes, keyframe->size)
                : keyframe->codec == IV_CODEC_H265 ? read_h265(keyframe->bytes, keyframe->size)
                                                   : 0;
  return MIN(depth, IV_REORDER_MAX);
}

/* ---- decode times ---- */

void iv_decode_times_init(IvDecodeTimes *times, guint depth, IvStreamTime first) {
  times->n = MIN(depth, IV_REORDER_MAX);
  for (guint i = 0; i < times->n; i++)
    times->waiting[i] = first - (times->n - i) * STEP;
  times->last = first - (times->n + 1) * STEP;
}

/* The i-th picture is decoded when the i-th of all is shown, `depth` pictures earlier: by then no
 * picture can still come that is shown before. */
IvStreamTime iv_decode_times_next(IvDecodeTimes *times, IvStreamTime shown) {
  guint at = times->n;
  for (; at > 0 && times->waiting[at - 1] > shown; at--)
    times->waiting[at] = times->waiting[at - 1];
  times->waiting[at] = shown;
  times->last = MAX(times->waiting[0], times->last + 1);
  for (guint i = 0; i < times->n; i++)
    times->waiting[i] = times->waiting[i + 1];
  return times->last;
}
