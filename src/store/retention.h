/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "store/store.h"

/* Deletes what is older than the configuration keeps, in writer jobs of at most 1000 rows so that
 * nobody waits long. Before anything is deleted the ledger's floor is raised: an event that comes
 * again after its row was deleted must not be counted twice. The audit log is its owner's affair.
 * Blocks until done or `stop` is set (may be NULL). Any thread but the writer. */
#define IV_RETENTION_ROWS 1000

typedef struct {
  guint64 events, buckets, receipts, paths; /* rows deleted */
} IvRetentionResult;

gboolean iv_retention_run(IvStore *store, const IvRetentionConfig *keep, IvTime now,
                          const gint *stop, IvRetentionResult *ret_result, GError **error);
