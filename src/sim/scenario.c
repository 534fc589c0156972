/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "sim/scenario_private.h"

#define HOLIDAYS_MAX 400
#define DAYS_MAX 3660

const char *const iv_week_keys[IV_WEEK] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static const char *const space_kinds[IV_SPACES] = {
    "floor",    "department", "entrance", "product",    "promotion",
    "checkout", "fitting",    "service",  "staff-only", "corridor",
};

const char *iv_space_kind_name(IvSpaceKind kind) {
  return space_kinds[kind];
}

static int find(const IvNode *node, const char *text, const char *what, const void *entries,
                guint n, gsize size) {
  for (guint i = 0; i < n && text; i++)
    if (strcmp(((const IvSlug *)(gconstpointer)((const char *)entries + i * size))->text, text) ==
        0)
      return (int)i;
  iv_node_fault(node, "there is no such %s \"%s\"", what, text ? text : "");
  return 0;
}

int iv_scenario_find(const IvNode *up, const char *key, const char *what, const void *entries,
                     guint n, gsize size) {
  IvNode node = iv_node_member(up, key);
  return find(&node, node.json ? json_string_value(node.json) : NULL, what, entries, n, size);
}

int iv_scenario_find_item(const IvNode *list, guint index, const char *what, const void *entries,
                          guint n, gsize size) {
  IvNode node = iv_node_item(list, index);
  return find(&node, node.json ? json_string_value(node.json) : NULL, what, entries, n, size);
}

void iv_scenario_check_unique(const IvNode *list, const void *entries, guint n, gsize size) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < n; i++) {
    const IvSlug *id = (const IvSlug *)(gconstpointer)((const char *)entries + i * size);
    IvNode entry = iv_node_item(list, i);
    if (!g_hash_table_add(seen, (gpointer)id->text))
      iv_node_fault(&entry, "the id \"%s\" is there twice", id->text);
  }
}

static void read_date(const IvNode *up, const char *key, int ret_date[3]) {
  IvNode node = iv_node_member(up, key);
  const char *text = iv_node_text(up, key, 10);
  GDate date;
  int parts[3] = {0};
  gboolean fits = strlen(text) == 10 && text[4] == '-' && text[7] == '-';
  for (int i = 0; fits && i < 10; i++)
    fits = i == 4 || i == 7 || g_ascii_isdigit(text[i]);
  if (fits) {
    parts[0] = (int)g_ascii_strtoll(text, NULL, 10);
    parts[1] = (int)g_ascii_strtoll(text + 5, NULL, 10);
    parts[2] = (int)g_ascii_strtoll(text + 8, NULL, 10);
  }
  g_date_clear(&date, 1);
  if (!fits || parts[0] < 1990 || parts[0] > 2200 || parts[1] < 1 || parts[1] > 12 ||
      !g_date_valid_dmy((GDateDay)parts[2], (GDateMonth)parts[1], (GDateYear)parts[0]))
    iv_node_fault(&node, "must be a date like 2026-03-02");
  memcpy(ret_date, parts, sizeof parts);
}

static IvOpening read_opening(const IvNode *up, const char *key) {
  IvNode node = iv_node_optional(up, key);
  if (!node.json)
    return (IvOpening){0, 0};
  if (iv_node_length(&node, 2, 2) == 0)
    return (IvOpening){0, 0};
  IvOpening opening = {iv_node_clock(&node, 0), iv_node_clock(&node, 1)};
  if (opening.opens >= opening.closes)
    iv_node_fault(&node, "must open before it closes");
  return opening;
}

static void read_holidays(IvScenario *s, const IvNode *store) {
  IvNode list = iv_node_member(store, "holidays");
  s->n_holidays = iv_node_length(&list, 0, HOLIDAYS_MAX);
  s->holidays = iv_node_alloc(store, s->n_holidays, sizeof(IvHoliday));
  for (guint i = 0; i < s->n_holidays; i++) {
    IvNode entry = iv_node_item(&list, i);
    int date[3];
    read_date(&entry, "date", date);
    s->holidays[i] = (IvHoliday){date[0], date[1], date[2], read_opening(&entry, "hours")};
  }
}

void iv_scenario_read_store(IvScenario *s, const IvNode *root) {
  IvNode store = iv_node_member(root, "store"), hours = iv_node_member(&store, "hours");
  s->id = iv_node_slug(&store, "id");
  g_strlcpy(s->name, iv_node_text(&store, "name", sizeof s->name - 1), sizeof s->name);
  g_strlcpy(s->time_zone, iv_node_text(&store, "time_zone", sizeof s->time_zone - 1),
            sizeof s->time_zone);
  g_strlcpy(s->currency, iv_node_text(&store, "currency", 3), sizeof s->currency);
  for (int d = 0; d < IV_WEEK; d++)
    s->hours[d] = read_opening(&hours, iv_week_keys[d]);
  read_holidays(s, &store);
  IvNode simulation = iv_node_member(root, "simulation");
  int date[3];
  read_date(&simulation, "start_date", date);
  s->year = date[0], s->month = date[1], s->day = date[2];
  s->days = iv_node_whole(&simulation, "days", 1, DAYS_MAX);
  IvNode visits = iv_node_member(root, "visits");
  s->visits_per_day = iv_node_number(&visits, "per_day", 0, 1e5);
  s->mean_minutes = iv_node_number(&visits, "mean_minutes", 0, 600);
}

void iv_scenario_read_name(const IvNode *entry, const IvSlug *id,
                           char ret_name[IV_SCENARIO_NAME_MAX + 1]) {
  G_STATIC_ASSERT(IV_SLUG_MAX <= IV_SCENARIO_NAME_MAX);
  IvNode node = iv_node_optional(entry, "name");
  if (node.json) {
    g_strlcpy(ret_name, iv_node_text(entry, "name", IV_SCENARIO_NAME_MAX),
              IV_SCENARIO_NAME_MAX + 1);
    return;
  }
  g_strlcpy(ret_name, id->text, IV_SCENARIO_NAME_MAX + 1);
  g_strdelimit(ret_name, "-", ' ');
  ret_name[0] = g_ascii_toupper(ret_name[0]);
}

/* Every part relies on the ones before it: after the first mistake the rest is not read. */
static void read_parts(IvScenario *s, const IvNode *root) {
  static void (*const parts[])(IvScenario *, const IvNode *) = {
      iv_scenario_read_store,  iv_scenario_read_plan,  iv_scenario_read_tills,
      iv_scenario_read_goods,  iv_scenario_read_rooms, iv_scenario_read_people,
      iv_scenario_read_habits,
  };
  static const char *const formats[] = {"inveye-scenario"};
  iv_node_choice(root, "format", formats, 1);
  iv_node_whole(root, "version", 1, 1);
  for (guint i = 0; i < G_N_ELEMENTS(parts) && !root->reading->error; i++)
    parts[i](s, root);
}

json_t *iv_scenario_load(const char *text, gsize length, GError **error) {
  json_error_t fault;
  json_t *json = NULL;
  if (length > IV_SCENARIO_BYTES_MAX)
    g_set_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_SYNTAX,
                "the file has %zu bytes, more than the %u a scenario may have", length,
                IV_SCENARIO_BYTES_MAX);
  else if (!(json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &fault)))
    g_set_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_SYNTAX, "line %d: %s", fault.line,
                fault.text);
  return json;
}

IvScenario *iv_scenario_parse(const char *text, gsize length, GError **error) {
  json_t *json = iv_scenario_load(text, length, error);
  if (!json)
    return NULL;
  g_autoptr(IvScenario) s = g_new0(IvScenario, 1);
  s->owned = g_ptr_array_new_with_free_func(g_free);
  IvReading reading = {NULL, s->owned};
  IvNode root = iv_node_root(&reading, json);
  if (!json_is_object(json))
    iv_node_fault(&root, "must be one JSON object");
  else
    read_parts(s, &root);
  json_decref(json);
  if (!reading.error)
    return g_steal_pointer(&s);
  g_propagate_error(error, reading.error);
  return NULL;
}

void iv_scenario_free(IvScenario *scenario) {
  if (!scenario)
    return;
  g_ptr_array_unref(scenario->owned);
  g_free(scenario);
}

gboolean iv_sight_noise_parse(const char *text, gsize length, IvSightNoise *ret_noise,
                              GError **error) {
  json_t *json = iv_scenario_load(text, length, error);
  if (!json)
    return FALSE;
  static const char *const formats[] = {"inveye-noise"};
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
  IvReading reading = {NULL, owned};
  IvNode root = iv_node_root(&reading, json_is_object(json) ? json : NULL);
  iv_node_choice(&root, "format", formats, 1);
  IvNode occlusion = iv_node_member(&root, "occlusion"), misses = iv_node_member(&root, "misses");
  IvSightNoise noise = {.fixtures_hide = iv_node_flag(&occlusion, "fixtures", TRUE),
                        .outages = iv_node_number(&misses, "rate", 0, 1) > 0};
  json_decref(json);
  if (reading.error) {
    g_propagate_error(error, reading.error);
    return FALSE;
  }
  *ret_noise = noise;
  return TRUE;
}
