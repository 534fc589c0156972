/* SPDX-License-Identifier: Apache-2.0 */
#include "../shared_data.h"
#include "store_file.h"

/* One change of the kiosk's file, and what its message must say. */
typedef struct {
  const char *name, *from, *to, *message;
} Mistake;

static const Mistake mistakes[] = {
    {"syntax", "\"store\":", "\"store\"", "line "},
    {"format", "\"inveye-scenario\"", "\"something\"", "format: \"something\" is none of"},
    {"version", "\"version\": 1", "\"version\": 2", "version: must be within 1 and 1"},
    {"missing", "\"time_zone\"", "\"time_zones\"", "store.time_zone: is missing"},
    {"slug", "\"id\": \"kiosk\"", "\"id\": \"Kiosk!\"", "store.id: must be 1 to 40 of a-z"},
    {"hours", "[\"08:00\", \"18:00\"]", "[\"18:00\", \"08:00\"]", "store.hours.mon: must open"},
    {"clock", "[\"08:00\", \"18:00\"]", "[\"8 am\", \"18:00\"]",
     "store.hours.mon[0]: must be a time"},
    {"date", "2026-03-23", "2026-02-30", "simulation.start_date: must be a date"},
    {"crossing-polygon", "\"walls\": [[0, 0], [8, 0], [8, 6], [0, 6]]",
     "\"walls\": [[0, 0], [8, 6], [8, 0], [0, 6]]", "floor_plan.walls: is no polygon"},
    {"unknown-door", "\"door\": \"door\"", "\"door\": \"gate\"", "there is no such door \"gate\""},
    {"unknown-sku", "\"sku\": \"drinks-01\", \"a\"", "\"sku\": \"gold\", \"a\"",
     "shelves[0].slots[0].sku: there is no such product \"gold\""},
    {"number", "\"price\": 0.9", "\"price\": \"free\"", "products[3].price: must be a number"},
    {"bounds", "\"share\": 0.45", "\"share\": 4.5",
     "shoppers.kinds[0].share: must be within 0 and 1"},
    {"shares", "\"share\": 0.45", "\"share\": 0.25", "shoppers.kinds: their shares sum to 0.8"},
    {"no-queue", "\"group\": null", "\"group\": \"tills\"",
     "lanes[0].group: there is no such queue group"},
    {"rota", "[0, 0, 0, 0, 0, 0, 0, 0, 1, 1", "[0, 0, 0, 0, 0, 0, 0, 0, 9, 1",
     "staff.roles[0].rota.mon[8]: must be within 0 and 1"},
    {"outage", "\"camera\": \"cam-till\", \"day\"", "\"camera\": \"cam-9\", \"day\"",
     "camera_outages[0].camera: there is no such camera \"cam-9\""},
    {"hfov", "\"hfov_deg\": 85", "\"hfov_deg\": 400", "cameras[0].hfov_deg: must be within"},
    {"pair", "\"post_gap_s\": [1, 4]", "\"post_gap_s\": [4, 1]",
     "service.post_gap_s: its first number"},
    {"unordered", "\"open_order\": [\"till\"]", "\"open_order\": [\"till\", \"till\"]",
     "service.open_order: must have 0 to 1 entries, has 2"},
    {"twice", "\"id\": \"cam-till\"", "\"id\": \"cam-door\"",
     "cameras[1]: the id \"cam-door\" is there twice"},
};

static char *replaced(const char *text, const char *from, const char *to) {
  GString *changed = g_string_new(text);
  g_assert_cmpuint(g_string_replace(changed, from, to, 1), ==, 1);
  return g_string_free(changed, FALSE);
}

static void test_mistake(gconstpointer data) {
  const Mistake *mistake = data;
  g_autofree char *kiosk = read_text(KIOSK);
  g_autofree char *text = replaced(kiosk, mistake->from, mistake->to);
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_scenario_parse(text, strlen(text), &error));
  g_assert_nonnull(error);
  if (!strstr(error->message, mistake->message))
    g_error("expected \"%s\" in: %s", mistake->message, error->message);
}

static void test_kiosk(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_assert_cmpstr(s->id.text, ==, "kiosk");
  g_assert_cmpuint(s->n_cameras, ==, 2);
  g_assert_cmpuint(s->n_slots, ==, 10);
  g_assert_cmpint(s->hours[6].closes, ==, 0);
  g_assert_cmpint(s->hours[0].opens, ==, 8 * 60);
  g_assert_true(s->zones[0].parent == -1 && !s->zones[0].is_leaf && s->zones[3].is_leaf);
  g_assert_cmpfloat_with_epsilon(s->slots[0].stand.y, 0.95, 1e-9);
  g_assert_cmpint(s->products[3].cents, ==, 90);
}

static void test_not_an_object(void) {
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_scenario_parse("[1]", 3, &error));
  g_assert_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_VALUE);
}

static void test_too_large(void) {
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_scenario_parse("", IV_SCENARIO_BYTES_MAX + 1, &error));
  g_assert_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_SYNTAX);
}

static void check_noise(const char *name, gboolean hides) {
  g_autofree char *path = iv_test_shared_path(name);
  if (!path) {
    g_test_skip("no shared data beside the checkout");
    return;
  }
  g_autofree char *text = read_text(path);
  IvSightNoise noise;
  g_autoptr(GError) error = NULL;
  g_assert_true(iv_sight_noise_parse(text, strlen(text), &noise, &error));
  g_assert_cmpint(noise.fixtures_hide, ==, hides);
  g_assert_cmpint(noise.outages, ==, hides);
}

static void test_noise(void) {
  check_noise("data/scenarios/noise-none.yaml", FALSE);
  check_noise("data/scenarios/noise-standard.yaml", TRUE);
}

static void test_noise_faults(void) {
  IvSightNoise noise = {TRUE, TRUE};
  const char *text = "{\"format\":\"inveye-noise\",\"misses\":{\"rate\":3},\"occlusion\":{}}";
  g_autoptr(GError) error = NULL;
  g_assert_false(iv_sight_noise_parse(text, strlen(text), &noise, &error));
  g_assert_nonnull(strstr(error->message, "misses.rate: must be within 0 and 1"));
  g_assert_true(noise.fixtures_hide && noise.outages);
}

/* What people call things; where the file does not say, it is made of the id. */
static void test_names(void) {
  g_autofree char *kiosk = read_text(KIOSK);
  g_autofree char *text = replaced(kiosk, "\"name\": \"Drinks\", ", "");
  g_autoptr(GError) error = NULL;
  IvScenario *s = iv_scenario_parse(text, strlen(text), &error);
  g_assert_no_error(error);
  g_assert_cmpstr(s->zones[3].id.text, ==, "drinks");
  g_assert_cmpstr(s->zones[3].name, ==, "Drinks");
  g_assert_cmpstr(s->zones[7].name, ==, "Behind the till");
  g_assert_cmpstr(s->lanes[0].name, ==, "Till");
  g_assert_cmpstr(s->products[1].name, ==, "Magazine");
  g_assert_cmpstr(s->cameras[1].name, ==, "Cam till");
  iv_scenario_free(s);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/scenario/kiosk", test_kiosk);
  g_test_add_func("/sim/scenario/not-an-object", test_not_an_object);
  g_test_add_func("/sim/scenario/too-large", test_too_large);
  g_test_add_func("/sim/scenario/noise", test_noise);
  g_test_add_func("/sim/scenario/noise-faults", test_noise_faults);
  g_test_add_func("/sim/scenario/names", test_names);
  for (guint i = 0; i < G_N_ELEMENTS(mistakes); i++) {
    g_autofree char *path = g_strconcat("/sim/scenario/mistake/", mistakes[i].name, NULL);
    g_test_add_data_func(path, &mistakes[i], test_mistake);
  }
  return g_test_run();
}
