/* SPDX-License-Identifier: Apache-2.0 */
#include "store/catalog.h"

#include <string.h>

#include "store/lookup.h"

static void read_store_row(IvStatement *st, IvStoreRow *ret_row) {
  memset(ret_row, 0, sizeof *ret_row);
  iv_slug_set(&ret_row->id, iv_column_text(st, 0));
  g_strlcpy(ret_row->name, iv_column_text(st, 1), sizeof ret_row->name);
  g_strlcpy(ret_row->time_zone, iv_column_text(st, 2), sizeof ret_row->time_zone);
  ret_row->n_cameras = (guint)iv_column_int(st, 3);
  ret_row->simulated = iv_column_int(st, 4) != 0;
}

#define STORE_COLUMNS                                                                              \
  "SELECT s.id, s.name, s.time_zone, (SELECT count(*) FROM cameras c WHERE c.store_no = "          \
  "s.store_no AND c.in_config = 1 AND c.role <> 'plan'), "                                         \
  "EXISTS (SELECT 1 FROM simulations m WHERE m.store_no = s.store_no) FROM stores s "

GArray *iv_catalog_stores(IvStore *store, IvTime deadline, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql)
    return NULL;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(IvStoreRow));
  IvStatement *st = iv_sql_statement(read.sql, STORE_COLUMNS "ORDER BY s.id");
  while (iv_step_row(st, &wrong)) {
    IvStoreRow row;
    read_store_row(st, &row);
    g_array_append_val(rows, row);
  }
  if (!wrong)
    return g_steal_pointer(&rows);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

gboolean iv_catalog_store(IvStore *store, const char *store_id, IvTime deadline,
                          IvStoreRow *ret_row, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql)
    return FALSE;
  IvStatement *st = iv_sql_statement(read.sql, STORE_COLUMNS "WHERE s.id = $1");
  iv_bind_text(st, store_id);
  if (iv_step_row(st, &wrong)) {
    read_store_row(st, ret_row);
    iv_statement_reset(st);
    return TRUE;
  }
  if (wrong)
    g_propagate_error(error, g_steal_pointer(&wrong));
  else
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND, "there is no store \"%s\"",
                store_id);
  return FALSE;
}

static IvCameraRole role_from_name(const char *name) {
  for (int i = 0; i < IV_ROLE_KINDS; i++)
    if (strcmp(iv_camera_role_name((IvCameraRole)i), name) == 0)
      return (IvCameraRole)i;
  return IV_ROLE_GENERAL;
}

static void read_camera_row(IvStatement *st, IvCameraRow *ret_row) {
  memset(ret_row, 0, sizeof *ret_row);
  iv_slug_set(&ret_row->id, iv_column_text(st, 0));
  g_strlcpy(ret_row->name, iv_column_text(st, 1), sizeof ret_row->name);
  ret_row->number = (int)iv_column_int(st, 2);
  ret_row->role = role_from_name(iv_column_text(st, 3));
  ret_row->enabled = iv_column_int(st, 4) != 0;
  ret_row->scene_version = (int)iv_column_int(st, 5);
  g_strlcpy(ret_row->state, iv_column_text(st, 6), sizeof ret_row->state);
  ret_row->state_ts = iv_column_time(st, 7);
}

GArray *iv_catalog_cameras(IvStore *store, const char *store_id, IvTime deadline, GError **error) {
  IvStoreKey key;
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(IvCameraRow));
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT c.id, c.name, c.number, c.role, c.enabled, c.scene_version, s.state, s.ts "
                "FROM cameras c LEFT JOIN camera_status s ON s.camera_no = c.camera_no "
                "WHERE c.store_no = $1 AND c.in_config = 1 AND c.role <> 'plan' "
                "ORDER BY c.number, c.id");
  iv_bind_int(st, key.no);
  while (iv_step_row(st, &wrong)) {
    IvCameraRow row;
    read_camera_row(st, &row);
    g_array_append_val(rows, row);
  }
  if (!wrong)
    return g_steal_pointer(&rows);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

gboolean iv_plan_put(IvSql *sql, gint64 store_no, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO cameras (store_no, id, number, name, role, enabled, in_config) "
           "VALUES ($1, $2, 0, 'Floor plan', 'plan', 1, 1) ON CONFLICT (store_no, id) DO UPDATE "
           "SET name = excluded.name, role = excluded.role, enabled = 1, in_config = 1");
  iv_bind_int(st, store_no);
  iv_bind_text(st, IV_FLOOR_PLAN_ID);
  return iv_step_done(st, error);
}
