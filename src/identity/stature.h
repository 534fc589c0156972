/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* How tall somebody is, as far as is known: the likelihood of each height, in steps of 5 cm. What
 * is seen over the lower edge of a box is the height and noise, or less where feet are hidden.
 * Bayes over a mixture of both; adults and children are known beforehand. Pure values. */

#define IV_STATURE_MIN 0.9 /* metres */
#define IV_STATURE_STEP 0.05
#define IV_STATURE_STEPS 24

typedef struct {
  double likelihood[IV_STATURE_STEPS]; /* log, the largest is 0 */
  double metres, sd; /* of what is likeliest among people as they are; 0 = cleared, not asked yet */
  guint n;           /* heights that went in */
} IvStature;

/* Makes `metres` and `sd` of a cleared value what is usual. */
void iv_stature_begin(IvStature *stature);

/* `metres` were seen, give or take `sd`, feet hidden or not. Only heights of different places tell
 * anything new: what hides feet stands where it stands. */
void iv_stature_see(IvStature *stature, double metres, double sd);

/* What both know, of one person. */
void iv_stature_join(IvStature *stature, const IvStature *other);
