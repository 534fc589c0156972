/* SPDX-License-Identifier: Apache-2.0 */
#include "config/keys.h"
#include "config/reference.h"
#include "model/event_json.h"
#include "model/event_reference.h"
#include "reading.h"

static char *committed(const char *name) {
  g_autofree char *path = g_build_filename(INVEYE_SOURCE_ROOT, name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;
  g_file_get_contents(path, &text, NULL, &error);
  g_assert_no_error(error);
  return text;
}

static void test_reference_is_current(void) {
  g_autofree char *page = committed("docs/configuration.md");
  g_autofree char *printed = iv_config_reference();
  if (strcmp(page, printed) != 0)
    g_error("docs/configuration.md is old; run: build/inveye check --reference "
            "> docs/configuration.md");
}

static void test_events_are_current(void) {
  g_autofree char *page = committed("docs/events.md");
  g_autofree char *printed = iv_event_reference();
  if (strcmp(page, printed) != 0)
    g_error("docs/events.md is old; run: build/inveye check --events > docs/events.md");
}

/* The envelope on the page is what an event is written as. */
static void test_events_envelope(void) {
  g_autofree char *printed = iv_event_reference();
  const char *key;
  json_t *value;
  IvEvent event;
  iv_event_init(&event, IV_EVENT_ZONE_VISIT, 0);
  event.end_ts = event.tracklet_id = event.scene_version = 1;
  event.score = 1;
  strcpy(event.model_version, "m");
  IvSlug *const ids[] = {&event.store_id, &event.edge_id, &event.camera_id,
                         &event.zone_id,  &event.line_id, &event.lane_id};
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
    iv_slug_set(ids[i], "x");
  json_t *json = iv_event_to_json(&event);
  json_object_foreach(json, key, value) {
    g_autofree char *row = g_strdup_printf("\n| `%s` | ", key);
    assert_has(printed, row);
  }
  json_decref(json);
}

static void test_reference_has_every_key(void) {
  g_autofree char *printed = iv_config_reference();
  guint n;
  const IvSection *sections = iv_sections(&n);
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < sections[i].n_keys; k++) {
      g_autofree char *row = g_strdup_printf("\n| `%s` | ", sections[i].keys[k].name);
      assert_has(printed, row);
      g_assert_null(strchr(sections[i].keys[k].help, '|'));
    }
}

/* The YAML between the fences of the reference page must be good. */
static void test_reference_example(void) {
  g_autofree char *printed = iv_config_reference();
  char *start = strstr(printed, "```yaml\n");
  g_assert_nonnull(start);
  start += strlen("```yaml\n");
  *strstr(start, "```") = '\0';
  g_autoptr(GString) text = g_string_new(start);
  g_string_replace(text, "${file:/run/secrets/entrance}", "x", 0);
  g_autofree char *findings = NULL;
  g_autoptr(IvConfig) config = read_config(text->str, &findings);
  g_assert_cmpstr(findings, ==, "");
  g_assert_cmpuint(config->cameras[0].scene->n_lines, ==, 1);
}

static void test_example_file(void) {
  g_autoptr(IvConfigReport) report =
      iv_config_report_new(INVEYE_SOURCE_ROOT "/packaging/store.example.yaml");
  g_autoptr(IvConfig) config = iv_config_load(report->file, report);
  g_autofree char *findings = iv_config_report_text(report);
  g_assert_cmpstr(findings, ==, "");
  g_assert_cmpuint(config->n_cameras, ==, 2);
  g_assert_cmpuint(config->cameras[0].scene->n_lines, ==, 1);
  g_assert_cmpuint(config->cameras[1].scene->n_zones, ==, 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/config/documents/reference-is-current", test_reference_is_current);
  g_test_add_func("/config/documents/events-are-current", test_events_are_current);
  g_test_add_func("/config/documents/events-envelope", test_events_envelope);
  g_test_add_func("/config/documents/reference-has-every-key", test_reference_has_every_key);
  g_test_add_func("/config/documents/reference-example", test_reference_example);
  g_test_add_func("/config/documents/example-file", test_example_file);
  return g_test_run();
}
