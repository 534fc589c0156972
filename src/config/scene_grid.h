/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Steps a picture's side is divided into when coordinates are written and read. A float holds each
 * step exactly enough to come back as the same step, so a scene survives JSON unchanged; a step of
 * a 4K picture is 0.004 px. */
#define IV_SCENE_GRID 1e6

/* Steps of a metre on the floor plan: a millimetre. */
#define IV_PLAN_GRID 1e3
