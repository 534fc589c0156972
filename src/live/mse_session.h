/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/unit_ring.h"

/* One viewer of one stream who gets it as fragmented MP4 over a socket that is not of our making,
 * for browsers' Media Source Extensions: where WebRTC finds no way, or can't play the stream
 * (B-frames, H.265). A thread of its own reads the ring and makes pieces; few are kept, and a
 * viewer that takes them too slowly goes on at the next keyframe. Reference counted; any thread. */
typedef struct IvMseSession IvMseSession;

#define IV_MSE_HEADER 16 /* bytes before the MP4 of a piece, big-endian: see IvMsePiece */
#define IV_MSE_CODEC_MAX 64
#define IV_MSE_PIECES_MAX 120               /* waiting: 4 s at 30 a second */
#define IV_MSE_BYTES_MAX (8u * 1024 * 1024) /* likewise; one piece may be larger */
#define IV_MSE_CONNECT_TIME (10 * IV_SECOND)

/* Byte 0 of a piece. 8 to 15 are a time, µs since 1970: of BEGIN the capture time at media time 0,
 * of PICTURE the capture time of the picture. Byte 1 of PICTURE is 1 for a keyframe. In BEGIN bytes
 * 2 and 3 are the length of the codec's name, which stands between the header and the MP4. */
typedef enum { IV_MSE_BEGIN, IV_MSE_PICTURE } IvMseKind;

/* Takes its place at the ring and waits for a keyframe, no longer than until `deadline`
 * (monotonic). `ret_codec`: as MediaSource.isTypeSupported wants it. NULL with IV_LIVE_ERROR. */
IvMseSession *iv_mse_session_open(IvUnitRing *ring, IvTime deadline,
                                  char ret_codec[IV_MSE_CODEC_MAX], GError **error);
IvMseSession *iv_mse_session_ref(IvMseSession *session);
void iv_mse_session_unref(IvMseSession *session);

/* The socket is there, once. `wake` is called from the session's thread when a piece comes after
 * there was none, and when it is over; not after iv_mse_session_leave, and without any wait. FALSE
 * when it is over or has a socket already. */
gboolean iv_mse_session_attach(IvMseSession *session, void (*wake)(gpointer user_data),
                               gpointer user_data);

/* The next piece; NULL when there is none now. Does not wait. */
GBytes *iv_mse_session_next(IvMseSession *session);

/* The socket is gone. */
void iv_mse_session_leave(IvMseSession *session);

/* As iv_whep_session_end and iv_whep_session_is_over. */
void iv_mse_session_end(IvMseSession *session, const char *why);
const char *iv_mse_session_is_over(IvMseSession *session, IvTime now);

/* Ends it, waits for its thread and drops the caller's reference. */
void iv_mse_session_free(IvMseSession *session);

/* Pictures that were left out because the viewer was slow. */
guint64 iv_mse_session_dropped(IvMseSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvMseSession, iv_mse_session_unref)
