/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/mp4_scan.h"
#include "model/unit_ring.h"

/* Writes one camera's units into files, as they come from the camera: nothing is decoded. A file (a
 * segment) is fragmented MP4 and begins with a keyframe; a new one begins when it is long enough,
 * and after every seam. Each finished fragment is on the disk before the next is written, so a
 * power cut costs the fragment in hand, and the file can be played while it grows.
 *
 * A disk that is slow or full stops neither the camera nor another recorder: units are lost and
 * counted, and recording goes on by itself. */
typedef struct IvRecorder IvRecorder;

typedef enum {
  IV_RECORD_OFF,
  IV_RECORD_CONTINUOUS,
  IV_RECORD_EVENTS, /* from a while before something happens to a while after */
} IvRecordMode;

/* A segment that is there or grows. Text is borrowed for the call. */
typedef struct {
  const char *path; /* below the folder: "<camera>/<UTC day>/<start>.mp4" */
  IvTime start;     /* capture time of its first picture */
  IvTime end;       /* of the last one on the disk, and how long that lasts */
  IvCodec codec;
  IvSize size;
  guint64 bytes, init_bytes;
  const GArray *fragments; /* IvMp4Fragment, those on the disk */
  gboolean closed;         /* nothing is written to it any more */
} IvSegmentNews;

/* On the recorder's threads, one call at a time. */
typedef struct {
  /* A segment has its first pictures on the disk, has grown (every IV_RECORD_NEWS_SPAN), or is
   * closed. Of one that never had any nothing is told, and its file is deleted. */
  void (*on_segment)(const IvSegmentNews *news, gpointer user_data);
  /* Whether pictures reach the disk, and why not: "" or one line for people. On change. */
  void (*on_state)(gboolean recording, const char *trouble, gpointer user_data);
} IvRecorderEvents;

#define IV_PRE_ROLL_BYTES_MAX (64u * 1024 * 1024) /* of memory, per camera */
#define IV_RECORD_NEWS_SPAN (10 * IV_SECOND)

/* Text is copied. */
typedef struct {
  const char *folder; /* of all cameras; exists */
  const char *camera; /* a slug: the folder's name */
  IvRecordMode mode;
  IvTime segment;             /* about so long; cut at a keyframe */
  IvTime pre_roll, post_roll; /* IV_RECORD_EVENTS; pre-roll begins with a keyframe before it, and
                                 is shorter where IV_PRE_ROLL_BYTES_MAX is reached */
} IvRecorderConfig;

/* Starts its thread; `ring` is referenced. NULL with IV_INGEST_ERROR: a plugin is missing, or there
 * are too many readers of the camera. */
IvRecorder *iv_recorder_new(const IvRecorderConfig *config, IvUnitRing *ring,
                            const IvRecorderEvents *events, gpointer user_data, GError **error);

/* Writes what has come, ends the segment in hand and waits for it; nothing is told afterwards.
 * Once.
 */
void iv_recorder_stop(IvRecorder *recorder);

/* Stops it first. */
void iv_recorder_free(IvRecorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvRecorder, iv_recorder_free)

/* Something happened: IV_RECORD_EVENTS records until post_roll after now. Any thread. */
void iv_recorder_trigger(IvRecorder *recorder);

typedef struct {
  guint64 units;  /* taken from the camera */
  guint64 stored; /* of those, on the disk */
  guint64 lost;   /* wanted but not recorded: the disk was slow or full */
  guint64 bytes;  /* written */
  guint64 segments;
} IvRecorderStats;

/* Any thread. */
void iv_recorder_stats(IvRecorder *recorder, IvRecorderStats *ret_stats);
