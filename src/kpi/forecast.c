/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/forecast.h"

#include <math.h>
#include <stdlib.h>

#define WEEKS_HALF 4.0   /* a week's weight halves in so many weeks */
#define LEVEL_SHARE 0.20 /* of a new day in the level */
#define TREND_SHARE 0.05 /* of a new day in the trend */
#define TREND_FADES 0.90 /* a day */
#define KNOWN_MIN 2      /* values that an hour of the week needs */
#define PAST_MIN (2 * IV_WEEK_HOURS)
#define TEST_DAYS 28
#define TEST_RESIDUALS_MIN 100
#define DAY_HOURS 24
#define TAIL 0.10

typedef struct {
  double pattern[IV_WEEK_HOURS]; /* NAN = not known */
  double level, trend;
} Model;

static void fit_pattern(const IvPastHour *past, guint n, Model *model) {
  double weights[IV_WEEK_HOURS] = {0}, sums[IV_WEEK_HOURS] = {0};
  guint known[IV_WEEK_HOURS] = {0};
  for (guint i = 0; i < n; i++) {
    if (isnan(past[i].value))
      continue;
    double weeks = (double)(n - 1 - i) / IV_WEEK_HOURS;
    double weight = exp2(-weeks / WEEKS_HALF);
    weights[past[i].slot] += weight;
    sums[past[i].slot] += weight * past[i].value;
    known[past[i].slot]++;
  }
  for (int slot = 0; slot < IV_WEEK_HOURS; slot++)
    model->pattern[slot] = known[slot] >= KNOWN_MIN ? sums[slot] / weights[slot] : (double)NAN;
}

/* What the hours [from, to) brought, as a share of their pattern; NAN when the pattern says nothing
 * of them, or nobody is expected. */
static double share_of_pattern(const Model *model, const IvPastHour *past, guint from, guint to) {
  double got = 0, expected = 0;
  for (guint i = from; i < to; i++) {
    double pattern = model->pattern[past[i].slot];
    if (isnan(past[i].value) || isnan(pattern))
      continue;
    got += past[i].value;
    expected += pattern;
  }
  return expected > 0 ? got / expected : (double)NAN;
}

/* Days are counted back from the end of the past, so that the last one is whole. */
static void fit_level(const IvPastHour *past, guint n, Model *model) {
  model->level = 1;
  model->trend = 0;
  for (guint from = n % DAY_HOURS; from < n; from += DAY_HOURS) {
    double share = share_of_pattern(model, past, from, from + DAY_HOURS);
    double foretold = model->level + TREND_FADES * model->trend;
    double before = model->level;
    model->level = isnan(share) ? foretold : foretold + LEVEL_SHARE * (share - foretold);
    model->trend = TREND_FADES * model->trend +
                   TREND_SHARE * (model->level - before - TREND_FADES * model->trend);
  }
}

static Model fit(const IvPastHour *past, guint n) {
  Model model;
  fit_pattern(past, n, &model);
  fit_level(past, n, &model);
  return model;
}

/* `ahead` hours after the end of the past (0 = the first one). */
static double foretell(const Model *model, int slot, guint ahead) {
  double level = model->level, step = model->trend;
  for (guint day = 0; day <= ahead / DAY_HOURS; day++) {
    step *= TREND_FADES;
    level += step;
  }
  return MAX(0, level) * model->pattern[slot];
}

/* Errors are measured in roots of what was foretold; an hour without people has one of 1. */
static double spread(double mean) {
  return sqrt(MAX(mean, 1));
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

typedef struct {
  guint n, days;
  double *residuals; /* by time */
  double wrong, all;
} Test;

/* Foretells the day [from, from + 24) from what was before it. */
static void test_day(const IvPastHour *past, guint from, Test *test) {
  Model model = fit(past, from);
  guint before = test->n;
  for (guint i = 0; i < DAY_HOURS; i++) {
    const IvPastHour *hour = &past[from + i];
    double mean = foretell(&model, hour->slot, i);
    if (isnan(mean) || isnan(hour->value))
      continue;
    /* Hours in which the store is closed would make any method look good. */
    if (mean == 0 && hour->value == 0)
      continue;
    test->residuals[test->n++] = (hour->value - mean) / spread(mean);
    test->wrong += fabs(hour->value - mean);
    test->all += hour->value;
  }
  test->days += test->n > before ? 1 : 0;
}

static Test test_method(const IvPastHour *past, guint n) {
  Test test = {.residuals = g_new(double, TEST_DAYS *DAY_HOURS)};
  for (guint day = MIN(TEST_DAYS, n / DAY_HOURS); day > 0; day--) {
    guint from = n - day * DAY_HOURS;
    if (from >= PAST_MIN)
      test_day(past, from, &test);
  }
  return test;
}

/* Nearest rank; `sorted` has n > 0 values. */
static double quantile(const double *sorted, guint n, double q) {
  guint rank = (guint)ceil(q * n);
  return sorted[CLAMP(rank, 1, n) - 1];
}

static void tails(const double *residuals, guint n, double *ret_low, double *ret_high) {
  g_autofree double *sorted = g_memdup2(residuals, n * sizeof *residuals);
  qsort(sorted, n, sizeof *sorted, ascending);
  *ret_low = quantile(sorted, n, TAIL);
  *ret_high = quantile(sorted, n, 1 - TAIL);
}

static guint within(const double *residuals, guint n, double low, double high) {
  guint inside = 0;
  for (guint i = 0; i < n; i++)
    inside += residuals[i] >= low && residuals[i] <= high ? 1 : 0;
  return inside;
}

/* Each half of the test days judges the interval that the other half gives. */
static double covered_share(const Test *test) {
  guint half = test->n / 2;
  double low, high;
  tails(test->residuals, half, &low, &high);
  guint inside = within(test->residuals + half, test->n - half, low, high);
  tails(test->residuals + half, test->n - half, &low, &high);
  inside += within(test->residuals, half, low, high);
  return (double)inside / test->n;
}

void iv_forecast_hours(const IvPastHour *past, guint n_past, const int *slots, guint n,
                       IvForecast *ret_forecast, IvForecastQuality *ret_quality) {
  IvForecastQuality quality = {(double)NAN, (double)NAN, 0};
  double low = (double)NAN, high = (double)NAN;
  gboolean enough = n_past >= PAST_MIN;
  Model model = fit(past, n_past);
  Test test = test_method(past, n_past);
  quality.test_days = test.days;
  if (test.n >= TEST_RESIDUALS_MIN && test.all > 0) {
    quality.wape = test.wrong / test.all;
    quality.covered = covered_share(&test);
    tails(test.residuals, test.n, &low, &high);
  }
  for (guint i = 0; i < n; i++) {
    double mean = enough ? foretell(&model, slots[i], i) : (double)NAN;
    ret_forecast[i] = (IvForecast){mean, mean + low * spread(mean), mean + high * spread(mean)};
    /* What never brings anybody (a closed hour) has no spread, and nobody comes less than 0. */
    if (mean == 0 && !isnan(low))
      ret_forecast[i].low = ret_forecast[i].high = 0;
    ret_forecast[i].low = isnan(low) ? (double)NAN : MAX(0, ret_forecast[i].low);
    ret_forecast[i].high = isnan(high) ? (double)NAN : MAX(0, ret_forecast[i].high);
    if (isnan(mean))
      ret_forecast[i].low = ret_forecast[i].high = (double)NAN;
  }
  if (ret_quality)
    *ret_quality = quality;
  g_free(test.residuals);
}
