/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "kpi/calendar.h"
#include "sql/sql.h"

/* The services and receipts of one lane that can change each other's links. Inside this room. */

typedef struct {
  IvUuid id;
  IvTime from, to;
  gint64 receipt; /* that is its now; 0 = none */
  gint64 visitor; /* who was served; 0 = not known */
} IvLinkService;

typedef struct {
  gint64 no, terminal;
  IvTime ts;
} IvLinkReceipt;

typedef struct {
  gint64 lane_no;
  char lane[IV_SLUG_MAX + 1]; /* its id */
  GArray *services;           /* of IvLinkService, by start and id */
  GArray *receipts;           /* of IvLinkReceipt, by time and number: sales only */
} IvLinkScope;

/* Reads the services and receipts whose links depend on what lies in `dirty` (both ends included):
 * all chains of touching ones that it meets. IV_LINK_REACH_MAX (store/links.h) ends the search.
 * Clear it on success only. */
gboolean iv_link_scope_read(IvSql *sql, gint64 store_no, gint64 lane_no, IvPeriod dirty,
                            IvLinkScope *ret_scope, GError **error);
void iv_link_scope_clear(IvLinkScope *scope);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvLinkScope, iv_link_scope_clear)
