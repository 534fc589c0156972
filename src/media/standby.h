/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/ingest.h"
#include "model/stream_hold.h"

/* A stream that is pulled only while somebody holds it, and a while after: a camera's second
 * stream, whose connection the camera may want for others. Reference counted; any thread. */
typedef struct IvStandby IvStandby;

#define IV_STANDBY_LINGER (20 * IV_SECOND) /* who changes between two views keeps it open */

/* As iv_ingest_new, without decoder and `on_frame`; nothing is pulled yet. `linger` 0 =
 * IV_STANDBY_LINGER. */
IvStandby *iv_standby_new(const IvIngestConfig *config, IvTime linger, const IvIngestEvents *events,
                          gpointer user_data, GError **error);
IvStandby *iv_standby_ref(IvStandby *standby);
void iv_standby_unref(IvStandby *standby);

/* Begins to pull, unless it is pulled already. Waits while an earlier pull is being ended (0.5 s).
 * NULL once it is closed. */
IvStreamHold *iv_standby_hold(IvStandby *standby);

/* Ends the pull for whoever still holds it, and waits for that; no callback runs afterwards. */
void iv_standby_close(IvStandby *standby);

/* FALSE (and nothing set) while it is not pulled. */
gboolean iv_standby_stats(IvStandby *standby, IvIngestStats *ret_stats);

/* Whether `ring` is that of the pull now running. */
gboolean iv_standby_is_ring(IvStandby *standby, const IvUnitRing *ring);

/* B-frames were seen in the pull now running. */
gboolean iv_standby_is_reordered(IvStandby *standby);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvStandby, iv_standby_unref)
