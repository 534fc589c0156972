/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/detection.h"
#include "model/frame.h"

/* How the person in `box` (shares of the picture) looks: hue and brightness of two body stripes
 * (model/detection.h). Reads I420, NV12 or RGB in place, about 1000 samples whatever the box's
 * size. All zero (= unknown) when less than 8 x 16 px of the box lie in the picture, when a corner
 * is NaN or infinite or when no sample lies in the picture. Pure, any thread. */
IvAppearance iv_appearance_from_frame(const IvFrame *frame, IvBox box);

/* -1..1; 0 when either is unknown. */
float iv_appearance_correlation(const IvAppearance *a, const IvAppearance *b);

gboolean iv_appearance_is_known(const IvAppearance *look);

/* Moves `average` towards `look` by `share` (0..1) and makes its length 1 again; an unknown average
 * becomes `look`, an unknown look changes nothing. */
void iv_appearance_blend(IvAppearance *average, const IvAppearance *look, float share);
