/* SPDX-License-Identifier: Apache-2.0 */
#include "model/event_json.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK(iv - event - error - quark, iv_event_error)

#define REFUSE(...) (g_set_error(error, IV_EVENT_ERROR, IV_EVENT_ERROR_INVALID, __VA_ARGS__), FALSE)

static void put_time(json_t *json, const char *key, IvTime t) {
  char text[IV_TIME_TEXT_MAX];
  json_object_set_new(json, key, json_string(iv_time_to_text(t, text)));
}

static void put_text(json_t *json, const char *key, const char *text) {
  if (text[0])
    json_object_set_new(json, key, json_string(text));
}

static json_t *attr_to_json(const IvAttr *attr) {
  char text[IV_TIME_TEXT_MAX];
  switch (iv_attr_info(attr->key)->type) {
  case IV_ATTR_NUMBER:
    return isfinite(attr->number) && attr->number == trunc(attr->number) &&
                   fabs(attr->number) < 9e15
               ? json_integer((json_int_t)attr->number)
               : json_real(attr->number);
  case IV_ATTR_FLAG:
    return json_boolean(attr->flag);
  case IV_ATTR_TIME:
    return json_string(iv_time_to_text(attr->time, text));
  case IV_ATTR_TEXT:
    return json_string(attr->text);
  }
  return NULL;
}

json_t *iv_event_attrs_to_json(const IvEvent *event) {
  json_t *attrs = json_object();
  for (guint i = 0; i < event->n_attrs; i++)
    json_object_set_new(attrs, iv_attr_info(event->attrs[i].key)->name,
                        attr_to_json(&event->attrs[i]));
  return attrs;
}

json_t *iv_event_to_json(const IvEvent *event) {
  char uuid[IV_UUID_TEXT_MAX], who[IV_VISITOR_TEXT_MAX];
  json_t *json = json_object();
  json_object_set_new(json, "id", json_string(iv_uuid_to_text(&event->id, uuid)));
  put_text(json, "store_id", event->store_id.text);
  put_text(json, "edge_id", event->edge_id.text);
  put_text(json, "camera_id", event->camera_id.text);
  put_text(json, "kind", event->kind_name);
  put_time(json, "ts", event->ts);
  if (event->end_ts != IV_TIME_NONE)
    put_time(json, "end_ts", event->end_ts);
  if (event->tracklet_id)
    json_object_set_new(json, "tracklet_id", json_integer((json_int_t)event->tracklet_id));
  if (event->visitor)
    json_object_set_new(json, "visitor_id", json_string(iv_visitor_to_text(event->visitor, who)));
  put_text(json, "zone_id", event->zone_id.text);
  put_text(json, "line_id", event->line_id.text);
  put_text(json, "lane_id", event->lane_id.text);
  if (event->score >= 0)
    json_object_set_new(json, "score", json_real((double)event->score));
  json_object_set_new(json, "attrs", iv_event_attrs_to_json(event));
  if (event->scene_version)
    json_object_set_new(json, "scene_version", json_integer(event->scene_version));
  put_text(json, "model_version", event->model_version);
  json_object_set_new(json, "schema", json_integer(IV_EVENT_SCHEMA));
  return json;
}

static gboolean get_slug(const json_t *json, const char *key, gboolean needed, IvSlug *ret_slug,
                         GError **error) {
  const json_t *value = json_object_get(json, key);
  if (!value && !needed)
    return TRUE;
  if (!iv_slug_set(ret_slug, json_string_value(value)))
    return REFUSE("event: %s must be 1 to %d of a-z, 0-9 and -", key, IV_SLUG_MAX);
  return TRUE;
}

static gboolean get_time(const json_t *json, const char *key, gboolean needed, IvTime *ret_time,
                         GError **error) {
  const json_t *value = json_object_get(json, key);
  if (!value && !needed)
    return TRUE;
  if (!iv_time_from_text(json_string_value(value), ret_time))
    return REFUSE("event: %s must be a time such as 2026-01-31T08:00:00.000Z", key);
  return TRUE;
}

static gboolean get_visitor(const json_t *json, guint64 *ret_visitor, GError **error) {
  const json_t *value = json_object_get(json, "visitor_id");
  if (value && !iv_visitor_from_text(json_string_value(value), ret_visitor))
    return REFUSE("event: visitor_id must be a day and a number such as 2026-01-31/CUST-0042");
  return TRUE;
}

static gboolean get_text(const json_t *json, const char *key, gboolean needed, char *ret_text,
                         gsize size, GError **error) {
  const json_t *value = json_object_get(json, key);
  if (!value && !needed)
    return TRUE;
  if (!json_is_string(value) || json_string_length(value) >= size ||
      strlen(json_string_value(value)) != json_string_length(value) ||
      (needed && json_string_length(value) == 0))
    return REFUSE("event: %s must be a text of 1 to %" G_GSIZE_FORMAT " bytes", key, size - 1);
  g_strlcpy(ret_text, json_string_value(value), size);
  return TRUE;
}

static gboolean get_integer(const json_t *json, const char *key, gint64 max, gint64 *ret_value,
                            GError **error) {
  const json_t *value = json_object_get(json, key);
  if (!value)
    return TRUE;
  if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > max)
    return REFUSE("event: %s must be a whole number from 0 to %" G_GINT64_FORMAT, key, max);
  *ret_value = json_integer_value(value);
  return TRUE;
}

/* Attributes of the wrong type are refused, unknown names ignored: a newer edge may send more. */
static gboolean get_attr(IvEvent *event, IvAttrKey key, const json_t *value, GError **error) {
  const IvAttrInfo *info = iv_attr_info(key);
  IvTime time;
  switch (info->type) {
  case IV_ATTR_NUMBER:
    if (!json_is_number(value) || !isfinite(json_number_value(value)))
      return REFUSE("event: attrs.%s must be a number", info->name);
    iv_event_set_number(event, key, json_number_value(value));
    return TRUE;
  case IV_ATTR_FLAG:
    if (!json_is_boolean(value))
      return REFUSE("event: attrs.%s must be true or false", info->name);
    iv_event_set_flag(event, key, json_is_true(value));
    return TRUE;
  case IV_ATTR_TIME:
    if (!iv_time_from_text(json_string_value(value), &time))
      return REFUSE("event: attrs.%s must be a time", info->name);
    iv_event_set_time(event, key, time);
    return TRUE;
  case IV_ATTR_TEXT:
    if (!json_is_string(value) || json_string_length(value) > IV_ATTR_TEXT_MAX)
      return REFUSE("event: attrs.%s must be a text of at most %d bytes", info->name,
                    IV_ATTR_TEXT_MAX);
    iv_event_set_text(event, key, json_string_value(value));
    return TRUE;
  }
  return FALSE;
}

static gboolean get_attrs(const json_t *json, IvEvent *event, GError **error) {
  const json_t *attrs = json_object_get(json, "attrs");
  if (attrs && !json_is_object(attrs))
    return REFUSE("event: attrs must be an object");
  for (int key = 0; key < IV_ATTR_KINDS; key++) {
    const json_t *value = json_object_get(attrs, iv_attr_info((IvAttrKey)key)->name);
    if (!value)
      continue;
    if (event->n_attrs == IV_EVENT_ATTRS_MAX)
      return REFUSE("event: more than %d attributes", IV_EVENT_ATTRS_MAX);
    if (!get_attr(event, (IvAttrKey)key, value, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean get_ids(const json_t *json, IvEvent *event, GError **error) {
  return get_slug(json, "store_id", TRUE, &event->store_id, error) &&
         get_slug(json, "edge_id", FALSE, &event->edge_id, error) &&
         get_slug(json, "camera_id", FALSE, &event->camera_id, error) &&
         get_slug(json, "zone_id", FALSE, &event->zone_id, error) &&
         get_slug(json, "line_id", FALSE, &event->line_id, error) &&
         get_slug(json, "lane_id", FALSE, &event->lane_id, error) &&
         get_visitor(json, &event->visitor, error) &&
         get_text(json, "model_version", FALSE, event->model_version, sizeof event->model_version,
                  error);
}

static gboolean get_numbers(const json_t *json, IvEvent *event, GError **error) {
  gint64 tracklet = 0, version = 0;
  if (!get_integer(json, "tracklet_id", G_MAXINT64, &tracklet, error) ||
      !get_integer(json, "scene_version", G_MAXINT, &version, error))
    return FALSE;
  event->tracklet_id = (guint64)tracklet;
  event->scene_version = (int)version;
  const json_t *score = json_object_get(json, "score");
  double v = json_number_value(score);
  if (score && (!json_is_number(score) || !(v >= 0 && v <= 1)))
    return REFUSE("event: score must be a number from 0 to 1");
  if (score)
    event->score = (float)v;
  return TRUE;
}

gboolean iv_event_from_json(const json_t *json, IvEvent *ret_event, GError **error) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_UNKNOWN, 0);
  if (!json_is_object(json))
    return REFUSE("event: must be a JSON object");
  if (!iv_uuid_from_text(json_string_value(json_object_get(json, "id")), &event.id))
    return REFUSE("event: id must be a UUID");
  if (!get_text(json, "kind", TRUE, event.kind_name, sizeof event.kind_name, error) ||
      !get_time(json, "ts", TRUE, &event.ts, error) ||
      !get_time(json, "end_ts", FALSE, &event.end_ts, error))
    return FALSE;
  event.kind = iv_event_kind_from_name(event.kind_name);
  if (event.end_ts != IV_TIME_NONE && event.end_ts < event.ts)
    return REFUSE("event: end_ts lies before ts");
  if (!get_ids(json, &event, error) || !get_numbers(json, &event, error) ||
      !get_attrs(json, &event, error))
    return FALSE;
  *ret_event = event;
  return TRUE;
}
