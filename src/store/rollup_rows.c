/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "kpi/distinct.h"
#include "kpi/heat_map.h"
#include "kpi/sketch.h"
#include "store/basket_pack.h"
#include "store/rollup.h"

#define KEYS_MAX 4
#define BLOBS_MAX 3

/* Columns of a table, each list without spaces and in the order in which it is read and written. */
typedef struct {
  const char *tables[IV_ROLLUP_LEVELS]; /* NULL = that level has none */
  const char *keys;                     /* after store_no and bucket */
  gboolean text_key;                    /* the last of them is text */
  const char *sums, *maxes;
  const char *sketches; /* kpi/sketch.h */
  const char *sets;     /* kpi/distinct.h; hours only: days have kpi_day_people */
  gboolean cells;       /* and a column of kpi/heat_map.h; the keys hold the grid */
} Spec;

static const Spec specs[IV_ROLLUPS] = {
    [IV_ROLLUP_STORE] = {{"kpi_5min_store", "kpi_hour_store", "kpi_day_store"},
                         "",
                         FALSE,
                         "traffic_in,traffic_out,turn_backs,pass_bys,reentries,known_in,visits,"
                         "visits_closed,visit_ms,bounces,groups,grouped,groups_2,groups_3,groups_4",
                         "",
                         "visit_sketch",
                         "visitor_set",
                         FALSE},
    [IV_ROLLUP_CAMERA] = {{"kpi_5min_camera", "kpi_hour_camera", "kpi_day_camera"},
                          "camera_no",
                          FALSE,
                          "alive_ms",
                          "",
                          "",
                          "",
                          FALSE},
    [IV_ROLLUP_LINE] = {{"kpi_5min_line", "kpi_hour_line", "kpi_day_line"},
                        "line_no,camera_no,scene_version",
                        FALSE,
                        "crossed_in,crossed_out,turn_backs,pass_bys",
                        "",
                        "",
                        "",
                        FALSE},
    [IV_ROLLUP_ZONE] = {{"kpi_5min_zone", "kpi_hour_zone", "kpi_day_zone"},
                        "zone_no,camera_no,scene_version",
                        FALSE,
                        "visits,visitors,engaged,dwell_ms,known,engaged_known,over_capacity_ms",
                        "peak",
                        "dwell_sketch",
                        "visitor_set,engaged_set",
                        FALSE},
    [IV_ROLLUP_LANE] = {{"kpi_5min_lane", "kpi_hour_lane", "kpi_day_lane"},
                        "lane_no,camera_no,scene_version",
                        FALSE,
                        "joined,waited,in_target,wait_ms,abandoned,served,service_ms,length_n,"
                        "length_sum,open_ms",
                        "length_max",
                        "wait_sketch,service_sketch",
                        "",
                        FALSE},
    [IV_ROLLUP_SALES] = {{"kpi_5min_sales", NULL, "kpi_day_sales"},
                         "terminal_no,lane",
                         TRUE,
                         "transactions,itemised,items,revenue_minor,refunds,refunds_minor,voids,"
                         "no_sales,linked",
                         "",
                         "",
                         "",
                         FALSE},
    [IV_ROLLUP_CATEGORY] = {{"kpi_5min_category", NULL, "kpi_day_category"},
                            "category",
                            TRUE,
                            "items,revenue_minor,refunds_minor",
                            "",
                            "",
                            "",
                            FALSE},
    [IV_ROLLUP_LINK] =
        {{"kpi_5min_link", NULL, "kpi_day_link"}, "lane_no", FALSE, "linked", "", "", "", FALSE},
    [IV_ROLLUP_HEAT] = {{"heatmap_hours", NULL, "heatmap_days"},
                        "camera_no,columns,rows,cell_mm",
                        FALSE,
                        "tenths",
                        "",
                        "",
                        "",
                        TRUE},
    [IV_ROLLUP_BASKETS] = {{NULL, "basket_hours", NULL}, "", FALSE, "", "", "", "", FALSE},
};

const char *iv_rollup_table(IvRollup rollup, IvRollupLevel level) {
  return specs[rollup].tables[level];
}

/* ---- texts ---- */

static guint n_columns(const char *list) {
  guint n = list[0] != '\0';
  for (; *list; list++)
    n += *list == ',';
  return n;
}

static void append_list(GString *text, const char *list) {
  if (list[0])
    g_string_append_printf(text, ",%s", list);
}

static void append_columns(GString *text, const Spec *spec, gboolean sets) {
  append_list(text, spec->keys);
  append_list(text, spec->sums);
  append_list(text, spec->maxes);
  append_list(text, spec->sketches);
  append_list(text, sets ? spec->sets : "");
  append_list(text, spec->cells ? "cells" : "");
}

static const char *source_of(const Spec *spec, IvRollupLevel level) {
  return level == IV_ROLLUP_DAY && spec->tables[IV_ROLLUP_HOUR] ? spec->tables[IV_ROLLUP_HOUR]
                                                                : spec->tables[IV_ROLLUP_5MIN];
}

static char *read_text(const Spec *spec, IvRollupLevel level) {
  GString *text = g_string_new("SELECT store_no");
  append_columns(text, spec, level == IV_ROLLUP_HOUR);
  g_string_append_printf(text, " FROM %s WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
                         source_of(spec, level));
  if (spec->keys[0])
    g_string_append_printf(text, " ORDER BY %s", spec->keys);
  return g_string_free(text, FALSE);
}

static char *write_text(const Spec *spec, IvRollupLevel level) {
  GString *text = g_string_new(NULL);
  g_string_printf(text, "INSERT INTO %s (store_no,bucket", spec->tables[level]);
  append_columns(text, spec, level == IV_ROLLUP_HOUR);
  g_string_append(text, ") VALUES ($1,$2");
  guint n = n_columns(spec->keys) + n_columns(spec->sums) + n_columns(spec->maxes) +
            n_columns(spec->sketches) + (level == IV_ROLLUP_HOUR ? n_columns(spec->sets) : 0) +
            (spec->cells ? 1 : 0);
  for (guint i = 0; i < n; i++)
    g_string_append_printf(text, ",$%u", i + 3);
  g_string_append_c(text, ')');
  return g_string_free(text, FALSE);
}

static char *delete_text(const Spec *spec, IvRollupLevel level) {
  return g_strdup_printf("DELETE FROM %s WHERE store_no = $1 AND bucket = $2", spec->tables[level]);
}

typedef enum { READ, WRITE, DELETE, TEXTS } Text;

static const char *text_of(IvRollup rollup, IvRollupLevel level, Text which) {
  static char *texts[IV_ROLLUPS][IV_ROLLUP_LEVELS][TEXTS]; /* made once, kept for good */
  static char *(*const make[TEXTS])(const Spec *, IvRollupLevel) = {read_text, write_text,
                                                                    delete_text};
  char **text = &texts[rollup][level][which];
  if (g_once_init_enter(text))
    g_once_init_leave(text, make[which](&specs[rollup], level));
  return *text;
}

/* ---- a row that is being put together ---- */

typedef struct {
  gboolean begun;
  gint64 keys[KEYS_MAX];
  char *text; /* NULL = the table has no text in its key */
  gint64 sums[IV_MEASURES_MAX], max;
  IvSketch *sketches[BLOBS_MAX]; /* NULL = none yet */
  IvDistinct *sets[BLOBS_MAX];   /* the same */
  gint64 *cells;
  guint n_cells;
} Row;

static void row_clear(Row *row) {
  g_free(row->text);
  for (int i = 0; i < BLOBS_MAX; i++) {
    g_clear_pointer(&row->sketches[i], iv_sketch_free);
    g_clear_pointer(&row->sets[i], iv_distinct_free);
  }
  g_free(row->cells);
  *row = (Row){0};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Row, row_clear)

typedef struct {
  IvSql *sql;
  gint64 store_no;
  IvRollup rollup;
  IvRollupLevel level;
  const Spec *spec;
  IvPeriod period;
  guint n_keys, n_sums, n_maxes, n_sketches, n_sets;
} Making;

static gboolean is_same(const Making *m, const Row *row, IvStatement *st) {
  guint numbers = m->n_keys - (m->spec->text_key ? 1 : 0);
  for (guint i = 0; i < numbers; i++)
    if (row->keys[i] != iv_column_int(st, (int)i + 1))
      return FALSE;
  return !m->spec->text_key || strcmp(row->text, iv_column_text(st, (int)numbers + 1)) == 0;
}

static void begin(const Making *m, Row *row, IvStatement *st) {
  guint numbers = m->n_keys - (m->spec->text_key ? 1 : 0);
  row_clear(row);
  row->begun = TRUE;
  for (guint i = 0; i < numbers; i++)
    row->keys[i] = iv_column_int(st, (int)i + 1);
  if (m->spec->text_key)
    row->text = g_strdup(iv_column_text(st, (int)numbers + 1));
  if (!m->spec->cells)
    return;
  row->n_cells = (guint)(row->keys[1] * row->keys[2]);
  row->cells = g_new0(gint64, row->n_cells + 1);
}

static void add_sketch(IvSketch **sum, IvStatement *st, int column) {
  gsize n;
  const void *bytes = iv_column_blob(st, column, &n);
  if (n == 0)
    return;
  if (!*sum)
    *sum = iv_sketch_new();
  iv_sketch_merge_bytes(*sum, bytes, n);
}

static void add_set(IvDistinct **sum, IvStatement *st, int column) {
  gsize n;
  const void *bytes = iv_column_blob(st, column, &n);
  g_autoptr(IvDistinct) set = n > 0 ? iv_distinct_from_bytes(bytes, n) : NULL;
  if (!set)
    return;
  if (*sum)
    iv_distinct_merge(*sum, set);
  else
    *sum = g_steal_pointer(&set);
}

/* FALSE: a map of heat is damaged. */
static gboolean add(const Making *m, Row *row, IvStatement *st) {
  int column = 1 + (int)m->n_keys;
  gsize n;
  for (guint i = 0; i < m->n_sums; i++)
    row->sums[i] += iv_column_int(st, column++);
  if (m->n_maxes) {
    gint64 max = iv_column_int(st, column++);
    row->max = MAX(row->max, max);
  }
  for (guint i = 0; i < m->n_sketches; i++)
    add_sketch(&row->sketches[i], st, column++);
  for (guint i = 0; i < m->n_sets; i++)
    add_set(&row->sets[i], st, column++);
  if (!m->spec->cells)
    return TRUE;
  const void *bytes = iv_column_blob(st, column, &n);
  return iv_heat_map_add(row->cells, row->n_cells, 1, bytes, n);
}

static void bind_bytes(IvStatement *st, GBytes *bytes) {
  gsize n;
  const void *start = g_bytes_get_data(bytes, &n);
  iv_bind_blob(st, n ? start : "", n);
  g_bytes_unref(bytes);
}

static gboolean write_row(const Making *m, const Row *row, GError **error) {
  guint numbers = m->n_keys - (m->spec->text_key ? 1 : 0);
  if (!row->begun)
    return TRUE;
  IvStatement *st = iv_sql_statement(m->sql, text_of(m->rollup, m->level, WRITE));
  iv_bind_int(st, m->store_no);
  iv_bind_time(st, m->period.from);
  for (guint i = 0; i < numbers; i++)
    iv_bind_int(st, row->keys[i]);
  if (m->spec->text_key)
    iv_bind_text(st, row->text);
  for (guint i = 0; i < m->n_sums; i++)
    iv_bind_int(st, row->sums[i]);
  if (m->n_maxes)
    iv_bind_int(st, row->max);
  for (guint i = 0; i < m->n_sketches; i++)
    if (row->sketches[i])
      bind_bytes(st, iv_sketch_to_bytes(row->sketches[i]));
    else
      iv_bind_null(st);
  for (guint i = 0; i < m->n_sets; i++)
    if (row->sets[i])
      bind_bytes(st, iv_distinct_to_bytes(row->sets[i]));
    else
      iv_bind_null(st);
  if (m->spec->cells)
    bind_bytes(st, iv_heat_map_to_bytes(row->cells, row->n_cells));
  return iv_step_done(st, error);
}

static gboolean delete_rows(const Making *m, GError **error) {
  IvStatement *st = iv_sql_statement(m->sql, text_of(m->rollup, m->level, DELETE));
  iv_bind_int(st, m->store_no);
  iv_bind_time(st, m->period.from);
  return iv_step_done(st, error);
}

/* Rows come key by key. */
static gboolean put_together(const Making *m, GError **error) {
  g_auto(Row) row = {0};
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(m->sql, text_of(m->rollup, m->level, READ));
  iv_bind_int(st, m->store_no);
  iv_bind_time(st, m->period.from);
  iv_bind_time(st, m->period.to);
  while (iv_step_row(st, &wrong)) {
    gboolean same = row.begun && is_same(m, &row, st);
    if (!same && write_row(m, &row, &wrong))
      begin(m, &row, st);
    if (!wrong && !add(m, &row, st))
      g_set_error_literal(&wrong, IV_SQL_ERROR, IV_SQL_ERROR_CORRUPT,
                          "a stored heat map is damaged; restore a backup");
    if (wrong) {
      iv_statement_reset(st);
      break;
    }
  }
  if (!wrong)
    return write_row(m, &row, error);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

gboolean iv_rollup_make(IvSql *sql, gint64 store_no, IvRollup rollup, IvRollupLevel level,
                        IvPeriod period, GError **error) {
  const Spec *spec = &specs[rollup];
  Making m = {sql, store_no, rollup, level, spec, period, 0, 0, 0, 0, 0};
  if (!spec->tables[level])
    return TRUE;
  if (rollup == IV_ROLLUP_BASKETS)
    return iv_basket_pack_make(sql, store_no, period, error);
  m.n_keys = n_columns(spec->keys);
  m.n_sums = n_columns(spec->sums);
  m.n_maxes = n_columns(spec->maxes);
  m.n_sketches = n_columns(spec->sketches);
  m.n_sets = level == IV_ROLLUP_HOUR ? n_columns(spec->sets) : 0;
  g_assert(m.n_keys <= KEYS_MAX && m.n_sums <= IV_MEASURES_MAX && m.n_maxes <= 1);
  return delete_rows(&m, error) && put_together(&m, error);
}
