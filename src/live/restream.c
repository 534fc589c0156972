/* SPDX-License-Identifier: Apache-2.0 */
#include "live/restream.h"

#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "live/restream_private.h"

#define CLIENT "iv-restream-client"
#define LOGIN_TIME (10 * IV_SECOND)                 /* to log in */
#define IDLE_TIME (IV_RESTREAM_SESSION * IV_SECOND) /* connected without a stream */
#define STOP_TIME (10 * IV_SECOND) /* how long a stop waits for clients to be gone */
#define SEND_BYTES                                                                                 \
  (512 * 1024)               /* of the system, which otherwise holds seconds of a slow client      \
                              */
#define SPARE_CONNECTIONS 32 /* beyond those that may read: who asks, who has not logged in */

G_DEFINE_QUARK(iv_restream_error, iv_restream_error)

/* ---- connections ---- */

IvRestreamClient *iv_restream_client_of(GstRTSPClient *client) {
  return g_object_get_data(G_OBJECT(client), CLIENT);
}

static void forget(IvRestreamClient *client) {
  IvRestream *restream = client->restream;
  g_mutex_lock(&restream->mutex);
  g_ptr_array_remove_fast(restream->clients, client);
  g_cond_broadcast(&restream->changed);
  g_mutex_unlock(&restream->mutex);
}

static void client_free(gpointer pointer) {
  IvRestreamClient *client = pointer;
  forget(client);
  g_clear_pointer(&client->pending, iv_restream_feed_unref);
  g_object_unref(client->socket);
  g_free(client->address);
  g_free(client->user);
  g_free(client->described);
  iv_restream_unref(client->restream);
  g_free(client);
}

static void on_closed(GstRTSPClient *client, G_GNUC_UNUSED gpointer user_data) {
  forget(iv_restream_client_of(client));
}

static void on_session(G_GNUC_UNUSED GstRTSPClient *client, GstRTSPSession *session,
                       G_GNUC_UNUSED gpointer user_data) {
  gst_rtsp_session_set_timeout(session, IV_RESTREAM_SESSION);
}

/* The next stream of this connection has a pipeline of its own. */
static void on_setup(GstRTSPClient *client, G_GNUC_UNUSED GstRTSPContext *context,
                     G_GNUC_UNUSED gpointer user_data) {
  g_clear_pointer(&iv_restream_client_of(client)->described, g_free);
}

static GstRTSPStatusCode on_play(G_GNUC_UNUSED GstRTSPClient *client, GstRTSPContext *context,
                                 G_GNUC_UNUSED gpointer user_data) {
  IvRestreamFeed *feed = context->media ? iv_restream_feed_of(context->media) : NULL;
  return feed && iv_restream_feed_begin(feed) ? GST_RTSP_STS_OK : GST_RTSP_STS_SERVICE_UNAVAILABLE;
}

static IvRestreamClient *client_new(IvRestream *restream, GstRTSPConnection *connection) {
  IvRestreamClient *client = g_new0(IvRestreamClient, 1);
  client->restream = iv_restream_ref(restream);
  client->address = g_strdup(gst_rtsp_connection_get_ip(connection));
  client->socket = g_object_ref(gst_rtsp_connection_get_read_socket(connection));
  client->since = iv_clock_monotonic();
  g_socket_set_option(client->socket, SOL_SOCKET, SO_SNDBUF, SEND_BYTES, NULL);
  return client;
}

/* The client's own thread sees the end of its connection and cleans up. */
static void hang_up(GSocket *socket) {
  g_socket_shutdown(socket, TRUE, TRUE, NULL);
}

static void on_client(G_GNUC_UNUSED GstRTSPServer *server, GstRTSPClient *gst_client,
                      gpointer user_data) {
  IvRestream *restream = user_data;
  IvRestreamClient *client = client_new(restream, gst_rtsp_client_get_connection(gst_client));
  g_mutex_lock(&restream->mutex);
  gboolean full =
      restream->stopping || restream->clients->len >= restream->options.clients + SPARE_CONNECTIONS;
  if (full)
    restream->stats.refused++;
  g_ptr_array_add(restream->clients, client);
  g_mutex_unlock(&restream->mutex);
  g_object_set_data_full(G_OBJECT(gst_client), CLIENT, client, client_free);
  g_signal_connect(gst_client, "closed", G_CALLBACK(on_closed), NULL);
  g_signal_connect(gst_client, "new-session", G_CALLBACK(on_session), NULL);
  g_signal_connect(gst_client, "setup-request", G_CALLBACK(on_setup), NULL);
  g_signal_connect(gst_client, "pre-play-request", G_CALLBACK(on_play), NULL);
  if (full)
    hang_up(client->socket);
}

/* ---- looking after them; the server's thread ---- */

/* Called with the mutex. */
static gboolean reads(const IvRestream *restream, const IvRestreamClient *client) {
  for (guint i = 0; i < restream->feeds->len; i++)
    if (((const IvRestreamFeed *)restream->feeds->pdata[i])->socket == client->socket)
      return TRUE;
  return FALSE;
}

static void look_after_clients(IvRestream *restream, IvTime now) {
  for (guint i = 0; i < restream->clients->len; i++) {
    IvRestreamClient *client = restream->clients->pdata[i];
    if (reads(restream, client))
      client->since = now;
    if (client->doomed || now - client->since > (client->user ? IDLE_TIME : LOGIN_TIME))
      hang_up(client->socket);
  }
}

/* What is to be seen of the cameras that are read, asked without the mutex. */
static GHashTable *ask_forms(IvRestream *restream) {
  GHashTable *forms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const IvRestreamOptions *options = &restream->options;
  g_mutex_lock(&restream->mutex);
  for (guint i = 0; i < restream->feeds->len; i++)
    g_hash_table_add(forms,
                     g_strdup(((const IvRestreamFeed *)restream->feeds->pdata[i])->camera_id.text));
  g_mutex_unlock(&restream->mutex);
  GHashTableIter iter;
  gpointer id;
  g_hash_table_iter_init(&iter, forms);
  while (g_hash_table_iter_next(&iter, &id, NULL))
    g_hash_table_iter_replace(&iter, GUINT_TO_POINTER(options->host->form(id, options->user_data)));
  return forms;
}

static void look_after_feeds(IvRestream *restream, GHashTable *forms, IvTime now) {
  for (guint i = 0; i < restream->feeds->len; i++) {
    gpointer form = NULL;
    IvRestreamFeed *feed = restream->feeds->pdata[i];
    if (g_hash_table_lookup_extended(forms, feed->camera_id.text, NULL, &form) &&
        iv_restream_feed_check(feed, GPOINTER_TO_UINT(form), now))
      hang_up(feed->socket);
  }
}

static gboolean look_after(gpointer user_data) {
  IvRestream *restream = user_data;
  IvTime now = iv_clock_monotonic();
  g_autoptr(GstRTSPSessionPool) sessions = gst_rtsp_server_get_session_pool(restream->server);
  gst_rtsp_session_pool_cleanup(sessions);
  g_autoptr(GHashTable) forms = ask_forms(restream);
  g_mutex_lock(&restream->mutex);
  look_after_feeds(restream, forms, now);
  look_after_clients(restream, now);
  g_mutex_unlock(&restream->mutex);
  restream->options.host->tick(restream->options.user_data);
  return G_SOURCE_CONTINUE;
}

static gpointer serve(gpointer user_data) {
  IvRestream *restream = user_data;
  g_main_context_push_thread_default(restream->context);
  g_main_loop_run(restream->loop);
  g_main_context_pop_thread_default(restream->context);
  return NULL;
}

/* ---- life ---- */

IvRestream *iv_restream_ref(IvRestream *restream) {
  g_atomic_ref_count_inc(&restream->refs);
  return restream;
}

void iv_restream_unref(IvRestream *restream) {
  if (!g_atomic_ref_count_dec(&restream->refs))
    return;
  g_ptr_array_unref(restream->clients);
  g_ptr_array_unref(restream->feeds);
  g_hash_table_unref(restream->mounts);
  g_clear_pointer(&restream->throttle, iv_throttle_free);
  g_main_loop_unref(restream->loop);
  g_main_context_unref(restream->context);
  g_cond_clear(&restream->changed);
  g_mutex_clear(&restream->mutex);
  g_free(restream->address);
  g_free(restream->user);
  if (restream->password)
    memset(restream->password, 0, strlen(restream->password));
  g_free(restream->password);
  g_free(restream);
}

static gboolean check_installed(GError **error) {
  static const char *const needed[] = {"appsrc", "appsink", "rtph264pay",  "rtph265pay",
                                       "rtpbin", "udpsink", "multiudpsink"};
  for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
    g_autoptr(GstElementFactory) found = gst_element_factory_find(needed[i]);
    if (found)
      continue;
    g_set_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_PLUGIN,
                "restream: GStreamer's element %s is missing; install gstreamer1.0-plugins-base "
                "and gstreamer1.0-plugins-good (`make setup` does)",
                needed[i]);
    return FALSE;
  }
  return TRUE;
}

static IvRestream *make(const IvRestreamOptions *options) {
  IvRestream *restream = g_new0(IvRestream, 1);
  g_atomic_ref_count_init(&restream->refs);
  g_mutex_init(&restream->mutex);
  g_cond_init(&restream->changed);
  restream->options = *options;
  restream->options.clients = CLAMP(options->clients, 1, IV_RESTREAM_CLIENTS_MAX);
  restream->options.camera_clients = MAX(options->camera_clients, 1);
  restream->options.address = restream->address = g_strdup(options->address);
  restream->options.user = restream->user = g_strdup(options->user);
  restream->password = g_strdup(options->password);
  restream->options.password = NULL;
  restream->clients = g_ptr_array_new();
  restream->feeds = g_ptr_array_new();
  restream->mounts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  restream->context = g_main_context_new();
  restream->loop = g_main_loop_new(restream->context, FALSE);
  return restream;
}

static void make_server(IvRestream *restream) {
  g_autofree char *service = g_strdup_printf("%u", restream->options.port);
  GstRTSPServer *server = restream->server = gst_rtsp_server_new();
  g_autoptr(GstRTSPAuth) auth = iv_restream_gate_new(restream);
  g_autoptr(GstRTSPThreadPool) threads = gst_rtsp_server_get_thread_pool(server);
  gst_rtsp_server_set_address(server, restream->address);
  gst_rtsp_server_set_service(server, service);
  gst_rtsp_server_set_auth(server, auth);
  gst_rtsp_thread_pool_set_max_threads(threads, -1); /* one for each client */
  g_signal_connect(server, "client-connected", G_CALLBACK(on_client), restream);
}

static gboolean start_listening(IvRestream *restream, GError **error) {
  g_autoptr(GError) cause = NULL;
  g_autoptr(GSource) source = gst_rtsp_server_create_source(restream->server, NULL, &cause);
  if (!source && g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_set_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_LISTEN,
                "restream: port %u of %s is in use by another program; stop it, or choose another "
                "port with restream.port",
                restream->options.port, restream->address);
  else if (!source)
    g_set_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_LISTEN,
                "restream: can't listen on port %u of %s: %s; see restream.address and "
                "restream.port",
                restream->options.port, restream->address, cause ? cause->message : "no reason");
  if (!source)
    return FALSE;
  g_source_attach(source, restream->context);
  restream->port = (guint16)gst_rtsp_server_get_bound_port(restream->server);
  return TRUE;
}

static void start_timer(IvRestream *restream) {
  g_autoptr(GSource) timer = g_timeout_source_new_seconds(1);
  g_source_set_callback(timer, look_after, restream, NULL);
  g_source_attach(timer, restream->context);
}

IvRestream *iv_restream_new(const IvRestreamOptions *options, GError **error) {
  gst_init(NULL, NULL);
  if (!check_installed(error))
    return NULL;
  g_autoptr(IvRestream) restream = make(options);
  make_server(restream);
  if (!start_listening(restream, error))
    return NULL;
  start_timer(restream);
  restream->thread = g_thread_new("restream", serve, restream);
  return g_steal_pointer(&restream);
}

/* Called with the mutex. */
static void hang_up_all(IvRestream *restream) {
  for (guint i = 0; i < restream->feeds->len; i++)
    iv_restream_feed_end(restream->feeds->pdata[i], "the program stops");
  for (guint i = 0; i < restream->clients->len; i++)
    hang_up(((IvRestreamClient *)restream->clients->pdata[i])->socket);
}

static gboolean quit(gpointer user_data) {
  g_main_loop_quit(user_data);
  return G_SOURCE_REMOVE;
}

static GstRTSPFilterResult remove_session(G_GNUC_UNUSED GstRTSPSessionPool *pool,
                                          G_GNUC_UNUSED GstRTSPSession *session,
                                          G_GNUC_UNUSED gpointer user_data) {
  return GST_RTSP_FILTER_REMOVE;
}

static void wait_for_all(IvRestream *restream) {
  IvTime until = iv_clock_monotonic() + STOP_TIME;
  g_mutex_lock(&restream->mutex);
  while ((restream->clients->len > 0 || restream->feeds->len > 0) &&
         g_cond_wait_until(&restream->changed, &restream->mutex, until))
    hang_up_all(restream);
  if (restream->feeds->len > 0)
    g_warning("restream: %u readers are not gone after %d s", restream->feeds->len,
              (int)(STOP_TIME / IV_SECOND));
  g_mutex_unlock(&restream->mutex);
}

void iv_restream_free(IvRestream *restream) {
  if (!restream)
    return;
  g_mutex_lock(&restream->mutex);
  restream->stopping = TRUE;
  hang_up_all(restream);
  g_cond_broadcast(&restream->changed);
  g_mutex_unlock(&restream->mutex);
  if (restream->thread) {
    wait_for_all(restream);
    g_main_context_invoke_full(restream->context, G_PRIORITY_LOW, quit, restream->loop, NULL);
    g_thread_join(restream->thread);
  }
  g_autoptr(GstRTSPSessionPool) sessions = gst_rtsp_server_get_session_pool(restream->server);
  g_list_free(gst_rtsp_session_pool_filter(sessions, remove_session, NULL));
  g_clear_object(&restream->server);
  iv_restream_unref(restream);
}

/* ---- asked from outside ---- */

guint16 iv_restream_port(const IvRestream *restream) {
  return restream->port;
}

void iv_restream_end_camera(IvRestream *restream, const char *camera_id, const char *why) {
  g_mutex_lock(&restream->mutex);
  for (guint i = 0; i < restream->feeds->len; i++) {
    IvRestreamFeed *feed = restream->feeds->pdata[i];
    if (strcmp(feed->camera_id.text, camera_id) != 0)
      continue;
    iv_restream_feed_end(feed, why);
    hang_up(feed->socket);
  }
  g_mutex_unlock(&restream->mutex);
}

void iv_restream_stats(IvRestream *restream, IvRestreamStats *ret_stats) {
  g_mutex_lock(&restream->mutex);
  *ret_stats = restream->stats;
  ret_stats->clients = 0;
  for (guint i = 0; i < restream->feeds->len; i++) {
    IvRestreamFeed *feed = restream->feeds->pdata[i];
    ret_stats->clients += feed->began ? 1 : 0;
    ret_stats->dropped += iv_restream_feed_dropped(feed);
  }
  g_mutex_unlock(&restream->mutex);
}
