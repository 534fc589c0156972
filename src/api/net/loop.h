/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>
#include <libwebsockets.h>

#include "api/live/hub.h"
#include "api/net/assets.h"
#include "api/net/pool.h"
#include "api/routes/call.h"

/* The network's thread: libwebsockets' loop, which parses and writes and does nothing else. Others
 * reach it through its inbox; a message wakes it at once (no polling). */
typedef struct IvLoop IvLoop;

#define IV_LOOP_PUBLICATIONS_MAX 4096   /* waiting in the inbox; more are lost, visibly (a gap) */
#define IV_LOOP_CHUNK (64 * 1024)       /* bytes of a body written at once */
#define IV_LOOP_HEADERS_MAX (16 * 1024) /* bytes of a request's header */
#define IV_LOOP_HEADER_TIME 10          /* s to send the whole header */
#define IV_LOOP_STALL_TIME 20           /* s without progress in sending or taking a body */
#define IV_LOOP_KEEPALIVE_TIME 60       /* s idle between two requests */

typedef enum {
  IV_LOOP_CONNECTIONS,  /* now */
  IV_LOOP_LIVE_SOCKETS, /* now */
  IV_LOOP_ACCEPTED,     /* since start, as all below */
  IV_LOOP_REFUSED,      /* beyond connections_max, or out of descriptors */
  IV_LOOP_ANSWERED_2XX,
  IV_LOOP_ANSWERED_3XX,
  IV_LOOP_ANSWERED_4XX,
  IV_LOOP_ANSWERED_5XX,
  IV_LOOP_LIVE_MESSAGES, /* sent over WebSockets */
  IV_LOOP_VIDEO_PIECES,  /* likewise, of video */
  IV_LOOP_LIVE_DROPPED,  /* clients that fell too far behind */
  IV_LOOP_PUBLICATIONS_LOST,
  IV_LOOP_COUNTERS,
} IvLoopCounter;

/* What the loop is given; all outlive it. */
typedef struct {
  IvApi *api;
  IvPool *pool;
  IvHub *hub;             /* used on the loop's thread only, but for iv_hub_is_wanted */
  const IvAssets *assets; /* NULL = none */
  guint connections_max;
} IvLoopParts;

/* Starts the thread; takes `listen_fd`, also on failure. NULL with IV_SERVER_ERROR_FAILED. */
IvLoop *iv_loop_start(const IvLoopParts *parts, int listen_fd, GError **error);

/* Closes what is open (WebSockets with 1001), ends the thread and frees. Nobody else may use the
 * loop any more; the pool has been stopped. */
void iv_loop_stop(IvLoop *loop);

/* Any thread. Takes the publication. */
void iv_loop_publish(IvLoop *loop, IvPublication *publication);

/* Any thread: WebSockets of this user are checked again now (logged out, disabled, other stores).
 */
void iv_loop_recheck(IvLoop *loop, gint64 user_id);

/* Any thread: the WebSocket of this number has video to send. */
void iv_loop_wake_video(IvLoop *loop, guint64 number);

/* Any thread. */
guint64 iv_loop_counter(const IvLoop *loop, IvLoopCounter counter);

/* --- for the connections (http.c, live_socket.c), on the loop's thread --- */

typedef struct IvHttp IvHttp;
typedef struct IvLiveSocket IvLiveSocket;
typedef struct IvVideoSocket IvVideoSocket;

/* What libwebsockets keeps per connection. */
typedef struct {
  IvHttp *http;
  IvLiveSocket *live;
  IvVideoSocket *video;
} IvConnection;

const IvLoopParts *iv_loop_parts(const IvLoop *loop);
IvLoop *iv_loop_of(struct lws *wsi);
void iv_loop_count(IvLoop *loop, IvLoopCounter counter, int change);
guint8 *iv_loop_scratch(IvLoop *loop);     /* IV_LOOP_CHUNK bytes, LWS_PRE more before them */
guint64 iv_loop_turns(const IvLoop *loop); /* how often it went round */
GPtrArray *iv_loop_sockets(IvLoop *loop);  /* the open IvLiveSocket, borrowed */
GPtrArray *iv_loop_videos(IvLoop *loop);   /* the open IvVideoSocket, borrowed */

/* Work that a connection sends to the pool and whose result comes back to the loop's thread. */
typedef struct IvErrand IvErrand;
struct IvErrand {
  IvWork work;
  IvLoop *loop;
  gpointer owner;                    /* the connection; it sets NULL when it goes */
  void (*deliver)(IvErrand *errand); /* loop's thread, if there is an owner still */
};

/* Fills the base; the caller has set work.weight, .deadline, .run and .free. */
void iv_errand_init(IvErrand *errand, IvLoop *loop, gpointer owner);

/* FALSE when the pool is full or stopping. */
gboolean iv_errand_send(IvErrand *errand);

/* The connection goes or lost patience: cancels and drops its reference. */
void iv_errand_forget(IvErrand *errand);
