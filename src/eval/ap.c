/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/ap.h"
#include "eval/mot_file.h"

typedef struct {
  double score;
  gboolean hit;
} Judged;

static double iou(const IvMotRow *a, const IvMotRow *b) {
  double w = MIN(a->left + a->width, b->left + b->width) - MAX(a->left, b->left);
  double h = MIN(a->top + a->height, b->top + b->height) - MAX(a->top, b->top);
  if (!(w > 0) || !(h > 0))
    return 0;
  return w * h / (a->width * a->height + b->width * b->height - w * h);
}

static int by_row_score(gconstpointer a, gconstpointer b) {
  double x = (*(const IvMotRow *const *)a)->score, y = (*(const IvMotRow *const *)b)->score;
  return (x < y) - (x > y);
}

static int by_score(gconstpointer a, gconstpointer b) {
  double x = ((const Judged *)a)->score, y = ((const Judged *)b)->score;
  return (x < y) - (x > y);
}

static const IvMotRow *row_at(const GArray *rows, guint i) {
  return &g_array_index(rows, IvMotRow, i);
}

/* Pointers to the rows of `frame`; moves `*at` behind them. With `flagged`, rows marked 0 are left
 * out. */
static GPtrArray *rows_of(const GArray *rows, guint *at, int frame, gboolean flagged) {
  GPtrArray *found = g_ptr_array_new();
  while (*at < rows->len && row_at(rows, *at)->frame < frame)
    ++*at;
  for (; *at < rows->len && row_at(rows, *at)->frame == frame; ++*at)
    if (!flagged || row_at(rows, *at)->score != 0)
      g_ptr_array_add(found, (gpointer)row_at(rows, *at));
  return found;
}

/* Takes the free person that `detection` overlaps most, by half or more, out of `people`. */
static gboolean take_match(const IvMotRow *detection, GPtrArray *people) {
  double best = 0;
  guint match = 0;
  for (guint i = 0; i < people->len; i++) {
    double overlap = iou(detection, g_ptr_array_index(people, i));
    if (overlap > best) {
      best = overlap;
      match = i;
    }
  }
  if (best < IV_AP_IOU)
    return FALSE;
  g_ptr_array_remove_index(people, match); /* keeps the others' order */
  return TRUE;
}

static void judge_frame(GPtrArray *people, GPtrArray *detections, GArray *ret_judged) {
  g_ptr_array_sort(detections, by_row_score);
  for (guint i = 0; i < detections->len; i++) {
    const IvMotRow *detection = g_ptr_array_index(detections, i);
    Judged judged = {detection->score, take_match(detection, people)};
    g_array_append_val(ret_judged, judged);
  }
}

/* `judged` sorted by score. */
static double area_under_curve(const GArray *judged, guint n_gt) {
  double area = 0, best = 0;
  guint hits = 0;
  for (guint i = 0; i < judged->len; i++)
    hits += g_array_index(judged, Judged, i).hit ? 1 : 0;
  for (guint i = judged->len; i > 0 && n_gt > 0; i--) {
    best = MAX(best, (double)hits / i);
    if (g_array_index(judged, Judged, i - 1).hit) {
      area += best / n_gt;
      hits--;
    }
  }
  return area;
}

static void at_threshold(const GArray *judged, double threshold, IvDetectionScores *ret_scores) {
  guint n = 0, hits = 0;
  for (guint i = 0; i < judged->len; i++) {
    const Judged *it = &g_array_index(judged, Judged, i);
    n += it->score >= threshold;
    hits += it->score >= threshold && it->hit;
  }
  ret_scores->recall = ret_scores->n_gt > 0 ? (double)hits / ret_scores->n_gt : 0;
  ret_scores->precision = n > 0 ? (double)hits / n : 0;
}

IvDetectionScores iv_detection_scores(const GArray *gt_rows, const GArray *det_rows,
                                      double threshold, const int *frames, guint n_frames) {
  IvDetectionScores scores = {0};
  g_autoptr(GArray) judged = g_array_new(FALSE, FALSE, sizeof(Judged));
  guint gt_at = 0, det_at = 0;
  for (guint i = 0; i < n_frames; i++) {
    g_autoptr(GPtrArray) people = rows_of(gt_rows, &gt_at, frames[i], TRUE);
    g_autoptr(GPtrArray) detections = rows_of(det_rows, &det_at, frames[i], FALSE);
    scores.n_gt += people->len;
    judge_frame(people, detections, judged);
  }
  scores.n_detections = judged->len;
  g_array_sort(judged, by_score);
  scores.ap50 = area_under_curve(judged, scores.n_gt);
  at_threshold(judged, threshold, &scores);
  return scores;
}
