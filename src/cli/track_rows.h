/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "eval/mot_file.h"
#include "model/frame.h"
#include "track/tracker.h"

/* Runs the product's tracker over a sequence and keeps what its live picture shows as confirmed,
 * as rows of a MOTChallenge result. */
typedef struct IvTrackRows IvTrackRows;

/* `detections` from iv_mot_parse, or NULL where frames bring their own. Borrowed. */
IvTrackRows *iv_track_rows_new(const GArray *detections);
void iv_track_rows_free(IvTrackRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvTrackRows, iv_track_rows_free)

/* All frames of the detections file, `fps` a second, in a picture of this size. No pixels, so no
 * appearance. */
void iv_track_rows_run(IvTrackRows *rows, double fps, IvSize image);

/* The next frame of a film; its number in the file is seq + 1. Uses the detections file if there is
 * one, else `found`. */
void iv_track_rows_see(IvTrackRows *rows, const IvFrame *frame, const IvDetection *found, guint n);

/* "frame,id,left,top,width,height,score,-1,-1,-1" lines so far; borrowed. */
const char *iv_track_rows_text(const IvTrackRows *rows);

typedef struct {
  guint64 frames, tracks; /* tracks = confirmed ones */
} IvTrackTally;
IvTrackTally iv_track_rows_tally(const IvTrackRows *rows);
