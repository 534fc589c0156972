/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "store/catalog.h"
#include "store/days.h"
#include "store/journeys.h"
#include "store/lookup.h"
#include "store/plan_images.h"
#include "store/plan_sights.h"
#include "store/scenes.h"
#include "store/terminals.h"

/* The rule (design.md): taken over when absent, or when the file's words have changed since they
 * were taken over last; what was edited in the dashboard wins, and the difference is told. */

typedef struct {
  IvSql *sql;
  const IvConfig *config;
  IvTime now;
  gint64 store_no;
  GPtrArray *notes; /* of char * */
} Import;

static void note(Import *import, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void note(Import *import, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_ptr_array_add(import->notes, g_strdup_vprintf(format, args));
  va_end(args);
}

/* A short fingerprint of the words, which can't run into each other. */
static char *fingerprint(const char *const *words, guint n) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  for (guint i = 0; i < n; i++)
    g_checksum_update(sum, (const guchar *)words[i], (gssize)strlen(words[i]) + 1);
  return g_strndup(g_checksum_get_string(sum), 16);
}

/* ---- the store ---- */

static gboolean insert_store(Import *import, const char *hash, GError **error) {
  const IvStoreConfig *store = &import->config->store;
  IvStatement *st =
      iv_sql_statement(import->sql, "INSERT INTO stores (id, name, time_zone, imported_hash) "
                                    "VALUES ($1, $2, $3, $4)");
  iv_bind_text(st, store->id.text);
  iv_bind_text(st, store->name);
  iv_bind_text(st, store->time_zone);
  iv_bind_text(st, hash);
  if (!iv_step_done(st, error))
    return FALSE;
  import->store_no = iv_sql_last_row(import->sql);
  note(import, "store %s: added", store->id.text);
  return TRUE;
}

static gboolean update_store(Import *import, const char *old_zone, const char *hash,
                             GError **error) {
  const IvStoreConfig *store = &import->config->store;
  IvStatement *st = iv_sql_statement(
      import->sql, "UPDATE stores SET name = $1, time_zone = $2, imported_hash = $3 "
                   "WHERE store_no = $4");
  iv_bind_text(st, store->name);
  iv_bind_text(st, store->time_zone);
  iv_bind_text(st, hash);
  iv_bind_int(st, import->store_no);
  if (!iv_step_done(st, error))
    return FALSE;
  note(import, "store %s: changed as in the file", store->id.text);
  if (strcmp(old_zone, store->time_zone) == 0)
    return TRUE;
  note(import, "store %s: days and hours are now those of %s, also of the past", store->id.text,
       store->time_zone);
  g_autoptr(GTimeZone) zone = iv_calendar_zone(store->time_zone);
  return !zone || (iv_days_rebuild(import->sql, import->store_no, zone, error) &&
                   iv_journeys_rezone(import->sql, import->store_no, error));
}

static gboolean import_store(Import *import, GError **error) {
  const IvStoreConfig *store = &import->config->store;
  const char *words[] = {store->name, store->time_zone};
  g_autofree char *hash = fingerprint(words, 2);
  g_autofree char *old_zone = NULL, *old_hash = NULL;
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      import->sql, "SELECT store_no, time_zone, imported_hash FROM stores WHERE id = $1");
  iv_bind_text(st, store->id.text);
  if (!iv_step_row(st, &wrong)) {
    if (!wrong)
      return insert_store(import, hash, error);
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  import->store_no = iv_column_int(st, 0);
  old_zone = g_strdup(iv_column_text(st, 1));
  old_hash = g_strdup(iv_column_text(st, 2));
  iv_statement_reset(st);
  return strcmp(old_hash, hash) == 0 || update_store(import, old_zone, hash, error);
}

/* ---- cameras ---- */

typedef struct {
  gint64 no; /* -1 = not there */
  gboolean in_config;
  char hash[17];          /* of the words taken over last */
  char imported[17];      /* hash of the drawing taken over last */
  char drawing[17];       /* hash of the newest drawing */
  int version;            /* of that; 0 = none */
  gboolean drawn_by_hand; /* in the dashboard */
} Known;

static gboolean read_known(Import *import, const char *camera_id, Known *ret_known,
                           GError **error) {
  g_autoptr(GError) wrong = NULL;
  *ret_known = (Known){.no = -1};
  IvStatement *st = iv_sql_statement(
      import->sql,
      "SELECT c.camera_no, c.in_config, c.imported_hash, c.imported_scene_hash, c.scene_version, "
      "s.hash, s.author FROM cameras c "
      "LEFT JOIN scenes s ON s.camera_no = c.camera_no AND s.version = c.scene_version "
      "WHERE c.store_no = $1 AND c.id = $2");
  iv_bind_int(st, import->store_no);
  iv_bind_text(st, camera_id);
  if (iv_step_row(st, &wrong)) {
    ret_known->no = iv_column_int(st, 0);
    ret_known->in_config = iv_column_int(st, 1) != 0;
    g_strlcpy(ret_known->hash, iv_column_text(st, 2), sizeof ret_known->hash);
    g_strlcpy(ret_known->imported, iv_column_text(st, 3), sizeof ret_known->imported);
    ret_known->version = (int)iv_column_int(st, 4);
    g_strlcpy(ret_known->drawing, iv_column_text(st, 5), sizeof ret_known->drawing);
    ret_known->drawn_by_hand = iv_column_text(st, 6)[0] != '\0';
    iv_statement_reset(st);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static char *camera_fingerprint(const IvCameraConfig *camera) {
  g_autofree char *number = g_strdup_printf("%d", camera->number);
  const char *words[] = {camera->name, number, iv_camera_role_name(camera->role),
                         camera->enabled ? "enabled" : "disabled"};
  return fingerprint(words, G_N_ELEMENTS(words));
}

gboolean iv_catalog_camera_put(IvSql *sql, gint64 store_no, const IvCameraConfig *camera,
                               GError **error) {
  g_autofree char *hash = camera_fingerprint(camera);
  IvStatement *st = iv_sql_statement(
      sql,
      "INSERT INTO cameras (store_no, id, number, name, role, enabled, in_config, imported_hash) "
      "VALUES ($1, $2, $3, $4, $5, $6, 1, $7) ON CONFLICT (store_no, id) DO UPDATE SET "
      "number = excluded.number, name = excluded.name, role = excluded.role, "
      "enabled = excluded.enabled, in_config = 1, imported_hash = excluded.imported_hash");
  iv_bind_int(st, store_no);
  iv_bind_text(st, camera->id.text);
  iv_bind_int(st, camera->number);
  iv_bind_text(st, camera->name);
  iv_bind_text(st, iv_camera_role_name(camera->role));
  iv_bind_int(st, camera->enabled);
  iv_bind_text(st, hash);
  return iv_step_done(st, error);
}

static gboolean remember_drawing(Import *import, const IvCameraConfig *camera, GError **error) {
  IvStatement *st = iv_sql_statement(
      import->sql, "UPDATE cameras SET imported_scene_hash = $1 WHERE store_no = $2 AND id = $3");
  iv_bind_text(st, camera->scene->hash);
  iv_bind_int(st, import->store_no);
  iv_bind_text(st, camera->id.text);
  return iv_step_done(st, error);
}

static gboolean take_drawing(Import *import, const IvCameraConfig *camera, GError **error) {
  IvScenePut put = {.store_id = import->config->store.id.text,
                    .camera_id = camera->id.text,
                    .scene = camera->scene,
                    .expected_version = -1,
                    .author = "",
                    .now = import->now};
  g_autoptr(IvScene) scene = iv_scenes_add_in(import->sql, &put, error);
  if (!scene)
    return FALSE;
  note(import, "camera %s: scene taken from the file as version %d", camera->id.text,
       scene->version);
  return remember_drawing(import, camera, error);
}

static gboolean import_drawing(Import *import, const IvCameraConfig *camera, const Known *known,
                               GError **error) {
  const char *hash = camera->scene->hash;
  if (known->version > 0 && strcmp(hash, known->drawing) == 0)
    return strcmp(hash, known->imported) == 0 || remember_drawing(import, camera, error);
  if (known->version == 0 || (!known->drawn_by_hand && strcmp(hash, known->imported) != 0))
    return take_drawing(import, camera, error);
  note(import,
       "camera %s: the scene was edited in the dashboard (version %d) and differs from the file's; "
       "the dashboard's is used",
       camera->id.text, known->version);
  return TRUE;
}

static gboolean import_camera(Import *import, const IvCameraConfig *camera, GError **error) {
  Known known;
  if (!read_known(import, camera->id.text, &known, error))
    return FALSE;
  g_autofree char *hash = camera_fingerprint(camera);
  gboolean changed = known.no < 0 || !known.in_config || strcmp(hash, known.hash) != 0;
  if (changed && !iv_catalog_camera_put(import->sql, import->store_no, camera, error))
    return FALSE;
  if (changed)
    note(import, "camera %s: %s", camera->id.text,
         known.no < 0 || known.hash[0] == '\0' ? "added" : "changed as in the file");
  return !camera->scene || import_drawing(import, camera, &known, error);
}

gboolean iv_catalog_camera_retire(IvSql *sql, gint64 store_no, const char *camera_id,
                                  GError **error) {
  IvStatement *st =
      iv_sql_statement(sql, "UPDATE cameras SET in_config = 0 WHERE store_no = $1 AND id = $2");
  iv_bind_int(st, store_no);
  iv_bind_text(st, camera_id);
  return iv_step_done(st, error);
}

/* Cameras that are no longer in the file keep their history, and are not shown. */
static gboolean retire_cameras(Import *import, GError **error) {
  g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GError) wrong = NULL;
  IvStatement *st =
      iv_sql_statement(import->sql, "SELECT id FROM cameras WHERE store_no = $1 AND in_config = 1 "
                                    "AND role <> 'plan' ORDER BY id");
  iv_bind_int(st, import->store_no);
  while (iv_step_row(st, &wrong))
    if (!iv_config_camera(import->config, iv_column_text(st, 0)))
      g_ptr_array_add(gone, g_strdup(iv_column_text(st, 0)));
  for (guint i = 0; !wrong && i < gone->len; i++) {
    const char *id = g_ptr_array_index(gone, i);
    if (iv_catalog_camera_retire(import->sql, import->store_no, id, &wrong))
      note(import, "camera %s: no longer in the file; its history stays", id);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* The plan is a row beside the cameras with the role `plan`, enabled and in the configuration as
 * long as there is a plan; it stays when the file says nothing of one, as it may have been drawn in
 * the dashboard. Nothing is in the file of the row itself, so only the drawing is compared. */
static gboolean import_plan(Import *import, GError **error) {
  Known known;
  IvCameraConfig plan = {.scene = import->config->floor_plan.scene};
  iv_slug_set(&plan.id, IV_FLOOR_PLAN_ID);
  if (!iv_plan_put(import->sql, import->store_no, error))
    return FALSE;
  if (!plan.scene)
    return TRUE;
  return read_known(import, IV_FLOOR_PLAN_ID, &known, error) &&
         import_drawing(import, &plan, &known, error);
}

static gboolean run_import(IvSql *sql, gpointer arg, GError **error) {
  Import *import = arg;
  import->sql = sql;
  if (!import_store(import, error))
    return FALSE;
  for (guint i = 0; i < import->config->n_cameras; i++)
    if (!import_camera(import, &import->config->cameras[i], error))
      return FALSE;
  return import_plan(import, error) && retire_cameras(import, error) &&
         iv_plan_sights_renew(sql, import->store_no, error) &&
         iv_terminals_import(sql, import->store_no, &import->config->sales, import->notes, error);
}

/* The picture of the file's plan is kept with those that were uploaded. */
static gboolean import_plan_image(IvStore *store, const IvConfig *config, GError **error) {
  char *data = NULL;
  gsize length;
  IvRaster raster;
  if (!config->floor_plan.image || !config->floor_plan.scene)
    return TRUE;
  if (!g_file_get_contents(config->floor_plan.image, &data, &length, error))
    return FALSE;
  g_autoptr(GBytes) bytes = g_bytes_new_take(data, length);
  return iv_plan_image_put(store, config->store.id.text, bytes, "", &raster, error);
}

gboolean iv_catalog_import(IvStore *store, const IvConfig *config, IvTime now, char ***ret_notes,
                           GError **error) {
  Import import = {.config = config, .now = now};
  if (!import_plan_image(store, config, error))
    return FALSE;
  import.notes = g_ptr_array_new_with_free_func(g_free);
  gboolean ok = iv_store_write(store, run_import, &import, error);
  if (ok && ret_notes) {
    g_ptr_array_add(import.notes, NULL);
    *ret_notes = (char **)g_ptr_array_steal(import.notes, NULL);
  }
  g_ptr_array_unref(import.notes);
  return ok;
}
