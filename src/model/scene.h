/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"
#include "base/homography.h"
#include "base/ids.h"

/* What is drawn on one camera's picture, or on the store's floor plan. Immutable once made: an edit
 * makes a new version. */

#define IV_NAME_MAX 80 /* bytes of UTF-8 */
#define IV_POLYGON_MAX 64
#define IV_SCENE_ZONES_MAX 64
#define IV_ZONE_CAPACITY_MAX 10000
#define IV_SCENE_LINES_MAX 32
#define IV_SCENE_LANES_MAX 16
#define IV_LANE_PATH_MAX 16
#define IV_SCENE_MASKS_MAX 16

/* product.md S2 */
typedef enum {
  IV_ZONE_GENERAL,
  IV_ZONE_ENTRANCE,
  IV_ZONE_PRODUCT,
  IV_ZONE_PROMOTION,
  IV_ZONE_CHECKOUT,
  IV_ZONE_FITTING,
  IV_ZONE_SERVICE,
  IV_ZONE_STAFF_ONLY,
  IV_ZONE_CORRIDOR,
  IV_ZONE_KINDS,
} IvZoneKind;

typedef enum {
  IV_LINE_ENTRANCE, /* counts traffic in and out of the store */
  IV_LINE_PASS_BY,  /* outside: people who walk past the entrance */
  IV_LINE_INTERNAL, /* counts crossings inside; no footfall */
  IV_LINE_KINDS,
} IvLineKind;

typedef struct {
  IvSlug id;
  char name[IV_NAME_MAX + 1];
  IvZoneKind kind;
  IvSlug parent;  /* none = top */
  guint capacity; /* people it is for; 0 = not told */
  guint n_points;
  IvPoint polygon[IV_POLYGON_MAX]; /* shares of the picture */
} IvZone;

/* Going `in` is going from the negative to the positive side of a→b: side = sign of
 * (bx−ax)(py−ay) − (by−ay)(px−ax) in pixels, y down. */
typedef struct {
  IvSlug id;
  char name[IV_NAME_MAX + 1];
  IvLineKind kind;
  IvPoint a, b; /* shares of the picture */
} IvLine;

/* A piece of the floor; n_points 0 = none drawn. */
typedef struct {
  guint n_points;
  IvPoint polygon[IV_POLYGON_MAX]; /* shares of the picture */
} IvArea;

/* A till, counter or self-checkout with its line. Lanes of one `group` share one line, whose queue
 * is drawn on one of them. Ids of lanes and groups are one name space. */
typedef struct {
  IvSlug id;
  char name[IV_NAME_MAX + 1];
  IvSlug group; /* none = the lane has a line of its own */
  gboolean self_checkout;
  IvArea queue;
  guint n_path;                   /* 0 = the line goes straight to the service area */
  IvPoint path[IV_LANE_PATH_MAX]; /* middle of the line, head first */
  IvArea service;                 /* where the customer stands who is served */
  IvArea staff, exit;             /* may be missing */
} IvLane;

/* The floor plan stands beside the cameras under this id: its scene is drawn on the plan instead of
 * a picture, so "shares of the picture" are shares of the plan there. It has no stream. */
#define IV_FLOOR_PLAN_ID "floor-plan"
#define IV_PLAN_WALLS_MAX 16
#define IV_PLAN_OBSTACLES_MAX 256
#define IV_PLAN_SIDE_MIN 1.0 /* metres */
#define IV_PLAN_SIDE_MAX 1000.0
#define IV_OBSTACLE_HEIGHT 1.8 /* metres; of a shelf whose height isn't given */
#define IV_OBSTACLE_HEIGHT_MIN 0.1
#define IV_OBSTACLE_HEIGHT_MAX 20.0
#define IV_CAMERA_HEIGHT_MIN 0.5 /* metres above the floor */
#define IV_CAMERA_HEIGHT_MAX 30.0

typedef struct {
  IvArea area;
  double height_m; /* above the floor */
} IvPlanObstacle;

/* Metres: origin top left, x right, y down, seen from above. Sight is only known to end at what is
 * drawn here. */
typedef struct {
  double width_m, height_m; /* 0 = the scene is a camera's */
  char image[17];           /* name of its uploaded picture; "" = none */
  guint n_walls, n_obstacles;
  IvArea *walls;             /* owned; outlines of the floor; none = all of the plan is floor */
  IvPlanObstacle *obstacles; /* owned; shelves, pillars */
} IvPlanSheet;

typedef struct {
  IvSlug camera_id;
  int version;        /* 1, 2, ... per camera */
  char hash[17];      /* first 16 hex digits of SHA-256 over the canonical JSON */
  IvSize image;       /* pixels of the picture it was drawn on; gives the aspect ratio */
  gboolean full_view; /* the picture shows the whole store: its live count is the occupancy */
  guint n_zones, n_lines, n_lanes;
  IvZone *zones; /* owned */
  IvLine *lines; /* owned */
  IvLane *lanes; /* owned */

  /* Privacy: what lies in a mask is black in every picture. Of cameras only. */
  gboolean masks_told; /* FALSE: it says nothing of masks, and those of the version before stay */
  guint n_masks;
  IvArea *masks; /* owned */

  /* Calibration of a camera; without it the camera counts in its picture and the plan ignores it.
   */
  guint n_pairs;          /* 0 = not calibrated, else 4..64 */
  IvPointPair *pairs;     /* owned */
  double camera_height_m; /* above the floor, as measured by a person; 0 = not told */
  gboolean has_homography;
  IvHomography homography; /* made of the pairs by iv_scene_calibrate */
  IvHomographyError homography_error;

  IvPlanSheet plan; /* of IV_FLOOR_PLAN_ID only */
} IvScene;

void iv_scene_free(IvScene *scene);
IvScene *iv_scene_copy(const IvScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvScene, iv_scene_free)

/* Names as in scene.schema.json ("staff-only", "pass-by"); from_name gives -1 for unknown ones. */
const char *iv_zone_kind_name(IvZoneKind kind);
int iv_zone_kind_from_name(const char *name);
const char *iv_line_kind_name(IvLineKind kind);
int iv_line_kind_from_name(const char *name);

/* Checks every rule a scene must keep (slugs, unique ids, simple polygons of 3 to 64 corners inside
 * 0..1, lines of length > 0, parents that exist and make no ring, lanes with a service area and one
 * queue). On failure says which item is wrong and what to do. Error domain IV_SCENE_ERROR. */
#define IV_SCENE_ERROR iv_scene_error_quark()
GQuark iv_scene_error_quark(void);
typedef enum { IV_SCENE_ERROR_INVALID } IvSceneError;
gboolean iv_scene_check(const IvScene *scene, GError **error);

/* The same for one item (index < n_zones, n_lines, n_lanes), so that a reader can tell all that is
 * wrong. */
gboolean iv_scene_check_zone(const IvScene *scene, guint index, GError **error);
gboolean iv_scene_check_line(const IvScene *scene, guint index, GError **error);
gboolean iv_scene_check_lane(const IvScene *scene, guint index, GError **error);
gboolean iv_scene_check_mask(const IvScene *scene, guint index, GError **error);

/* Gives it the masks of `from`, which it then tells. */
void iv_scene_take_masks(IvScene *scene, const IvScene *from);

/* Index of the lane on which the line of lane `index` is drawn: itself, or one of its group; -1 if
 * none. */
int iv_scene_queue_of(const IvScene *scene, guint index);

/* Makes the homography of the pairs (none: FALSE stays in has_homography, and that is fine). What
 * is read from JSON or YAML has it already; call it on scenes built in code. */
gboolean iv_scene_calibrate(IvScene *scene, GError **error);

/* From shares to pixels of the picture it is drawn on. */
static inline IvPoint iv_scene_to_pixels(const IvScene *scene, IvPoint share) {
  return (IvPoint){share.x * (float)scene->image.width, share.y * (float)scene->image.height};
}

static inline gboolean iv_scene_is_plan(const IvScene *scene) {
  return scene->plan.width_m > 0;
}

/* Calibration, walls and obstacles; part of iv_scene_check. */
gboolean iv_scene_check_measures(const IvScene *scene, GError **error);

/* That every pair of a camera lies on the plan. */
gboolean iv_scene_check_on_plan(const IvScene *camera, const IvScene *plan, GError **error);

/* What stands for the picture's pixels of a plan: 100 a metre, fewer when a side gets too long. */
IvSize iv_plan_picture_size(double width_m, double height_m);

/* 16 lower-case hex digits. */
gboolean iv_plan_image_is_valid(const char *image);

/* From shares of the plan to metres and back. */
IvPlanPoint iv_plan_to_metres(const IvPlanSheet *plan, IvPoint share);
IvPoint iv_plan_to_share(const IvPlanSheet *plan, IvPlanPoint metres);
