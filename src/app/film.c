/* SPDX-License-Identifier: Apache-2.0 */
#include "app/film.h"

#include "base/clock.h"
#include "media/ingest.h"

G_DEFINE_QUARK(iv - film - error - quark, iv_film_error)

typedef struct {
  IvDetector *detector;
  IvFilmSeen seen;
  gpointer user_data;
  IvIngest *ingest;
  IvDetection found[IV_DETECTIONS_MAX];
  gboolean progress, stopped; /* decoder's thread */
  guint64 frames;
  IvTime told;
  /* Guarded by the mutex; `over` ends the wait. */
  GMutex mutex;
  GCond changed;
  gboolean over;
  GError *error;
} Film;

static void finish(Film *film, GError *error) {
  g_mutex_lock(&film->mutex);
  if (error && !film->error)
    film->error = error;
  else
    g_clear_error(&error);
  film->over = TRUE;
  g_cond_signal(&film->changed);
  g_mutex_unlock(&film->mutex);
}

static void tell_progress(Film *film) {
  IvTime now = iv_clock_monotonic();
  film->frames++;
  if (!film->progress || now - film->told < 2 * IV_SECOND)
    return;
  film->told = now;
  g_printerr("  %" G_GUINT64_FORMAT " frames\n", film->frames);
}

static void on_frame(IvFrame *taken, gpointer user_data) {
  g_autoptr(IvFrame) frame = taken;
  Film *film = user_data;
  GError *error = NULL;
  guint n = 0;
  if (film->stopped)
    return;
  if (!iv_detector_detect(film->detector, frame, film->found, IV_DETECTIONS_MAX, &n, &error) ||
      !film->seen(frame, film->found, n, film->user_data)) {
    film->stopped = TRUE;
    iv_ingest_stop(film->ingest);
    finish(film, error);
    return;
  }
  tell_progress(film);
}

static void on_state(IvIngestState state, const char *reason, gpointer user_data) {
  Film *film = user_data;
  if (state == IV_INGEST_ENDED)
    finish(film, NULL);
  else if (state == IV_INGEST_OFFLINE)
    finish(film, g_error_new(IV_FILM_ERROR, IV_FILM_ERROR_FAILED, "%s", reason));
}

static void wait_until_over(Film *film) {
  g_mutex_lock(&film->mutex);
  while (!film->over)
    g_cond_wait(&film->changed, &film->mutex);
  g_mutex_unlock(&film->mutex);
}

gboolean iv_film_run(const IvFilmConfig *config, IvDetector *detector, IvFilmSeen seen,
                     gpointer user_data, GError **error) {
  g_autofree Film *film = g_new0(Film, 1);
  film->detector = detector;
  film->seen = seen;
  film->user_data = user_data;
  film->progress = config->progress;
  film->told = iv_clock_monotonic();
  g_mutex_init(&film->mutex);
  g_cond_init(&film->changed);
  IvIngestConfig source = {.source = config->video,
                           .fps = config->fps,
                           .decode = TRUE,
                           .pace = IV_PACE_AS_FAST_AS_TAKEN,
                           .start = config->start};
  IvIngestEvents events = {.on_frame = on_frame, .on_state = on_state};
  film->ingest = iv_ingest_new(&source, &events, film, error);
  gboolean fine = film->ingest != NULL;
  if (fine) {
    iv_ingest_start(film->ingest);
    wait_until_over(film);
    iv_ingest_free(film->ingest);
    fine = film->error == NULL;
    if (!fine)
      g_propagate_error(error, film->error);
  }
  g_cond_clear(&film->changed);
  g_mutex_clear(&film->mutex);
  return fine;
}
