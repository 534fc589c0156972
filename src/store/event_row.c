/* SPDX-License-Identifier: Apache-2.0 */
#include "store/event_row.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "model/event_json.h"
#include "store/ledger.h"
#include "store/lookup.h"

#define KINDS_MAX 256
#define MODELS_MAX 10000
#define EDGES_PER_STORE_MAX 100

/* A table of names that get a number when they are first seen. */
typedef struct {
  gboolean owned;     /* names are the owner's ($1), the name is then $2; else it is $1 */
  const char *find;   /* owner?, name */
  const char *insert; /* the same */
  const char *count;  /* owner? */
  gint64 max;
  const char *refusal;
} NameTable;

static const NameTable kind_names = {FALSE,
                                     "SELECT kind_no FROM event_kinds WHERE name = $1",
                                     "INSERT INTO event_kinds (name) VALUES ($1)",
                                     "SELECT count(*) FROM event_kinds",
                                     KINDS_MAX,
                                     "too many different kinds of events"};
static const NameTable model_names = {FALSE,
                                      "SELECT model_no FROM models WHERE name = $1",
                                      "INSERT INTO models (name) VALUES ($1)",
                                      "SELECT count(*) FROM models",
                                      MODELS_MAX,
                                      "too many different models"};
static const NameTable edge_names = {
    TRUE,
    "SELECT edge_no FROM edge_nodes WHERE store_no = $1 AND id = $2",
    "INSERT INTO edge_nodes (store_no, id) VALUES ($1, $2)",
    "SELECT count(*) FROM edge_nodes WHERE store_no = $1",
    EDGES_PER_STORE_MAX,
    "too many edges in this store"};
static const NameTable camera_names = {
    TRUE,
    "SELECT camera_no FROM cameras WHERE store_no = $1 AND id = $2",
    "INSERT INTO cameras (store_no, id, number, name, role, enabled, in_config) "
    "VALUES ($1, $2, 0, $2, 'general', 1, 0)",
    "SELECT count(*) FROM cameras WHERE store_no = $1 AND role <> 'plan'",
    IV_CAMERAS_PER_STORE_MAX,
    "too many cameras in this store"};
static const NameTable zone_names = {
    TRUE,
    "SELECT zone_no FROM zones WHERE store_no = $1 AND id = $2",
    "INSERT INTO zones (store_no, id, name, kind) VALUES ($1, $2, $2, 'general')",
    "SELECT count(*) FROM zones WHERE store_no = $1",
    IV_PLACES_PER_STORE_MAX,
    "too many zones in this store"};
static const NameTable lane_names = {
    TRUE,
    "SELECT lane_no FROM lanes WHERE store_no = $1 AND id = $2",
    "INSERT INTO lanes (store_no, id, name, is_group, self_checkout) VALUES ($1, $2, $2, 0, 0)",
    "SELECT count(*) FROM lanes WHERE store_no = $1",
    IV_PLACES_PER_STORE_MAX,
    "too many lanes in this store"};
/* Owner: the camera. */
static const NameTable line_names = {
    TRUE,
    "SELECT line_no FROM lines WHERE camera_no = $1 AND id = $2",
    "INSERT INTO lines (store_no, camera_no, id, name, kind) "
    "SELECT store_no, $1, $2, $2, 'internal' FROM cameras WHERE camera_no = $1",
    "SELECT count(*) FROM lines WHERE store_no = (SELECT store_no FROM cameras WHERE camera_no = "
    "$1)",
    IV_PLACES_PER_STORE_MAX,
    "too many lines in this store"};

static IvStatement *ask(IvSql *sql, const NameTable *table, const char *text, gint64 owner,
                        const char *name) {
  IvStatement *st = iv_sql_statement(sql, text);
  if (table->owned)
    iv_bind_int(st, owner);
  if (name)
    iv_bind_text(st, name);
  return st;
}

/* ---- what was found already ---- */

struct IvEventNames {
  GHashTable *found; /* of Found, owned */
};

typedef struct {
  const NameTable *table;
  gint64 owner;
  char name[IV_SLUG_MAX + 1];
  gint64 no;
} Found;

static guint hash_found(gconstpointer pointer) {
  const Found *found = pointer;
  return g_str_hash(found->name) ^ g_direct_hash(found->table) ^ (guint)(found->owner * 31);
}

static gboolean same_found(gconstpointer a, gconstpointer b) {
  const Found *x = a, *y = b;
  return x->table == y->table && x->owner == y->owner && strcmp(x->name, y->name) == 0;
}

IvEventNames *iv_event_names_new(void) {
  IvEventNames *names = g_new0(IvEventNames, 1);
  names->found = g_hash_table_new_full(hash_found, same_found, NULL, g_free);
  return names;
}

void iv_event_names_free(IvEventNames *names) {
  if (!names)
    return;
  g_hash_table_unref(names->found);
  g_free(names);
}

/* ---- numbers ---- */

/* Number of `name` in the database, made if new. */
static gboolean ask_number(IvSql *sql, const NameTable *table, gint64 owner, const char *name,
                           gint64 *ret_no, const char **ret_refused, GError **error) {
  gint64 no = 0, n;
  if (!iv_lookup_int(ask(sql, table, table->find, owner, name), 0, &no, error))
    return FALSE;
  *ret_no = no;
  if (no > 0)
    return TRUE;
  if (!iv_lookup_int(ask(sql, table, table->count, owner, NULL), 0, &n, error))
    return FALSE;
  if (n >= table->max) {
    *ret_refused = table->refusal;
    return TRUE;
  }
  if (!iv_step_done(ask(sql, table, table->insert, owner, name), error))
    return FALSE;
  *ret_no = iv_sql_last_row(sql);
  return TRUE;
}

typedef struct {
  IvSql *sql;
  IvEventNames *names;
  const char *refused;
} Naming;

/* Number of `name`, 0 for "". */
static gboolean number_of(Naming *naming, const NameTable *table, gint64 owner, const char *name,
                          gint64 *ret_no, GError **error) {
  if (!name[0]) {
    *ret_no = 0;
    return TRUE;
  }
  Found wanted = {.table = table, .owner = owner};
  g_strlcpy(wanted.name, name, sizeof wanted.name);
  const Found *found = g_hash_table_lookup(naming->names->found, &wanted);
  if (found) {
    *ret_no = found->no;
    return TRUE;
  }
  if (!ask_number(naming->sql, table, owner, name, &wanted.no, &naming->refused, error))
    return FALSE;
  if (wanted.no)
    g_hash_table_add(naming->names->found, g_memdup2(&wanted, sizeof wanted));
  *ret_no = wanted.no;
  return TRUE;
}

gboolean iv_event_row_numbers(IvSql *sql, IvEventNames *names, gint64 store_no,
                              const IvEvent *event, IvEventNos *ret_nos, const char **ret_refused,
                              GError **error) {
  IvEventNos nos = {0};
  Naming naming = {sql, names, NULL};
  gboolean ok =
      number_of(&naming, &kind_names, 0, event->kind_name, &nos.kind, error) &&
      number_of(&naming, &edge_names, store_no, event->edge_id.text, &nos.edge, error) &&
      number_of(&naming, &camera_names, store_no, event->camera_id.text, &nos.camera, error) &&
      number_of(&naming, &zone_names, store_no, event->zone_id.text, &nos.zone, error) &&
      number_of(&naming, &lane_names, store_no, event->lane_id.text, &nos.lane, error) &&
      (nos.camera == 0 ||
       number_of(&naming, &line_names, nos.camera, event->line_id.text, &nos.line, error)) &&
      number_of(&naming, &model_names, 0, event->model_version, &nos.model, error);
  if (!ok)
    return FALSE;
  *ret_nos = nos;
  *ret_refused = naming.refused;
  return TRUE;
}

static char *attrs_text(const IvEvent *event) {
  json_t *attrs = iv_event_attrs_to_json(event);
  char *text = json_dumps(attrs, JSON_COMPACT | JSON_SORT_KEYS);
  json_decref(attrs);
  return text;
}

static void bind_no(IvStatement *st, gint64 no) {
  if (no)
    iv_bind_int(st, no);
  else
    iv_bind_null(st);
}

gboolean iv_event_row_insert(IvSql *sql, gint64 store_no, const IvEvent *event,
                             const IvEventNos *nos, gboolean *ret_inserted, GError **error) {
  char *attrs = attrs_text(event);
  IvStatement *st = iv_sql_statement(
      sql,
      "INSERT OR IGNORE INTO events (store_no, ts, id, kind_no, end_ts, edge_no, camera_no, "
      "tracklet_id, zone_no, line_no, score, scene_version, model_no, attrs, lane_no, visitor) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
  iv_bind_int(st, store_no);
  iv_bind_time(st, event->ts);
  iv_bind_blob(st, event->id.bytes, sizeof event->id.bytes);
  iv_bind_int(st, nos->kind);
  iv_bind_time(st, event->end_ts);
  bind_no(st, nos->edge);
  bind_no(st, nos->camera);
  iv_bind_int(st, (gint64)event->tracklet_id);
  bind_no(st, nos->zone);
  bind_no(st, nos->line);
  iv_bind_real(st, event->score < 0 ? (double)NAN : (double)event->score);
  iv_bind_int(st, event->scene_version);
  bind_no(st, nos->model);
  iv_bind_text(st, attrs);
  bind_no(st, nos->lane);
  bind_no(st, (gint64)event->visitor);
  free(attrs);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_inserted = iv_sql_changes(sql) == 1;
  return TRUE;
}

static void read_attr(IvEvent *event, IvAttrKey key, const json_t *value) {
  IvTime time;
  switch (iv_attr_info(key)->type) {
  case IV_ATTR_NUMBER:
    iv_event_set_number(event, key, json_number_value(value));
    return;
  case IV_ATTR_FLAG:
    iv_event_set_flag(event, key, json_is_true(value));
    return;
  case IV_ATTR_TIME:
    if (iv_time_from_text(json_string_value(value), &time))
      iv_event_set_time(event, key, time);
    return;
  case IV_ATTR_TEXT:
    if (json_is_string(value))
      iv_event_set_text(event, key, json_string_value(value));
    return;
  }
}

static void read_attrs(IvEvent *event, const char *text) {
  json_t *attrs = json_loads(text, 0, NULL);
  for (int key = 0; attrs && key < IV_ATTR_KINDS && event->n_attrs < IV_EVENT_ATTRS_MAX; key++) {
    const json_t *value = json_object_get(attrs, iv_attr_info((IvAttrKey)key)->name);
    if (value)
      read_attr(event, (IvAttrKey)key, value);
  }
  json_decref(attrs);
}

void iv_event_row_read(IvStatement *st, const char *store_id, IvEvent *ret_event,
                       IvEventNos *ret_nos) {
  gsize n;
  const char *kind = iv_column_text(st, 3);
  iv_event_init(ret_event, iv_event_kind_from_name(kind), iv_column_time(st, 1));
  g_strlcpy(ret_event->kind_name, kind, sizeof ret_event->kind_name);
  const void *id = iv_column_blob(st, 0, &n);
  if (n == sizeof ret_event->id.bytes)
    memcpy(ret_event->id.bytes, id, n);
  ret_event->end_ts = iv_column_time(st, 2);
  iv_slug_set(&ret_event->store_id, store_id);
  iv_slug_set(&ret_event->edge_id, iv_column_text(st, 4));
  iv_slug_set(&ret_event->camera_id, iv_column_text(st, 5));
  ret_event->tracklet_id = (guint64)iv_column_int(st, 6);
  iv_slug_set(&ret_event->zone_id, iv_column_text(st, 7));
  iv_slug_set(&ret_event->line_id, iv_column_text(st, 8));
  ret_event->score = iv_column_is_null(st, 9) ? -1 : (float)iv_column_real(st, 9);
  ret_event->scene_version = (int)iv_column_int(st, 10);
  g_strlcpy(ret_event->model_version, iv_column_text(st, 11), sizeof ret_event->model_version);
  read_attrs(ret_event, iv_column_text(st, 12));
  iv_slug_set(&ret_event->lane_id, iv_column_text(st, 16));
  ret_event->visitor = (guint64)iv_column_int(st, 18);
  if (ret_nos)
    *ret_nos = (IvEventNos){.camera = iv_column_int(st, 13),
                            .zone = iv_column_int(st, 14),
                            .line = iv_column_int(st, 15),
                            .lane = iv_column_int(st, 17)};
}
