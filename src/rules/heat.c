/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/heat.h"

#include <math.h>

/* A film that is begun again after a crash goes through the same minutes once more: its samples
 * begin a moment later than those of the run before, as two samples with one beginning are one. */
#define MARK (10 * IV_MS)
/* Tracks that are confirmed late, or found again, bring points of before. */
#define PATIENCE (8 * IV_SECOND)
#define FAR 1000.0 /* shares: no place can be meant */
/* Cells: who stands on an edge is in the cell right of it or below, whatever the last bits say. */
#define EDGE 1e-4

typedef struct {
  IvTime start; /* of the bucket */
  IvTime from;  /* of what is counted in it */
  double *seconds;
} Bucket;

struct IvHeat {
  IvHeatFloor floor;
  IvRulesSource source;
  guint n_cells;
  GArray *buckets; /* Bucket, by start */
  double *left;    /* per cell: seconds that rounding left over */
  IvTime now;      /* as far as is known; IV_TIME_NONE at first */
  IvTime since;    /* all before is told */
  IvTime mark;     /* of this run of the program: less than MARK, from its first time */
  gint64 n_late;   /* buckets that began anew */
};

IvHeatFloor iv_heat_floor_picture(void) {
  return (IvHeatFloor){iv_heat_grid_of_picture(), IV_HEAT_PICTURE_COLUMNS, IV_HEAT_PICTURE_ROWS};
}

gboolean iv_heat_floor_plan(double width_m, double height_m, IvHeatFloor *ret_floor) {
  IvHeatGrid grid;
  if (!iv_heat_grid_of_plan(width_m, height_m, &grid))
    return FALSE;
  *ret_floor = (IvHeatFloor){grid, width_m * 1000 / grid.cell_mm, height_m * 1000 / grid.cell_mm};
  return TRUE;
}

static void bucket_clear(gpointer data) {
  g_free(((Bucket *)data)->seconds);
}

IvHeat *iv_heat_new(const IvHeatFloor *floor, const IvRulesSource *source) {
  IvHeat *heat = g_new0(IvHeat, 1);
  heat->floor = *floor;
  heat->source = *source;
  heat->n_cells = floor->grid.columns * floor->grid.rows;
  heat->buckets = g_array_new(FALSE, FALSE, sizeof(Bucket));
  g_array_set_clear_func(heat->buckets, bucket_clear);
  heat->left = g_new0(double, heat->n_cells);
  heat->now = heat->since = IV_TIME_NONE;
  return heat;
}

void iv_heat_free(IvHeat *heat) {
  if (!heat)
    return;
  g_array_unref(heat->buckets);
  g_free(heat->left);
  g_free(heat);
}

/* ---- where the time goes ---- */

static void begin(IvHeat *heat, IvTime ts) {
  if (heat->since != IV_TIME_NONE)
    return;
  heat->since = ts;
  heat->mark = ts % MARK;
}

/* Of a bucket that is told already: never the beginning of a sample of it that was told. */
static IvTime late_from(IvHeat *heat, IvTime t) {
  heat->n_late = heat->n_late % 1000 + 1;
  IvTime end = iv_time_floor(t, IV_HEAT_BUCKET) + IV_HEAT_BUCKET;
  return MIN(t + heat->n_late * IV_MS, end - 1);
}

/* The bucket of `t`. */
static double *seconds_of(IvHeat *heat, IvTime t) {
  IvTime start = iv_time_floor(t, IV_HEAT_BUCKET);
  guint i = heat->buckets->len;
  for (; i > 0; i--) {
    const Bucket *bucket = &g_array_index(heat->buckets, Bucket, i - 1);
    if (bucket->start == start)
      return bucket->seconds;
    if (bucket->start < start)
      break;
  }
  gboolean is_told = heat->since != IV_TIME_NONE && start + IV_HEAT_BUCKET <= heat->since;
  IvTime from = start < heat->since ? heat->since : start + heat->mark;
  Bucket bucket = {start, is_told ? late_from(heat, t) : from, g_new0(double, heat->n_cells)};
  g_array_insert_val(heat->buckets, i, bucket);
  return bucket.seconds;
}

static void add(const IvHeat *heat, double *row, int column, int line, double seconds) {
  int columns = (int)heat->floor.grid.columns, rows = (int)heat->floor.grid.rows;
  if (heat->floor.grid.cell_mm && (column < 0 || line < 0 || column >= columns || line >= rows))
    return;
  column = CLAMP(column, 0, columns - 1);
  line = CLAMP(line, 0, rows - 1);
  row[line * columns + column] += seconds;
}

/* One axis of a way through the cells. */
typedef struct {
  int cell, step;
  double next, each; /* share of the way at the next edge; from one edge to the next */
} Axis;

static Axis axis_of(double from, double to) {
  double way = to - from;
  Axis axis = {(int)floor(from), way < 0 ? -1 : 1, HUGE_VAL, HUGE_VAL};
  if (way > 0)
    axis.next = (axis.cell + 1 - from) / way;
  else if (way < 0)
    axis.next = (axis.cell - from) / way;
  if (way != 0)
    axis.each = 1 / fabs(way);
  return axis;
}

static void cross(Axis *axis) {
  axis->cell += axis->step;
  axis->next += axis->each;
}

/* The straight way a→b (in cells) takes `seconds`. */
static void share_out(const IvHeat *heat, double *row, const double a[2], const double b[2],
                      double seconds) {
  Axis x = axis_of(a[0], b[0]), y = axis_of(a[1], b[1]);
  for (double at = 0;;) {
    double next = MIN(MIN(x.next, y.next), 1);
    add(heat, row, x.cell, y.cell, (next - at) * seconds);
    if (next >= 1)
      return;
    at = next;
    cross(x.next <= y.next ? &x : &y);
  }
}

static gboolean is_place(IvPoint p) {
  return fabs((double)p.x) < FAR && fabs((double)p.y) < FAR;
}

void iv_heat_walk(IvHeat *heat, IvPoint from, IvTime from_ts, IvPoint to, IvTime to_ts) {
  const double w = heat->floor.columns_a_share, h = heat->floor.rows_a_share;
  const double a[2] = {(double)from.x * w + EDGE, (double)from.y * h + EDGE},
               b[2] = {(double)to.x * w + EDGE, (double)to.y * h + EDGE};
  if (!is_place(from) || !is_place(to))
    return;
  begin(heat, from_ts);
  heat->now = MAX(heat->now, to_ts);
  for (IvTime t = from_ts, end; t < to_ts; t = end) {
    end = MIN(to_ts, iv_time_floor(t, IV_HEAT_BUCKET) + IV_HEAT_BUCKET);
    double whole = (double)(to_ts - from_ts), p = (double)(t - from_ts) / whole,
           q = (double)(end - from_ts) / whole;
    const double c[2] = {a[0] + (b[0] - a[0]) * p, a[1] + (b[1] - a[1]) * p},
                 d[2] = {a[0] + (b[0] - a[0]) * q, a[1] + (b[1] - a[1]) * q};
    share_out(heat, seconds_of(heat, t), c, d, (double)(end - t) / (double)IV_SECOND);
  }
}

/* ---- samples ---- */

/* Seconds of a bucket in tenths; what is less than half a tenth waits for more. */
static GArray *round_cells(IvHeat *heat, const Bucket *bucket) {
  GArray *cells = g_array_new(FALSE, FALSE, sizeof(IvHeatCell));
  for (guint i = 0; i < heat->n_cells; i++) {
    if (bucket->seconds[i] <= 0)
      continue;
    double seconds = bucket->seconds[i] + heat->left[i];
    double tenths = CLAMP(round(seconds * 10), 0, (double)IV_HEAT_TENTHS_MAX);
    heat->left[i] = seconds - tenths / 10;
    IvHeatCell cell = {i, (guint32)tenths};
    if (cell.tenths)
      g_array_append_val(cells, cell);
  }
  return cells;
}

static void tell(IvHeat *heat, const Bucket *bucket, int scene_version, GArray *ret_events) {
  g_autoptr(GArray) cells = round_cells(heat, bucket);
  IvTime end = MAX(bucket->from + 1, MIN(bucket->start + IV_HEAT_BUCKET, heat->now));
  guint part = 0;
  for (guint at = 0; at < cells->len;) {
    IvEvent event;
    iv_report_begin(&heat->source, scene_version, IV_EVENT_HEAT_SAMPLE, bucket->from, 0, &event);
    event.end_ts = end;
    iv_event_set_number(&event, IV_ATTR_PART, ++part);
    at += iv_heat_sample_write(&event, &heat->floor.grid, &g_array_index(cells, IvHeatCell, at),
                               cells->len - at);
    iv_report_finish(&event, ret_events);
  }
}

/* The buckets that end at or before `until`. */
static void tell_until(IvHeat *heat, IvTime until, int scene_version, GArray *ret_events) {
  while (heat->buckets->len > 0) {
    const Bucket *bucket = &g_array_index(heat->buckets, Bucket, 0);
    if (bucket->start + IV_HEAT_BUCKET > until)
      break;
    tell(heat, bucket, scene_version, ret_events);
    heat->since = MAX(heat->since, bucket->start + IV_HEAT_BUCKET);
    g_array_remove_index(heat->buckets, 0);
  }
}

void iv_heat_finish(IvHeat *heat, int scene_version, GArray *ret_events) {
  IvTime since = MAX(heat->since, heat->now);
  tell_until(heat, G_MAXINT64, scene_version, ret_events);
  heat->since = since;
}

void iv_heat_tick(IvHeat *heat, IvTime ts, int scene_version, GArray *ret_events) {
  if (heat->now != IV_TIME_NONE && ts < heat->now - PATIENCE)
    iv_heat_finish(heat, scene_version, ret_events);
  begin(heat, ts);
  heat->now = ts;
  tell_until(heat, ts - PATIENCE, scene_version, ret_events);
}
