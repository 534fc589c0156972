/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>
#include <jansson.h>

#include "api/live/topic.h"
#include "base/timestamp.h"

/* Live topics and who listens to them. Primitives: publish, join, leave, next message of a client.
 * It numbers the messages, keeps what snapshots need, and queues per client: everything in order
 * for lossless topics, the latest only for the others. It knows no sockets and no clock. All
 * functions run on the network's thread, except where they say otherwise. */
typedef struct IvHub IvHub;

#define IV_HUB_BEHIND_MAX (1024 * 1024) /* bytes waiting for one client; more and it is dropped */
#define IV_HUB_TOPICS_PER_CLIENT_MAX 64

/* What was published, serialised on the publisher's thread. */
typedef struct {
  char *topic;
  IvTopicKind kind;
  IvTime ts;
  char *data;         /* JSON text */
  GPtrArray *entries; /* IV_KEEP_LOG: char*, JSON text of each entry; else NULL */
} IvPublication;

/* Takes `data`. Any thread. `topic` must be the name of a topic (asserted), and the data of a log
 * an object with its array (asserted). */
IvPublication *iv_publication_new(const char *topic, json_t *data, IvTime ts);
void iv_publication_free(IvPublication *publication);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPublication, iv_publication_free)

/* A listener; embedded in its socket, zeroed before iv_hub_client_init. */
typedef struct IvHubClient IvHubClient;
struct IvHubClient {
  void (*wake)(IvHubClient *client); /* there is something to send, or it is overrun */
  GHashTable *subscriptions;         /* topic name → Subscription, owned */
  GQueue lossless;                   /* GBytes */
  gsize behind;                      /* bytes in `lossless` */
  GQueue latest;                     /* Subscription with a message waiting, borrowed */
  gboolean is_overrun;               /* fell too far behind: to be closed */
};
void iv_hub_client_init(IvHubClient *client, void (*wake)(IvHubClient *client));
void iv_hub_client_clear(IvHub *hub, IvHubClient *client);

/* The next message to send (JSON text, without NUL), NULL when nothing waits. Caller unrefs. */
GBytes *iv_hub_client_next(IvHubClient *client);
gboolean iv_hub_client_has_next(const IvHubClient *client);

/* Queues text that belongs to no topic's numbering. Takes `bytes`. */
void iv_hub_client_send(IvHubClient *client, GBytes *bytes);

/* `epoch` tells this run of the program from any other. */
IvHub *iv_hub_new(const char *epoch);
void iv_hub_free(IvHub *hub); /* no client may be left */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvHub, iv_hub_free)

/* Takes the publication. */
void iv_hub_publish(IvHub *hub, IvPublication *publication);

/* Publications were lost before they came here: leaves a gap in every topic's numbers, so that
 * clients ask for a snapshot. */
void iv_hub_lose(IvHub *hub);

/* From now on the client gets the topic, beginning with a snapshot: at once for lossless
 * topics that have something to show, else with the next message. Joining again sends a snapshot
 * again. FALSE when the client has too many topics. `now` is the snapshot's ts when nothing was
 * published yet. */
gboolean iv_hub_join(IvHub *hub, IvHubClient *client, const char *topic, IvTime now);
void iv_hub_leave(IvHub *hub, IvHubClient *client, const char *topic);

/* Any thread. */
gboolean iv_hub_is_wanted(IvHub *hub, const char *topic);

typedef struct {
  guint clients_subscribed; /* subscriptions, over all clients and topics */
  guint64 published, queued, replaced, overruns;
} IvHubStats;
/* Network's thread; counts since creation. */
void iv_hub_stats(const IvHub *hub, IvHubStats *ret_stats);
