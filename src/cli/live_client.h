/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>
#include <jansson.h>

#include "base/timestamp.h"

/* One listener on a running server's WebSocket: logs in, subscribes, and hands on what comes. For
 * the benches, which measure what a client sees; plain HTTP on this machine only. */
typedef struct IvLiveClient IvLiveClient;

/* On the client's thread, in order of arrival. `message` is the envelope (docs/api/openapi.yaml,
 * LiveUpdate), borrowed; `received` is monotonic, taken when its last byte had come. */
typedef void (*IvLiveHeard)(const json_t *message, IvTime received, gpointer user_data);

typedef struct {
  guint16 port;
  const char *user, *password;
  const char *const *topics; /* NULL-terminated */
  IvLiveHeard heard;
  gpointer user_data;
} IvLiveClientOptions;

/* Returns once the subscription is sent. NULL with an error of GIO, or one that says what the
 * server answered. Texts are copied. */
IvLiveClient *iv_live_client_new(const IvLiveClientOptions *options, GError **error);

/* FALSE once the server has closed, or spoken what is no WebSocket. Any thread. */
gboolean iv_live_client_is_open(IvLiveClient *client);

/* Closes and joins the thread. */
void iv_live_client_free(IvLiveClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvLiveClient, iv_live_client_free)
