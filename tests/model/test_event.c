/* SPDX-License-Identifier: Apache-2.0 */
#include "model/event.h"

#include <string.h>

#include "model/event_json.h"

#define TS ((IvTime)1795507200123000)

/* An event of this kind with everything set that it may have. */
static IvEvent full_event(IvEventKind kind) {
  const IvEventKindInfo *info = iv_event_kind_info(kind);
  IvEvent event;
  iv_event_init(&event, kind, TS);
  iv_slug_set(&event.store_id, "demo");
  iv_slug_set(&event.edge_id, "edge-1");
  iv_slug_set(&event.camera_id, "door");
  iv_slug_set(&event.zone_id, "shelf");
  iv_slug_set(&event.line_id, "entry");
  event.tracklet_id = G_MAXINT64;
  event.visitor = iv_visitor_make(20535, 42);
  event.score = 0.75f;
  event.scene_version = 3;
  strcpy(event.model_version, "nanodet-1a2b3c4d");
  if (info->interval)
    event.end_ts = TS + 15 * IV_SECOND;
  for (guint i = 0; i < info->n_attrs; i++) {
    IvAttrKey key = info->attrs[i];
    switch (iv_attr_info(key)->type) {
    case IV_ATTR_NUMBER:
      iv_event_set_number(&event, key, i % 2 ? 0.1 * i : 12.0 * i);
      break;
    case IV_ATTR_FLAG:
      iv_event_set_flag(&event, key, TRUE);
      break;
    case IV_ATTR_TIME:
      iv_event_set_time(&event, key, TS - IV_SECOND);
      break;
    case IV_ATTR_TEXT:
      iv_event_set_text(&event, key, "caf\xc3\xa9 \"x\"");
      break;
    }
  }
  iv_event_set_id(&event, "camera");
  return event;
}

static void test_table(void) {
  gboolean used[IV_ATTR_KINDS] = {FALSE};
  for (int kind = 0; kind < IV_EVENT_KINDS; kind++) {
    const IvEventKindInfo *info = iv_event_kind_info((IvEventKind)kind);
    g_assert_nonnull(strchr(info->name, '.'));
    g_assert_cmpuint(strlen(info->name), <=, IV_SLUG_MAX);
    g_assert_true(g_str_has_suffix(info->doc, "."));
    g_assert_cmpuint(info->n_attrs, <=, IV_EVENT_ATTRS_MAX);
    g_assert_cmpint(iv_event_kind_from_name(info->name), ==, kind);
    for (guint i = 0; i < info->n_attrs; i++)
      used[info->attrs[i]] = TRUE;
  }
  g_assert_cmpint(iv_event_kind_from_name("shelf.touched"), ==, IV_EVENT_UNKNOWN);
  for (int key = 0; key < IV_ATTR_KINDS; key++) {
    g_assert_true(used[key]); /* an attribute that no kind has is dead */
    for (int other = 0; other < key; other++)
      g_assert_cmpstr(iv_attr_info((IvAttrKey)key)->name, !=, iv_attr_info((IvAttrKey)other)->name);
  }
}

static void assert_same(const IvEvent *a, const IvEvent *b) {
  g_assert_cmpint(memcmp(&a->id, &b->id, sizeof a->id), ==, 0);
  g_assert_cmpstr(a->store_id.text, ==, b->store_id.text);
  g_assert_cmpstr(a->edge_id.text, ==, b->edge_id.text);
  g_assert_cmpstr(a->camera_id.text, ==, b->camera_id.text);
  g_assert_cmpstr(a->zone_id.text, ==, b->zone_id.text);
  g_assert_cmpstr(a->line_id.text, ==, b->line_id.text);
  g_assert_cmpstr(a->kind_name, ==, b->kind_name);
  g_assert_cmpstr(a->model_version, ==, b->model_version);
  g_assert_cmpint(a->kind, ==, b->kind);
  g_assert_cmpint(a->ts, ==, b->ts);
  g_assert_cmpint(a->end_ts, ==, b->end_ts);
  g_assert_cmpuint(a->tracklet_id, ==, b->tracklet_id);
  g_assert_cmpuint(a->visitor, ==, b->visitor);
  g_assert_cmpfloat(a->score, ==, b->score);
  g_assert_cmpint(a->scene_version, ==, b->scene_version);
  g_assert_cmpuint(a->n_attrs, ==, b->n_attrs);
  for (guint i = 0; i < a->n_attrs; i++) {
    const IvAttr *x = &a->attrs[i], *y = iv_event_attr(b, x->key);
    g_assert_nonnull(y);
    switch (iv_attr_info(x->key)->type) {
    case IV_ATTR_NUMBER:
      g_assert_cmpfloat(x->number, ==, y->number);
      break;
    case IV_ATTR_FLAG:
      g_assert_cmpint(x->flag, ==, y->flag);
      break;
    case IV_ATTR_TIME:
      g_assert_cmpint(x->time, ==, y->time);
      break;
    case IV_ATTR_TEXT:
      g_assert_cmpstr(x->text, ==, y->text);
      break;
    }
  }
}

static void assert_survives(const IvEvent *event) {
  g_autoptr(GError) error = NULL;
  IvEvent again;
  json_t *json = iv_event_to_json(event);
  char *text = json_dumps(json, JSON_COMPACT);
  json_t *parsed = json_loads(text, 0, NULL);
  iv_event_from_json(parsed, &again, &error);
  g_assert_no_error(error);
  assert_same(event, &again);
  json_decref(parsed);
  json_decref(json);
  free(text);
}

static void test_json_round_trip(void) {
  for (int kind = 0; kind < IV_EVENT_KINDS; kind++) {
    IvEvent full = full_event((IvEventKind)kind), bare;
    assert_survives(&full);
    iv_event_init(&bare, (IvEventKind)kind, -5 * IV_SECOND);
    iv_slug_set(&bare.store_id, "s");
    assert_survives(&bare);
  }
}

static void test_json_leaves_out_what_is_absent(void) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_CAMERA_STATE, TS);
  iv_slug_set(&event.store_id, "s");
  json_t *json = iv_event_to_json(&event);
  static const char *const absent[] = {"end_ts",        "tracklet_id",   "zone_id",
                                       "line_id",       "visitor_id",    "score",
                                       "scene_version", "model_version", "camera_id"};
  for (guint i = 0; i < G_N_ELEMENTS(absent); i++)
    g_assert_null(json_object_get(json, absent[i]));
  json_decref(json);
}

#define ID "\"id\":\"0193a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b\","
#define HEAD ID "\"store_id\":\"demo\",\"kind\":\"line.crossed\",\"ts\":\"2026-11-24T08:00:00Z\""

static gboolean reads(const char *text, IvEvent *ret_event, char **ret_said) {
  g_autoptr(GError) error = NULL;
  json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
  g_assert_nonnull(json);
  gboolean good = iv_event_from_json(json, ret_event, &error);
  *ret_said = good ? NULL : g_strdup(error->message);
  json_decref(json);
  return good;
}

static void test_json_refused(void) {
  static const struct {
    const char *text, *said;
  } cases[] = {
      {"[]", "must be a JSON object"},
      {"{}", "id must be a UUID"},
      {"{" ID "\"store_id\":\"demo\",\"ts\":\"2026-11-24T08:00:00Z\"}", "kind"},
      {"{" ID "\"store_id\":\"demo\",\"kind\":\"line.crossed\"}", "ts must be a time"},
      {"{" ID "\"kind\":\"line.crossed\",\"ts\":\"2026-11-24T08:00:00Z\"}", "store_id"},
      {"{" HEAD ",\"end_ts\":\"2026-11-24T07:59:59Z\"}", "end_ts lies before ts"},
      {"{" HEAD ",\"line_id\":\"A B\"}", "line_id must be"},
      {"{" HEAD ",\"line_id\":5}", "line_id must be"},
      {"{" HEAD ",\"tracklet_id\":-1}", "tracklet_id must be a whole number"},
      {"{" HEAD ",\"visitor_id\":\"CUST-0042\"}", "visitor_id must be a day and a number"},
      {"{" HEAD ",\"visitor_id\":42}", "visitor_id must be a day and a number"},
      {"{" HEAD ",\"score\":-0.1}", "score must be a number"},
      {"{" HEAD ",\"score\":1e300}", "score must be a number"},
      {"{" HEAD ",\"attrs\":[]}", "attrs must be an object"},
      {"{" HEAD ",\"attrs\":{\"direction\":1}}", "attrs.direction must be a text"},
      {"{" HEAD ",\"attrs\":{\"turn_back\":\"yes\"}}", "attrs.turn_back must be true or false"},
      {"{" HEAD ",\"attrs\":{\"in_ts\":\"soon\"}}", "attrs.in_ts must be a time"},
      {"{" HEAD ",\"attrs\":{\"dwell_s\":\"1\"}}", "attrs.dwell_s must be a number"},
      {"{" HEAD ",\"model_version\":\"01234567890123456789012345678901234567890\"}",
       "model_version must be a text"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    IvEvent event = {.scene_version = 77};
    g_autofree char *said = NULL;
    g_assert_false(reads(cases[i].text, &event, &said));
    if (!strstr(said, cases[i].said))
      g_error("expected \"%s\" in \"%s\"", cases[i].said, said);
    g_assert_cmpint(event.scene_version, ==, 77); /* untouched */
  }
}

static void test_json_from_a_newer_edge(void) {
  IvEvent event;
  g_autofree char *said = NULL;
  g_assert_true(reads("{" ID "\"store_id\":\"demo\",\"kind\":\"shelf.touched\",\"ts\":\"2026-11-24T"
                      "08:00:00Z\",\"slot_id\":\"x\",\"attrs\":{\"hand\":\"left\"}}",
                      &event, &said));
  g_assert_cmpint(event.kind, ==, IV_EVENT_UNKNOWN);
  g_assert_cmpstr(event.kind_name, ==, "shelf.touched");
  g_assert_cmpuint(event.n_attrs, ==, 0);
}

/* All attributes of all kinds at once are more than an event holds: refused, not overrun. */
static void test_json_too_many_attributes(void) {
  json_t *json = json_loads("{" HEAD "}", 0, NULL), *attrs = json_object();
  for (int key = 0; key < IV_ATTR_KINDS; key++) {
    const IvAttrInfo *info = iv_attr_info((IvAttrKey)key);
    json_object_set_new(attrs, info->name,
                        info->type == IV_ATTR_NUMBER ? json_integer(1)
                        : info->type == IV_ATTR_FLAG ? json_true()
                        : info->type == IV_ATTR_TIME ? json_string("2026-11-24T08:00:00Z")
                                                     : json_string("x"));
  }
  json_object_set_new(json, "attrs", attrs);
  IvEvent event;
  g_autoptr(GError) error = NULL;
  G_STATIC_ASSERT(IV_ATTR_KINDS > IV_EVENT_ATTRS_MAX);
  g_assert_false(iv_event_from_json(json, &event, &error));
  g_assert_nonnull(strstr(error->message, "more than 10 attributes"));
  json_decref(json);
}

static void test_setters_replace(void) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_ZONE_VISIT, TS);
  g_assert_null(iv_event_attr(&event, IV_ATTR_DWELL_S));
  iv_event_set_number(&event, IV_ATTR_DWELL_S, 1);
  iv_event_set_number(&event, IV_ATTR_DWELL_S, 2);
  g_assert_cmpuint(event.n_attrs, ==, 1);
  g_assert_cmpfloat(iv_event_attr(&event, IV_ATTR_DWELL_S)->number, ==, 2);
}

/* Cut at a character, also when the last one reaches over the limit by each possible amount. */
static void test_text_is_cut_at_a_character(void) {
  for (gsize lead = 0; lead < 4; lead++) {
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < lead; i++)
      g_string_append_c(text, 'a');
    while (text->len <= IV_ATTR_TEXT_MAX)
      g_string_append(text, "\xf0\x9f\x9b\x92");
    IvEvent event;
    iv_event_init(&event, IV_EVENT_CAMERA_STATE, TS);
    iv_event_set_text(&event, IV_ATTR_REASON, text->str);
    const char *kept = iv_event_attr(&event, IV_ATTR_REASON)->text;
    g_assert_true(g_utf8_validate(kept, -1, NULL));
    g_assert_true(g_str_has_prefix(text->str, kept));
    g_assert_cmpuint(strlen(kept), >, IV_ATTR_TEXT_MAX - 4);
  }
}

static void test_ids(void) {
  IvEvent a = full_event(IV_EVENT_LINE_CROSSED), b = a;
  iv_event_set_id(&b, "camera");
  g_assert_cmpint(memcmp(&a.id, &b.id, sizeof a.id), ==, 0);
  IvEvent others[7];
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    others[i] = a;
  iv_slug_set(&others[0].edge_id, "edge-2");
  iv_slug_set(&others[1].camera_id, "aisle");
  others[2].tracklet_id = 8;
  iv_slug_set(&others[3].line_id, "exit");
  others[4].ts += 1; /* within the same millisecond */
  strcpy(others[5].kind_name, "line.passed_by");
  for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
    iv_event_set_id(&others[i], i == 6 ? "store" : "camera");
    for (guint k = 0; k < i; k++)
      g_assert_cmpint(memcmp(&others[i].id, &others[k].id, sizeof a.id), !=, 0);
    g_assert_cmpint(memcmp(&a.id, &others[i].id, sizeof a.id), !=, 0);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/model/event/table", test_table);
  g_test_add_func("/model/event/json-round-trip", test_json_round_trip);
  g_test_add_func("/model/event/json-absent", test_json_leaves_out_what_is_absent);
  g_test_add_func("/model/event/json-refused", test_json_refused);
  g_test_add_func("/model/event/json-newer-edge", test_json_from_a_newer_edge);
  g_test_add_func("/model/event/json-too-many", test_json_too_many_attributes);
  g_test_add_func("/model/event/setters-replace", test_setters_replace);
  g_test_add_func("/model/event/text-is-cut", test_text_is_cut_at_a_character);
  g_test_add_func("/model/event/ids", test_ids);
  return g_test_run();
}
