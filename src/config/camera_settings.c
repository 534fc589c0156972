/* SPDX-License-Identifier: Apache-2.0 */
#include "config/camera_settings.h"

#include <stdlib.h>
#include <string.h>

#include "config/keys.h"
#include "config/load.h"

G_DEFINE_QUARK(iv - camera - settings - error - quark, iv_camera_settings_error)

static gboolean is_number(const IvKey *key) {
  return key->type == IV_KEY_INTEGER || key->type == IV_KEY_NUMBER;
}

static json_t *value_to_json(const IvKey *key, const char *text) {
  char *end = NULL;
  if (key->type == IV_KEY_FLAG)
    return json_boolean(strcmp(text, "true") == 0);
  double number = is_number(key) ? g_ascii_strtod(text, &end) : 0;
  if (!is_number(key) || end == text || *end)
    return json_string(text);
  return key->type == IV_KEY_INTEGER ? json_integer((json_int_t)number) : json_real(number);
}

json_t *iv_camera_settings_to_json(const IvCameraConfig *camera) {
  const IvSection *section = iv_section("cameras");
  json_t *json = json_object();
  for (guint i = 0; i < section->n_keys; i++) {
    g_autofree char *text = iv_value_print(&section->keys[i], camera);
    if (*text)
      json_object_set_new(json, section->keys[i].name, value_to_json(&section->keys[i], text));
  }
  return json;
}

/* ---- reading ---- */

static json_t *plain_text(const char *text) {
  g_autoptr(GString) plain = g_string_new(text);
  g_string_replace(plain, "${", "$${", 0);
  return json_string(plain->str);
}

static gboolean is_no_text(const json_t *value) {
  return json_is_string(value) && json_string_length(value) == 0;
}

/* Not to be taken from the settings. */
static gboolean is_left_out(const char *key, const json_t *value,
                            const IvCameraAddresses *addresses) {
  if (strcmp(key, "url") == 0)
    return json_is_null(value) || addresses->url;
  if (strcmp(key, "sub_url") == 0)
    return json_is_null(value) || addresses->sub_url || is_no_text(value);
  return json_is_null(value);
}

/* Only values that a line of the file could hold; null is as if it were not there. */
static json_t *plain_settings(const json_t *settings, const IvCameraAddresses *addresses,
                              GError **error) {
  json_t *plain = json_object(), *value;
  const char *key;
  json_object_foreach((json_t *)settings, key, value) {
    if (is_left_out(key, value, addresses))
      continue;
    gboolean is_scene = strcmp(key, "scene") == 0;
    if (is_scene || json_is_object(value) || json_is_array(value)) {
      g_set_error(error, IV_CAMERA_SETTINGS_ERROR, IV_CAMERA_SETTINGS_ERROR_INVALID, "%s %s", key,
                  is_scene ? "is no setting: it has versions of its own; draw it in the editor"
                           : "must be one value");
      json_decref(plain);
      return NULL;
    }
    json_object_set_new(plain, key,
                        json_is_string(value) ? plain_text(json_string_value(value))
                                              : json_incref(value));
  }
  if (addresses->url)
    json_object_set_new(plain, "url", plain_text(addresses->url));
  if (addresses->sub_url && *addresses->sub_url)
    json_object_set_new(plain, "sub_url", plain_text(addresses->sub_url));
  return plain;
}

/* The file's keys begin with the camera's place in its list, which is none here. */
static void tell_first(const IvConfigReport *report, GError **error) {
  for (guint i = 0; i < report->findings->len; i++) {
    const IvConfigFinding *finding = g_ptr_array_index(report->findings, i);
    if (finding->level != IV_FINDING_ERROR)
      continue;
    const char *dot = strchr(finding->key, '.');
    g_set_error(error, IV_CAMERA_SETTINGS_ERROR, IV_CAMERA_SETTINGS_ERROR_INVALID, "%s%s%s",
                dot ? dot + 1 : "", dot ? ": " : "", finding->text);
    return;
  }
}

static IvConfig *parse(const json_t *plain, GError **error) {
  json_t *root = json_pack("{s{ss} s[O]}", "store", "id", "store", "cameras", plain);
  char *text = json_dumps(root, JSON_REAL_PRECISION(7));
  json_decref(root);
  g_autoptr(IvConfigReport) report = iv_config_report_new("settings");
  IvConfig *config = iv_config_parse(text, strlen(text), NULL, report);
  free(text);
  if (!config)
    tell_first(report, error);
  return config;
}

static gboolean is_object(const json_t *settings, GError **error) {
  if (json_is_object(settings))
    return TRUE;
  g_set_error_literal(error, IV_CAMERA_SETTINGS_ERROR, IV_CAMERA_SETTINGS_ERROR_INVALID,
                      "must be an object of keys and values");
  return FALSE;
}

IvConfig *iv_camera_settings_read(const json_t *settings, const IvCameraAddresses *addresses,
                                  GError **error) {
  if (!is_object(settings, error))
    return NULL;
  json_t *plain = plain_settings(settings, addresses ? addresses : &(IvCameraAddresses){0}, error);
  if (!plain)
    return NULL;
  IvConfig *config = parse(plain, error);
  json_decref(plain);
  return config;
}
