/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/floor_view.h"

/* Which cameras see what is drawn on the floor plan: what is counted there needs them. Pure. */

typedef enum {
  IV_PLAN_ZONE,
  IV_PLAN_LINE,
  IV_PLAN_QUEUE,   /* where people wait for a lane: its own area, or that of its group */
  IV_PLAN_SERVICE, /* where a lane's customers are served */
  IV_PLAN_PARTS,
} IvPlanPart;

/* "zone", "line", "queue", "service". */
const char *iv_plan_part_name(IvPlanPart part);

/* An area is looked at in so many places a side; a camera sees it that sees a tenth of those which
 * are floor: it tells of who goes about in there, if not of everybody. */
#define IV_PLAN_SAMPLES 8
#define IV_PLAN_SEEN_PART 10

/* A line is looked at in its middle and at its ends, this far to either side too (metres): an
 * entrance is drawn on the wall, and whoever goes through is first seen beside it. */
#define IV_PLAN_BESIDE_M 0.3

typedef struct {
  IvPlanPart part;
  guint index;                               /* of the zone, line or lane in the plan's scene */
  guint n_cameras;                           /* 0 = nobody sees it: it counts nobody */
  guint8 cameras[IV_FLOOR_VIEW_CAMERAS_MAX]; /* indices into `sights`, in order */
} IvPlanSeen;

/* All zones, lines and lanes of the plan (GArray of IvPlanSeen, in this order; of a lane its queue,
 * then its service area). Sights beyond IV_FLOOR_VIEW_CAMERAS_MAX are ignored. O(things · cameras ·
 * samples · corners of walls and obstacles). */
GArray *iv_plan_seen(const IvScene *plan, const IvSight *sights, guint n);
