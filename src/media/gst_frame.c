/* SPDX-License-Identifier: Apache-2.0 */
#include "media/gst_frame.h"

static void unmap(gpointer owner) {
  GstVideoFrame *mapped = owner;
  gst_video_frame_unmap(mapped);
  g_free(mapped);
}

IvFrame *iv_frame_from_gst(const GstVideoInfo *info, GstBuffer *buffer) {
  GstVideoFormat format = GST_VIDEO_INFO_FORMAT(info);
  if (format != GST_VIDEO_FORMAT_I420 && format != GST_VIDEO_FORMAT_NV12)
    return NULL;
  g_autofree GstVideoFrame *mapped = g_new0(GstVideoFrame, 1);
  if (!gst_video_frame_map(mapped, info, buffer, GST_MAP_READ))
    return NULL;
  IvFrame *frame = iv_frame_new();
  frame->pixels = format == GST_VIDEO_FORMAT_I420 ? IV_PIXELS_I420 : IV_PIXELS_NV12;
  frame->size = (IvSize){GST_VIDEO_INFO_WIDTH(info), GST_VIDEO_INFO_HEIGHT(info)};
  for (guint i = 0; i < GST_VIDEO_INFO_N_PLANES(info); i++) {
    frame->plane[i] = GST_VIDEO_FRAME_PLANE_DATA(mapped, i);
    frame->stride[i] = GST_VIDEO_FRAME_PLANE_STRIDE(mapped, i);
  }
  frame->full_range = info->colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  frame->release = unmap;
  frame->owner = g_steal_pointer(&mapped);
  return frame;
}
