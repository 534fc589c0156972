/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/track_rows.h"

#include "track/appearance.h"

struct IvTrackRows {
  const GArray *detections; /* IvMotRow by frame, or NULL */
  guint next;               /* first row not yet used */
  IvTracker *tracker;
  IvSize image;
  GString *text;
  GHashTable *ids;
  IvTrackTally tally;
  guint n_found;
  IvDetection found[IV_DETECTIONS_MAX];
  IvAppearance looks[IV_DETECTIONS_MAX];
};

IvTrackRows *iv_track_rows_new(const GArray *detections) {
  IvTrackRows *rows = g_new0(IvTrackRows, 1);
  rows->detections = detections;
  rows->text = g_string_new(NULL);
  rows->ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  return rows;
}

void iv_track_rows_free(IvTrackRows *rows) {
  if (!rows)
    return;
  g_clear_pointer(&rows->tracker, iv_tracker_free);
  g_string_free(rows->text, TRUE);
  g_hash_table_unref(rows->ids);
  g_free(rows);
}

static IvDetection to_detection(const IvMotRow *row, IvSize image) {
  double w = image.width, h = image.height;
  return (IvDetection){.box = {(float)(row->left / w), (float)(row->top / h),
                               (float)((row->left + row->width) / w),
                               (float)((row->top + row->height) / h)},
                       .score = (float)row->score,
                       .class_id = IV_CLASS_PERSON};
}

/* Takes the rows of this frame out of the file; those of frames passed over are skipped. */
static void read_frame(IvTrackRows *rows, int frame) {
  rows->n_found = 0;
  for (; rows->next < rows->detections->len; rows->next++) {
    const IvMotRow *row = &g_array_index(rows->detections, IvMotRow, rows->next);
    if (row->frame > frame)
      return;
    if (row->frame == frame && rows->n_found < IV_DETECTIONS_MAX)
      rows->found[rows->n_found++] = to_detection(row, rows->image);
  }
}

static void write_row(IvTrackRows *rows, int frame, const IvTrackPoint *point) {
  double w = rows->image.width, h = rows->image.height;
  g_string_append_printf(rows->text, "%d,%" G_GUINT64_FORMAT ",%.2f,%.2f,%.2f,%.2f,%.3f,-1,-1,-1\n",
                         frame, point->tracklet_id, (double)point->box.x0 * w,
                         (double)point->box.y0 * h, (double)iv_box_width(&point->box) * w,
                         (double)iv_box_height(&point->box) * h, (double)point->score);
  gint64 id = (gint64)point->tracklet_id;
  if (!g_hash_table_contains(rows->ids, &id))
    g_hash_table_add(rows->ids, g_memdup2(&id, sizeof id));
}

static void track(IvTrackRows *rows, int frame, IvTime ts, const IvAppearance *looks) {
  guint n = 0;
  if (!rows->tracker)
    rows->tracker = iv_tracker_new(NULL, rows->image);
  iv_tracker_update(rows->tracker, ts, rows->found, looks, rows->n_found);
  rows->tally.frames++;
  const IvTrackPoint *live = iv_tracker_live(rows->tracker, &n);
  for (guint i = 0; i < n; i++)
    if (live[i].state == IV_TRACK_CONFIRMED)
      write_row(rows, frame, &live[i]);
}

void iv_track_rows_run(IvTrackRows *rows, double fps, IvSize image) {
  const GArray *all = rows->detections;
  int last = all->len ? g_array_index(all, IvMotRow, all->len - 1).frame : 0;
  rows->image = image;
  for (int frame = 1; frame <= last; frame++) {
    read_frame(rows, frame);
    track(rows, frame, (IvTime)((frame - 1) * (double)IV_SECOND / fps), NULL);
  }
}

void iv_track_rows_see(IvTrackRows *rows, const IvFrame *frame, const IvDetection *found, guint n) {
  int number = (int)MIN(frame->seq + 1, IV_MOT_FRAME_MAX);
  rows->image = frame->size;
  if (rows->detections) {
    read_frame(rows, number);
  } else {
    rows->n_found = MIN(n, IV_DETECTIONS_MAX);
    for (guint i = 0; i < rows->n_found; i++)
      rows->found[i] = found[i];
  }
  for (guint i = 0; i < rows->n_found; i++)
    rows->looks[i] = iv_appearance_from_frame(frame, rows->found[i].box);
  track(rows, number, frame->ts, rows->looks);
}

const char *iv_track_rows_text(const IvTrackRows *rows) {
  return rows->text->str;
}

IvTrackTally iv_track_rows_tally(const IvTrackRows *rows) {
  IvTrackTally tally = rows->tally;
  tally.tracks = g_hash_table_size(rows->ids);
  return tally;
}
