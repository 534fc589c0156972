/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "track/path_format.h"

#define LEAD_MAX 512                  /* frames of before, for tracks that are confirmed late */
#define ROOM (IV_PATH_BYTES_MAX / 40) /* sights of a piece, each at its worst */

typedef struct {
  IvTime ts;
  gboolean is_empty;
} Frame;

typedef enum { SIGHT, LOST, ENDED } MarkKind;

/* One point of a track; places in units, not rounded. */
typedef struct {
  MarkKind kind;
  guint32 frame, told; /* in `frames`; of a LOST and ENDED the two are alike */
  double x, y, h;
} Mark;

typedef struct {
  guint64 id;
  GArray *marks;
} Way;

struct IvPathWriter {
  GArray *frames; /* Frame; from `first` on those of this piece */
  guint first;
  IvSize image;
  gboolean begun, seam;
  GHashTable *by_id; /* Way; key is its id */
  guint n_marks;
  guint n_lost;
};

static void way_free(gpointer p) {
  Way *way = p;
  g_array_unref(way->marks);
  g_free(way);
}

void iv_path_piece_clear(IvPathPiece *piece) {
  g_clear_pointer(&piece->bytes, g_free);
}

IvPathWriter *iv_path_writer_new(void) {
  IvPathWriter *writer = g_new0(IvPathWriter, 1);
  writer->frames = g_array_new(FALSE, FALSE, sizeof(Frame));
  writer->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, way_free);
  return writer;
}

void iv_path_writer_free(IvPathWriter *writer) {
  if (!writer)
    return;
  g_array_unref(writer->frames);
  g_hash_table_unref(writer->by_id);
  g_free(writer);
}

/* ---- taking ---- */

static const Frame *frame_at(const IvPathWriter *writer, guint i) {
  return &g_array_index(writer->frames, Frame, i);
}

/* Of the frame with that time; `otherwise` where there is none. */
static guint32 find_frame(const IvPathWriter *writer, IvTime ts, guint32 otherwise) {
  guint low = 0, high = writer->frames->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (frame_at(writer, middle)->ts < ts)
      low = middle + 1;
    else
      high = middle;
  }
  return low < writer->frames->len && frame_at(writer, low)->ts == ts ? low : otherwise;
}

static Way *way_of(IvPathWriter *writer, guint64 id) {
  Way *way = g_hash_table_lookup(writer->by_id, &id);
  if (way)
    return way;
  way = g_new0(Way, 1);
  way->id = id;
  way->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
  g_hash_table_insert(writer->by_id, &way->id, way);
  return way;
}

static double in_units(double value) {
  double units = value * IV_PATH_UNITS;
  return isfinite(units) ? CLAMP(units, -IV_PATH_PLACE_MAX / 2, IV_PATH_PLACE_MAX / 2) : 0;
}

static void take_point(IvPathWriter *writer, const IvTrackPoint *point, guint32 now) {
  static const MarkKind kinds[] = {
      [IV_TRACK_CONFIRMED] = SIGHT, [IV_TRACK_LOST] = LOST, [IV_TRACK_ENDED] = ENDED};
  if (point->state == IV_TRACK_TENTATIVE)
    return;
  if (writer->n_marks >= ROOM) {
    writer->n_lost++;
    return;
  }
  double aspect = (double)writer->image.width / MAX(writer->image.height, 1);
  MarkKind kind = kinds[point->state];
  Mark mark = {.kind = kind,
               .frame = kind == SIGHT ? find_frame(writer, point->ts, now) : now,
               .told = now,
               .x = in_units((double)point->ground.x * aspect),
               .y = in_units((double)point->ground.y),
               .h = MAX(in_units((double)iv_box_height(&point->box)), 0)};
  GArray *marks = way_of(writer, point->tracklet_id)->marks;
  const Mark *last = marks->len ? &g_array_index(marks, Mark, marks->len - 1) : NULL;
  if (last && kind == SIGHT && last->kind == SIGHT && mark.frame <= last->frame) {
    writer->n_lost++; /* two sights in one frame: the clock stumbled */
    return;
  }
  g_array_append_val(marks, mark);
  writer->n_marks++;
}

/* Makes room for a frame of `ts`; FALSE when it isn't one: what it tells belongs to the last. */
static gboolean make_way(IvPathWriter *writer, IvTime ts) {
  while (writer->frames->len > 0) {
    const Frame *last = frame_at(writer, writer->frames->len - 1);
    if (last->ts <= ts - IV_MS)
      return TRUE;
    if (!last->is_empty || writer->frames->len <= writer->first)
      return FALSE;
    g_array_set_size(writer->frames, writer->frames->len - 1);
  }
  return TRUE;
}

/* At a seam time may begin anew: what was before is another story. */
static void begin_anew(IvPathWriter *writer) {
  g_array_set_size(writer->frames, 0);
  writer->first = 0;
}

void iv_path_writer_frame(IvPathWriter *writer, IvTime ts, IvSize image, const IvTrackPoint *points,
                          guint n) {
  g_assert(!writer->seam); /* the piece that ended there was to be taken */
  if (n > 0 || writer->image.height == 0)
    writer->image = image;
  gboolean rises = make_way(writer, ts);
  if (!rises && writer->frames->len <= writer->first) {
    if (n == 0)
      return;
    /* The piece before was cut without it: what it tells opens this one. */
    ts = frame_at(writer, writer->frames->len - 1)->ts + IV_MS;
    rises = TRUE;
  }
  if (rises) {
    Frame frame = {ts, n == 0};
    g_array_append_val(writer->frames, frame);
  }
  for (guint i = 0; i < n; i++)
    take_point(writer, &points[i], writer->frames->len - 1);
}

void iv_path_writer_seam(IvPathWriter *writer, const IvTrackPoint *points, guint n) {
  if (writer->frames->len == 0)
    return;
  Frame frame = {frame_at(writer, writer->frames->len - 1)->ts + IV_MS, FALSE};
  g_array_append_val(writer->frames, frame);
  for (guint i = 0; i < n; i++)
    take_point(writer, &points[i], writer->frames->len - 1);
  writer->seam = TRUE;
}

gboolean iv_path_writer_is_due(const IvPathWriter *writer) {
  guint n = writer->frames->len;
  if (n <= writer->first)
    return FALSE;
  IvTime span = frame_at(writer, n - 1)->ts - frame_at(writer, writer->first)->ts;
  return writer->seam || span >= (writer->n_marks ? IV_PATH_SPAN : IV_PATH_SPAN_QUIET) ||
         n - writer->first >= IV_PATH_FRAMES_MAX - LEAD_MAX || writer->n_marks >= ROOM / 2;
}

/* ---- the clock ---- */

/* Whether the straight way from frame `a` to `b` tells all times between well enough. */
static gboolean is_even(const IvPathWriter *writer, guint a, guint b) {
  double from = (double)frame_at(writer, a)->ts, to = (double)frame_at(writer, b)->ts;
  for (guint i = a + 1; i < b; i++)
    if (fabs(iv_path_between(from, to, a, b, i) - (double)frame_at(writer, i)->ts) >
        (double)(IV_PATH_CLOCK_ERROR - 2 * IV_MS))
      return FALSE;
  return TRUE;
}

static gint64 ms_of(const IvPathWriter *writer, guint frame) {
  return (frame_at(writer, frame)->ts + IV_MS / 2) / IV_MS;
}

/* `times` (ms, one a frame from `lead` on) gets what a reader will read. */
static void put_clock(const IvPathWriter *writer, guint lead, IvPathEncoder *out, double *times) {
  guint last = writer->frames->len - 1;
  gint64 base = ms_of(writer, lead);
  times[0] = 0;
  for (guint a = lead, b; a < last; a = b) {
    for (b = a + 1; b < last && is_even(writer, a, b + 1);)
      b++;
    iv_path_put(out, IV_PATH_C_MORE, 1);
    iv_path_put(out, IV_PATH_C_CLOCK_STEP, b - a);
    iv_path_put(out, IV_PATH_C_CLOCK_MS, (guint64)(ms_of(writer, b) - ms_of(writer, a)));
    for (guint i = a + 1; i <= b; i++)
      times[i - lead] = iv_path_between((double)(ms_of(writer, a) - base),
                                        (double)(ms_of(writer, b) - base), a, b, i);
  }
  iv_path_put(out, IV_PATH_C_MORE, 0);
}

/* ---- the ways ---- */

/* The directions (units a ms) in which a way may leave a corner and stay within `error`. */
typedef struct {
  double low, high;
} Cone;

static gboolean narrow(Cone *cone, double from, double to, double error, double span) {
  double low = MAX(cone->low, (to - error - from) / span);
  double high = MIN(cone->high, (to + error - from) / span);
  if (low > high)
    return FALSE;
  *cone = (Cone){low, high};
  return TRUE;
}

/* As near to the last sight as the others allow. */
static gint32 corner(const Cone *cone, double from, double to, double span) {
  return (gint32)lround(from + CLAMP((to - from) / span, cone->low, cone->high) * span);
}

/* The same, but level where that is good enough. */
static gint32 level_corner(const Cone *cone, gint32 from, double to, double span) {
  return cone->low <= 0 && cone->high >= 0 ? from : corner(cone, from, to, span);
}

/* What rounding of a corner may add is taken off. */
static double place_error(void) {
  return (double)IV_PATH_ERROR * IV_PATH_UNITS - 0.5;
}

static double height_error(double h) {
  return (double)IV_PATH_HEIGHT_ERROR * IV_PATH_UNITS + (double)IV_PATH_HEIGHT_SHARE * h - 0.5;
}

typedef struct {
  const Mark *marks;
  guint n;
  const double *times;
  guint lead;
} Run;

static double time_of(const Run *run, guint i) {
  return run->times[run->marks[i].frame - run->lead];
}

/* The longest straight way from `at`, a corner at mark `from`; returns the mark at its end. */
static guint stretch(const Run *run, guint from, const IvPathKnot *at, IvPathKnot *ret_end) {
  Cone x = {-HUGE_VAL, HUGE_VAL}, y = x, h = x;
  guint to = from;
  for (guint i = from + 1; i < run->n; i++) {
    const Mark *mark = &run->marks[i];
    Cone nx = x, ny = y, nh = h;
    double span = time_of(run, i) - time_of(run, from);
    if (!narrow(&nx, at->x, mark->x, place_error(), span) ||
        !narrow(&ny, at->y, mark->y, place_error(), span) ||
        !narrow(&nh, at->h, mark->h, height_error(mark->h), span))
      break;
    x = nx;
    y = ny;
    h = nh;
    to = i;
  }
  g_assert(to > from);
  const Mark *end = &run->marks[to];
  double span = time_of(run, to) - time_of(run, from);
  *ret_end =
      (IvPathKnot){end->frame - run->lead, level_corner(&x, at->x, end->x, span),
                   level_corner(&y, at->y, end->y, span), level_corner(&h, at->h, end->h, span)};
  return to;
}

static void put_ways(const Run *run, IvPathEncoder *out) {
  IvPathKnot at = {run->marks[0].frame - run->lead, (gint32)lround(run->marks[0].x),
                   (gint32)lround(run->marks[0].y), (gint32)lround(MAX(run->marks[0].h, 0))};
  iv_path_put_signed(out, IV_PATH_C_FIRST, at.x);
  iv_path_put_signed(out, IV_PATH_C_FIRST, at.y);
  iv_path_put_signed(out, IV_PATH_C_FIRST, at.h);
  for (guint i = 0; i + 1 < run->n;) {
    IvPathKnot end;
    i = stretch(run, i, &at, &end);
    iv_path_put(out, IV_PATH_C_MORE, 1);
    iv_path_put(out, IV_PATH_C_STEP, end.frame - at.frame - 1);
    iv_path_put_signed(out, IV_PATH_C_X, end.x - at.x);
    iv_path_put_signed(out, IV_PATH_C_Y, end.y - at.y);
    iv_path_put_signed(out, IV_PATH_C_H, end.h - at.h);
    at = end;
  }
  iv_path_put(out, IV_PATH_C_MORE, 0);
}

/* How many marks from `i` on are one run of sights: told each in its frame, or the first of them
 * all at once, and in no frame unseen. */
static guint run_length(const Run *way, guint i) {
  guint n = 0;
  gboolean late = way->marks[i].told > way->marks[i].frame;
  for (guint k = i; k < way->n && way->marks[k].kind == SIGHT; k++, n++) {
    const Mark *mark = &way->marks[k];
    if (k == i)
      continue;
    gboolean is_early = mark->told > mark->frame;
    gboolean told_with_first = mark->told == way->marks[i].told;
    if (mark->frame > mark[-1].frame + 1 || (is_early && !(late && told_with_first)))
      break;
  }
  return n;
}

/* One run from mark `i` on, and how it ends; returns how many marks that were. */
static guint put_run(const Run *way, guint i, guint32 *before, IvPathEncoder *out) {
  guint n = way->marks[i].kind == SIGHT ? run_length(way, i) : 0;
  const Mark *end = i + n < way->n && way->marks[i + n].kind != SIGHT ? &way->marks[i + n] : NULL;
  const Run run = {way->marks + i, n, way->times, way->lead};
  guint used = n + (end ? 1 : 0);
  gboolean late = n > 0 && run.marks[0].told > run.marks[0].frame;
  guint head = end ? (end->kind == LOST ? IV_PATH_LOST : IV_PATH_ENDED) : IV_PATH_GOES_ON;
  head |= i + used < way->n ? IV_PATH_MORE : 0;
  head |= late ? IV_PATH_LATE : 0;
  head |= n > 0 ? IV_PATH_SIGHTS : 0;
  guint32 start = (n > 0 ? run.marks[0].frame : end->frame) - way->lead;
  iv_path_put(out, IV_PATH_C_HEAD, head);
  iv_path_put_signed(out, IV_PATH_C_START, (gint64)start - *before);
  if (late)
    iv_path_put(out, IV_PATH_C_TOLD, run.marks[0].told - run.marks[0].frame);
  if (n > 0)
    put_ways(&run, out);
  guint32 last = n > 0 ? run.marks[n - 1].frame - way->lead : start;
  if (end)
    iv_path_put(out, IV_PATH_C_END, end->frame - way->lead - last);
  *before = end ? end->frame - way->lead : last;
  return used;
}

static guint64 put_way(const IvPathWriter *writer, const Way *way, guint lead, const double *times,
                       IvPathEncoder *out) {
  const Run all = {(const Mark *)(gconstpointer)way->marks->data, way->marks->len, times, lead};
  guint32 before = writer->first - lead;
  double ms = 0;
  for (guint i = 0; i < all.n;) {
    guint from = i;
    i += put_run(&all, i, &before, out);
    for (guint k = from + 1; k < i && all.marks[k].kind == SIGHT; k++)
      ms += time_of(&all, k) - time_of(&all, k - 1);
  }
  return (guint64)(ms * (double)IV_MS);
}

/* ---- a piece ---- */

static int by_id(gconstpointer a, gconstpointer b) {
  const Way *x = *(const Way *const *)a, *y = *(const Way *const *)b;
  return x->id < y->id ? -1 : x->id > y->id;
}

static GPtrArray *sorted(const IvPathWriter *writer) {
  GPtrArray *ways = g_ptr_array_new();
  GHashTableIter iter;
  gpointer way;
  g_hash_table_iter_init(&iter, writer->by_id);
  while (g_hash_table_iter_next(&iter, NULL, &way))
    g_ptr_array_add(ways, way);
  g_ptr_array_sort(ways, by_id);
  return ways;
}

static guint first_needed(const IvPathWriter *writer, const GPtrArray *ways) {
  guint first = writer->first;
  for (guint i = 0; i < ways->len; i++) {
    const GArray *marks = ((const Way *)ways->pdata[i])->marks;
    for (guint k = 0; k < marks->len; k++)
      first = MIN(first, g_array_index(marks, Mark, k).frame);
  }
  return first;
}

static GByteArray *encode(const IvPathWriter *writer, guint64 *ret_us) {
  g_autoptr(GPtrArray) ways = sorted(writer);
  guint lead = first_needed(writer, ways);
  g_autofree double *times = g_new(double, writer->frames->len - lead);
  g_autofree IvPathEncoder *out = g_new(IvPathEncoder, 1);
  guint64 last_id = 0;
  iv_path_encoder_init(out);
  iv_path_put(out, IV_PATH_C_META, IV_PATH_VERSION);
  iv_path_put(out, IV_PATH_C_META,
              (guint)(writer->begun ? 0 : IV_PATH_BEGINS) | (writer->seam ? IV_PATH_SEAM : 0));
  iv_path_put(out, IV_PATH_C_META, (guint64)writer->image.width);
  iv_path_put(out, IV_PATH_C_META, (guint64)writer->image.height);
  iv_path_put_signed(out, IV_PATH_C_META, ms_of(writer, lead));
  iv_path_put(out, IV_PATH_C_META, writer->first - lead);
  iv_path_put(out, IV_PATH_C_META, writer->frames->len - writer->first);
  put_clock(writer, lead, out, times);
  *ret_us = 0;
  for (guint i = 0; i < ways->len; i++) {
    const Way *way = ways->pdata[i];
    iv_path_put(out, IV_PATH_C_MORE, 1);
    iv_path_put(out, IV_PATH_C_ID, way->id - last_id);
    last_id = way->id;
    *ret_us += put_way(writer, way, lead, times, out);
  }
  iv_path_put(out, IV_PATH_C_MORE, 0);
  return iv_path_encoder_end(out);
}

/* The last frames stay, for points that come late. */
static void go_on(IvPathWriter *writer) {
  g_hash_table_remove_all(writer->by_id);
  writer->n_marks = writer->n_lost = 0;
  writer->begun = TRUE;
  if (writer->seam)
    begin_anew(writer);
  writer->seam = FALSE;
  if (writer->frames->len > LEAD_MAX)
    g_array_remove_range(writer->frames, 0, writer->frames->len - LEAD_MAX);
  writer->first = writer->frames->len;
}

gboolean iv_path_writer_cut(IvPathWriter *writer, IvPathPiece *ret_piece) {
  *ret_piece = (IvPathPiece){0};
  if (writer->frames->len <= writer->first)
    return FALSE;
  ret_piece->from = frame_at(writer, writer->first)->ts;
  ret_piece->to = frame_at(writer, writer->frames->len - 1)->ts;
  ret_piece->frames = writer->frames->len - writer->first;
  ret_piece->lost = writer->n_lost;
  GByteArray *bytes = encode(writer, &ret_piece->track_us);
  ret_piece->n = bytes->len;
  ret_piece->bytes = g_byte_array_free(bytes, FALSE);
  go_on(writer);
  return TRUE;
}
