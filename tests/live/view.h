/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

#include "live/whep.h"
#include "media/ingest.h"
#include "media/server.h"
#include "media/watcher.h"

/* Real viewers, each a process (viewer.c), on a real camera behind the RTSP server of the tests. */

#define PATIENCE 30 /* s; nothing takes that long unless it is broken */

/* Looks again and again until it is so. */
#define wait_until(condition)                                                                      \
  do {                                                                                             \
    gint64 until_ = g_get_monotonic_time() + PATIENCE * G_TIME_SPAN_SECOND;                        \
    while (!(condition)) {                                                                         \
      g_assert_cmpint(g_get_monotonic_time(), <, until_);                                          \
      g_usleep(10000);                                                                             \
    }                                                                                              \
  } while (0)

typedef struct {
  Server server;
  Watcher watcher;
  IvIngest *ingest;
} Camera;

/* `clip` is sent over and over. */
void camera_open(Camera *camera, const char *clip);
void camera_close(Camera *camera);

/* A file or an address; the caller frees, and clears the watcher. */
IvIngest *read_source(const char *source, Watcher *watcher);

typedef struct {
  GSubprocess *process;
  GDataInputStream *out;
  char *offer;
  char id[IV_WHEP_ID_LENGTH + 1];
} Viewer;

void viewer_start(Viewer *viewer);
void viewer_answer(Viewer *viewer, const char *answer);
void viewer_clear(Viewer *viewer);

/* Pictures that came so far; `ret_rtp_time` (may be NULL): of the last one. */
guint64 units_of(Viewer *viewer, guint *ret_rtp_time);

/* Somebody who may watch. */
extern const IvWhepViewer mia;

/* The answer to `offer`, NULL with the error; the caller frees. */
char *ask_for(IvWhep *whep, const IvWhepViewer *who, IvIngest *ingest, Viewer *viewer,
              const char *offer, GError **error);

/* Offer and answer go to and fro as they are. */
gboolean open_for(IvWhep *whep, const IvWhepViewer *who, IvIngest *ingest, Viewer *viewer,
                  GError **error);
