/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tally.h"

#include <stdlib.h>

#include "kpi/distinct.h"
#include "kpi/sketch.h"

/* Key columns of each subject's table after store_no and bucket, in the order they are bound. */
static const char *const keys[IV_SUBJECTS] = {
    [IV_SUBJECT_STORE] = "",
    [IV_SUBJECT_CAMERA] = ", camera_no",
    [IV_SUBJECT_LINE] = ", line_no, camera_no, scene_version",
    [IV_SUBJECT_ZONE] = ", zone_no, camera_no, scene_version",
    [IV_SUBJECT_LANE] = ", lane_no, camera_no, scene_version",
};
static const int n_keys[IV_SUBJECTS] = {0, 1, 3, 3, 3};

typedef struct {
  IvTallyKey key; /* first: the row is its own key in the table */
  gint64 amounts[IV_MEASURES_MAX];
  IvSketch *lengths[IV_SPREADS]; /* NULL = none */
  IvDistinct *people[IV_PEOPLE]; /* NULL = none */
} Row;

struct IvTally {
  GHashTable *rows; /* of Row, owned */
  Row *latest;      /* events of one row often come in a row; NULL = none */
};

/* ---- rows in memory ---- */

static guint hash_key(gconstpointer pointer) {
  const IvTallyKey *key = pointer;
  guint64 h = (guint64)(key->bucket / IV_BUCKET_SPAN);
  h = h * 1000003 + (guint64)key->no;
  h = h * 1000003 + (guint64)key->camera;
  h = h * 1000003 + (guint64)key->scene_version * IV_SUBJECTS + key->subject;
  return (guint)(h ^ (h >> 32));
}

static int compare_keys(gconstpointer a, gconstpointer b) {
  const IvTallyKey *x = a, *y = b;
  if (x->subject != y->subject)
    return x->subject < y->subject ? -1 : 1;
  if (x->bucket != y->bucket)
    return x->bucket < y->bucket ? -1 : 1;
  if (x->no != y->no)
    return x->no < y->no ? -1 : 1;
  if (x->camera != y->camera)
    return x->camera < y->camera ? -1 : 1;
  return (x->scene_version > y->scene_version) - (x->scene_version < y->scene_version);
}

static gboolean same_key(gconstpointer a, gconstpointer b) {
  return compare_keys(a, b) == 0;
}

static void row_free(gpointer pointer) {
  Row *row = pointer;
  for (int i = 0; i < IV_SPREADS; i++)
    g_clear_pointer(&row->lengths[i], iv_sketch_free);
  for (int i = 0; i < IV_PEOPLE; i++)
    g_clear_pointer(&row->people[i], iv_distinct_free);
  g_free(row);
}

IvTally *iv_tally_new(void) {
  IvTally *tally = g_new0(IvTally, 1);
  tally->rows = g_hash_table_new_full(hash_key, same_key, NULL, row_free);
  return tally;
}

void iv_tally_free(IvTally *tally) {
  if (!tally)
    return;
  g_hash_table_unref(tally->rows);
  g_free(tally);
}

static Row *find_row(IvTally *tally, const IvTallyKey *key) {
  if (tally->latest && compare_keys(tally->latest, key) == 0)
    return tally->latest;
  Row *row = g_hash_table_lookup(tally->rows, key);
  if (!row) {
    row = g_new0(Row, 1);
    row->key = *key;
    g_hash_table_add(tally->rows, row);
  }
  return tally->latest = row;
}

void iv_tally_add(IvTally *tally, const IvTallyKey *key, const gint64 *amounts) {
  const IvSubjectInfo *info = iv_subject_info(key->subject);
  Row *row = find_row(tally, key);
  for (guint i = 0; i < info->n_measures; i++)
    row->amounts[i] =
        info->measures[i].is_max ? MAX(row->amounts[i], amounts[i]) : row->amounts[i] + amounts[i];
}

void iv_tally_add_length(IvTally *tally, const IvTallyKey *key, IvSpread spread, gint64 ms) {
  Row *row = find_row(tally, key);
  if (!row->lengths[spread])
    row->lengths[spread] = iv_sketch_new();
  iv_sketch_add(row->lengths[spread], ms);
}

void iv_tally_add_visitor(IvTally *tally, const IvTallyKey *key, IvPeople people, guint64 visitor) {
  Row *row = find_row(tally, key);
  if (!row->people[people])
    row->people[people] = iv_distinct_new();
  iv_distinct_add(row->people[people], visitor);
}

/* ---- rows of the database ---- */

/* Sketches and sets: columns that are read, merged and written. */
#define BLOBS (IV_SPREADS + IV_PEOPLE)

/* NULL when the subject has no such column. */
static const char *blob_column(IvSubject subject, int blob) {
  if (blob < IV_SPREADS) {
    const IvSpreadInfo *info = iv_spread_info((IvSpread)blob);
    return info->subject == subject ? info->column : NULL;
  }
  const IvPeopleInfo *info = iv_people_info((IvPeople)(blob - IV_SPREADS));
  return info->subject == subject ? info->column : NULL;
}

static void append_update(GString *updates, const IvMeasure *measure, const char *table) {
  const char *c = measure->column;
  if (updates->len > 0)
    g_string_append(updates, ", ");
  if (measure->is_max)
    g_string_append_printf(updates,
                           "%s = CASE WHEN excluded.%s > %s.%s THEN excluded.%s ELSE %s.%s END", c,
                           c, table, c, c, table, c);
  else
    g_string_append_printf(updates, "%s = %s.%s + excluded.%s", c, table, c, c);
}

/* "INSERT INTO t (...) VALUES (...) ON CONFLICT (...) DO UPDATE SET a = t.a + excluded.a, ..."; a
 * blob that is NULL leaves the one that is there. */
static char *upsert_text(IvSubject subject) {
  const IvSubjectInfo *info = iv_subject_info(subject);
  g_autoptr(GString) columns = g_string_new(NULL), values = g_string_new("$1, $2");
  g_autoptr(GString) updates = g_string_new(NULL);
  int parameter = 2;
  for (int i = 0; i < n_keys[subject]; i++)
    g_string_append_printf(values, ", $%d", ++parameter);
  for (guint i = 0; i < info->n_measures; i++) {
    g_string_append_printf(columns, ", %s", info->measures[i].column);
    g_string_append_printf(values, ", $%d", ++parameter);
    append_update(updates, &info->measures[i], info->table);
  }
  for (int i = 0; i < BLOBS; i++) {
    const char *c = blob_column(subject, i);
    if (!c)
      continue;
    g_string_append_printf(columns, ", %s", c);
    g_string_append_printf(values, ", $%d", ++parameter);
    g_string_append_printf(updates, ", %s = coalesce(excluded.%s, %s.%s)", c, c, info->table, c);
  }
  return g_strdup_printf("INSERT INTO %s (store_no, bucket%s%s) VALUES (%s) "
                         "ON CONFLICT (store_no, bucket%s) DO UPDATE SET %s",
                         info->table, keys[subject], columns->str, values->str, keys[subject],
                         updates->str);
}

static const char *upsert(IvSubject subject) {
  static char *texts[IV_SUBJECTS]; /* made once, kept for good */
  if (g_once_init_enter(&texts[subject]))
    g_once_init_leave(&texts[subject], upsert_text(subject));
  return texts[subject];
}

static char *blob_text(IvSubject subject, int blob) {
  GString *text = g_string_new(NULL);
  g_auto(GStrv) names = g_strsplit(keys[subject], ", ", -1); /* the first is empty */
  g_string_printf(text, "SELECT %s FROM %s WHERE store_no = $1 AND bucket = $2",
                  blob_column(subject, blob), iv_subject_info(subject)->table);
  for (int i = 0; i < n_keys[subject]; i++)
    g_string_append_printf(text, " AND %s = $%d", names[i + 1], i + 3);
  return g_string_free(text, FALSE);
}

static const char *blob_sql(IvSubject subject, int blob) {
  static char *texts[BLOBS]; /* made once, kept for good */
  if (g_once_init_enter(&texts[blob]))
    g_once_init_leave(&texts[blob], blob_text(subject, blob));
  return texts[blob];
}

static void bind_key(IvStatement *st, gint64 store_no, const IvTallyKey *key) {
  iv_bind_int(st, store_no);
  iv_bind_time(st, key->bucket);
  if (n_keys[key->subject] == 3)
    iv_bind_int(st, key->no);
  if (n_keys[key->subject] >= 1)
    iv_bind_int(st, key->camera);
  if (n_keys[key->subject] == 3)
    iv_bind_int(st, key->scene_version);
}

static gboolean has_blob(const Row *row, int blob) {
  return blob < IV_SPREADS ? row->lengths[blob] != NULL : row->people[blob - IV_SPREADS] != NULL;
}

static void merge_bytes(Row *row, int blob, const void *bytes, gsize n) {
  if (blob < IV_SPREADS)
    iv_sketch_merge_bytes(row->lengths[blob], bytes, n);
  else
    iv_distinct_merge_bytes(row->people[blob - IV_SPREADS], bytes, n);
}

/* Puts what the database has of it into the row's. */
static gboolean merge_stored(Row *row, int blob, IvSql *sql, gint64 store_no, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(sql, blob_sql(row->key.subject, blob));
  bind_key(st, store_no, &row->key);
  if (iv_step_row(st, &wrong)) {
    gsize n;
    const void *bytes = iv_column_blob(st, 0, &n);
    merge_bytes(row, blob, bytes, n);
    iv_statement_reset(st);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static void bind_blob(IvStatement *st, const Row *row, int blob) {
  if (!has_blob(row, blob)) {
    iv_bind_null(st);
    return;
  }
  gsize n;
  g_autoptr(GBytes) bytes = blob < IV_SPREADS
                                ? iv_sketch_to_bytes(row->lengths[blob])
                                : iv_distinct_to_bytes(row->people[blob - IV_SPREADS]);
  const void *start = g_bytes_get_data(bytes, &n);
  iv_bind_blob(st, start, n);
}

static gboolean write_row(Row *row, IvSql *sql, gint64 store_no, GError **error) {
  IvSubject subject = row->key.subject;
  for (int i = 0; i < BLOBS; i++)
    if (has_blob(row, i) && !merge_stored(row, i, sql, store_no, error))
      return FALSE;
  IvStatement *st = iv_sql_statement(sql, upsert(subject));
  bind_key(st, store_no, &row->key);
  for (guint i = 0; i < iv_subject_info(subject)->n_measures; i++)
    iv_bind_int(st, row->amounts[i]);
  for (int i = 0; i < BLOBS; i++)
    if (blob_column(subject, i))
      bind_blob(st, row, i);
  return iv_step_done(st, error);
}

static int compare_rows(gconstpointer a, gconstpointer b) {
  return compare_keys(*(const Row *const *)a, *(const Row *const *)b);
}

gboolean iv_tally_write(IvTally *tally, IvSql *sql, gint64 store_no, IvRollups *rollups,
                        GError **error) {
  guint n;
  g_autofree gpointer *rows = g_hash_table_get_keys_as_array(tally->rows, &n);
  qsort(rows, n, sizeof *rows, compare_rows);
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < n; i++) {
    const IvTallyKey *key = rows[i];
    iv_rollups_touch(rollups, (IvRollup)key->subject, key->bucket);
    ok = write_row(rows[i], sql, store_no, error);
  }
  tally->latest = NULL;
  g_hash_table_remove_all(tally->rows);
  return ok;
}
