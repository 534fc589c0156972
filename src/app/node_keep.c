/* SPDX-License-Identifier: Apache-2.0 */
#include "app/node_private.h"
#include "app/steady_clock.h"
#include "base/clock.h"
#include "store/audit.h"
#include "store/retention.h"

#define KEEP_SPAN (6 * IV_HOUR)    /* between two looks for rows that are too old */
#define LOOK_SPAN (10 * IV_MINUTE) /* between two looks at the clock */

typedef struct {
  IvTime before, now;
  guint deleted;
} Prune;

static gboolean prune(IvSql *sql, gpointer arg, GError **error) {
  Prune *job = arg;
  return iv_audit_prune(sql, job->before, IV_RETENTION_ROWS, job->now, &job->deleted, error);
}

/* In jobs of the writer, so that nobody waits long. */
static gboolean prune_audit(IvNode *node, IvTime keep, IvTime now, GError **error) {
  Prune job = {.before = now - keep, .now = now};
  if (keep == 0)
    return TRUE;
  do
    if (!iv_store_write(node->store, prune, &job, error))
      return FALSE;
  while (job.deleted == IV_RETENTION_ROWS && !g_atomic_int_get(&node->stop_flag));
  return TRUE;
}

static void delete_old(IvNode *node) {
  g_autoptr(GError) error = NULL;
  IvRetentionResult result;
  const IvRetentionConfig *keep = &node->config->retention;
  IvTime now = iv_clock_now();
  if (!iv_retention_run(node->store, keep, now, &node->stop_flag, &result, &error) ||
      !prune_audit(node, keep->audit_log, now, &error))
    g_warning("retention: %s", error->message);
}

/* Rows are deleted by a clock that has proved to be right only. */
static void look(IvNode *node, IvSteadyClock *clock, IvTime *due) {
  IvTime monotonic = iv_clock_monotonic();
  if (!iv_steady_clock_look(clock, iv_clock_now(), monotonic) || monotonic < *due)
    return;
  delete_old(node);
  *due = iv_clock_monotonic() + KEEP_SPAN;
}

gpointer iv_node_keep_loop(gpointer user_data) {
  IvNode *node = user_data;
  IvSteadyClock clock = {0};
  IvTime due = 0;
  g_mutex_lock(&node->mutex);
  while (!node->stopping) {
    g_mutex_unlock(&node->mutex);
    look(node, &clock, &due);
    g_mutex_lock(&node->mutex);
    IvTime until = iv_clock_monotonic() + LOOK_SPAN;
    while (!node->stopping && g_cond_wait_until(&node->changed, &node->mutex, until))
      ;
  }
  g_mutex_unlock(&node->mutex);
  return NULL;
}
