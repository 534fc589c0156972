/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/ingest.h"

/* Notes what an ingest tells, and waits for it with a deadline instead of sleeping. */
typedef struct {
  GMutex mutex;
  GCond changed;
  GArray *seqs, *numbers; /* guint64 seq, int clip_number of each frame */
  GArray *times;          /* IvTime ts */
  GArray *breaks;         /* guint: index of each frame with `discontinuity` */
  IvIngestState state;
  GPtrArray *history; /* "state: reason" */
  IvFrame *last;
  gint slow_us; /* what on_frame takes; atomic */
} Watcher;

void watcher_init(Watcher *watcher);
void watcher_clear(Watcher *watcher);
extern const IvIngestEvents watcher_events;

/* FALSE when it did not come true in time. */
gboolean watcher_wait_frames(Watcher *watcher, guint n, int seconds);
gboolean watcher_wait_state(Watcher *watcher, IvIngestState state, int seconds);
guint watcher_frames(Watcher *watcher);

/* TRUE when some "state: reason" so far holds `part`. */
gboolean watcher_told(Watcher *watcher, const char *part);

/* For the message of a failed check. */
char *watcher_story(Watcher *watcher);
