/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/link.h"
#include "model/receipt.h"
#include "store/event_row.h"
#include "store/journeys.h"
#include "store/rollup.h"

/* Linked transactions in the database (definition: kpi/link.h). A batch of events or receipts notes
 * where services or receipts came; at its end, in the same transaction, exactly the pairs that
 * these can change are found again. Late and replayed input therefore ends in the same links
 * whatever order it came in. Inside this room, inside jobs of the writer; one thread. */

#define IV_LINK_SERVICE_MAX (4 * IV_HOUR) /* longer is nobody's payment: never linked */
#define IV_LINK_REACH_MAX (2 * IV_DAY)    /* how far one new row can move the links of others */

typedef struct {
  IvSql *sql;
  gint64 store_no;
  IvRollups *rollups;   /* borrowed */
  IvJourneys *journeys; /* borrowed; told whose purchases change; NULL = nobody */
  GArray *dirty;        /* of spans; see links.c */
} IvLinking;

/* `rollups` are told of the rows that change, `journeys` of the visitors; whoever has them finishes
 * them. */
void iv_linking_init(IvLinking *linking, IvSql *sql, gint64 store_no, IvRollups *rollups,
                     IvJourneys *journeys);
void iv_linking_clear(IvLinking *linking);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvLinking, iv_linking_clear)

/* A queue.service event that was inserted; other kinds and events without a lane do nothing. */
gboolean iv_linking_service(IvLinking *linking, const IvEvent *event, const IvEventNos *nos,
                            GError **error);

/* A receipt that was stored, or became known to belong to `lane`; "" = none, does nothing. */
gboolean iv_linking_receipt(IvLinking *linking, const IvPosReceipt *receipt, const char *lane,
                            GError **error);

/* Receipts of `lane` from `from` to `to` (both included) are to be looked at again. */
gboolean iv_linking_span(IvLinking *linking, const char *lane, IvTime from, IvTime to,
                         GError **error);

/* Finds the links of all that was noted, and of what the database holds as noted. */
gboolean iv_linking_finish(IvLinking *linking, GError **error);

/* Adds the links of [from, to), by the receipts' time, to rows of sales that were just counted from
 * nothing. For the recount. */
gboolean iv_links_count_sales(IvSql *sql, gint64 store_no, IvTime from, IvTime to, GError **error);
