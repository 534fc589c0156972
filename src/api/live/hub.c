/* SPDX-License-Identifier: Apache-2.0 */
#include "api/live/hub.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  char *name;
  IvTopicKind kind;
  guint64 seq;              /* of the last message; 0 = none yet */
  IvTime ts;                /* of the last message */
  char *data;               /* last message's, IV_KEEP_STATE */
  GQueue log;               /* char* entries, oldest first, IV_KEEP_LOG */
  GPtrArray *subscriptions; /* borrowed */
} Topic;

typedef struct {
  Topic *topic;
  IvHubClient *client;
  gboolean started; /* has had its snapshot */
  GBytes *latest;   /* waiting, for topics that aren't lossless */
} Subscription;

struct IvHub {
  char *epoch;
  GHashTable *topics; /* char* → Topic* */
  IvHubStats stats;
  GMutex lock;        /* guards `wanted` alone */
  GHashTable *wanted; /* char* → number of subscriptions */
};

static char *dump(const json_t *json) {
  return json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));
}

IvPublication *iv_publication_new(const char *topic, json_t *data, IvTime ts) {
  IvPublication *publication = g_new0(IvPublication, 1);
  IvSlug id;
  gboolean known = iv_topic_parse(topic, &publication->kind, &id);
  g_assert(known && data);
  publication->topic = g_strdup(topic);
  publication->ts = ts;
  publication->data = dump(data);
  g_assert(publication->data);
  const IvTopicKindInfo *info = iv_topic_kind_info(publication->kind);
  if (info->keep == IV_KEEP_LOG) {
    const json_t *entries = json_object_get(data, info->log_key);
    g_assert(json_is_array(entries));
    publication->entries = g_ptr_array_new_with_free_func(free);
    for (gsize i = 0; i < json_array_size(entries); i++)
      g_ptr_array_add(publication->entries, dump(json_array_get(entries, i)));
  }
  json_decref(data);
  return publication;
}

void iv_publication_free(IvPublication *publication) {
  if (!publication)
    return;
  g_free(publication->topic);
  free(publication->data);
  g_clear_pointer(&publication->entries, g_ptr_array_unref);
  g_free(publication);
}

static void topic_free(gpointer pointer) {
  Topic *topic = pointer;
  g_free(topic->name);
  free(topic->data);
  g_queue_clear_full(&topic->log, free);
  g_ptr_array_unref(topic->subscriptions);
  g_free(topic);
}

IvHub *iv_hub_new(const char *epoch) {
  IvHub *hub = g_new0(IvHub, 1);
  hub->epoch = g_strdup(epoch);
  hub->topics = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, topic_free);
  hub->wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init(&hub->lock);
  return hub;
}

void iv_hub_free(IvHub *hub) {
  if (!hub)
    return;
  g_hash_table_unref(hub->topics);
  g_hash_table_unref(hub->wanted);
  g_mutex_clear(&hub->lock);
  g_free(hub->epoch);
  g_free(hub);
}

static Topic *topic_for(IvHub *hub, const char *name, IvTopicKind kind) {
  Topic *topic = g_hash_table_lookup(hub->topics, name);
  if (topic)
    return topic;
  topic = g_new0(Topic, 1);
  topic->name = g_strdup(name);
  topic->kind = kind;
  topic->subscriptions = g_ptr_array_new();
  g_hash_table_insert(hub->topics, topic->name, topic);
  return topic;
}

static GBytes *envelope(const IvHub *hub, const Topic *topic, const char *type, const char *data) {
  char ts[IV_TIME_TEXT_MAX];
  char *text = g_strdup_printf("{\"topic\":\"%s\",\"epoch\":\"%s\",\"seq\":%" G_GUINT64_FORMAT
                               ",\"ts\":\"%s\",\"type\":\"%s\",\"data\":%s}",
                               topic->name, hub->epoch, topic->seq, iv_time_to_text(topic->ts, ts),
                               type, data);
  return g_bytes_new_take(text, strlen(text));
}

static GBytes *log_snapshot(const IvHub *hub, const Topic *topic) {
  g_autoptr(GString) data = g_string_new(NULL);
  g_string_printf(data, "{\"%s\":[", iv_topic_kind_info(topic->kind)->log_key);
  for (const GList *entry = topic->log.head; entry; entry = entry->next) {
    g_string_append(data, entry->data);
    if (entry->next)
      g_string_append_c(data, ',');
  }
  g_string_append(data, "]}");
  return envelope(hub, topic, "snapshot", data->str);
}

/* NULL when there is nothing to show yet. */
static GBytes *make_snapshot(const IvHub *hub, const Topic *topic) {
  if (iv_topic_kind_info(topic->kind)->keep == IV_KEEP_LOG)
    return log_snapshot(hub, topic);
  return topic->data ? envelope(hub, topic, "snapshot", topic->data) : NULL;
}

static void queue_lossless(IvHubClient *client, GBytes *bytes) {
  client->behind += g_bytes_get_size(bytes);
  g_queue_push_tail(&client->lossless, bytes);
}

static void queue_latest(IvHub *hub, Subscription *subscription, GBytes *bytes) {
  if (subscription->latest) {
    g_bytes_unref(subscription->latest);
    hub->stats.replaced++;
  } else {
    g_queue_push_tail(&subscription->client->latest, subscription);
  }
  subscription->latest = bytes;
}

/* Takes `bytes`. */
static void deliver(IvHub *hub, Subscription *subscription, GBytes *bytes) {
  IvHubClient *client = subscription->client;
  if (client->is_overrun) {
    g_bytes_unref(bytes);
    return;
  }
  hub->stats.queued++;
  if (iv_topic_kind_info(subscription->topic->kind)->lossless)
    queue_lossless(client, bytes);
  else
    queue_latest(hub, subscription, bytes);
  if (client->behind > IV_HUB_BEHIND_MAX) {
    client->is_overrun = TRUE;
    hub->stats.overruns++;
  }
  client->wake(client);
}

static void keep(Topic *topic, IvPublication *publication) {
  topic->seq++;
  topic->ts = publication->ts;
  if (iv_topic_kind_info(topic->kind)->keep == IV_KEEP_STATE) {
    free(topic->data);
    topic->data = g_steal_pointer(&publication->data);
    return;
  }
  gsize n = 0;
  g_autofree gpointer *entries = g_ptr_array_steal(publication->entries, &n);
  for (gsize i = 0; i < n; i++)
    g_queue_push_tail(&topic->log, entries[i]);
  while (topic->log.length > IV_TOPIC_LOG)
    free(g_queue_pop_head(&topic->log));
}

void iv_hub_publish(IvHub *hub, IvPublication *publication) {
  Topic *topic = topic_for(hub, publication->topic, publication->kind);
  g_autoptr(GBytes) update = NULL, snapshot = NULL; /* made once, shared by the clients */
  gboolean is_log = publication->entries != NULL;
  keep(topic, publication);
  hub->stats.published++;
  for (guint i = 0; i < topic->subscriptions->len; i++) {
    Subscription *subscription = topic->subscriptions->pdata[i];
    GBytes **text = subscription->started ? &update : &snapshot;
    if (!*text)
      *text = subscription->started
                  ? envelope(hub, topic, "update", is_log ? publication->data : topic->data)
                  : make_snapshot(hub, topic);
    subscription->started = TRUE;
    deliver(hub, subscription, g_bytes_ref(*text));
  }
  iv_publication_free(publication);
}

void iv_hub_lose(IvHub *hub) {
  GHashTableIter iter;
  gpointer topic;
  g_hash_table_iter_init(&iter, hub->topics);
  while (g_hash_table_iter_next(&iter, NULL, &topic))
    ((Topic *)topic)->seq++;
}

static void count_wanted(IvHub *hub, const char *topic, int change) {
  g_mutex_lock(&hub->lock);
  guint n = GPOINTER_TO_UINT(g_hash_table_lookup(hub->wanted, topic)) + (guint)change;
  if (n == 0)
    g_hash_table_remove(hub->wanted, topic);
  else
    g_hash_table_replace(hub->wanted, g_strdup(topic), GUINT_TO_POINTER(n));
  g_mutex_unlock(&hub->lock);
  hub->stats.clients_subscribed += (guint)change;
}

gboolean iv_hub_is_wanted(IvHub *hub, const char *topic) {
  g_mutex_lock(&hub->lock);
  gboolean wanted = g_hash_table_contains(hub->wanted, topic);
  g_mutex_unlock(&hub->lock);
  return wanted;
}

static Subscription *subscribe(IvHub *hub, IvHubClient *client, const char *name,
                               IvTopicKind kind) {
  Subscription *subscription = g_hash_table_lookup(client->subscriptions, name);
  if (subscription)
    return subscription;
  if (g_hash_table_size(client->subscriptions) >= IV_HUB_TOPICS_PER_CLIENT_MAX)
    return NULL;
  subscription = g_new0(Subscription, 1);
  subscription->topic = topic_for(hub, name, kind);
  subscription->client = client;
  g_ptr_array_add(subscription->topic->subscriptions, subscription);
  g_hash_table_insert(client->subscriptions, subscription->topic->name, subscription);
  count_wanted(hub, name, 1);
  return subscription;
}

gboolean iv_hub_join(IvHub *hub, IvHubClient *client, const char *topic, IvTime now) {
  IvTopicKind kind;
  IvSlug id;
  if (!iv_topic_parse(topic, &kind, &id))
    return FALSE;
  Subscription *subscription = subscribe(hub, client, topic, kind);
  if (!subscription)
    return FALSE;
  if (subscription->topic->seq == 0)
    subscription->topic->ts = now;
  /* Of what is not lossless nobody knows how old the last message is: wait for the next. */
  GBytes *snapshot =
      iv_topic_kind_info(kind)->lossless ? make_snapshot(hub, subscription->topic) : NULL;
  subscription->started = snapshot != NULL;
  if (snapshot)
    deliver(hub, subscription, snapshot);
  return TRUE;
}

static void unsubscribe(IvHub *hub, Subscription *subscription) {
  count_wanted(hub, subscription->topic->name, -1);
  g_ptr_array_remove_fast(subscription->topic->subscriptions, subscription);
  g_queue_remove(&subscription->client->latest, subscription);
  g_clear_pointer(&subscription->latest, g_bytes_unref);
  g_free(subscription);
}

void iv_hub_leave(IvHub *hub, IvHubClient *client, const char *topic) {
  gpointer subscription = NULL;
  if (g_hash_table_steal_extended(client->subscriptions, topic, NULL, &subscription))
    unsubscribe(hub, subscription);
}

void iv_hub_client_init(IvHubClient *client, void (*wake)(IvHubClient *client)) {
  client->wake = wake;
  client->subscriptions = g_hash_table_new(g_str_hash, g_str_equal);
}

void iv_hub_client_clear(IvHub *hub, IvHubClient *client) {
  if (!client->subscriptions)
    return;
  GHashTableIter iter;
  gpointer subscription;
  g_hash_table_iter_init(&iter, client->subscriptions);
  while (g_hash_table_iter_next(&iter, NULL, &subscription))
    unsubscribe(hub, subscription);
  g_clear_pointer(&client->subscriptions, g_hash_table_unref);
  g_queue_clear_full(&client->lossless, (GDestroyNotify)g_bytes_unref);
}

gboolean iv_hub_client_has_next(const IvHubClient *client) {
  return client->lossless.length > 0 || client->latest.length > 0;
}

GBytes *iv_hub_client_next(IvHubClient *client) {
  GBytes *bytes = g_queue_pop_head(&client->lossless);
  if (bytes) {
    client->behind -= g_bytes_get_size(bytes);
    return bytes;
  }
  Subscription *subscription = g_queue_pop_head(&client->latest);
  return subscription ? g_steal_pointer(&subscription->latest) : NULL;
}

void iv_hub_client_send(IvHubClient *client, GBytes *bytes) {
  queue_lossless(client, bytes);
  client->wake(client);
}

void iv_hub_stats(const IvHub *hub, IvHubStats *ret_stats) {
  *ret_stats = hub->stats;
}
