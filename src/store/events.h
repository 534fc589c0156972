/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "store/store.h"

/* Reading the ledger. */
#define IV_EVENTS_LIMIT_MAX 500
#define IV_EVENTS_KINDS_MAX 20
#define IV_EVENTS_CURSOR_MAX 64 /* bytes */

typedef struct {
  const char *store_id;
  const char *const *kinds; /* NULL-terminated names; NULL or empty = all but samples */
  const char *camera_id;    /* NULL = all */
  IvTime from, to;          /* IV_TIME_NONE = open; `to` excluded */
  guint limit;              /* 1..IV_EVENTS_LIMIT_MAX */
  const char *cursor;       /* of the page before; NULL = from the newest on */
} IvEventQuery;

/* Newest first, by (ts, id). `ret_next_cursor` (caller frees) is NULL on the last page. GArray of
 * IvEvent. A kind or camera that doesn't exist gives an empty page; IV_STORE_ERROR_NOT_FOUND for
 * the store, IV_STORE_ERROR_INVALID for a cursor that isn't one. Reads at most what the page needs
 * when no camera is asked for; with one it may pass over other cameras' rows. */
GArray *iv_events_query(IvStore *store, const IvEventQuery *query, IvTime deadline,
                        char **ret_next_cursor, GError **error);
