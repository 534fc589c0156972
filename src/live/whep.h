/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "live/live_error.h"
#include "live/mse_session.h"
#include "live/whep_session.h"
#include "model/stream_hold.h"

/* All that watch cameras live, by WebRTC (WHEP) or by fragmented MP4 over a socket (MSE): opened
 * and closed by the API, dropped when they are dead, when whoever opened them may not watch any
 * more, or when the program stops. Any thread. */
typedef struct IvWhep IvWhep;

#define IV_WHEP_VIEWERS_MAX 256

/* Who watches what. Text is copied. */
typedef struct {
  const char *store_id, *camera_id;
  gint64 user_id;
  const char *login; /* which of the user's logins; compared, never logged */
  gboolean blurred;  /* he sees people only as mosaics */
} IvWhepViewer;

/* Text is copied. */
typedef struct {
  guint viewers_max;        /* in all; 1..IV_WHEP_VIEWERS_MAX */
  guint camera_viewers_max; /* of one camera */
  IvWhepPaths paths;
  /* May he still? Asked every IV_WHEP_CHECK and after iv_whep_recheck, on the thread that looks
   * after viewers. NULL = always. */
  gboolean (*may)(const IvWhepViewer *viewer, gpointer user_data);
  gpointer user_data;
} IvWhepOptions;

#define IV_WHEP_CHECK (30 * IV_SECOND)

/* Calls gst_init if nobody did. Starts a thread that looks after the dead. */
IvWhep *iv_whep_new(const IvWhepOptions *options);

/* Ends all viewers and waits for their threads. Nobody may be in iv_whep_open. */
void iv_whep_free(IvWhep *whep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvWhep, iv_whep_free)

#define IV_WHEP_ID_LENGTH 32 /* hexadecimal digits, 128 random bits */

/* Answers the offer (SDP text); may take until `deadline` (monotonic). References `hold` until the
 * viewer is gone. `ret_id` has room for IV_WHEP_ID_LENGTH + 1. FALSE with IV_LIVE_ERROR. */
gboolean iv_whep_open(IvWhep *whep, const IvWhepViewer *viewer, IvStreamHold *hold, GBytes *offer,
                      IvTime deadline, char *ret_id, char **ret_answer, GError **error);

/* Likewise, for a viewer that takes fragmented MP4 from a socket, which is to be there within
 * IV_MSE_CONNECT_TIME. `ret_codec` names what it must be able to play. */
gboolean iv_whep_open_mse(IvWhep *whep, const IvWhepViewer *viewer, IvStreamHold *hold,
                          IvTime deadline, char *ret_id, char ret_codec[IV_MSE_CODEC_MAX],
                          GError **error);

/* The session of such a viewer, if this login (`user_id` and `login` of `viewer`) opened it; the
 * caller unrefs. NULL = there is none, or it is over. */
IvMseSession *iv_whep_find_mse(IvWhep *whep, const IvWhepViewer *viewer, const char *id);

/* FALSE when this login opened no such viewer, or it is over. */
gboolean iv_whep_close(IvWhep *whep, const IvWhepViewer *viewer, const char *id);

/* The viewers of this user are asked for again now: he logged out, was disabled, lost a store.
 * Returns at once. */
void iv_whep_recheck(IvWhep *whep, gint64 user_id);

/* The viewers of this camera are over, for this reason (static text). Returns at once. */
void iv_whep_end_camera(IvWhep *whep, const char *camera_id, const char *why);

/* A snapshot; counters run since creation. */
typedef struct {
  guint viewers;
  guint64 opened, refused, lost; /* lost: over without being closed */
} IvWhepStats;
void iv_whep_stats(IvWhep *whep, IvWhepStats *ret_stats);
