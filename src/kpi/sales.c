/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/sales.h"

#include <math.h>

static const IvSubjectInfo info = {
    "kpi_5min_sales",
    IV_SALES_MEASURES,
    {
        [IV_SALES_TRANSACTIONS] = {"transactions", FALSE,
                                   "sales; refunds, voids and no-sales are no transactions"},
        [IV_SALES_ITEMISED] = {"itemised", FALSE, "of those: with a known number of items"},
        [IV_SALES_ITEMS] = {"items", FALSE, "pieces in them; a weighed line is one"},
        [IV_SALES_REVENUE] = {"revenue_minor", FALSE, "of sales, before refunds, in minor units"},
        [IV_SALES_REFUNDS] = {"refunds", FALSE, "refunds"},
        [IV_SALES_REFUNDED] = {"refunds_minor", FALSE, "given back, in minor units"},
        [IV_SALES_VOIDS] = {"voids", FALSE, "receipts that were cancelled"},
        [IV_SALES_NO_SALES] = {"no_sales", FALSE, "drawer opened without a sale"},
        [IV_SALES_LINKED] = {"linked", FALSE, "of the transactions: service at the lane known"},
    }};

const IvSubjectInfo *iv_sales_info(void) {
  return &info;
}

static void add_sale(IvSalesSums *sums, const IvPosReceipt *receipt) {
  sums->amounts[IV_SALES_TRANSACTIONS] = 1;
  sums->amounts[IV_SALES_REVENUE] = receipt->amount;
  if (receipt->units < 0)
    return;
  sums->amounts[IV_SALES_ITEMISED] = 1;
  sums->amounts[IV_SALES_ITEMS] = receipt->units;
}

IvSalesSums iv_sales_of(const IvPosReceipt *receipt) {
  IvSalesSums sums = {0};
  switch (receipt->kind) {
  case IV_POS_RECEIPT_SALE:
    add_sale(&sums, receipt);
    break;
  case IV_POS_RECEIPT_REFUND:
    sums.amounts[IV_SALES_REFUNDS] = 1;
    sums.amounts[IV_SALES_REFUNDED] = receipt->amount;
    break;
  case IV_POS_RECEIPT_VOID:
    sums.amounts[IV_SALES_VOIDS] = 1;
    break;
  case IV_POS_RECEIPT_NO_SALE:
    sums.amounts[IV_SALES_NO_SALES] = 1;
    break;
  case IV_POS_RECEIPT_KINDS:
    break;
  }
  return sums;
}

void iv_sales_add(IvSalesSums *sums, const IvSalesSums *more) {
  for (int i = 0; i < IV_SALES_MEASURES; i++)
    sums->amounts[i] += more->amounts[i];
  sums->mapped += more->mapped;
}

static double share(double part, double whole) {
  return whole > 0 ? part / whole : (double)NAN;
}

IvSalesFigures iv_sales_figures(const IvSalesSums *sums, gboolean known, double footfall,
                                double groups) {
  double figures[IV_SALES_MEASURES];
  for (int i = 0; i < IV_SALES_MEASURES; i++)
    figures[i] = known ? (double)sums->amounts[i] : (double)NAN;
  double transactions = figures[IV_SALES_TRANSACTIONS];
  double revenue = figures[IV_SALES_REVENUE] - figures[IV_SALES_REFUNDED];
  return (IvSalesFigures){
      .transactions = transactions,
      .revenue = revenue,
      .average_value = share(revenue, transactions),
      .units_per_transaction = share(figures[IV_SALES_ITEMS], figures[IV_SALES_ITEMISED]),
      .refunds = figures[IV_SALES_REFUNDS],
      .refunded = figures[IV_SALES_REFUNDED],
      .voids = figures[IV_SALES_VOIDS],
      .no_sales = figures[IV_SALES_NO_SALES],
      .conversion_rate = share(transactions, footfall),
      .sales_per_visitor = share(revenue, footfall),
      .group_conversion = share(transactions, groups),
      .link_rate = sums->mapped > 0 ? share(figures[IV_SALES_LINKED], transactions) : (double)NAN,
  };
}
