/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/detection.h"
#include "sim/box_draw.h"

/* How somebody looks in a frame: e = normalize(sqrt(identity) u_i + sqrt(camera) b_c +
 * sqrt(person_camera) w_ic + sqrt(tracklet) v_t + sqrt(frame) n_k), each N(0, I/D) and drawn once
 * for its index; staff share a part of u. All but n_k stays for a tracklet. Pure. */

typedef struct {
  guint64 person; /* of u and w: the same person always has the same */
  gboolean staff;
  guint32 camera, tracklet; /* the n-th of this person there */
} IvLookOf;

/* What stays for the tracklet: `dimension` numbers into `ret_base`, the rest 0. */
void iv_look_base(const IvBoxNoise *noise, const IvNormals *normals, guint64 seed, IvLookOf of,
                  float ret_base[IV_APPEARANCE_BINS]);

/* One frame's look; bins from `dimension` on must be 0 already and stay so. */
void iv_look_frame(const IvBoxNoise *noise, const IvNormals *normals,
                   const float base[IV_APPEARANCE_BINS], gboolean occluded, IvDraws *draws,
                   IvAppearance *look);
