/* SPDX-License-Identifier: Apache-2.0 */
#include "live/whep.h"

#include <gst/gst.h>
#include <string.h>

#include "base/clock.h"
#include "base/url.h"
#include "live/paths.h"

#define LOOK_EVERY IV_SECOND /* how often viewers are looked after */

/* How a view is looked after. `free` ends it and waits for its threads. */
typedef struct {
  const char *(*is_over)(gpointer session, IvTime now);
  void (*end)(gpointer session, const char *why);
  void (*free)(gpointer session);
} ViewKind;

static const char *webrtc_is_over(gpointer session, IvTime now) {
  return iv_whep_session_is_over(session, now);
}

static void webrtc_end(gpointer session, const char *why) {
  iv_whep_session_end(session, why);
}

static void webrtc_free(gpointer session) {
  iv_whep_session_free(session);
}

static const char *mse_is_over(gpointer session, IvTime now) {
  return iv_mse_session_is_over(session, now);
}

static void mse_end(gpointer session, const char *why) {
  iv_mse_session_end(session, why);
}

static void mse_free(gpointer session) {
  iv_mse_session_free(session);
}

static const ViewKind by_webrtc = {webrtc_is_over, webrtc_end, webrtc_free};
static const ViewKind by_mse = {mse_is_over, mse_end, mse_free};

typedef struct {
  char id[IV_WHEP_ID_LENGTH + 1];
  char *store_id, *camera_id, *login;
  gint64 user_id;
  gboolean blurred;
  IvStreamHold *hold; /* goes after the session */
  const ViewKind *kind;
  gpointer session; /* NULL while it is being opened */
  IvTime checked;   /* when it was last asked whether he may; 0 = ask now */
  gboolean closed;  /* it is to go */
} Viewer;

struct IvWhep {
  IvWhepOptions options; /* its texts are `stun` and `turn` */
  char *stun, *turn;
  GThread *keeper; /* the only one that takes opened viewers out and frees them */

  GMutex mutex; /* guards what follows; sessions are asked under it, but never opened or freed */
  GCond changed;
  GPtrArray *viewers; /* owned */
  gboolean stopping, look;
  const char *path_fault; /* static text, as it was told last; NULL = none */
  IvWhepStats stats;
};

static void viewer_free(gpointer pointer) {
  Viewer *viewer = pointer;
  if (viewer->session)
    viewer->kind->free(viewer->session);
  iv_stream_hold_unref(viewer->hold);
  g_free(viewer->store_id);
  g_free(viewer->camera_id);
  g_free(viewer->login);
  g_free(viewer);
}

static Viewer *viewer_new(const IvWhepViewer *who, const ViewKind *kind, IvStreamHold *hold) {
  Viewer *viewer = g_new0(Viewer, 1);
  viewer->kind = kind;
  viewer->hold = iv_stream_hold_ref(hold);
  viewer->store_id = g_strdup(who->store_id);
  viewer->camera_id = g_strdup(who->camera_id);
  viewer->login = g_strdup(who->login);
  viewer->user_id = who->user_id;
  viewer->blurred = who->blurred;
  viewer->checked = iv_clock_monotonic(); /* the API asked just now */
  for (int i = 0; i < IV_WHEP_ID_LENGTH / 8; i++)
    g_snprintf(viewer->id + (gsize)i * 8, 9, "%08x", g_random_int());
  return viewer;
}

/* ---- looking after them ---- */

/* Opened viewers whom nobody asked for lately; borrowed, the keeper alone frees them. */
static GPtrArray *list_unchecked(IvWhep *whep, IvTime now) {
  GPtrArray *due = g_ptr_array_new();
  for (guint i = 0; i < whep->viewers->len; i++) {
    Viewer *viewer = whep->viewers->pdata[i];
    if (!viewer->session || (viewer->checked != 0 && now - viewer->checked < IV_WHEP_CHECK))
      continue;
    viewer->checked = now;
    g_ptr_array_add(due, viewer);
  }
  return due;
}

/* Called without the mutex: it asks the database. */
static void check(IvWhep *whep, GPtrArray *due) {
  for (guint i = 0; i < due->len; i++) {
    const Viewer *viewer = due->pdata[i];
    IvWhepViewer who = {viewer->store_id, viewer->camera_id, viewer->user_id, viewer->login,
                        viewer->blurred};
    if (!whep->options.may(&who, whep->options.user_data))
      viewer->kind->end(viewer->session, "whoever watched may not any more");
  }
}

/* Takes those out that are to go; with `all`, everybody. The caller frees, without the mutex. */
static GPtrArray *take_over(IvWhep *whep, gboolean all) {
  GPtrArray *over = g_ptr_array_new_with_free_func(viewer_free);
  IvTime now = iv_clock_monotonic();
  for (guint i = whep->viewers->len; i > 0; i--) {
    Viewer *viewer = whep->viewers->pdata[i - 1];
    if (!viewer->session)
      continue; /* iv_whep_open sees to it */
    const char *why = viewer->closed ? NULL : viewer->kind->is_over(viewer->session, now);
    if (!why && !viewer->closed && !all)
      continue;
    if (why) {
      whep->stats.lost++;
      g_message("camera %s: a viewer is gone: %s", viewer->camera_id, why);
    }
    g_ptr_array_add(over, g_ptr_array_steal_index_fast(whep->viewers, i - 1));
  }
  return over;
}

static void look_after(IvWhep *whep) {
  g_mutex_lock(&whep->mutex);
  whep->look = FALSE;
  GPtrArray *due = list_unchecked(whep, iv_clock_monotonic());
  g_mutex_unlock(&whep->mutex);
  if (whep->options.may)
    check(whep, due);
  g_ptr_array_unref(due);
  g_mutex_lock(&whep->mutex);
  GPtrArray *over = take_over(whep, FALSE);
  g_mutex_unlock(&whep->mutex);
  g_ptr_array_unref(over); /* ends them */
}

/* FALSE = stop. */
static gboolean wait_for_work(IvWhep *whep) {
  gint64 until = g_get_monotonic_time() + LOOK_EVERY;
  gboolean due = FALSE;
  g_mutex_lock(&whep->mutex);
  while (!whep->stopping && !whep->look && !due)
    if (whep->viewers->len == 0)
      g_cond_wait(&whep->changed, &whep->mutex);
    else
      due = !g_cond_wait_until(&whep->changed, &whep->mutex, until);
  gboolean goes_on = !whep->stopping;
  g_mutex_unlock(&whep->mutex);
  return goes_on;
}

static gpointer keep_loop(gpointer user_data) {
  IvWhep *whep = user_data;
  while (wait_for_work(whep))
    look_after(whep);
  return NULL;
}

static void look_now(IvWhep *whep) {
  whep->look = TRUE;
  g_cond_broadcast(&whep->changed);
}

/* ---- life ---- */

IvWhep *iv_whep_new(const IvWhepOptions *options) {
  gst_init(NULL, NULL);
  IvWhep *whep = g_new0(IvWhep, 1);
  whep->options = *options;
  whep->options.viewers_max = CLAMP(options->viewers_max, 1, IV_WHEP_VIEWERS_MAX);
  whep->options.camera_viewers_max = MAX(options->camera_viewers_max, 1);
  whep->options.paths.stun = whep->stun = g_strdup(options->paths.stun);
  whep->options.paths.turn = whep->turn = g_strdup(options->paths.turn);
  whep->viewers = g_ptr_array_new();
  g_mutex_init(&whep->mutex);
  g_cond_init(&whep->changed);
  whep->keeper = g_thread_new("viewers", keep_loop, whep);
  return whep;
}

void iv_whep_free(IvWhep *whep) {
  if (!whep)
    return;
  g_mutex_lock(&whep->mutex);
  whep->stopping = TRUE;
  g_cond_broadcast(&whep->changed);
  g_mutex_unlock(&whep->mutex);
  g_thread_join(whep->keeper);
  g_mutex_lock(&whep->mutex);
  GPtrArray *over = take_over(whep, TRUE);
  g_mutex_unlock(&whep->mutex);
  g_ptr_array_unref(over);
  g_ptr_array_unref(whep->viewers);
  g_cond_clear(&whep->changed);
  g_mutex_clear(&whep->mutex);
  g_free(whep->stun);
  g_free(whep->turn);
  g_free(whep);
}

/* ---- coming ---- */

static guint count_of_camera(const IvWhep *whep, const char *camera_id) {
  guint n = 0;
  for (guint i = 0; i < whep->viewers->len; i++)
    n += strcmp(((const Viewer *)whep->viewers->pdata[i])->camera_id, camera_id) == 0;
  return n;
}

/* Its place is taken before it is opened, so that the limits hold for those at the door too. */
static gboolean enter(IvWhep *whep, Viewer *viewer, GError **error) {
  guint of_camera = count_of_camera(whep, viewer->camera_id);
  gboolean full = whep->viewers->len >= whep->options.viewers_max;
  if (!full && of_camera < whep->options.camera_viewers_max) {
    g_ptr_array_add(whep->viewers, viewer);
    return TRUE;
  }
  whep->stats.refused++;
  if (full)
    g_set_error(error, IV_LIVE_ERROR, IV_LIVE_ERROR_FULL,
                "%u live views are open, the most that live.viewers allows. Close some.",
                whep->viewers->len);
  else
    g_set_error(error, IV_LIVE_ERROR, IV_LIVE_ERROR_FULL,
                "%u live views of this camera are open, the most that live.camera_viewers allows. "
                "Close some.",
                of_camera);
  return FALSE;
}

/* From here on the keeper looks after it; without a session it is taken out, and freed. */
static void admit(IvWhep *whep, Viewer *viewer, gpointer session) {
  g_mutex_lock(&whep->mutex);
  viewer->session = session;
  if (session)
    whep->stats.opened++;
  else
    whep->stats.refused++;
  if (!session)
    g_ptr_array_remove_fast(whep->viewers, viewer);
  look_now(whep);
  g_mutex_unlock(&whep->mutex);
  if (!session)
    viewer_free(viewer);
}

/* Once, not at every viewer. */
static void tell_paths(IvWhep *whep, const char *answer, IvTime took) {
  const IvWhepPaths *paths = &whep->options.paths;
  const char *fault = iv_paths_fault(paths, answer, took);
  g_mutex_lock(&whep->mutex);
  gboolean is_new = fault != whep->path_fault;
  whep->path_fault = fault;
  g_mutex_unlock(&whep->mutex);
  if (!is_new)
    return;
  g_autofree char *turn = iv_url_mask(paths->turn), *stun = iv_url_mask(paths->stun);
  if (fault)
    g_warning("%s (%s%s%s).", fault, stun, *stun && *turn ? ", " : "", turn);
  else
    g_message("the servers of live.stun and live.turn help again");
}

static IvWhepSession *open_session(IvWhep *whep, IvUnitRing *ring, GBytes *bytes, IvTime deadline,
                                   char **ret_answer, GError **error) {
  gsize size = 0;
  const char *text = g_bytes_get_data(bytes, &size);
  g_auto(IvOffer) offer = {0};
  if (!iv_offer_read(text, size, &offer, error))
    return NULL;
  IvTime begun = iv_clock_monotonic();
  IvWhepSession *session =
      iv_whep_session_open(&whep->options.paths, ring, &offer, deadline, ret_answer, error);
  if (session)
    tell_paths(whep, *ret_answer, iv_clock_monotonic() - begun);
  return session;
}

/* NULL when there is no place. */
static Viewer *seat(IvWhep *whep, const IvWhepViewer *who, const ViewKind *kind, IvStreamHold *hold,
                    char *ret_id, GError **error) {
  Viewer *viewer = viewer_new(who, kind, hold);
  g_mutex_lock(&whep->mutex);
  gboolean has_place = enter(whep, viewer, error);
  g_mutex_unlock(&whep->mutex);
  if (!has_place) {
    viewer_free(viewer);
    return NULL;
  }
  g_strlcpy(ret_id, viewer->id, IV_WHEP_ID_LENGTH + 1);
  return viewer;
}

gboolean iv_whep_open(IvWhep *whep, const IvWhepViewer *who, IvStreamHold *hold, GBytes *offer,
                      IvTime deadline, char *ret_id, char **ret_answer, GError **error) {
  g_autofree char *answer = NULL;
  Viewer *viewer = seat(whep, who, &by_webrtc, hold, ret_id, error);
  if (!viewer)
    return FALSE;
  IvWhepSession *session =
      open_session(whep, iv_stream_hold_ring(hold), offer, deadline, &answer, error);
  admit(whep, viewer, session);
  if (!session)
    return FALSE;
  *ret_answer = g_steal_pointer(&answer);
  return TRUE;
}

gboolean iv_whep_open_mse(IvWhep *whep, const IvWhepViewer *who, IvStreamHold *hold,
                          IvTime deadline, char *ret_id, char ret_codec[IV_MSE_CODEC_MAX],
                          GError **error) {
  Viewer *viewer = seat(whep, who, &by_mse, hold, ret_id, error);
  if (!viewer)
    return FALSE;
  IvMseSession *session =
      iv_mse_session_open(iv_stream_hold_ring(hold), deadline, ret_codec, error);
  admit(whep, viewer, session);
  return session != NULL;
}

IvMseSession *iv_whep_find_mse(IvWhep *whep, const IvWhepViewer *who, const char *id) {
  IvMseSession *found = NULL;
  g_mutex_lock(&whep->mutex);
  for (guint i = 0; i < whep->viewers->len && !found; i++) {
    const Viewer *viewer = whep->viewers->pdata[i];
    if (viewer->kind == &by_mse && viewer->session && !viewer->closed &&
        viewer->user_id == who->user_id && strcmp(viewer->id, id) == 0 &&
        strcmp(viewer->login, who->login) == 0)
      found = iv_mse_session_ref(viewer->session);
  }
  g_mutex_unlock(&whep->mutex);
  return found;
}

/* ---- going ---- */

static gboolean is_mine(const Viewer *viewer, const IvWhepViewer *who, const char *id) {
  return viewer->session && !viewer->closed && viewer->user_id == who->user_id &&
         strcmp(viewer->id, id) == 0 && strcmp(viewer->login, who->login) == 0 &&
         strcmp(viewer->store_id, who->store_id) == 0 &&
         strcmp(viewer->camera_id, who->camera_id) == 0;
}

gboolean iv_whep_close(IvWhep *whep, const IvWhepViewer *who, const char *id) {
  gboolean found = FALSE;
  g_mutex_lock(&whep->mutex);
  for (guint i = 0; i < whep->viewers->len && !found; i++) {
    Viewer *viewer = whep->viewers->pdata[i];
    found = is_mine(viewer, who, id);
    if (found)
      viewer->closed = TRUE;
  }
  if (found)
    look_now(whep);
  g_mutex_unlock(&whep->mutex);
  return found;
}

void iv_whep_recheck(IvWhep *whep, gint64 user_id) {
  g_mutex_lock(&whep->mutex);
  for (guint i = 0; i < whep->viewers->len; i++) {
    Viewer *viewer = whep->viewers->pdata[i];
    if (viewer->user_id == user_id)
      viewer->checked = 0;
  }
  look_now(whep);
  g_mutex_unlock(&whep->mutex);
}

void iv_whep_end_camera(IvWhep *whep, const char *camera_id, const char *why) {
  g_mutex_lock(&whep->mutex);
  for (guint i = 0; i < whep->viewers->len; i++) {
    const Viewer *viewer = whep->viewers->pdata[i];
    if (viewer->session && strcmp(viewer->camera_id, camera_id) == 0)
      viewer->kind->end(viewer->session, why);
  }
  look_now(whep);
  g_mutex_unlock(&whep->mutex);
}

void iv_whep_stats(IvWhep *whep, IvWhepStats *ret_stats) {
  g_mutex_lock(&whep->mutex);
  *ret_stats = whep->stats;
  ret_stats->viewers = whep->viewers->len;
  g_mutex_unlock(&whep->mutex);
}
