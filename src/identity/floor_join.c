/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "identity/floor_tracker_private.h"

#define JOIN_TIME (2 * IV_SECOND)
#define JOIN_GATE 2.5
#define JOIN_GATE_NEW 5.0
#define JOIN_WITHIN 3.0 /* metres */

static gboolean share_camera(const IvFloorPerson *a, const IvFloorPerson *b, IvTime since) {
  for (guint c = 0; c < G_N_ELEMENTS(a->in_camera); c++)
    if (a->in_camera[c] > since && b->in_camera[c] > since)
      return TRUE;
  return FALSE;
}

/* How far the two are apart over the last seconds, half squared deviations; INFINITY when they were
 * not both there. */
static double apart_lately(const IvFloorPerson *a, const IvFloorPerson *b, IvTime ts) {
  double sum = 0;
  guint n = 0;
  for (IvTime at = ts - JOIN_TIME; at <= ts; at += IV_SECOND / 2) {
    IvFloorState p, q;
    if (!iv_floor_path_at(&a->path, at, IV_FLOOR_SPAN / 2, &p) ||
        !iv_floor_path_at(&b->path, at, IV_FLOOR_SPAN / 2, &q) ||
        hypot(p.x - q.x, p.y - q.y) > JOIN_WITHIN)
      return INFINITY;
    sum += iv_floor_apart(&p, &q, IV_FLOOR_CLOCK_SD).distance2 / 2;
    n++;
  }
  return sum / n;
}

/* Somebody who is new is likelier to be a double than two who were told apart for long. */
static gboolean are_one(const IvFloorTracker *t, const IvFloorPerson *a, const IvFloorPerson *b,
                        IvTime ts) {
  const IvFloorMark *p = iv_floor_path_last(&a->path), *q = iv_floor_path_last(&b->path);
  if (!p || !q || hypot(p->place.x - q->place.x, p->place.y - q->place.y) > 3 * JOIN_WITHIN)
    return FALSE;
  double gate = a->confirmed && b->confirmed ? JOIN_GATE : JOIN_GATE_NEW;
  gate += iv_floor_looks_gain(t->looks, &a->looks, &b->looks);
  return apart_lately(a, b, ts) < gate;
}

static void hand_over_tracks(IvFloorTracker *t, const IvFloorPerson *from, IvFloorPerson *to) {
  for (guint i = 0; i < t->tracks->len; i++)
    if (iv_floor_track_at(t, i)->person == from)
      iv_floor_track_at(t, i)->person = to;
}

void iv_floor_join_people(IvFloorTracker *t, IvTime ts) {
  if (ts - t->joined < IV_SECOND)
    return;
  t->joined = ts;
  IvTime at = ts - IV_SECOND / 2;
  for (guint i = 0; i < t->people->len; i++) {
    IvFloorPerson *a = iv_floor_person_at(t, i);
    for (guint k = i + 1; k < t->people->len && !a->gone; k++) {
      IvFloorPerson *b = iv_floor_person_at(t, k);
      if (b->gone || a->last < at - IV_SECOND || b->last < at - IV_SECOND ||
          share_camera(a, b, at - JOIN_TIME - IV_SECOND) || !are_one(t, a, b, at))
        continue;
      hand_over_tracks(t, b, a);
      iv_floor_person_join(a, b);
    }
  }
}
