/* SPDX-License-Identifier: Apache-2.0 */
/* What the key table says must be what the rooms above mean: they can't include each other, so the
 * names and defaults stand in both and are compared here. */
#include "config/keys.h"
#include "kpi/bucket.h"
#include "reading.h"
#include "rules/thresholds.h"
#include "track/tracker_config.h"
#include "vision/form.h"
#include "vision/onnx.h"
#include "vision/pool.h"

static const IvKey *find_key(const char *section_name, const char *name) {
  const IvSection *section = iv_section(section_name);
  for (guint i = 0; i < section->n_keys; i++)
    if (strcmp(section->keys[i].name, name) == 0)
      return &section->keys[i];
  g_error("no key %s.%s", section_name, name);
}

static void test_forms(void) {
  const IvKey *key = find_key("detector", "form");
  g_assert_cmpstr(key->words[0], ==, "auto");
  for (guint i = 0; iv_forms[i]; i++)
    if (!g_strv_contains(key->words, iv_forms[i]->name))
      g_error("detector.form lacks %s", iv_forms[i]->name);
  for (guint i = 1; key->words[i]; i++)
    if (!iv_form_named(key->words[i]))
      g_error("there is no form %s", key->words[i]);
}

static void test_detector(void) {
  g_autoptr(IvConfig) config = iv_config_new();
  IvOnnxConfig onnx = iv_onnx_config_default();
  g_assert_cmpfloat((float)config->detector.nms, ==, onnx.nms_iou);
  g_assert_cmpint(config->detector.size.width, ==, onnx.size.width);
  g_assert_cmpfloat(find_key("detector", "size")->max, ==, IV_ONNX_SIDE_MAX);
  g_assert_cmpint(IV_CONFIG_CAMERAS_MAX, <=, IV_POOL_CAMERAS_MAX);
}

static void test_tracker(void) {
  g_autoptr(IvConfig) config = iv_config_new();
  IvTrackerConfig tracker = iv_tracker_config_default();
  g_assert_cmpfloat((float)config->tracker.high_score, ==, tracker.high_score);
  g_assert_cmpfloat((float)config->tracker.low_score, ==, tracker.low_score);
  g_assert_cmpint(config->tracker.lost_after, ==, tracker.lost_after);
  g_assert_cmpint(config->tracker.keep_lost, ==, tracker.keep_lost);
}

static void test_kpis(void) {
  g_autoptr(IvConfig) config = iv_config_new();
  IvKpiLimits limits = iv_kpi_limits_default();
  g_assert_cmpint(config->rules.min_dwell, ==, limits.min_dwell);
  g_assert_cmpint(config->rules.engaged_dwell, ==, limits.engaged_dwell);
  g_assert_cmpint(config->rules.wait_target, ==, limits.wait_target);
}

static void test_rules(void) {
  g_autoptr(IvConfig) config = iv_config_new();
  IvRuleLimits limits = iv_rule_limits_default();
  g_assert_cmpfloat((float)config->rules.hysteresis, ==, limits.hysteresis);
  g_assert_cmpint(config->rules.turn_back, ==, limits.turn_back);
  g_assert_cmpint(config->rules.doorways, ==, limits.doorways);
  g_assert_cmpint(config->rules.exit_grace, ==, limits.exit_grace);
  g_assert_cmpint(config->rules.queue_long, ==, limits.long_wait);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/config/seams/forms", test_forms);
  g_test_add_func("/config/seams/detector", test_detector);
  g_test_add_func("/config/seams/tracker", test_tracker);
  g_test_add_func("/config/seams/kpis", test_kpis);
  g_test_add_func("/config/seams/rules", test_rules);
  return g_test_run();
}
