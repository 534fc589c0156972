/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/mot_pair.h"

#include "base/assignment.h"

#define CLASS_PEDESTRIAN 1
#define DISTRACTOR_IOU 0.5
#define EPSILON 2.220446049250313e-16 /* of a double, as numpy's finfo('float').eps */

/* Classes of MOT16 and later that are neither right nor wrong: person on vehicle, static person,
 * distractor, reflection. */
static gboolean is_distractor(int class_id) {
  return class_id == 2 || class_id == 7 || class_id == 8 || class_id == 12;
}

static double iou(const IvMotRow *a, const IvMotRow *b) {
  double w = MIN(a->left + a->width, b->left + b->width) - MAX(a->left, b->left);
  double h = MIN(a->top + a->height, b->top + b->height) - MAX(a->top, b->top);
  double both = MAX(w, 0) * MAX(h, 0);
  double all = a->width * a->height + b->width * b->height - both;
  return a->width > 0 && a->height > 0 && b->width > 0 && b->height > 0 && all > 0 ? both / all : 0;
}

/* Rows of one frame: index of the first and how many. */
typedef struct {
  const IvMotRow *rows;
  guint n;
} Slice;

static Slice next_slice(const GArray *rows, guint *at, int frame) {
  guint from = *at;
  while (*at < rows->len && g_array_index(rows, IvMotRow, *at).frame == frame)
    (*at)++;
  guint n = *at - from;
  return (Slice){n > 0 ? &g_array_index(rows, IvMotRow, from) : NULL, n};
}

/* Appends the frame's results that no distractor claims. */
static void keep_results(Slice gt, Slice results, IvAssignment *assignment, GArray *kept) {
  g_autofree double *cost = g_new(double, MAX(1, gt.n * results.n));
  g_autofree int *claim = g_new(int, MAX(1, gt.n));
  g_autofree gboolean *dropped = g_new0(gboolean, MAX(1, results.n));
  for (guint i = 0; i < gt.n; i++)
    for (guint j = 0; j < results.n; j++) {
      double similarity = iou(&gt.rows[i], &results.rows[j]);
      cost[i * results.n + j] = similarity < DISTRACTOR_IOU - EPSILON ? 0 : -similarity;
    }
  iv_assignment_solve(assignment, cost, gt.n, results.n, 0, claim);
  for (guint i = 0; i < gt.n; i++)
    if (claim[i] >= 0 && is_distractor(gt.rows[i].class_id))
      dropped[claim[i]] = TRUE;
  for (guint j = 0; j < results.n; j++)
    if (!dropped[j])
      g_array_append_val(kept, results.rows[j]);
}

static GArray *without_distractors(const GArray *gt, const GArray *results) {
  g_autoptr(IvAssignment) assignment = iv_assignment_new();
  GArray *kept = g_array_sized_new(FALSE, FALSE, sizeof(IvMotRow), results->len);
  guint at_gt = 0, at_result = 0;
  while (at_result < results->len) {
    int frame = g_array_index(results, IvMotRow, at_result).frame;
    while (at_gt < gt->len && g_array_index(gt, IvMotRow, at_gt).frame < frame)
      at_gt++;
    Slice gt_slice = next_slice(gt, &at_gt, frame);
    keep_results(gt_slice, next_slice(results, &at_result, frame), assignment, kept);
  }
  return kept;
}

static GArray *evaluated_rows(const GArray *gt) {
  GArray *kept = g_array_sized_new(FALSE, FALSE, sizeof(IvMotRow), gt->len);
  for (guint i = 0; i < gt->len; i++) {
    const IvMotRow *row = &g_array_index(gt, IvMotRow, i);
    if (row->score != 0 && row->class_id == CLASS_PEDESTRIAN)
      g_array_append_val(kept, *row);
  }
  return kept;
}

/* Numbers the identities in order of first appearance; one number per row into `ret_ids`. */
static guint number_ids(const GArray *rows, guint *ret_ids) {
  g_autoptr(GHashTable) numbers = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (guint i = 0; i < rows->len; i++) {
    gint64 *id = &g_array_index(rows, IvMotRow, i).id;
    gpointer number = NULL;
    if (!g_hash_table_lookup_extended(numbers, id, NULL, &number)) {
      number = GUINT_TO_POINTER(g_hash_table_size(numbers));
      g_hash_table_insert(numbers, id, number);
    }
    ret_ids[i] = GPOINTER_TO_UINT(number);
  }
  return g_hash_table_size(numbers);
}

static int last_frame(const GArray *rows) {
  return rows->len ? g_array_index(rows, IvMotRow, rows->len - 1).frame : 0;
}

/* Places of the frames in the row arrays and how many similarities they need in all. */
static gsize slice_frames(IvMotPair *pair, const GArray *gt, const GArray *results) {
  guint at_gt = 0, at_result = 0;
  gsize n_similarities = 0;
  for (guint t = 0; t < pair->n_frames; t++) {
    IvMotFrame *frame = &pair->frames[t];
    frame->gt = pair->ids + at_gt;
    frame->result = pair->ids + gt->len + at_result;
    frame->n_gt = next_slice(gt, &at_gt, (int)t + 1).n;
    frame->n_result = next_slice(results, &at_result, (int)t + 1).n;
    n_similarities += (gsize)frame->n_gt * frame->n_result;
  }
  return n_similarities;
}

static void fill_similarities(IvMotPair *pair, const GArray *gt, const GArray *results) {
  guint g = 0, r = 0; /* indices, since an empty array has no address to count from */
  double *at = pair->similarities;
  for (guint t = 0; t < pair->n_frames; t++) {
    IvMotFrame *frame = &pair->frames[t];
    frame->similarity = at;
    for (guint i = 0; i < frame->n_gt; i++)
      for (guint j = 0; j < frame->n_result; j++)
        *at++ = iou(&g_array_index(gt, IvMotRow, g + i), &g_array_index(results, IvMotRow, r + j));
    g += frame->n_gt;
    r += frame->n_result;
  }
}

IvMotPair *iv_mot_pair_new(const GArray *gt_rows, const GArray *result_rows, GError **error) {
  g_autoptr(GArray) results = without_distractors(gt_rows, result_rows);
  g_autoptr(GArray) gt = evaluated_rows(gt_rows);
  g_autoptr(IvMotPair) pair = g_new0(IvMotPair, 1);
  pair->n_frames = (guint)MAX(last_frame(gt_rows), last_frame(result_rows));
  pair->frames = g_new0(IvMotFrame, pair->n_frames);
  pair->n_gt = gt->len;
  pair->n_result = results->len;
  pair->ids = g_new(guint, gt->len + results->len + 1);
  pair->n_gt_ids = number_ids(gt, pair->ids);
  pair->n_result_ids = number_ids(results, pair->ids + gt->len);
  if ((guint64)pair->n_gt_ids * pair->n_result_ids > IV_MOT_CELLS_MAX) {
    g_set_error(
        error, IV_MOT_ERROR, IV_MOT_ERROR_LIMIT,
        "%u identities against %u are too many to compare (at most 4000000 pairs); evaluate "
        "in parts",
        pair->n_gt_ids, pair->n_result_ids);
    return NULL;
  }
  pair->similarities = g_new(double, slice_frames(pair, gt, results) + 1);
  fill_similarities(pair, gt, results);
  return g_steal_pointer(&pair);
}

void iv_mot_pair_free(IvMotPair *pair) {
  if (!pair)
    return;
  g_free(pair->frames);
  g_free(pair->ids);
  g_free(pair->similarities);
  g_free(pair);
}
