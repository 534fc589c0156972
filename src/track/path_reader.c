/* SPDX-License-Identifier: Apache-2.0 */
#include "track/path_format.h"

#define TRACKS_MAX 8192
#define RUNS_MAX (64 * 1024)
#define KNOTS_MAX (256 * 1024)
#define LATE_MAX (128 * 1024) /* frames in which somebody is told of late, all together */
#define CLOCK_MAX (40 * G_GINT64_CONSTANT(31556952000000)) /* ms; nobody means a later time */

typedef struct {
  guint32 start, told; /* frame of the first sight; in which that was told */
  guint knots, n;      /* the first of its corners, and how many */
  IvPathEnd end;
  guint32 end_frame;
} Run;

typedef struct {
  guint64 id;
  guint runs, n; /* the first of its runs, and how many */
  guint at;      /* the next run that has not ended; from `runs` */
  guint knot;    /* the corner from which its way goes now; from the run's first */
  guint32 next;  /* the next frame of the run whose sight is to be told */
} Way;

struct IvPathReader {
  guint flags, lead, n_frames; /* n_frames: those of `lead` included */
  guint late;                  /* frames that are told late, of all runs */
  double aspect;
  gint64 base;    /* ms */
  double *clock;  /* ms after `base`, one a frame */
  GArray *knots;  /* IvPathKnot */
  GArray *runs;   /* Run */
  GArray *ways;   /* Way, in order of id */
  GArray *points; /* IvTrackPoint of the present step */
  guint32 frame;  /* the next one */
};

/* ---- reading in ---- */

typedef IvPathDecoder In;

static gint32 get_place(In *in, IvPathContext context, gint32 before) {
  gint64 place = before + iv_path_get_signed(in, context, 2 * IV_PATH_PLACE_MAX);
  in->bad |= ABS(place) > IV_PATH_PLACE_MAX;
  return in->bad ? 0 : (gint32)place;
}

static gboolean has_more(In *in) {
  return iv_path_get(in, IV_PATH_C_MORE, 1) == 1 && !in->bad;
}

static gboolean read_clock(IvPathReader *reader, In *in) {
  guint32 a = 0, last = reader->n_frames - 1;
  double from = 0;
  reader->clock = g_new0(double, reader->n_frames);
  while (has_more(in)) {
    guint32 b = a + (guint32)iv_path_get(in, IV_PATH_C_CLOCK_STEP, last - a);
    double to = from + (double)iv_path_get(in, IV_PATH_C_CLOCK_MS, (guint64)CLOCK_MAX);
    in->bad |= b == a || to <= from || to > (double)CLOCK_MAX;
    for (guint32 k = a + 1; k <= b && !in->bad; k++)
      reader->clock[k] = iv_path_between(from, to, a, b, k);
    a = b;
    from = to;
  }
  return !in->bad && a == last;
}

static guint32 get_frame(const IvPathReader *reader, In *in, IvPathContext context, guint32 after) {
  return after + (guint32)iv_path_get(in, context, reader->n_frames - 1 - after);
}

static void read_knots(IvPathReader *reader, In *in, Run *run) {
  IvPathKnot at = {.frame = run->start};
  run->knots = reader->knots->len;
  at.x = get_place(in, IV_PATH_C_FIRST, 0);
  at.y = get_place(in, IV_PATH_C_FIRST, 0);
  at.h = get_place(in, IV_PATH_C_FIRST, 0);
  g_array_append_val(reader->knots, at);
  while (has_more(in)) {
    guint64 step = 1 + iv_path_get(in, IV_PATH_C_STEP, IV_PATH_FRAMES_MAX);
    in->bad |= step > reader->n_frames - 1 - at.frame || reader->knots->len >= KNOTS_MAX;
    at.frame += in->bad ? 0 : (guint32)step;
    at.x = get_place(in, IV_PATH_C_X, at.x);
    at.y = get_place(in, IV_PATH_C_Y, at.y);
    at.h = get_place(in, IV_PATH_C_H, at.h);
    g_array_append_val(reader->knots, at);
  }
  run->n = reader->knots->len - run->knots;
}

/* Where a run's last sight is; of a run of none, its start. */
static guint32 last_frame(const IvPathReader *reader, const Run *run) {
  return run->n ? g_array_index(reader->knots, IvPathKnot, run->knots + run->n - 1).frame
                : run->start;
}

/* Returns whether another run follows. */
static gboolean read_run(IvPathReader *reader, In *in, guint32 *before) {
  guint head = (guint)iv_path_get(in, IV_PATH_C_HEAD, IV_PATH_HEAD);
  gint64 start = *before + iv_path_get_signed(in, IV_PATH_C_START, IV_PATH_FRAMES_MAX);
  Run run = {.end = head & IV_PATH_END_BITS};
  in->bad |= start < 0 || start >= reader->n_frames || run.end >= IV_PATH_ENDS ||
             reader->runs->len >= RUNS_MAX;
  if (in->bad)
    return FALSE;
  run.start = run.told = (guint32)start;
  if (head & IV_PATH_LATE)
    run.told = get_frame(reader, in, IV_PATH_C_TOLD, run.start);
  reader->late += run.told - run.start;
  if (head & IV_PATH_SIGHTS)
    read_knots(reader, in, &run);
  guint32 last = in->bad ? 0 : last_frame(reader, &run);
  run.end_frame = last;
  if (!in->bad && run.end != IV_PATH_GOES_ON)
    run.end_frame = get_frame(reader, in, IV_PATH_C_END, last);
  in->bad |= (run.told < reader->lead && run.n > 0) || reader->late > LATE_MAX;
  in->bad |= run.end != IV_PATH_GOES_ON && run.end_frame < MAX(run.told, reader->lead);
  g_array_append_val(reader->runs, run);
  *before = run.end == IV_PATH_GOES_ON ? last : run.end_frame;
  return !in->bad && (head & IV_PATH_MORE);
}

static void read_ways(IvPathReader *reader, In *in) {
  guint64 id = 0;
  while (has_more(in)) {
    guint64 step = iv_path_get(in, IV_PATH_C_ID, G_MAXINT64);
    in->bad |= step == 0 || step > (guint64)G_MAXINT64 - id || reader->ways->len >= TRACKS_MAX;
    id += step;
    Way way = {.id = id, .runs = reader->runs->len};
    guint32 before = reader->lead;
    while (read_run(reader, in, &before))
      ;
    way.n = reader->runs->len - way.runs;
    g_array_append_val(reader->ways, way);
  }
}

static gboolean read_all(IvPathReader *reader, In *in) {
  if (iv_path_get(in, IV_PATH_C_META, G_MAXUINT8) != IV_PATH_VERSION)
    return FALSE;
  reader->flags = (guint)iv_path_get(in, IV_PATH_C_META, IV_PATH_FLAGS);
  double width = (double)iv_path_get(in, IV_PATH_C_META, 65535);
  double height = (double)iv_path_get(in, IV_PATH_C_META, 65535);
  reader->aspect = height > 0 && width > 0 ? width / height : 1;
  reader->base = iv_path_get_signed(in, IV_PATH_C_META, CLOCK_MAX);
  reader->lead = (guint)iv_path_get(in, IV_PATH_C_META, IV_PATH_FRAMES_MAX);
  reader->n_frames = reader->lead + (guint)iv_path_get(in, IV_PATH_C_META, IV_PATH_FRAMES_MAX);
  if (in->bad || reader->n_frames > IV_PATH_FRAMES_MAX || reader->n_frames == reader->lead ||
      !read_clock(reader, in))
    return FALSE;
  read_ways(reader, in);
  return !in->bad && in->at == in->end;
}

/* ---- opening ---- */

static void begin_run(const IvPathReader *reader, Way *way) {
  way->knot = 0;
  if (way->at < way->n)
    way->next = g_array_index(reader->runs, Run, way->runs + way->at).start;
}

IvPathReader *iv_path_reader_new(const guint8 *bytes, gsize n) {
  if (n > IV_PATH_BYTES_MAX)
    return NULL;
  g_autoptr(IvPathReader) reader = g_new0(IvPathReader, 1);
  g_autofree IvPathDecoder *in = g_new(IvPathDecoder, 1);
  iv_path_decoder_init(in, bytes, n);
  reader->knots = g_array_new(FALSE, FALSE, sizeof(IvPathKnot));
  reader->runs = g_array_new(FALSE, FALSE, sizeof(Run));
  reader->ways = g_array_new(FALSE, FALSE, sizeof(Way));
  reader->points = g_array_new(FALSE, FALSE, sizeof(IvTrackPoint));
  if (!read_all(reader, in))
    return NULL;
  reader->frame = reader->lead;
  for (guint i = 0; i < reader->ways->len; i++)
    begin_run(reader, &g_array_index(reader->ways, Way, i));
  return g_steal_pointer(&reader);
}

void iv_path_reader_free(IvPathReader *reader) {
  if (!reader)
    return;
  g_free(reader->clock);
  g_array_unref(reader->knots);
  g_array_unref(reader->runs);
  g_array_unref(reader->ways);
  g_array_unref(reader->points);
  g_free(reader);
}

gboolean iv_path_reader_begins(const IvPathReader *reader) {
  return (reader->flags & IV_PATH_BEGINS) != 0;
}

gboolean iv_path_reader_is_seam(const IvPathReader *reader) {
  return (reader->flags & IV_PATH_SEAM) != 0;
}

/* ---- playing ---- */

static IvTime time_of(const IvPathReader *reader, guint32 frame) {
  return (IvTime)((double)IV_MS * reader->clock[frame]) + reader->base * IV_MS;
}

static const IvPathKnot *knot_at(const IvPathReader *reader, const Run *run, guint i) {
  return &g_array_index(reader->knots, IvPathKnot, run->knots + i);
}

static void tell(IvPathReader *reader, const Way *way, IvTrackState state, IvTime ts, double x,
                 double y, double h) {
  IvPoint ground = {(float)(x / IV_PATH_UNITS / reader->aspect), (float)(y / IV_PATH_UNITS)};
  IvTrackPoint point = {
      .tracklet_id = way->id,
      .state = state,
      .ts = ts,
      .ground = ground,
      .box = {ground.x, ground.y - (float)(h / IV_PATH_UNITS), ground.x, ground.y},
      .score = state == IV_TRACK_CONFIRMED ? 1 : 0};
  g_array_append_val(reader->points, point);
}

static void tell_sight(IvPathReader *reader, Way *way, const Run *run) {
  guint32 frame = way->next++;
  while (way->knot + 1 < run->n && knot_at(reader, run, way->knot + 1)->frame <= frame)
    way->knot++;
  const IvPathKnot *a = knot_at(reader, run, way->knot);
  const IvPathKnot *b = way->knot + 1 < run->n ? a + 1 : a;
  double from = reader->clock[a->frame], to = reader->clock[b->frame];
  double share = a == b ? 0 : (reader->clock[frame] - from) / (to - from);
  tell(reader, way, IV_TRACK_CONFIRMED, time_of(reader, frame), a->x + share * (b->x - a->x),
       a->y + share * (b->y - a->y), a->h + share * (b->h - a->h));
}

static void tell_end(IvPathReader *reader, const Way *way, const Run *run) {
  static const IvPathKnot nowhere = {0};
  const IvPathKnot *last = run->n ? knot_at(reader, run, run->n - 1) : &nowhere;
  guint32 frame = run->n ? last->frame : run->end_frame;
  tell(reader, way, run->end == IV_PATH_LOST ? IV_TRACK_LOST : IV_TRACK_ENDED,
       time_of(reader, frame), last->x, last->y, last->h);
}

/* What was told of a track in the present frame. */
static void play_way(IvPathReader *reader, Way *way) {
  guint32 now = reader->frame;
  while (way->at < way->n) {
    const Run *run = &g_array_index(reader->runs, Run, way->runs + way->at);
    guint32 last = last_frame(reader, run);
    if (now < run->told)
      return;
    for (; run->n && way->next <= MIN(last, now);)
      tell_sight(reader, way, run);
    if (now < last || (run->end != IV_PATH_GOES_ON && now < run->end_frame))
      return;
    if (run->end != IV_PATH_GOES_ON)
      tell_end(reader, way, run);
    way->at++;
    begin_run(reader, way);
  }
}

gboolean iv_path_reader_next(IvPathReader *reader, IvPathStep *ret_step) {
  if (reader->frame >= reader->n_frames)
    return FALSE;
  g_array_set_size(reader->points, 0);
  for (guint i = 0; i < reader->ways->len; i++)
    play_way(reader, &g_array_index(reader->ways, Way, i));
  gboolean is_last = reader->frame + 1 == reader->n_frames;
  *ret_step = (IvPathStep){.ts = time_of(reader, reader->frame),
                           .is_frame = !(is_last && iv_path_reader_is_seam(reader)),
                           .points = (const IvTrackPoint *)(gconstpointer)reader->points->data,
                           .n = reader->points->len};
  reader->frame++;
  return TRUE;
}
