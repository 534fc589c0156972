/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_long.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/eval_kpi_rows.h"
#include "store/events.h"

#define LONG_AFTER (30 * IV_SECOND)

/* A time that a line was long. */
typedef struct {
  IvSlug line;
  IvTime begin, end; /* end: IV_TIME_NONE = it is still */
} Spell;

static int by_begin(const void *a, const void *b) {
  IvTime x = ((const Spell *)a)->begin, y = ((const Spell *)b)->begin;
  return x < y ? -1 : x > y;
}

/* An event that tells of its end comes for each that tells of a beginning, but for the last. */
static void take_event(GArray *spells, const IvEvent *event) {
  Spell spell = {event->lane_id, event->ts, event->end_ts};
  for (guint i = 0; i < spells->len; i++) {
    Spell *known = &g_array_index(spells, Spell, i);
    if (known->begin != spell.begin || strcmp(known->line.text, spell.line.text) != 0)
      continue;
    if (spell.end != IV_TIME_NONE)
      known->end = spell.end;
    return;
  }
  g_array_append_val(spells, spell);
}

/* GArray of Spell, in order of time. */
static GArray *read_spells(IvStore *store, const IvKpiQuery *range, GError **error) {
  const char *const kinds[] = {iv_event_kind_info(IV_EVENT_QUEUE_LONG_STARTED)->name,
                               iv_event_kind_info(IV_EVENT_QUEUE_LONG)->name, NULL};
  IvEventQuery query = {.store_id = range->store_id,
                        .kinds = kinds,
                        .from = range->from,
                        .to = range->to - LONG_AFTER,
                        .limit = IV_EVENTS_LIMIT_MAX};
  g_autoptr(GArray) spells = g_array_new(FALSE, FALSE, sizeof(Spell));
  g_autofree char *cursor = NULL;
  do {
    char *next = NULL;
    query.cursor = cursor;
    g_autoptr(GArray) events = iv_events_query(store, &query, range->deadline, &next, error);
    if (!events)
      return NULL;
    for (guint i = 0; i < events->len; i++)
      take_event(spells, &g_array_index(events, IvEvent, i));
    g_free(cursor);
    cursor = next;
  } while (cursor);
  g_array_sort(spells, by_begin);
  return g_steal_pointer(&spells);
}

static GArray *true_spells(const json_t *told, const char *line, const IvKpiQuery *range) {
  GArray *spells = g_array_new(FALSE, FALSE, sizeof(Spell));
  gsize i;
  const json_t *one;
  json_array_foreach(told, i, one) {
    const json_t *end = json_array_get(one, 1);
    Spell spell = {.begin = json_integer_value(json_array_get(one, 0)),
                   .end = json_is_integer(end) ? json_integer_value(end) : IV_TIME_NONE};
    iv_slug_set(&spell.line, line);
    if (spell.begin < range->to - LONG_AFTER)
      g_array_append_val(spells, spell);
  }
  return spells;
}

/* ---- beside each other ---- */

typedef struct {
  double truth, value, paired;
  double begins, ends, n_ends; /* seconds off, summed over pairs */
} Sums;

static double seconds_off(IvTime a, IvTime b) {
  return fabs((double)(a - b) / (double)IV_SECOND);
}

static gboolean overlap(const Spell *a, const Spell *b) {
  return (a->end == IV_TIME_NONE || b->begin <= a->end) &&
         (b->end == IV_TIME_NONE || a->begin <= b->end);
}

static void pair(Sums *sums, const Spell *truth, const Spell *value) {
  sums->paired++;
  sums->begins += seconds_off(truth->begin, value->begin);
  if (truth->end == IV_TIME_NONE || value->end == IV_TIME_NONE)
    return;
  sums->ends += seconds_off(truth->end, value->end);
  sums->n_ends++;
}

/* Each true one with the first of the line's that overlaps it and is not taken. */
static Sums compare_line(const GArray *truth, const GArray *all, const char *line) {
  Sums sums = {.truth = truth->len};
  guint next = 0;
  for (guint i = 0; i < all->len; i++) {
    const Spell *value = &g_array_index(all, Spell, i);
    if (strcmp(value->line.text, line) != 0)
      continue;
    sums.value++;
    while (next < truth->len && !overlap(&g_array_index(truth, Spell, next), value) &&
           g_array_index(truth, Spell, next).begin < value->begin)
      next++;
    if (next < truth->len && overlap(&g_array_index(truth, Spell, next), value))
      pair(&sums, &g_array_index(truth, Spell, next++), value);
  }
  return sums;
}

static void tell(json_t *figures, const char *subject, const Sums *sums) {
  double wrong = sums->truth + sums->value - 2 * sums->paired;
  iv_eval_add(figures, "queue_long", subject, sums->truth, sums->value,
              wrong / MAX(sums->truth, 1));
  if (sums->paired > 0)
    iv_eval_add(figures, "queue_long_begin", subject, 0, sums->begins / sums->paired,
                sums->begins / sums->paired);
  if (sums->n_ends > 0)
    iv_eval_add(figures, "queue_long_end", subject, 0, sums->ends / sums->n_ends,
                sums->ends / sums->n_ends);
}

gboolean iv_eval_kpi_long(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                          json_t *figures, GError **error) {
  g_autoptr(GArray) all = read_spells(store, query, error);
  if (!all)
    return FALSE;
  Sums total = {0};
  const char *line;
  const json_t *told;
  json_object_foreach(json_object_get(truth, "queue_long"), line, told) {
    g_autoptr(GArray) spells = true_spells(told, line, query);
    Sums sums = compare_line(spells, all, line);
    tell(figures, line, &sums);
    total.truth += sums.truth;
    total.value += sums.value;
    total.paired += sums.paired;
    total.begins += sums.begins;
    total.ends += sums.ends;
    total.n_ends += sums.n_ends;
  }
  tell(figures, "store", &total);
  return TRUE;
}
