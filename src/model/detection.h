/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"

/* Classes follow COCO's order (0 = person). */
#define IV_CLASS_PERSON 0
#define IV_DETECTIONS_MAX 512 /* per frame; a detector keeps the best scored */

/* One thing seen in one frame. */
typedef struct {
  IvBox box; /* shares of the picture; may reach a little outside 0..1 where a person is cut off */
  float score; /* 0..1 */
  int class_id;
} IvDetection;

/* Colour appearance of a person in one frame: two body stripes (15-50 % and 55-90 % of the box's
 * height, middle half of its width), per stripe 8 hues × 4 values + 8 greys, square roots of
 * shares, mean-centred and of unit length; so the dot product of two is their correlation, -1..1.
 */
#define IV_APPEARANCE_BINS 80
typedef struct {
  float bins[IV_APPEARANCE_BINS]; /* all zero = unknown */
} IvAppearance;
