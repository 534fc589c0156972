/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <time.h>

IvTime iv_clock_now(void) {
  return g_get_real_time();
}

IvTime iv_clock_monotonic(void) {
  return g_get_monotonic_time();
}

IvTime iv_clock_process_cpu(void) {
  struct timespec ts;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
  return (IvTime)ts.tv_sec * IV_SECOND + ts.tv_nsec / 1000;
}
