/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/arrivals.h"

#include <string.h>

#define STRETCH (15 * IV_MINUTE) /* every time zone's offset is a multiple of it */

#define AFTER_CLOSING 60 /* minutes */

typedef struct {
  const IvScenario *s;
  IvRandom random;
  GArray *list;
  IvTime from, to;
  double party_kinds[32]; /* weight of a kind among parties */
  double entrances[IV_LINES_MAX];
  double parties_per_person;
} Draw;

static void add(Draw *d, IvArrivalSort sort, int line) {
  IvArrival arrival = {.ts = d->from +
                             (IvTime)(iv_random_unit(&d->random) * (double)(d->to - d->from)),
                       .sort = sort,
                       .line = line};
  if (sort == IV_ARRIVAL_PARTY) {
    arrival.kind = (int)iv_random_weighted(&d->random, d->party_kinds, d->s->n_kinds);
    arrival.size =
        1 + (int)iv_random_weighted(&d->random, d->s->kinds[arrival.kind].sizes, IV_PARTY_MAX);
  }
  g_array_append_val(d->list, arrival);
}

static int entrance(Draw *d) {
  return (int)iv_random_weighted(&d->random, d->entrances, d->s->n_lines);
}

static void draw_stretch(Draw *d, double persons) {
  guint parties = iv_random_poisson(&d->random, persons * d->parties_per_person);
  for (guint i = 0; i < parties; i++)
    add(d, IV_ARRIVAL_PARTY, entrance(d));
  guint turners = iv_random_poisson(&d->random, persons * d->s->turn_back_share);
  for (guint i = 0; i < turners; i++)
    add(d, IV_ARRIVAL_TURNER, entrance(d));
  guint n_passby = 0;
  for (guint i = 0; i < d->s->n_lines; i++)
    n_passby += d->s->lines[i].is_passby;
  for (guint i = 0; i < d->s->n_lines; i++) {
    if (!d->s->lines[i].is_passby)
      continue;
    guint passers = iv_random_poisson(&d->random, persons * d->s->passers_per_visit / n_passby);
    for (guint p = 0; p < passers; p++)
      add(d, IV_ARRIVAL_PASSER, (int)i);
  }
}

static void draw_intruders(Draw *d, const IvStoreDay *day) {
  guint n = iv_random_poisson(&d->random, d->s->after_hours_per_week / IV_WEEK);
  for (guint i = 0; i < n; i++) {
    int late = day->opening.closes ? day->opening.closes + AFTER_CLOSING : 0;
    double minutes = MAX(24 * 60 - late, 1) * iv_random_unit(&d->random);
    IvTime ts = day->end - 1 - (IvTime)(minutes * (double)IV_MINUTE);
    d->from = d->to = ts;
    add(d, IV_ARRIVAL_INTRUDER, (int)iv_random_below(&d->random, d->s->n_rooms));
  }
}

static int by_time(gconstpointer a, gconstpointer b) {
  const IvArrival *left = a, *right = b;
  return left->ts < right->ts ? -1 : left->ts > right->ts;
}

GArray *iv_arrivals_of_day(const IvScenario *s, GTimeZone *zone, const IvStoreDay *day,
                           guint64 seed) {
  Draw d = {.s = s, .list = g_array_new(FALSE, FALSE, sizeof(IvArrival))};
  iv_random_init(&d.random, seed, "arrivals", (guint64)day->index);
  for (guint k = 0; k < s->n_kinds; k++) {
    d.party_kinds[k] = s->kinds[k].share / s->kinds[k].mean_size;
    d.parties_per_person += d.party_kinds[k];
  }
  for (guint i = 0; i < s->n_lines; i++)
    d.entrances[i] = s->lines[i].entrance_share;
  for (IvTime t = day->start; t < day->end; t += STRETCH) {
    int minute = iv_store_minute(zone, t);
    if (!iv_store_day_is_open(day, minute))
      continue;
    d.from = t, d.to = MIN(t + STRETCH, day->end);
    draw_stretch(&d, s->arrivals[day->weekday][minute / 60] * (double)(d.to - d.from) /
                         (double)IV_HOUR);
  }
  draw_intruders(&d, day);
  g_array_sort(d.list, by_time);
  return d.list;
}
