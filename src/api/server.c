/* SPDX-License-Identifier: Apache-2.0 */
#define G_LOG_DOMAIN "inveye-api"
#include "api/server.h"

#include <string.h>

#include "api/auth/password.h"
#include "api/live/admission.h"
#include "api/net/listener.h"
#include "api/net/loop.h"
#include "base/clock.h"
#include "kpi/bucket.h"
#include "model/event_json.h"
#include "store/catalog.h"
#include "store/events.h"

#define ACCOUNT_FREE_FAILURES 4  /* of one account; the next try waits */
#define ADDRESS_FREE_FAILURES 20 /* of one address: a shop's people share theirs */
#define FIRST_USER "admin"

G_DEFINE_QUARK(iv - server - error - quark, iv_server_error)
G_DEFINE_QUARK(iv - server - host - error - quark, iv_server_host_error)

struct IvServer {
  char *listen;
  guint16 wished_port, port;
  guint workers;
  IvApi api;
  IvAssets *assets;
  IvHub *hub;
  IvPool *pool;
  GMutex lock; /* guards `loop` against being stopped while somebody posts to it */
  IvLoop *loop;
};

/* --- what the routes ask of the server --- */

static void user_changed(gint64 user_id, gpointer user_data) {
  IvServer *server = user_data;
  g_mutex_lock(&server->lock);
  if (server->loop)
    iv_loop_recheck(server->loop, user_id);
  g_mutex_unlock(&server->lock);
  server->api.host_calls->user_changed(server->api.host, user_id);
}

static const struct {
  IvLoopCounter counter;
  const char *name, *type, *label;
} loop_metrics[] = {
    {IV_LOOP_CONNECTIONS, "inveye_http_connections", "gauge", ""},
    {IV_LOOP_ACCEPTED, "inveye_http_connections_accepted_total", "counter", ""},
    {IV_LOOP_REFUSED, "inveye_http_connections_refused_total", "counter", ""},
    {IV_LOOP_ANSWERED_2XX, "inveye_http_responses_total", "counter", "{class=\"2xx\"}"},
    {IV_LOOP_ANSWERED_3XX, "inveye_http_responses_total", NULL, "{class=\"3xx\"}"},
    {IV_LOOP_ANSWERED_4XX, "inveye_http_responses_total", NULL, "{class=\"4xx\"}"},
    {IV_LOOP_ANSWERED_5XX, "inveye_http_responses_total", NULL, "{class=\"5xx\"}"},
    {IV_LOOP_LIVE_SOCKETS, "inveye_live_clients", "gauge", ""},
    {IV_LOOP_LIVE_MESSAGES, "inveye_live_messages_total", "counter", ""},
    {IV_LOOP_VIDEO_PIECES, "inveye_video_pieces_total", "counter", ""},
    {IV_LOOP_LIVE_DROPPED, "inveye_live_clients_dropped_total", "counter", ""},
    {IV_LOOP_PUBLICATIONS_LOST, "inveye_live_publications_lost_total", "counter", ""},
};

static void add_loop_metrics(const IvLoop *loop, GString *text) {
  for (gsize i = 0; i < G_N_ELEMENTS(loop_metrics); i++) {
    if (loop_metrics[i].type)
      g_string_append_printf(text, "# TYPE %s %s\n", loop_metrics[i].name, loop_metrics[i].type);
    g_string_append_printf(text, "%s%s %" G_GUINT64_FORMAT "\n", loop_metrics[i].name,
                           loop_metrics[i].label, iv_loop_counter(loop, loop_metrics[i].counter));
  }
}

static void add_pool_metrics(IvPool *pool, GString *text) {
  IvPoolStats stats;
  iv_pool_stats(pool, &stats);
  const struct {
    const char *name, *type;
    guint64 value;
  } metrics[] = {
      {"inveye_api_jobs_waiting", "gauge", stats.waiting},
      {"inveye_api_jobs_running", "gauge", stats.running},
      {"inveye_api_jobs_total", "counter", stats.done},
      {"inveye_api_jobs_refused_total", "counter", stats.refused},
      {"inveye_api_jobs_late_total", "counter", stats.late},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(metrics); i++)
    g_string_append_printf(text, "# TYPE %s %s\n%s %" G_GUINT64_FORMAT "\n", metrics[i].name,
                           metrics[i].type, metrics[i].name, metrics[i].value);
}

static void add_metrics(GString *text, gpointer user_data) {
  IvServer *server = user_data;
  g_mutex_lock(&server->lock);
  if (server->loop)
    add_loop_metrics(server->loop, text);
  g_mutex_unlock(&server->lock);
  add_pool_metrics(server->pool, text);
}

/* --- life --- */

IvServer *iv_server_new(const IvServerOptions *options, const IvServerHost *calls, gpointer host,
                        GError **error) {
  g_autoptr(IvAssets) assets = NULL;
  if (options->web_dir && !(assets = iv_assets_load(options->web_dir, error)))
    return NULL;
  iv_password_init();
  IvServer *server = g_new0(IvServer, 1);
  server->listen = g_strdup(options->listen ? options->listen : "127.0.0.1");
  server->wished_port = options->port;
  server->workers =
      MAX(options->workers ? options->workers : IV_SERVER_WORKERS, IV_POOL_WORKERS_MIN);
  server->assets = g_steal_pointer(&assets);
  server->api =
      (IvApi){.store = options->store,
              .fixed_bands = options->fixed_bands,
              .wait_target = options->wait_target > 0 ? options->wait_target
                                                      : iv_kpi_limits_default().wait_target,
              .privacy = options->privacy,
              .host_calls = calls,
              .host = host,
              .behind_tls = options->behind_tls,
              .accounts = iv_throttle_new(ACCOUNT_FREE_FAILURES),
              .addresses = iv_throttle_new(ADDRESS_FREE_FAILURES),
              .looks = iv_looks_new(),
              .user_changed = user_changed,
              .metrics = add_metrics,
              .user_data = server};
  g_autofree char *epoch = g_strdup_printf("%" G_GINT64_MODIFIER "x", (guint64)iv_clock_now());
  server->hub = iv_hub_new(epoch);
  g_mutex_init(&server->lock);
  return server;
}

/* So that the first client's feed is not empty after a restart. */
static void prime_events(IvServer *server, const char *store_id) {
  g_autofree char *next = NULL, *topic = g_strdup_printf("store/%s/events", store_id);
  g_autoptr(GError) error = NULL;
  IvEventQuery query = {
      .store_id = store_id, .from = IV_TIME_NONE, .to = IV_TIME_NONE, .limit = IV_TOPIC_LOG};
  g_autoptr(GArray) events =
      iv_events_query(server->api.store, &query, IV_TIME_NONE, &next, &error);
  if (!events) {
    g_warning("newest events: %s", error->message);
    return;
  }
  json_t *list = json_array();
  for (guint i = events->len; i > 0; i--)
    json_array_append_new(list, iv_event_to_json(&g_array_index(events, IvEvent, i - 1)));
  iv_hub_publish(server->hub,
                 iv_publication_new(topic, json_pack("{so}", "events", list), iv_clock_now()));
}

static void prime_hub(IvServer *server) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) stores = iv_catalog_stores(server->api.store, IV_TIME_NONE, &error);
  if (!stores)
    g_warning("stores: %s", error->message);
  for (guint i = 0; stores && i < stores->len; i++)
    prime_events(server, g_array_index(stores, IvStoreRow, i).id.text);
}

gboolean iv_server_start(IvServer *server, GError **error) {
  static const IvPoolCalls no_calls = {NULL, NULL, NULL};
  g_assert(!server->loop && !server->pool);
  int fd = iv_listener_open(server->listen, server->wished_port, &server->port, error);
  if (fd < 0)
    return FALSE;
  prime_hub(server); /* the loop's thread, which owns the hub, isn't there yet */
  server->pool = iv_pool_new(server->workers, IV_SERVER_JOBS_MAX, &no_calls);
  IvLoopParts parts = {&server->api, server->pool, server->hub, server->assets,
                       IV_SERVER_CONNECTIONS_MAX};
  IvLoop *loop = iv_loop_start(&parts, fd, error);
  g_mutex_lock(&server->lock);
  server->loop = loop;
  g_mutex_unlock(&server->lock);
  return loop != NULL;
}

guint16 iv_server_port(const IvServer *server) {
  return server->port;
}

void iv_server_stop(IvServer *server) {
  if (server->pool)
    iv_pool_stop(server->pool); /* its last answers still find the loop */
  g_mutex_lock(&server->lock);
  IvLoop *loop = g_steal_pointer(&server->loop);
  g_mutex_unlock(&server->lock);
  if (loop)
    iv_loop_stop(loop);
  g_clear_pointer(&server->pool, iv_pool_free);
}

void iv_server_free(IvServer *server) {
  if (!server)
    return;
  iv_server_stop(server);
  iv_hub_free(server->hub);
  iv_assets_free(server->assets);
  iv_throttle_free(server->api.accounts);
  iv_throttle_free(server->api.addresses);
  iv_looks_free(server->api.looks);
  g_mutex_clear(&server->lock);
  g_free(server->listen);
  g_free(server);
}

gboolean iv_server_may_watch(IvServer *server, const IvWatcher *watcher) {
  return iv_admission_may_watch(&server->api, watcher, iv_clock_monotonic() + IV_SECOND);
}

/* --- live topics --- */

void iv_server_publish(IvServer *server, const char *topic, json_t *data) {
  IvPublication *publication = iv_publication_new(topic, data, iv_clock_now());
  /* With nobody listening and nothing to keep it for, it needs to go nowhere. */
  if (!iv_topic_kind_info(publication->kind)->lossless && !iv_hub_is_wanted(server->hub, topic)) {
    iv_publication_free(publication);
    return;
  }
  g_mutex_lock(&server->lock);
  if (server->loop)
    iv_loop_publish(server->loop, g_steal_pointer(&publication));
  g_mutex_unlock(&server->lock);
  iv_publication_free(publication);
}

gboolean iv_server_is_wanted(IvServer *server, const char *topic) {
  return iv_hub_is_wanted(server->hub, topic);
}

/* --- the first user --- */

typedef struct {
  char hash[IV_PASSWORD_HASH_MAX];
  gboolean made;
} FirstUser;

static gboolean write_first_user(IvSql *sql, gpointer arg, GError **error) {
  FirstUser *first = arg;
  gint64 users = 0;
  first->made = FALSE;
  if (!iv_users_count(sql, &users, error))
    return FALSE;
  if (users > 0)
    return TRUE;
  g_autoptr(IvUser) user = iv_user_new();
  g_strlcpy(user->name, FIRST_USER, sizeof user->name);
  g_strlcpy(user->role, IV_USER_ROLE_ADMIN, sizeof user->role);
  g_strlcpy(user->password_hash, first->hash, sizeof user->password_hash);
  user->all_stores = user->initial_password = TRUE;
  user->created_at = iv_clock_now();
  IvAuditEntry entry = {.ts = user->created_at,
                        .action = IV_AUDIT_USER_CREATED,
                        .actor = "",
                        .subject = FIRST_USER,
                        .address = ""};
  first->made = TRUE;
  return iv_users_insert(sql, user, error) && iv_audit_add(sql, &entry, error);
}

static gboolean has_users(IvStore *store, gboolean *ret_has, GError **error) {
  gint64 users = 0;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_users_count(read.sql, &users, error))
    return FALSE;
  *ret_has = users > 0;
  return TRUE;
}

char *iv_server_first_password(IvStore *store, GError **error) {
  gboolean has = FALSE;
  FirstUser first = {.made = FALSE};
  iv_password_init();
  if (!has_users(store, &has, error) || has)
    return NULL;
  char *password = iv_password_make();
  if (!iv_password_hash(password, first.hash))
    g_set_error(error, IV_SERVER_ERROR, IV_SERVER_ERROR_FAILED,
                "not enough memory for a password hash (64 MiB); free some");
  else if (iv_store_write(store, write_first_user, &first, error) && first.made)
    return password;
  iv_password_free(password);
  return NULL;
}
