/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"
#include "eval/mot_file.h"

/* Rate and picture size of a sequence that is known by its detections file only. */
typedef struct {
  double fps;
  IvSize size;
  gboolean told; /* by a seqinfo.ini */
} IvMotSequence;

/* What seqinfo.ini of MOTChallenge says, looked for in the folder above the file's
 * (<sequence>/det/det.txt) and in its own; what it does not say is 25 fps and the extent of the
 * boxes. */
IvMotSequence iv_mot_sequence_of(const char *detections_path, const GArray *detections);
