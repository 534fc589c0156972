/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "model/receipt.h"
#include "model/scene.h"
#include "store/store.h"

/* Services at the lanes, with the receipt of each where it is known (store/links.h). */

#define IV_SERVICES_LIMIT_MAX 500
#define IV_SERVICES_CURSOR_MAX 64

typedef struct {
  IvUuid id;           /* of the event queue.service */
  IvSlug lane, camera; /* camera: none = not told */
  char lane_name[IV_NAME_MAX + 1];
  IvTime ts, end_ts;
  int linked;        /* 1; 0 = no receipt came, though receipts of the lane do; -1 = can't be known
                        (yet) */
  gint64 receipt_id; /* 0 = none; and what follows is empty */
  char receipt[IV_POS_RECEIPT_NUMBER_MAX + 1], terminal[IV_TERMINAL_ID_MAX + 1];
} IvServiceRow;

typedef struct {
  const char *store_id;
  IvTime from, to;    /* begun since, ended before; IV_TIME_NONE = open */
  const char *lane;   /* NULL = all */
  int linked;         /* 0 or 1 as in the row; -1 = all */
  IvTime now;         /* a receipt of the last 15 min may still come */
  guint limit;        /* 1..IV_SERVICES_LIMIT_MAX */
  const char *cursor; /* of the page before; NULL = from the newest on */
} IvServiceQuery;

/* Newest first (GArray of IvServiceRow); `ret_next_cursor` (caller frees) is NULL on the last page.
 * A lane that doesn't exist gives an empty page. IV_STORE_ERROR_NOT_FOUND for the store, _INVALID
 * for limit or cursor. Any thread. */
GArray *iv_services_query(IvStore *store, const IvServiceQuery *query, IvTime deadline,
                          char **ret_next_cursor, GError **error);
