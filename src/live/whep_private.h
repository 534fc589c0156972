/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/app/app.h>

#include "live/rtp_h264.h"
#include "live/stamp.h"
#include "live/whep_session.h"

/* Inside of live/whep_session.h: whep_session.c is its life and the talk with webrtcbin,
 * whep_pipeline.c the elements, whep_feed.c how units get into them. */

/* How units get from the ring into the pipeline; streaming thread of the source, but for `stop`. */
typedef struct {
  IvUnitReader *reader;
  GQueue past;     /* IvEncodedUnit: what was there before the viewer was connected */
  IvTime past_end; /* capture time of the last of them */
  IvTime behind;   /* how long before `past_end` the next of them is shown */
  gboolean begun;
  gboolean started; /* something was pushed */
  IvTime ts0;       /* capture time at running time 0 */
  IvTime ts_last;   /* of the unit pushed last */
  IvRtpH264 rtp;
  IvOrderWatch order;

  GMutex mutex; /* guards what follows; nothing else is locked under it */
  GCond changed;
  gboolean connected, stopping;
} IvWhepFeed;

struct IvWhepSession {
  gatomicrefcount refs; /* calls of the pipeline's threads that are still under way hold one */
  GstElement *pipeline, *source, *webrtc; /* all but `pipeline` borrowed from it */
  IvWhepFeed feed;
  IvTime opened;
  gboolean relayed; /* a TURN server may hold something for it */

  GMutex mutex; /* guards what follows; nothing else is locked under it */
  GCond changed;
  gboolean answered, gathered;
  const char *over; /* static text */
  IvTime heard;     /* last RTCP of the viewer; 0 = none yet */
};

IvWhepSession *iv_whep_session_ref(IvWhepSession *session);
void iv_whep_session_unref(gpointer session);

/* Makes and links the elements; FALSE with IV_LIVE_ERROR_FAILED. */
gboolean iv_whep_pipeline_make(IvWhepSession *session, const IvWhepPaths *paths,
                               const IvOffer *offer, GError **error);

void iv_whep_feed_init(IvWhepFeed *feed);

/* Takes its place at the ring and judges what is there. FALSE with IV_LIVE_ERROR_STREAM or _FULL.
 */
gboolean iv_whep_feed_open(IvWhepFeed *feed, IvUnitRing *ring, GError **error);

/* The viewer is connected. Any thread. */
void iv_whep_feed_start(IvWhepFeed *feed);

/* Puts the next unit into the source; waits for it. Signal "need-data". */
void iv_whep_feed_next(IvWhepSession *session);

/* The RTP packets of what iv_whep_feed_next put into the source; may be none. The caller unrefs. */
GstBufferList *iv_whep_feed_cut(IvWhepFeed *feed, GstBuffer *unit);

/* From here on iv_whep_feed_next does not wait. Any thread. */
void iv_whep_feed_stop(IvWhepFeed *feed);
void iv_whep_feed_clear(IvWhepFeed *feed);
