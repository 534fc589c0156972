/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay.h"

#include <string.h>

#include "rules/camera_rules.h"
#include "store/event_replay.h"
#include "store/paths.h"
#include "store/scenes.h"
#include "track/path_piece.h"

#define WARM_UP (15 * IV_MINUTE) /* before the span: who is where, which lanes are open */
#define TAIL_MIN (2 * IV_MINUTE) /* after it: waits that were broken off are told */
#define TAIL_MAX (6 * IV_HOUR)   /* who stays longer was cut short live too, or is a chair */
#define READ_ROWS 128            /* pieces in memory */
#define LEDGER_STEP IV_HOUR      /* of events in memory */
#define READ_SHARE 0.9           /* of the work is replaying; the rest reading what was recorded */

G_DEFINE_QUARK(iv - replay - error - quark, iv_replay_error)

typedef struct {
  const IvReplayJob *job;
  IvKpiLimits limits;
  IvReplayResult *result;
  GHashTable *rows;  /* "camera/subject/id" → 1 + index in result->rows */
  GPtrArray *scenes; /* IvScene that each camera of the result runs under */
  /* of the camera that is being replayed */
  IvReplayCamera *camera;
  const IvScene *scene;
  IvRulesSource source;
  IvCameraRules *rules;   /* NULL = not begun */
  GHashTable *alive;      /* ids of tracks that have not ended */
  GArray *events;         /* IvEvent, of one step */
  gboolean seam;          /* the last piece ended with one */
  IvTime at;              /* the last step */
  guint n_cameras, index; /* for progress */
} Replay;

void iv_replay_result_free(IvReplayResult *result) {
  if (!result)
    return;
  g_array_unref(result->cameras);
  g_array_unref(result->rows);
  g_free(result);
}

IvRuleLimits iv_rule_limits_of(const IvRulesConfig *rules) {
  IvRuleLimits limits = iv_rule_limits_default();
  limits.hysteresis = (float)rules->hysteresis;
  limits.turn_back = rules->turn_back;
  limits.doorways = rules->doorways;
  limits.exit_grace = rules->exit_grace;
  limits.long_wait = rules->queue_long;
  return limits;
}

IvKpiLimits iv_kpi_limits_of(const IvRulesConfig *rules) {
  IvKpiLimits limits = iv_kpi_limits_default();
  limits.min_dwell = rules->min_dwell;
  limits.engaged_dwell = rules->engaged_dwell;
  limits.wait_target = rules->wait_target;
  return limits;
}

/* ---- adding up ---- */

static IvReplayRow *row_of(Replay *replay, const IvSlug *camera, IvSubject subject,
                           const IvSlug *id) {
  char key[2 * IV_SLUG_MAX + 16];
  g_snprintf(key, sizeof key, "%s/%d/%s", camera->text, (int)subject, id->text);
  guint there = GPOINTER_TO_UINT(g_hash_table_lookup(replay->rows, key));
  if (there == 0) {
    IvReplayRow row = {.camera_id = *camera, .id = *id, .subject = subject};
    g_array_append_val(replay->result->rows, row);
    there = replay->result->rows->len;
    g_hash_table_insert(replay->rows, g_strdup(key), GUINT_TO_POINTER(there));
  }
  return &g_array_index(replay->result->rows, IvReplayRow, there - 1);
}

static const IvSlug *id_of(const IvEvent *event, IvSubject subject) {
  switch (subject) {
  case IV_SUBJECT_LINE:
    return &event->line_id;
  case IV_SUBJECT_ZONE:
    return &event->zone_id;
  case IV_SUBJECT_LANE:
    return &event->lane_id;
  default:
    return NULL;
  }
}

/* As the ledger counts it, but over the whole span: what began in it. */
static void add_event(Replay *replay, const IvEvent *event, const IvKpiLimits *limits,
                      gboolean recorded) {
  IvBucketDelta deltas[IV_BUCKET_DELTAS_MAX];
  if (event->ts < replay->job->from || event->ts >= replay->job->to)
    return;
  guint n = iv_bucket_deltas(event, -1, limits, deltas);
  for (guint i = 0; i < n; i++) {
    IvSubject subject = deltas[i].subject;
    const IvSlug *id = id_of(event, subject);
    if (!id || iv_slug_is_none(id))
      continue;
    IvReplayRow *row = row_of(replay, &event->camera_id, subject, id);
    gint64 *amounts = recorded ? row->recorded : row->replayed;
    const IvSubjectInfo *info = iv_subject_info(subject);
    for (guint k = 0; k < info->n_measures; k++)
      amounts[k] = info->measures[k].is_max ? MAX(amounts[k], deltas[i].amounts[k])
                                            : amounts[k] + deltas[i].amounts[k];
  }
}

static void draw_rows(Replay *replay, const IvScene *scene) {
  for (guint i = 0; i < scene->n_lines; i++)
    row_of(replay, &scene->camera_id, IV_SUBJECT_LINE, &scene->lines[i].id)->drawn = TRUE;
  for (guint i = 0; i < scene->n_zones; i++)
    row_of(replay, &scene->camera_id, IV_SUBJECT_ZONE, &scene->zones[i].id)->drawn = TRUE;
  for (guint i = 0; i < scene->n_lanes; i++) {
    const IvLane *lane = &scene->lanes[i];
    row_of(replay, &scene->camera_id, IV_SUBJECT_LANE, &lane->id)->drawn = TRUE;
    if (!iv_slug_is_none(&lane->group))
      row_of(replay, &scene->camera_id, IV_SUBJECT_LANE, &lane->group)->drawn = TRUE;
  }
}

/* ---- one camera ---- */

static gboolean is_cancelled(const Replay *replay, GError **error) {
  if (!replay->job->cancel || !g_atomic_int_get(replay->job->cancel))
    return FALSE;
  g_set_error_literal(error, IV_REPLAY_ERROR, IV_REPLAY_ERROR_CANCELLED,
                      "the replay was cancelled");
  return TRUE;
}

static void tell_progress(const Replay *replay, double share) {
  if (replay->job->progress)
    replay->job->progress(CLAMP(share, 0, 1), replay->job->user_data);
}

static void take_events(Replay *replay) {
  for (guint i = 0; i < replay->events->len; i++)
    add_event(replay, &g_array_index(replay->events, IvEvent, i), &replay->limits, FALSE);
  g_array_set_size(replay->events, 0);
}

/* The program was begun anew then: what went on was told, if it had time to. */
static void begin_rules(Replay *replay) {
  const IvWhatIf *what = replay->job->what;
  IvRuleLimits limits = iv_rule_limits_of(what ? &what->rules : &replay->job->rules);
  if (replay->rules && replay->seam)
    iv_camera_rules_finish(replay->rules, replay->events);
  take_events(replay);
  g_clear_pointer(&replay->rules, iv_camera_rules_free);
  g_hash_table_remove_all(replay->alive);
  replay->rules = iv_camera_rules_new(&limits, &replay->source, replay->scene);
}

static void end_rules(Replay *replay) {
  if (replay->rules)
    iv_camera_rules_finish(replay->rules, replay->events);
  take_events(replay);
  g_clear_pointer(&replay->rules, iv_camera_rules_free);
  g_hash_table_remove_all(replay->alive);
}

/* Of those on whom the span waits: tracks that began before its end. */
static void note_tracks(Replay *replay, const IvPathStep *step) {
  for (guint i = 0; i < step->n; i++) {
    const IvTrackPoint *point = &step->points[i];
    if (point->state == IV_TRACK_ENDED)
      g_hash_table_remove(replay->alive, &point->tracklet_id);
    else if (step->ts < replay->job->to &&
             !g_hash_table_contains(replay->alive, &point->tracklet_id))
      g_hash_table_add(replay->alive, g_memdup2(&point->tracklet_id, sizeof point->tracklet_id));
  }
}

static void take_step(Replay *replay, const IvPathStep *step) {
  iv_camera_rules_update(replay->rules, step->points, step->n, replay->events);
  if (step->is_frame)
    iv_camera_rules_tick(replay->rules, step->ts, replay->events);
  else
    iv_camera_rules_rest(replay->rules, replay->events);
  note_tracks(replay, step);
  take_events(replay);
  replay->result->points += step->n;
  replay->at = step->ts;
}

static void note_piece(Replay *replay, const IvPathRow *row) {
  IvTime from = MAX(row->from, replay->job->from), to = MIN(row->to, replay->job->to);
  if (to <= from)
    return;
  replay->camera->pieces++;
  replay->camera->bytes += row->n;
  replay->camera->looked += to - from;
  replay->camera->track_ms += (gint64)(row->track_us / (guint64)IV_MS);
}

static void play_piece(Replay *replay, const IvPathRow *row) {
  g_autoptr(IvPathReader) reader = iv_path_reader_new(row->bytes, row->n);
  IvPathStep step;
  note_piece(replay, row);
  if (!reader) {
    replay->camera->bad_pieces++;
    return;
  }
  if (!replay->rules || iv_path_reader_begins(reader))
    begin_rules(replay);
  while (iv_path_reader_next(reader, &step))
    take_step(replay, &step);
  replay->seam = iv_path_reader_is_seam(reader);
}

/* The span is over, and so is everything that began in it. */
static gboolean is_over(const Replay *replay) {
  return replay->at >= replay->job->to + TAIL_MIN && g_hash_table_size(replay->alive) == 0;
}

static gboolean play_camera(Replay *replay, GError **error) {
  const IvReplayJob *job = replay->job;
  IvTime from = job->from - WARM_UP, next = from, to = job->to + TAIL_MAX;
  const char *id = replay->camera->camera_id.text;
  for (gboolean first = TRUE;; first = FALSE) {
    if (is_cancelled(replay, error))
      return FALSE;
    g_autoptr(GPtrArray) rows =
        iv_paths_read(job->store, job->store_id, id, next, to, first, READ_ROWS, error);
    if (!rows)
      return FALSE;
    for (guint i = 0; i < rows->len && !is_over(replay); i++)
      play_piece(replay, rows->pdata[i]);
    if (rows->len < READ_ROWS || is_over(replay))
      break;
    next = ((const IvPathRow *)rows->pdata[rows->len - 1])->from + 1;
    double share = (double)(next - from) / (double)MAX(job->to - from, 1);
    tell_progress(replay, READ_SHARE * (replay->index + MIN(share, 1)) / replay->n_cameras);
  }
  end_rules(replay);
  return TRUE;
}

static gboolean replay_camera(Replay *replay, guint index, GError **error) {
  replay->index = index;
  replay->camera = &g_array_index(replay->result->cameras, IvReplayCamera, index);
  replay->scene = replay->scenes->pdata[index];
  replay->source =
      (IvRulesSource){.camera_id = replay->camera->camera_id, .model_version = "what-if"};
  iv_slug_set(&replay->source.store_id, replay->job->store_id);
  iv_slug_set(&replay->source.edge_id, "what-if");
  replay->seam = FALSE;
  replay->at = 0;
  draw_rows(replay, replay->scene);
  return play_camera(replay, error);
}

/* ---- what was recorded ---- */

static gboolean has_camera(const Replay *replay, const IvSlug *id) {
  for (guint i = 0; i < replay->result->cameras->len; i++)
    if (strcmp(g_array_index(replay->result->cameras, IvReplayCamera, i).camera_id.text,
               id->text) == 0)
      return TRUE;
  return FALSE;
}

static void on_recorded(const IvEvent *event, gpointer user_data) {
  Replay *replay = user_data;
  IvKpiLimits limits = iv_kpi_limits_of(&replay->job->rules);
  if (has_camera(replay, &event->camera_id))
    add_event(replay, event, &limits, TRUE);
}

static gboolean read_recorded(Replay *replay, GError **error) {
  static const IvEventKind kinds[] = {
      IV_EVENT_LINE_CROSSED,       IV_EVENT_LINE_PASSED_BY, IV_EVENT_ZONE_VISIT,
      IV_EVENT_ZONE_OVER_CAPACITY, IV_EVENT_QUEUE_JOINED,   IV_EVENT_QUEUE_WAIT,
      IV_EVENT_QUEUE_ABANDONED,    IV_EVENT_QUEUE_SERVICE,  IV_EVENT_QUEUE_SAMPLE};
  const IvReplayJob *job = replay->job;
  for (IvTime from = job->from; from < job->to; from += LEDGER_STEP) {
    if (is_cancelled(replay, error) ||
        !iv_event_replay(job->store, job->store_id, kinds, G_N_ELEMENTS(kinds), from,
                         MIN(from + LEDGER_STEP, job->to), on_recorded, replay, error))
      return FALSE;
    tell_progress(replay, READ_SHARE + (1 - READ_SHARE) * (double)(from - job->from) /
                                           (double)(job->to - job->from));
  }
  return TRUE;
}

/* ---- the whole ---- */

static gboolean add_camera(Replay *replay, const IvPathSum *sum, GError **error) {
  const IvReplayJob *job = replay->job;
  IvScene *in_force =
      iv_scenes_get(job->store, job->store_id, sum->camera_id.text, 0, IV_TIME_NONE, error);
  if (!in_force)
    return FALSE;
  const IvScene *other = iv_what_if_scene(job->what, sum->camera_id.text);
  IvReplayCamera camera = {.camera_id = sum->camera_id,
                           .scene_version = in_force->version,
                           .changed = other && strcmp(other->hash, in_force->hash) != 0};
  if (other) {
    iv_scene_free(in_force);
    in_force = iv_scene_copy(other);
    in_force->version = camera.scene_version;
  }
  g_ptr_array_add(replay->scenes, in_force);
  g_array_append_val(replay->result->cameras, camera);
  return TRUE;
}

static gboolean nothing(const IvReplayJob *job, const char *camera, GError **error) {
  g_set_error(error, IV_REPLAY_ERROR, IV_REPLAY_ERROR_NOTHING,
              "no trajectories are kept of %s%s in that time; they are from the first `inveye run` "
              "that kept them on, for as long as retention.trajectories says",
              camera ? "camera " : "store ", camera ? camera : job->store_id);
  return FALSE;
}

/* A change of a camera without trajectories would look as if it changed nothing. */
static gboolean check_changed(const Replay *replay, GError **error) {
  const IvWhatIf *what = replay->job->what;
  for (guint i = 0; what && i < what->scenes->len; i++) {
    const IvScene *scene = what->scenes->pdata[i];
    gboolean asked =
        !replay->job->camera_id || strcmp(replay->job->camera_id, scene->camera_id.text) == 0;
    if (asked && !has_camera(replay, &scene->camera_id))
      return nothing(replay->job, scene->camera_id.text, error);
  }
  return TRUE;
}

static gboolean find_cameras(Replay *replay, GError **error) {
  const IvReplayJob *job = replay->job;
  g_autoptr(GArray) sums = iv_paths_sums(job->store, job->store_id, job->from, job->to, error);
  for (guint i = 0; sums && i < sums->len; i++) {
    const IvPathSum *sum = &g_array_index(sums, IvPathSum, i);
    if ((!job->camera_id || strcmp(job->camera_id, sum->camera_id.text) == 0) &&
        !add_camera(replay, sum, error))
      return FALSE;
  }
  if (!sums)
    return FALSE;
  if (replay->result->cameras->len == 0)
    return nothing(job, job->camera_id, error);
  return check_changed(replay, error);
}

static int by_place(gconstpointer a, gconstpointer b) {
  const IvReplayRow *x = a, *y = b;
  int order = strcmp(x->camera_id.text, y->camera_id.text);
  if (order == 0)
    order = (int)x->subject - (int)y->subject;
  return order ? order : strcmp(x->id.text, y->id.text);
}

static gboolean play_all(Replay *replay, GError **error) {
  if (!find_cameras(replay, error))
    return FALSE;
  replay->n_cameras = replay->result->cameras->len;
  for (guint i = 0; i < replay->n_cameras; i++)
    if (!replay_camera(replay, i, error))
      return FALSE;
  if (!read_recorded(replay, error))
    return FALSE;
  g_array_sort(replay->result->rows, by_place);
  tell_progress(replay, 1);
  return TRUE;
}

IvReplayResult *iv_replay_run(const IvReplayJob *job, GError **error) {
  IvReplayResult *result = g_new0(IvReplayResult, 1);
  Replay replay = {.job = job,
                   .limits = iv_kpi_limits_of(job->what ? &job->what->rules : &job->rules),
                   .result = result,
                   .rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                   .scenes = g_ptr_array_new_with_free_func((GDestroyNotify)iv_scene_free),
                   .alive = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
                   .events = g_array_new(FALSE, FALSE, sizeof(IvEvent))};
  result->cameras = g_array_new(FALSE, TRUE, sizeof(IvReplayCamera));
  result->rows = g_array_new(FALSE, TRUE, sizeof(IvReplayRow));
  if (!play_all(&replay, error))
    g_clear_pointer(&result, iv_replay_result_free);
  g_clear_pointer(&replay.rules, iv_camera_rules_free);
  g_hash_table_unref(replay.rows);
  g_hash_table_unref(replay.alive);
  g_ptr_array_unref(replay.scenes);
  g_array_unref(replay.events);
  return result;
}
