/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "vision/detector.h"

/* A detector that reads its boxes from a file instead of looking: MOTChallenge detection rows
 * "frame,id,left,top,width,height,score,..." in pixels, frame 1 = IvFrame.seq 0. Boxes are turned
 * into shares with `image_px`, so frames of any size (even without pixels) will do. */

/* NULL and IV_DETECTOR_ERROR_MODEL (naming file and line) when the file cannot be read. */
IvDetector *iv_scripted_detector_open(const char *path, IvSize image_px, GError **error);

/* The same from text in memory; `text` need not outlive the call. */
IvDetector *iv_scripted_detector_parse(const char *text, IvSize image_px, GError **error);
