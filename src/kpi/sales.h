/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/bucket.h"
#include "model/receipt.h"

/* What a receipt adds to the 5 minutes it was completed in, and the figures that follow from sums
 * of such. Money is whole minor units, so that any order of adding gives the same. Pure. */

/* Places in IvSalesSums.amounts; the columns of kpi_5min_sales. */
typedef enum {
  IV_SALES_TRANSACTIONS, /* sales; refunds, voids and no-sales are none */
  IV_SALES_ITEMISED,     /* of those: how many told their items */
  IV_SALES_ITEMS,        /* pieces in them */
  IV_SALES_REVENUE,      /* of sales, minor units, before refunds */
  IV_SALES_REFUNDS,
  IV_SALES_REFUNDED, /* minor units */
  IV_SALES_VOIDS,
  IV_SALES_NO_SALES,
  IV_SALES_LINKED, /* transactions whose service at the lane is known; kpi/link.h */
  IV_SALES_MEASURES,
} IvSalesMeasure;

typedef struct {
  gint64 amounts[IV_SALES_MEASURES];
  gint64 mapped; /* transactions of terminals that are mapped to a lane we know; not a column */
} IvSalesSums;

/* Table kpi_5min_sales, its columns in the order above. */
const IvSubjectInfo *iv_sales_info(void);

/* Of one receipt; whether its terminal is mapped and whether it is linked is not known to it. */
IvSalesSums iv_sales_of(const IvPosReceipt *receipt);
void iv_sales_add(IvSalesSums *sums, const IvSalesSums *more);

/* All NAN where `known` is FALSE: no point of sale told of the period. Quotients are NAN where
 * their denominator is 0 or not known (footfall or
 * `groups` that entered NAN). */
typedef struct {
  double transactions, revenue, average_value, units_per_transaction;
  double refunds, refunded, voids, no_sales;
  double conversion_rate, sales_per_visitor, group_conversion;
  double link_rate; /* NAN also where no terminal of the sums is mapped */
} IvSalesFigures;

IvSalesFigures iv_sales_figures(const IvSalesSums *sums, gboolean known, double footfall,
                                double groups);
