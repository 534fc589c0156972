/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/net/loop.h"

/* One WebSocket of a dashboard, on the loop's thread. Who it belongs to and what it may hear is
 * looked up by a worker: when it opens, for each message it sends, and every
 * IV_LIVE_CHECK_TIME. Return values are libwebsockets'. */

#define IV_LIVE_PING_TIME 25    /* s of silence, then a ping */
#define IV_LIVE_SILENCE_TIME 35 /* s of silence, then it is given up */
#define IV_LIVE_CHECK_TIME (30 * IV_SECOND)
#define IV_LIVE_PATH "/api/v1/ws"

/* Close codes of our own. */
typedef enum {
  IV_LIVE_CLOSE_NONE = 0,
  IV_LIVE_CLOSE_GOING_AWAY = 1001,
  IV_LIVE_CLOSE_BUSY = 1013,
  IV_LIVE_CLOSE_PROTOCOL = 4400,
  IV_LIVE_CLOSE_NOT_LOGGED_IN = 4401,
  IV_LIVE_CLOSE_BEHIND = 4408,
  IV_LIVE_CLOSE_TOO_LARGE = 4413,
} IvLiveClose;

/* Before the upgrade: 0 allows it, 1 has answered with a problem, -1 hangs up. `upgrade` is the
 * header's word. */
int iv_live_socket_confirm(struct lws *wsi, const char *upgrade);

IvLiveSocket *iv_live_socket_new(IvLoop *loop, struct lws *wsi);
void iv_live_socket_free(IvLiveSocket *socket);
int iv_live_socket_take(IvLiveSocket *socket, struct lws *wsi, const void *bytes, gsize n);
int iv_live_socket_write(IvLiveSocket *socket, struct lws *wsi);
int iv_live_socket_tick(IvLiveSocket *socket, struct lws *wsi);

/* All of them. */
void iv_live_sockets_close(IvLoop *loop);
void iv_live_sockets_recheck(IvLoop *loop, gint64 user_id);
