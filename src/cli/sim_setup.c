/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_setup.h"

#include <string.h>

#include "sim/store_time.h"

#define DAYS_MAX 3660
#define BEFORE_OPENING (30 * IV_MINUTE)

void iv_sim_options_clear(IvSimOptions *options) {
  g_free(options->scenario);
  g_free(options->noise);
  g_free(options->start);
}

void iv_sim_setup_clear(IvSimSetup *setup) {
  g_clear_pointer(&setup->scenario, iv_scenario_free);
  g_clear_pointer(&setup->zone, g_time_zone_unref);
}

static gboolean refuse(GError **error, const char *message) {
  g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

/* "2026-03-02" or "2026-03-02T15:30"; minutes is -1 without a time. */
static gboolean read_start(const IvScenario *s, const char *text, int *ret_day, int *ret_minutes) {
  gsize length = strlen(text);
  g_autofree char *full = g_strconcat(text,
                                      length == 10   ? "T00:00:00Z"
                                      : length == 16 ? ":00Z"
                                                     : "",
                                      NULL);
  g_autofree char *first = g_strdup_printf("%04d-%02d-%02dT00:00:00Z", s->year, s->month, s->day);
  IvTime wanted, origin;
  if ((length != 10 && length != 16) || !iv_time_from_text(full, &wanted) ||
      !iv_time_from_text(first, &origin))
    return FALSE;
  IvTime day = iv_time_floor(wanted, IV_DAY);
  *ret_day = (int)((day - origin) / IV_DAY);
  *ret_minutes = length == 10 ? -1 : (int)((wanted - day) / IV_MINUTE);
  return TRUE;
}

static gboolean set_times(IvSimSetup *setup, const IvSimOptions *options, GError **error) {
  const IvScenario *s = setup->scenario;
  int day = 0, minutes = -1;
  if (options->start && !read_start(s, options->start, &day, &minutes))
    return refuse(error, "--start must be a date like 2026-03-02, or with a time 2026-03-02T15:30");
  if (options->days < 0 || options->days > DAYS_MAX || !(options->hours >= 0) ||
      options->hours > DAYS_MAX * 24)
    return refuse(error, "--days and --hours must be over 0, at most ten years");
  if (options->days && options->hours > 0)
    return refuse(error, "give --days or --hours, not both");
  IvStoreDay first = iv_store_day(s, setup->zone, day);
  setup->config.start = first.start + MAX(minutes, 0) * IV_MINUTE;
  if (options->hours > 0) {
    IvTime opens = first.start + first.opening.opens * IV_MINUTE - BEFORE_OPENING;
    if (minutes < 0)
      setup->config.start = MAX(first.start, opens);
    setup->config.until = setup->config.start + (IvTime)(options->hours * (double)IV_HOUR);
  } else {
    int days = options->days ? options->days : s->days;
    setup->config.until = iv_store_day(s, setup->zone, day + days).start;
  }
  return TRUE;
}

static gboolean read_noise(const char *path, IvSimConfig *config, GError **error) {
  g_autofree char *text = NULL;
  gsize length = 0;
  if (!g_file_get_contents(path, &text, &length, error))
    return FALSE;
  if (iv_sight_noise_parse(text, length, &config->noise, error) &&
      iv_box_noise_parse(text, length, &config->boxes, error))
    return TRUE;
  g_prefix_error(error, "%s: ", path);
  return FALSE;
}

static gboolean load(IvSimSetup *setup, const IvSimOptions *options, GError **error) {
  g_autofree char *text = NULL;
  gsize length = 0;
  if (!options->scenario)
    return refuse(error, "--scenario FILE is missing");
  if (!g_file_get_contents(options->scenario, &text, &length, error))
    return FALSE;
  setup->scenario = iv_scenario_parse(text, length, error);
  if (!setup->scenario) {
    g_prefix_error(error, "%s: ", options->scenario);
    return FALSE;
  }
  setup->zone = g_time_zone_new_identifier(setup->scenario->time_zone);
  if (!setup->zone) {
    g_set_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_VALUE,
                "%s: store.time_zone: this system knows no time zone \"%s\"", options->scenario,
                setup->scenario->time_zone);
    return FALSE;
  }
  setup->config.seed = (guint64)options->seed;
  return (!options->noise || read_noise(options->noise, &setup->config, error)) &&
         set_times(setup, options, error);
}

gboolean iv_sim_setup_load(IvSimSetup *ret_setup, const IvSimOptions *options, GError **error) {
  *ret_setup = (IvSimSetup){0};
  if (load(ret_setup, options, error))
    return TRUE;
  iv_sim_setup_clear(ret_setup);
  return FALSE;
}
