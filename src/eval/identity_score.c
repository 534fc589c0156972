/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assignment.h"
#include "eval/mot_scores.h"

#define MATCH_IOU 0.5

/* IDF1 asks for the pairing of whole identities that shares the most boxes: a boxes-in-common table
 * and one assignment over it. */
IvIdentityScore iv_mot_identity(const IvMotPair *pair) {
  guint rows = pair->n_gt_ids, columns = pair->n_result_ids;
  g_autofree double *cost = g_new0(double, (gsize)rows *columns + 1);
  g_autofree int *match = g_new(int, rows + 1);
  g_autoptr(IvAssignment) assignment = iv_assignment_new();
  for (guint t = 0; t < pair->n_frames; t++) {
    const IvMotFrame *f = &pair->frames[t];
    for (guint i = 0; i < f->n_gt; i++)
      for (guint j = 0; j < f->n_result; j++)
        if (f->similarity[i * f->n_result + j] >= MATCH_IOU)
          cost[(gsize)f->gt[i] * columns + f->result[j]] -= 1;
  }
  iv_assignment_solve(assignment, cost, rows, columns, 0, match);
  IvIdentityScore score = {0};
  for (guint g = 0; g < rows; g++)
    if (match[g] >= 0)
      score.idtp += (guint)-cost[(gsize)g * columns + (guint)match[g]];
  score.idfn = pair->n_gt - score.idtp;
  score.idfp = pair->n_result - score.idtp;
  double judged = score.idtp + 0.5 * score.idfp + 0.5 * score.idfn;
  score.idf1 = judged > 0 ? score.idtp / judged : 0;
  return score;
}
