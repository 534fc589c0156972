/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sampler.h"

static double number(const IvEvent *event, IvAttrKey key) {
  const IvAttr *attr = iv_event_attr(event, key);
  g_assert_nonnull(attr);
  return attr->number;
}

/* A camera that delivers in 40 of 60 seconds, at 5 frames a second. */
static void test_minute(void) {
  IvSampler sampler;
  IvFrameCounts counts = {0};
  IvEvent event;
  iv_sampler_init(&sampler);
  g_assert_false(iv_sampler_tick(&sampler, 120 * IV_SECOND, &counts, FALSE, &event));
  for (int s = 120; s < 180; s++) {
    if (s < 160) {
      iv_sampler_alive(&sampler, s * IV_SECOND + 1);
      iv_sampler_alive(&sampler, s * IV_SECOND + 2);
      iv_sampler_people(&sampler, s % 2 ? 3 : 1);
      counts.due += 5;
      counts.skipped += s == 130;
    }
    g_assert_false(iv_sampler_tick(&sampler, s * IV_SECOND + 3, &counts, FALSE, &event));
  }
  g_assert_true(iv_sampler_tick(&sampler, 181 * IV_SECOND, &counts, FALSE, &event));
  g_assert_cmpint(event.ts, ==, 120 * IV_SECOND);
  g_assert_cmpint(event.end_ts, ==, 180 * IV_SECOND);
  g_assert_cmpfloat(number(&event, IV_ATTR_ALIVE_S), ==, 40);
  g_assert_cmpfloat(number(&event, IV_ATTR_SPAN_S), ==, 60);
  g_assert_cmpfloat(number(&event, IV_ATTR_FRAMES_DUE), ==, 200);
  g_assert_cmpfloat(number(&event, IV_ATTR_FRAMES_SKIPPED), ==, 1);
  g_assert_cmpfloat(number(&event, IV_ATTR_PEOPLE_SUM), ==, 80);
  g_assert_cmpfloat(number(&event, IV_ATTR_PEOPLE_MAX), ==, 3);
}

static void test_rest_at_the_end(void) {
  IvSampler sampler;
  IvFrameCounts counts = {0};
  IvEvent event;
  iv_sampler_init(&sampler);
  iv_sampler_tick(&sampler, 10 * IV_SECOND, &counts, FALSE, &event);
  iv_sampler_alive(&sampler, 12 * IV_SECOND);
  g_assert_true(iv_sampler_tick(&sampler, 25 * IV_SECOND, &counts, TRUE, &event));
  g_assert_cmpfloat(number(&event, IV_ATTR_SPAN_S), ==, 15);
  g_assert_cmpfloat(number(&event, IV_ATTR_ALIVE_S), ==, 1);
  g_assert_false(iv_sampler_tick(&sampler, 25 * IV_SECOND, &counts, TRUE, &event));
}

static void test_clock_set_back(void) {
  IvSampler sampler;
  IvFrameCounts counts = {0};
  IvEvent event;
  iv_sampler_init(&sampler);
  iv_sampler_tick(&sampler, 500 * IV_SECOND, &counts, FALSE, &event);
  g_assert_false(iv_sampler_tick(&sampler, 100 * IV_SECOND, &counts, FALSE, &event));
  g_assert_true(iv_sampler_tick(&sampler, 121 * IV_SECOND, &counts, FALSE, &event));
  g_assert_cmpint(event.ts, ==, 100 * IV_SECOND);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/sampler/minute", test_minute);
  g_test_add_func("/app/sampler/rest_at_the_end", test_rest_at_the_end);
  g_test_add_func("/app/sampler/clock_set_back", test_clock_set_back);
  return g_test_run();
}
