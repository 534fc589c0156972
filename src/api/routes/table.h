/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/routes/call.h"

/* The routes, one table (table.c); a test holds it against docs/api/openapi.yaml. */
extern const IvRoute iv_routes[];
extern const guint iv_n_routes;

/* Longest path template, in parts. */
#define IV_ROUTE_PARTS_MAX 8

/* TRUE with `ret_match` (caller clears). FALSE with `ret_problem` when the path is the API's but
 * nothing answers there; FALSE without one when the path isn't the API's. Any thread. */
gboolean iv_route_find(const IvRequest *request, IvRouteMatch *ret_match, IvResponse **ret_problem);
