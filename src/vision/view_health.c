/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/view_health.h"

#include <math.h>
#include <string.h>

#include "vision/luma_grid.h"

#define LOOK_SPAN IV_SECOND
#define LEARN_LOOKS 60 /* until then nothing is compared */
#define KEEP 60.0f     /* looks over which what is learned is a mean */
#define BLACK_MEAN 14  /* levels over black */
#define BLACK_SPREAD 5
#define GREY_CHROMA 3.0 /* mean distance of the colours from grey */
#define DETAIL_ROWS 45
#define DETAIL_REACH 8 /* pixels */
#define BLOCK 10       /* cells, of a side */
#define BLOCKS_X (IV_LUMA_WIDTH / BLOCK)
#define BLOCKS_Y (IV_LUMA_HEIGHT / BLOCK)
#define TEXTURED 6.0f      /* mean gradient of a block that has something to be compared by */
#define TEXTURED_MIN 12    /* blocks; fewer tell nothing */
#define FLAT 0.35f         /* of its gradient left: the block has lost its structure */
#define LIKE 0.30f         /* correlation of a block that shows something else */
#define LOST_SHARE 0.70    /* of the blocks */
#define LOST_BY_NIGHT 0.85 /* of those of the day's view: infrared light shows less */
#define SAME_SCENE 0.60    /* correlation of the whole picture */
#define BLURRED 0.45f      /* of the detail left */
#define DETAIL_LEAST 0.01f /* a view that has no more cannot lose it */

/* One view, as learned. */
typedef struct {
  guint looks;
  float detail;
  float luma[IV_LUMA_CELLS], gradient[IV_LUMA_CELLS];
} View;

/* One look. */
typedef struct {
  guint8 luma[IV_LUMA_CELLS];
  float gradient[IV_LUMA_CELLS];
  double mean, spread;
  float detail;
  guint64 print; /* of what is seen: the same only for the same picture */
  gboolean is_grey;
} Look;

struct IvViewHealth {
  IvSize size;
  IvTime looked; /* IV_TIME_NONE = never */
  guint64 print, seq;
  View views[2]; /* in colour, and grey */
  IvViewState state, seen;
  guint seen_for; /* looks */
  guint same_for; /* looks of the same picture */
  Look look;
};

static const struct {
  const char *name, *reason;
  guint hold; /* looks before it holds */
} states[IV_VIEW_STATES] = {
    [IV_VIEW_GOOD] = {"good", "", 10},
    [IV_VIEW_FROZEN] = {"frozen",
                        "the camera sends the same picture again and again: restart the camera", 1},
    [IV_VIEW_BLACK] = {"black", "the picture is black: no light, or the lens is covered", 10},
    [IV_VIEW_COVERED] = {"covered", "something covers the view: look at the camera", 10},
    [IV_VIEW_DEFOCUSED] = {"defocused", "the picture is blurred: clean or focus the lens", 20},
    [IV_VIEW_MOVED] = {"moved",
                       "the camera shows another view: turn it back, or accept the new view and "
                       "draw its lines and zones anew",
                       20},
};
#define FROZEN_FOR                                                                                 \
  60 /* looks; a still room does not stay the same bit by bit, sensors have noise */

const char *iv_view_state_name(IvViewState state) {
  return states[state].name;
}

const char *iv_view_state_reason(IvViewState state) {
  return states[state].reason;
}

IvViewHealth *iv_view_health_new(void) {
  IvViewHealth *health = g_new0(IvViewHealth, 1);
  health->looked = IV_TIME_NONE;
  return health;
}

void iv_view_health_free(IvViewHealth *health) {
  g_free(health);
}

IvViewState iv_view_health_state(const IvViewHealth *health) {
  return health->state;
}

void iv_view_health_accept(IvViewHealth *health) {
  health->views[0].looks = health->views[1].looks = 0;
  health->seen_for = 0;
}

/* ---- a look ---- */

/* Fine detail as a share of the coarse one, at the picture's own resolution: contrast and light
 * cancel out, blur does not. The print is of the same rows. */
static void read_rows(const IvFrame *frame, Look *look) {
  int step = frame->pixels == IV_PIXELS_RGB ? 3 : 1, w = frame->size.width;
  guint64 fine = 0, coarse = 0, print = G_GUINT64_CONSTANT(14695981039346656037);
  for (int i = 0; i < DETAIL_ROWS; i++) {
    const guint8 *row =
        frame->plane[0] +
        (gssize)frame->stride[0] * ((2 * i + 1) * frame->size.height / (2 * DETAIL_ROWS));
    for (int x = 0; x + DETAIL_REACH < w; x++) {
      int here = row[x * step], next = row[(x + 1) * step] - here,
          far = row[(x + DETAIL_REACH) * step] - here;
      fine += (guint64)(next * next);
      coarse += (guint64)(far * far);
      print = (print ^ (guint64)here) * G_GUINT64_CONSTANT(1099511628211);
    }
  }
  look->detail = coarse > 0 ? (float)((double)fine / (double)coarse) : 0;
  look->print = print;
}

static void read_light(const IvFrame *frame, Look *look) {
  int black = frame->full_range || frame->pixels == IV_PIXELS_RGB ? 0 : 16;
  double sum = 0, squares = 0;
  for (guint i = 0; i < IV_LUMA_CELLS; i++) {
    sum += look->luma[i];
    squares += (double)look->luma[i] * look->luma[i];
  }
  double mean = sum / IV_LUMA_CELLS;
  look->mean = mean - black;
  look->spread = sqrt(MAX(squares / IV_LUMA_CELLS - mean * mean, 0));
}

static double chroma_of(const IvFrame *frame, int plane, int step, int offset) {
  int w = (frame->size.width + 1) / 2, h = (frame->size.height + 1) / 2, n = 0;
  double sum = 0;
  for (int y = h / 32; y < h; y += MAX(h / 16, 1))
    for (int x = w / 32; x < w; x += MAX(w / 16, 1), n++)
      sum += ABS(frame->plane[plane][(gssize)frame->stride[plane] * y + x * step + offset] - 128);
  return n > 0 ? sum / n : 0;
}

/* At night cameras light with infrared and give grey pictures. */
static gboolean is_grey(const IvFrame *frame) {
  if (frame->pixels == IV_PIXELS_RGB)
    return FALSE;
  gboolean two = frame->pixels == IV_PIXELS_NV12;
  return chroma_of(frame, 1, two ? 2 : 1, 0) +
             chroma_of(frame, two ? 1 : 2, two ? 2 : 1, two ? 1 : 0) <
         2 * GREY_CHROMA;
}

static void read_gradient(Look *look) {
  const guint8 *at = look->luma;
  for (int y = 0; y < IV_LUMA_HEIGHT; y++)
    for (int x = 0; x < IV_LUMA_WIDTH; x++) {
      int i = y * IV_LUMA_WIDTH + x, right = i + (x + 1 < IV_LUMA_WIDTH), left = i - (x > 0),
          below = i + (y + 1 < IV_LUMA_HEIGHT ? IV_LUMA_WIDTH : 0),
          above = i - (y > 0 ? IV_LUMA_WIDTH : 0);
      look->gradient[i] = (float)(ABS(at[right] - at[left]) + ABS(at[below] - at[above]));
    }
}

static void take_look(const IvFrame *frame, Look *ret_look) {
  iv_luma_grid(frame, ret_look->luma);
  read_rows(frame, ret_look);
  read_light(frame, ret_look);
  read_gradient(ret_look);
  ret_look->is_grey = is_grey(frame);
}

/* ---- against what was learned ---- */

static void learn(View *view, const Look *look) {
  view->looks++;
  float weight = 1 / MIN((float)view->looks, KEEP);
  view->detail += weight * (look->detail - view->detail);
  for (guint i = 0; i < IV_LUMA_CELLS; i++) {
    view->luma[i] += weight * ((float)look->luma[i] - view->luma[i]);
    view->gradient[i] += weight * (look->gradient[i] - view->gradient[i]);
  }
}

typedef struct {
  double n, x, y, xx, yy, xy;
} Sums;

static void add(Sums *s, double x, double y) {
  s->n++;
  s->x += x;
  s->y += y;
  s->xx += x * x;
  s->yy += y * y;
  s->xy += x * y;
}

static double correlation(const Sums *s) {
  double xx = s->xx - s->x * s->x / s->n, yy = s->yy - s->y * s->y / s->n;
  return xx > 0 && yy > 0 ? (s->xy - s->x * s->y / s->n) / sqrt(xx * yy) : 0;
}

/* Blocks of the view that tell something, those of them that lost their structure, and those that
 * show something else. */
typedef struct {
  guint textured, flat, other;
} Blocks;

static void judge_block(const View *view, const Look *look, int block_x, int block_y,
                        Blocks *blocks) {
  Sums sums = {0};
  for (int y = 0; y < BLOCK; y++)
    for (int x = 0; x < BLOCK; x++) {
      int i = (block_y * BLOCK + y) * IV_LUMA_WIDTH + block_x * BLOCK + x;
      add(&sums, (double)view->gradient[i], (double)look->gradient[i]);
    }
  if (sums.x / sums.n < (double)TEXTURED)
    return;
  blocks->textured++;
  blocks->flat += sums.y < (double)FLAT * sums.x;
  blocks->other += correlation(&sums) < (double)LIKE;
}

static Blocks judge_blocks(const View *view, const Look *look) {
  Blocks blocks = {0};
  for (int y = 0; y < BLOCKS_Y; y++)
    for (int x = 0; x < BLOCKS_X; x++)
      judge_block(view, look, x, y, &blocks);
  return blocks;
}

static gboolean is_same_scene(const View *view, const Look *look) {
  Sums sums = {0};
  for (guint i = 0; i < IV_LUMA_CELLS; i++)
    add(&sums, (double)view->luma[i], look->luma[i]);
  return correlation(&sums) >= SAME_SCENE;
}

/* Not learned yet by this light: what can be told by the other one's view. */
static IvViewState compare_lights(const View *other, const Look *look) {
  if (other->looks < LEARN_LOOKS)
    return IV_VIEW_GOOD;
  Blocks blocks = judge_blocks(other, look);
  gboolean lost = blocks.flat >= LOST_BY_NIGHT * blocks.textured;
  return blocks.textured >= TEXTURED_MIN && lost ? IV_VIEW_COVERED : IV_VIEW_GOOD;
}

static IvViewState compare(const View *view, const View *other, const Look *look) {
  if (view->looks < LEARN_LOOKS)
    return compare_lights(other, look);
  Blocks blocks = judge_blocks(view, look);
  gboolean same = is_same_scene(view, look), tells = blocks.textured >= TEXTURED_MIN;
  gboolean is_blurred = view->detail > DETAIL_LEAST && look->detail < BLURRED * view->detail;
  if (tells && blocks.flat >= LOST_SHARE * blocks.textured)
    return same ? IV_VIEW_DEFOCUSED : IV_VIEW_COVERED;
  if (tells && !same && blocks.other >= LOST_SHARE * blocks.textured)
    return IV_VIEW_MOVED;
  return same && is_blurred ? IV_VIEW_DEFOCUSED : IV_VIEW_GOOD;
}

static IvViewState judge(IvViewHealth *health, const Look *look) {
  if (look->mean < BLACK_MEAN && look->spread < BLACK_SPREAD)
    return IV_VIEW_BLACK;
  if (health->same_for >= FROZEN_FOR)
    return IV_VIEW_FROZEN;
  return compare(&health->views[look->is_grey], &health->views[!look->is_grey], look);
}

/* ---- over time ---- */

static gboolean is_due(const IvViewHealth *health, const IvFrame *frame) {
  return health->looked == IV_TIME_NONE || frame->ts < health->looked ||
         frame->ts - health->looked >= LOOK_SPAN;
}

static void fit_size(IvViewHealth *health, IvSize size) {
  if (health->size.width != size.width || health->size.height != size.height)
    iv_view_health_accept(health);
  health->size = size;
}

/* A state holds once it was seen without a break for as long as it takes. */
static gboolean hold(IvViewHealth *health, IvViewState seen) {
  health->seen_for = seen == health->seen ? health->seen_for + 1 : 1;
  health->seen = seen;
  if (seen == health->state || health->seen_for < states[seen].hold)
    return FALSE;
  health->state = seen;
  return TRUE;
}

gboolean iv_view_health_look(IvViewHealth *health, const IvFrame *frame) {
  Look *look = &health->look;
  if (!is_due(health, frame) || frame->size.width < 2 * IV_LUMA_SIDE_MIN ||
      frame->size.height < 2 * IV_LUMA_SIDE_MIN)
    return FALSE;
  health->looked = frame->ts;
  fit_size(health, frame->size);
  take_look(frame, look);
  health->same_for = look->print == health->print ? health->same_for + 1 : 0;
  health->print = look->print;
  IvViewState seen = judge(health, look);
  if (seen == IV_VIEW_GOOD && health->state == IV_VIEW_GOOD)
    learn(&health->views[look->is_grey], look);
  return hold(health, seen);
}

/* ---- over restarts ---- */

#define SAVED_MAGIC G_GUINT64_CONSTANT(0x4956564945573031) /* also tells another byte order */
#define SUM_BYTES 32                                       /* SHA-256 */

typedef struct {
  guint64 magic;
  guint32 bytes; /* of this, which tells another layout */
  gint32 width, height;
  View views[2];
} Saved;

static void sum_of(const Saved *saved, guint8 *ret_sum) {
  gsize n = SUM_BYTES;
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(sum, (const guchar *)saved, sizeof *saved);
  g_checksum_get_digest(sum, ret_sum, &n);
}

static gboolean is_learned(const View *view) {
  return view->looks >= LEARN_LOOKS;
}

GBytes *iv_view_health_save(const IvViewHealth *health) {
  if (!is_learned(&health->views[0]) && !is_learned(&health->views[1]))
    return NULL;
  guint8 *bytes = g_malloc0(sizeof(Saved) + SUM_BYTES);
  Saved *saved = (Saved *)(gpointer)bytes;
  saved->magic = SAVED_MAGIC;
  saved->bytes = sizeof *saved;
  saved->width = health->size.width;
  saved->height = health->size.height;
  for (int i = 0; i < 2; i++)
    if (is_learned(&health->views[i]))
      saved->views[i] = health->views[i];
  sum_of(saved, bytes + sizeof *saved);
  return g_bytes_new_take(bytes, sizeof(Saved) + SUM_BYTES);
}

gboolean iv_view_health_load(IvViewHealth *health, GBytes *bytes) {
  gsize n;
  guint8 sum[SUM_BYTES];
  g_autofree Saved *saved = g_new(Saved, 1);
  const guint8 *data = g_bytes_get_data(bytes, &n);
  if (n != sizeof *saved + SUM_BYTES)
    return FALSE;
  memcpy(saved, data, sizeof *saved);
  sum_of(saved, sum);
  if (saved->magic != SAVED_MAGIC || saved->bytes != sizeof *saved ||
      memcmp(sum, data + sizeof *saved, SUM_BYTES) != 0)
    return FALSE;
  health->size = (IvSize){saved->width, saved->height};
  memcpy(health->views, saved->views, sizeof health->views);
  return TRUE;
}
