/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sim_store.h"

#include <string.h>

#include "app/sim_store_private.h"
#include "config/scene_json.h"
#include "kpi/calendar.h"
#include "store/catalog.h"
#include "store/products.h"
#include "store/scenes.h"

static IvScenario *read_scenario(const char *path, const char *text, gsize length,
                                 GTimeZone **ret_zone, GError **error) {
  g_autoptr(IvScenario) scenario = iv_scenario_parse(text, length, error);
  if (scenario && !(*ret_zone = iv_calendar_zone(scenario->time_zone)))
    g_set_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_VALUE,
                "store.time_zone: this system knows no time zone \"%s\"", scenario->time_zone);
  if (*ret_zone)
    return g_steal_pointer(&scenario);
  g_prefix_error(error, "%s: ", path);
  return NULL;
}

IvSimStore *iv_sim_store_new(const char *path, gint64 seed, GError **error) {
  g_autofree char *text = NULL;
  gsize length = 0;
  GTimeZone *zone = NULL;
  if (!g_file_get_contents(path, &text, &length, error))
    return NULL;
  IvScenario *scenario = read_scenario(path, text, length, &zone, error);
  if (!scenario)
    return NULL;
  g_autofree char *digest =
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
  IvSimStore *store = g_new0(IvSimStore, 1);
  *store = (IvSimStore){.scenario = scenario, .zone = zone, .seed = seed};
  g_strlcpy(store->digest, digest, sizeof store->digest);
  return store;
}

void iv_sim_store_free(IvSimStore *store) {
  if (!store)
    return;
  iv_scenario_free(store->scenario);
  g_time_zone_unref(store->zone);
  g_free(store);
}

const char *iv_sim_store_id(const IvSimStore *store) {
  return store->scenario->id.text;
}

gint64 iv_sim_store_seed(const IvSimStore *store) {
  return store->seed;
}

GTimeZone *iv_sim_store_zone(const IvSimStore *store) {
  return store->zone;
}

IvRuleLimits iv_sim_store_limits(void) {
  IvRuleLimits limits = iv_rule_limits_default();
  limits.exit_grace = 0;
  limits.hysteresis = 0;
  return limits;
}

/* ---- the configuration ---- */

static void replace(char **text, const char *by) {
  g_free(*text);
  *text = g_strdup(by);
}

/* The scenario's for it; scenes keep only its id. */
static const char *name_of(const IvScenario *s, const IvScene *scene) {
  for (guint i = 0; i < s->n_cameras; i++)
    if (strcmp(s->cameras[i].id.text, scene->camera_id.text) == 0)
      return s->cameras[i].name;
  return scene->camera_id.text;
}

static void configure_camera(IvCameraConfig *camera, const IvScenario *s, const IvScene *scene,
                             int number) {
  camera->scene = iv_scene_copy(scene);
  iv_scene_set_hash(camera->scene);
  camera->id = scene->camera_id;
  camera->name = g_strdup(iv_scene_is_plan(scene) ? "Floor plan" : name_of(s, scene));
  camera->number = number;
  camera->role = IV_ROLE_ENTRANCE; /* only those with a line are read */
  camera->url = g_strdup("simulated");
  camera->fps = (double)IV_SECOND / (double)IV_SIM_TICK;
  camera->enabled = TRUE;
}

static void configure_plan(IvFloorPlanConfig *plan, const IvScene *scene) {
  iv_scene_free(plan->scene);
  plan->scene = iv_scene_copy(scene);
  iv_scene_set_hash(plan->scene);
  plan->width_m = scene->plan.width_m;
  plan->height_m = scene->plan.height_m;
}

static void clear_cameras(IvConfig *config) {
  IvConfig *rest = iv_config_new();
  guint n = rest->n_cameras;
  IvCameraConfig *cameras = rest->cameras;
  rest->n_cameras = config->n_cameras;
  rest->cameras = config->cameras;
  config->n_cameras = n;
  config->cameras = cameras;
  iv_config_free(rest);
}

/* "T1=lane-1, T2=lane-2" of the lanes that are on the plan. */
static char *terminals_of(const IvScenario *s, const IvScene *plan) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < plan->n_lanes; i++)
    g_string_append_printf(text, "%s%s=%s", i ? ", " : "", s->lanes[i].terminal,
                           plan->lanes[i].id.text);
  return g_string_free(text, FALSE);
}

void iv_sim_store_configure(const IvSimStore *store, IvConfig *config) {
  const IvScenario *s = store->scenario;
  IvRuleLimits limits = iv_sim_store_limits();
  g_autoptr(IvSimStage) stage = iv_sim_stage_new(s, &limits);
  config->store.id = s->id;
  replace(&config->store.name, s->name);
  replace(&config->store.time_zone, s->time_zone);
  replace(&config->sales.currency, s->currency);
  guint plan = iv_sim_stage_n_scenes(stage) - 1; /* it is last */
  clear_cameras(config);
  config->n_cameras = plan + 1;
  config->cameras = g_new0(IvCameraConfig, config->n_cameras);
  for (guint i = 0; i <= plan; i++)
    configure_camera(&config->cameras[i], s, iv_sim_stage_scene(stage, i), (int)i + 1);
  configure_plan(&config->floor_plan, iv_sim_stage_scene(stage, plan));
  g_free(config->sales.terminals);
  config->sales.terminals = terminals_of(s, config->floor_plan.scene);
}

/* ---- the database ---- */

static gboolean put_products(IvSql *sql, gpointer arg, GError **error) {
  const IvScenario *s = arg;
  g_autofree IvProduct *products = g_new0(IvProduct, s->n_products);
  for (guint i = 0; i < s->n_products; i++) {
    g_strlcpy(products[i].sku, s->products[i].sku.text, sizeof products[i].sku);
    g_strlcpy(products[i].name, s->products[i].name, sizeof products[i].name);
    g_strlcpy(products[i].category, s->products[i].category.text, sizeof products[i].category);
    products[i].price = s->products[i].cents;
  }
  return iv_products_put_in(sql, s->id.text, products, s->n_products, error);
}

/* Scenes give a group of lanes no name of its own. */
static gboolean name_groups(IvSql *sql, gpointer arg, GError **error) {
  const IvScenario *s = arg;
  for (guint i = 0; i < s->n_groups; i++)
    if (!iv_scenes_name_group_in(sql, s->id.text, s->groups[i].id.text, s->groups[i].name, error))
      return FALSE;
  return TRUE;
}

gboolean iv_sim_store_enter(const IvSimStore *store, IvStore *database, const IvConfig *config,
                            IvTime from, IvTime now, char ***ret_notes, GError **error) {
  const IvScenario *s = store->scenario;
  IvSimulation simulation = {.seed = store->seed, .from = from, .until = from};
  g_strlcpy(simulation.scenario, s->name, sizeof simulation.scenario);
  g_strlcpy(simulation.digest, store->digest, sizeof simulation.digest);
  return iv_simulations_check(database, &simulation, error) &&
         iv_catalog_import(database, config, now, ret_notes, error) &&
         iv_store_write(database, put_products, (gpointer)s, error) &&
         iv_store_write(database, name_groups, (gpointer)s, error) &&
         iv_simulations_begin(database, s->id.text, &simulation, error);
}
