/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "reading.h"

#define SECRET "s3cr3tW0rd"

typedef struct {
  char *dir, *secret;
} Folder;

static void set_up(Folder *folder, gconstpointer data) {
  (void)data;
  folder->dir = g_dir_make_tmp("inveye-secret-XXXXXX", NULL);
  folder->secret = g_build_filename(folder->dir, "cam1", NULL);
  g_assert_true(g_file_set_contents(folder->secret, SECRET "@/: \n", -1, NULL));
  g_assert_cmpint(g_chmod(folder->secret, 0600), ==, 0);
}

static void tear_down(Folder *folder, gconstpointer data) {
  (void)data;
  g_unlink(folder->secret);
  g_rmdir(folder->dir);
  g_free(folder->secret);
  g_free(folder->dir);
}

static IvConfig *parse_in(const Folder *folder, const char *text, char **ret_findings) {
  g_autoptr(IvConfigReport) report = iv_config_report_new("store.yaml");
  IvConfig *config = iv_config_parse(text, strlen(text), folder->dir, report);
  *ret_findings = iv_config_report_text(report);
  return config;
}

static void test_secret_file(Folder *folder, gconstpointer data) {
  (void)data;
  g_autofree char *findings = NULL;
  g_autoptr(IvConfig) config = parse_in(
      folder,
      "store: {id: a}\ncameras: [{id: a, url: \"rtsp://admin:${file:cam1}@10.0.0.5/s1\"}]\n",
      &findings);
  g_assert_cmpstr(findings, ==, "");
  g_assert_cmpstr(config->cameras[0].url, ==, "rtsp://admin:" SECRET "%40%2F%3A%20@10.0.0.5/s1");
  g_autofree char *printed = iv_config_print(config);
  assert_has_not(printed, SECRET);
  assert_has(printed, "10.0.0.5");
}

static void test_open_secret_file(Folder *folder, gconstpointer data) {
  (void)data;
  g_autofree char *findings = NULL;
  g_assert_cmpint(g_chmod(folder->secret, 0644), ==, 0);
  g_autoptr(IvConfig) config = parse_in(
      folder, "store: {id: a}\ncameras: [{id: a, url: \"rtsp://u:${file:cam1}@h/\"}]\n", &findings);
  g_assert_nonnull(config);
  assert_has(findings, "warning: everybody on this machine can read the secret file");
  assert_has_not(findings, SECRET);
}

static void test_secret_elsewhere(Folder *folder, gconstpointer data) {
  (void)data;
  static const char *const texts[] = {
      "store: {id: a, name: \"${file:cam1}\"}\n",
      "store: {id: \"${file:cam1}\"}\n",
      "store: {id: a}\ndetector: {score: \"${file:cam1}\"}\n",
      ("store: {id: a}\ncameras: [{id: a, url: 'rtsp://h/', scene: {image: {w: 99, h: 99},"
       " zones: [{id: \"${file:cam1}\", polygon: []}]}}]\n"),
  };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *findings = NULL;
    g_assert_null(parse_in(folder, texts[i], &findings));
    assert_has(findings, "secret");
    assert_has_not(findings, SECRET);
  }
}

static void test_bad_secret_files(Folder *folder, gconstpointer data) {
  (void)data;
  g_autofree char *pipe_path = g_build_filename(folder->dir, "pipe", NULL);
  g_autofree char *lines = g_build_filename(folder->dir, "lines", NULL);
  g_autofree char *empty = g_build_filename(folder->dir, "empty", NULL);
  g_autofree char *large = g_build_filename(folder->dir, "large", NULL);
  g_autofree char *filling = g_strnfill(IV_CONFIG_SECRET_BYTES_MAX + 1, 'x');
  g_assert_cmpint(mkfifo(pipe_path, 0600), ==, 0);
  g_assert_true(g_file_set_contents(lines, "a\nb\n", -1, NULL));
  g_assert_true(g_file_set_contents(empty, "\n", -1, NULL));
  g_assert_true(g_file_set_contents(large, filling, -1, NULL));
  static const struct {
    const char *name, *finding;
  } cases[] = {{"pipe", "it is not a file"},
               {"lines", "must hold one line of text"},
               {"empty", "must hold one line of text"},
               {"large", "File too large"},
               {"none", "No such file"},
               {"", "it is not a file"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *findings = NULL;
    g_autofree char *text = g_strdup_printf(
        "store: {id: a}\ncameras: [{id: a, url: \"rtsp://u:${file:%s}@h/\"}]\n", cases[i].name);
    g_assert_null(parse_in(folder, text, &findings));
    assert_has(findings, cases[i].finding);
    assert_has(findings, "store.yaml:2:24: secret file");
  }
  g_unlink(pipe_path);
  g_unlink(lines);
  g_unlink(empty);
  g_unlink(large);
}

static void test_variables(Folder *folder, gconstpointer data) {
  (void)data;
  static const struct {
    const char *written, *name; /* name NULL: an error with `finding` */
    const char *finding;
  } cases[] = {
      {"${IV_TEST_NAME}", "Corner shop", NULL},
      {"The ${IV_TEST_NAME}!", "The Corner shop!", NULL},
      {"${IV_TEST_UNSET:-Kiosk}", "Kiosk", NULL},
      {"${IV_TEST_EMPTY:-Kiosk}", "Kiosk", NULL},
      {"$${IV_TEST_NAME}", "${IV_TEST_NAME}", NULL},
      {"5 $ {", "5 $ {", NULL},
      {"a: ${IV_TEST_YAML}", "a: }, cameras: [{", NULL},
      {"${IV_TEST_UNSET}", NULL, "environment variable IV_TEST_UNSET is not set"},
      {"${IV_TEST_NAME", NULL, "has no \\\"}\\\""},
      {"${1A}", NULL, "must be ${NAME}"},
      {"${}", NULL, "must be ${NAME}"},
      {"${A B}", NULL, "must be ${NAME}"},
  };
  g_setenv("IV_TEST_NAME", "Corner shop", TRUE);
  g_setenv("IV_TEST_EMPTY", "", TRUE);
  g_setenv("IV_TEST_YAML", "}, cameras: [{", TRUE);
  g_unsetenv("IV_TEST_UNSET");
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *findings = NULL;
    g_autofree char *text = g_strdup_printf("store: {id: a, name: \"%s\"}\n", cases[i].written);
    g_autoptr(IvConfig) config = parse_in(folder, text, &findings);
    if (cases[i].name)
      g_assert_cmpstr(config->store.name, ==, cases[i].name);
    else {
      g_autofree char *expected = g_strcompress(cases[i].finding);
      g_assert_null(config);
      assert_has(findings, expected);
    }
  }
}

static void test_whole_address_from_variable(Folder *folder, gconstpointer data) {
  (void)data;
  g_autofree char *findings = NULL;
  g_setenv("IV_TEST_URL", "rtsp://u:" SECRET "@10.0.0.9:8554/a?b=c", TRUE);
  g_autoptr(IvConfig) config =
      parse_in(folder, "store: {id: a}\ncameras: [{id: a, url: \"${IV_TEST_URL}\"}]\n", &findings);
  g_assert_cmpstr(config->cameras[0].url, ==, "rtsp://u:" SECRET "@10.0.0.9:8554/a?b=c");
}

/* Wherever an address with a password lands in the file, nothing that is said or printed holds it.
 */
static void test_nothing_tells(Folder *folder, gconstpointer data) {
  (void)data;
  static const char *const texts[] = {
      "rtsp://admin:" SECRET "@10.0.0.5/s1\n",
      "rtsp://admin:" SECRET "@10.0.0.5/s1: x\n",
      "\"rtsp://admin:" SECRET "@10.0.0.5/s1\": x\n",
      "store: rtsp://admin:" SECRET "@10.0.0.5/s1\n",
      "store: {id: \"rtsp://admin:" SECRET "@10.0.0.5/s1\"}\n",
      "store: {id: a, time_zone: \"rtsp://admin:" SECRET "@10.0.0.5/s1\"}\n",
      "store: {id: a}\nserver: {port: \"rtsp://admin:" SECRET "@10.0.0.5/s1\"}\n",
      "store: {id: a}\nserver: {listen: \"rtsp://admin:" SECRET "@10.0.0.5/s1\"}\n",
      "store: {id: a}\nserver: {log_level: \"rtsp://admin:" SECRET "@10.0.0.5/s1\"}\n",
      "store: {id: a}\nrules: {min_dwell: \"rtsp://admin:" SECRET "@10.0.0.5/s1\"}\n",
      "store: {id: a}\ndetector: {size: \"rtsp://admin:" SECRET "@10.0.0.5/s1\"}\n",
      "store: {id: a}\ncameras: \"rtsp://admin:" SECRET "@10.0.0.5/s1\"\n",
      "store: {id: a}\ncameras: [\"rtsp://admin:" SECRET "@10.0.0.5/s1\"]\n",
      "store: {id: a}\ncameras: [{id: a, url: \"ftp://admin:" SECRET "@10.0.0.5/s1\"}]\n",
      "store: {id: a}\ncameras: [{id: a, url: \"rtsp://admin:" SECRET "@10.0.0.5:x/s1\"}]\n",
      "store: {id: a}\ncameras: [{id: a, url: \"rtsp://admin:" SECRET "@10.0.0.5/a b\"}]\n",
      "store: {id: a}\ncameras: [{id: a, url: \"rtsp://admin:" SECRET "@\"}]\n",
      "store: {id: a}\ncameras: [{id: a, uri: \"rtsp://admin:" SECRET "@10.0.0.5/s1\"}]\n",
      "store: {id: a}\ncameras: [{id: a, url: 'rtsp://h/', scene: \"rtsp://admin:" SECRET
      "@10.0.0.5/s1\"}]\n",
      "store: {id: a}\ncameras: [{id: a, url: 'rtsp://h/', scene: {image: {w: 99, h: 99}, "
      "\"rtsp://admin:" SECRET "@10.0.0.5/s1\": 1}}]\n",
      "store: {id: a}\ncameras: [{id: a, url: 'rtsp://h/', scene: {image: {w: 99, h: 99}, "
      "zones: [{id: \"rtsp://admin:" SECRET "@10.0.0.5/s1\", kind: \"rtsp://admin:" SECRET
      "@10.0.0.5/s1\", polygon: []}]}}]\n",
      "store: {id: a}\n{ url: rtsp://admin:" SECRET "@10.0.0.5/s1\n",
      "store: {id: a}\ncameras: [{id: a, url: \"rtsp://admin:" SECRET "@${nope\"}]\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *findings = NULL;
    g_assert_null(parse_in(folder, texts[i], &findings));
    assert_has_not(findings, SECRET);
  }
}

/* Told once a file, however many passwords it holds. */
static void test_open_configuration(Folder *folder, gconstpointer data) {
  (void)data;
  g_autofree char *path = g_build_filename(folder->dir, "store.yaml", NULL);
  static const struct {
    const char *url;
    int mode;
    gboolean warned;
  } cases[] = {{"rtsp://admin:" SECRET "@10.0.0.5/s1", 0644, TRUE},
               {"rtsp://admin:" SECRET "@10.0.0.5/s1", 0600, FALSE},
               {"rtsp://admin:${file:cam1}@10.0.0.5/s1", 0644, FALSE},
               {"rtsp://10.0.0.5/s1", 0644, FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
        g_strdup_printf("store: {id: a}\ncameras: [{id: a, url: \"%s\"}, {id: b, url: \"%s\"}]\n",
                        cases[i].url, cases[i].url);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(g_chmod(path, (mode_t)cases[i].mode), ==, 0);
    g_autoptr(IvConfigReport) report = iv_config_report_new(path);
    g_autoptr(IvConfig) config = iv_config_load(path, report);
    g_autofree char *findings = iv_config_report_text(report);
    g_assert_nonnull(config);
    g_assert_cmpint(report->n_warnings, ==, cases[i].warned ? 1 : 0);
    if (cases[i].warned)
      assert_has(findings, "the file holds a password and everybody on this machine can read it");
    assert_has_not(findings, SECRET);
  }
  g_unlink(path);
}

#define ADD(name, function) g_test_add(name, Folder, NULL, set_up, function, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("/config/secrets/file", test_secret_file);
  ADD("/config/secrets/open-file", test_open_secret_file);
  ADD("/config/secrets/elsewhere", test_secret_elsewhere);
  ADD("/config/secrets/bad-files", test_bad_secret_files);
  ADD("/config/secrets/variables", test_variables);
  ADD("/config/secrets/whole-address", test_whole_address_from_variable);
  ADD("/config/secrets/nothing-tells", test_nothing_tells);
  ADD("/config/secrets/open-configuration", test_open_configuration);
  return g_test_run();
}
