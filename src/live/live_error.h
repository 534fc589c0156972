/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Why somebody can't watch. Messages are for people, say what to do, and hold no secret. */
typedef enum {
  IV_LIVE_ERROR_OFFER,   /* the offer is nonsense */
  IV_LIVE_ERROR_NO_H264, /* the viewer plays no H.264 */
  IV_LIVE_ERROR_STREAM,  /* the camera's stream is none that browsers play live */
  IV_LIVE_ERROR_FULL,    /* too many watch already */
  IV_LIVE_ERROR_FAILED,  /* GStreamer can't, or it took too long */
} IvLiveError;
#define IV_LIVE_ERROR (iv_live_error_quark())
GQuark iv_live_error_quark(void);
