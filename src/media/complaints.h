/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* What libav complains about while it decodes. It conceals damage and hands out the picture as if
 * it were whole; only its log tells. GStreamer passes that log on, in the thread that decodes. */

/* After gst_init, once. Leaves GStreamer's own logging alone when GST_DEBUG is set. */
void iv_complaints_listen(void);

/* Errors libav logged in the calling thread since the last call. */
guint iv_complaints_take(void);
