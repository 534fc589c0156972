/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/count_truth.h"

#include <math.h>

#include "eval/mot_file.h"

/* One person's way so far. */
typedef struct {
  int side; /* the last one it was clearly on: −1, 1; 0 = not seen yet */
  double x, y;
  gboolean met; /* its way met the line, and where: */
  double along; /* 0 at a, 1 at b */
  gboolean inside;
} Way;

static Way *way_of(GHashTable *ways, gint64 id) {
  Way *way = g_hash_table_lookup(ways, &id);
  if (way)
    return way;
  way = g_new0(Way, 1);
  g_hash_table_insert(ways, g_memdup2(&id, sizeof id), way);
  return way;
}

static GHashTable *ways_new(void) {
  return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
}

typedef struct {
  double ax, ay, dx, dy, length;
} Line;

static double away(const Line *line, double x, double y) {
  return (line->dx * (y - line->ay) - line->dy * (x - line->ax)) / line->length;
}

static double along(const Line *line, double x, double y) {
  return (line->dx * (x - line->ax) + line->dy * (y - line->ay)) / (line->length * line->length);
}

/* Where the step from the last place to (x, y) meets the endless line, if it does. */
static void note_meeting(Way *way, const Line *line, double x, double y) {
  double before = away(line, way->x, way->y), now = away(line, x, y);
  if ((before < 0) == (now < 0))
    return;
  double share = before / (before - now);
  way->met = TRUE;
  way->along = along(line, way->x + share * (x - way->x), way->y + share * (y - way->y));
}

/* −1, 0, 1: crossed against, not, or along the line's direction. */
static int step(Way *way, const Line *line, double half_band, double x, double y) {
  double d = away(line, x, y);
  if (way->side == 0)
    way->side = d < 0 ? -1 : 1;
  else
    note_meeting(way, line, x, y);
  way->x = x;
  way->y = y;
  int side = d > half_band ? 1 : d < -half_band ? -1 : way->side;
  int before = way->side;
  way->side = side;
  if (side == before || !way->met || way->along < 0 || way->along > 1)
    return 0;
  return side;
}

IvTruthCrossings iv_truth_crossings(const GArray *gt_rows, IvPoint a, IvPoint b, double half_band) {
  Line line = {a.x, a.y, (double)b.x - a.x, (double)b.y - a.y, 0};
  line.length = hypot(line.dx, line.dy);
  IvTruthCrossings counts = {0};
  g_autoptr(GHashTable) ways = ways_new();
  for (guint i = 0; i < gt_rows->len; i++) {
    const IvMotRow *row = &g_array_index(gt_rows, IvMotRow, i);
    if (row->score == 0)
      continue;
    int crossed = step(way_of(ways, row->id), &line, half_band, row->left + row->width / 2,
                       row->top + row->height);
    counts.in += crossed > 0 ? 1 : 0;
    counts.out += crossed < 0 ? 1 : 0;
  }
  return counts;
}

IvTruthZone iv_truth_zone(const GArray *gt_rows, const IvPoint *polygon, gsize n_corners) {
  IvTruthZone zone = {0};
  guint now = 0;
  int frame = 0;
  g_autoptr(GHashTable) ways = ways_new();
  for (guint i = 0; i < gt_rows->len; i++) {
    const IvMotRow *row = &g_array_index(gt_rows, IvMotRow, i);
    if (row->score == 0)
      continue;
    now = row->frame == frame ? now : 0;
    frame = row->frame;
    IvPoint p = {(float)(row->left + row->width / 2), (float)(row->top + row->height)};
    Way *way = way_of(ways, row->id);
    gboolean inside = iv_polygon_contains(polygon, n_corners, p);
    zone.entries += inside && !way->inside ? 1 : 0;
    zone.people += inside && way->side == 0 ? 1 : 0;
    way->side = inside ? 1 : way->side; /* has been inside */
    way->inside = inside;
    zone.person_frames += inside ? 1 : 0;
    now += inside ? 1 : 0;
    zone.peak = MAX(zone.peak, now);
  }
  return zone;
}
