/* SPDX-License-Identifier: Apache-2.0 */
#include "app/photographer.h"

#include "app/event_marks.h"
#include "app/steady_clock.h"
#include "base/clock.h"
#include "base/queue.h"
#include "config/snapshot_kinds.h"

#define NEAR_ENOUGH (2 * IV_SECOND) /* an event of people and its picture */
#define CAMERA_NEAR (2 * IV_MINUTE) /* of a camera that comes or goes: its last or first one */
#define COMING (4 * IV_SECOND)      /* so long a picture after the moment is waited for */
#define LOOK_SPAN (250 * IV_MS)     /* between two looks whether it has come */
#define RETAIN_SPAN (5 * IV_MINUTE) /* between two looks for what is too much */
#define COMING_MAX 64               /* events that wait so */

/* A picture to be made of an event, or one to be kept for later events (no event then). */
typedef struct {
  guint place;
  gboolean is_event;
  IvEvent event;
  IvMoment moment;   /* ts IV_TIME_NONE: not found yet */
  IvTime wait_until; /* monotonic */
} Job;

struct IvPhotographer {
  guint64 kinds;
  IvTime every;
  guint n_places;
  IvAlbum *album;
  IvScene *(*get_scene)(guint place, gpointer user_data);
  gpointer user_data;
  IvMoments **moments; /* by place */
  IvTime *taken;       /* by place and kind, monotonic; 0 = never. Whoever tells of events */
  IvQueue *queue;
  GThread *thread;
  gint stop; /* atomic */
  /* thread's own */
  GPtrArray *coming; /* Job */
  IvSteadyClock clock;
  GMutex mutex; /* guards the rest */
  IvPhotographerStats stats;
};

static void job_free(gpointer p) {
  Job *job = p;
  iv_moment_clear(&job->moment);
  g_free(job);
}

static void count(IvPhotographer *p, guint64 *counter) {
  g_mutex_lock(&p->mutex);
  (*counter)++;
  g_mutex_unlock(&p->mutex);
}

static void push(IvPhotographer *p, Job *job) {
  if (iv_queue_push(p->queue, job) > 0)
    count(p, &p->stats.dropped);
}

/* ---- which events ---- */

IvTime iv_photographer_moment(const IvEvent *event) {
  return event->end_ts != IV_TIME_NONE ? event->end_ts : event->ts;
}

static gboolean is_of_camera(const IvEvent *event) {
  return event->kind == IV_EVENT_CAMERA_STATE || event->kind == IV_EVENT_CAMERA_VIEW;
}

static IvTime within(const IvEvent *event) {
  return is_of_camera(event) ? CAMERA_NEAR : NEAR_ENOUGH;
}

static gboolean is_wanted(const IvPhotographer *p, const IvEvent *event) {
  return event->kind < IV_EVENT_KINDS && (p->kinds >> event->kind & 1) != 0;
}

static gboolean is_too_soon(IvPhotographer *p, guint place, const IvEvent *event, IvTime now) {
  IvTime *taken = &p->taken[place * IV_EVENT_KINDS + event->kind];
  if (*taken != 0 && now - *taken < p->every)
    return TRUE;
  *taken = now;
  return FALSE;
}

/* ---- what others tell ---- */

void iv_photographer_come(IvPhotographer *p, guint place, IvFrame *frame) {
  iv_moments_come(p->moments[place], frame);
}

void iv_photographer_see(IvPhotographer *p, guint place, IvFrame *frame, const IvTrackPoint *tracks,
                         guint n) {
  if (!iv_moments_see(p->moments[place], frame, tracks, n))
    return;
  if (iv_queue_length(p->queue) > IV_PHOTOGRAPHER_QUEUE / 2) { /* events go first */
    count(p, &p->stats.dropped);
    return;
  }
  Job *job = g_new0(Job, 1);
  job->place = place;
  job->moment = (IvMoment){.ts = frame->ts,
                           .frame = iv_frame_ref(frame),
                           .n_tracks = n,
                           .tracks = g_memdup2(tracks, n * sizeof *tracks)};
  push(p, job);
}

void iv_photographer_tell(IvPhotographer *p, guint place, const IvEvent *event) {
  IvTime now = iv_clock_monotonic(), ts = iv_photographer_moment(event);
  if (!is_wanted(p, event))
    return;
  count(p, &p->stats.wanted);
  if (is_too_soon(p, place, event, now)) {
    count(p, &p->stats.limited);
    return;
  }
  Job *job = g_new0(Job, 1);
  *job = (Job){.place = place,
               .is_event = TRUE,
               .event = *event,
               .moment = {.ts = IV_TIME_NONE},
               .wait_until = now + COMING};
  IvTime last = iv_moments_last(p->moments[place]);
  if (last != IV_TIME_NONE && last >= ts)
    iv_moments_find(p->moments[place], ts, within(event), &job->moment);
  push(p, job);
}

void iv_photographer_forget(IvPhotographer *p, guint place) {
  iv_moments_forget(p->moments[place]);
}

/* ---- making them ---- */

static IvFrame *frame_of(const IvMoment *moment) {
  return moment->frame ? iv_frame_ref(moment->frame) : iv_still_decode(moment->jpeg);
}

static gboolean take_picture(IvPhotographer *p, const Job *job, GError **error) {
  g_autoptr(IvFrame) frame = frame_of(&job->moment);
  g_autoptr(IvScene) scene = p->get_scene(job->place, p->user_data);
  g_auto(IvStill) still = {0};
  g_autoptr(IvEventMarks) marks = iv_event_marks_new(&job->event, &job->moment, scene);
  if (!frame || !iv_still_make(frame, iv_event_marks(marks), &still)) {
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the picture is too large");
    return FALSE;
  }
  IvSnapshot about = {.camera_id = job->event.camera_id,
                      .event_id = job->event.id,
                      .moment = iv_photographer_moment(&job->event),
                      .frame_ts = job->moment.ts,
                      .boxes = iv_event_marks(marks)->n_boxes};
  g_strlcpy(about.kind, job->event.kind_name, sizeof about.kind);
  return iv_album_keep(p->album, &about, &still, error);
}

static void finish(IvPhotographer *p, const Job *job) {
  g_autoptr(GError) error = NULL;
  if (job->moment.ts == IV_TIME_NONE) {
    count(p, &p->stats.missed);
  } else if (!take_picture(p, job, &error)) {
    count(p, &p->stats.failed);
    g_warning("camera %s: the picture of %s could not be kept: %s", job->event.camera_id.text,
              job->event.kind_name, error->message);
  }
}

/* TRUE: it is done with. A camera that went will show nothing more: then its last picture it is. */
static gboolean try_coming(IvPhotographer *p, Job *job, gboolean last_try) {
  IvMoments *moments = p->moments[job->place];
  IvTime ts = iv_photographer_moment(&job->event), last = iv_moments_last(moments);
  gboolean has_come = last != IV_TIME_NONE && last >= ts;
  if (!has_come && !last_try && iv_clock_monotonic() < job->wait_until)
    return FALSE;
  iv_moments_find(moments, ts, within(&job->event), &job->moment);
  finish(p, job);
  return TRUE;
}

static void try_all_coming(IvPhotographer *p, gboolean last_try) {
  for (guint i = p->coming->len; i > 0; i--)
    if (try_coming(p, g_ptr_array_index(p->coming, i - 1), last_try))
      g_ptr_array_remove_index(p->coming, i - 1);
}

static void take_job(IvPhotographer *p, Job *job) {
  if (!job->is_event) {
    iv_moments_keep(p->moments[job->place], job->moment.frame, job->moment.tracks,
                    job->moment.n_tracks);
  } else if (job->moment.ts != IV_TIME_NONE) {
    finish(p, job);
  } else if (p->coming->len < COMING_MAX) {
    g_ptr_array_add(p->coming, job);
    return;
  } else {
    count(p, &p->stats.missed);
  }
  job_free(job);
}

static void retain(IvPhotographer *p) {
  IvTime now = iv_clock_now();
  iv_album_retain(p->album, now, iv_steady_clock_look(&p->clock, now, iv_clock_monotonic()),
                  &p->stop);
}

static gpointer run(gpointer user_data) {
  IvPhotographer *p = user_data;
  g_autoptr(GError) error = NULL;
  IvTime retain_at = 0;
  if (!iv_album_open(p->album, &error))
    g_warning("snapshots: %s", error->message);
  for (;;) {
    Job *job = iv_queue_pop(p->queue, p->coming->len > 0 ? LOOK_SPAN : IV_SECOND);
    if (job)
      take_job(p, job);
    else if (iv_queue_is_closed(p->queue))
      break;
    try_all_coming(p, FALSE);
    if (iv_clock_monotonic() >= retain_at && !iv_queue_is_closed(p->queue)) {
      retain(p);
      retain_at = iv_clock_monotonic() + RETAIN_SPAN;
    }
  }
  try_all_coming(p, TRUE);
  return NULL;
}

/* ---- life ---- */

/* Whether some kind is told long after its moment. */
static gboolean is_any_late(guint64 kinds) {
  guint64 of_cameras = (G_GUINT64_CONSTANT(1) << IV_EVENT_CAMERA_STATE) |
                       (G_GUINT64_CONSTANT(1) << IV_EVENT_CAMERA_VIEW);
  return (kinds & ~of_cameras) != 0;
}

IvPhotographer *iv_photographer_new(const IvPhotographerOptions *options) {
  guint64 kinds = 0;
  g_autofree char *fault = NULL;
  if (!iv_snapshot_kinds_read(options->config->kinds, &kinds, &fault) || kinds == 0)
    return NULL;
  IvPhotographer *p = g_new0(IvPhotographer, 1);
  g_mutex_init(&p->mutex);
  p->kinds = kinds;
  p->every = options->config->every;
  p->n_places = options->n_places;
  p->album = options->album;
  p->get_scene = options->get_scene;
  p->user_data = options->user_data;
  p->moments = g_new0(IvMoments *, MAX(p->n_places, 1));
  for (guint i = 0; i < p->n_places; i++)
    p->moments[i] = iv_moments_new(is_any_late(kinds));
  p->taken = g_new0(IvTime, MAX(p->n_places, 1) * IV_EVENT_KINDS);
  p->queue = iv_queue_new(IV_PHOTOGRAPHER_QUEUE, job_free);
  p->coming = g_ptr_array_new_with_free_func(job_free);
  return p;
}

void iv_photographer_start(IvPhotographer *p) {
  p->thread = g_thread_new("photographer", run, p);
}

void iv_photographer_free(IvPhotographer *p) {
  if (!p)
    return;
  g_atomic_int_set(&p->stop, 1);
  iv_queue_close(p->queue);
  if (p->thread)
    g_thread_join(p->thread);
  iv_queue_free(p->queue);
  g_ptr_array_unref(p->coming);
  for (guint i = 0; i < p->n_places; i++)
    iv_moments_free(p->moments[i]);
  g_free(p->moments);
  g_free(p->taken);
  g_mutex_clear(&p->mutex);
  g_free(p);
}

void iv_photographer_stats(IvPhotographer *p, IvPhotographerStats *ret_stats) {
  g_mutex_lock(&p->mutex);
  *ret_stats = p->stats;
  g_mutex_unlock(&p->mutex);
}
