/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/position_file.h"

#include <math.h>

#include "app/sim_stage.h"

#define STEP_M 0.25 /* of the map of what cameras see */

typedef struct {
  guint32 agent;
  gint64 x_mm, y_mm;
} Place;

struct IvPositionFile {
  IvTextFile *out;
  IvTime start;
  GArray *before, *now; /* of Place, in order of agent */
};

static void write_seen(GString *text, const IvSim *sim, const IvFloorArea *plan) {
  guint columns = (guint)ceil((plan->x1 - plan->x0) / STEP_M - 1e-6),
        rows = (guint)ceil((plan->y1 - plan->y0) / STEP_M - 1e-6);
  for (guint row = 0; row < rows; row++) {
    g_string_append(text, row ? ",\"" : "\"");
    for (guint column = 0; column < columns; column++) {
      IvSpot middle = {plan->x0 + (column + 0.5) * STEP_M, plan->y0 + (row + 0.5) * STEP_M};
      g_string_append_c(text, iv_sim_sees(sim, middle) ? '1' : '0');
    }
    g_string_append_c(text, '"');
  }
}

static void write_header(GString *text, const IvSim *sim, const IvScenario *scenario,
                         const IvSimConfig *config) {
  IvFloorArea plan = iv_sim_plan_area(scenario);
  g_string_append_printf(
      text,
      "{\"fact\":\"positions\",\"version\":1,\"store\":\"%s\",\"t\":%" G_GINT64_FORMAT
      ",\"until\":%" G_GINT64_FORMAT ",\"tick_us\":%" G_GINT64_FORMAT
      ",\"plan\":{\"x\":%.6f,\"y\":%.6f,\"width\":%.6f,\"height\":%.6f},"
      "\"seen_step_m\":%.2f,\"seen\":[",
      scenario->id.text, iv_time_floor(config->start, IV_SIM_TICK), config->until, IV_SIM_TICK,
      plan.x0, plan.y0, plan.x1 - plan.x0, plan.y1 - plan.y0, STEP_M);
  write_seen(text, sim, &plan);
  g_string_append(text, "]}\n");
}

IvPositionFile *iv_position_file_new(const char *path, const IvSim *sim, const IvScenario *scenario,
                                     const IvSimConfig *config, GError **error) {
  IvTextFile *out = iv_text_file_open(path, error);
  if (!out)
    return NULL;
  IvPositionFile *file = g_new0(IvPositionFile, 1);
  file->out = out;
  file->start = iv_time_floor(config->start, IV_SIM_TICK);
  file->before = g_array_new(FALSE, TRUE, sizeof(Place));
  file->now = g_array_new(FALSE, TRUE, sizeof(Place));
  write_header(out->text, sim, scenario, config);
  return file;
}

/* Both lists are in order of agent: who is new, has moved, or has gone. */
static void write_changes(const IvPositionFile *file, GString *line) {
  guint i = 0, k = 0;
  while (i < file->before->len || k < file->now->len) {
    const Place *was = i < file->before->len ? &g_array_index(file->before, Place, i) : NULL;
    const Place *is = k < file->now->len ? &g_array_index(file->now, Place, k) : NULL;
    if (!is || (was && was->agent < is->agent)) {
      g_string_append_printf(line, " -%u", was->agent);
      i++;
      continue;
    }
    gboolean same = was && was->agent == is->agent;
    if (!same || was->x_mm != is->x_mm || was->y_mm != is->y_mm)
      g_string_append_printf(line, " %u:%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT, is->agent,
                             is->x_mm, is->y_mm);
    i += same;
    k++;
  }
}

void iv_position_file_take(IvPositionFile *file, IvTime ts, const IvSimPosition *people, guint n) {
  GString *text = file->out->text;
  g_array_set_size(file->now, 0);
  for (guint i = 0; i < n; i++) {
    Place place = {people[i].agent, llround(people[i].x * 1000), llround(people[i].y * 1000)};
    g_array_append_val(file->now, place);
  }
  gsize before = text->len;
  g_string_append_printf(text, "%" G_GINT64_FORMAT, (ts - file->start) / IV_SIM_TICK);
  gsize head = text->len;
  write_changes(file, text);
  if (text->len == head)
    g_string_truncate(text, before);
  else
    g_string_append_c(text, '\n');
  GArray *swap = file->before;
  file->before = file->now;
  file->now = swap;
  iv_text_file_spill(file->out);
}

gboolean iv_position_file_close(IvPositionFile *file, GError **error) {
  if (!file)
    return TRUE;
  gboolean fine = iv_text_file_close(file->out, error);
  g_array_unref(file->before);
  g_array_unref(file->now);
  g_free(file);
  return fine;
}
