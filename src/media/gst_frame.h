/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/video/video.h>

#include "model/frame.h"

/* A decoder's buffer as IvFrame without a copy: the planes stay mapped until the last reference to
 * the frame goes. NULL when the buffer can't be mapped or is neither I420 nor NV12. The caller
 * fills times and numbers. */
IvFrame *iv_frame_from_gst(const GstVideoInfo *info, GstBuffer *buffer);
