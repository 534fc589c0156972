/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/gst.h>

#include "media/camera_clock.h"
#include "media/clock_share.h"
#include "media/nal.h"

/* Makes encoded units of a source's samples: capture time, number, epoch, what the NAL units say.
 * Lives over all connections of a camera; used by one thread at a time. */
typedef struct {
  gboolean from_file;
  IvTime start;  /* files: capture time of the first picture; IV_TIME_NONE until known */
  IvTime passed; /* files: length of the passes before this one */
  IvTime pass_end;
  IvTime shown; /* stream time of the newest unit that told one, since the connection */
  IvTime last;  /* cameras: capture time of the newest unit; IV_TIME_NONE = none yet */
  IvCameraClock clock;
  IvClockShare *share; /* of the camera's streams, owned; NULL = none */
  gboolean leads;
  IvNalFacts facts;
  GstCaps *caps;
  guint generation, epoch;
  guint64 seq;
  gboolean connected_before, break_pending;
} IvIntake;

/* When the sample came. */
typedef struct {
  IvTime wall;      /* UTC */
  IvTime monotonic; /* 0 for files read as fast as possible */
} IvArrival;

void iv_intake_init(IvIntake *intake, gboolean from_file, IvTime start);
/* Before the first sample: the clock that the camera's streams share. References `share`. */
void iv_intake_share_clock(IvIntake *intake, IvClockShare *share, gboolean leads);
void iv_intake_clear(IvIntake *intake);

/* A new connection, or a file from its beginning again: the next unit is a discontinuity, unless it
 * is the very first. */
void iv_intake_connect(IvIntake *intake);

/* NULL when the sample can't be mapped or is larger than IV_UNIT_BYTES_MAX. The sample is borrowed.
 */
IvEncodedUnit *iv_intake_take(IvIntake *intake, GstSample *sample, IvArrival arrival);
