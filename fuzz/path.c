/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of trajectories: refused, or read within bounds. The check before the coded bytes is put
 * right, as hardly any input would get past it. */
#include <math.h>
#include <string.h>

#include "target.h"
#include "track/path_piece.h"

#define POINTS_MAX 2000000

static void put_check(guint8 *bytes, gsize n) {
  guint a = 1, b = 0;
  for (gsize i = 2; i < n; i++) {
    a = (a + bytes[i]) % 255;
    b = (b + a) % 255;
  }
  bytes[0] = (guint8)b;
  bytes[1] = (guint8)a;
}

static void play(const guint8 *bytes, gsize n) {
  g_autoptr(IvPathReader) reader = iv_path_reader_new(bytes, n);
  IvPathStep step;
  IvTime last = G_MININT64;
  guint64 points = 0;
  while (reader && points < POINTS_MAX && iv_path_reader_next(reader, &step)) {
    g_assert_cmpint(step.ts, >=, last);
    last = step.ts;
    points += step.n;
    for (guint i = 0; i < step.n; i++)
      g_assert_true(isfinite(step.points[i].ground.x) && isfinite(step.points[i].ground.y));
  }
}

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  if (length < 2 || length > IV_PATH_BYTES_MAX) {
    play(input, length);
    return 0;
  }
  g_autofree guint8 *bytes = g_memdup2(input, length);
  play(bytes, length);
  put_check(bytes, length);
  play(bytes, length);
  return 0;
}
