/* SPDX-License-Identifier: Apache-2.0 */
#include "store/camera_setups.h"

#include <stdlib.h>

#include "store/catalog.h"
#include "store/lookup.h"
#include "store/plan_sights.h"

void iv_camera_setup_free(IvCameraSetup *setup) {
  if (!setup)
    return;
  json_decref(setup->settings);
  g_clear_pointer(&setup->address, g_bytes_unref);
  g_free(setup);
}

static void free_setup(gpointer setup) {
  iv_camera_setup_free(setup);
}

static IvCameraSetup *read_row(IvStatement *st) {
  gsize n = 0;
  IvCameraSetup *setup = g_new0(IvCameraSetup, 1);
  iv_slug_set(&setup->camera_id, iv_column_text(st, 0));
  setup->removed = iv_column_int(st, 1) != 0;
  setup->settings = json_loads(iv_column_text(st, 2), 0, NULL);
  if (!setup->settings)
    setup->settings = json_object();
  const void *address = iv_column_blob(st, 3, &n);
  setup->address = n > 0 ? g_bytes_new(address, n) : NULL;
  return setup;
}

GPtrArray *iv_camera_setups_list(IvStore *store, const char *store_id, IvTime deadline,
                                 GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql)
    return NULL;
  g_autoptr(GPtrArray) setups = g_ptr_array_new_with_free_func(free_setup);
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT c.id, c.removed, c.settings, c.address FROM camera_setups c "
                "JOIN stores s ON s.store_no = c.store_no WHERE s.id = $1 ORDER BY c.id");
  iv_bind_text(st, store_id);
  while (iv_step_row(st, &wrong))
    g_ptr_array_add(setups, read_row(st));
  if (!wrong)
    return g_steal_pointer(&setups);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

char *iv_camera_setup_context(const char *store_id, const char *camera_id) {
  return g_strdup_printf("camera/%s/%s", store_id, camera_id);
}

/* ---- writing ---- */

typedef struct {
  const char *store_id;
  const IvCameraSetup *setup;
  const IvCameraConfig *camera;
  const char *author;
  IvTime now;
} Put;

static gboolean put_setup(IvSql *sql, gint64 store_no, const Put *put, GError **error) {
  const IvCameraSetup *setup = put->setup;
  gsize n = 0;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO camera_setups (store_no, id, removed, settings, address, author, ts) "
           "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (store_no, id) DO UPDATE SET "
           "removed = excluded.removed, settings = excluded.settings, address = excluded.address, "
           "author = excluded.author, ts = excluded.ts");
  char *settings = json_dumps(setup->settings, JSON_COMPACT | JSON_SORT_KEYS);
  iv_bind_int(st, store_no);
  iv_bind_text(st, setup->camera_id.text);
  iv_bind_int(st, setup->removed);
  iv_bind_text(st, settings);
  free(settings);
  const void *address = setup->address ? g_bytes_get_data(setup->address, &n) : NULL;
  if (address)
    iv_bind_blob(st, address, n);
  else
    iv_bind_null(st);
  iv_bind_text(st, put->author);
  iv_bind_time(st, put->now);
  return iv_step_done(st, error);
}

static gboolean write_put(IvSql *sql, gpointer arg, GError **error) {
  const Put *put = arg;
  IvStoreKey key;
  if (!iv_lookup_store(sql, put->store_id, &key, error) || !put_setup(sql, key.no, put, error))
    return FALSE;
  return (put->camera ? iv_catalog_camera_put(sql, key.no, put->camera, error)
                      : iv_catalog_camera_retire(sql, key.no, put->setup->camera_id.text, error)) &&
         iv_plan_sights_renew(sql, key.no, error);
}

gboolean iv_camera_setups_put(IvStore *store, const char *store_id, const IvCameraSetup *setup,
                              const IvCameraConfig *camera, const char *author, IvTime now,
                              GError **error) {
  Put put = {store_id, setup, camera, author, now};
  return iv_store_write(store, write_put, &put, error);
}
