/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"

/* The kinds of events in snapshots.kinds: "camera.state, zone.over_capacity.started". */

#define IV_SNAPSHOT_KINDS_NONE "none"
#define IV_SNAPSHOT_KINDS_DEFAULT                                                                  \
  "camera.state, camera.view, zone.over_capacity.started, queue.long.started"

/* One bit a kind, 0 for "none" or NULL. FALSE with the word that is no kind, or one of samples, in
 * `ret_fault` (the caller frees). */
gboolean iv_snapshot_kinds_read(const char *text, guint64 *ret_kinds, char **ret_fault);
