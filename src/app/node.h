/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"

/* Edge and server in one process, wired: cameras → pool → analyst → outbox → receiver → store →
 * API. What `inveye run` starts. */
typedef struct IvNode IvNode;

typedef struct {
  const IvConfig *config; /* outlives the node */
  const char *web_dir;    /* built dashboard; NULL = config's, or none */
  gboolean demo;
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

/* Stops cameras first, then lets everything measured reach the store, then closes. */
void iv_node_free(IvNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvNode, iv_node_free)
