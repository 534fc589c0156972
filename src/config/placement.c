/* SPDX-License-Identifier: Apache-2.0 */
#include "config/placement.h"

#include <math.h>

typedef struct {
  const IvScene *scene;
  IvCameraRole role;
  gboolean has_pose;
  IvCameraPose pose;
  GArray *found; /* of IvPlacementFinding */
} Check;

/* A finding without subject and figures, added and returned for them. */
static IvPlacementFinding *say(GArray *found, const char *code, IvPlacementGrade grade,
                               const char *format, ...) G_GNUC_PRINTF(4, 5);
static IvPlacementFinding *say(GArray *found, const char *code, IvPlacementGrade grade,
                               const char *format, ...) {
  IvPlacementFinding finding = {.code = code,
                                .grade = grade,
                                .subject_kind = "camera",
                                .value = (double)NAN,
                                .limit = (double)NAN,
                                .unit = ""};
  va_list args;
  va_start(args, format);
  g_vsnprintf(finding.advice, sizeof finding.advice, format, args);
  va_end(args);
  g_array_append_val(found, finding);
  return &g_array_index(found, IvPlacementFinding, found->len - 1);
}

static void about(IvPlacementFinding *finding, const char *kind, const IvSlug *subject) {
  finding->subject_kind = kind;
  if (subject)
    finding->subject = *subject;
}

static void measured(IvPlacementFinding *finding, double value, double limit, const char *unit) {
  finding->value = value;
  finding->limit = limit;
  finding->unit = unit;
}

/* ---- the camera ---- */

static void check_calibration(Check *c) {
  const IvHomographyError *error = &c->scene->homography_error;
  if (!c->scene->has_homography) {
    say(c->found, "not-calibrated", IV_PLACEMENT_WARNING,
        "Not calibrated: the floor plan ignores it and metres are approximate; point out 6 places "
        "of the floor in the picture and on the plan.");
    return;
  }
  if (isnan(error->rms))
    say(c->found, "calibration-untold", IV_PLACEMENT_NOTE,
        "Four pairs of points cannot tell how good they are; add two more.");
  else if (error->rms > IV_PLACEMENT_RMS_M)
    measured(say(c->found, "calibration-poor", IV_PLACEMENT_WARNING,
                 "The calibration is off by %.2f m; point out its worst pair again.", error->rms),
             error->rms, IV_PLACEMENT_RMS_M, "m");
  double told = c->scene->camera_height_m;
  if (c->has_pose && told > 0 && !c->pose.assumed_lens &&
      fabs(c->pose.height - told) > IV_PLACEMENT_HEIGHT_SHARE * told)
    measured(say(c->found, "height-differs", IV_PLACEMENT_WARNING,
                 "Measured %.1f m above the floor, but its points say %.1f m: check both, and the "
                 "size of the plan.",
                 told, c->pose.height),
             c->pose.height, told, "m");
}

static guint count_lines(const IvScene *scene, IvLineKind kind) {
  guint n = 0;
  for (guint i = 0; i < scene->n_lines; i++)
    n += scene->lines[i].kind == kind;
  return n;
}

static guint count_zones(const IvScene *scene, IvZoneKind kind) {
  guint n = 0;
  for (guint i = 0; i < scene->n_zones; i++)
    n += scene->zones[i].kind == kind;
  return n;
}

/* What a role needs to have drawn. */
static const char *missing_for_role(const Check *c) {
  const IvScene *s = c->scene;
  switch (c->role) {
  case IV_ROLE_ENTRANCE:
    return count_lines(s, IV_LINE_ENTRANCE) ? NULL : "a counting line of the kind entrance";
  case IV_ROLE_CHECKOUT:
    return s->n_lanes ? NULL : "a lane with its queue";
  case IV_ROLE_AISLE:
  case IV_ROLE_HIGH_VALUE:
    return count_zones(s, IV_ZONE_PRODUCT) + count_zones(s, IV_ZONE_PROMOTION)
               ? NULL
               : "a zone of the kind product";
  case IV_ROLE_FITTING:
    return count_zones(s, IV_ZONE_FITTING) ? NULL : "a zone of the kind fitting";
  case IV_ROLE_STAFF_ONLY:
    return count_zones(s, IV_ZONE_STAFF_ONLY) ? NULL : "a zone of the kind staff-only";
  case IV_ROLE_GENERAL:
  case IV_ROLE_KINDS:
    break;
  }
  return s->n_lines + s->n_zones + s->n_lanes ? NULL : "a line, a zone or a lane";
}

static void check_role(Check *c) {
  const char *missing = missing_for_role(c);
  if (missing)
    say(c->found, "nothing-drawn", IV_PLACEMENT_WARNING,
        "Its role is %s, and nothing is counted for it yet: draw %s.", iv_camera_role_name(c->role),
        missing);
  double pitch = c->pose.pitch * 180 / G_PI;
  if (!c->has_pose || count_lines(c->scene, IV_LINE_ENTRANCE) == 0)
    return;
  if (pitch < IV_PLACEMENT_FLAT_DEG)
    measured(say(c->found, "too-flat", IV_PLACEMENT_WARNING,
                 "Looks only %.0f degrees down: people in the doorway hide each other; hang it "
                 "higher or tilt it.",
                 pitch),
             pitch, IV_PLACEMENT_FLAT_DEG, "deg");
  else if (pitch > IV_PLACEMENT_STEEP_DEG)
    measured(say(c->found, "too-steep", IV_PLACEMENT_NOTE,
                 "Looks %.0f degrees down: people are seen from above and less surely found; tilt "
                 "it up or hang it further away.",
                 pitch),
             pitch, IV_PLACEMENT_STEEP_DEG, "deg");
}

static void check_lane_count(Check *c) {
  if (c->scene->n_lanes > IV_PLACEMENT_LANES)
    measured(say(c->found, "many-lanes", IV_PLACEMENT_NOTE,
                 "Watches %u lanes; one camera does well for %d.", c->scene->n_lanes,
                 IV_PLACEMENT_LANES),
             c->scene->n_lanes, IV_PLACEMENT_LANES, "lanes");
}

/* ---- places in the picture ---- */

static gboolean on_floor(const Check *c, IvPoint p, IvPlanPoint *ret_at) {
  return iv_homography_to_plan(&c->scene->homography, p, ret_at);
}

/* The smallest a person appears at these places, px; INFINITY when that isn't known. Places above
 * the horizon are left to check_horizon. */
static double smallest_person(const Check *c, const IvPoint *points, guint n) {
  double least = INFINITY;
  IvPlanPoint at;
  for (guint i = 0; c->has_pose && i < n; i++)
    if (on_floor(c, points[i], &at))
      least = MIN(least, iv_pose_person_px(&c->pose, at));
  return least;
}

static void check_size(Check *c, const char *kind, const IvSlug *id, const IvPoint *points,
                       guint n) {
  double px = smallest_person(c, points, n);
  if (px >= IV_PERSON_PX_MIN)
    return;
  IvPlacementFinding *finding =
      say(c->found, "people-small", IV_PLACEMENT_WARNING,
          "At %s %s people are only %.0f px high in a picture 640 wide; come nearer, zoom in, or "
          "draw it nearer to the camera.",
          kind, id->text, px);
  about(finding, kind, id);
  measured(finding, px, IV_PERSON_PX_MIN, "px");
}

static void check_horizon(Check *c, const char *kind, const IvSlug *id, const IvPoint *points,
                          guint n) {
  IvPlanPoint at;
  for (guint i = 0; c->scene->has_homography && i < n; i++) {
    if (on_floor(c, points[i], &at))
      continue;
    about(say(c->found, "above-horizon", IV_PLACEMENT_WARNING,
              "Part of %s %s lies above the horizon, where there is no floor: draw it lower.", kind,
              id->text),
          kind, id);
    return;
  }
}

static gboolean is_on_edge(IvPoint p) {
  return p.x < IV_PLACEMENT_EDGE || p.x > 1 - IV_PLACEMENT_EDGE || p.y < IV_PLACEMENT_EDGE ||
         p.y > 1 - IV_PLACEMENT_EDGE;
}

static guint count_on_edge(const IvPoint *points, guint n) {
  guint on_edge = 0;
  for (guint i = 0; i < n; i++)
    on_edge += is_on_edge(points[i]);
  return on_edge;
}

/* ---- lines ---- */

static void check_line_length(Check *c, const IvLine *line) {
  IvPlanPoint a, b;
  double width = (double)c->scene->image.height / c->scene->image.width;
  double length = hypot((double)line->b.x - line->a.x, ((double)line->b.y - line->a.y) * width);
  double limit = IV_PLACEMENT_LINE_SHARE;
  const char *unit = "share";
  if (c->scene->has_homography && on_floor(c, line->a, &a) && on_floor(c, line->b, &b)) {
    length = hypot(b.x - a.x, b.y - a.y);
    limit = IV_PLACEMENT_LINE_M;
    unit = "m";
  }
  if (length >= limit)
    return;
  IvPlacementFinding *finding =
      say(c->found, "line-short", IV_PLACEMENT_WARNING,
          "Line %s is short: people walk round it uncounted; draw it across the whole way, from "
          "frame to frame.",
          line->id.text);
  about(finding, "line", &line->id);
  measured(finding, length, limit, unit);
}

/* People are counted when they were seen on both sides. */
static void check_line_room(Check *c, const IvLine *line) {
  double aspect = (double)c->scene->image.width / c->scene->image.height;
  double dx = ((double)line->b.x - line->a.x) * aspect, dy = (double)line->b.y - line->a.y;
  double length = hypot(dx, dy);
  double x = ((double)line->a.x + line->b.x) / 2, y = ((double)line->a.y + line->b.y) / 2;
  for (int side = -1; side <= 1; side += 2) {
    double to_x = x - side * dy / length * IV_PLACEMENT_APPROACH / aspect;
    double to_y = y + side * dx / length * IV_PLACEMENT_APPROACH;
    if (to_x >= 0 && to_x <= 1 && to_y >= 0 && to_y <= 1)
      continue;
    IvPlacementFinding *finding =
        say(c->found, "line-at-edge", IV_PLACEMENT_WARNING,
            "Line %s lies at the edge of the picture: people must be seen before and behind it; "
            "move it inwards or turn the camera.",
            line->id.text);
    about(finding, "line", &line->id);
    return;
  }
}

static void check_lines(Check *c) {
  for (guint i = 0; i < c->scene->n_lines; i++) {
    const IvLine *line = &c->scene->lines[i];
    const IvPoint ends[] = {line->a, line->b};
    check_line_length(c, line);
    check_line_room(c, line);
    check_horizon(c, "line", &line->id, ends, 2);
    check_size(c, "line", &line->id, ends, 2);
  }
}

/* ---- zones and lanes ---- */

/* A zone that is the picture itself is meant to end at its edge. */
static gboolean fills_picture(const IvZone *zone) {
  return iv_polygon_area(zone->polygon, zone->n_points) > 0.6;
}

static void check_zone_cut(Check *c, const IvZone *zone) {
  guint n = count_on_edge(zone->polygon, zone->n_points);
  if (n == 0 || fills_picture(zone))
    return;
  about(say(c->found, "zone-cut", IV_PLACEMENT_NOTE,
            "Zone %s ends at the edge of the picture: who steps out of view ends the visit, so "
            "dwell is too short; show all of it, or let a second camera see the rest.",
            zone->id.text),
        "zone", &zone->id);
}

/* The longest way across what is drawn, metres. */
static double extent(const Check *c, const IvZone *zone) {
  double most = 0;
  IvPlanPoint a, b;
  for (guint i = 0; i < zone->n_points; i++)
    for (guint k = i + 1; k < zone->n_points; k++)
      if (on_floor(c, zone->polygon[i], &a) && on_floor(c, zone->polygon[k], &b))
        most = MAX(most, hypot(b.x - a.x, b.y - a.y));
  return most;
}

static void check_aisle(Check *c, const IvZone *zone) {
  gboolean is_goods = zone->kind == IV_ZONE_PRODUCT || zone->kind == IV_ZONE_PROMOTION;
  double length = c->scene->has_homography && is_goods ? extent(c, zone) : 0;
  if (length <= IV_PLACEMENT_AISLE_M)
    return;
  IvPlacementFinding *finding =
      say(c->found, "aisle-long", IV_PLACEMENT_NOTE,
          "Zone %s is %.0f m long; one camera does well for %.0f m of aisle.", zone->id.text,
          length, IV_PLACEMENT_AISLE_M);
  about(finding, "zone", &zone->id);
  measured(finding, length, IV_PLACEMENT_AISLE_M, "m");
}

static void check_zones(Check *c) {
  for (guint i = 0; i < c->scene->n_zones; i++) {
    const IvZone *zone = &c->scene->zones[i];
    check_zone_cut(c, zone);
    check_aisle(c, zone);
    check_horizon(c, "zone", &zone->id, zone->polygon, zone->n_points);
    check_size(c, "zone", &zone->id, zone->polygon, zone->n_points);
  }
}

static void check_lanes(Check *c) {
  for (guint i = 0; i < c->scene->n_lanes; i++) {
    const IvLane *lane = &c->scene->lanes[i];
    if (count_on_edge(lane->queue.polygon, lane->queue.n_points) > 0)
      about(say(c->found, "queue-cut", IV_PLACEMENT_WARNING,
                "The line of lane %s goes on outside of the picture: a long queue is counted too "
                "short; turn the camera so that all of the line is in view.",
                lane->id.text),
            "lane", &lane->id);
    check_horizon(c, "lane", &lane->id, lane->queue.polygon, lane->queue.n_points);
    check_size(c, "lane", &lane->id, lane->queue.polygon, lane->queue.n_points);
    check_size(c, "lane", &lane->id, lane->service.polygon, lane->service.n_points);
  }
}

GArray *iv_placement_check(const IvScene *scene, IvCameraRole role) {
  Check c = {.scene = scene, .role = role};
  c.found = g_array_new(FALSE, TRUE, sizeof(IvPlacementFinding));
  if (scene->n_lines + scene->n_zones + scene->n_lanes + scene->n_pairs == 0) {
    check_role(&c);
    return c.found;
  }
  c.has_pose = scene->has_homography &&
               iv_camera_pose(&scene->homography, scene->image, scene->camera_height_m, &c.pose);
  check_calibration(&c);
  check_role(&c);
  check_lane_count(&c);
  check_lines(&c);
  check_zones(&c);
  check_lanes(&c);
  return c.found;
}

/* ---- the store ---- */

static IvPlanPoint line_middle(const IvLine *line) {
  return (IvPlanPoint){((double)line->a.x + line->b.x) / 2, ((double)line->a.y + line->b.y) / 2};
}

/* Metres between the middles of the plan's line and of the camera's, as they lie on the floor;
 * INFINITY where the camera cannot tell. */
static double apart_on_plan(const IvScene *plan, const IvLine *line, const IvScene *camera,
                            const IvLine *other) {
  IvPlanPoint here = line_middle(line), there, middle = line_middle(other);
  if (!camera->has_homography ||
      !iv_homography_to_plan(&camera->homography, (IvPoint){(float)middle.x, (float)middle.y},
                             &there))
    return (double)INFINITY;
  return hypot(here.x * plan->plan.width_m - there.x, here.y * plan->plan.height_m - there.y);
}

/* The camera that counts at the same door, or NULL. */
static const IvScene *counts_too(const IvScene *plan, const IvLine *line,
                                 const IvPlacedCamera *cameras, guint n, double *ret_apart) {
  for (guint c = 0; c < n; c++)
    for (guint i = 0; i < cameras[c].scene->n_lines; i++) {
      const IvLine *other = &cameras[c].scene->lines[i];
      *ret_apart = apart_on_plan(plan, line, cameras[c].scene, other);
      if (other->kind == IV_LINE_ENTRANCE && *ret_apart < IV_PLACEMENT_SAME_DOOR_M)
        return cameras[c].scene;
    }
  return NULL;
}

static void check_doors(GArray *found, const IvScene *plan, const IvPlacedCamera *cameras,
                        guint n) {
  for (guint i = 0; i < plan->n_lines; i++) {
    const IvLine *line = &plan->lines[i];
    double apart;
    if (line->kind != IV_LINE_ENTRANCE || !counts_too(plan, line, cameras, n, &apart))
      continue;
    IvPlacementFinding *finding =
        say(found, "door-twice", IV_PLACEMENT_WARNING,
            "Line %s of the floor plan lies at a door at which a camera counts too: everybody "
            "counts twice there. Remove one of the two lines.",
            line->id.text);
    about(finding, "line", &line->id);
    measured(finding, apart, IV_PLACEMENT_SAME_DOOR_M, "m");
  }
}

GArray *iv_placement_check_store(const IvScene *plan, const IvPlacedCamera *cameras, guint n) {
  GArray *found = g_array_new(FALSE, TRUE, sizeof(IvPlacementFinding));
  gboolean on_plan = plan && count_lines(plan, IV_LINE_ENTRANCE) > 0;
  guint counting = 0;
  for (guint i = 0; i < n; i++)
    counting += count_lines(cameras[i].scene, IV_LINE_ENTRANCE) > 0;
  if (n > 0 && counting == 0 && !on_plan)
    about(say(found, "no-entrance", IV_PLACEMENT_WARNING,
              "No camera counts at an entrance: there is no footfall, and so no conversion rate; "
              "draw a line of the kind entrance at each door."),
          "store", NULL);
  else if (n > 0 && counting < IV_PLACEMENT_ENTRANCES && !on_plan) {
    IvPlacementFinding *finding =
        say(found, "few-entrances", IV_PLACEMENT_NOTE,
            "One camera counts at the entrance; when it fails nobody is counted. Two to four are "
            "usual, so that every door is seen.");
    about(finding, "store", NULL);
    measured(finding, counting, IV_PLACEMENT_ENTRANCES, "cameras");
  }
  if (on_plan)
    check_doors(found, plan, cameras, n);
  return found;
}
