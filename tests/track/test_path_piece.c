/* SPDX-License-Identifier: Apache-2.0 */
/* What is read from a piece is what was told, within the bounds that path_piece.h promises: over
 * made-up crowds, and over real detections where they are there. */
#include <math.h>
#include <string.h>

#include "eval/mot_file.h"
#include "tests/shared_data.h"
#include "track/path_code.h"
#include "track/path_piece.h"
#include "track/tracker.h"

#define START (G_GINT64_CONSTANT(1767225600) * IV_SECOND)
#define SIZE ((IvSize){1280, 720})

/* All that was told, frame by frame. */
typedef struct {
  GArray *points;    /* IvTrackPoint */
  GArray *ends;      /* guint: of each step, where the next begins in `points` */
  GArray *times;     /* IvTime */
  GPtrArray *pieces; /* GBytes */
  guint64 bytes, track_us;
  IvPathWriter *writer;
  double aspect;
  gboolean seam_last;
} Tape;

static void tape_init(Tape *tape, IvSize size) {
  *tape = (Tape){.points = g_array_new(FALSE, FALSE, sizeof(IvTrackPoint)),
                 .ends = g_array_new(FALSE, FALSE, sizeof(guint)),
                 .times = g_array_new(FALSE, FALSE, sizeof(IvTime)),
                 .pieces = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref),
                 .writer = iv_path_writer_new(),
                 .aspect = (double)size.width / size.height};
}

static void tape_clear(Tape *tape) {
  g_array_unref(tape->points);
  g_array_unref(tape->ends);
  g_array_unref(tape->times);
  g_ptr_array_unref(tape->pieces);
  iv_path_writer_free(tape->writer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tape, tape_clear)

static void cut(Tape *tape) {
  IvPathPiece piece;
  if (!iv_path_writer_cut(tape->writer, &piece))
    return;
  tape->bytes += piece.n;
  tape->track_us += piece.track_us;
  g_ptr_array_add(tape->pieces, g_bytes_new_take(piece.bytes, piece.n));
}

static void note(Tape *tape, IvTime ts, const IvTrackPoint *points, guint n) {
  if (n)
    g_array_append_vals(tape->points, points, n);
  g_array_append_val(tape->ends, tape->points->len);
  g_array_append_val(tape->times, ts);
}

static void put_frame(Tape *tape, IvSize size, IvTime ts, const IvTracker *tracker) {
  guint n;
  const IvTrackPoint *points = iv_tracker_points(tracker, &n);
  note(tape, ts, points, n);
  iv_path_writer_frame(tape->writer, ts, size, points, n);
  if (iv_path_writer_is_due(tape->writer))
    cut(tape);
}

static void put_seam(Tape *tape, IvTracker *tracker) {
  guint n;
  iv_tracker_end_all(tracker);
  const IvTrackPoint *points = iv_tracker_points(tracker, &n);
  note(tape, g_array_index(tape->times, IvTime, tape->times->len - 1) + IV_MS, points, n);
  iv_path_writer_seam(tape->writer, points, n);
  cut(tape);
  tape->seam_last = TRUE;
}

/* ---- comparing ---- */

/* When a track that ends was seen last is known from its sights. */
static const IvTrackPoint *find(const IvTrackPoint *points, guint n, const IvTrackPoint *like) {
  for (guint i = 0; i < n; i++)
    if (points[i].tracklet_id == like->tracklet_id && points[i].state == like->state &&
        (like->state != IV_TRACK_CONFIRMED || ABS(points[i].ts - like->ts) <= IV_PATH_CLOCK_ERROR))
      return &points[i];
  return NULL;
}

static void check_near(const Tape *tape, const IvTrackPoint *told, const IvTrackPoint *read) {
  const double slack = 1e-5;
  double h = (double)iv_box_height(&told->box);
  g_assert_cmpfloat(fabs((double)read->ground.x - told->ground.x) * tape->aspect, <=,
                    (double)IV_PATH_ERROR + slack);
  g_assert_cmpfloat(fabs((double)read->ground.y - told->ground.y), <=,
                    (double)IV_PATH_ERROR + slack);
  g_assert_cmpfloat(fabs((double)iv_box_height(&read->box) - h), <=,
                    (double)IV_PATH_HEIGHT_ERROR + (double)IV_PATH_HEIGHT_SHARE * h + slack);
}

/* What is read is what was told, in its step. */
static void check_step(const Tape *tape, guint step, const IvPathStep *read) {
  guint from = step ? g_array_index(tape->ends, guint, step - 1) : 0;
  guint n = g_array_index(tape->ends, guint, step) - from;
  const IvTrackPoint *told = &g_array_index(tape->points, IvTrackPoint, from);
  IvTime ts = g_array_index(tape->times, IvTime, step);
  g_assert_cmpint(ABS(read->ts - ts), <=, IV_PATH_CLOCK_ERROR);
  g_assert_cmpuint(read->n, ==, n);
  for (guint i = 0; i < n; i++) {
    const IvTrackPoint *same = find(read->points, read->n, &told[i]);
    g_assert_nonnull(same);
    if (told[i].state == IV_TRACK_CONFIRMED)
      check_near(tape, &told[i], same);
  }
}

static void check_tape(const Tape *tape) {
  guint step = 0;
  for (guint i = 0; i < tape->pieces->len; i++) {
    gsize n;
    const guint8 *bytes = g_bytes_get_data(tape->pieces->pdata[i], &n);
    g_autoptr(IvPathReader) reader = iv_path_reader_new(bytes, n);
    g_assert_nonnull(reader);
    g_assert_true(iv_path_reader_begins(reader) == (i == 0));
    IvPathStep read;
    while (iv_path_reader_next(reader, &read)) {
      g_assert_cmpuint(step, <, tape->times->len);
      check_step(tape, step++, &read);
    }
    g_assert_true(iv_path_reader_is_seam(reader) ==
                  (tape->seam_last && i + 1 == tape->pieces->len));
  }
  g_assert_cmpuint(step, ==, tape->times->len);
  g_test_message("%u steps, %u points; %.2f bytes a second of track", step, tape->points->len,
                 (double)tape->bytes * (double)IV_SECOND / (double)MAX(tape->track_us, 1));
}

/* ---- made-up crowds ---- */

typedef struct {
  double x, y, vx, vy, h;
  gboolean hidden;
} Walker;

static void step_walker(Walker *w, GRand *rand, double dt) {
  if (g_rand_double(rand) < 0.03)
    w->vx = g_rand_double_range(rand, -0.2, 0.2), w->vy = g_rand_double_range(rand, -0.15, 0.15);
  if (g_rand_double(rand) < 0.01)
    w->vx = w->vy = 0;
  w->hidden = g_rand_double(rand) < (w->hidden ? 0.9 : 0.01);
  w->x += w->vx * dt;
  w->y += w->vy * dt;
  if (w->x < -0.05 || w->x > 1.05)
    w->vx = -w->vx;
  if (w->y < 0.2 || w->y > 1)
    w->vy = -w->vy;
}

static IvDetection box_of(const Walker *w, GRand *rand, double noise) {
  double x = w->x + noise * g_rand_double_range(rand, -1, 1),
         y = w->y + noise * g_rand_double_range(rand, -1, 1), h = w->h * (0.5 + w->y / 2);
  return (IvDetection){.box = {(float)(x - h / 8), (float)(y - h), (float)(x + h / 8), (float)y},
                       .score = 0.8f,
                       .class_id = IV_CLASS_PERSON};
}

static void crowd(guint32 seed, double fps, double jitter_ms, double noise) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
  g_auto(Tape) tape;
  g_autoptr(IvTracker) tracker = iv_tracker_new(NULL, SIZE);
  Walker walkers[8] = {0};
  tape_init(&tape, SIZE);
  for (guint i = 0; i < G_N_ELEMENTS(walkers); i++)
    walkers[i] = (Walker){g_rand_double(rand),
                          g_rand_double_range(rand, 0.3, 0.9),
                          0.1,
                          0.05,
                          g_rand_double_range(rand, 0.15, 0.5),
                          FALSE};
  IvTime last = 0;
  for (guint frame = 0; frame < (guint)(90 * fps); frame++) {
    IvDetection seen[G_N_ELEMENTS(walkers)];
    guint n = 0;
    IvTime ts =
        START + (IvTime)((frame / fps * 1000 + jitter_ms * g_rand_double_range(rand, -1, 1)) *
                         (double)IV_MS);
    ts = MAX(ts, last + IV_MS);
    last = ts;
    for (guint i = 0; i < G_N_ELEMENTS(walkers); i++) {
      step_walker(&walkers[i], rand, 1 / fps);
      if (!walkers[i].hidden)
        seen[n++] = box_of(&walkers[i], rand, noise);
    }
    iv_tracker_update(tracker, ts, seen, NULL, n);
    put_frame(&tape, SIZE, ts, tracker);
  }
  put_seam(&tape, tracker);
  check_tape(&tape);
}

static void test_crowds(void) {
  for (guint32 seed = 1; seed <= 20; seed++) {
    crowd(seed, 10, 0, 0);
    crowd(seed, 25, 3, 0.002);
    crowd(seed, 5, 20, 0.01);
  }
}

/* ---- the odd cases ---- */

static IvTrackPoint point(guint64 id, IvTrackState state, IvTime ts, float x, float y) {
  return (IvTrackPoint){
      .tracklet_id = id, .state = state, .ts = ts, .box = {x, y - 0.2f, x, y}, .ground = {x, y}};
}

/* A time that does not rise is told with the frame before; empty frames make way. */
static void test_order(void) {
  g_autoptr(IvPathWriter) writer = iv_path_writer_new();
  IvTrackPoint a = point(1, IV_TRACK_CONFIRMED, START, 0.5f, 0.5f);
  g_auto(IvPathPiece) piece = {0};
  g_assert_false(iv_path_writer_cut(writer, &piece));
  iv_path_writer_frame(writer, START - 2 * IV_SECOND, SIZE, NULL, 0);
  iv_path_writer_frame(writer, START + IV_SECOND, SIZE, NULL, 0);
  iv_path_writer_frame(writer, START, SIZE, &a, 1);
  IvTrackPoint end = point(1, IV_TRACK_ENDED, START, 0.5f, 0.5f);
  iv_path_writer_frame(writer, START, SIZE, &end, 1);
  g_assert_true(iv_path_writer_cut(writer, &piece));
  g_assert_cmpint(piece.from, ==, START - 2 * IV_SECOND);
  g_assert_cmpint(piece.to, ==, START);
  g_autoptr(IvPathReader) reader = iv_path_reader_new(piece.bytes, piece.n);
  IvPathStep step;
  g_assert_true(iv_path_reader_next(reader, &step));
  g_assert_cmpuint(step.n, ==, 0);
  g_assert_true(iv_path_reader_next(reader, &step));
  g_assert_cmpuint(step.n, ==, 2);
  g_assert_cmpint(step.points[0].state, ==, IV_TRACK_CONFIRMED);
  g_assert_cmpint(step.points[1].state, ==, IV_TRACK_ENDED);
  g_assert_false(iv_path_reader_next(reader, &step));
}

/* A picture that was on its way while the piece was cut comes with a time of before: it opens the
 * next piece, and that can be read. */
static void test_late(void) {
  g_autoptr(IvPathWriter) writer = iv_path_writer_new();
  g_auto(IvPathPiece) first = {0}, second = {0};
  IvPathStep step;
  iv_path_writer_frame(writer, START, SIZE, NULL, 0);
  iv_path_writer_frame(writer, START + 3 * IV_SECOND, SIZE, NULL, 0);
  g_assert_true(iv_path_writer_cut(writer, &first));
  for (guint i = 1; i <= 4; i++) {
    IvTrackPoint a = point(1, IV_TRACK_CONFIRMED, START + i * IV_SECOND, 0.1f * (float)i, 0.5f);
    iv_path_writer_frame(writer, START + i * IV_SECOND, SIZE, &a, 1);
  }
  g_assert_true(iv_path_writer_cut(writer, &second));
  g_assert_cmpuint(second.lost, ==, 2); /* of the three that came late, two have no frame */
  g_assert_cmpint(second.from, ==, START + 3 * IV_SECOND + IV_MS);
  g_autoptr(IvPathReader) reader = iv_path_reader_new(second.bytes, second.n);
  g_assert_nonnull(reader);
  g_assert_true(iv_path_reader_next(reader, &step));
  g_assert_cmpuint(step.n, ==, 1);
  g_assert_true(iv_path_reader_next(reader, &step));
  g_assert_cmpuint(step.n, ==, 1);
  g_assert_cmpfloat(step.points[0].ground.x, >, 0.39f);
  g_assert_false(iv_path_reader_next(reader, &step));
}

/* Cut short or changed anywhere, it is refused or read, within bounds. */
static void test_damage(void) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  g_autoptr(IvPathWriter) writer = iv_path_writer_new();
  g_auto(IvPathPiece) piece = {0};
  for (guint i = 0; i < 100; i++) {
    IvTrackPoint p[2] = {
        point(3, IV_TRACK_CONFIRMED, START + i * 100 * IV_MS, 0.005f * (float)i, 0.5f),
        point(9, IV_TRACK_CONFIRMED, START + i * 100 * IV_MS, 0.5f, 0.009f * (float)i)};
    iv_path_writer_frame(writer, START + i * 100 * IV_MS, SIZE, p, 2);
  }
  g_assert_true(iv_path_writer_cut(writer, &piece));
  for (gsize n = 0; n < piece.n; n++)
    g_assert_null(iv_path_reader_new(piece.bytes, n));
  for (guint round = 0; round < 20000; round++) {
    g_autofree guint8 *bytes = g_memdup2(piece.bytes, piece.n);
    bytes[g_rand_int_range(rand, 0, (gint32)piece.n)] = (guint8)g_rand_int(rand);
    g_autoptr(IvPathReader) reader = iv_path_reader_new(bytes, piece.n);
    IvPathStep step;
    while (reader && iv_path_reader_next(reader, &step))
      g_assert_cmpuint(step.n, <, 300000);
  }
}

/* Numbers of all sizes, rare and in long runs, come out as they went in, to the last byte. */
static void test_code(void) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(11);
  g_autofree IvPathEncoder *out = g_new(IvPathEncoder, 1);
  g_autofree IvPathDecoder *in = g_new(IvPathDecoder, 1);
  for (guint round = 0; round < 3000; round++) {
    gint64 numbers[400];
    guint n = (guint)g_rand_int_range(rand, 0, 400), size = (guint)g_rand_int_range(rand, 0, 61);
    for (guint i = 0; i < n; i++) {
      guint bits = round % 3 ? 0 : (guint)g_rand_int_range(rand, 0, (gint32)size + 1);
      guint64 raw = ((guint64)g_rand_int(rand) << 32 | g_rand_int(rand)) & ((1ull << bits) - 1);
      numbers[i] = round % 3 == 2 && i % 50 == 0 ? (gint64)g_rand_int(rand) : (gint64)raw;
    }
    iv_path_encoder_init(out);
    for (guint i = 0; i < n; i++)
      iv_path_put_signed(out, i % IV_PATH_CONTEXTS, i % 2 ? -numbers[i] : numbers[i]);
    GByteArray *bytes = iv_path_encoder_end(out);
    iv_path_decoder_init(in, bytes->data, bytes->len);
    for (guint i = 0; i < n; i++)
      g_assert_cmpint(iv_path_get_signed(in, i % IV_PATH_CONTEXTS, G_MAXINT64 / 2), ==,
                      i % 2 ? -numbers[i] : numbers[i]);
    g_assert_false(in->bad);
    g_assert_true(in->at == in->end);
    g_byte_array_unref(bytes);
  }
}

/* ---- real detections ---- */

typedef struct {
  const char *name;
  double fps;
  IvSize size;
  int every; /* of its pictures */
} Sequence;

static void run_sequence(const Sequence *sequence) {
  g_autofree char *part = g_strdup_printf("data/mot/%s/det/det.txt", sequence->name);
  g_autofree char *path = iv_test_shared_path(part);
  g_autofree char *text = NULL;
  gsize length;
  if (!path || !g_file_get_contents(path, &text, &length, NULL)) {
    g_test_skip("no shared data");
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) rows = iv_mot_parse(text, length, path, IV_MOT_DETECTIONS, &error);
  g_assert_no_error(error);
  g_auto(Tape) tape;
  tape_init(&tape, sequence->size);
  g_autoptr(IvTracker) tracker = iv_tracker_new(NULL, sequence->size);
  guint next = 0;
  for (int frame = 1; next < rows->len; frame++) {
    IvDetection seen[IV_DETECTIONS_MAX];
    guint n = 0;
    for (; next < rows->len && g_array_index(rows, IvMotRow, next).frame == frame; next++) {
      const IvMotRow *row = &g_array_index(rows, IvMotRow, next);
      float w = (float)sequence->size.width, h = (float)sequence->size.height;
      if (n < IV_DETECTIONS_MAX)
        seen[n++] = (IvDetection){.box = {(float)row->left / w, (float)row->top / h,
                                          (float)(row->left + row->width) / w,
                                          (float)(row->top + row->height) / h},
                                  .score = (float)row->score,
                                  .class_id = IV_CLASS_PERSON};
    }
    IvTime ts = START + (IvTime)(frame * (double)IV_SECOND / sequence->fps);
    if (frame % sequence->every)
      continue; /* as the product looks at it, not at every picture */
    iv_tracker_update(tracker, ts, seen, NULL, n);
    put_frame(&tape, sequence->size, ts, tracker);
  }
  put_seam(&tape, tracker);
  g_test_message("%s", sequence->name);
  check_tape(&tape);
}

static void test_real(void) {
  static const Sequence sequences[] = {{"PETS09-S2L1", 7, {768, 576}, 1},
                                       {"TUD-Campus", 25, {640, 480}, 3},
                                       {"ADL-Rundle-6", 30, {1920, 1080}, 3},
                                       {"ADL-Rundle-6", 30, {1920, 1080}, 6},
                                       {"ADL-Rundle-6", 30, {1920, 1080}, 1}};
  for (gsize i = 0; i < G_N_ELEMENTS(sequences); i++)
    run_sequence(&sequences[i]);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/track/path/crowds", test_crowds);
  g_test_add_func("/track/path/order", test_order);
  g_test_add_func("/track/path/late", test_late);
  g_test_add_func("/track/path/code", test_code);
  g_test_add_func("/track/path/damage", test_damage);
  g_test_add_func("/track/path/real", test_real);
  return g_test_run();
}
