/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/recorder.h"

/* Files of the real recorder, for tests of what is done with them. */
#define FILM_FPS 20
#define FILM_GOP 10
#define FILM_PICTURES 100 /* 5 s */
#define FILM_LENGTH (FILM_PICTURES * IV_SECOND / FILM_FPS)
#define FILM_SIZE ((IvSize){320, 240})

/* A clip to be recorded. FALSE: there is no encoder. */
gboolean recorded_film_clip(const char *path, IvSize size);

/* Records the clip as camera "door" in one file that begins at `start`. */
void recorded_film_record(const char *folder, const char *clip, IvSize size, IvTime start,
                          const IvRecorderEvents *events, gpointer user_data);
