/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "sql/sql.h"

/* The file outbox.db: events in the order they came, each with a number that is never used again.
 * Two connections, one for the thread that writes, one for the thread that reads. Inside this room.
 */

/* Opens or makes it for writing; `max_bytes` bounds the file. */
IvSql *iv_spool_open(const char *path, guint64 max_bytes, GError **error);

/* How many are in it, and the number of the last (0 = none ever). */
gboolean iv_spool_count(IvSql *sql, guint64 *ret_rows, gint64 *ret_last, GError **error);

typedef struct {
  gint64 seq;
  char reason[120];
} IvSpoolRefusal;

/* One transaction: moves refused events aside, deletes what has numbers up to `answered`, appends
 * `n` events. Deletes come first, so that a full spool can take new ones. `ret_last` is the number
 * of the last event, `ret_deleted` how many rows went. */
typedef struct {
  IvEvent *const *events;
  guint n;
  gint64 answered;
  const GArray *refusals; /* of IvSpoolRefusal */
  guint refused_max;      /* kept aside; older ones go */
} IvSpoolWrite;
gboolean iv_spool_write(IvSql *sql, const IvSpoolWrite *write, gint64 *ret_last, guint *ret_deleted,
                        GError **error);

/* The next events after number `after`: at most `max`, all of one store. Rows that can't be read as
 * events are given as refusals. `ret_last` is the number of the last row looked at. */
gboolean iv_spool_read(IvSql *sql, gint64 after, guint max, GArray *ret_events, GArray *ret_seqs,
                       GArray *ret_refusals, gint64 *ret_last, GError **error);
