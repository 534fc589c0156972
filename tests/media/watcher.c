/* SPDX-License-Identifier: Apache-2.0 */
#include "watcher.h"

#include <string.h>

#include "clip.h"

void watcher_init(Watcher *watcher) {
  *watcher = (Watcher){.state = IV_INGEST_CONNECTING};
  g_mutex_init(&watcher->mutex);
  g_cond_init(&watcher->changed);
  watcher->seqs = g_array_new(FALSE, FALSE, sizeof(guint64));
  watcher->numbers = g_array_new(FALSE, FALSE, sizeof(int));
  watcher->times = g_array_new(FALSE, FALSE, sizeof(IvTime));
  watcher->breaks = g_array_new(FALSE, FALSE, sizeof(guint));
  watcher->history = g_ptr_array_new_with_free_func(g_free);
}

void watcher_clear(Watcher *watcher) {
  g_array_free(watcher->seqs, TRUE);
  g_array_free(watcher->numbers, TRUE);
  g_array_free(watcher->times, TRUE);
  g_array_free(watcher->breaks, TRUE);
  g_ptr_array_free(watcher->history, TRUE);
  g_clear_pointer(&watcher->last, iv_frame_unref);
  g_cond_clear(&watcher->changed);
  g_mutex_clear(&watcher->mutex);
}

static void on_frame(IvFrame *frame, gpointer user_data) {
  Watcher *watcher = user_data;
  int number = frame->size.width >= 256 ? clip_number(frame) : -1;
  gint slow = g_atomic_int_get(&watcher->slow_us);
  if (slow > 0)
    g_usleep((gulong)slow);
  g_mutex_lock(&watcher->mutex);
  if (frame->discontinuity)
    g_array_append_val(watcher->breaks, watcher->seqs->len);
  g_array_append_val(watcher->seqs, frame->seq);
  g_array_append_val(watcher->numbers, number);
  g_array_append_val(watcher->times, frame->ts);
  g_clear_pointer(&watcher->last, iv_frame_unref);
  watcher->last = frame;
  g_cond_broadcast(&watcher->changed);
  g_mutex_unlock(&watcher->mutex);
}

static void on_state(IvIngestState state, const char *reason, gpointer user_data) {
  Watcher *watcher = user_data;
  g_mutex_lock(&watcher->mutex);
  watcher->state = state;
  g_ptr_array_add(watcher->history, g_strdup_printf("%s: %s", iv_ingest_state_name(state), reason));
  g_cond_broadcast(&watcher->changed);
  g_mutex_unlock(&watcher->mutex);
}

const IvIngestEvents watcher_events = {.on_frame = on_frame, .on_state = on_state};

gboolean watcher_wait_frames(Watcher *watcher, guint n, int seconds) {
  gint64 deadline = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
  g_mutex_lock(&watcher->mutex);
  while (watcher->seqs->len < n && g_cond_wait_until(&watcher->changed, &watcher->mutex, deadline))
    ;
  gboolean ok = watcher->seqs->len >= n;
  g_mutex_unlock(&watcher->mutex);
  return ok;
}

gboolean watcher_wait_state(Watcher *watcher, IvIngestState state, int seconds) {
  gint64 deadline = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
  g_mutex_lock(&watcher->mutex);
  while (watcher->state != state && g_cond_wait_until(&watcher->changed, &watcher->mutex, deadline))
    ;
  gboolean ok = watcher->state == state;
  g_mutex_unlock(&watcher->mutex);
  return ok;
}

guint watcher_frames(Watcher *watcher) {
  g_mutex_lock(&watcher->mutex);
  guint n = watcher->seqs->len;
  g_mutex_unlock(&watcher->mutex);
  return n;
}

gboolean watcher_told(Watcher *watcher, const char *part) {
  g_autofree char *story = watcher_story(watcher);
  return strstr(story, part) != NULL;
}

char *watcher_story(Watcher *watcher) {
  GString *story = g_string_new(NULL);
  g_mutex_lock(&watcher->mutex);
  for (guint i = 0; i < watcher->history->len; i++)
    g_string_append_printf(story, "%s | ", (char *)watcher->history->pdata[i]);
  g_string_append_printf(story, "%u frames", watcher->seqs->len);
  g_mutex_unlock(&watcher->mutex);
  return g_string_free(story, FALSE);
}
