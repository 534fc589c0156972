/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

#include "base/timestamp.h"

/* One who watches live, as a browser does but for the picture: what comes is counted and not
 * decoded. For benches and tests; how offer and answer travel is the caller's affair. */
typedef struct IvWhepClient IvWhepClient;

/* Makes an offer (SDP with all its candidates, the caller frees). NULL when GStreamer can't, or not
 * within 10 s. */
IvWhepClient *iv_whep_client_new(char **ret_offer, GError **error);

/* Takes the answer and connects; returns at once. FALSE when it is no answer. */
gboolean iv_whep_client_answer(IvWhepClient *client, const char *answer, GError **error);

typedef struct {
  guint64 units;      /* access units whose last packet came */
  guint64 packets;    /* of RTP */
  guint64 bytes;      /* of them, headers included */
  IvTime first;       /* when the first unit was complete (monotonic); 0 = not yet */
  IvTime last;        /* likewise the last one */
  guint32 rtp_time;   /* of the last unit */
  gboolean connected; /* a way was found and keys were agreed on */
} IvWhepClientStats;

/* Any thread. */
void iv_whep_client_stats(IvWhepClient *client, IvWhepClientStats *ret_stats);

void iv_whep_client_free(IvWhepClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvWhepClient, iv_whep_client_free)
