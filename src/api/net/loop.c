/* SPDX-License-Identifier: Apache-2.0 */
#define G_LOG_DOMAIN "inveye-api"
#include "api/net/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/net/http.h"
#include "api/net/live_socket.h"
#include "api/net/request_lws.h"
#include "api/net/video_socket.h"
#include "api/server.h"
#include "base/clock.h"

#define ACCEPTS_AT_ONCE 32
#define GOODBYE_TIME (IV_SECOND / 2) /* for the clients to take the closing frame */
#define PROTOCOL_HTTP "http"
#define PROTOCOL_LISTENER "listener"

typedef enum {
  LETTER_ERRAND,
  LETTER_PUBLICATION,
  LETTER_RECHECK,
  LETTER_VIDEO,
  LETTER_STOP
} LetterKind;

typedef struct {
  LetterKind kind;
  gpointer content;
  gint64 user_id; /* or the number of a video's socket */
} Letter;

struct IvLoop {
  IvLoopParts parts;
  struct lws_context *context;
  struct lws *listener;
  int listen_fd;
  int reserve_fd; /* given up for a moment to refuse a client when descriptors run out */
  GThread *thread;
  gboolean stopping; /* loop's thread only, as the next */
  guint64 turns;
  guint8 *scratch;
  GPtrArray *sockets, *videos;
  atomic_uint_fast64_t counters[IV_LOOP_COUNTERS];
  GMutex lock; /* guards all below */
  GQueue letters;
  guint publications;
  gboolean lost; /* publications, since the inbox was emptied last */
};

const IvLoopParts *iv_loop_parts(const IvLoop *loop) {
  return &loop->parts;
}

IvLoop *iv_loop_of(struct lws *wsi) {
  return lws_context_user(lws_get_context(wsi));
}

void iv_loop_count(IvLoop *loop, IvLoopCounter counter, int change) {
  atomic_fetch_add_explicit(&loop->counters[counter], (guint64)(gint64)change,
                            memory_order_relaxed);
}

guint64 iv_loop_counter(const IvLoop *loop, IvLoopCounter counter) {
  return atomic_load_explicit(&loop->counters[counter], memory_order_relaxed);
}

guint8 *iv_loop_scratch(IvLoop *loop) {
  return loop->scratch + LWS_PRE;
}

guint64 iv_loop_turns(const IvLoop *loop) {
  return loop->turns;
}

GPtrArray *iv_loop_sockets(IvLoop *loop) {
  return loop->sockets;
}

GPtrArray *iv_loop_videos(IvLoop *loop) {
  return loop->videos;
}

/* --- inbox --- */

static void post(IvLoop *loop, LetterKind kind, gpointer content, gint64 user_id) {
  Letter *letter = g_new(Letter, 1);
  *letter = (Letter){kind, content, user_id};
  g_mutex_lock(&loop->lock);
  gboolean first = g_queue_is_empty(&loop->letters);
  g_queue_push_tail(&loop->letters, letter);
  loop->publications += kind == LETTER_PUBLICATION ? 1 : 0;
  /* Under the lock: the loop is not torn down while somebody is here. */
  if (first)
    lws_cancel_service(loop->context);
  g_mutex_unlock(&loop->lock);
}

void iv_loop_publish(IvLoop *loop, IvPublication *publication) {
  g_mutex_lock(&loop->lock);
  gboolean full = loop->publications >= IV_LOOP_PUBLICATIONS_MAX;
  loop->lost |= full;
  g_mutex_unlock(&loop->lock);
  if (!full) {
    post(loop, LETTER_PUBLICATION, publication, 0);
    return;
  }
  iv_loop_count(loop, IV_LOOP_PUBLICATIONS_LOST, 1);
  iv_publication_free(publication);
}

void iv_loop_recheck(IvLoop *loop, gint64 user_id) {
  post(loop, LETTER_RECHECK, NULL, user_id);
}

void iv_loop_wake_video(IvLoop *loop, guint64 number) {
  post(loop, LETTER_VIDEO, NULL, (gint64)number);
}

static void deliver_errand(IvErrand *errand) {
  if (errand->owner)
    errand->deliver(errand);
  iv_work_unref(&errand->work);
}

static void say_goodbye(IvLoop *loop) {
  loop->stopping = TRUE;
  iv_live_sockets_close(loop);
  iv_video_sockets_close(loop);
}

static void open_letter(IvLoop *loop, Letter *letter) {
  switch (letter->kind) {
  case LETTER_ERRAND:
    deliver_errand(letter->content);
    break;
  case LETTER_PUBLICATION:
    iv_hub_publish(loop->parts.hub, letter->content);
    break;
  case LETTER_RECHECK:
    iv_live_sockets_recheck(loop, letter->user_id);
    break;
  case LETTER_VIDEO:
    iv_video_sockets_wake(loop, (guint64)letter->user_id);
    break;
  case LETTER_STOP:
    say_goodbye(loop);
    break;
  }
  g_free(letter);
}

static void empty_inbox(IvLoop *loop) {
  g_mutex_lock(&loop->lock);
  GQueue letters = loop->letters;
  gboolean lost = loop->lost;
  g_queue_init(&loop->letters);
  loop->publications = 0;
  loop->lost = FALSE;
  g_mutex_unlock(&loop->lock);
  if (lost)
    iv_hub_lose(loop->parts.hub);
  for (Letter *letter; (letter = g_queue_pop_head(&letters));)
    open_letter(loop, letter);
}

/* --- errands --- */

static void bring_back(IvWork *work) {
  IvErrand *errand = (IvErrand *)work;
  iv_work_ref(work);
  post(errand->loop, LETTER_ERRAND, errand, 0);
}

void iv_errand_init(IvErrand *errand, IvLoop *loop, gpointer owner) {
  iv_work_init(&errand->work);
  errand->work.done = bring_back;
  errand->loop = loop;
  errand->owner = owner;
}

gboolean iv_errand_send(IvErrand *errand) {
  return iv_pool_submit(errand->loop->parts.pool, &errand->work);
}

void iv_errand_forget(IvErrand *errand) {
  errand->owner = NULL;
  g_cancellable_cancel(errand->work.cancel);
  iv_work_unref(&errand->work);
}

/* --- accepting --- */

static IvPeer *peer_from(const struct sockaddr_storage *native, socklen_t length) {
  g_autoptr(GSocketAddress) address = g_socket_address_new_from_native((gpointer)native, length);
  IvPeer *peer = g_new0(IvPeer, 1);
  if (!G_IS_INET_SOCKET_ADDRESS(address))
    return peer;
  GInetAddress *inet = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address));
  g_autofree char *text = g_inet_address_to_string(inet);
  /* An IPv4 client of an IPv6 socket is shown, and slowed down, as what it is. */
  const char *plain = g_str_has_prefix(text, "::ffff:") && strchr(text, '.') ? text + 7 : text;
  g_strlcpy(peer->address, plain, sizeof peer->address);
  peer->loopback = g_inet_address_get_is_loopback(inet) || g_str_has_prefix(plain, "127.");
  return peer;
}

static void adopt(IvLoop *loop, int fd, IvPeer *peer) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  lws_adopt_desc_t info = {
      .vh = lws_get_vhost(loop->listener),
      .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP,
      .fd.sockfd = fd,
      .opaque = peer,
  };
  iv_loop_count(loop, IV_LOOP_ACCEPTED, 1);
  iv_loop_count(loop, IV_LOOP_CONNECTIONS, 1); /* WSI_DESTROY takes it back */
  if (!lws_adopt_descriptor_vhost_via_info(&info))
    iv_loop_count(loop, IV_LOOP_REFUSED, 1);
}

/* Out of descriptors: the client would wait in the queue and the loop would spin on it. */
static void refuse_one(IvLoop *loop) {
  close(loop->reserve_fd);
  int fd = accept4(loop->listen_fd, NULL, NULL, SOCK_CLOEXEC);
  if (fd >= 0)
    close(fd);
  loop->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  iv_loop_count(loop, IV_LOOP_REFUSED, 1);
}

static gboolean accept_one(IvLoop *loop) {
  struct sockaddr_storage native;
  socklen_t length = sizeof native;
  int fd =
      accept4(loop->listen_fd, (struct sockaddr *)&native, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0 && (errno == EMFILE || errno == ENFILE))
    refuse_one(loop);
  if (fd < 0)
    return errno == EINTR || errno == ECONNABORTED;
  if (iv_loop_counter(loop, IV_LOOP_CONNECTIONS) >= loop->parts.connections_max) {
    close(fd);
    iv_loop_count(loop, IV_LOOP_REFUSED, 1);
    return TRUE;
  }
  adopt(loop, fd, peer_from(&native, length));
  return TRUE;
}

static void accept_some(IvLoop *loop) {
  for (int i = 0; i < ACCEPTS_AT_ONCE && accept_one(loop); i++)
    ;
}

/* --- libwebsockets --- */

static int on_listener(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t length) {
  (void)user, (void)in, (void)length;
  if (reason == LWS_CALLBACK_RAW_RX_FILE)
    accept_some(iv_loop_of(wsi));
  return 0;
}

static void forget_peer(IvLoop *loop, struct lws *wsi) {
  if (wsi == loop->listener || !lws_get_opaque_user_data(wsi))
    return;
  g_free(lws_get_opaque_user_data(wsi));
  lws_set_opaque_user_data(wsi, NULL);
  iv_loop_count(loop, IV_LOOP_CONNECTIONS, -1);
}

static int on_timer(struct lws *wsi, IvConnection *connection) {
  if (connection->live)
    return iv_live_socket_tick(connection->live, wsi);
  return connection->http ? iv_http_tick(connection->http, wsi) : 0;
}

static int open_socket(IvConnection *connection, IvLoop *loop, struct lws *wsi) {
  connection->video = iv_video_socket_new(loop, wsi);
  if (!connection->video)
    connection->live = iv_live_socket_new(loop, wsi);
  return connection->video || connection->live ? 0 : -1;
}

static int on_connection(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                         size_t length) {
  IvConnection *connection = user;
  IvLoop *loop = iv_loop_of(wsi);
  switch (reason) {
  case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
    empty_inbox(loop);
    return 0;
  case LWS_CALLBACK_HTTP:
    return iv_http_begin(connection, wsi);
  case LWS_CALLBACK_HTTP_BODY:
    return iv_http_take(connection->http, wsi, in, length);
  case LWS_CALLBACK_HTTP_BODY_COMPLETION:
    return iv_http_taken(connection->http, wsi);
  case LWS_CALLBACK_HTTP_WRITEABLE:
    return iv_http_write(connection->http, wsi);
  case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
  case LWS_CALLBACK_CLOSED_HTTP:
    if (connection)
      g_clear_pointer(&connection->http, iv_http_free);
    return 0;
  case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    return iv_live_socket_confirm(wsi, in);
  case LWS_CALLBACK_ESTABLISHED:
    return open_socket(connection, loop, wsi);
  case LWS_CALLBACK_RECEIVE:
    return connection->video ? iv_video_socket_take(connection->video)
                             : iv_live_socket_take(connection->live, wsi, in, length);
  case LWS_CALLBACK_SERVER_WRITEABLE:
    return connection->video ? iv_video_socket_write(connection->video, wsi)
                             : iv_live_socket_write(connection->live, wsi);
  case LWS_CALLBACK_CLOSED:
    g_clear_pointer(&connection->live, iv_live_socket_free);
    g_clear_pointer(&connection->video, iv_video_socket_free);
    return 0;
  case LWS_CALLBACK_TIMER:
    return connection ? on_timer(wsi, connection) : 0;
  case LWS_CALLBACK_WSI_DESTROY:
    forget_peer(loop, wsi);
    return 0;
  default:
    return 0;
  }
}

static void log_line(int level, const char *line) {
  g_autofree char *text = g_strchomp(g_strdup(line));
  g_log(G_LOG_DOMAIN, level == LLL_ERR ? G_LOG_LEVEL_INFO : G_LOG_LEVEL_DEBUG, "libwebsockets: %s",
        text);
}

static struct lws_context *make_context(IvLoop *loop) {
  static const struct lws_protocols protocols[] = {
      {PROTOCOL_HTTP, on_connection, sizeof(IvConnection), 0, 0, NULL, 0},
      {PROTOCOL_LISTENER, on_listener, 0, 0, 0, NULL, 0},
      {NULL, NULL, 0, 0, 0, NULL, 0},
  };
  static const lws_retry_bo_t liveness = {
      .secs_since_valid_ping = IV_LIVE_PING_TIME,
      .secs_since_valid_hangup = IV_LIVE_SILENCE_TIME,
  };
  /* Its messages are for its own developers; what matters is told by us. */
  lws_set_log_level(LLL_ERR | LLL_WARN, log_line);
  struct lws_context_creation_info info = {
      .port = CONTEXT_PORT_NO_LISTEN,
      .protocols = protocols,
      .gid = (gid_t)-1,
      .uid = (uid_t)-1,
      .user = loop,
      .server_string = "inveye",
      .max_http_header_data = IV_LOOP_HEADERS_MAX,
      .max_http_header_pool = (unsigned short)loop->parts.connections_max,
      .fd_limit_per_thread = loop->parts.connections_max + 16,
      .timeout_secs = IV_LOOP_STALL_TIME,
      .timeout_secs_ah_idle = IV_LOOP_HEADER_TIME,
      .keepalive_timeout = IV_LOOP_KEEPALIVE_TIME,
      .pt_serv_buf_size = 16 * 1024,
      .retry_and_idle_policy = &liveness,
  };
  return lws_create_context(&info);
}

static gboolean add_listener(IvLoop *loop) {
  lws_sock_file_fd_type fd = {.filefd = loop->listen_fd};
  struct lws_vhost *vhost = lws_get_vhost_by_name(loop->context, "default");
  loop->listener =
      lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_RAW_FILE_DESC, fd, PROTOCOL_LISTENER, NULL);
  return loop->listener != NULL;
}

static gpointer run(gpointer user_data) {
  IvLoop *loop = user_data;
  for (; !loop->stopping; loop->turns++)
    lws_service(loop->context, 0);
  for (IvTime end = iv_clock_monotonic() + GOODBYE_TIME;
       iv_loop_counter(loop, IV_LOOP_LIVE_SOCKETS) > 0 && iv_clock_monotonic() < end;)
    lws_service(loop->context, 0);
  lws_context_destroy(loop->context);
  return NULL;
}

static void loop_free(IvLoop *loop) {
  if (loop->reserve_fd >= 0)
    close(loop->reserve_fd);
  g_mutex_clear(&loop->lock);
  g_ptr_array_unref(loop->sockets);
  g_ptr_array_unref(loop->videos);
  g_free(loop->scratch);
  g_free(loop);
}

IvLoop *iv_loop_start(const IvLoopParts *parts, int listen_fd, GError **error) {
  IvLoop *loop = g_new0(IvLoop, 1);
  loop->parts = *parts;
  loop->listen_fd = listen_fd;
  loop->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  loop->scratch = g_malloc(LWS_PRE + IV_LOOP_CHUNK);
  loop->sockets = g_ptr_array_new();
  loop->videos = g_ptr_array_new();
  g_mutex_init(&loop->lock);
  loop->context = make_context(loop);
  if (loop->context && add_listener(loop)) {
    loop->thread = g_thread_new("api-net", run, loop);
    return loop;
  }
  g_set_error(error, IV_SERVER_ERROR, IV_SERVER_ERROR_FAILED,
              "the network library can't start; is memory or the limit of open files "
              "(ulimit -n) exhausted?");
  if (loop->context)
    lws_context_destroy(loop->context);
  close(listen_fd);
  loop_free(loop);
  return NULL;
}

void iv_loop_stop(IvLoop *loop) {
  post(loop, LETTER_STOP, NULL, 0);
  g_thread_join(loop->thread);
  for (Letter *letter; (letter = g_queue_pop_head(&loop->letters)); g_free(letter)) {
    if (letter->kind == LETTER_ERRAND)
      iv_work_unref(&((IvErrand *)letter->content)->work);
    if (letter->kind == LETTER_PUBLICATION)
      iv_publication_free(letter->content);
  }
  loop_free(loop);
}
