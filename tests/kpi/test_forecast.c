/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/forecast.h"

#include <math.h>

#include "kpi/staffing.h"

/* A shop that is open from 9 to 20, busier at noon and on Saturdays, closed on Sundays. */
static double true_mean(guint hour) {
  int slot = (int)(hour % IV_WEEK_HOURS), day = slot / 24, h = slot % 24;
  if (day == 6 || h < 9 || h >= 20)
    return 0;
  return (30 + 40 * exp(-(h - 12.5) * (h - 12.5) / 4)) * (day == 5 ? 1.6 : 1);
}

static guint poisson(GRand *rand, double mean) {
  double limit = exp(-mean), product = 1;
  guint n = 0;
  while ((product *= g_rand_double(rand)) > limit)
    n++;
  return n;
}

/* `growth` a week. */
static void make_past(IvPastHour *past, guint n, double growth, guint32 seed) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
  for (guint i = 0; i < n; i++) {
    double mean = true_mean(i) * pow(growth, (double)i / IV_WEEK_HOURS);
    past[i] = (IvPastHour){(int)(i % IV_WEEK_HOURS), poisson(rand, mean)};
  }
}

#define WEEKS 10
#define PAST (WEEKS * IV_WEEK_HOURS)
static IvPastHour past[PAST + IV_WEEK_HOURS];
static IvForecast forecast[IV_WEEK_HOURS];
static int week[IV_WEEK_HOURS];

static IvForecastQuality foretell(guint n_past) {
  IvForecastQuality quality;
  for (guint i = 0; i < IV_WEEK_HOURS; i++)
    week[i] = past[n_past + i].slot;
  iv_forecast_hours(past, n_past, week, IV_WEEK_HOURS, forecast, &quality);
  return quality;
}

static void test_pattern(void) {
  make_past(past, PAST + IV_WEEK_HOURS, 1, 1);
  IvForecastQuality quality = foretell(PAST);
  double wrong = 0, all = 0;
  for (guint i = 0; i < IV_WEEK_HOURS; i++) {
    double truth = true_mean(i);
    wrong += fabs(forecast[i].mean - truth);
    all += truth;
    if (truth == 0)
      g_assert_cmpfloat(forecast[i].high, ==, 0);
    else
      g_assert_cmpfloat(forecast[i].low, <, forecast[i].high);
  }
  g_assert_cmpfloat(wrong / all, <, 0.08);
  /* Chance alone makes about 0.11 here (mean of |x − m| of a Poisson is about 0.8 √m). */
  g_assert_cmpfloat(quality.wape, >, 0.09);
  g_assert_cmpfloat(quality.wape, <, 0.15);
  g_assert_cmpuint(quality.test_days, ==, 24); /* of 28, four are Sundays */
}

/* Of a week that was not seen, over many shops, 80 % lies within; so the test days claim. */
static void test_interval_holds(void) {
  guint inside = 0, hours = 0;
  double claimed = 0;
  for (guint32 seed = 0; seed < 40; seed++) {
    make_past(past, PAST + IV_WEEK_HOURS, 1, 100 + seed);
    claimed += foretell(PAST).covered / 40;
    for (guint i = 0; i < IV_WEEK_HOURS; i++) {
      if (true_mean(i) == 0)
        continue;
      double value = past[PAST + i].value;
      inside += value >= forecast[i].low && value <= forecast[i].high ? 1 : 0;
      hours++;
    }
  }
  g_test_message("%.3f within, %.3f claimed", (double)inside / hours, claimed);
  g_assert_cmpfloat((double)inside / hours, >, 0.76);
  g_assert_cmpfloat((double)inside / hours, <, 0.86);
  g_assert_cmpfloat(claimed, >, 0.76);
  g_assert_cmpfloat(claimed, <, 0.84);
}

static double week_total(void) {
  double sum = 0;
  for (guint i = 0; i < IV_WEEK_HOURS; i++)
    sum += forecast[i].mean;
  return sum;
}

static void test_growth_is_followed(void) {
  double truth = 0;
  make_past(past, PAST + IV_WEEK_HOURS, 1.05, 3);
  foretell(PAST);
  for (guint i = 0; i < IV_WEEK_HOURS; i++)
    truth += true_mean(i) * pow(1.05, WEEKS + (double)i / IV_WEEK_HOURS);
  g_assert_cmpfloat(fabs(week_total() / truth - 1), <, 0.08);
}

static void test_what_is_not_known(void) {
  make_past(past, PAST + IV_WEEK_HOURS, 1, 4);
  foretell(IV_WEEK_HOURS);
  g_assert_true(isnan(forecast[12].mean));
  IvForecastQuality quality = foretell(2 * IV_WEEK_HOURS);
  g_assert_false(isnan(forecast[12].mean));
  g_assert_true(isnan(forecast[12].low) && isnan(forecast[12].high) && isnan(quality.wape));
  /* A camera that was dead on all Mondays but one: that hour is not known, others are. */
  for (guint i = 0; i < PAST; i++)
    if (past[i].slot == 12 && i > IV_WEEK_HOURS)
      past[i].value = NAN;
  foretell(PAST);
  g_assert_true(isnan(forecast[12].mean) && isnan(forecast[12].low));
  g_assert_false(isnan(forecast[13].mean));
}

/* A holiday marked as unknown does not pull the level down. */
static void test_unknown_days_are_not_zero(void) {
  make_past(past, PAST + IV_WEEK_HOURS, 1, 5);
  foretell(PAST);
  double before = week_total();
  for (guint i = PAST - 48; i < PAST; i++)
    past[i].value = NAN;
  foretell(PAST);
  g_assert_cmpfloat(fabs(week_total() / before - 1), <, 0.05);
}

/* ---- staffing ---- */

/* Erlang C by its sum, as books print it. */
static double by_the_book(double a, guint c) {
  double term = 1, sum = 0;
  for (guint k = 0; k < c; k++) {
    sum += term;
    term *= a / (k + 1);
  }
  double last = term * c / (c - a);
  return last / (sum + last);
}

static void test_erlang_c(void) {
  for (guint c = 1; c <= 20; c++)
    for (double a = 0.1; a < c; a += 0.37)
      g_assert_cmpfloat(fabs(iv_erlang_c(a, c) - by_the_book(a, c)), <, 1e-12);
  g_assert_cmpfloat(iv_erlang_c(5, 5), ==, 1);
  g_assert_cmpfloat(iv_erlang_c(0, 3), ==, 0);
  g_assert_cmpfloat(fabs(iv_erlang_c(0.7, 1) - 0.7), <, 1e-12); /* M/M/1 */
  g_assert_cmpfloat(iv_erlang_c(150, 200), <, 1);               /* no overflow */
}

static void test_lanes(void) {
  IvQueueLoad load = {120, 90, 180}; /* 3 erlangs */
  guint pooled = iv_lanes_needed(&load, 0.9, TRUE), separate = iv_lanes_needed(&load, 0.9, FALSE);
  g_assert_cmpuint(pooled, ==, 4);
  g_assert_cmpuint(separate, >, pooled);
  g_assert_cmpfloat(iv_service_level_pooled(&load, pooled), >=, 0.9);
  g_assert_cmpfloat(iv_service_level_pooled(&load, pooled - 1), <, 0.9);
  g_assert_cmpfloat(iv_service_level_separate(&load, separate), >=, 0.9);
  g_assert_cmpfloat(iv_service_level_separate(&load, separate - 1), <, 0.9);
  g_assert_true(isinf(iv_mean_wait_pooled(&load, 3)));
  /* M/M/1: rho / (1 − rho) services. */
  IvQueueLoad one = {20, 90, 60};
  g_assert_cmpfloat(fabs(iv_mean_wait_pooled(&one, 1) - 90), <, 1e-9);
  g_assert_cmpfloat(fabs(iv_mean_wait_separate(&one, 1) - 90), <, 1e-9);
  IvQueueLoad nobody = {0, 90, 60}, everybody = {1e6, 90, 60};
  g_assert_cmpuint(iv_lanes_needed(&nobody, 0.9, TRUE), ==, 0);
  g_assert_cmpuint(iv_lanes_needed(&everybody, 0.9, TRUE), ==, IV_LANES_MAX + 1);
}

/* One line for c tills, event by event, against the formula. */
static void test_against_a_queue(void) {
  IvQueueLoad load = {100, 90, 60}; /* 2.5 erlangs */
  enum { TILLS = 3, CUSTOMERS = 200000 };
  g_autoptr(GRand) rand = g_rand_new_with_seed(11);
  double free_at[TILLS] = {0}, now = 0, waited = 0;
  guint in_time = 0;
  for (guint i = 0; i < CUSTOMERS; i++) {
    now += -log(1 - g_rand_double(rand)) * 3600 / load.arrivals_per_hour;
    int till = 0;
    for (int k = 1; k < TILLS; k++)
      till = free_at[k] < free_at[till] ? k : till;
    double start = MAX(now, free_at[till]);
    free_at[till] = start - log(1 - g_rand_double(rand)) * load.service_s;
    waited += start - now;
    in_time += start - now <= load.target_s ? 1 : 0;
  }
  g_assert_cmpfloat(fabs(waited / CUSTOMERS / iv_mean_wait_pooled(&load, TILLS) - 1), <, 0.05);
  g_assert_cmpfloat(fabs((double)in_time / CUSTOMERS - iv_service_level_pooled(&load, TILLS)), <,
                    0.01);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forecast/pattern", test_pattern);
  g_test_add_func("/forecast/interval-holds", test_interval_holds);
  g_test_add_func("/forecast/growth-is-followed", test_growth_is_followed);
  g_test_add_func("/forecast/what-is-not-known", test_what_is_not_known);
  g_test_add_func("/forecast/unknown-days-are-not-zero", test_unknown_days_are_not_zero);
  g_test_add_func("/staffing/erlang-c", test_erlang_c);
  g_test_add_func("/staffing/lanes", test_lanes);
  g_test_add_func("/staffing/against-a-queue", test_against_a_queue);
  return g_test_run();
}
