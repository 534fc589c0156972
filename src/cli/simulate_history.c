/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/simulate_history.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/sim_history.h"
#include "base/clock.h"
#include "cli/verbs.h"
#include "kpi/calendar.h"

#define DAYS_MAX 3660
#define TELL_SPAN (2 * IV_SECOND)

typedef struct {
  IvTime begun, told; /* monotonic */
  IvTime from;        /* of this run */
  gboolean on_terminal;
} Telling;

static gint stop; /* atomic: somebody pressed Ctrl-C */

static void on_signal(int number) {
  (void)number;
  g_atomic_int_set(&stop, 1);
}

/* "35d", "35": days. */
static gboolean read_days(const char *text, int *ret_days) {
  char *end = NULL;
  long days = strtol(text, &end, 10);
  if (end == text || (strcmp(end, "d") != 0 && *end != '\0') || days < 1 || days > DAYS_MAX)
    return FALSE;
  *ret_days = (int)days;
  return TRUE;
}

static void tell(const IvSimProgress *progress, gpointer user_data) {
  Telling *telling = user_data;
  IvTime now = iv_clock_monotonic();
  if (telling->from == IV_TIME_NONE) {
    telling->from = progress->now; /* the first commit: how long it took to begin teaches nothing */
    telling->begun = now;
  }
  if (now - telling->told < TELL_SPAN && progress->now < progress->until)
    return;
  telling->told = now;
  double done = (double)(progress->now - telling->from);
  double left = done > 0 ? (double)(progress->until - progress->now) / done *
                               (double)(now - telling->begun) / (double)IV_SECOND
                         : 0;
  g_printerr("inveye simulate: %.1f of %.1f days, %" G_GUINT64_FORMAT " events, %" G_GUINT64_FORMAT
             " receipts, about %d min %02d s left\n",
             (double)(progress->now - progress->from) / (double)IV_DAY,
             (double)(progress->until - progress->from) / (double)IV_DAY, progress->events,
             progress->receipts, (int)left / 60, (int)left % 60);
}

/* Whole days of the store before today, and today until now. */
static gboolean find_times(const IvHistoryOptions *options, IvSimHistory *history) {
  int days;
  GTimeZone *zone = iv_sim_store_zone(history->store);
  IvTime until = iv_time_floor(iv_clock_now(), IV_MINUTE);
  if (!read_days(options->history, &days) ||
      (options->until && !iv_time_from_text(options->until, &until)) || until > iv_clock_now())
    return FALSE;
  history->until = until;
  history->from = iv_calendar_day_start(zone, until);
  for (int i = 0; i < days; i++)
    history->from = iv_calendar_day_start(zone, history->from - 1);
  return TRUE;
}

static void print_result(const IvSimHistory *history, const IvSimProgress *progress,
                         double cpu_seconds, gboolean json) {
  char now[IV_TIME_TEXT_MAX];
  double days = (double)(progress->now - progress->from) / (double)IV_DAY;
  iv_time_to_text(progress->now, now);
  if (json)
    printf("{\"days\":%.3f,\"until\":\"%s\",\"complete\":%s,\"visits\":%u,\"events\":%" //
           G_GUINT64_FORMAT ",\"receipts\":%" G_GUINT64_FORMAT ",\"cpu_seconds\":%.2f}\n",
           days, now, progress->now == progress->until ? "true" : "false", progress->visits,
           progress->events, progress->receipts, cpu_seconds);
  else if (progress->now < progress->until)
    printf("Stopped. The folder holds %.1f days, until %s; the same command goes on from there.\n",
           days, now);
  else
    printf("%.1f simulated days until %s. Show them:\n  inveye run -c %s/%s\n", days, now,
           history->data_dir, IV_SIM_CONFIG);
}

static int fill(IvSimHistory *history, const IvHistoryOptions *options) {
  g_autoptr(GError) error = NULL;
  IvSimProgress progress;
  Telling telling = {.from = IV_TIME_NONE};
  struct sigaction quietly = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND};
  IvTime cpu = iv_clock_process_cpu();
  history->stop = &stop;
  history->on_progress = tell;
  history->user_data = &telling;
  sigaction(SIGINT, &quietly, NULL);
  sigaction(SIGTERM, &quietly, NULL);
  if (!iv_sim_history_fill(history, &progress, &error) ||
      !iv_sim_history_configure(history, options->scenario, &error))
    return iv_verb_fail(&iv_verb_simulate, "%s", error->message);
  print_result(history, &progress, (double)(iv_clock_process_cpu() - cpu) / (double)IV_SECOND,
               options->json);
  return 0;
}

int iv_simulate_history(const IvHistoryOptions *options) {
  g_autoptr(GError) error = NULL;
  if (!options->scenario || !options->data) {
    iv_verb_fail(&iv_verb_simulate, "--history needs --scenario FILE and --data DIR");
    return IV_EXIT_USAGE;
  }
  g_autoptr(IvSimStore) store = iv_sim_store_new(options->scenario, options->seed, &error);
  if (!store)
    return iv_verb_fail(&iv_verb_simulate, "%s", error->message);
  IvSimHistory history = {.store = store, .data_dir = options->data};
  if (!find_times(options, &history)) {
    iv_verb_fail(&iv_verb_simulate,
                 "--history must be a number of days such as 35d, and --until a time that is over, "
                 "such as 2026-03-31T12:00:00Z");
    return IV_EXIT_USAGE;
  }
  return fill(&history, options);
}
