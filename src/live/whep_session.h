/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "live/offer.h"
#include "model/unit_ring.h"

/* One viewer of one camera: a GStreamer pipeline of its own (units of the ring, H.264 as it is,
 * RTP, ICE and DTLS-SRTP), so that whatever becomes of it stays with this viewer.
 *
 * Made, asked and freed by live/whep.h; never on a thread of its own pipeline. */
typedef struct IvWhepSession IvWhepSession;

/* How the media finds its way. Text is borrowed. */
typedef struct {
  guint port_min, port_max; /* UDP and TCP of the media; 0 = any */
  const char *stun;         /* "stun://host:port"; NULL = none */
  const char *turn;         /* "turn[s]://user:password@host:port"; NULL = none */
} IvWhepPaths;

/* From the answer to the first sign of the viewer. */
#define IV_WHEP_CONNECT_TIME (15 * IV_SECOND)
#define IV_WHEP_SILENCE (10 * IV_SECOND) /* a viewer that sends no RTCP for so long is gone */

/* Answers `offer`; waits for the addresses to be gathered, no longer than until `deadline`
 * (monotonic): what is known by then has to do. Several at once may be opened on several threads.
 * NULL with IV_LIVE_ERROR. */
IvWhepSession *iv_whep_session_open(const IvWhepPaths *paths, IvUnitRing *ring,
                                    const IvOffer *offer, IvTime deadline, char **ret_answer,
                                    GError **error);

/* It ends for this reason (static text), unless it has one. Any thread. */
void iv_whep_session_end(IvWhepSession *session, const char *why);

/* NULL while it lives, else why it is over: static text, for the log. */
const char *iv_whep_session_is_over(IvWhepSession *session, IvTime now);

/* Ends it and waits for its threads (some 10 ms). */
void iv_whep_session_free(IvWhepSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvWhepSession, iv_whep_session_free)
