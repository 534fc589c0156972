/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/ids.h"
#include "base/timestamp.h"

/* Recommendations: named rules over the figures of a week and of the week before. A rule never
 * fires on figures that are not known (NAN), on fewer cases than its minimum, or where the cameras
 * were alive for less than IV_ADVICE_COVERAGE of the time. Pure. */

#define IV_ADVICE_COVERAGE 0.9
#define IV_ADVICE_Z 2.0     /* a fall of a share must be this many standard errors */
#define IV_ADVICE_FALL 0.10 /* and this share of what it was */
#define IV_ADVICE_SERVICE_LEVEL 0.8
#define IV_ADVICE_ABANDONMENT 0.10
#define IV_ADVICE_CAMERA 0.8 /* coverage of a camera below it */
#define IV_ADVICE_LIFT 2.0
#define IV_ADVICE_LINK_RATE 0.5
#define IV_ADVICE_PAIRS_MAX 3 /* pairs of products that are told */

typedef enum {
  IV_ADVICE_CONVERSION_FELL,
  IV_ADVICE_CAPTURE_FELL,
  IV_ADVICE_DEAD_ZONE,
  IV_ADVICE_LONG_WAITS,
  IV_ADVICE_ABANDONMENT_HIGH,
  IV_ADVICE_LANES_SHORT,
  IV_ADVICE_CROSS_SELL,
  IV_ADVICE_CAMERA_DARK,
  IV_ADVICE_LINKS_MISSING,
  IV_ADVICE_RULES,
} IvAdviceRule;

typedef struct {
  const char *id;     /* "dead-zone" */
  const char *figure; /* which figures it looks at, as the plan names them: "K2" */
  const char *screen; /* where to look: "customers", "checkout", "sales", "cameras" */
  const char *when;   /* the condition, for people */
  guint minimum;      /* cases that it needs: visitors, joins, baskets, ...; 0 = not counted */
} IvAdviceInfo;
const IvAdviceInfo *iv_advice_info(IvAdviceRule rule);

/* A share of `n` cases, with the coverage of the cameras it needs (NAN = it needs none). */
typedef struct {
  double share, n, coverage;
} IvAdviceShare;

/* A name for people, and the id of what it is about. */
typedef struct {
  char id[IV_SLUG_MAX + 1], name[81];
} IvAdviceName;

typedef struct {
  IvAdviceName zone;
  double visitors, coverage, kind_median; /* median: visitors of the zones of its kind */
  gboolean dead;                          /* as kpi/band.h says; FALSE also when not known */
} IvAdviceZone;

typedef struct {
  double joined, in_target, coverage; /* of all lines at this hour of the day, added up */
} IvAdviceHour;

typedef struct {
  IvAdviceName line;
  double joined, abandonment, coverage;
} IvAdviceLine;

typedef struct {
  IvTime ts; /* an hour to come */
  double footfall, lanes_needed;
  double lanes_open; /* the same hour of the week that passed; NAN = not known */
} IvAdviceTomorrow;

typedef struct {
  char first[81], second[81]; /* product names */
  double baskets, lift, support;
} IvAdvicePair;

typedef struct {
  IvAdviceName camera;
  double coverage;
} IvAdviceCamera;

typedef struct {
  IvAdviceShare conversion[2], capture[2]; /* this week, the week before */
  GArray *zones;                           /* of IvAdviceZone */
  IvAdviceHour hours[24];
  GArray *lines;    /* of IvAdviceLine */
  GArray *tomorrow; /* of IvAdviceTomorrow, by time */
  double served;    /* services that lanes_needed rests on */
  GArray *pairs;    /* of IvAdvicePair, highest lift first */
  GArray *cameras;  /* of IvAdviceCamera */
  double transactions, link_rate;
} IvAdviceFigures;

void iv_advice_figures_init(IvAdviceFigures *figures); /* nothing is known */
void iv_advice_figures_clear(IvAdviceFigures *figures);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvAdviceFigures, iv_advice_figures_clear)

#define IV_ADVICE_EVIDENCE_MAX 6
typedef struct {
  const char *name; /* "service_level" */
  const char *unit; /* as in kpi/figure.h */
  double value;
} IvAdviceEvidence;

typedef struct {
  IvAdviceRule rule;
  IvAdviceName subject; /* "" = the store */
  char text[320];       /* what was found, with its numbers, and what to do */
  IvTime ts;            /* of an hour to come; IV_TIME_NONE = of the week */
  guint n_evidence;
  IvAdviceEvidence evidence[IV_ADVICE_EVIDENCE_MAX];
} IvAdvice;

/* All that fires, by rule (GArray of IvAdvice). */
GArray *iv_advice_find(const IvAdviceFigures *figures);
