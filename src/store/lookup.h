/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "store/store.h"

/* From slugs to the numbers inside; for the files of this room. Any connection. */

typedef struct {
  gint64 no;
  char time_zone[64];
  IvTime events_from, samples_from; /* the ledger's floor: what is older was deleted */
  IvTime buckets_from;
  IvTime sales_from;              /* the same of receipts */
  IvTime hours_until, days_until; /* rollups are there up to, store/rollup.h */
} IvStoreKey;

/* IV_STORE_ERROR_NOT_FOUND when there is none. */
gboolean iv_lookup_store(IvSql *sql, const char *store_id, IvStoreKey *ret_key, GError **error);
gboolean iv_lookup_store_no(IvSql *sql, gint64 store_no, IvStoreKey *ret_key, GError **error);
gboolean iv_lookup_camera(IvSql *sql, gint64 store_no, const char *camera_id, gint64 *ret_no,
                          GError **error);

/* Runs a question for one whole number; `fallback` when there is no row. */
gboolean iv_lookup_int(IvStatement *st, gint64 fallback, gint64 *ret_value, GError **error);
