/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay_desk.h"

#include "app/replay.h"
#include "base/clock.h"

#define IDLE_SPAN (30 * IV_SECOND) /* between two looks without being woken */

struct IvReplayDesk {
  IvStore *store;
  char *store_id;
  IvRulesConfig rules;
  GThread *thread;
  gint cancel; /* atomic: the present one is given up */
  gint stop;   /* atomic */
  GMutex mutex;
  GCond changed;
  /* under `mutex` */
  gboolean woken;
  gint64 making; /* 0 = none */
  double progress;
  gboolean recovered; /* thread's own */
};

/* ---- any thread ---- */

void iv_replay_desk_wake(IvReplayDesk *desk) {
  g_mutex_lock(&desk->mutex);
  desk->woken = TRUE;
  g_cond_broadcast(&desk->changed);
  g_mutex_unlock(&desk->mutex);
}

void iv_replay_desk_drop(IvReplayDesk *desk, gint64 no) {
  g_mutex_lock(&desk->mutex);
  if (desk->making == no)
    g_atomic_int_set(&desk->cancel, 1);
  g_mutex_unlock(&desk->mutex);
}

double iv_replay_desk_progress(IvReplayDesk *desk, gint64 no) {
  g_mutex_lock(&desk->mutex);
  double progress = desk->making == no ? desk->progress : -1;
  g_mutex_unlock(&desk->mutex);
  return progress;
}

/* ---- one what-if ---- */

typedef struct {
  const char *store_id;
  const IvReplayWish *wish;
  gboolean fits;
} Job;

static gboolean settle(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_replays_settle(sql, job->wish, &job->fits, error);
}

static gboolean recover(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_replays_recover(sql, job->store_id, error);
}

static gboolean put_state(IvReplayDesk *desk, const IvReplayWish *wish) {
  g_autoptr(GError) error = NULL;
  Job job = {.wish = wish};
  if (iv_store_write(desk->store, settle, &job, &error))
    return job.fits;
  g_warning("replay %" G_GINT64_FORMAT ": %s", wish->no, error->message);
  desk->recovered = FALSE; /* its row may say that it is worked out: it waits again */
  return FALSE;
}

static void on_progress(double share, gpointer user_data) {
  IvReplayDesk *desk = user_data;
  g_mutex_lock(&desk->mutex);
  desk->progress = share;
  g_mutex_unlock(&desk->mutex);
}

/* The wish was checked when it came in. */
static void ignore_fault(const char *pointer, const char *text, gpointer user_data) {
  (void)pointer, (void)text, (void)user_data;
}

static IvReplayResult *work_out(IvReplayDesk *desk, const IvReplayWish *wish, GError **error) {
  json_t *json = json_loads(wish->what, 0, NULL);
  g_autoptr(IvWhatIf) what =
      json ? iv_what_if_from_json(json, &desk->rules, ignore_fault, NULL) : NULL;
  json_decref(json);
  if (!what) {
    g_set_error_literal(error, IV_REPLAY_ERROR, IV_REPLAY_ERROR_NOTHING,
                        "what is supposed cannot be read by this version of the program");
    return NULL;
  }
  const IvReplayJob job = {.store = desk->store,
                           .store_id = desk->store_id,
                           .rules = desk->rules,
                           .what = what,
                           .camera_id = wish->camera[0] ? wish->camera : NULL,
                           .from = wish->from,
                           .to = wish->to,
                           .progress = on_progress,
                           .user_data = desk,
                           .cancel = &desk->cancel};
  return iv_replay_run(&job, error);
}

static void finish(IvReplayDesk *desk, IvReplayWish *wish) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvReplayResult) result = work_out(desk, wish, &error);
  if (g_error_matches(error, IV_REPLAY_ERROR, IV_REPLAY_ERROR_CANCELLED))
    return; /* its row is gone, or it begins again at the next start */
  g_clear_pointer(&wish->reason, g_free);
  wish->state = result ? IV_REPLAY_DONE : IV_REPLAY_FAILED;
  if (result) {
    json_t *json = iv_replay_to_json(result);
    wish->result = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(json);
  } else {
    wish->reason = g_strdup(error->message);
  }
  put_state(desk, wish);
}

static void make(IvReplayDesk *desk, IvReplayWish *wish) {
  g_mutex_lock(&desk->mutex);
  desk->making = wish->no;
  desk->progress = 0;
  g_atomic_int_set(&desk->cancel, g_atomic_int_get(&desk->stop));
  g_mutex_unlock(&desk->mutex);
  wish->state = IV_REPLAY_WORKING;
  if (!g_atomic_int_get(&desk->stop) && put_state(desk, wish))
    finish(desk, wish);
  g_mutex_lock(&desk->mutex);
  desk->making = 0;
  g_mutex_unlock(&desk->mutex);
}

/* ---- the thread ---- */

static void look(IvReplayDesk *desk) {
  g_autoptr(GError) error = NULL;
  Job job = {.store_id = desk->store_id};
  if (!desk->recovered && !iv_store_write(desk->store, recover, &job, &error)) {
    g_warning("replays: %s", error->message);
    return;
  }
  desk->recovered = TRUE;
  g_autoptr(GArray) waiting =
      iv_replays_list(desk->store, desk->store_id, TRUE, IV_TIME_NONE, &error);
  if (!waiting)
    g_warning("replays: %s", error->message);
  for (guint i = 0; waiting && i < waiting->len && !g_atomic_int_get(&desk->stop); i++)
    make(desk, &g_array_index(waiting, IvReplayWish, i));
}

static gpointer run(gpointer user_data) {
  IvReplayDesk *desk = user_data;
  while (!g_atomic_int_get(&desk->stop)) {
    look(desk);
    IvTime until = iv_clock_monotonic() + IDLE_SPAN;
    g_mutex_lock(&desk->mutex);
    while (!desk->woken && !g_atomic_int_get(&desk->stop) &&
           g_cond_wait_until(&desk->changed, &desk->mutex, until))
      ;
    desk->woken = FALSE;
    g_mutex_unlock(&desk->mutex);
  }
  return NULL;
}

/* ---- life ---- */

IvReplayDesk *iv_replay_desk_new(IvStore *store, const char *store_id, const IvRulesConfig *rules) {
  IvReplayDesk *desk = g_new0(IvReplayDesk, 1);
  desk->store = store;
  desk->store_id = g_strdup(store_id);
  desk->rules = *rules;
  g_mutex_init(&desk->mutex);
  g_cond_init(&desk->changed);
  return desk;
}

void iv_replay_desk_start(IvReplayDesk *desk) {
  desk->thread = g_thread_new("replays", run, desk);
}

void iv_replay_desk_free(IvReplayDesk *desk) {
  if (!desk)
    return;
  g_mutex_lock(&desk->mutex);
  g_atomic_int_set(&desk->stop, 1);
  g_atomic_int_set(&desk->cancel, 1);
  g_cond_broadcast(&desk->changed);
  g_mutex_unlock(&desk->mutex);
  if (desk->thread)
    g_thread_join(desk->thread);
  g_mutex_clear(&desk->mutex);
  g_cond_clear(&desk->changed);
  g_free(desk->store_id);
  g_free(desk);
}
