/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/sim_store.h"
#include "config/config.h"
#include "media/ingest.h"
#include "model/event.h"
#include "vision/pool.h"

/* Edge and server in one process, wired: cameras → pool → analyst → outbox → receiver → store →
 * API. What `inveye run` starts. */
typedef struct IvNode IvNode;

/* For those who measure: told on the node's own threads, before anybody else learns of it. */
typedef struct {
  void (*on_state)(guint camera, IvIngestState state, gpointer user_data);
  /* `arrived`: monotonic arrival of the picture on which the rules fired; 0 where there is none. */
  void (*on_events)(const IvEvent *events, guint n, IvTime arrived, gpointer user_data);
  gpointer user_data;
} IvNodeWatch;

typedef struct {
  const IvConfig *config; /* outlives the node */
  const char *web_dir;    /* built dashboard; NULL = config's, or none */
  gboolean demo;
  const IvSimStore *sim;    /* acted out instead of cameras that are read; outlives the node; NULL =
                               cameras. `config` is then that of iv_sim_store_configure */
  const IvNodeWatch *watch; /* outlives the node; NULL = nobody measures */
} IvNodeOptions;

typedef struct {
  guint16 port;
  char *
      first_password; /* of user `admin`, made at this start; NULL = users existed. Print it once */
  char **notes;       /* what start-up took over from the configuration, and what differs */
} IvNodeStarted;

/* Opens everything and starts the cameras; returns when the address can be opened. On failure
 * everything is closed again and the error says what to do. `ret_started` is filled on success
 * (iv_node_started_clear). */
IvNode *iv_node_start(const IvNodeOptions *options, IvNodeStarted *ret_started, GError **error);
void iv_node_started_clear(IvNodeStarted *started);

/* What became of the pictures of all cameras since the start. Any thread. */
IvInferenceCounts iv_node_counts(IvNode *node);

/* Stops cameras first, then lets everything measured reach the store, then closes. */
void iv_node_free(IvNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvNode, iv_node_free)
