/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "identity/floor_path.h"

/* Where somebody stands: what all places since he came there say together, older ones less. Who
 * stands is in one place, however cameras waver about it: what each of them sees of him changes,
 * and with it where his feet seem to be. Pure values; private to this room. */
typedef struct {
  double a[3], b[2]; /* information matrix (xx, xy, yy; 1/m²) and vector (1/m) */
  double trust;      /* sum of the weights of what went in; 0 = he walks */
} IvFloorStay;

#define IV_FLOOR_AHEAD 5 /* places half a second apart, the first of now */

/* Takes the places known of now and of the next two seconds (`n` of them, 0 when none is known),
 * and tells where he stands; FALSE while he walks. The first one is learned from when `is_seen`. */
gboolean iv_floor_stay_see(IvFloorStay *stay, const IvFloorState *ahead, guint n, gboolean is_seen,
                           IvFloorState *ret_place);
