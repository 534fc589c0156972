/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/staffing.h"

#include <math.h>

#define HOUR_S 3600.0

static double offered(const IvQueueLoad *load) {
  return load->arrivals_per_hour * load->service_s / HOUR_S;
}

/* By the recursion of Erlang B, which never overflows. */
double iv_erlang_c(double a, guint lanes) {
  if (a <= 0)
    return 0;
  if (a >= lanes)
    return 1;
  double blocked = 1;
  for (guint k = 1; k <= lanes; k++)
    blocked = a * blocked / (k + a * blocked);
  return lanes * blocked / (lanes - a * (1 - blocked));
}

double iv_service_level_pooled(const IvQueueLoad *load, guint lanes) {
  double a = offered(load);
  if (a >= lanes)
    return a > 0 ? 0 : 1;
  return 1 - iv_erlang_c(a, lanes) * exp(-(lanes - a) * load->target_s / load->service_s);
}

double iv_service_level_separate(const IvQueueLoad *load, guint lanes) {
  if (lanes == 0)
    return offered(load) > 0 ? 0 : 1;
  IvQueueLoad one = *load;
  one.arrivals_per_hour /= lanes;
  return iv_service_level_pooled(&one, 1);
}

double iv_mean_wait_pooled(const IvQueueLoad *load, guint lanes) {
  double a = offered(load);
  if (a <= 0)
    return 0;
  return a >= lanes ? INFINITY : iv_erlang_c(a, lanes) * load->service_s / (lanes - a);
}

double iv_mean_wait_separate(const IvQueueLoad *load, guint lanes) {
  if (lanes == 0)
    return offered(load) > 0 ? INFINITY : 0;
  IvQueueLoad one = *load;
  one.arrivals_per_hour /= lanes;
  return iv_mean_wait_pooled(&one, 1);
}

guint iv_lanes_needed(const IvQueueLoad *load, double level, gboolean pooled) {
  if (offered(load) <= 0)
    return 0;
  for (guint lanes = 1; lanes <= IV_LANES_MAX; lanes++) {
    double reached =
        pooled ? iv_service_level_pooled(load, lanes) : iv_service_level_separate(load, lanes);
    if (reached >= level)
      return lanes;
  }
  return IV_LANES_MAX + 1;
}
