/* SPDX-License-Identifier: Apache-2.0 */
#include "app/analyst.h"

#include <string.h>

#include "base/clock.h"
#include "base/queue.h"
#include "track/appearance.h"

#define FLOOR_STEP (500 * IV_MS)
#define BEHIND (30 * IV_SECOND)
#define STALLED (5 * IV_SECOND)    /* a picture that is analysed takes no longer */
#define UNSEEN IV_SECOND           /* a picture that shows somebody may be on its way */
#define NEVER_SEEN (2 * IV_SECOND) /* likewise, from a camera that has shown nobody yet */

typedef enum {
  MESSAGE_SEEN,
  MESSAGE_HEALTH,
  MESSAGE_VIEW,
  MESSAGE_SCENE,
  MESSAGE_OPEN,
  MESSAGE_CLOSE
} MessageType;

/* Somebody waits until a message was taken. */
typedef struct {
  GMutex mutex;
  GCond cond;
  gboolean done;
} Wait;

typedef struct {
  MessageType type;
  guint camera;
  /* seen */
  IvFrame *frame;
  gboolean discontinuity;
  guint n;
  IvDetection *detections;
  IvAppearance *looks;
  /* health */
  IvCameraHealth health;
  char *reason;
  /* view */
  IvViewState view;
  /* scene, open */
  IvScene *scene;
  /* open */
  IvCameraLineConfig line;
  gboolean unanalysed;
  /* open, close */
  Wait *wait; /* borrowed */
} Message;

typedef struct {
  IvAnalyst *analyst;
  guint index;
  IvCameraLine *line; /* NULL: the place is free */
  IvRulesSource source;
  IvSampler sampler;
  guint64 last_due;
  IvTime lag;              /* our clock − that of the last picture */
  IvTime last_ts, seen_at; /* of the last picture, and when it came by our monotonic clock */
  gboolean told_health, watched;
  gboolean unanalysed;
  IvCameraHealth health;
  IvViewState view;
} Camera;

struct IvAnalyst {
  guint n;
  Camera *cameras;
  IvLive *live;
  IvAnalystEvents events;
  gpointer user_data;
  IvQueue *queue;
  GThread *thread;
  GArray *out;          /* IvEvent; thread's own */
  IvVisitStage *visits; /* NULL = none */
  IvFloorStage *floor;  /* NULL = none */
  gint floor_late;      /* atomic */
  IvTime settled;       /* up to there the floor was told that it has everything */
  IvTime next_tick;
};

static void message_free(gpointer p) {
  Message *message = p;
  g_clear_pointer(&message->frame, iv_frame_unref);
  g_clear_pointer(&message->scene, iv_scene_free);
  g_free(message->detections);
  g_free(message->looks);
  g_free(message->reason);
  g_free(message);
}

/* ---- opening ---- */

static void on_points(const IvTracker *tracker, gpointer user_data) {
  const Camera *camera = user_data;
  if (camera->analyst->floor)
    iv_floor_stage_see(camera->analyst->floor, camera->index, tracker);
}

static void on_path(IvPathPiece *piece, gpointer user_data) {
  const Camera *camera = user_data;
  IvAnalyst *analyst = camera->analyst;
  analyst->events.on_path(&camera->source.camera_id, piece, analyst->user_data);
}

static void open_camera(IvAnalyst *analyst, guint index, const IvAnalystCamera *config) {
  Camera *camera = &analyst->cameras[index];
  IvCameraLineConfig line = config->line;
  line.on_points = on_points;
  /* Not even an empty piece, which would tell that nobody walked there. */
  line.on_path = analyst->events.on_path && !config->unanalysed ? on_path : NULL;
  line.user_data = camera;
  *camera = (Camera){.analyst = analyst,
                     .index = index,
                     .line = iv_camera_line_new(&line, config->scene),
                     .unanalysed = config->unanalysed,
                     .source = line.source,
                     .lag = IV_SECOND,
                     .last_ts = IV_TIME_NONE};
  iv_sampler_init(&camera->sampler);
}

IvAnalyst *iv_analyst_new(const IvAnalystCamera *cameras, guint n, IvLive *live,
                          const IvAnalystEvents *events, gpointer user_data) {
  IvAnalyst *analyst = g_new0(IvAnalyst, 1);
  analyst->n = n;
  analyst->cameras = g_new0(Camera, MAX(n, 1));
  analyst->settled = IV_TIME_NONE;
  analyst->live = live;
  analyst->events = *events;
  analyst->user_data = user_data;
  for (guint i = 0; i < n; i++)
    if (cameras[i].scene)
      open_camera(analyst, i, &cameras[i]);
  analyst->queue = iv_queue_new(IV_ANALYST_QUEUE, message_free);
  analyst->out = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  return analyst;
}

void iv_analyst_set_visits(IvAnalyst *analyst, IvVisitStage *visits) {
  analyst->visits = visits;
  for (guint i = 0; i < analyst->n; i++)
    if (analyst->cameras[i].line)
      iv_visit_stage_set_scene(
          visits, iv_camera_rules_scene(iv_camera_line_rules(analyst->cameras[i].line)));
}

void iv_analyst_set_floor(IvAnalyst *analyst, IvFloorStage *floor) {
  analyst->floor = floor;
}

guint iv_analyst_floor_late(IvAnalyst *analyst) {
  return (guint)g_atomic_int_get(&analyst->floor_late);
}

/* ---- events out ---- */

static void pass_on(IvAnalyst *analyst, IvTime arrived) {
  if (analyst->out->len)
    analyst->events.on_events((const IvEvent *)(gconstpointer)analyst->out->data, analyst->out->len,
                              arrived, analyst->user_data);
  g_array_set_size(analyst->out, 0);
}

static void hand_out(IvAnalyst *analyst, IvTime arrived) {
  if (analyst->visits)
    iv_visit_stage_take(analyst->visits, iv_clock_now(), 0, analyst->out);
  pass_on(analyst, arrived);
}

/* ---- the floor plan ---- */

/* Up to when the camera has given all of its pictures. A camera that is watched may take its time;
 * of one that shows nobody no pictures come here, and its time passes as ours does. */
static IvTime given_until(const Camera *camera) {
  if (camera->last_ts == IV_TIME_NONE)
    return iv_clock_now() - NEVER_SEEN;
  IvTime silent = iv_clock_monotonic() - camera->seen_at;
  return camera->last_ts + MAX(silent - (camera->watched ? STALLED : UNSEEN), 0);
}

static gboolean is_on_floor(const IvAnalyst *analyst, guint i) {
  const Camera *camera = &analyst->cameras[i];
  gboolean is_gone = camera->told_health && camera->health == IV_CAMERA_OFFLINE;
  return camera->line && !camera->unanalysed && !is_gone &&
         iv_floor_stage_has_camera(analyst->floor, i);
}

/* The slowest camera holds up the floor, but not for ever. IV_TIME_NONE = none of them is there. */
static IvTime floor_until(const IvAnalyst *analyst) {
  IvTime first = G_MAXINT64, last = IV_TIME_NONE;
  for (guint i = 0; analyst->floor && i < analyst->n; i++) {
    if (!is_on_floor(analyst, i))
      continue;
    IvTime given = given_until(&analyst->cameras[i]);
    first = MIN(first, given);
    last = last == IV_TIME_NONE ? given : MAX(last, given);
  }
  return last == IV_TIME_NONE ? IV_TIME_NONE : MAX(first, last - BEHIND);
}

static void show_floor(IvAnalyst *analyst, IvTime ts) {
  const IvCameraRules *rules = iv_floor_stage_rules(analyst->floor);
  g_autofree IvGlance *view = g_new0(IvGlance, 1);
  view->ts = floor_until(analyst) == IV_TIME_NONE ? IV_TIME_NONE : ts;
  view->n_tracks = iv_floor_stage_people(analyst->floor, IV_LIVE_TRACKS_MAX, view->tracks);
  view->people = view->n_tracks;
  if (rules && view->ts != IV_TIME_NONE)
    iv_glance_take_rules(view, rules);
  iv_live_put(analyst->live, analyst->n, view, NULL);
  analyst->events.on_view(analyst->n, analyst->user_data);
}

/* Its events do not go through the rule of visits: over a whole visit nobody knows yet who is who.
 */
static void advance_floor(IvAnalyst *analyst) {
  IvTime until = floor_until(analyst);
  if (until == IV_TIME_NONE)
    return;
  if (analyst->settled != IV_TIME_NONE && until < analyst->settled + FLOOR_STEP)
    return;
  analyst->settled = until;
  iv_floor_stage_advance(analyst->floor, until, analyst->out);
  g_atomic_int_set(&analyst->floor_late, (gint)iv_floor_stage_late(analyst->floor));
  pass_on(analyst, 0);
  show_floor(analyst, until - iv_floor_stage_lag());
}

/* ---- messages ---- */

static void show(IvAnalyst *analyst, guint index, IvTime ts, IvFrame *frame) {
  Camera *camera = &analyst->cameras[index];
  g_autofree IvGlance *view = g_new0(IvGlance, 1);
  guint n = 0;
  const IvTrackPoint *tracks = iv_camera_line_tracks(camera->line, &n);
  view->ts = ts;
  view->people = iv_camera_line_people(camera->line);
  view->n_tracks = MIN(n, IV_LIVE_TRACKS_MAX);
  if (view->n_tracks)
    memcpy(view->tracks, tracks, view->n_tracks * sizeof *tracks);
  iv_glance_take_rules(view, iv_camera_line_rules(camera->line));
  iv_live_put(analyst->live, index, view, frame);
  analyst->events.on_view(index, analyst->user_data);
}

static void tell_watched(IvAnalyst *analyst, guint index) {
  Camera *camera = &analyst->cameras[index];
  gboolean watched = iv_camera_line_is_watched(camera->line);
  if (watched != camera->watched)
    analyst->events.on_watched(index, watched, analyst->user_data);
  camera->watched = watched;
}

static void tell_seen(IvAnalyst *analyst, const Camera *camera, IvFrame *frame) {
  guint n = 0;
  const IvTrackPoint *tracks = iv_camera_line_tracks(camera->line, &n);
  if (analyst->events.on_seen)
    analyst->events.on_seen(camera->index, frame, tracks, n, analyst->user_data);
}

static void take_seen(IvAnalyst *analyst, const Message *message) {
  Camera *camera = &analyst->cameras[message->camera];
  IvSighting sighting = {.ts = message->frame->ts,
                         .discontinuity = message->discontinuity,
                         .image = message->frame->size,
                         .detections = message->detections,
                         .looks = message->looks,
                         .n = message->n};
  if (!iv_camera_line_take(camera->line, &sighting, analyst->out))
    return;
  camera->lag = iv_clock_now() - message->frame->ts;
  camera->last_ts = message->frame->ts;
  camera->seen_at = iv_clock_monotonic();
  iv_sampler_people(&camera->sampler, iv_camera_line_people(camera->line));
  tell_seen(analyst, camera, message->frame);
  hand_out(analyst, message->frame->arrived);
  show(analyst, message->camera, message->frame->ts, message->frame);
  tell_watched(analyst, message->camera);
  advance_floor(analyst);
}

static void finish_event(const Camera *camera, IvEvent *event) {
  event->store_id = camera->source.store_id;
  event->edge_id = camera->source.edge_id;
  event->camera_id = camera->source.camera_id;
  event->scene_version = iv_camera_rules_scene(iv_camera_line_rules(camera->line))->version;
  g_strlcpy(event->model_version, camera->source.model_version, sizeof event->model_version);
  iv_event_set_id(event, "camera");
}

static void tell_state(IvAnalyst *analyst, const Camera *camera, const char *reason) {
  static const char *const names[] = {"offline", "online", "degraded"};
  IvEvent event;
  iv_event_init(&event, IV_EVENT_CAMERA_STATE, iv_clock_now());
  gboolean delivers = camera->health != IV_CAMERA_OFFLINE;
  /* Not "online": for the figures a camera that is would be alive. */
  iv_event_set_text(&event, IV_ATTR_STATE,
                    camera->unanalysed && delivers ? "unanalysed" : names[camera->health]);
  if (reason && reason[0])
    iv_event_set_text(&event, IV_ATTR_REASON, reason);
  finish_event(camera, &event);
  g_array_append_val(analyst->out, event);
}

static void take_health(IvAnalyst *analyst, const Message *message) {
  Camera *camera = &analyst->cameras[message->camera];
  if (camera->told_health && camera->health == message->health)
    return;
  camera->told_health = TRUE;
  camera->health = message->health;
  if (message->health == IV_CAMERA_OFFLINE) {
    iv_camera_line_end(camera->line, analyst->out);
    iv_live_clear(analyst->live, message->camera);
  }
  tell_state(analyst, camera, message->reason);
  hand_out(analyst, 0);
  analyst->events.on_view(message->camera, analyst->user_data);
  tell_watched(analyst, message->camera);
  if (analyst->floor && floor_until(analyst) == IV_TIME_NONE)
    show_floor(analyst, IV_TIME_NONE);
}

static void take_view(IvAnalyst *analyst, const Message *message) {
  Camera *camera = &analyst->cameras[message->camera];
  const char *reason = iv_view_state_reason(message->view);
  IvEvent event;
  if (message->view == camera->view)
    return;
  camera->view = message->view;
  iv_event_init(&event, IV_EVENT_CAMERA_VIEW, iv_clock_now());
  iv_event_set_text(&event, IV_ATTR_STATE, iv_view_state_name(message->view));
  if (reason[0])
    iv_event_set_text(&event, IV_ATTR_REASON, reason);
  finish_event(camera, &event);
  g_array_append_val(analyst->out, event);
  hand_out(analyst, 0);
}

static void take_plan(IvAnalyst *analyst, const IvScene *plan) {
  iv_floor_stage_set_plan(analyst->floor, plan, analyst->out);
  pass_on(analyst, 0);
  show_floor(analyst, analyst->settled);
}

static void take_scene(IvAnalyst *analyst, const Message *message) {
  if (message->camera == analyst->n) {
    if (analyst->floor)
      take_plan(analyst, message->scene);
    return;
  }
  iv_camera_line_set_scene(analyst->cameras[message->camera].line, message->scene, analyst->out);
  if (analyst->visits)
    iv_visit_stage_set_scene(analyst->visits, message->scene);
  hand_out(analyst, 0);
  if (analyst->floor)
    iv_floor_stage_set_camera(analyst->floor, message->camera, message->scene, analyst->out);
  pass_on(analyst, 0);
  if (analyst->cameras[message->camera].unanalysed)
    return; /* an empty line would be shown as one that was looked at */
  IvGlance view;
  iv_live_get(analyst->live, message->camera, &view);
  show(analyst, message->camera, view.ts, NULL);
}

static void wake(Wait *wait) {
  g_mutex_lock(&wait->mutex);
  wait->done = TRUE;
  g_cond_signal(&wait->cond);
  g_mutex_unlock(&wait->mutex);
}

static void change_floor(IvAnalyst *analyst, guint index, const IvScene *scene) {
  if (!analyst->floor)
    return;
  iv_floor_stage_set_camera(analyst->floor, index, scene, analyst->out);
  pass_on(analyst, 0);
  if (floor_until(analyst) == IV_TIME_NONE)
    show_floor(analyst, IV_TIME_NONE);
}

static void sample(IvAnalyst *analyst, guint index, IvTime now, gboolean last);

static void take_open(IvAnalyst *analyst, const Message *message) {
  IvAnalystCamera config = {message->line, message->scene, message->unanalysed};
  open_camera(analyst, message->camera, &config);
  sample(analyst, message->camera, iv_clock_now(), FALSE); /* its first minute begins */
  if (analyst->visits)
    iv_visit_stage_set_scene(analyst->visits, message->scene);
  change_floor(analyst, message->camera, message->scene);
  wake(message->wait);
}

/* Its drawing counts for nothing any more; that it was there stays in the ledger. */
static void forget_drawing(IvAnalyst *analyst, const Camera *camera) {
  IvScene blank = {.camera_id = camera->source.camera_id};
  if (analyst->visits)
    iv_visit_stage_set_scene(analyst->visits, &blank);
}

static void take_close(IvAnalyst *analyst, const Message *message) {
  Camera *camera = &analyst->cameras[message->camera];
  iv_camera_line_finish(camera->line, analyst->out);
  sample(analyst, message->camera, iv_clock_now(), TRUE);
  if (camera->told_health && camera->health != IV_CAMERA_OFFLINE) {
    camera->health = IV_CAMERA_OFFLINE;
    tell_state(analyst, camera, "its settings were changed");
  }
  hand_out(analyst, 0);
  tell_watched(analyst, message->camera);
  forget_drawing(analyst, camera);
  g_clear_pointer(&camera->line, iv_camera_line_free);
  change_floor(analyst, message->camera, NULL);
  iv_live_reset(analyst->live, message->camera);
  wake(message->wait);
}

/* Pictures come, but none to look at: nothing moves and nobody is there. Not quite up to now, as
 * one may be on its way. */
static void pass_time(IvAnalyst *analyst, guint index, IvTime now) {
  Camera *camera = &analyst->cameras[index];
  guint before = analyst->out->len;
  if (camera->watched)
    return;
  iv_camera_line_pass(camera->line, now - camera->lag - IV_SECOND, analyst->out);
  if (analyst->out->len == before)
    return;
  g_autofree IvGlance *view = g_new0(IvGlance, 1);
  iv_live_get(analyst->live, index, view);
  show(analyst, index, view->ts, NULL);
}

/* Lights out at night: every camera that gives pictures is black, and nothing is to be seen. */
static gboolean is_dark(const IvAnalyst *analyst) {
  for (guint i = 0; i < analyst->n; i++) {
    const Camera *camera = &analyst->cameras[i];
    gboolean gives = !camera->told_health || camera->health != IV_CAMERA_OFFLINE;
    if (camera->line && !camera->unanalysed && gives && camera->view != IV_VIEW_BLACK)
      return FALSE;
  }
  return TRUE;
}

/* Its pictures say nothing of the place it should look at. */
static gboolean is_blind(const IvAnalyst *analyst, const Camera *camera) {
  if (camera->view == IV_VIEW_BLACK)
    return !is_dark(analyst);
  return camera->view == IV_VIEW_FROZEN || camera->view == IV_VIEW_COVERED ||
         camera->view == IV_VIEW_MOVED;
}

static void sample(IvAnalyst *analyst, guint index, IvTime now, gboolean last) {
  Camera *camera = &analyst->cameras[index];
  IvFrameCounts counts = {0};
  IvEvent event;
  analyst->events.get_counts(index, &counts, analyst->user_data);
  if (!camera->unanalysed && counts.due > camera->last_due) {
    if (!is_blind(analyst, camera))
      iv_sampler_alive(&camera->sampler, now);
    if (!last)
      pass_time(analyst, index, now);
  }
  camera->last_due = counts.due;
  if (!iv_sampler_tick(&camera->sampler, now, &counts, last, &event))
    return;
  finish_event(camera, &event);
  g_array_append_val(analyst->out, event);
}

static void tick(IvAnalyst *analyst, gboolean last) {
  IvTime now = iv_clock_now();
  for (guint i = 0; i < analyst->n; i++)
    if (analyst->cameras[i].line)
      sample(analyst, i, now, last);
  hand_out(analyst, 0);
  if (!last)
    advance_floor(analyst);
}

static void take(IvAnalyst *analyst, const Message *message) {
  switch (message->type) {
  case MESSAGE_SEEN:
    take_seen(analyst, message);
    break;
  case MESSAGE_HEALTH:
    take_health(analyst, message);
    break;
  case MESSAGE_VIEW:
    take_view(analyst, message);
    break;
  case MESSAGE_SCENE:
    take_scene(analyst, message);
    break;
  case MESSAGE_OPEN:
    take_open(analyst, message);
    break;
  case MESSAGE_CLOSE:
    take_close(analyst, message);
    break;
  }
}

static gpointer run(gpointer p) {
  IvAnalyst *analyst = p;
  tick(analyst, FALSE);
  analyst->next_tick = iv_clock_monotonic() + IV_SECOND;
  for (;;) {
    IvTime wait = analyst->next_tick - iv_clock_monotonic();
    Message *message = iv_queue_pop(analyst->queue, MAX(wait, 0));
    if (message) {
      take(analyst, message);
      message_free(message);
    } else if (iv_queue_is_closed(analyst->queue)) {
      break;
    }
    if (iv_clock_monotonic() >= analyst->next_tick) {
      analyst->next_tick += IV_SECOND;
      tick(analyst, FALSE);
    }
  }
  for (guint i = 0; i < analyst->n; i++)
    if (analyst->cameras[i].line)
      iv_camera_line_finish(analyst->cameras[i].line, analyst->out);
  tick(analyst, TRUE);
  if (analyst->visits)
    iv_visit_stage_finish(analyst->visits, analyst->out);
  hand_out(analyst, 0);
  if (analyst->floor)
    iv_floor_stage_finish(analyst->floor, analyst->out);
  pass_on(analyst, 0);
  return NULL;
}

void iv_analyst_start(IvAnalyst *analyst) {
  analyst->thread = g_thread_new("analyst", run, analyst);
}

void iv_analyst_free(IvAnalyst *analyst) {
  if (!analyst)
    return;
  iv_queue_close(analyst->queue);
  if (analyst->thread)
    g_thread_join(analyst->thread);
  for (guint i = 0; i < analyst->n; i++)
    iv_camera_line_free(analyst->cameras[i].line);
  iv_queue_free(analyst->queue);
  iv_visit_stage_free(analyst->visits);
  iv_floor_stage_free(analyst->floor);
  g_array_unref(analyst->out);
  g_free(analyst->cameras);
  g_free(analyst);
}

void iv_analyst_see(IvAnalyst *analyst, guint camera, IvFrame *frame, gboolean discontinuity,
                    const IvDetection *detections, guint n) {
  Message *message = g_new0(Message, 1);
  message->type = MESSAGE_SEEN;
  message->camera = camera;
  message->frame = iv_frame_ref(frame);
  message->discontinuity = discontinuity;
  message->n = n;
  message->detections = g_memdup2(detections, n * sizeof *detections);
  /* Here, on the caller's thread: the workers are many, the analyst is one. */
  message->looks = g_new(IvAppearance, n);
  for (guint i = 0; i < n; i++)
    message->looks[i] = iv_appearance_from_frame(frame, detections[i].box);
  iv_queue_push_wait(analyst->queue, message);
}

void iv_analyst_health(IvAnalyst *analyst, guint camera, IvCameraHealth health,
                       const char *reason) {
  Message *message = g_new0(Message, 1);
  message->type = MESSAGE_HEALTH;
  message->camera = camera;
  message->health = health;
  message->reason = g_strdup(reason);
  iv_queue_push_wait(analyst->queue, message);
}

void iv_analyst_view(IvAnalyst *analyst, guint camera, IvViewState view) {
  Message *message = g_new0(Message, 1);
  message->type = MESSAGE_VIEW;
  message->camera = camera;
  message->view = view;
  iv_queue_push_wait(analyst->queue, message);
}

void iv_analyst_set_scene(IvAnalyst *analyst, guint camera, const IvScene *scene) {
  Message *message = g_new0(Message, 1);
  message->type = MESSAGE_SCENE;
  message->camera = camera;
  message->scene = iv_scene_copy(scene);
  iv_queue_push_wait(analyst->queue, message);
}

static void push_and_wait(IvAnalyst *analyst, Message *message) {
  Wait wait = {.done = FALSE};
  g_mutex_init(&wait.mutex);
  g_cond_init(&wait.cond);
  message->wait = &wait;
  iv_queue_push_wait(analyst->queue, message);
  g_mutex_lock(&wait.mutex);
  while (!wait.done)
    g_cond_wait(&wait.cond, &wait.mutex);
  g_mutex_unlock(&wait.mutex);
  g_cond_clear(&wait.cond);
  g_mutex_clear(&wait.mutex);
}

void iv_analyst_open(IvAnalyst *analyst, guint camera, const IvAnalystCamera *config) {
  Message *message = g_new0(Message, 1);
  message->type = MESSAGE_OPEN;
  message->camera = camera;
  message->line = config->line;
  message->unanalysed = config->unanalysed;
  message->scene = iv_scene_copy(config->scene);
  push_and_wait(analyst, message);
}

void iv_analyst_close(IvAnalyst *analyst, guint camera) {
  Message *message = g_new0(Message, 1);
  message->type = MESSAGE_CLOSE;
  message->camera = camera;
  push_and_wait(analyst, message);
}
