/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/candidates.h"
#include <math.h>

struct IvCandidates {
  GArray *found; /* IvDetection */
  IvDetection kept[IV_DETECTIONS_MAX];
  float min_score;
  int only_class;
};

IvCandidates *iv_candidates_new(void) {
  IvCandidates *self = g_new0(IvCandidates, 1);
  self->found = g_array_sized_new(FALSE, FALSE, sizeof(IvDetection), 256);
  self->only_class = -1;
  return self;
}

void iv_candidates_free(IvCandidates *self) {
  if (!self)
    return;
  g_array_unref(self->found);
  g_free(self);
}

void iv_candidates_start(IvCandidates *self, float min_score, int only_class) {
  g_array_set_size(self->found, 0);
  self->min_score = min_score;
  self->only_class = only_class;
}

float iv_candidates_floor(const IvCandidates *self) {
  return self->min_score * IV_VOTER_SCORE;
}

/* FALSE for NaN too. */
static gboolean is_near(float v) {
  return fabsf(v) <= IV_CANDIDATE_PIXEL_MAX;
}

static gboolean is_sane(const IvBox *box) {
  return is_near(box->x0) && is_near(box->y0) && is_near(box->x1) && is_near(box->y1) &&
         box->x1 > box->x0 && box->y1 > box->y0;
}

void iv_candidates_add(IvCandidates *self, const IvBox *box, float score, gint64 class_id) {
  if (!(score >= iv_candidates_floor(self)) || !isfinite(score) || !is_sane(box))
    return;
  if (class_id < 0 || class_id > G_MAXINT ||
      (self->only_class >= 0 && class_id != self->only_class))
    return;
  if (self->found->len >= IV_CANDIDATES_MAX)
    return;
  IvDetection d = {.box = *box, .score = MIN(score, 1.0f), .class_id = (int)class_id};
  g_array_append_val(self->found, d);
}

int iv_candidates_best_class(const IvCandidates *self, const float *scores, gsize step,
                             gint64 n_classes, float *ret_score) {
  if (self->only_class >= 0) {
    if (self->only_class >= n_classes)
      return -1;
    *ret_score = scores[step * (gsize)self->only_class];
    return self->only_class;
  }
  int best = 0;
  for (int c = 1; c < MIN(n_classes, G_MAXINT); c++)
    if (scores[step * (gsize)c] > scores[step * (gsize)best])
      best = c;
  *ret_score = scores[step * (gsize)best];
  return best;
}

static int by_score(gconstpointer a, gconstpointer b) {
  float x = ((const IvDetection *)a)->score, y = ((const IvDetection *)b)->score;
  return (x < y) - (x > y);
}

static gboolean is_double(const IvDetection *kept, guint n, const IvDetection *d, float iou) {
  for (guint i = 0; i < n; i++)
    if (kept[i].class_id == d->class_id && iv_box_iou(&kept[i].box, &d->box) > iou)
      return TRUE;
  return FALSE;
}

/* Of `found`, the strong ones that are no doubles. */
static guint suppress(IvCandidates *self, const IvDetection *found, guint n, float iou) {
  guint kept = 0;
  for (guint i = 0; i < n && found[i].score >= self->min_score && kept < IV_DETECTIONS_MAX; i++)
    if (iou >= 1 || !is_double(self->kept, kept, &found[i], iou))
      self->kept[kept++] = found[i];
  return kept;
}

static void add_weighted(IvBox *sum, const IvBox *box, float weight) {
  sum->x0 += box->x0 * weight;
  sum->y0 += box->y0 * weight;
  sum->x1 += box->x1 * weight;
  sum->y1 += box->y1 * weight;
}

static IvBox voted_box(const IvDetection *elected, const IvDetection *found, guint n) {
  IvBox sum = {0};
  float weights = 0;
  for (guint i = 0; i < n; i++) {
    if (found[i].class_id != elected->class_id)
      continue;
    float iou = iv_box_iou(&found[i].box, &elected->box);
    if (!(iou > IV_VOTER_IOU))
      continue;
    add_weighted(&sum, &found[i].box, iou * found[i].score);
    weights += iou * found[i].score;
  }
  IvBox mean = {sum.x0 / weights, sum.y0 / weights, sum.x1 / weights, sum.y1 / weights};
  return is_sane(&mean) ? mean : elected->box; /* a sliver can lose its area by rounding */
}

const IvDetection *iv_candidates_finish(IvCandidates *self, float iou, guint *ret_n) {
  g_array_sort(self->found, by_score);
  const IvDetection *found = (const IvDetection *)(const void *)self->found->data;
  guint n = MIN(self->found->len, IV_SUPPRESS_MAX);
  *ret_n = suppress(self, found, n, iou);
  for (guint i = 0; iou < 1 && i < *ret_n; i++)
    self->kept[i].box = voted_box(&self->kept[i], found, n);
  return self->kept;
}
