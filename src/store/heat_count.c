/* SPDX-License-Identifier: Apache-2.0 */
#include "store/heat_count.h"

#include <string.h>

#include "kpi/bucket.h"
#include "kpi/heat_map.h"
#include "store/store.h"

#define GATHERED_MAX (8 * IV_HEAT_CELLS_MAX) /* sums of one batch: 4 MiB, and a row or two more */

G_STATIC_ASSERT(IV_HEAT_BUCKET == IV_BUCKET_SPAN);

/* One row. Without padding: it is hashed as bytes. */
typedef struct {
  gint64 camera;
  IvTime bucket;
  guint32 is_hour, columns, rows, cell_mm;
} Key;

typedef struct {
  Key key;
  gint64 sums[]; /* tenths per cell */
} Row;

struct IvHeatCounting {
  IvSql *sql;
  gint64 store_no;
  GTimeZone *zone;
  IvRollups *rollups;
  GHashTable *rows; /* of Row, by its key */
  GPtrArray *order; /* of Row, owned: as they came */
  guint gathered;   /* sums in them */
  IvPeriod hour;    /* the one that was asked for last */
  GArray *cells;    /* of the event at hand */
};

static guint key_hash(gconstpointer p) {
  const Key *key = p;
  guint64 h = (guint64)key->bucket / IV_SECOND * 1000003u + (guint64)key->camera * 131u;
  return (guint)(h ^ h >> 32) ^ key->is_hour ^ key->columns << 4;
}

static gboolean key_equal(gconstpointer a, gconstpointer b) {
  return memcmp(a, b, sizeof(Key)) == 0;
}

IvHeatCounting *iv_heat_counting_new(IvSql *sql, gint64 store_no, GTimeZone *zone,
                                     IvRollups *rollups) {
  IvHeatCounting *counting = g_new0(IvHeatCounting, 1);
  counting->sql = sql;
  counting->store_no = store_no;
  counting->zone = zone;
  counting->rollups = rollups;
  counting->rows = g_hash_table_new(key_hash, key_equal);
  counting->order = g_ptr_array_new_with_free_func(g_free);
  counting->cells = g_array_new(FALSE, FALSE, sizeof(IvHeatCell));
  return counting;
}

void iv_heat_counting_free(IvHeatCounting *counting) {
  if (!counting)
    return;
  g_hash_table_unref(counting->rows);
  g_ptr_array_unref(counting->order);
  g_array_unref(counting->cells);
  g_free(counting);
}

static IvTime hour_of(IvHeatCounting *counting, IvTime t) {
  if (!counting->zone)
    return iv_time_floor(t, IV_HOUR);
  if (t < counting->hour.from || t >= counting->hour.to)
    counting->hour = (IvPeriod){iv_calendar_hour_start(counting->zone, t),
                                iv_calendar_hour_end(counting->zone, t)};
  return counting->hour.from;
}

static Row *row_of(IvHeatCounting *counting, const Key *key) {
  Row *row = g_hash_table_lookup(counting->rows, key);
  if (row)
    return row;
  row = g_malloc0(sizeof *row + sizeof row->sums[0] * key->columns * key->rows);
  counting->gathered += key->columns * key->rows;
  row->key = *key;
  g_hash_table_insert(counting->rows, &row->key, row);
  g_ptr_array_add(counting->order, row);
  return row;
}

const char *iv_heat_count_check(const IvEvent *event) {
  IvHeatGrid grid;
  return iv_slug_is_none(&event->camera_id) ? "camera_id is missing"
                                            : iv_heat_sample_read(event, &grid, NULL);
}

gboolean iv_heat_counting_take(IvHeatCounting *counting, const IvEvent *event, gint64 camera_no,
                               GError **error) {
  IvHeatGrid grid;
  if (iv_heat_sample_read(event, &grid, counting->cells))
    return TRUE;
  IvTime bucket = iv_time_floor(event->ts, IV_HEAT_BUCKET);
  for (guint32 is_hour = 0; is_hour < 2; is_hour++) {
    Key key = {camera_no, is_hour ? hour_of(counting, bucket) : bucket,
               is_hour,   grid.columns,
               grid.rows, grid.cell_mm};
    Row *row = row_of(counting, &key);
    for (guint i = 0; i < counting->cells->len; i++) {
      const IvHeatCell *cell = &g_array_index(counting->cells, IvHeatCell, i);
      row->sums[cell->cell] += cell->tenths;
    }
  }
  return counting->gathered < GATHERED_MAX || iv_heat_counting_write(counting, error);
}

/* ---- rows ---- */

#define READ_ROW(table)                                                                            \
  "SELECT cells FROM " table " WHERE store_no = $1 AND camera_no = $2 AND bucket = $3 "            \
  "AND columns = $4 AND rows = $5 AND cell_mm = $6"
#define WRITE_ROW(table)                                                                           \
  "INSERT INTO " table " (store_no, camera_no, bucket, columns, rows, cell_mm, tenths, cells) "    \
  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "                                                       \
  "ON CONFLICT (store_no, camera_no, bucket, columns, rows, cell_mm) "                             \
  "DO UPDATE SET tenths = excluded.tenths, cells = excluded.cells"

static const char *const reads[] = {READ_ROW("heatmap_cells"), READ_ROW("heatmap_hours")};
static const char *const writes[] = {WRITE_ROW("heatmap_cells"), WRITE_ROW("heatmap_hours")};

static void bind_key(IvStatement *st, gint64 store_no, const Key *key) {
  iv_bind_int(st, store_no);
  iv_bind_int(st, key->camera);
  iv_bind_time(st, key->bucket);
  iv_bind_int(st, key->columns);
  iv_bind_int(st, key->rows);
  iv_bind_int(st, key->cell_mm);
}

static gboolean add_stored(IvSql *sql, gint64 store_no, Row *row, GError **error) {
  g_autoptr(GError) wrong = NULL;
  gboolean fine = TRUE;
  gsize n;
  IvStatement *st = iv_sql_statement(sql, reads[row->key.is_hour]);
  bind_key(st, store_no, &row->key);
  if (iv_step_row(st, &wrong)) {
    const void *bytes = iv_column_blob(st, 0, &n);
    fine = iv_heat_map_add(row->sums, row->key.columns * row->key.rows, 1, bytes, n);
    iv_statement_reset(st);
  }
  if (!wrong && !fine)
    g_set_error_literal(&wrong, IV_SQL_ERROR, IV_SQL_ERROR_CORRUPT,
                        "a stored heat map is damaged; restore a backup");
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean write_row(IvSql *sql, gint64 store_no, Row *row, GError **error) {
  gint64 tenths = 0;
  gsize n;
  if (!add_stored(sql, store_no, row, error))
    return FALSE;
  for (guint i = 0; i < row->key.columns * row->key.rows; i++)
    tenths += row->sums[i];
  g_autoptr(GBytes) cells = iv_heat_map_to_bytes(row->sums, row->key.columns * row->key.rows);
  const void *bytes = g_bytes_get_data(cells, &n);
  IvStatement *st = iv_sql_statement(sql, writes[row->key.is_hour]);
  bind_key(st, store_no, &row->key);
  iv_bind_int(st, tenths);
  iv_bind_blob(st, n ? bytes : "", n);
  return iv_step_done(st, error);
}

gboolean iv_heat_counting_write(IvHeatCounting *counting, GError **error) {
  for (guint i = 0; i < counting->order->len; i++) {
    Row *row = g_ptr_array_index(counting->order, i);
    if (row->key.is_hour)
      iv_rollups_touch(counting->rollups, IV_ROLLUP_HEAT, row->key.bucket);
    if (!write_row(counting->sql, counting->store_no, row, error))
      return FALSE;
  }
  g_hash_table_remove_all(counting->rows);
  g_ptr_array_set_size(counting->order, 0);
  counting->gathered = 0;
  return TRUE;
}

/* ---- counting again ---- */

/* What the rows of the span hold, with less than nothing in it: to be written into the hours. */
static gboolean take_away(IvHeatCounting *counting, IvPeriod span, GError **error) {
  g_autoptr(GError) wrong = NULL;
  gboolean fine = TRUE;
  gsize n;
  IvStatement *st = iv_sql_statement(
      counting->sql, "SELECT camera_no, bucket, columns, rows, cell_mm, cells FROM heatmap_cells "
                     "WHERE store_no = $1 AND bucket >= $2 AND bucket < $3");
  iv_bind_int(st, counting->store_no);
  iv_bind_time(st, span.from);
  iv_bind_time(st, span.to);
  while (iv_step_row(st, &wrong)) {
    Key key = {iv_column_int(st, 0),
               hour_of(counting, iv_column_time(st, 1)),
               1,
               (guint32)iv_column_int(st, 2),
               (guint32)iv_column_int(st, 3),
               (guint32)iv_column_int(st, 4)};
    const void *bytes = iv_column_blob(st, 5, &n);
    fine &= iv_heat_map_add(row_of(counting, &key)->sums, key.columns * key.rows, -1, bytes, n);
  }
  if (!wrong && !fine)
    g_set_error_literal(&wrong, IV_SQL_ERROR, IV_SQL_ERROR_CORRUPT,
                        "a stored heat map is damaged; restore a backup");
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

gboolean iv_heat_clear(IvSql *sql, gint64 store_no, GTimeZone *zone, IvPeriod span,
                       IvRollups *rollups, GError **error) {
  g_autoptr(IvHeatCounting) counting = iv_heat_counting_new(sql, store_no, zone, rollups);
  if (!take_away(counting, span, error) || !iv_heat_counting_write(counting, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "DELETE FROM heatmap_cells WHERE store_no = $1 AND bucket >= $2 AND bucket < $3");
  iv_bind_int(st, store_no);
  iv_bind_time(st, span.from);
  iv_bind_time(st, span.to);
  if (!iv_step_done(st, error))
    return FALSE;
  st = iv_sql_statement(sql, "DELETE FROM heatmap_hours WHERE store_no = $1 AND bucket >= $2 "
                             "AND bucket < $3 AND tenths <= 0");
  iv_bind_int(st, store_no);
  iv_bind_time(st, span.from - IV_HOUR);
  iv_bind_time(st, span.to);
  return iv_step_done(st, error);
}
