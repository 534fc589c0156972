/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/box_look.h"

#include <math.h>
#include <string.h>

G_STATIC_ASSERT(IV_BOX_LOOK_MAX == IV_APPEARANCE_BINS && IV_APPEARANCE_BINS % 4 == 0);

/* Four numbers at once; both compilers know it. */
typedef float Four __attribute__((vector_size(16)));

static void add_vector(const IvNormals *normals, IvDraws draws, double variance, guint n,
                       float *sum) {
  float scale = (float)sqrt(variance / n);
  if (variance <= 0)
    return;
  for (guint i = 0; i < n; i++)
    sum[i] += scale * iv_normal(normals, &draws);
}

void iv_look_base(const IvBoxNoise *noise, const IvNormals *normals, guint64 seed, IvLookOf of,
                  float ret_base[IV_APPEARANCE_BINS]) {
  guint n = noise->look.dimension;
  double shared = of.staff ? noise->look.staff_shared : 0;
  memset(ret_base, 0, IV_APPEARANCE_BINS * sizeof(float));
  add_vector(normals, iv_draws_of(seed, "staff", 0, 0), shared * noise->look.identity, n, ret_base);
  add_vector(normals, iv_draws_of(seed, "person", of.person, 0),
             (1 - shared) * noise->look.identity, n, ret_base);
  add_vector(normals, iv_draws_of(seed, "camera", of.camera, 0), noise->look.camera, n, ret_base);
  add_vector(normals, iv_draws_of(seed, "person-camera", of.person, of.camera),
             noise->look.person_camera, n, ret_base);
  guint64 tracklet = (guint64)of.camera << 32 | of.tracklet;
  add_vector(normals, iv_draws_of(seed, "tracklet", of.person, tracklet), noise->look.tracklet, n,
             ret_base);
}

static inline Four load(const float *from) {
  Four four;
  memcpy(&four, from, sizeof four);
  return four;
}

static Four noisy(const IvNormals *normals, Four base, float scale, guint64 bits) {
  Four drawn = {iv_normal_nth(normals, bits, 0), iv_normal_nth(normals, bits, 1),
                iv_normal_nth(normals, bits, 2), iv_normal_nth(normals, bits, 3)};
  return base + scale * drawn;
}

void iv_look_frame(const IvBoxNoise *noise, const IvNormals *normals,
                   const float base[IV_APPEARANCE_BINS], gboolean occluded, IvDraws *draws,
                   IvAppearance *look) {
  guint n = noise->look.dimension, blocks = (n + 3) / 4;
  double variance = noise->look.frame + (occluded ? noise->look.occluded_frame : 0);
  float scale = (float)sqrt(variance / n);
  Four squares = {0, 0, 0, 0};
  for (guint i = 0; i < blocks; i++) {
    Four four = load(base + 4 * i);
    if (scale > 0)
      four = noisy(normals, four, scale, iv_draws_bits(draws));
    for (guint k = n - 4 * i; k < 4; k++)
      four[k] = 0;
    squares += four * four;
    memcpy(look->bins + 4 * i, &four, sizeof four);
  }
  float length = sqrtf(squares[0] + squares[1] + squares[2] + squares[3]);
  float unit = length > 0 ? 1 / length : 0;
  for (guint i = 0; i < blocks; i++) {
    Four four = load(look->bins + 4 * i) * unit;
    memcpy(look->bins + 4 * i, &four, sizeof four);
  }
}
