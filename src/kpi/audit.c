/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/audit.h"

#include <math.h>
#include <stdlib.h>

/* ---- shares ---- */

IvAuditShare iv_audit_wilson(gint64 k, gint64 n, double z) {
  IvAuditShare share = {.k = k, .n = n, .share = NAN, .low = NAN, .high = NAN};
  if (n <= 0)
    return share;
  double p = (double)k / (double)n, q = z * z / (double)n;
  double middle = (p + q / 2) / (1 + q);
  double half = z / (1 + q) * sqrt(p * (1 - p) / (double)n + q / (4 * (double)n));
  share.share = p;
  share.low = k == 0 ? 0 : MAX(middle - half, 0);
  share.high = k == n ? 1 : MIN(middle + half, 1);
  return share;
}

/* ---- pairs ---- */

static gboolean is_inside(const IvAuditMark *mark, IvTime from, IvTime to) {
  return mark->ts >= from && mark->ts < to;
}

static guint skip_other(const IvAuditMark *marks, guint i, guint n, gboolean out) {
  while (i < n && marks[i].out != out)
    i++;
  return i;
}

/* The earliest with the earliest it can go with: no pairing on a line with one reach has more. */
static void match_direction(const IvAuditMark *manual, guint n_manual, const IvAuditMark *counted,
                            guint n_counted, gboolean out, IvTime from, IvTime to,
                            IvAuditCounts *counts) {
  guint i = skip_other(manual, 0, n_manual, out), k = skip_other(counted, 0, n_counted, out);
  while (i < n_manual && k < n_counted) {
    IvTime apart = counted[k].ts - manual[i].ts;
    if (ABS(apart) <= IV_AUDIT_TOLERANCE) {
      counts->found += is_inside(&manual[i], from, to);
      counts->right += is_inside(&counted[k], from, to);
    }
    if (apart >= -IV_AUDIT_TOLERANCE)
      i = skip_other(manual, i + 1, n_manual, out);
    if (apart <= IV_AUDIT_TOLERANCE)
      k = skip_other(counted, k + 1, n_counted, out);
  }
}

IvAuditCounts iv_audit_match(const IvAuditMark *manual, guint n_manual, const IvAuditMark *counted,
                             guint n_counted, IvTime from, IvTime to) {
  IvAuditCounts counts = {0};
  for (guint i = 0; i < n_manual; i++)
    if (is_inside(&manual[i], from, to))
      *(manual[i].out ? &counts.manual_out : &counts.manual_in) += 1;
  for (guint i = 0; i < n_counted; i++)
    if (is_inside(&counted[i], from, to))
      *(counted[i].out ? &counts.counted_out : &counts.counted_in) += 1;
  match_direction(manual, n_manual, counted, n_counted, FALSE, from, to, &counts);
  match_direction(manual, n_manual, counted, n_counted, TRUE, from, to, &counts);
  return counts;
}

void iv_audit_counts_add(IvAuditCounts *sums, const IvAuditCounts *more) {
  sums->manual_in += more->manual_in;
  sums->manual_out += more->manual_out;
  sums->counted_in += more->counted_in;
  sums->counted_out += more->counted_out;
  sums->found += more->found;
  sums->right += more->right;
}

static gint64 manual_of(const IvAuditCounts *counts) {
  return counts->manual_in + counts->manual_out;
}

static gint64 counted_of(const IvAuditCounts *counts) {
  return counts->counted_in + counts->counted_out;
}

gint64 iv_audit_net(const IvAuditCounts *counts) {
  return counted_of(counts) - manual_of(counts);
}

gint64 iv_audit_absolute(const IvAuditCounts *counts) {
  return ABS(counts->counted_in - counts->manual_in) +
         ABS(counts->counted_out - counts->manual_out);
}

/* ---- chance ---- */

/* SplitMix64 (Steele, Lea, Flood 2014). */
static guint64 draw(guint64 *state) {
  guint64 z = *state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static guint draw_below(guint64 *state, guint n) {
  return (guint)(draw(state) % n);
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* A resample without anybody tells nothing and is left out. */
static void bootstrap(const IvAuditCounts *intervals, guint n, guint resamples, guint64 seed,
                      IvAuditFigures *figures) {
  g_autofree double *nets = g_new(double, resamples);
  guint found = 0;
  for (guint i = 0; i < resamples; i++) {
    gint64 net = 0, manual = 0;
    for (guint k = 0; k < n; k++) {
      const IvAuditCounts *one = &intervals[draw_below(&seed, n)];
      net += iv_audit_net(one);
      manual += manual_of(one);
    }
    if (manual > 0)
      nets[found++] = (double)net / (double)manual;
  }
  if (found == 0)
    return;
  qsort(nets, found, sizeof *nets, by_value);
  figures->net_low = nets[(guint)(0.025 * (found - 1) + 0.5)];
  figures->net_high = nets[(guint)(0.975 * (found - 1) + 0.5)];
}

/* ---- figures ---- */

static IvAuditVerdict verdict_of(const IvAuditShare *recall, const IvAuditShare *precision) {
  if (recall->high < IV_AUDIT_TARGET || precision->high < IV_AUDIT_TARGET) /* FALSE with NAN */
    return IV_AUDIT_VERDICT_FAILED;
  return recall->low >= IV_AUDIT_TARGET && precision->low >= IV_AUDIT_TARGET
             ? IV_AUDIT_VERDICT_PASSED
             : IV_AUDIT_VERDICT_UNDECIDED;
}

IvAuditFigures iv_audit_figures(const IvAuditCounts *intervals, guint n, guint resamples,
                                guint64 seed) {
  IvAuditFigures figures = {.intervals = n, .net = NAN, .net_low = NAN, .net_high = NAN};
  for (guint i = 0; i < n; i++)
    iv_audit_counts_add(&figures.sums, &intervals[i]);
  gint64 manual = manual_of(&figures.sums);
  figures.recall = iv_audit_wilson(figures.sums.found, manual, IV_AUDIT_Z);
  figures.precision = iv_audit_wilson(figures.sums.right, counted_of(&figures.sums), IV_AUDIT_Z);
  if (manual > 0)
    figures.net = (double)iv_audit_net(&figures.sums) / (double)manual;
  if (manual > 0 && n >= 2 && resamples > 0)
    bootstrap(intervals, n, resamples, seed, &figures);
  figures.verdict = verdict_of(&figures.recall, &figures.precision);
  return figures;
}

/* ---- over time ---- */

/* FALSE with NAN. */
static gboolean is_lower(const IvAuditShare *before, const IvAuditShare *later) {
  double down = before->share - before->low, up = later->high - later->share;
  return before->share - later->share - sqrt(down * down + up * up) > 0;
}

gboolean iv_audit_drifted(const IvAuditFigures *passed, const IvAuditFigures *later) {
  return is_lower(&passed->recall, &later->recall) ||
         is_lower(&passed->precision, &later->precision);
}

const char *iv_audit_state_name(IvAuditState state) {
  static const char *const names[] = {
      [IV_AUDIT_STATE_NEVER] = "never",     [IV_AUDIT_STATE_UNDECIDED] = "undecided",
      [IV_AUDIT_STATE_PASSED] = "passed",   [IV_AUDIT_STATE_FAILED] = "failed",
      [IV_AUDIT_STATE_DRIFTED] = "drifted",
  };
  return names[state];
}

IvAuditState iv_audit_state(const IvAuditFigures *audits, guint n) {
  const IvAuditFigures *passed = NULL;
  IvAuditState state = IV_AUDIT_STATE_NEVER;
  for (guint i = 0; i < n; i++) {
    const IvAuditFigures *one = &audits[i];
    if (one->intervals == 0)
      continue;
    if (passed && iv_audit_drifted(passed, one)) {
      state = IV_AUDIT_STATE_DRIFTED;
    } else if (one->verdict == IV_AUDIT_VERDICT_PASSED) {
      passed = one;
      state = IV_AUDIT_STATE_PASSED;
    } else if (one->verdict == IV_AUDIT_VERDICT_FAILED) {
      state = IV_AUDIT_STATE_FAILED;
    } else if (state == IV_AUDIT_STATE_NEVER) {
      state = IV_AUDIT_STATE_UNDECIDED;
    }
  }
  return state;
}

/* ---- sampling ---- */

static int by_crossings(const void *a, const void *b) {
  const IvAuditCandidate *x = a, *y = b;
  if (x->crossings != y->crossings)
    return x->crossings < y->crossings ? -1 : 1;
  return (x->from > y->from) - (x->from < y->from);
}

static int by_time(const void *a, const void *b) {
  const IvAuditCandidate *x = a, *y = b;
  return (x->from > y->from) - (x->from < y->from);
}

/* One of each of `wanted` equal parts of the n that are (not) busy. */
static guint draw_half(const IvAuditCandidate *candidates, guint n, gboolean busy, guint of_kind,
                       guint wanted, guint64 *seed, IvAuditCandidate *ret_picks) {
  guint place = 0, picked = 0, next = 0;
  for (guint i = 0; i < n && picked < wanted; i++) {
    if (candidates[i].busy != busy)
      continue;
    guint begin = of_kind * picked / wanted, end = of_kind * (picked + 1) / wanted;
    if (place == begin)
      next = begin + draw_below(seed, end - begin);
    if (place == next)
      ret_picks[picked] = candidates[i];
    if (++place == end)
      picked++;
  }
  return picked;
}

guint iv_audit_sample(IvAuditCandidate *candidates, guint n, guint wanted, guint64 seed,
                      IvAuditCandidate *ret_picks) {
  if (n == 0)
    return 0;
  wanted = MIN(wanted, n);
  qsort(candidates, n, sizeof *candidates, by_crossings);
  for (guint i = 0; i < n; i++)
    candidates[i].busy = i >= n - n / 2 && candidates[i].crossings > 0;
  qsort(candidates, n, sizeof *candidates, by_time);
  guint n_busy = 0;
  for (guint i = 0; i < n; i++)
    n_busy += candidates[i].busy ? 1 : 0;
  guint busy = MIN((wanted + 1) / 2, n_busy), quiet = MIN(wanted - busy, n - n_busy);
  busy = wanted - quiet;
  guint found = draw_half(candidates, n, TRUE, n_busy, busy, &seed, ret_picks);
  found += draw_half(candidates, n, FALSE, n - n_busy, quiet, &seed, ret_picks + found);
  qsort(ret_picks, found, sizeof *ret_picks, by_time);
  return found;
}
