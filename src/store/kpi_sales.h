/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/basket.h"
#include "kpi/sales.h"
#include "model/receipt.h"
#include "store/kpis.h"

/* Sales by time, from kpi_5min_sales and kpi_5min_category. Definitions: kpi/figure.h. */

typedef struct {
  IvPeriod period;
  IvSalesFigures figures; /* NAN = n/a */
  double coverage;        /* of footfall, for what is divided by it; NAN as in IvTraffic */
  gboolean provisional;
} IvSalesPeriod;

typedef struct {
  char terminal[IV_TERMINAL_ID_MAX + 1];
  char name[IV_NAME_MAX + 1];
  IvSlug lane; /* none = not mapped */
  IvSalesSums sums;
} IvTerminalSales;

typedef struct {
  IvSlug lane; /* none = terminals that are not mapped, last */
  IvSalesSums sums;
} IvLaneSales;

typedef struct {
  char *category; /* owned; "" = products without one, or not known */
  gint64 items, revenue, refunded;
} IvCategorySales;

typedef struct {
  IvPeriod range; /* as served */
  char time_zone[64];
  char currency[4]; /* "" = not known yet */
  IvSalesPeriod total;
  GArray *periods;    /* of IvSalesPeriod, in order of time */
  GArray *terminals;  /* of IvTerminalSales, by terminal and lane: those with receipts */
  GArray *lanes;      /* of IvLaneSales, by lane */
  GArray *categories; /* of IvCategorySales, most revenue first */
  gint64 unmapped;    /* receipts of terminals without a lane */
} IvSalesAnswer;

/* A period is known to the points of sale from the store's day of the first receipt to its day of
 * the last one; outside of that every figure is NAN. */
gboolean iv_kpis_sales(IvStore *store, const IvKpiQuery *query, IvSalesAnswer *ret_answer,
                       GError **error);
void iv_sales_answer_clear(IvSalesAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvSalesAnswer, iv_sales_answer_clear)

/* ---- baskets ---- */

#define IV_BASKETS_MAX 200000 /* receipts that one answer looks at: the newest */
#define IV_BASKET_LINES_MAX 4000000
#define IV_BASKET_RULES_MAX 500
#define IV_BASKET_HINT_MAX 20 /* SKUs of a basket that a hint is asked for */

typedef struct {
  IvKpiQuery range;          /* step is not used */
  double min_support;        /* 0 < share of baskets <= 1; at least 2 baskets in any case */
  guint limit;               /* rules, 1..IV_BASKET_RULES_MAX */
  const char *const *basket; /* SKUs to find a hint for, NULL-terminated; NULL = none */
} IvBasketQuery;

/* Index into the answer's products. */
typedef struct {
  char *sku, *name; /* owned; name: "" = not known */
} IvBasketProduct;

typedef struct {
  IvPeriod range;
  char time_zone[64];
  char currency[4];
  gboolean known;                         /* FALSE: no point of sale told of the range */
  gboolean provisional, cut;              /* cut: there were more receipts than are looked at */
  guint n_baskets;                        /* sales that tell their lines */
  double items_per_basket, average_value; /* NAN = n/a; minor units */
  GArray *products;                       /* of IvBasketProduct: those that the rules name */
  GArray *rules;                          /* of IvBasketRule (kpi/basket.h), by lift */
  guint n_rules;                          /* before the limit */
  IvBasketRule hint; /* what goes best with the basket asked for, and why; n_if 0 = nothing */
} IvBasketAnswer;

/* IV_STORE_ERROR_LIMIT when there are too many sets: ask for a larger support. */
gboolean iv_kpis_baskets(IvStore *store, const IvBasketQuery *query, IvBasketAnswer *ret_answer,
                         GError **error);
void iv_basket_answer_clear(IvBasketAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvBasketAnswer, iv_basket_answer_clear)

/* ---- for both, inside this room ---- */

/* The store's currency, and from when to when its points of sale told; from == to: never. */
gboolean iv_sales_known(IvSql *sql, gint64 store_no, GTimeZone *zone, char *ret_currency,
                        IvPeriod *ret_known, GError **error);
