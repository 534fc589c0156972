/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/net/loop.h"

/* One WebSocket that carries the video of a viewer (openMse) to a page, on the loop's thread. Whose
 * it is, is looked up by a worker; then pieces are taken from the host as the client takes them.
 * Return values are libwebsockets'. */

#define IV_VIDEO_PATH "/api/v1/mse/" /* and the viewer */

typedef enum {
  IV_VIDEO_CLOSE_GOING_AWAY = 1001,
  IV_VIDEO_CLOSE_BUSY = 1013,
  IV_VIDEO_CLOSE_PROTOCOL = 4400, /* it sends something */
  IV_VIDEO_CLOSE_NO_VIEWER = 4404,
  IV_VIDEO_CLOSE_OVER = 4410, /* the video is over: ask for it again */
} IvVideoClose;

IvVideoSocket *iv_video_socket_new(IvLoop *loop, struct lws *wsi);
void iv_video_socket_free(IvVideoSocket *socket);
int iv_video_socket_take(IvVideoSocket *socket);
int iv_video_socket_write(IvVideoSocket *socket, struct lws *wsi);

/* There is something for the socket of this number, if it is still there. */
void iv_video_sockets_wake(IvLoop *loop, guint64 number);
/* All of them. */
void iv_video_sockets_close(IvLoop *loop);
