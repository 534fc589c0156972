/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/gst.h>

#include "media/ingest.h"

/* One connection to a camera, or one pass over a file: a GStreamer pipeline that ends in encoded
 * access units. Made anew for each attempt. */
typedef struct IvSource IvSource;

typedef enum {
  IV_SOURCE_RUNNING,
  IV_SOURCE_ENDED, /* end of stream: a file is read, or a camera's server stopped */
  IV_SOURCE_FAILED,
} IvSourceStatus;

/* Where to read from; text borrowed for the source's life. */
typedef struct {
  const char *location; /* without secrets, or a path */
  const char *user, *password;
  const char *host; /* NULL for a file */
  guint16 port;
  IvTransport transport;
  IvPace pace;
} IvSourceAddress;

/* Called on a streaming thread for each access unit; `sample` is borrowed. */
typedef void (*IvSourceTake)(GstSample *sample, gpointer user_data);

/* Starts at once. */
IvSource *iv_source_new(const IvSourceAddress *address, IvSourceTake take, gpointer user_data);

/* Stops and waits for the streaming threads (up to some 0.3 s). */
void iv_source_free(IvSource *source);

/* Waits up to `timeout` for news. `ret_reason` (caller frees) is set when ENDED or FAILED. Returns
 * early after iv_source_wake. */
IvSourceStatus iv_source_poll(IvSource *source, IvTime timeout, char **ret_reason);

/* Any thread. */
void iv_source_wake(IvSource *source);

/* RTP packets lost so far on this connection; 0 for files. */
guint64 iv_source_packets_lost(IvSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSource, iv_source_free)
