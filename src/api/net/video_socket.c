/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/video_socket.h"

#include <string.h>

#include "api/live/admission.h"
#include "api/net/request_lws.h"
#include "base/clock.h"

#define ANSWER_TIME (10 * IV_SECOND)

/* What the host is given to wake us by; stays until the socket has left. */
typedef struct {
  IvLoop *loop;
  guint64 number;
} Bell;

typedef struct {
  IvErrand errand;
  IvToken token;
  char *viewer;
  gpointer feed; /* the answer; NULL = there is no such viewer */
  gboolean busy;
} VideoErrand;

struct IvVideoSocket {
  IvLoop *loop;
  struct lws *wsi;
  Bell *bell;
  VideoErrand *errand; /* in flight */
  gpointer feed;       /* of the host */
  IvVideoClose closing;
};

static const IvApi *api_of(IvLoop *loop) {
  return iv_loop_parts(loop)->api;
}

/* Any thread. */
static void ring_bell(gpointer user_data) {
  const Bell *bell = user_data;
  iv_loop_wake_video(bell->loop, bell->number);
}

static void close_with(IvVideoSocket *socket, IvVideoClose code) {
  if (!socket->closing)
    socket->closing = code;
  lws_callback_on_writable(socket->wsi);
}

/* ---- whose it is: a worker ---- */

static void run_errand(IvWork *work, gpointer worker, gboolean late) {
  VideoErrand *errand = (VideoErrand *)work;
  IvApi *api = iv_loop_parts(errand->errand.loop)->api;
  gint64 user_id = 0;
  (void)worker;
  errand->busy = late;
  if (late)
    return;
  g_autofree char *login = iv_admission_login(api, &errand->token, work->deadline, &user_id);
  if (!login)
    return;
  IvWatcher watcher = {.user_id = user_id, .login = login};
  errand->feed = api->host_calls->find_mse(api->host, &watcher, errand->viewer);
}

static void free_errand(IvWork *work) {
  VideoErrand *errand = (VideoErrand *)work;
  if (errand->feed) /* nobody took it */
    api_of(errand->errand.loop)->host_calls->leave_mse(errand->feed);
  g_free(errand->viewer);
  g_free(errand);
}

static void deliver_errand(IvErrand *base) {
  VideoErrand *errand = (VideoErrand *)base;
  IvVideoSocket *socket = base->owner;
  socket->errand = NULL;
  gpointer feed = g_steal_pointer(&errand->feed);
  if (feed && api_of(socket->loop)->host_calls->attach_mse(feed, ring_bell, socket->bell)) {
    socket->feed = feed;
    lws_callback_on_writable(socket->wsi);
  } else {
    if (feed)
      api_of(socket->loop)->host_calls->drop_mse(feed);
    close_with(socket, errand->busy ? IV_VIDEO_CLOSE_BUSY : IV_VIDEO_CLOSE_NO_VIEWER);
  }
  iv_work_unref(&base->work);
}

static void ask(IvVideoSocket *socket, const IvToken *token, const char *viewer) {
  VideoErrand *errand = g_new0(VideoErrand, 1);
  iv_errand_init(&errand->errand, socket->loop, socket);
  errand->errand.work.weight = IV_WORK_LIGHT;
  errand->errand.work.deadline = iv_clock_monotonic() + ANSWER_TIME;
  errand->errand.work.run = run_errand;
  errand->errand.work.free = free_errand;
  errand->errand.deliver = deliver_errand;
  errand->token = *token;
  errand->viewer = g_strdup(viewer);
  if (!iv_errand_send(&errand->errand)) {
    iv_errand_forget(&errand->errand);
    close_with(socket, IV_VIDEO_CLOSE_BUSY);
    return;
  }
  socket->errand = errand;
}

/* ---- life ---- */

IvVideoSocket *iv_video_socket_new(IvLoop *loop, struct lws *wsi) {
  static guint64 last_number; /* loop's thread */
  IvToken token;
  g_autoptr(IvRequest) request = iv_request_from_lws(wsi);
  if (!request || !g_str_has_prefix(request->path, IV_VIDEO_PATH) ||
      !iv_token_from_cookies(request->headers[IV_HEADER_COOKIE], &token))
    return NULL;
  IvVideoSocket *socket = g_new0(IvVideoSocket, 1);
  socket->loop = loop;
  socket->wsi = wsi;
  socket->bell = g_new(Bell, 1);
  *socket->bell = (Bell){loop, ++last_number};
  g_ptr_array_add(iv_loop_videos(loop), socket);
  iv_loop_count(loop, IV_LOOP_LIVE_SOCKETS, 1);
  ask(socket, &token, request->path + strlen(IV_VIDEO_PATH));
  return socket;
}

void iv_video_socket_free(IvVideoSocket *socket) {
  if (!socket)
    return;
  if (socket->errand)
    iv_errand_forget(&socket->errand->errand);
  if (socket->feed)
    api_of(socket->loop)->host_calls->leave_mse(socket->feed);
  g_ptr_array_remove_fast(iv_loop_videos(socket->loop), socket);
  iv_loop_count(socket->loop, IV_LOOP_LIVE_SOCKETS, -1);
  g_free(socket->bell);
  g_free(socket);
}

/* A viewer has nothing to say. */
int iv_video_socket_take(IvVideoSocket *socket) {
  close_with(socket, IV_VIDEO_CLOSE_PROTOCOL);
  return 0;
}

/* ---- what it gets ---- */

static int hang_up(IvVideoSocket *socket) {
  static const struct {
    IvVideoClose code;
    const char *reason;
  } reasons[] = {
      {IV_VIDEO_CLOSE_GOING_AWAY, "the server stops"},
      {IV_VIDEO_CLOSE_BUSY, "the server is busy; try again"},
      {IV_VIDEO_CLOSE_PROTOCOL, "nothing is to be said here"},
      {IV_VIDEO_CLOSE_NO_VIEWER, "there is no such viewer"},
      {IV_VIDEO_CLOSE_OVER, "the video is over; ask for it again"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
    if (reasons[i].code == socket->closing)
      lws_close_reason(socket->wsi, (enum lws_close_status)socket->closing,
                       (guint8 *)reasons[i].reason, strlen(reasons[i].reason));
  return -1;
}

static gboolean write_piece(IvVideoSocket *socket, GBytes *bytes) {
  gsize n = 0;
  const void *piece = g_bytes_get_data(bytes, &n);
  g_autofree guint8 *large = n > IV_LOOP_CHUNK ? g_malloc(LWS_PRE + n) : NULL;
  guint8 *buffer = large ? large + LWS_PRE : iv_loop_scratch(socket->loop);
  memcpy(buffer, piece, n);
  iv_loop_count(socket->loop, IV_LOOP_VIDEO_PIECES, 1);
  return lws_write(socket->wsi, buffer, n, LWS_WRITE_BINARY) >= (int)n;
}

int iv_video_socket_write(IvVideoSocket *socket, struct lws *wsi) {
  gboolean over = FALSE;
  if (socket->closing)
    return hang_up(socket);
  if (!socket->feed)
    return 0;
  g_autoptr(GBytes) piece = api_of(socket->loop)->host_calls->next_mse(socket->feed, &over);
  if (over) {
    socket->closing = IV_VIDEO_CLOSE_OVER;
    return hang_up(socket);
  }
  if (!piece)
    return 0;
  if (!write_piece(socket, piece))
    return -1;
  lws_callback_on_writable(wsi);
  return 0;
}

void iv_video_sockets_wake(IvLoop *loop, guint64 number) {
  GPtrArray *videos = iv_loop_videos(loop);
  for (guint i = 0; i < videos->len; i++) {
    IvVideoSocket *socket = videos->pdata[i];
    if (socket->bell->number == number)
      lws_callback_on_writable(socket->wsi);
  }
}

void iv_video_sockets_close(IvLoop *loop) {
  GPtrArray *videos = iv_loop_videos(loop);
  for (guint i = 0; i < videos->len; i++)
    close_with(videos->pdata[i], IV_VIDEO_CLOSE_GOING_AWAY);
}
