/* SPDX-License-Identifier: Apache-2.0 */
#include "config/keys.h"
#include "reading.h"

/* Room for any section's struct. */
typedef union {
  IvServerConfig server;
  IvStoreConfig store;
  IvDetectorConfig detector;
  IvTrackingConfig tracker;
  IvRulesConfig rules;
  IvRetentionConfig retention;
  IvCameraConfig camera;
  IvRecordingConfig recording;
  IvSnapshotConfig snapshots;
  IvArchiveConfig archive;
} AnySection;

typedef void (*KeyCheck)(const IvSection *section, const IvKey *key);

static void each_key(KeyCheck check) {
  guint n;
  const IvSection *sections = iv_sections(&n);
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < sections[i].n_keys; k++)
      check(&sections[i], &sections[i].keys[k]);
}

static gboolean accepts(const IvKey *key, const char *text) {
  AnySection space = {0};
  IvSection one = {.keys = key, .n_keys = 1};
  g_autoptr(GError) error = NULL;
  gboolean good = iv_value_read(key, text, NULL, &space, &error);
  g_assert_true(good == (error == NULL));
  iv_section_clear(&one, &space);
  return good;
}

static void check_default(const IvSection *section, const IvKey *key) {
  AnySection space = {0};
  g_assert_nonnull(key->help);
  g_assert_true(g_str_has_suffix(key->help, "."));
  if (!key->fallback) {
    g_assert_nonnull(key->example);
    return;
  }
  if (!*key->fallback) {
    g_assert_nonnull(key->absent);
    return;
  }
  g_autoptr(GError) error = NULL;
  iv_value_read(key, key->fallback, NULL, &space, &error);
  g_assert_no_error(error);
  g_autofree char *printed = iv_value_print(key, &space);
  g_assert_cmpstr(printed, ==, key->fallback);
  iv_section_clear(section, &space);
}

static void test_defaults(void) {
  each_key(check_default);
}

static void check_range(const IvSection *section, const IvKey *key) {
  (void)section;
  if (key->type != IV_KEY_INTEGER && key->type != IV_KEY_NUMBER && key->type != IV_KEY_DURATION)
    return;
  const char *unit = key->type == IV_KEY_DURATION ? " s" : "";
  double step = key->type == IV_KEY_INTEGER ? 1 : 0.001;
  struct {
    double v;
    gboolean good;
  } cases[] = {{key->min, TRUE},
               {key->max, TRUE},
               {key->min - step, FALSE},
               {key->max + step, FALSE},
               {(key->min + key->max) / 2, key->type != IV_KEY_INTEGER}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf("%.12g%s", cases[i].v, unit);
    if (i == 4 && key->type == IV_KEY_INTEGER && !strchr(text, '.'))
      continue;
    if (accepts(key, text) != cases[i].good)
      g_error("%s: %s", key->name, text);
  }
  for (guint i = 0; i < 2; i++) {
    static const char *const never[] = {"nan", "1e999"};
    g_assert_false(accepts(key, never[i]));
  }
}

static void test_ranges(void) {
  each_key(check_range);
}

static void check_words(const IvSection *section, const IvKey *key) {
  (void)section;
  g_assert_true(key->words || (key->type != IV_KEY_CHOICE && key->type != IV_KEY_WORD));
  if (key->type == IV_KEY_RELAY) /* its words are schemes */
    return;
  for (guint i = 0; key->words && key->words[i]; i++)
    g_assert_true(accepts(key, key->words[i]));
  if (key->words)
    g_assert_false(accepts(key, "no-such-word"));
}

static void test_words(void) {
  each_key(check_words);
}

static const IvKey *find_key(const char *section_name, const char *name) {
  const IvSection *section = iv_section(section_name);
  for (guint i = 0; i < section->n_keys; i++)
    if (strcmp(section->keys[i].name, name) == 0)
      return &section->keys[i];
  g_error("no key %s.%s", section_name, name);
}

static void test_types(void) {
  static const struct {
    const char *section, *name, *text;
    gboolean good;
  } cases[] = {
      {"cameras", "enabled", "yes", TRUE},
      {"cameras", "enabled", "Off", TRUE},
      {"cameras", "enabled", "maybe", FALSE},
      {"cameras", "fps", "7.5", TRUE},
      {"cameras", "fps", "0x10", FALSE},
      {"cameras", "fps", "5 fps", FALSE},
      {"cameras", "fps", "5,5", FALSE},
      {"cameras", "number", "3.0", FALSE},
      {"rules", "min_dwell", "1500 ms", TRUE},
      {"rules", "min_dwell", "1.5s", TRUE},
      {"rules", "min_dwell", "2", FALSE},
      {"rules", "min_dwell", "0", TRUE},
      {"rules", "min_dwell", "2 sec", FALSE},
      {"rules", "min_dwell", "-1 s", FALSE},
      {"retention", "events", "2160 h", TRUE},
      {"detector", "size", "320x256", TRUE},
      {"detector", "size", "320x255", FALSE},
      {"detector", "size", "320", FALSE},
      {"detector", "size", "320x256x3", FALSE},
      {"detector", "size", "16x16", FALSE},
      {"server", "listen", "0.0.0.0", TRUE},
      {"server", "listen", "::1", TRUE},
      {"server", "listen", "localhost", FALSE},
      {"server", "listen", "127.0.0.1:80", FALSE},
      {"store", "id", "high-street-2", TRUE},
      {"store", "id", "High Street", FALSE},
      {"store", "name", "", FALSE},
      {"store", "time_zone", "UTC", TRUE},
      {"store", "time_zone", "Mars/Olympus", FALSE},
      {"store", "time_zone", "../../etc/passwd", FALSE},
      {"store", "time_zone", "/etc/passwd", FALSE},
      {"cameras", "url", "rtsp://10.0.0.5/stream1", TRUE},
      {"cameras", "url", "rtsps://u:p@host:322/x", TRUE},
      {"cameras", "url", "http://10.0.0.5/video", TRUE},
      {"cameras", "url", "ftp://10.0.0.5/video", FALSE},
      {"cameras", "url", "videos/front.mp4", TRUE},
      {"cameras", "url", "", FALSE},
      {"live", "stun", "stun://stun.example.org:3478", TRUE},
      {"live", "stun", "stun://[2001:db8::1]", TRUE},
      {"live", "stun", "turn://stun.example.org", FALSE},
      {"live", "stun", "stun.example.org:3478", FALSE},
      {"live", "turn", "turn://u:p%40q@turn.example.org:3478?transport=tcp", TRUE},
      {"live", "turn", "turns://u:p@turn.example.org", TRUE},
      {"live", "turn", "turn://u:p@", FALSE},
      {"live", "turn", "turn://turn.example.org/path", FALSE},
      {"live", "viewers", "0", FALSE},
      {"live", "port_min", "80", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    if (accepts(find_key(cases[i].section, cases[i].name), cases[i].text) != cases[i].good)
      g_error("%s.%s: \"%s\"", cases[i].section, cases[i].name, cases[i].text);
}

static void test_failure_leaves_value(void) {
  IvCameraConfig camera = {.fps = 7};
  g_autoptr(GError) error = NULL;
  g_assert_true(iv_value_read(find_key("cameras", "recording"), "events", NULL, &camera, &error));
  g_assert_cmpint(camera.recording, ==, IV_RECORDING_EVENTS + 1); /* 0 says nothing */
  g_assert_false(iv_value_read(find_key("cameras", "fps"), "31", NULL, &camera, &error));
  g_assert_cmpfloat(camera.fps, ==, 7);
  g_assert_cmpstr(error->message, ==, "\"31\" is out of range; use 0.5 to 30");
}

static void test_all_defaults(void) {
  g_autoptr(IvConfig) config = iv_config_new();
  g_assert_cmpstr(config->server.listen, ==, "127.0.0.1");
  g_assert_cmpint(config->server.log_level, ==, IV_LOG_INFO);
  g_assert_null(config->server.web_dir);
  g_assert_cmpfloat(config->detector.score, ==, 0); /* the tracker's low_score */
  g_assert_cmpfloat(config->tracker.low_score, ==, 0.25);
  g_assert_cmpint(config->detector.size.width, ==, 0);
  g_assert_cmpstr(config->detector.form, ==, "auto");
  g_assert_cmpint(config->rules.min_dwell, ==, 2 * IV_SECOND);
  g_assert_cmpint(config->rules.engaged_dwell, ==, 15 * IV_SECOND);
  g_assert_cmpfloat(config->rules.hysteresis, ==, 0.12);
  g_assert_cmpint(config->rules.turn_back, ==, 2 * IV_SECOND);
  g_assert_cmpint(config->retention.events, ==, 90 * IV_DAY);
  g_assert_cmpint(config->recording.mode, ==, IV_RECORDING_OFF);
  g_assert_cmpint(config->recording.keep, ==, 7 * IV_DAY);
  g_assert_cmpfloat(config->recording.keep_gb, ==, 0); /* no limit */
  g_assert_cmpfloat(config->recording.reserve_gb, ==, 2);
  g_assert_cmpint(config->recording.exports_keep, ==, 7 * IV_DAY);
  g_assert_null(config->recording.folder);
  g_assert_cmpstr(config->store.name, ==, config->store.id.text);
}

/* Two keys must never write into the same place, and none outside its struct. */
static void test_offsets(void) {
  static const struct {
    const char *section;
    gsize size;
  } structs[] = {
      {"server", sizeof(IvServerConfig)},       {"store", sizeof(IvStoreConfig)},
      {"detector", sizeof(IvDetectorConfig)},   {"tracker", sizeof(IvTrackingConfig)},
      {"rules", sizeof(IvRulesConfig)},         {"retention", sizeof(IvRetentionConfig)},
      {"sales", sizeof(IvSalesConfig)},         {"simulate", sizeof(IvSimulateConfig)},
      {"live", sizeof(IvLiveConfig)},           {"floor_plan", sizeof(IvFloorPlanConfig)},
      {"recording", sizeof(IvRecordingConfig)}, {"snapshots", sizeof(IvSnapshotConfig)},
      {"privacy", sizeof(IvPrivacyConfig)},     {"archive", sizeof(IvArchiveConfig)},
      {"restream", sizeof(IvRestreamConfig)},   {"network", sizeof(IvNetworkConfig)},
      {"cameras", sizeof(IvCameraConfig)}};
  guint n;
  iv_sections(&n);
  g_assert_cmpuint(n, ==, G_N_ELEMENTS(structs));
  for (guint i = 0; i < n; i++) {
    const IvSection *section = iv_section(structs[i].section);
    for (guint a = 0; a < section->n_keys; a++) {
      g_assert_cmpuint(section->keys[a].offset, <, structs[i].size);
      for (guint b = 0; b < a; b++) {
        g_assert_cmpuint(section->keys[a].offset, !=, section->keys[b].offset);
        g_assert_cmpstr(section->keys[a].name, !=, section->keys[b].name);
      }
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/config/keys/defaults", test_defaults);
  g_test_add_func("/config/keys/ranges", test_ranges);
  g_test_add_func("/config/keys/words", test_words);
  g_test_add_func("/config/keys/types", test_types);
  g_test_add_func("/config/keys/failure-leaves-value", test_failure_leaves_value);
  g_test_add_func("/config/keys/all-defaults", test_all_defaults);
  g_test_add_func("/config/keys/offsets", test_offsets);
  return g_test_run();
}
