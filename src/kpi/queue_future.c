/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/queue_future.h"

#include <math.h>
#include <string.h>

#define RECENT_S 900.0
#define LONG_AFTER_S 30.0
#define LONG_CLEARS 0.75
#define SEEN                                                                                       \
  4 /* steps: people choose by what they see when they set out, 40 s before they join              \
     */
#define STEPS_A_MINUTE (60 / IV_FUTURE_STEP_S)

typedef struct {
  guint n, first; /* a ring */
  double joined_s[IV_FUTURE_WAITING_MAX];
  guint n_recent, first_recent;
  double ended_s[IV_FUTURE_RECENT_MAX], span_s[IV_FUTURE_RECENT_MAX];
  double recent_sum;
  guint open, busy;
  double seen[SEEN]; /* its load at the last steps, a ring */
  double over_since; /* NAN = is not */
  gboolean is_long, began;
} Line;

typedef struct {
  double since_s, until_s; /* of the service */
  double ready_s;          /* free from then on */
  gboolean busy;
} Lane;

typedef struct {
  const IvFuturePool *pool;
  guint64 state;
  Line lines[IV_FUTURE_LINES_MAX];
  Lane lanes[IV_FUTURE_LANES_MAX];
  guint step;
} Play;

/* Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014. */
static double unit(Play *play) {
  guint64 z = play->state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* One of the spans that are longer than `elapsed`. */
static double draw_span(Play *play, double elapsed) {
  const IvFuturePool *pool = play->pool;
  guint low = 0, high = pool->n_spans;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (pool->spans[mid] <= elapsed)
      low = mid + 1;
    else
      high = mid;
  }
  if (low == pool->n_spans)
    return elapsed + IV_FUTURE_STEP_S;
  return pool->spans[low + (guint)(unit(play) * (pool->n_spans - low))];
}

static void add_recent(Line *line, double ended, double span) {
  guint at = (line->first_recent + line->n_recent) % IV_FUTURE_RECENT_MAX;
  if (line->n_recent == IV_FUTURE_RECENT_MAX) {
    line->recent_sum -= line->span_s[line->first_recent];
    line->first_recent = (line->first_recent + 1) % IV_FUTURE_RECENT_MAX;
    line->n_recent--;
  }
  line->ended_s[at] = ended;
  line->span_s[at] = span;
  line->recent_sum += span;
  line->n_recent++;
}

static void drop_recent(Line *line, double now) {
  while (line->n_recent > 0 && line->ended_s[line->first_recent] < now - RECENT_S) {
    line->recent_sum -= line->span_s[line->first_recent];
    line->first_recent = (line->first_recent + 1) % IV_FUTURE_RECENT_MAX;
    line->n_recent--;
  }
}

/* ---- the beginning ---- */

static double load(const Line *line) {
  return line->open ? (double)(line->n + line->busy) / line->open : (double)INFINITY;
}

static void set_line(Line *line, const IvFutureLine *from) {
  *line = (Line){.over_since = from->over_s >= 0 ? -from->over_s : (double)NAN,
                 .is_long = from->is_long};
  line->n = MIN(from->n_waiting, IV_FUTURE_WAITING_MAX);
  for (guint i = 0; i < line->n; i++)
    line->joined_s[i] = -from->waited_s[i];
  for (guint i = 0; i < MIN(from->n_recent, IV_FUTURE_RECENT_MAX); i++)
    add_recent(line, -from->recent[i].ago_s, from->recent[i].span_s);
}

static void set_lane(Play *play, guint index) {
  const IvFutureLane *from = &play->pool->lanes[index];
  Lane *lane = &play->lanes[index];
  *lane = (Lane){.busy = from->served_s >= 0};
  play->lines[from->line].open += from->open ? 1 : 0;
  play->lines[from->line].busy += lane->busy ? 1 : 0;
  if (!lane->busy) {
    lane->ready_s = unit(play) * play->pool->changeover_s;
    return;
  }
  lane->since_s = -from->served_s;
  lane->until_s = lane->since_s + draw_span(play, from->served_s);
}

static void set_play(Play *play, const IvFuturePool *pool, guint number) {
  play->pool = pool;
  play->state = number * G_GUINT64_CONSTANT(0xd1342543de82ef95);
  for (guint i = 0; i < pool->n_lines; i++)
    set_line(&play->lines[i], &pool->lines[i]);
  for (guint i = 0; i < pool->n_lanes; i++)
    set_lane(play, i);
  play->step = 0;
  for (guint i = 0; i < pool->n_lines; i++)
    for (guint k = 0; k < SEEN; k++)
      play->lines[i].seen[k] = load(&play->lines[i]);
}

/* ---- a step ---- */

static void serve(Play *play, guint index, double now) {
  Lane *lane = &play->lanes[index];
  Line *line = &play->lines[play->pool->lanes[index].line];
  if (lane->busy && lane->until_s <= now) {
    add_recent(line, lane->until_s, lane->until_s - lane->since_s);
    lane->ready_s = lane->until_s + play->pool->changeover_s;
    lane->busy = FALSE;
    line->busy--;
  }
  /* A closed lane with a line of its own serves it to the end. */
  gboolean serves = play->pool->lanes[index].open || line->open == 0;
  if (lane->busy || line->n == 0 || lane->ready_s > now || !serves)
    return;
  lane->since_s = MAX(lane->ready_s, now - IV_FUTURE_STEP_S);
  lane->until_s = lane->since_s + draw_span(play, 0);
  lane->busy = TRUE;
  line->busy++;
  line->first = (line->first + 1) % IV_FUTURE_WAITING_MAX;
  line->n--;
}

/* Among equals the one that chance names. */
static Line *shortest(Play *play) {
  Line *best = NULL;
  guint equal = 1;
  double least = 0;
  for (guint i = 0; i < play->pool->n_lines; i++) {
    Line *line = &play->lines[i];
    double seen = line->seen[play->step % SEEN];
    if (!line->open || (best && seen > least))
      continue;
    gboolean is_equal = best && seen >= least;
    equal = is_equal ? equal + 1 : 1;
    least = seen;
    if (!is_equal || unit(play) * equal < 1)
      best = line;
  }
  return best;
}

static void arrive(Play *play, double now) {
  guint minute = (guint)(now / 60);
  double p = play->pool->arrivals[MIN(minute, IV_FUTURE_MINUTES - 1)] / STEPS_A_MINUTE;
  double left = exp(-p), sum = left, u = unit(play);
  for (guint k = 1; u > sum && k < 20; k++) { /* Poisson by inversion */
    Line *line = shortest(play);
    left *= p / k;
    sum += left;
    if (!line || line->n == IV_FUTURE_WAITING_MAX)
      return;
    line->joined_s[(line->first + line->n) % IV_FUTURE_WAITING_MAX] = now;
    line->n++;
  }
}

static double wait_now(Line *line, double now) {
  double present = line->n > 0 ? now - line->joined_s[line->first] : 0;
  drop_recent(line, now);
  if (!line->open || !line->n_recent)
    return present;
  return fmax(present, line->n * line->recent_sum / line->n_recent / line->open);
}

/* As rules/queue.c does. */
static double watch(Line *line, double limit, double now) {
  double wait = wait_now(line, now);
  if (wait <= limit && !(line->is_long && wait >= LONG_CLEARS * limit)) {
    line->is_long = FALSE;
    line->over_since = (double)NAN;
    return wait;
  }
  if (isnan(line->over_since))
    line->over_since = now;
  if (!line->is_long && now - line->over_since >= LONG_AFTER_S)
    line->is_long = line->began = TRUE;
  return wait;
}

/* ---- the outcome ---- */

static void add_outlook(IvFutureOutlook *sum, guint minute, double wait, double first,
                        gboolean began, double share) {
  sum->wait_s[minute] += wait * share;
  sum->first_s[minute] += first * share;
  sum->long_by[minute] += began ? share : 0;
}

static double mean_span(const IvFuturePool *pool) {
  double sum = 0;
  for (guint i = 0; i < pool->n_spans; i++)
    sum += pool->spans[i];
  return sum / pool->n_spans;
}

/* The wait of who joins a line now; NAN when it is closed. The first lane to come free does so
 * after half a cycle where there is one, sooner where there are several. */
static double joiner_wait(const Line *line, double cycle) {
  if (!line->open)
    return (double)NAN;
  double ahead = line->busy < line->open ? 0 : line->open == 1 ? 0.5 : 1;
  return (line->n + ahead) * cycle / line->open;
}

static void note(Play *play, guint minute, const double *waits, double cycle, double share,
                 IvFutureOutlook *lines, IvFutureOutlook *whole) {
  double best = (double)INFINITY, worst = 0;
  gboolean any = FALSE;
  for (guint i = 0; i < play->pool->n_lines; i++) {
    const Line *line = &play->lines[i];
    double first = joiner_wait(line, cycle);
    add_outlook(&lines[i], minute, waits[i], first, line->began, share);
    best = first < best ? first : best;
    worst = MAX(worst, waits[i]);
    any |= line->began;
  }
  if (whole)
    add_outlook(whole, minute, worst, isinf(best) ? (double)NAN : best, any, share);
}

static void step_once(Play *play, double now, double *ret_waits) {
  arrive(play, now - IV_FUTURE_STEP_S);
  for (guint i = 0; i < play->pool->n_lines; i++)
    play->lines[i].seen[play->step % SEEN] = load(&play->lines[i]);
  play->step++;
  for (guint i = 0; i < play->pool->n_lanes; i++)
    serve(play, i, now);
  for (guint i = 0; i < play->pool->n_lines; i++)
    ret_waits[i] = watch(&play->lines[i], play->pool->limit_s, now);
}

static void play_once(Play *play, double cycle, double share, IvFutureOutlook *lines,
                      IvFutureOutlook *whole) {
  double waits[IV_FUTURE_LINES_MAX];
  for (guint step = 1; step <= IV_FUTURE_MINUTES * STEPS_A_MINUTE; step++) {
    step_once(play, step * (double)IV_FUTURE_STEP_S, waits);
    if (step % STEPS_A_MINUTE == 0)
      note(play, step / STEPS_A_MINUTE - 1, waits, cycle, share, lines, whole);
  }
}

void iv_future_play(const IvFuturePool *pool, guint futures, IvFutureOutlook *ret_lines,
                    IvFutureOutlook *ret_pool) {
  Play play;
  double cycle = mean_span(pool) + pool->changeover_s;
  memset(ret_lines, 0, pool->n_lines * sizeof *ret_lines);
  if (ret_pool)
    memset(ret_pool, 0, sizeof *ret_pool);
  for (guint i = 0; i < futures; i++) {
    set_play(&play, pool, i + 1);
    play_once(&play, cycle, 1.0 / futures, ret_lines, ret_pool);
  }
}
