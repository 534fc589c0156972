/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_journeys.h"

#include <math.h>

#include "cli/eval_kpi_rows.h"
#include "store/kpi_journeys.h"

static double share(double part, double whole) {
  return whole > 0 ? part / whole : (double)NAN;
}

static const char *name_of(const IvJourneyAnswer *answer, int place) {
  return place < 0 ? "" : g_array_index(answer->zones, IvJourneyZone, (guint)place).id.text;
}

/* "1 shelf till" of a link, as in the truth. */
static double true_link(const IvJourneyAnswer *answer, const IvJourneyLink *link,
                        const json_t *links) {
  g_autofree char *key = g_strdup_printf("%u %s %s", link->depth, name_of(answer, link->from),
                                         name_of(answer, link->to));
  double n = iv_eval_number(links, key);
  return isnan(n) ? 0 : n;
}

static double true_path(const IvJourneyAnswer *answer, const IvJourneyPath *path,
                        const json_t *paths) {
  g_autoptr(GString) key = g_string_new(NULL);
  for (guint i = 0; i < path->n_steps; i++)
    g_string_append_printf(key, "%s%s", i ? " " : "", name_of(answer, path->steps[i]));
  double n = iv_eval_number(paths, key->str);
  return isnan(n) ? 0 : n;
}

static double sum_of(const json_t *numbers) {
  const char *key;
  json_t *value;
  double sum = 0;
  json_object_foreach((json_t *)numbers, key, value) sum += json_number_value(value);
  return sum;
}

/* So many steps from zone to zone are the true ones: of each kind the smaller of both counts. */
static void compare_links(json_t *figures, const IvJourneyAnswer *answer, const json_t *truth) {
  const json_t *links = json_object_get(truth, "links");
  double alike = 0, told = 0;
  for (guint i = 0; i < answer->links->len; i++) {
    const IvJourneyLink *link = &g_array_index(answer->links, IvJourneyLink, i);
    alike += MIN((double)link->visits, true_link(answer, link, links));
    told += (double)link->visits;
  }
  iv_eval_add_share(figures, "journey_steps", "store", sum_of(links), told);
  iv_eval_add_share(figures, "journey_steps_alike", "store", sum_of(links), alike);
}

static void compare_paths(json_t *figures, const IvJourneyAnswer *answer, const json_t *truth) {
  const json_t *paths = json_object_get(truth, "paths");
  iv_eval_add_share(figures, "journey_paths", "store", (double)json_object_size(paths),
                    (double)answer->different_paths);
  for (guint i = 0; i < answer->paths->len; i++) {
    const IvJourneyPath *path = &g_array_index(answer->paths, IvJourneyPath, i);
    char name[24];
    g_snprintf(name, sizeof name, "path %u", i + 1);
    iv_eval_add_share(figures, "journey_path", name, true_path(answer, path, paths),
                      (double)path->visits);
  }
}

gboolean iv_eval_kpi_journeys(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                              json_t *figures, GError **error) {
  g_auto(IvJourneyAnswer) answer = {0};
  if (!iv_kpis_journeys(store, query, &answer, error))
    return FALSE;
  const json_t *journeys = json_object_get(truth, "journeys");
  const IvJourneyFigures *t = &answer.total;
  double visits = iv_eval_number(journeys, "visits"), wide = iv_eval_number(journeys, "wide");
  const struct {
    const char *kpi, *part;
    double whole, value;
  } rows[] = {
      {"zones_visited", "zones", visits, t->zones},
      {"backtracking_rate", "backtracked", wide, t->backtracking_rate},
      {"express_share", "express", visits, t->express_share},
      {"browser_share", "browsers", visits, t->browser_share},
      {"checkout_share", "checkouts", visits, t->checkout_share},
      {"visit_conversion", "bought", visits, t->conversion},
  };
  iv_eval_add_share(figures, "closed_visits", "store", visits, (double)t->visits);
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    iv_eval_add_share(figures, rows[i].kpi, "store",
                      share(iv_eval_number(journeys, rows[i].part), rows[i].whole), rows[i].value);
  compare_links(figures, &answer, journeys);
  compare_paths(figures, &answer, journeys);
  return TRUE;
}
