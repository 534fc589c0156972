/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/ingest.h"

/* What a camera sends and whether it will do: `inveye camera test`, and the same from the API. */

typedef enum {
  IV_ADVICE_FINE,    /* nothing to change */
  IV_ADVICE_WARNING, /* works, with a limit that the text names */
  IV_ADVICE_FAILURE, /* will not work until changed */
} IvAdviceLevel;

#define IV_PROBE_ADVICES_MAX 8
typedef struct {
  IvAdviceLevel level;
  char text[200]; /* what is so, and what to do; one line */
} IvProbeAdvice;

typedef struct {
  gboolean reached; /* pictures came */
  char reason[160]; /* why not; "" when reached */
  IvCodec codec;
  char profile[32]; /* "constrained-baseline", "main", ...; "" = not known */
  char level[16];
  IvSize size;
  double fps;               /* measured over the span */
  double fps_said;          /* by the stream; 0 = not said */
  double keyframe_interval; /* seconds, largest seen; 0 = fewer than two keyframes seen */
  double bitrate;           /* bits a second */
  double first_frame;       /* seconds from the call to the first decoded frame; -1 = none */
  double span;              /* seconds measured */
  gboolean reordered;       /* B-frames: pictures are sent in another order than shown */
  gboolean camera_clock;    /* RTCP reports with the camera's own time came */
  gboolean decodes;         /* a decoder is installed and gave pictures */
  guint64 decode_errors;
  guint64 packets_lost;
  IvProbeAdvice advice[IV_PROBE_ADVICES_MAX];
  guint n_advice;
} IvProbeReport;

typedef struct {
  const char *source;
  const char *user, *password; /* NULL: from the address */
  IvTransport transport;
  double seconds;  /* how long to measure once pictures come, 1..60; 0 = 6 */
  double patience; /* how long to wait for the first picture; 0 = 12 */
} IvProbeConfig;

/* Blocks for up to patience + seconds. `ret_frame` (may be NULL) is the newest picture, which the
 * caller unrefs, or NULL when none was decoded. FALSE with `error` when the address itself is no
 * good or a plugin is missing; a camera that can't be reached is a report with `reached` FALSE. Any
 * thread.
 */
gboolean iv_probe(const IvProbeConfig *config, IvProbeReport *ret_report, IvFrame **ret_frame,
                  GError **error);

/* The advice that follows from the figures of `report` (pure): fills advice and n_advice. */
void iv_probe_judge(IvProbeReport *report);

/* The worst level in the report; FAILURE when not reached. */
IvAdviceLevel iv_probe_verdict(const IvProbeReport *report);
