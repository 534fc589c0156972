/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/assignment.h"
#include "eval/mot_scores.h"

#define THRESHOLDS 19
#define EPSILON 2.220446049250313e-16

typedef struct {
  const IvMotPair *pair;
  guint *gt_boxes, *result_boxes; /* per identity */
  double *alignment;              /* n_gt_ids x n_result_ids: how well whole identities fit */
  guint32 *matches;               /* THRESHOLDS tables of the same shape */
  guint tp[THRESHOLDS];
} Hota;

static double threshold(guint a) {
  return 0.05 * (a + 1);
}

/* Jaccard index of two identities over time, each frame weighing by how unambiguous it is. */
static void align_identities(Hota *h) {
  const IvMotPair *p = h->pair;
  for (guint t = 0; t < p->n_frames; t++) {
    const IvMotFrame *f = &p->frames[t];
    g_autofree double *column_sum = g_new0(double, f->n_result + 1);
    for (guint i = 0; i < f->n_gt; i++)
      for (guint j = 0; j < f->n_result; j++)
        column_sum[j] += f->similarity[i * f->n_result + j];
    for (guint i = 0; i < f->n_gt; i++) {
      const double *row = f->similarity + (gsize)i * f->n_result;
      double row_sum = 0;
      for (guint j = 0; j < f->n_result; j++)
        row_sum += row[j];
      for (guint j = 0; j < f->n_result; j++) {
        double either = row_sum + column_sum[j] - row[j];
        if (either > EPSILON)
          h->alignment[(gsize)f->gt[i] * p->n_result_ids + f->result[j]] += row[j] / either;
      }
      h->gt_boxes[f->gt[i]]++;
    }
    for (guint j = 0; j < f->n_result; j++)
      h->result_boxes[f->result[j]]++;
  }
  for (guint g = 0; g < p->n_gt_ids; g++)
    for (guint r = 0; r < p->n_result_ids; r++) {
      double *a = &h->alignment[(gsize)g * p->n_result_ids + r];
      *a /= h->gt_boxes[g] + h->result_boxes[r] - *a;
    }
}

static void match_frame(Hota *h, const IvMotFrame *f, IvAssignment *assignment) {
  const IvMotPair *p = h->pair;
  gsize cells = (gsize)p->n_gt_ids * p->n_result_ids;
  g_autofree double *cost = g_new(double, MAX(1, (gsize)f->n_gt * f->n_result));
  g_autofree int *match = g_new(int, MAX(1, f->n_gt));
  for (guint i = 0; i < f->n_gt; i++)
    for (guint j = 0; j < f->n_result; j++)
      cost[i * f->n_result + j] = -f->similarity[i * f->n_result + j] *
                                  h->alignment[(gsize)f->gt[i] * p->n_result_ids + f->result[j]];
  iv_assignment_solve(assignment, cost, f->n_gt, f->n_result, 0, match);
  for (guint i = 0; i < f->n_gt; i++) {
    if (match[i] < 0)
      continue;
    double similarity = f->similarity[i * f->n_result + (guint)match[i]];
    gsize cell = (gsize)f->gt[i] * p->n_result_ids + f->result[match[i]];
    for (guint a = 0; a < THRESHOLDS && similarity >= threshold(a) - EPSILON; a++) {
      h->tp[a]++;
      h->matches[a * cells + cell]++;
    }
  }
}

/* Mean over the matches of how well their two identities fit. */
static double association(const Hota *h, guint a) {
  const IvMotPair *p = h->pair;
  const guint32 *matches = h->matches + a * (gsize)p->n_gt_ids * p->n_result_ids;
  double sum = 0;
  for (guint g = 0; g < p->n_gt_ids; g++)
    for (guint r = 0; r < p->n_result_ids; r++) {
      double n = matches[(gsize)g * p->n_result_ids + r];
      sum += n * n / MAX(1, h->gt_boxes[g] + h->result_boxes[r] - n);
    }
  return sum / MAX(1, h->tp[a]);
}

static IvHota averages(const Hota *h) {
  IvHota scores = {0};
  for (guint a = 0; a < THRESHOLDS; a++) {
    double judged = (double)h->pair->n_gt + h->pair->n_result - h->tp[a];
    double deta = h->tp[a] / MAX(1, judged), assa = association(h, a);
    scores.deta += deta / THRESHOLDS;
    scores.assa += assa / THRESHOLDS;
    scores.hota += sqrt(deta * assa) / THRESHOLDS;
  }
  return scores;
}

IvHota iv_mot_hota(const IvMotPair *pair) {
  gsize cells = (gsize)pair->n_gt_ids * pair->n_result_ids;
  g_autofree guint *gt_boxes = g_new0(guint, pair->n_gt_ids + 1);
  g_autofree guint *result_boxes = g_new0(guint, pair->n_result_ids + 1);
  g_autofree double *alignment = g_new0(double, cells + 1);
  g_autofree guint32 *matches = g_new0(guint32, THRESHOLDS * cells + 1);
  g_autoptr(IvAssignment) assignment = iv_assignment_new();
  Hota h = {pair, gt_boxes, result_boxes, alignment, matches, {0}};
  align_identities(&h);
  for (guint t = 0; t < pair->n_frames; t++)
    match_frame(&h, &pair->frames[t], assignment);
  return averages(&h);
}
