/* SPDX-License-Identifier: Apache-2.0 */
#include "store/event_replay.h"

#include <stdlib.h>
#include <string.h>

#include "store/event_row.h"
#include "store/lookup.h"

#define READ_LIMIT IV_TIME_NONE /* a start may take what it takes */

static IvTime known_at(const IvEvent *event) {
  return event->end_ts == IV_TIME_NONE ? event->ts : event->end_ts;
}

static int by_known(const void *a, const void *b) {
  const IvEvent *x = a, *y = b;
  if (known_at(x) != known_at(y))
    return known_at(x) < known_at(y) ? -1 : 1;
  return memcmp(x->id.bytes, y->id.bytes, sizeof x->id.bytes);
}

static gboolean read_kind(IvSql *sql, gint64 store_no, const char *store_id, IvEventKind kind,
                          IvTime from, IvTime to, GArray *events, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      sql, IV_EVENT_ROW_SELECT
      "WHERE e.store_no = $1 AND e.kind_no = (SELECT kind_no FROM event_kinds WHERE name = $2) "
      "AND e.ts >= $3 AND e.ts < $4");
  iv_bind_int(st, store_no);
  iv_bind_text(st, iv_event_kind_info(kind)->name);
  iv_bind_time(st, from);
  iv_bind_time(st, to);
  while (iv_step_row(st, &wrong)) {
    IvEvent event;
    iv_event_row_read(st, store_id, &event, NULL);
    g_array_append_val(events, event);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

gboolean iv_event_replay(IvStore *store, const char *store_id, const IvEventKind *kinds,
                         guint n_kinds, IvTime from, IvTime to, IvEventSeen seen,
                         gpointer user_data, GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, READ_LIMIT, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  for (IvTime day = from; day < to; day += IV_DAY) {
    g_array_set_size(events, 0);
    for (guint i = 0; i < n_kinds; i++)
      if (!read_kind(read.sql, key.no, store_id, kinds[i], day, MIN(day + IV_DAY, to), events,
                     error))
        return FALSE;
    if (events->len > 0)
      qsort(events->data, events->len, sizeof(IvEvent), by_known);
    for (guint i = 0; i < events->len; i++)
      seen(&g_array_index(events, IvEvent, i), user_data);
  }
  return TRUE;
}
