/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/sales.h"

#include <math.h>

#include "kpi/link.h"

/* ---- sums ---- */

static IvSalesSums sums_of(IvPosReceiptKind kind, gint64 amount, gint64 units) {
  IvPosReceipt receipt = {.kind = kind, .amount = amount, .units = units};
  return iv_sales_of(&receipt);
}

static void test_sums(void) {
  const IvSalesSums all[] = {
      sums_of(IV_POS_RECEIPT_SALE, 1000, 3),  sums_of(IV_POS_RECEIPT_SALE, 501, -1),
      sums_of(IV_POS_RECEIPT_REFUND, 300, 1), sums_of(IV_POS_RECEIPT_VOID, 700, 2),
      sums_of(IV_POS_RECEIPT_NO_SALE, 0, -1),
  };
  IvSalesSums sums = {0};
  for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
    iv_sales_add(&sums, &all[i]);
  IvSalesFigures figures = iv_sales_figures(&sums, TRUE, 8, 4);
  g_assert_cmpfloat(figures.transactions, ==, 2);
  g_assert_cmpfloat(figures.revenue, ==, 1201);
  g_assert_cmpfloat(figures.average_value, ==, 600.5);
  g_assert_cmpfloat(figures.units_per_transaction, ==, 3); /* of those that tell */
  g_assert_cmpfloat(figures.refunds, ==, 1);
  g_assert_cmpfloat(figures.refunded, ==, 300);
  g_assert_cmpfloat(figures.voids, ==, 1);
  g_assert_cmpfloat(figures.no_sales, ==, 1);
  g_assert_cmpfloat(figures.conversion_rate, ==, 0.25);
  g_assert_cmpfloat(figures.group_conversion, ==, 0.5);
  g_assert_cmpfloat(figures.sales_per_visitor, ==, 1201.0 / 8);
}

static void test_not_known(void) {
  IvSalesSums none = {0};
  IvSalesFigures unknown = iv_sales_figures(&none, FALSE, 8, 4);
  g_assert_true(isnan(unknown.revenue) && isnan(unknown.transactions) && isnan(unknown.voids));
  g_assert_true(isnan(unknown.conversion_rate));
  IvSalesFigures nothing = iv_sales_figures(&none, TRUE, 8, 4);
  g_assert_cmpfloat(nothing.revenue, ==, 0);
  g_assert_cmpfloat(nothing.conversion_rate, ==, 0);
  g_assert_true(isnan(nothing.average_value));
  g_assert_true(isnan(iv_sales_figures(&none, TRUE, 0, 0).conversion_rate));
  g_assert_true(isnan(iv_sales_figures(&none, TRUE, (double)NAN, (double)NAN).conversion_rate));
}

/* ---- links ---- */

#define S(seconds) ((IvTime)(seconds)*IV_SECOND)

static void test_link(void) {
  static const struct {
    const char *what;
    IvServiceInterval services[3];
    IvPosReceiptMark receipts[3];
    guint n_services, n_receipts;
    gint expected[3];
  } cases[] = {
      {"inside", {{1, S(100), S(160)}}, {{1, S(150)}}, 1, 1, {0}},
      {"20 s after", {{1, S(100), S(160)}}, {{1, S(180)}}, 1, 1, {0}},
      {"more than 20 s after", {{1, S(100), S(160)}}, {{1, S(181)}}, 1, 1, {-1}},
      {"20 s before", {{1, S(100), S(160)}}, {{1, S(80)}}, 1, 1, {0}},
      {"another lane", {{2, S(100), S(160)}}, {{1, S(150)}}, 1, 1, {-1}},
      {"not mapped", {{-1, S(100), S(160)}}, {{-1, S(150)}}, 1, 1, {-1}},
      {"greatest overlap", /* of 98 ± 20 with the first 22 s, with the second 15 s */
       {{1, S(0), S(100)}, {1, S(103), S(200)}},
       {{1, S(98)}, {1, S(195)}},
       2,
       2,
       {0, 1}},
      {"one to one: the second is left over",
       {{1, S(0), S(100)}},
       {{1, S(50)}, {1, S(99)}},
       1,
       2,
       {0, -1}},
      {"same overlap: nearer to the end",
       {{1, S(0), S(100)}},
       {{1, S(40)}, {1, S(60)}},
       1,
       2,
       {-1, 0}},
      {"a long service before a short one",
       {{1, S(0), S(500)}, {1, S(520), S(530)}, {1, S(535), S(600)}},
       {{1, S(480)}, {1, S(528)}, {1, S(590)}},
       3,
       3,
       {0, 1, 2}},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    gint found[3] = {7, 7, 7};
    guint expected = 0;
    g_test_message("%s", cases[i].what);
    guint n = iv_link_receipts(cases[i].services, cases[i].n_services, cases[i].receipts,
                               cases[i].n_receipts, IV_LINK_SLACK, found);
    for (guint k = 0; k < cases[i].n_receipts; k++) {
      g_assert_cmpint(found[k], ==, cases[i].expected[k]);
      expected += cases[i].expected[k] >= 0;
    }
    g_assert_cmpuint(n, ==, expected);
  }
}

/* The order in which they come changes nothing. */
static void test_link_order(void) {
  enum { N = 60 };
  IvServiceInterval services[N];
  IvPosReceiptMark receipts[N];
  gint found[N], again[N];
  g_autoptr(GRand) dice = g_rand_new_with_seed(3);
  for (int i = 0; i < N; i++) {
    IvTime from = S(g_rand_int_range(dice, 0, 2000));
    services[i] = (IvServiceInterval){i % 3, from, from + S(g_rand_int_range(dice, 5, 90)) + i};
    receipts[i] =
        (IvPosReceiptMark){g_rand_int_range(dice, 0, 3), S(g_rand_int_range(dice, 0, 2000)) + i};
  }
  guint n = iv_link_receipts(services, N, receipts, N, IV_LINK_SLACK, found);
  g_assert_cmpuint(n, >, N / 3);
  IvServiceInterval turned[N];
  for (int i = 0; i < N; i++)
    turned[i] = services[N - 1 - i];
  g_assert_cmpuint(iv_link_receipts(turned, N, receipts, N, IV_LINK_SLACK, again), ==, n);
  for (int i = 0; i < N; i++)
    g_assert_cmpint(found[i], ==, again[i] < 0 ? -1 : N - 1 - again[i]);
  g_assert_cmpuint(iv_link_receipts(NULL, 0, receipts, N, IV_LINK_SLACK, found), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sales/sums", test_sums);
  g_test_add_func("/sales/not-known", test_not_known);
  g_test_add_func("/sales/link", test_link);
  g_test_add_func("/sales/link-order", test_link_order);
  return g_test_run();
}
