/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lookup.h"

gboolean iv_lookup_int(IvStatement *st, gint64 fallback, gint64 *ret_value, GError **error) {
  g_autoptr(GError) wrong = NULL;
  if (iv_step_row(st, &wrong)) {
    *ret_value = iv_column_int(st, 0);
    iv_statement_reset(st);
    return TRUE;
  }
  if (!wrong) {
    *ret_value = fallback;
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

#define READ_KEY                                                                                   \
  "SELECT store_no, time_zone, events_from, samples_from, buckets_from, sales_from, hours_until, " \
  "days_until FROM stores WHERE "

/* FALSE without an error: there is none. */
static gboolean read_key(IvStatement *st, IvStoreKey *ret_key, GError **error) {
  if (!iv_step_row(st, error))
    return FALSE;
  *ret_key = (IvStoreKey){.no = iv_column_int(st, 0),
                          .events_from = iv_column_time(st, 2),
                          .samples_from = iv_column_time(st, 3),
                          .buckets_from = iv_column_time(st, 4),
                          .sales_from = iv_column_time(st, 5),
                          .hours_until = iv_column_time(st, 6),
                          .days_until = iv_column_time(st, 7)};
  g_strlcpy(ret_key->time_zone, iv_column_text(st, 1), sizeof ret_key->time_zone);
  iv_statement_reset(st);
  return TRUE;
}

gboolean iv_lookup_store(IvSql *sql, const char *store_id, IvStoreKey *ret_key, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(sql, READ_KEY "id = $1");
  iv_bind_text(st, store_id);
  if (read_key(st, ret_key, &wrong))
    return TRUE;
  if (wrong)
    g_propagate_error(error, g_steal_pointer(&wrong));
  else
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND, "there is no store \"%s\"",
                store_id);
  return FALSE;
}

gboolean iv_lookup_store_no(IvSql *sql, gint64 store_no, IvStoreKey *ret_key, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(sql, READ_KEY "store_no = $1");
  iv_bind_int(st, store_no);
  if (read_key(st, ret_key, &wrong))
    return TRUE;
  if (wrong)
    g_propagate_error(error, g_steal_pointer(&wrong));
  else
    g_set_error_literal(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND, "there is no such store");
  return FALSE;
}

gboolean iv_lookup_camera(IvSql *sql, gint64 store_no, const char *camera_id, gint64 *ret_no,
                          GError **error) {
  gint64 no;
  IvStatement *st =
      iv_sql_statement(sql, "SELECT camera_no FROM cameras WHERE store_no = $1 AND id = $2");
  iv_bind_int(st, store_no);
  iv_bind_text(st, camera_id);
  if (!iv_lookup_int(st, -1, &no, error))
    return FALSE;
  if (no < 0) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND,
                "there is no camera \"%s\" in this store", camera_id);
    return FALSE;
  }
  *ret_no = no;
  return TRUE;
}
