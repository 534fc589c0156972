/* SPDX-License-Identifier: Apache-2.0 */
#include "api/outlook_view.h"

#include <math.h>

#include "api/routes/call.h"
#include "api/views.h"

static double seconds(IvTime span) {
  return (double)span / (double)IV_SECOND;
}

static char *minutes(double s) {
  return isfinite(s) ? g_strdup_printf("%.0f min", s / 60) : g_strdup("no end");
}

static char *names(const IvAdvice *advice) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < advice->n_change; i++)
    g_string_append_printf(text, "%s%s", i ? ", " : "", advice->change[i].text);
  return g_string_free(text, FALSE);
}

char *iv_advice_text(const IvForetoldPool *pool, IvTime target) {
  const IvAdvice *advice = &pool->advice;
  g_autofree char *worst = minutes(advice->worst_s), *then = minutes(advice->then_s);
  g_autofree char *lanes = names(advice), *good = minutes(seconds(target));
  switch (advice->action) {
  case IV_ADVICE_OPEN:
    return g_strdup_printf("Open %s%s: waits of up to %s are foretold for the next 15 min, %s with "
                           "%s; the target is %s.",
                           lanes, advice->within > 0 ? " soon" : " now", worst, then,
                           advice->n_change > 1 ? "them" : "it", good);
  case IV_ADVICE_CLOSE:
    return g_strdup_printf("%s can close: waits of up to %s are foretold without %s; the target is "
                           "%s.",
                           lanes, then, advice->n_change > 1 ? "them" : "it", good);
  default:
    if (advice->enough && isinf(advice->worst_s))
      return g_strdup("No lane is needed: nobody waits, and next to nobody is expected in the next "
                      "15 min.");
    return advice->enough
               ? g_strdup_printf("Enough lanes are open: waits of up to %s are foretold for the "
                                 "next 15 min; the target is %s.",
                                 worst, good)
               : g_strdup_printf("All lanes are open, and waits of up to %s are foretold; the "
                                 "target is %s.",
                                 worst, good);
  }
}

static json_t *rounded(double value, double unit) {
  return isfinite(value) ? json_real(round(value / unit) * unit) : json_null();
}

static json_t *advice_to_json(const IvForetoldPool *pool, IvTime target) {
  static const char *const actions[] = {
      [IV_ADVICE_KEEP] = "keep", [IV_ADVICE_OPEN] = "open", [IV_ADVICE_CLOSE] = "close"};
  const IvAdvice *advice = &pool->advice;
  if (!pool->known || !pool->staffed)
    return json_null();
  json_t *lanes = json_array();
  for (guint i = 0; i < advice->n_change; i++)
    json_array_append_new(lanes, json_string(advice->change[i].text));
  g_autofree char *reason = iv_advice_text(pool, target);
  gboolean opens = advice->action == IV_ADVICE_OPEN;
  return json_pack("{ss si so sb so so so ss}", "action", actions[advice->action], "lanes",
                   (int)advice->lanes, "lane_ids", lanes, "enough", advice->enough, "within_s",
                   opens ? rounded(seconds(advice->within), 1) : json_null(), "worst_wait_s",
                   rounded(advice->worst_s, 1), "then_wait_s", rounded(advice->then_s, 1), "reason",
                   reason);
}

static json_t *line_to_json(const IvForetoldLine *line) {
  return json_pack("{ss so so so}", "queue_id", line->queue.text, "foretold_wait_5m_s",
                   rounded(line->wait_5m_s, 1), "foretold_wait_10m_s", rounded(line->wait_10m_s, 1),
                   "long_chance", rounded(line->long_chance, 0.01));
}

static json_t *pool_to_json(const IvForetoldPool *pool, IvTime target) {
  json_t *queues = json_array();
  for (guint i = 0; i < pool->n_lines; i++)
    json_array_append_new(queues, line_to_json(&pool->lines[i]));
  double unknown = (double)NAN;
  gboolean known = pool->known;
  return json_pack("{so so si si so so so so so so}", "queues", queues, "lanes_open",
                   pool->unseen ? json_null() : json_integer(pool->open), "lanes_total",
                   (int)pool->total, "lanes_unseen", (int)pool->unseen, "foretold_wait_5m_s",
                   rounded(known ? pool->wait_5m_s : unknown, 1), "foretold_wait_10m_s",
                   rounded(known ? pool->wait_10m_s : unknown, 1), "long_chance",
                   rounded(known ? pool->long_chance : unknown, 0.01), "arrivals_15m",
                   rounded(known ? pool->arrivals : unknown, 0.1), "called_at",
                   iv_json_time(pool->called_at), "advice", advice_to_json(pool, target));
}

static json_t *score_to_json(const IvCallScore *score) {
  return json_pack("{so si si si si si si}", "since", iv_json_time(score->since), "calls",
                   (int)score->calls, "hits", (int)score->hits, "false_calls", (int)score->misses,
                   "pending", (int)score->pending, "long_queues", (int)score->longs, "foretold",
                   (int)score->foretold);
}

json_t *iv_outlook_to_json(IvTime ts, const IvForetoldPool *pools, guint n_pools,
                           const IvCallScore *score, IvTime target, IvTime long_wait) {
  json_t *list = json_array();
  for (guint i = 0; i < n_pools; i++)
    if (pools[i].total > 0)
      json_array_append_new(list, pool_to_json(&pools[i], target));
  return json_pack("{so sf sf sf so so so}", "ts", iv_json_time(ts), "target_s", seconds(target),
                   "long_wait_s", seconds(long_wait), "window_s", seconds(IV_CALL_SPAN), "pools",
                   list, "score", score_to_json(score), "figure",
                   iv_figure_meaning_to_json(IV_FIGURE_QUEUE_FORETOLD_WAIT));
}
