/* SPDX-License-Identifier: Apache-2.0 */
#include "config/camera_settings.h"

#include <string.h>

static IvConfig *parse(const char *text, const char *url, GError **error) {
  json_t *json = json_loads(text, 0, NULL);
  g_assert_nonnull(json);
  IvConfig *config = iv_camera_settings_read(json, &(IvCameraAddresses){url, NULL}, error);
  json_decref(json);
  return config;
}

static void test_there_and_back(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvConfig) config =
      parse("{\"id\": \"door\", \"name\": \"T\\u00fcr \\\"1\\\"\", \"number\": 12, \"role\": "
            "\"entrance\", \"transport\": \"udp\", \"fps\": 7.5, \"enabled\": false, "
            "\"motion_gate\": null}",
            "rtsp://viewer:g%20h@192.0.2.1/s?a=1", &error);
  g_assert_no_error(error);
  const IvCameraConfig *camera = &config->cameras[0];
  g_assert_cmpuint(config->n_cameras, ==, 1);
  g_assert_cmpstr(camera->name, ==, "Tür \"1\"");
  g_assert_cmpstr(camera->url, ==, "rtsp://viewer:g%20h@192.0.2.1/s?a=1");
  g_assert_true(camera->udp && camera->motion_gate && !camera->enabled);
  json_t *json = iv_camera_settings_to_json(camera);
  g_assert_cmpstr(json_string_value(json_object_get(json, "url")), ==,
                  "rtsp://viewer:***@192.0.2.1/s?a=1");
  g_assert_cmpfloat(json_real_value(json_object_get(json, "fps")), ==, 7.5);
  g_assert_cmpint(json_integer_value(json_object_get(json, "number")), ==, 12);
  g_assert_true(json_is_false(json_object_get(json, "enabled")));
  g_autoptr(IvConfig) again =
      iv_camera_settings_read(json, &(IvCameraAddresses){camera->url, NULL}, &error);
  g_assert_no_error(error);
  json_t *same = iv_camera_settings_to_json(&again->cameras[0]);
  g_assert_true(json_equal(json, same));
  json_decref(same);
  json_decref(json);
}

/* A camera with two streams; without an address of the second it has one. */
static void test_sub_stream(void) {
  static const char settings[] = "{\"id\": \"a\", \"sub_url\": \"rtsp://192.0.2.1/small\"}";
  g_autoptr(GError) error = NULL;
  g_autoptr(IvConfig) config = parse(settings, "rtsp://u:p@192.0.2.1/large", &error);
  g_assert_no_error(error);
  g_assert_cmpstr(config->cameras[0].sub_url, ==, "rtsp://192.0.2.1/small");
  g_assert_true(iv_config_analyses_sub(&config->cameras[0]));
  json_t *json = json_loads(settings, 0, NULL);
  json_object_set_new(json, "analyse", json_string("main"));
  IvCameraAddresses addresses = {"rtsp://192.0.2.1/large", "rtsp://u:p@192.0.2.1/small"};
  g_autoptr(IvConfig) other = iv_camera_settings_read(json, &addresses, &error);
  g_assert_no_error(error);
  g_assert_false(iv_config_analyses_sub(&other->cameras[0]));
  json_t *told = iv_camera_settings_to_json(&other->cameras[0]);
  g_assert_cmpstr(json_string_value(json_object_get(told, "sub_url")), ==,
                  "rtsp://u:***@192.0.2.1/small");
  json_decref(told);
  addresses.sub_url = "";
  g_autoptr(IvConfig) single = iv_camera_settings_read(json, &addresses, &error);
  g_assert_no_error(error);
  g_assert_null(single->cameras[0].sub_url);
  json_object_set_new(json, "analyse", json_string("sub"));
  g_autoptr(IvConfig) none = iv_camera_settings_read(json, &addresses, &error);
  g_assert_null(none);
  g_assert_nonnull(strstr(error->message, "sub_url"));
  json_decref(json);
}

/* Not analysed: neither stream is; recording when something happens can't be asked for. */
static void test_not_analysed(void) {
  static const char settings[] =
      "{\"id\": \"a\", \"sub_url\": \"rtsp://192.0.2.1/small\", \"analyse\": \"off\"}";
  g_autoptr(GError) error = NULL;
  g_autoptr(IvConfig) config = parse(settings, "rtsp://192.0.2.1/large", &error);
  g_assert_no_error(error);
  g_assert_false(iv_config_analyses(&config->cameras[0]));
  g_assert_false(iv_config_analyses_sub(&config->cameras[0]));
  json_t *told = iv_camera_settings_to_json(&config->cameras[0]);
  g_assert_cmpstr(json_string_value(json_object_get(told, "analyse")), ==, "off");
  json_decref(told);
  g_autoptr(IvConfig) events =
      parse("{\"id\": \"a\", \"analyse\": \"off\", \"recording\": \"events\"}",
            "rtsp://192.0.2.1/large", &error);
  g_assert_null(events);
  g_assert_nonnull(strstr(error->message, "recording: events needs the analysis"));
}

/* The file's variables are for who writes the file: nobody else reads the server's secrets. */
static void test_nothing_is_expanded(void) {
  g_autoptr(GError) error = NULL;
  g_setenv("IV_TEST_SECRET", "geheim", TRUE);
  g_autoptr(IvConfig) config =
      parse("{\"id\": \"a\", \"name\": \"${IV_TEST_SECRET} $${X} ${file:/etc/hostname}\"}",
            "rtsp://192.0.2.1/${IV_TEST_SECRET}", &error);
  g_assert_no_error(error);
  g_assert_cmpstr(config->cameras[0].name, ==, "${IV_TEST_SECRET} $${X} ${file:/etc/hostname}");
  g_assert_cmpstr(config->cameras[0].url, ==, "rtsp://192.0.2.1/${IV_TEST_SECRET}");
}

static void test_refused(void) {
  static const struct {
    const char *settings, *text;
  } cases[] = {
      {"{\"id\": \"a\", \"fps\": 99}", "fps: "},
      {"{\"id\": \"a\", \"role\": \"boss\"}", "role: "},
      {"{\"id\": \"a\", \"colour\": 1}", "colour"},
      {"{\"id\": \"a\", \"scene\": {}}", "scene is no setting"},
      {"{\"id\": \"a\", \"name\": {\"x\": 1}}", "name must be one value"},
      {"{\"id\": \"A b\"}", "id: "},
      {"{}", "id"},
      {"[]", "an object"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(parse(cases[i].settings, "rtsp://u:geheim@192.0.2.1/", &error));
    g_assert_error(error, IV_CAMERA_SETTINGS_ERROR, IV_CAMERA_SETTINGS_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, cases[i].text));
    g_assert_null(strstr(error->message, "geheim"));
    g_assert_null(strstr(error->message, "cameras["));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/camera-settings/there-and-back", test_there_and_back);
  g_test_add_func("/camera-settings/sub-stream", test_sub_stream);
  g_test_add_func("/camera-settings/not-analysed", test_not_analysed);
  g_test_add_func("/camera-settings/nothing-is-expanded", test_nothing_is_expanded);
  g_test_add_func("/camera-settings/refused", test_refused);
  return g_test_run();
}
