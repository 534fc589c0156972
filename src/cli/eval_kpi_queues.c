/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_queues.h"

#include <math.h>

#include "cli/eval_kpi_rows.h"
#include "kpi/bucket.h"

typedef struct {
  IvStore *store;
  const IvKpiQuery *query;
  const json_t *truth, *total; /* total: of the whole run */
  json_t *figures;
} Comparison;

/* ---- one line, one lane ---- */

static void compare_spread(json_t *figures, const char *what, const char *subject,
                           const json_t *truth, double mean, double median, double p90) {
  g_autofree char *of_mean = g_strdup_printf("%s_mean", what);
  g_autofree char *of_median = g_strdup_printf("%s_p50", what);
  g_autofree char *of_p90 = g_strdup_printf("%s_p90", what);
  iv_eval_add_share(figures, of_mean, subject, iv_eval_number(truth, "mean"), mean);
  iv_eval_add_quantile(figures, of_median, subject, truth, "median", median);
  iv_eval_add_quantile(figures, of_p90, subject, truth, "p90", p90);
}

static void compare_line(json_t *figures, const IvQueueRow *row, const json_t *truth) {
  const IvQueueFigures *value = &row->total;
  const char *name = row->lane_id.text;
  iv_eval_add_share(figures, "queue_joined", name, iv_eval_number(truth, "joined"), value->joined);
  iv_eval_add_share(figures, "queue_abandoned", name, iv_eval_number(truth, "abandoned"),
                    value->abandoned);
  iv_eval_add_share(figures, "abandonment_rate", name, iv_eval_number(truth, "abandonment_rate"),
                    value->abandonment_rate);
  iv_eval_add_share(figures, "service_level", name, iv_eval_number(truth, "service_level"),
                    value->service_level);
  compare_spread(figures, "wait", name, json_object_get(truth, "wait_s"), value->wait_mean_s,
                 value->wait_median_s, value->wait_p90_s);
  iv_eval_add_distance(figures, "queue_length", name, iv_eval_number(truth, "length_mean"),
                       value->length_mean);
  iv_eval_add_share(figures, "queue_length_max", name, iv_eval_number(truth, "length_max"),
                    value->length_max);
}

static void compare_services(json_t *figures, const IvQueueRow *row, const json_t *truth) {
  const char *name = row->lane_id.text;
  iv_eval_add_share(figures, "queue_served", name, iv_eval_number(truth, "served"),
                    row->total.served);
  compare_spread(figures, "service", name, json_object_get(truth, "service_s"),
                 row->total.service_mean_s, row->total.service_median_s, row->total.service_p90_s);
}

static void compare_row(const Comparison *c, const IvQueueRow *row) {
  const char *name = row->lane_id.text;
  const json_t *line = json_object_get(json_object_get(c->total, "queues"), name);
  const json_t *lane = json_object_get(json_object_get(c->total, "lanes"), name);
  if (line)
    compare_line(c->figures, row, line);
  compare_services(c->figures, row, lane ? lane : line);
  if (!lane)
    return;
  iv_eval_add_share(c->figures, "lane_open_hours", name, iv_eval_number(lane, "open_hours"),
                    row->total.open_hours);
  iv_eval_add_share(c->figures, "served_per_open_hour", name,
                    iv_eval_number(lane, "served_per_open_hour"), row->total.served_per_open_hour);
  iv_eval_add_share(c->figures, "linked_share", name, iv_eval_number(lane, "linked_share"),
                    row->total.linked_share);
}

/* ---- the store ---- */

static double sum_of(const json_t *queues, const char *key) {
  const char *name;
  const json_t *queue;
  double sum = 0;
  json_object_foreach((json_t *)queues, name, queue) {
    sum += iv_eval_number(queue, key);
  }
  return sum;
}

static double mean_wait(const json_t *queues) {
  const char *name;
  const json_t *queue;
  double sum = 0, n = 0;
  json_object_foreach((json_t *)queues, name, queue) {
    const json_t *wait = json_object_get(queue, "wait_s");
    double waited = iv_eval_number(wait, "n");
    n += waited;
    sum += waited > 0 ? waited * iv_eval_number(wait, "mean") : 0;
  }
  return n > 0 ? sum / n : (double)NAN;
}

static void compare_store(const Comparison *c, const IvQueueFigures *value) {
  const json_t *queues = json_object_get(c->total, "queues");
  double joined = sum_of(queues, "joined");
  iv_eval_add_share(c->figures, "service_level", "store",
                    joined > 0 ? sum_of(queues, "in_target") / joined : (double)NAN,
                    value->service_level);
  iv_eval_add_share(c->figures, "queue_joined", "store", sum_of(queues, "joined"), value->joined);
  iv_eval_add_share(c->figures, "queue_abandoned", "store", sum_of(queues, "abandoned"),
                    value->abandoned);
  iv_eval_add_share(c->figures, "queue_served", "store", sum_of(queues, "served"), value->served);
  iv_eval_add_share(c->figures, "wait_mean", "store", mean_wait(queues), value->wait_mean_s);
  iv_eval_add_distance(c->figures, "queue_length", "store", sum_of(queues, "length_mean"),
                       value->length_mean);
}

/* ---- by time ---- */

/* What the 5 minutes of one line say, summed up. */
typedef struct {
  double distance, truth, value;
  guint n;
} Lengths;

static void add_lengths(const Comparison *c, const IvQueueRow *row, Lengths *sums) {
  const json_t *lengths =
      json_object_get(json_object_get(c->truth, "queue_length_5min"), row->lane_id.text);
  IvTime origin = iv_time_floor(c->query->from, IV_BUCKET_SPAN);
  for (guint i = 0; i < row->periods->len; i++) {
    const IvQueuePeriod *period = &g_array_index(row->periods, IvQueuePeriod, i);
    gsize place = (gsize)((period->period.from - origin) / IV_BUCKET_SPAN);
    double truth = lengths ? json_number_value(json_array_get(lengths, place)) : 0;
    double value = isnan(period->figures.length_mean) ? 0 : period->figures.length_mean;
    sums->distance += fabs(value - truth);
    sums->truth += truth;
    sums->value += value;
    sums->n++;
  }
}

static gboolean is_line(const IvQueueRow *row) {
  return row->is_group || iv_slug_is_none(&row->group_id);
}

/* Asked for day by day: an answer holds no more. `sums`: name → Lengths*. */
static gboolean gather_lengths(const Comparison *c, GHashTable *sums, GError **error) {
  for (IvTime at = c->query->from; at < c->query->to; at += IV_DAY) {
    IvKpiQuery query = *c->query;
    g_auto(IvQueueAnswer) answer = {0};
    query.from = at;
    query.to = MIN(at + IV_DAY, c->query->to);
    query.step = IV_STEP_5MIN;
    if (!iv_kpis_queues(c->store, &query, &answer, error))
      return FALSE;
    for (guint i = 0; i < answer.rows->len; i++) {
      const IvQueueRow *row = &g_array_index(answer.rows, IvQueueRow, i);
      Lengths *line = g_hash_table_lookup(sums, row->lane_id.text);
      if (!line && is_line(row)) {
        line = g_new0(Lengths, 1);
        g_hash_table_insert(sums, g_strdup(row->lane_id.text), line);
      }
      if (line)
        add_lengths(c, row, line);
    }
  }
  return TRUE;
}

static int by_name(gconstpointer a, gconstpointer b) {
  return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

static gboolean compare_lengths(const Comparison *c, GError **error) {
  g_autoptr(GHashTable) sums = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  if (!gather_lengths(c, sums, error))
    return FALSE;
  guint n = 0;
  Lengths all = {0};
  g_autofree gpointer *names = g_hash_table_get_keys_as_array(sums, &n);
  qsort(names, n, sizeof *names, by_name);
  for (guint i = 0; i < n; i++) {
    const Lengths *line = g_hash_table_lookup(sums, names[i]);
    double steps = MAX(line->n, 1);
    iv_eval_add(c->figures, "queue_length_mae", names[i], line->truth / steps, line->value / steps,
                line->distance / steps);
    all.truth += line->truth / steps;
    all.value += line->value / steps;
    all.distance += line->distance / steps;
  }
  iv_eval_add(c->figures, "queue_length_mae", "store", all.truth, all.value,
              n > 0 ? all.distance / n : 0);
  return TRUE;
}

/* People who must come in the same hours, line by line. */
static const struct {
  const char *kpi, *of; /* of: in the truth of a line */
  gsize value;          /* where IvQueueFigures has it */
} by_hour[] = {
    {"queue_joined_by_hour", "joined", G_STRUCT_OFFSET(IvQueueFigures, joined)},
    {"queue_abandoned_by_hour", "abandoned", G_STRUCT_OFFSET(IvQueueFigures, abandoned)},
    {"queue_served_by_hour", "served", G_STRUCT_OFFSET(IvQueueFigures, served)},
};

static double wrong_in_hours(const Comparison *c, const IvQueueRow *row, guint which) {
  const json_t *hours = json_object_get(c->truth, "hours");
  double wrong = 0;
  for (guint i = 0; i < row->periods->len; i++) {
    const IvQueuePeriod *period = &g_array_index(row->periods, IvQueuePeriod, i);
    double value = G_STRUCT_MEMBER(double, &period->figures, by_hour[which].value);
    const json_t *queues = json_object_get(json_array_get(hours, i), "queues");
    double truth = iv_eval_number(json_object_get(queues, row->lane_id.text), by_hour[which].of);
    wrong += fabs((isnan(value) ? 0 : value) - (isnan(truth) ? 0 : truth));
  }
  return wrong;
}

static gboolean compare_hours(const Comparison *c, GError **error) {
  IvKpiQuery query = *c->query;
  g_auto(IvQueueAnswer) answer = {0};
  if ((query.to - query.from) / IV_HOUR >= IV_QUEUE_PERIODS_MAX)
    return TRUE; /* no answer holds so many hours; the days are compared */
  query.step = IV_STEP_HOUR;
  if (!iv_kpis_queues(c->store, &query, &answer, error))
    return FALSE;
  for (guint k = 0; k < G_N_ELEMENTS(by_hour); k++) {
    double wrong = 0, all = sum_of(json_object_get(c->total, "queues"), by_hour[k].of);
    for (guint i = 0; i < answer.rows->len; i++)
      if (is_line(&g_array_index(answer.rows, IvQueueRow, i)))
        wrong += wrong_in_hours(c, &g_array_index(answer.rows, IvQueueRow, i), k);
    iv_eval_add(c->figures, by_hour[k].kpi, "store", all, all - wrong,
                all > 0 ? wrong / all : wrong);
  }
  return TRUE;
}

gboolean iv_eval_kpi_queues(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                            json_t *figures, GError **error) {
  Comparison c = {store, query, truth, json_object_get(truth, "total"), figures};
  IvKpiQuery whole = *query;
  g_auto(IvQueueAnswer) answer = {0};
  whole.step = IV_STEP_DAY;
  if (!iv_kpis_queues(store, &whole, &answer, error))
    return FALSE;
  compare_store(&c, &answer.total);
  for (guint i = 0; i < answer.rows->len; i++)
    compare_row(&c, &g_array_index(answer.rows, IvQueueRow, i));
  return compare_lengths(&c, error) && compare_hours(&c, error);
}
