/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* How true a line's count is (kpis.md, "count accuracy"): somebody counts sampled intervals of the
 * recordings by hand, and what the system counted is held beside it. docs/accuracy.md has the rule
 * and where it comes from. Pure: no clock, chance only from a seed that is given. */

#define IV_AUDIT_LENGTH (5 * IV_MINUTE)    /* of an interval: one bucket */
#define IV_AUDIT_TOLERANCE (3 * IV_SECOND) /* between a mark and the crossing it is about */
#define IV_AUDIT_INTERVALS_MAX 48          /* of one audit */
#define IV_AUDIT_MARKS_MAX 2000            /* of one interval */
#define IV_AUDIT_Z 1.959963984540054       /* 95 %, both sides */
#define IV_AUDIT_TARGET 0.90               /* of recall and precision */
#define IV_AUDIT_RESAMPLES 2000

/* A share of n, with Wilson's score interval (Wilson 1927). All NAN for n = 0. */
typedef struct {
  gint64 k, n;
  double share, low, high; /* 0..1 */
} IvAuditShare;
IvAuditShare iv_audit_wilson(gint64 k, gint64 n, double z);

typedef struct {
  IvTime ts;
  gboolean out; /* else in */
} IvAuditMark;

/* What one interval, or several added up, came to. */
typedef struct {
  gint64 manual_in, manual_out;   /* by hand */
  gint64 counted_in, counted_out; /* by the system */
  gint64 found;                   /* of those by hand, the system has them too */
  gint64 right;                   /* of those of the system, they were there */
} IvAuditCounts;

/* Pairs marks and crossings one to one by direction, at most IV_AUDIT_TOLERANCE apart, as many as
 * possible. Both lists are by time, may reach one tolerance beyond [from, to) and are paired there
 * too; only those inside are counted, so that nobody is wrong at an interval's edge. */
IvAuditCounts iv_audit_match(const IvAuditMark *manual, guint n_manual, const IvAuditMark *counted,
                             guint n_counted, IvTime from, IvTime to);
void iv_audit_counts_add(IvAuditCounts *sums, const IvAuditCounts *more);

gint64 iv_audit_net(const IvAuditCounts *counts);      /* system − hand, in and out */
gint64 iv_audit_absolute(const IvAuditCounts *counts); /* |in| + |out| of the same */

typedef enum {
  IV_AUDIT_VERDICT_UNDECIDED, /* the intervals straddle the target: count more */
  IV_AUDIT_VERDICT_PASSED,    /* both lower bounds reach it */
  IV_AUDIT_VERDICT_FAILED,    /* an upper bound is below it */
} IvAuditVerdict;

typedef struct {
  guint intervals;
  IvAuditCounts sums;
  IvAuditShare recall, precision;
  /* Net error as a share of what was counted by hand, with a percentile bootstrap over the
   * intervals (Efron 1979). NAN where nothing was there; bounds NAN below 2 intervals. */
  double net, net_low, net_high;
  IvAuditVerdict verdict;
} IvAuditFigures;

/* The same seed gives the same bounds; `resamples` 0 leaves them out. */
IvAuditFigures iv_audit_figures(const IvAuditCounts *intervals, guint n, guint resamples,
                                guint64 seed);

/* Whether recall or precision of `later` is significantly lower: the lower bound of the difference
 * is above 0 (Newcombe 1998, method 10). */
gboolean iv_audit_drifted(const IvAuditFigures *passed, const IvAuditFigures *later);

typedef enum {
  IV_AUDIT_STATE_NEVER,
  IV_AUDIT_STATE_UNDECIDED,
  IV_AUDIT_STATE_PASSED,
  IV_AUDIT_STATE_FAILED,
  IV_AUDIT_STATE_DRIFTED,
} IvAuditState;
const char *iv_audit_state_name(IvAuditState state);

/* A line's state after each of its audits, in order of time; those without a counted interval don't
 * matter. One that can't decide leaves what was passed before in force, unless it is worse. Drift
 * lasts until an audit passes that is no longer worse than what was passed. */
IvAuditState iv_audit_state(const IvAuditFigures *audits, guint n);

/* A bucket that can be counted by hand. */
typedef struct {
  IvTime from;
  gint64 crossings; /* by the system, both ways */
  gboolean busy;    /* set by iv_audit_sample */
} IvAuditCandidate;

/* Draws `wanted` of n candidates, in order of time and distinct: half from the busier half, half
 * from the rest (as far as there are any), each half spread over the span. Returns how many. */
guint iv_audit_sample(IvAuditCandidate *candidates, guint n, guint wanted, guint64 seed,
                      IvAuditCandidate *ret_picks);
