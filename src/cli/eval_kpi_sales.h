/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "store/kpis.h"

/* Holds the sales of a store, as they are served, against the truth (kpi_truth.py), and adds rows
 * to `figures`. Of the store and of every day: transactions, revenue (minor units), average_value,
 * units_per_transaction, refunds, refunded, voids, no_sales, conversion_rate. Of the store:
 * revenue_by_hour, baskets, basket_pairs (pairs of products that the truth names and the answer has
 * with the same count), basket_support and basket_lift (greatest error of a pair, as a share; value
 * and truth are those of that pair). `query`: the whole range; its step is not used. */
gboolean iv_eval_kpi_sales(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                           json_t *figures, GError **error);
