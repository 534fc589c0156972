/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/doorway.h"

#include "rules/crossing.h"

/* Shares of a person's height. */
#define DOORSTEP 0.6  /* inwards from the line */
#define OUTSIDE -0.25 /* and outwards */
#define INWARD 0.35   /* walked in, to be sure */
#define OUTWARD 0.25  /* towards the line, in the last TRAIL */
#define BESIDE 0.15   /* of the line's length, past its ends */
#define COMING (4 * IV_SECOND)
#define TRAIL (1500 * IV_MS)
#define STEP (150 * IV_MS)

static gboolean is_on_step(IvPoint a, IvPoint b, float tall, IvPoint p, double distance) {
  double place = iv_crossing_place(a, b, p);
  return distance >= OUTSIDE * (double)tall && distance <= DOORSTEP * (double)tall &&
         place > -BESIDE && place < 1 + BESIDE;
}

static void follow(IvDoorstep *step, IvTime ts, double distance) {
  guint last = (step->next + IV_DOORSTEP_TRAIL - 1) % IV_DOORSTEP_TRAIL;
  if (step->n > 0 && ts - step->trail_ts[last] < STEP) {
    step->trail[last] = distance;
    return;
  }
  step->trail_ts[step->next] = ts;
  step->trail[step->next] = distance;
  step->next = (step->next + 1) % IV_DOORSTEP_TRAIL;
  step->n = MIN(step->n + 1, IV_DOORSTEP_TRAIL);
}

gboolean iv_doorstep_seen(IvDoorstep *step, IvPoint a, IvPoint b, float tall, IvPoint p, IvTime ts,
                          gboolean begins, IvTime *ret_ts) {
  double distance = iv_crossing_distance(a, b, p);
  double place = iv_crossing_place(a, b, p);
  if (place > -BESIDE && place < 1 + BESIDE)
    follow(step, ts, distance);
  else
    step->n = 0;
  if (begins && is_on_step(a, b, tall, p, distance)) {
    step->coming = TRUE;
    step->since = ts;
    step->from = distance;
  }
  if (step->coming && (ts - step->since > COMING || distance < OUTSIDE * (double)tall))
    step->coming = FALSE;
  if (!step->coming || distance - step->from < INWARD * (double)tall || distance < 0)
    return FALSE;
  step->coming = FALSE;
  *ret_ts = step->since;
  return TRUE;
}

void iv_doorstep_crossed(IvDoorstep *step) {
  step->coming = FALSE;
  step->n = 0;
}

gboolean iv_doorstep_left(const IvDoorstep *step, float tall) {
  if (step->n < 2)
    return FALSE;
  guint last = (step->next + IV_DOORSTEP_TRAIL - 1) % IV_DOORSTEP_TRAIL;
  double now = step->trail[last], most = now;
  for (guint i = 0; i < step->n; i++)
    if (step->trail_ts[last] - step->trail_ts[i] <= TRAIL)
      most = MAX(most, step->trail[i]);
  return now <= DOORSTEP * (double)tall && now >= OUTSIDE * (double)tall &&
         most - now >= OUTWARD * (double)tall;
}
