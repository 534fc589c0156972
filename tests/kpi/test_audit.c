/* SPDX-License-Identifier: Apache-2.0 */
/* Wilson's interval against published values, pairing against trying everything, the rule. */
#include "kpi/audit.h"

#include <math.h>

#define FROM (100 * IV_SECOND)
#define TO (FROM + IV_AUDIT_LENGTH)

static void assert_near(double a, double b, double most) {
  g_assert_cmpfloat(fabs(a - b), <=, most);
}

/* Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3. */
static void test_wilson(void) {
  static const struct {
    gint64 k, n;
    double low, high;
  } published[] = {
      {81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}, {1, 29, .0061, .1718}};
  for (gsize i = 0; i < G_N_ELEMENTS(published); i++) {
    IvAuditShare share = iv_audit_wilson(published[i].k, published[i].n, IV_AUDIT_Z);
    assert_near(share.low, published[i].low, 6e-5);
    assert_near(share.high, published[i].high, 6e-5);
  }
  g_assert_true(isnan(iv_audit_wilson(0, 0, IV_AUDIT_Z).low));
  g_assert_cmpfloat(iv_audit_wilson(7, 7, IV_AUDIT_Z).high, ==, 1);
}

/* ---- pairs ---- */

static guint best_pairs(const IvAuditMark *a, guint n, const IvAuditMark *b, guint m, guint used) {
  if (n == 0)
    return 0;
  guint best = best_pairs(a + 1, n - 1, b, m, used);
  for (guint k = 0; k < m; k++)
    if (!(used & (1u << k)) && a->out == b[k].out && ABS(a->ts - b[k].ts) <= IV_AUDIT_TOLERANCE)
      best = MAX(best, 1 + best_pairs(a + 1, n - 1, b, m, used | (1u << k)));
  return best;
}

static guint make_marks(GRand *dice, IvAuditMark *marks) {
  guint n = (guint)g_rand_int_range(dice, 0, 7);
  IvTime ts = FROM + 10 * IV_SECOND;
  for (guint i = 0; i < n; i++) {
    ts += g_rand_int_range(dice, 0, 4 * IV_SECOND);
    marks[i] = (IvAuditMark){ts, g_rand_boolean(dice)};
  }
  return n;
}

static void test_pairs(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(7);
  for (guint i = 0; i < 2000; i++) {
    IvAuditMark a[8], b[8];
    guint n = make_marks(dice, a), m = make_marks(dice, b);
    IvAuditCounts counts = iv_audit_match(a, n, b, m, FROM, TO);
    g_assert_cmpint(counts.found, ==, best_pairs(a, n, b, m, 0));
    g_assert_cmpint(counts.right, ==, counts.found);
    g_assert_cmpint(counts.manual_in + counts.manual_out, ==, n);
    g_assert_cmpint(iv_audit_net(&counts), ==, (gint64)m - (gint64)n);
  }
}

/* A crossing just before the interval that was marked just in it is no error of either. */
static void test_edges(void) {
  static const IvAuditMark manual[] = {{FROM + IV_SECOND, FALSE}, {TO + IV_SECOND, TRUE}};
  static const IvAuditMark counted[] = {{FROM - IV_SECOND, FALSE}, {TO - IV_SECOND, TRUE}};
  IvAuditCounts counts = iv_audit_match(manual, 2, counted, 2, FROM, TO);
  g_assert_cmpint(counts.manual_in, ==, 1);
  g_assert_cmpint(counts.manual_out, ==, 0);
  g_assert_cmpint(counts.found, ==, 1);
  g_assert_cmpint(counts.counted_out, ==, 1);
  g_assert_cmpint(counts.right, ==, 1);
  static const IvAuditMark other[] = {{FROM + IV_SECOND, TRUE}};
  counts = iv_audit_match(manual, 1, other, 1, FROM, TO); /* the other way is another crossing */
  g_assert_cmpint(counts.found, ==, 0);
  g_assert_cmpint(iv_audit_absolute(&counts), ==, 2);
  g_assert_cmpint(iv_audit_net(&counts), ==, 0);
}

/* ---- the rule ---- */

/* `n` by hand in each of four intervals, of which `missed` are missed, and `extra` made up. */
static IvAuditFigures audit(gint64 n, gint64 missed, gint64 extra) {
  IvAuditCounts one = {
      .manual_in = n, .counted_in = n - missed + extra, .found = n - missed, .right = n - missed};
  IvAuditCounts four[] = {one, one, one, one};
  return iv_audit_figures(four, 4, IV_AUDIT_RESAMPLES, 1);
}

static void test_verdict(void) {
  g_assert_cmpint(audit(8, 0, 0).verdict, ==, IV_AUDIT_VERDICT_UNDECIDED); /* too few: 32 */
  g_assert_cmpint(audit(9, 0, 0).verdict, ==, IV_AUDIT_VERDICT_PASSED);
  g_assert_cmpint(audit(0, 0, 0).verdict, ==, IV_AUDIT_VERDICT_UNDECIDED);
  g_assert_cmpint(audit(25, 2, 0).verdict, ==, IV_AUDIT_VERDICT_UNDECIDED);
  g_assert_cmpint(audit(25, 6, 0).verdict, ==, IV_AUDIT_VERDICT_FAILED);
  g_assert_cmpint(audit(25, 0, 9).verdict, ==, IV_AUDIT_VERDICT_FAILED);
}

static IvAuditState state_of(const IvAuditFigures *audits, guint n) {
  return iv_audit_state(audits, n);
}

static void test_state(void) {
  IvAuditFigures good = audit(25, 0, 0), worse = audit(25, 3, 0), few = audit(1, 0, 0),
                 bad = audit(25, 9, 0), none = iv_audit_figures(NULL, 0, IV_AUDIT_RESAMPLES, 1);
  g_assert_cmpint(state_of(&none, 1), ==, IV_AUDIT_STATE_NEVER);
  g_assert_cmpint(state_of(&few, 1), ==, IV_AUDIT_STATE_UNDECIDED);
  g_assert_cmpint(state_of(&bad, 1), ==, IV_AUDIT_STATE_FAILED);
  g_assert_cmpint(state_of((IvAuditFigures[]){good, few}, 2), ==, IV_AUDIT_STATE_PASSED);
  g_assert_cmpint(state_of((IvAuditFigures[]){good, worse}, 2), ==, IV_AUDIT_STATE_DRIFTED);
  g_assert_cmpint(state_of((IvAuditFigures[]){good, worse, few}, 3), ==, IV_AUDIT_STATE_DRIFTED);
  g_assert_cmpint(state_of((IvAuditFigures[]){good, worse, good}, 3), ==, IV_AUDIT_STATE_PASSED);
  g_assert_cmpint(state_of((IvAuditFigures[]){bad, good}, 2), ==, IV_AUDIT_STATE_PASSED);
}

/* Two intervals, one of them 10 % too many: each resample is 0, 5 or 10 %. */
static void test_bootstrap(void) {
  static const IvAuditCounts two[] = {{.manual_in = 10, .counted_in = 10},
                                      {.manual_in = 10, .counted_in = 11}};
  IvAuditFigures a = iv_audit_figures(two, 2, IV_AUDIT_RESAMPLES, 5),
                 b = iv_audit_figures(two, 2, IV_AUDIT_RESAMPLES, 5);
  assert_near(a.net, .05, 1e-12);
  assert_near(a.net_low, 0, 1e-12);
  assert_near(a.net_high, .1, 1e-12);
  g_assert_cmpfloat(a.net_low, ==, b.net_low);
  g_assert_true(isnan(iv_audit_figures(two, 1, IV_AUDIT_RESAMPLES, 5).net_low));
}

/* Of 1000 audits whose true net error is known, the interval has it about as often as it says. */
static void test_bootstrap_covers(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(3);
  guint has = 0;
  for (guint i = 0; i < 400; i++) {
    IvAuditCounts intervals[24];
    for (guint k = 0; k < 24; k++) {
      gint64 n = g_rand_int_range(dice, 5, 30), counted = 0;
      for (gint64 person = 0; person < n; person++)
        counted += g_rand_double(dice) < .92;
      intervals[k] = (IvAuditCounts){.manual_in = n, .counted_in = counted};
    }
    IvAuditFigures figures = iv_audit_figures(intervals, 24, IV_AUDIT_RESAMPLES, i);
    has += figures.net_low <= -.08 && figures.net_high >= -.08;
  }
  g_assert_cmpuint(has, >=, 360); /* 90 % of 400; 95 % are meant */
}

static void test_sample(void) {
  IvAuditCandidate all[100], again[100], picks[IV_AUDIT_INTERVALS_MAX],
      same[IV_AUDIT_INTERVALS_MAX];
  for (guint i = 0; i < 100; i++)
    again[i] = all[i] = (IvAuditCandidate){.from = (IvTime)i, .crossings = i % 10};
  g_assert_cmpuint(iv_audit_sample(all, 100, 12, 9, picks), ==, 12);
  g_assert_cmpuint(iv_audit_sample(again, 100, 12, 9, same), ==, 12);
  guint busy = 0;
  for (guint i = 0; i < 12; i++) {
    busy += picks[i].busy ? 1 : 0;
    g_assert_cmpint(picks[i].from, ==, same[i].from);
    g_assert_true(i == 0 || picks[i].from > picks[i - 1].from);
    g_assert_true(picks[i].busy == (picks[i].crossings >= 5));
  }
  g_assert_cmpuint(busy, ==, 6);
  g_assert_true(picks[0].from < 34 && picks[11].from >= 66); /* spread */
  for (guint i = 0; i < 100; i++)
    all[i].crossings = 0;
  g_assert_cmpuint(iv_audit_sample(all, 100, 12, 9, picks), ==, 12); /* nobody counted: all quiet */
  g_assert_cmpuint(iv_audit_sample(all, 3, 12, 9, picks), ==, 3);
  g_assert_cmpuint(iv_audit_sample(all, 0, 12, 9, picks), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/kpi/audit/wilson", test_wilson);
  g_test_add_func("/kpi/audit/pairs", test_pairs);
  g_test_add_func("/kpi/audit/edges", test_edges);
  g_test_add_func("/kpi/audit/verdict", test_verdict);
  g_test_add_func("/kpi/audit/state", test_state);
  g_test_add_func("/kpi/audit/bootstrap", test_bootstrap);
  g_test_add_func("/kpi/audit/bootstrap-covers", test_bootstrap_covers);
  g_test_add_func("/kpi/audit/sample", test_sample);
  return g_test_run();
}
