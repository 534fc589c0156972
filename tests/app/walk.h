/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/detection.h"
#include "model/event.h"
#include "model/scene.h"

/* Scripted people for the tests of this room: pictures of 100x100 pixels at 10 a second, a line
 * "door" down the middle (from left to right is out) and a zone "shelf" in the right half. */

#define WALK_IMAGE ((IvSize){100, 100})
#define WALK_STEP (IV_SECOND / 10)

static inline IvScene *walk_scene(int version) {
  IvZone zone = {
      .kind = IV_ZONE_PRODUCT, .n_points = 4, .polygon = {{.6f, .1f}, {1, .1f}, {1, 1}, {.6f, 1}}};
  IvLine line = {.kind = IV_LINE_ENTRANCE, .a = {.5f, 0}, .b = {.5f, 1}};
  iv_slug_set(&zone.id, "shelf");
  iv_slug_set(&line.id, "door");
  IvScene scene = {.version = version,
                   .image = WALK_IMAGE,
                   .n_lines = 1,
                   .lines = &line,
                   .n_zones = 1,
                   .zones = &zone};
  return iv_scene_copy(&scene);
}

/* Somebody whose feet are at (x, 0.8). */
static inline IvDetection walk_person(float x) {
  return (IvDetection){.box = {x - .06f, .4f, x + .06f, .8f}, .score = .9f};
}

/* Where a walker is at step `i` of `n` from left to right. */
static inline float walk_x(int i, int n) {
  return .1f + .8f * (float)i / (float)(n - 1);
}

static inline guint walk_count(const GArray *events, IvEventKind kind) {
  guint n = 0;
  for (guint i = 0; i < events->len; i++)
    n += g_array_index(events, IvEvent, i).kind == kind;
  return n;
}

/* The first one of this kind; fails the test when there is none. */
static inline const IvEvent *walk_first(const GArray *events, IvEventKind kind) {
  for (guint i = 0; i < events->len; i++)
    if (g_array_index(events, IvEvent, i).kind == kind)
      return &g_array_index(events, IvEvent, i);
  g_error("no event %s among %u", iv_event_kind_info(kind)->name, events->len);
}
