/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/live_socket.h"

#include <string.h>

#include "api/live/admission.h"
#include "api/live/command.h"
#include "api/net/http.h"
#include "api/net/request_lws.h"
#include "api/net/video_socket.h"
#include "base/clock.h"

#define ANSWER_TIME (10 * IV_SECOND)

typedef struct {
  IvErrand errand;
  IvToken token;
  GStrv topics;          /* that are asked about, owned */
  GStrv leave;           /* owned; NULL = none */
  gboolean is_check;     /* of topics that it hears already */
  IvAdmission admission; /* the answer */
} LiveErrand;

struct IvLiveSocket {
  IvHubClient client;
  IvLoop *loop;
  struct lws *wsi;
  IvToken token;
  gint64 user_id;      /* 0 = not known yet */
  GString *message;    /* what has come of one */
  LiveErrand *errand;  /* the one in flight: no message is read meanwhile */
  gboolean check_soon; /* wanted while an errand was in flight */
  IvLiveClose closing;
};

/* --- before the upgrade --- */

static int refuse_upgrade(struct lws *wsi, IvResponse *response) {
  IvLoop *loop = iv_loop_of(wsi);
  g_autoptr(IvResponse) owned = response;
  gsize n = 0;
  const void *bytes = g_bytes_get_data(owned->body, &n);
  g_assert(n <= IV_LOOP_CHUNK);
  memcpy(iv_loop_scratch(loop), bytes, n);
  iv_loop_count(loop, IV_LOOP_ANSWERED_4XX, 1);
  if (!iv_http_write_head(wsi, owned, TRUE, iv_loop_parts(loop)->api->behind_tls) ||
      lws_write(wsi, iv_loop_scratch(loop), n, LWS_WRITE_HTTP_FINAL) < (int)n)
    return -1;
  return 1;
}

int iv_live_socket_confirm(struct lws *wsi, const char *upgrade) {
  IvToken token;
  g_autoptr(IvRequest) request = iv_request_from_lws(wsi);
  if (!request || g_ascii_strcasecmp(upgrade, "websocket") != 0 || request->method != IV_METHOD_GET)
    return refuse_upgrade(wsi, iv_response_problem(IV_PROBLEM_BAD_REQUEST,
                                                   "Only an upgrade to WebSocket is possible."));
  if (strcmp(request->path, IV_LIVE_PATH) != 0 && !g_str_has_prefix(request->path, IV_VIDEO_PATH))
    return refuse_upgrade(
        wsi, iv_response_problem(IV_PROBLEM_NOT_FOUND, "The WebSocket is at " IV_LIVE_PATH "."));
  if (!iv_request_is_same_origin(request))
    return refuse_upgrade(wsi, iv_response_problem(IV_PROBLEM_OTHER_SITE,
                                                   "The request came from a page of another site. "
                                                   "Open the dashboard at its own address."));
  if (!iv_token_from_cookies(request->headers[IV_HEADER_COOKIE], &token))
    return refuse_upgrade(wsi,
                          iv_response_problem(IV_PROBLEM_NOT_LOGGED_IN, "Log in and try again."));
  return 0;
}

/* --- asking a worker --- */

static void close_with(IvLiveSocket *socket, IvLiveClose code) {
  if (!socket->closing)
    socket->closing = code;
  lws_callback_on_writable(socket->wsi);
}

static void run_errand(IvWork *work, gpointer worker, gboolean late) {
  LiveErrand *errand = (LiveErrand *)work;
  (void)worker;
  errand->admission.outcome = IV_ADMISSION_UNKNOWN;
  if (!late)
    iv_admission_decide(iv_loop_parts(errand->errand.loop)->api, &errand->token, errand->topics,
                        work->deadline, &errand->admission);
}

static void free_errand(IvWork *work) {
  LiveErrand *errand = (LiveErrand *)work;
  g_strfreev(errand->topics);
  g_strfreev(errand->leave);
  iv_admission_clear(&errand->admission);
  g_free(errand);
}

static void say_error(IvLiveSocket *socket, const char *topic, int status, const char *detail) {
  g_autofree char *valid = g_utf8_make_valid(topic, -1);
  json_t *json = json_pack("{ss ss si ss}", "topic", valid, "type", "error", "status", status,
                           "detail", detail);
  char *text = json_dumps(json, JSON_COMPACT);
  json_decref(json);
  iv_hub_client_send(&socket->client, g_bytes_new_with_free_func(text, strlen(text), free, text));
}

static const char *detail_of(int status) {
  switch (status) {
  case 403:
    return "Your role lacks the permission for this topic.";
  case 404:
    return "There is no such topic, or not in a store you are bound to.";
  default:
    return "Try again in a moment.";
  }
}

static void take_topic(IvLiveSocket *socket, const LiveErrand *errand, guint i) {
  IvHub *hub = iv_loop_parts(socket->loop)->hub;
  const char *topic = errand->topics[i];
  int status = errand->admission.statuses[i];
  if (status == 200 && errand->is_check)
    return;
  if (status == 503 && errand->is_check)
    return; /* asked again soon */
  if (status != 200) {
    iv_hub_leave(hub, &socket->client, topic);
    say_error(socket, topic, status, detail_of(status));
  } else if (!iv_hub_join(hub, &socket->client, topic, iv_clock_now())) {
    say_error(socket, topic, 429, "Too many topics; leave one first.");
  }
}

static void take_admission(IvLiveSocket *socket, const LiveErrand *errand) {
  const IvAdmission *admission = &errand->admission;
  if (admission->outcome == IV_ADMISSION_ENDED) {
    close_with(socket, IV_LIVE_CLOSE_NOT_LOGGED_IN);
    return;
  }
  if (admission->outcome == IV_ADMISSION_UNKNOWN) {
    /* One that is known already is only checked again later. */
    if (!errand->is_check || !socket->user_id)
      close_with(socket, IV_LIVE_CLOSE_BUSY);
    return;
  }
  socket->user_id = admission->user_id;
  for (guint i = 0; errand->leave && errand->leave[i]; i++)
    iv_hub_leave(iv_loop_parts(socket->loop)->hub, &socket->client, errand->leave[i]);
  for (guint i = 0; i < admission->n_topics; i++)
    take_topic(socket, errand, i);
}

static void check(IvLiveSocket *socket);

static void deliver_errand(IvErrand *base) {
  LiveErrand *errand = (LiveErrand *)base;
  IvLiveSocket *socket = base->owner;
  socket->errand = NULL;
  take_admission(socket, errand);
  iv_work_unref(&base->work);
  lws_rx_flow_control(socket->wsi, 1);
  if (socket->check_soon)
    check(socket);
}

/* Takes `topics` and `leave`. */
static void ask(IvLiveSocket *socket, GStrv topics, GStrv leave, gboolean is_check) {
  LiveErrand *errand = g_new0(LiveErrand, 1);
  iv_errand_init(&errand->errand, socket->loop, socket);
  errand->errand.work.weight = IV_WORK_LIGHT;
  errand->errand.work.deadline = iv_clock_monotonic() + ANSWER_TIME;
  errand->errand.work.run = run_errand;
  errand->errand.work.free = free_errand;
  errand->errand.deliver = deliver_errand;
  errand->token = socket->token;
  errand->topics = topics;
  errand->leave = leave;
  errand->is_check = is_check;
  if (!iv_errand_send(&errand->errand)) {
    iv_errand_forget(&errand->errand);
    if (!is_check || !socket->user_id)
      close_with(socket, IV_LIVE_CLOSE_BUSY);
    return;
  }
  socket->errand = errand;
  lws_rx_flow_control(socket->wsi, 0);
}

/* Is it still allowed what it hears? */
static void check(IvLiveSocket *socket) {
  socket->check_soon = socket->errand != NULL;
  if (socket->check_soon || socket->closing)
    return;
  guint n = 0;
  g_autofree gpointer *names = g_hash_table_get_keys_as_array(socket->client.subscriptions, &n);
  ask(socket, g_strdupv((char **)names), NULL, TRUE);
}

/* --- life --- */

static void wake(IvHubClient *client) {
  IvLiveSocket *socket = (IvLiveSocket *)client;
  lws_callback_on_writable(socket->wsi);
}

IvLiveSocket *iv_live_socket_new(IvLoop *loop, struct lws *wsi) {
  g_autoptr(IvRequest) request = iv_request_from_lws(wsi);
  IvLiveSocket *socket = g_new0(IvLiveSocket, 1);
  if (!request || !iv_token_from_cookies(request->headers[IV_HEADER_COOKIE], &socket->token)) {
    g_free(socket);
    return NULL;
  }
  socket->loop = loop;
  socket->wsi = wsi;
  socket->message = g_string_new(NULL);
  iv_hub_client_init(&socket->client, wake);
  g_ptr_array_add(iv_loop_sockets(loop), socket);
  iv_loop_count(loop, IV_LOOP_LIVE_SOCKETS, 1);
  lws_set_timer_usecs(wsi, IV_LIVE_CHECK_TIME);
  check(socket);
  return socket;
}

void iv_live_socket_free(IvLiveSocket *socket) {
  if (!socket)
    return;
  if (socket->errand)
    iv_errand_forget(&socket->errand->errand);
  iv_hub_client_clear(iv_loop_parts(socket->loop)->hub, &socket->client);
  g_ptr_array_remove_fast(iv_loop_sockets(socket->loop), socket);
  iv_loop_count(socket->loop, IV_LOOP_LIVE_SOCKETS, -1);
  g_string_free(socket->message, TRUE);
  g_free(socket);
}

/* --- what it says --- */

static void obey(IvLiveSocket *socket) {
  g_auto(IvLiveCommand) command = {NULL, NULL};
  if (!iv_live_command_parse(socket->message->str, socket->message->len, &command, NULL)) {
    close_with(socket, IV_LIVE_CLOSE_PROTOCOL);
    return;
  }
  ask(socket, g_steal_pointer(&command.subscribe), g_steal_pointer(&command.unsubscribe), FALSE);
}

int iv_live_socket_take(IvLiveSocket *socket, struct lws *wsi, const void *bytes, gsize n) {
  if (socket->closing)
    return 0;
  if (lws_is_first_fragment(wsi))
    g_string_truncate(socket->message, 0);
  if (socket->message->len + n > IV_COMMAND_BYTES_MAX) {
    close_with(socket, IV_LIVE_CLOSE_TOO_LARGE);
    return 0;
  }
  g_string_append_len(socket->message, bytes, (gssize)n);
  if (lws_frame_is_binary(wsi))
    close_with(socket, IV_LIVE_CLOSE_PROTOCOL);
  else if (lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0)
    obey(socket);
  return 0;
}

/* --- what it hears --- */

static int hang_up(IvLiveSocket *socket) {
  static const struct {
    IvLiveClose code;
    const char *reason;
  } reasons[] = {
      {IV_LIVE_CLOSE_GOING_AWAY, "the server stops"},
      {IV_LIVE_CLOSE_BUSY, "the server is busy; try again"},
      {IV_LIVE_CLOSE_PROTOCOL, "not a message of this protocol"},
      {IV_LIVE_CLOSE_NOT_LOGGED_IN, "log in again"},
      {IV_LIVE_CLOSE_BEHIND, "too far behind"},
      {IV_LIVE_CLOSE_TOO_LARGE, "message too large"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
    if (reasons[i].code == socket->closing)
      lws_close_reason(socket->wsi, (enum lws_close_status)socket->closing,
                       (guint8 *)reasons[i].reason, strlen(reasons[i].reason));
  return -1;
}

/* Messages are small beside a chunk; longer ones (a list of very many cameras) go from a buffer of
 * their own. */
static gboolean write_message(IvLiveSocket *socket, GBytes *bytes) {
  gsize n = 0;
  const void *text = g_bytes_get_data(bytes, &n);
  g_autofree guint8 *large = n > IV_LOOP_CHUNK ? g_malloc(LWS_PRE + n) : NULL;
  guint8 *buffer = large ? large + LWS_PRE : iv_loop_scratch(socket->loop);
  memcpy(buffer, text, n);
  iv_loop_count(socket->loop, IV_LOOP_LIVE_MESSAGES, 1);
  return lws_write(socket->wsi, buffer, n, LWS_WRITE_TEXT) >= (int)n;
}

int iv_live_socket_write(IvLiveSocket *socket, struct lws *wsi) {
  if (socket->client.is_overrun && !socket->closing) {
    socket->closing = IV_LIVE_CLOSE_BEHIND;
    iv_loop_count(socket->loop, IV_LOOP_LIVE_DROPPED, 1);
  }
  if (socket->closing)
    return hang_up(socket);
  g_autoptr(GBytes) bytes = iv_hub_client_next(&socket->client);
  if (!bytes)
    return 0;
  if (!write_message(socket, bytes))
    return -1;
  if (iv_hub_client_has_next(&socket->client))
    lws_callback_on_writable(wsi);
  return 0;
}

int iv_live_socket_tick(IvLiveSocket *socket, struct lws *wsi) {
  lws_set_timer_usecs(wsi, IV_LIVE_CHECK_TIME);
  check(socket);
  return 0;
}

void iv_live_sockets_close(IvLoop *loop) {
  GPtrArray *sockets = iv_loop_sockets(loop);
  for (guint i = 0; i < sockets->len; i++)
    close_with(sockets->pdata[i], IV_LIVE_CLOSE_GOING_AWAY);
}

void iv_live_sockets_recheck(IvLoop *loop, gint64 user_id) {
  GPtrArray *sockets = iv_loop_sockets(loop);
  for (guint i = 0; i < sockets->len; i++) {
    IvLiveSocket *socket = sockets->pdata[i];
    if (socket->user_id == user_id || socket->user_id == 0)
      check(socket);
  }
}
