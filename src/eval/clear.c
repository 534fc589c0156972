/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assignment.h"
#include "eval/mot_scores.h"

#define MATCH_IOU 0.5
#define EPSILON 2.220446049250313e-16
#define KEEP_BONUS 1000.0 /* a pair of the last frame beats any similarity */
#define NOBODY G_MAXUINT

typedef struct {
  IvClear sum;
  guint *ever; /* per ground truth identity: who it was paired with last, at any time */
  guint *last; /* the same, but only if that was in the last frame with both */
} Clear;

static void count_match(Clear *c, guint gt, guint result) {
  c->sum.tp++;
  if (c->ever[gt] != NOBODY && c->ever[gt] != result)
    c->sum.idsw++;
  c->ever[gt] = result;
}

static void match_frame(Clear *c, const IvMotPair *pair, const IvMotFrame *f,
                        IvAssignment *assignment) {
  g_autofree double *cost = g_new(double, (gsize)f->n_gt * f->n_result);
  g_autofree int *match = g_new(int, f->n_gt);
  for (guint i = 0; i < f->n_gt; i++)
    for (guint j = 0; j < f->n_result; j++) {
      double similarity = f->similarity[i * f->n_result + j];
      double bonus = c->last[f->gt[i]] == f->result[j] ? KEEP_BONUS : 0;
      cost[i * f->n_result + j] = similarity < MATCH_IOU - EPSILON ? 0 : -(similarity + bonus);
    }
  guint pairs = iv_assignment_solve(assignment, cost, f->n_gt, f->n_result, 0, match);
  c->sum.fn += f->n_gt - pairs;
  c->sum.fp += f->n_result - pairs;
  for (guint g = 0; g < pair->n_gt_ids; g++)
    c->last[g] = NOBODY;
  for (guint i = 0; i < f->n_gt; i++) {
    if (match[i] < 0)
      continue;
    c->last[f->gt[i]] = f->result[match[i]];
    count_match(c, f->gt[i], f->result[match[i]]);
  }
}

IvClear iv_mot_clear(const IvMotPair *pair) {
  g_autofree guint *ever = g_new(guint, pair->n_gt_ids + 1);
  g_autofree guint *last = g_new(guint, pair->n_gt_ids + 1);
  g_autoptr(IvAssignment) assignment = iv_assignment_new();
  for (guint g = 0; g <= pair->n_gt_ids; g++)
    ever[g] = last[g] = NOBODY;
  Clear c = {.ever = ever, .last = last};
  for (guint t = 0; t < pair->n_frames; t++) {
    const IvMotFrame *f = &pair->frames[t];
    if (f->n_gt > 0 && f->n_result > 0) {
      match_frame(&c, pair, f, assignment);
      continue;
    }
    c.sum.fn += f->n_gt;
    c.sum.fp += f->n_result;
  }
  double wrong = (double)c.sum.fp + c.sum.idsw;
  c.sum.mota = pair->n_gt ? (c.sum.tp - wrong) / pair->n_gt : 0;
  return c.sum;
}
