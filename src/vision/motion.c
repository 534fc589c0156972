/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/motion.h"
#include <stdlib.h>
#include <string.h>

#include "vision/luma_grid.h"

#define CELLS IV_LUMA_CELLS
#define NOISE_MAX 6      /* levels; a larger median change is movement, not noise */
#define NOISE_FACTOR 3   /* times the median change of a quiet picture */
#define NEIGHBOURS_MIN 2 /* changed cells around a changed one */

struct IvMotionGate {
  IvMotionConfig config;
  IvSize size; /* of the reference's picture; 0x0 = no reference */
  IvPixels pixels;
  IvTime passed; /* when the last picture was let through */
  guint8 reference[CELLS], cells[CELLS];
  /* One cell of rim on every side, so that neighbours need no bounds check. */
  guint8 changed[IV_LUMA_HEIGHT + 2][IV_LUMA_WIDTH + 2];
};

IvMotionConfig iv_motion_config_default(void) {
  return (IvMotionConfig){.keep_alive = 2 * IV_SECOND, .threshold = 10, .min_cells = 5};
}

IvMotionGate *iv_motion_gate_new(const IvMotionConfig *config) {
  IvMotionGate *gate = g_new0(IvMotionGate, 1);
  gate->config = *config;
  return gate;
}

void iv_motion_gate_free(IvMotionGate *gate) {
  g_free(gate);
}

/* Smallest value below which half of the cells lie, in a histogram of `n` bins. */
static int median_bin(const guint *histogram, int n) {
  guint below = 0;
  for (int i = 0; i < n; i++) {
    below += histogram[i];
    if (below > CELLS / 2)
      return i;
  }
  return n - 1;
}

/* `ret_shift`: by how much the whole picture became brighter; `ret_noise`: median change left. */
static void measure(const IvMotionGate *gate, int *ret_shift, int *ret_noise) {
  guint differences[511] = {0}, around[511] = {0};
  for (int i = 0; i < CELLS; i++)
    differences[gate->cells[i] - gate->reference[i] + 255]++;
  int shift = median_bin(differences, 511) - 255;
  for (int d = 0; d < 511; d++)
    around[abs(d - 255 - shift)] += differences[d];
  *ret_shift = shift;
  *ret_noise = median_bin(around, 511);
}

static void mark_changes(IvMotionGate *gate, int shift, int limit) {
  const guint8 *now = gate->cells, *before = gate->reference;
  for (int y = 1; y <= IV_LUMA_HEIGHT; y++, now += IV_LUMA_WIDTH, before += IV_LUMA_WIDTH)
    for (int x = 0; x < IV_LUMA_WIDTH; x++)
      gate->changed[y][x + 1] = abs(now[x] - before[x] - shift) > limit;
}

static guint count_clumped(const IvMotionGate *gate) {
  guint n = 0;
  for (int y = 1; y <= IV_LUMA_HEIGHT; y++) {
    const guint8 *a = gate->changed[y - 1], *b = gate->changed[y], *c = gate->changed[y + 1];
    for (int x = 1; x <= IV_LUMA_WIDTH; x++) {
      int around = a[x - 1] + a[x] + a[x + 1] + b[x - 1] + b[x + 1] + c[x - 1] + c[x] + c[x + 1];
      n += b[x] & (around >= NEIGHBOURS_MIN);
    }
  }
  return n;
}

static gboolean moves(IvMotionGate *gate) {
  int shift, noise;
  measure(gate, &shift, &noise);
  mark_changes(gate, shift, gate->config.threshold + NOISE_FACTOR * MIN(noise, NOISE_MAX));
  return count_clumped(gate) >= gate->config.min_cells;
}

static gboolean starts_anew(const IvMotionGate *gate, const IvFrame *frame) {
  return frame->discontinuity || frame->size.width != gate->size.width ||
         frame->size.height != gate->size.height || frame->pixels != gate->pixels ||
         frame->ts < gate->passed;
}

gboolean iv_motion_gate_passes(IvMotionGate *gate, const IvFrame *frame, gboolean watched) {
  if (frame->size.width < IV_LUMA_SIDE_MIN || frame->size.height < IV_LUMA_SIDE_MIN)
    return TRUE;
  iv_luma_grid(frame, gate->cells);
  if (!watched && !starts_anew(gate, frame) && frame->ts - gate->passed < gate->config.keep_alive &&
      !moves(gate))
    return FALSE;
  memcpy(gate->reference, gate->cells, CELLS);
  gate->size = frame->size;
  gate->pixels = frame->pixels;
  gate->passed = frame->ts;
  return TRUE;
}
