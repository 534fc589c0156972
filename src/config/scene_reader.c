/* SPDX-License-Identifier: Apache-2.0 */
#include "config/scene_reader.h"

#include <math.h>
#include <string.h>

#include "config/scene_grid.h"
#include "config/wording.h"

#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyz_0123456789"

void iv_reader_fault(IvSceneReader *reader, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *text = iv_printable(g_strdup_vprintf(format, args));
  va_end(args);
  reader->faults++;
  reader->on_fault(reader->at, text, reader->user_data);
}

gsize iv_reader_enter(IvSceneReader *reader, const char *name) {
  gsize length = strlen(reader->at);
  if (name[strspn(name, KEY_CHARACTERS)] == '\0' && strlen(name) <= IV_SLUG_MAX)
    g_snprintf(reader->at + length, (gulong)(sizeof reader->at - length), "/%s", name);
  return length;
}

gsize iv_reader_enter_item(IvSceneReader *reader, gsize index) {
  char name[24];
  g_snprintf(name, sizeof name, "%" G_GSIZE_FORMAT, index);
  return iv_reader_enter(reader, name);
}

void iv_reader_leave(IvSceneReader *reader, gsize length) {
  reader->at[length] = '\0';
}

gboolean iv_reader_is_object(IvSceneReader *reader, const json_t *json, const char *const *keys,
                             guint n) {
  const char *key;
  json_t *value;
  if (!json_is_object(json)) {
    g_autofree char *names = iv_names_joined(keys, n);
    iv_reader_fault(reader, "must be a mapping with the keys %s", names);
    return FALSE;
  }
  json_object_foreach((json_t *)json, key, value) {
    guint i = 0;
    while (i < n && strcmp(keys[i], key) != 0)
      i++;
    if (i < n)
      continue;
    g_autofree char *hint = iv_nearest_hint(key, keys, n);
    g_autofree char *names = iv_names_joined(keys, n);
    g_autofree char *quoted = iv_quoted(key);
    gsize back = iv_reader_enter(reader, key);
    iv_reader_fault(reader, "unknown key %s%s; known here: %s", quoted, hint, names);
    iv_reader_leave(reader, back);
  }
  return TRUE;
}

const char *iv_reader_text(IvSceneReader *reader, const json_t *json, const char *key,
                           const char *fallback) {
  const json_t *value = json_object_get(json, key);
  if (!value)
    return fallback;
  if (json_is_string(value))
    return json_string_value(value);
  gsize back = iv_reader_enter(reader, key);
  iv_reader_fault(reader, "must be text");
  iv_reader_leave(reader, back);
  return fallback;
}

static gboolean read_share(const json_t *json, float *ret_share) {
  double v = json_number_value(json);
  if (!json_is_number(json) || !(v > -0.5 / IV_SCENE_GRID && v < 1 + 0.5 / IV_SCENE_GRID))
    return FALSE;
  *ret_share = (float)(fabs(round(v * IV_SCENE_GRID)) / IV_SCENE_GRID); /* no -0 */
  return TRUE;
}

void iv_reader_point(IvSceneReader *reader, const json_t *json, IvPoint *ret_point) {
  if (!json_is_array(json) || json_array_size(json) != 2)
    iv_reader_fault(reader, "must be a point [x, y]");
  else if (!read_share(json_array_get(json, 0), &ret_point->x) ||
           !read_share(json_array_get(json, 1), &ret_point->y))
    iv_reader_fault(
        reader, "both numbers of a point are shares of the picture, from 0 to 1 (pixels divided "
                "by the picture's width and height)");
}

guint iv_reader_points(IvSceneReader *reader, const json_t *json, const char *key, guint min,
                       guint max, IvPoint *ret_points) {
  const json_t *list = json_object_get(json, key);
  gsize n = json_array_size(list), back = iv_reader_enter(reader, key);
  if (!json_is_array(list) || n < min || n > max) {
    iv_reader_fault(reader, "must be a list of %u to %u %s [x, y]", min, max,
                    min == 3 ? "corners" : "points");
    n = 0;
  }
  for (gsize i = 0; i < n; i++) {
    gsize item = iv_reader_enter_item(reader, i);
    iv_reader_point(reader, json_array_get(list, i), &ret_points[i]);
    iv_reader_leave(reader, item);
  }
  iv_reader_leave(reader, back);
  return (guint)n;
}

double iv_reader_number(IvSceneReader *reader, const json_t *json, const char *key, double min,
                        double max, double fallback) {
  const json_t *value = json_object_get(json, key);
  double v = json_number_value(value);
  if (!value)
    return fallback;
  if (json_is_number(value) && v >= min && v <= max)
    return v;
  gsize back = iv_reader_enter(reader, key);
  iv_reader_fault(reader, "must be a number, %g to %g", min, max);
  iv_reader_leave(reader, back);
  return fallback;
}

gboolean iv_reader_flag(IvSceneReader *reader, const json_t *json, const char *key) {
  const json_t *value = json_object_get(json, key);
  if (value && !json_is_boolean(value)) {
    gsize back = iv_reader_enter(reader, key);
    iv_reader_fault(reader, "must be true or false");
    iv_reader_leave(reader, back);
  }
  return json_is_true(value);
}

const json_t *iv_reader_list(IvSceneReader *reader, const json_t *json, const char *key,
                             guint max) {
  const json_t *list = json_object_get(json, key);
  if (!list || (json_is_array(list) && json_array_size(list) <= max))
    return list;
  gsize back = iv_reader_enter(reader, key);
  if (json_is_array(list))
    iv_reader_fault(reader, "holds more than %u; a picture has room for no more", max);
  else
    iv_reader_fault(reader, "must be a list");
  iv_reader_leave(reader, back);
  return NULL;
}
