/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "api/routes/handlers.h"
#include "api/routes/kpi_query.h"
#include "api/views.h"
#include "store/kpi_journeys.h"

static json_t *figure(const IvJourneyAnswer *answer, IvFigure id, double value) {
  IvFigureView view = iv_figure_view(id, value, answer->coverage, answer->provisional);
  return iv_figure_view_to_json(&view);
}

/* Where people came in and nobody is known, there are no journeys to count. */
static double count_of(const IvJourneyAnswer *answer) {
  gboolean known = answer->total.visits > 0 || answer->known_share > 0 ||
                   (isnan(answer->known_share) && answer->coverage > 0);
  return known ? (double)answer->total.visits : (double)NAN;
}

static json_t *figures_to_json(const IvJourneyAnswer *answer) {
  const IvJourneyFigures *t = &answer->total;
  const struct {
    const char *name;
    IvFigure id;
    double value;
  } rows[] = {
      {"closed_visits", IV_FIGURE_CLOSED_VISITS, count_of(answer)},
      {"zones_visited", IV_FIGURE_ZONES_VISITED, t->zones},
      {"backtracking_rate", IV_FIGURE_BACKTRACKING, t->backtracking_rate},
      {"express_share", IV_FIGURE_EXPRESS, t->express_share},
      {"browser_share", IV_FIGURE_BROWSERS, t->browser_share},
      {"visit_conversion", IV_FIGURE_VISIT_CONVERSION, t->conversion},
      {"visit_link_rate", IV_FIGURE_VISIT_LINK_RATE, t->link_rate},
      {"cart_abandonment", IV_FIGURE_CART_ABANDONMENT, (double)NAN},
  };
  json_t *figures = json_object();
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    json_object_set_new(figures, rows[i].name, figure(answer, rows[i].id, rows[i].value));
  return figures;
}

static json_t *place_to_json(int place) {
  return place < 0 ? json_null() : json_integer(place);
}

static json_t *zones_to_json(const IvJourneyAnswer *answer) {
  json_t *list = json_array();
  for (guint i = 0; i < answer->zones->len; i++) {
    const IvJourneyZone *zone = &g_array_index(answer->zones, IvJourneyZone, i);
    json_array_append_new(list, json_pack("{ss ss ss}", "id", zone->id.text, "name", zone->name,
                                          "kind", iv_zone_kind_name(zone->kind)));
  }
  return list;
}

static json_t *links_to_json(const IvJourneyAnswer *answer) {
  json_t *list = json_array();
  for (guint i = 0; i < answer->links->len; i++) {
    const IvJourneyLink *link = &g_array_index(answer->links, IvJourneyLink, i);
    json_array_append_new(list, json_pack("{si so so sI}", "depth", (int)link->depth, "from",
                                          place_to_json(link->from), "to", place_to_json(link->to),
                                          "visits", (json_int_t)link->visits));
  }
  return list;
}

static json_t *paths_to_json(const IvJourneyAnswer *answer) {
  json_t *list = json_array();
  for (guint i = 0; i < answer->paths->len; i++) {
    const IvJourneyPath *path = &g_array_index(answer->paths, IvJourneyPath, i);
    json_t *steps = json_array();
    for (guint s = 0; s < path->n_steps; s++)
      json_array_append_new(steps, json_integer(path->steps[s]));
    json_array_append_new(
        list,
        json_pack("{so sI so so}", "steps", steps, "visits", (json_int_t)path->visits, "share",
                  iv_json_number((double)path->visits / (double)answer->total.visits), "mean_s",
                  iv_json_number(path->mean_s)));
  }
  return list;
}

static json_t *hours_to_json(const IvJourneyAnswer *answer) {
  json_t *list = json_array();
  for (int hour = 0; hour < 24; hour++) {
    const IvJourneyFigures *at = &answer->hours[hour];
    json_array_append_new(
        list, json_pack("{si sI so so so}", "hour", hour, "visits", (json_int_t)at->visits,
                        "conversion", iv_json_number(at->conversion), "link_rate",
                        iv_json_number(at->link_rate), "mean_s", iv_json_number(at->mean_s)));
  }
  return list;
}

IvResponse *iv_route_get_journeys(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvKpiQuery query;
  if (!iv_kpi_query_read(call, &query, &problem))
    return problem;
  g_auto(IvJourneyAnswer) answer = {0};
  if (!iv_kpis_journeys(call->api->store, &query, &answer, &error))
    return iv_call_failed(call, error);
  return iv_response_json(
      200,
      json_pack("{so so ss so si so so so so so sI}", "from", iv_json_time(answer.range.from), "to",
                iv_json_time(answer.range.to), "time_zone", answer.time_zone, "known_share",
                iv_json_number(answer.known_share), "open", (int)answer.open, "figures",
                figures_to_json(&answer), "zones", zones_to_json(&answer), "links",
                links_to_json(&answer), "paths", paths_to_json(&answer), "hours",
                hours_to_json(&answer), "different_paths", (json_int_t)answer.different_paths));
}
