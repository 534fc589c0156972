/* SPDX-License-Identifier: Apache-2.0 */
#include "store/events.h"

#include <stdlib.h>
#include <string.h>

#include "store/event_row.h"
#include "store/lookup.h"

/* Where a page ends: rows before (ts, id) come next. */
typedef struct {
  IvTime ts;
  guint8 id[16];
} Mark;

#define MARK_BYTES 24

static char *mark_to_text(const IvEvent *last) {
  guint8 bytes[MARK_BYTES];
  guint64 ts = GUINT64_TO_BE((guint64)last->ts);
  memcpy(bytes, &ts, sizeof ts);
  memcpy(bytes + sizeof ts, last->id.bytes, sizeof last->id.bytes);
  char *text = g_base64_encode(bytes, sizeof bytes); /* 24 bytes: no padding */
  return g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
}

static gboolean mark_from_text(const char *text, Mark *ret_mark, GError **error) {
  gsize n = 0;
  guint64 ts;
  if (strlen(text) <= IV_EVENTS_CURSOR_MAX) {
    g_autofree char *plain = g_strdelimit(g_strdelimit(g_strdup(text), "-", '+'), "_", '/');
    g_autofree guchar *bytes = g_base64_decode(plain, &n);
    if (n == MARK_BYTES && strlen(text) == MARK_BYTES / 3 * 4) {
      memcpy(&ts, bytes, sizeof ts);
      memcpy(ret_mark->id, bytes + sizeof ts, sizeof ret_mark->id);
      ret_mark->ts = (IvTime)GUINT64_FROM_BE(ts);
      return TRUE;
    }
  }
  g_set_error_literal(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID,
                      "the cursor is not one of this list; start again without it");
  return FALSE;
}

/* Numbers of the kinds asked for (GArray of gint64); all but samples when none are named. */
static GArray *find_kinds(IvSql *sql, const char *const *names, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) kinds = g_array_new(FALSE, FALSE, sizeof(gint64));
  gboolean all = !names || !names[0];
  IvStatement *st = iv_sql_statement(sql, "SELECT kind_no, name FROM event_kinds");
  while (iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    const char *name = iv_column_text(st, 1);
    IvEventKind kind = iv_event_kind_from_name(name);
    gboolean sample = kind < IV_EVENT_KINDS && iv_event_kind_info(kind)->sample;
    if (all ? !sample : g_strv_contains(names, name))
      g_array_append_val(kinds, no);
  }
  if (!wrong)
    return g_steal_pointer(&kinds);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

typedef struct {
  const IvEventQuery *query;
  gint64 store_no, camera_no; /* camera_no 0 = all */
  IvTime from;
  Mark before;
  GArray *events; /* of IvEvent */
} Page;

/* The newest of one kind, as many as the page and one more can need. */
static gboolean read_kind(IvSql *sql, Page *page, gint64 kind_no, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(sql, IV_EVENT_ROW_SELECT
                                     "WHERE e.store_no = $1 AND e.kind_no = $2 AND e.ts >= $3 "
                                     "AND (e.ts, e.id) < ($4, $5) AND ($6 = 0 OR e.camera_no = $6) "
                                     "ORDER BY e.ts DESC, e.id DESC LIMIT $7");
  iv_bind_int(st, page->store_no);
  iv_bind_int(st, kind_no);
  iv_bind_time(st, page->from);
  iv_bind_time(st, page->before.ts);
  iv_bind_blob(st, page->before.id, sizeof page->before.id);
  iv_bind_int(st, page->camera_no);
  iv_bind_int(st, page->query->limit + 1);
  while (iv_step_row(st, &wrong)) {
    IvEvent event;
    iv_event_row_read(st, page->query->store_id, &event, NULL);
    g_array_append_val(page->events, event);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static int newest_first(const void *a, const void *b) {
  const IvEvent *x = a, *y = b;
  if (x->ts != y->ts)
    return x->ts > y->ts ? -1 : 1;
  return memcmp(y->id.bytes, x->id.bytes, sizeof x->id.bytes);
}

/* Cuts to the page; the cursor of the next one when there is more. */
static char *cut_page(GArray *events, guint limit) {
  if (events->len > 0)
    qsort(events->data, events->len, sizeof(IvEvent), newest_first);
  if (events->len <= limit)
    return NULL;
  g_array_set_size(events, limit);
  return mark_to_text(&g_array_index(events, IvEvent, limit - 1));
}

/* FALSE without error: there is nothing of the kind. */
static gboolean find_camera(IvSql *sql, const IvEventQuery *query, Page *page, GError **error) {
  g_autoptr(GError) wrong = NULL;
  if (!query->camera_id ||
      iv_lookup_camera(sql, page->store_no, query->camera_id, &page->camera_no, &wrong))
    return TRUE;
  if (!g_error_matches(wrong, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND))
    g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean fill_page(IvSql *sql, Page *page, GError **error) {
  g_autoptr(GError) wrong = NULL;
  gboolean there = find_camera(sql, page->query, page, &wrong);
  g_autoptr(GArray) kinds = there ? find_kinds(sql, page->query->kinds, &wrong) : NULL;
  for (guint i = 0; kinds && !wrong && i < kinds->len; i++)
    read_kind(sql, page, g_array_index(kinds, gint64, i), &wrong);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

GArray *iv_events_query(IvStore *store, const IvEventQuery *query, IvTime deadline,
                        char **ret_next_cursor, GError **error) {
  IvStoreKey key;
  Page page = {.query = query, .from = query->from == IV_TIME_NONE ? G_MININT64 + 1 : query->from};
  page.before.ts = query->to == IV_TIME_NONE ? G_MAXINT64 : query->to; /* id 0: excluded */
  if (query->limit < 1 || query->limit > IV_EVENTS_LIMIT_MAX) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "limit must be from 1 to %d",
                IV_EVENTS_LIMIT_MAX);
    return NULL;
  }
  if (query->cursor && !mark_from_text(query->cursor, &page.before, error))
    return NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, query->store_id, &key, error))
    return NULL;
  page.store_no = key.no;
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  page.events = events;
  if (!fill_page(read.sql, &page, error))
    return NULL;
  *ret_next_cursor = cut_page(events, query->limit);
  return g_steal_pointer(&events);
}
