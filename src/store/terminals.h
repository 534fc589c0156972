/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "config/config.h"
#include "model/receipt.h"
#include "store/store.h"

/* Points of sale and the lane each stands at. */

typedef struct {
  char id[IV_TERMINAL_ID_MAX + 1];
  char name[IV_NAME_MAX + 1];
  IvSlug lane;         /* none = not mapped: its receipts count, but for no lane */
  IvTime last_receipt; /* IV_TIME_NONE = none yet */
} IvTerminal;

/* By id (GArray of IvTerminal). IV_STORE_ERROR_NOT_FOUND for the store. */
GArray *iv_terminals_list(IvStore *store, const char *store_id, IvTime deadline, GError **error);

/* Sets name and lane of those named, adds those that are new, leaves the others as they are; inside
 * a job of the writer. A terminal that had no lane takes its earlier receipts along; one that moves
 * to another lane leaves them where they were. IV_STORE_ERROR_LIMIT with too many. */
gboolean iv_terminals_put_in(IvSql *sql, const char *store_id, const IvTerminal *terminals, guint n,
                             GError **error);

/* Number of the terminal, which is added when new. 0 with TRUE: there are too many. `ret_lane` is
 * its lane. Inside a job of the writer. */
gboolean iv_terminal_find_in(IvSql *sql, gint64 store_no, const char *id, gint64 *ret_no,
                             IvSlug *ret_lane, GError **error);

/* Takes over what the configuration says of currency and terminals, by the rule of import.c; inside
 * a job of the writer. `notes` gets a line (char *) for each. */
gboolean iv_terminals_import(IvSql *sql, gint64 store_no, const IvSalesConfig *sales,
                             GPtrArray *notes, GError **error);
