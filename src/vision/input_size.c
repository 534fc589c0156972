/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/onnx.h"
#include <math.h>

#define STEP 32 /* the coarsest grid of the networks */
#define AREA (320.0 * 256.0)
#define SIDES 32 /* up to 1024 pixels: 8:1 pictures of that area */

/* Wrong aspect ratio and wrong area cost alike, both on a logarithmic scale, so that twice as wide
 * is as bad as twice as high. */
static double cost(int width, int height, double aspect) {
  return fabs(log((double)width / height / aspect)) + fabs(log((double)width * height / AREA));
}

IvSize iv_onnx_size_for(IvSize picture) {
  double aspect = (double)picture.width / picture.height, least = INFINITY;
  IvSize best = {320, 256};
  for (int w = STEP; w <= STEP * SIDES; w += STEP)
    for (int h = STEP; h <= STEP * SIDES; h += STEP)
      if (cost(w, h, aspect) < least) {
        least = cost(w, h, aspect);
        best = (IvSize){w, h};
      }
  return best;
}
