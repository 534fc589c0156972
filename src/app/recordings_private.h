/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/recordings.h"
#include "media/mp4_scan.h"

struct IvRecordings {
  IvRecordingConfig config; /* its texts are not used */
  char *store_id, *folder;
  IvStore *store;
  const IvArchiveConfig *archive; /* NULL = none */
  char *mark;     /* of the folder; NULL = not open. Set by the thread that opens and retains, under
                     the mutex */
  GMutex mutex;   /* guards what follows */
  guint64 wanted; /* bytes beside the reserve */
  IvRecordingsStats stats;
};

/* app/recordings_repair.c: makes the index say what is on the disk. */
gboolean iv_recordings_repair(IvRecordings *recordings, IvRecordingsRepair *ret_repair,
                              GError **error);

/* "<camera>/<UTC day of start>/<name>": only what we name so ourselves. Its camera and start. */
gboolean iv_recordings_read_name(const char *path, IvSegment *ret_segment);

/* What a file says of itself (its start is known), and only of its fragments, as a row has it. */
void iv_recordings_describe_scan(IvSegment *segment, const IvMp4Scan *scan);
void iv_recordings_describe(IvSegment *segment, const GArray *fragments);

void iv_recordings_count_error(IvRecordings *recordings, const char *what, const GError *error);
