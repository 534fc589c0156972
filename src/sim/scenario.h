/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "sim/floor.h"
#include "sim/node.h"
#include "sim/random.h"

/* A store as the simulator knows it, read from an `inveye-scenario` file (docs/simulator.md): its
 * floor, what is counted on it, who comes and what they do. Immutable once read; everything it
 * points to lives as long as it does. Metres, seconds, minutes of the day; indices are those of the
 * lists here, -1 for none. Names are what the file calls a thing for people, else made of its id.
 * What the simulator does not act out (stock, facility) is left unread. */

#define IV_SCENARIO_BYTES_MAX (8u << 20)
#define IV_ZONES_MAX 64
#define IV_LINES_MAX 16
#define IV_LANES_MAX 64
#define IV_SLOTS_MAX 2000
#define IV_DISPLAYS_MAX 32
#define IV_CAMERAS_MAX 32
#define IV_PARTY_MAX 4
#define IV_SCENARIO_NAME_MAX 80 /* bytes of UTF-8 */
#define IV_WEEK 7               /* Monday is 0 */

typedef enum {
  IV_SPACE_FLOOR,
  IV_SPACE_DEPARTMENT,
  IV_SPACE_ENTRANCE,
  IV_SPACE_PRODUCT,
  IV_SPACE_PROMOTION,
  IV_SPACE_CHECKOUT,
  IV_SPACE_FITTING,
  IV_SPACE_SERVICE,
  IV_SPACE_STAFF_ONLY,
  IV_SPACE_CORRIDOR,
  IV_SPACES
} IvSpaceKind;
const char *iv_space_kind_name(IvSpaceKind kind);

typedef struct {
  int opens, closes; /* minutes of the local day; both 0 = closed */
} IvOpening;

typedef struct {
  int year, month, day;
  IvOpening opening;
} IvHoliday;

typedef struct {
  IvSlug id;
  gboolean is_wall; /* no camera looks through it, not even an ideal one */
  double height;
  IvOutline outline;
  IvFloorArea bounds;
} IvObstacle;

typedef struct {
  IvSlug id;
  gboolean is_public;
  IvSpan span;
} IvDoor;

typedef struct {
  IvSlug id;
  int door;
  IvOutline walkway, spawn;
} IvOutside;

typedef struct {
  IvSlug id;
  char name[IV_SCENARIO_NAME_MAX + 1];
  IvSpaceKind kind;
  int parent; /* an earlier or later zone, -1 for a root */
  gboolean is_leaf;
  IvOutline outline;
} IvZoneSpace;

typedef struct {
  IvSlug id;
  char name[IV_SCENARIO_NAME_MAX + 1];
  gboolean is_passby; /* else an entrance */
  int door, camera;   /* that counts it */
  IvSpan span;
  double entrance_share, exit_share; /* of the entrance lines' traffic, each sum 1; 0 if passby */
} IvCountLine;

typedef struct {
  IvOutline area, path; /* the path's first corner is its head */
} IvQueueShape;

typedef struct {
  IvSlug id;
  char name[IV_SCENARIO_NAME_MAX + 1];
  IvQueueShape queue;
} IvQueueGroup;

typedef struct {
  IvSlug id;
  char name[IV_SCENARIO_NAME_MAX + 1];
  int number, group;  /* group -1: a line of its own, `queue` */
  IvQueueShape queue; /* area.n is 0 when the group's is used */
  IvSpot service_point, staff_point;
  gboolean self_checkout;
  char terminal[25];
} IvSimLane;

typedef struct {
  IvSlug sku, category;
  char name[IV_SCENARIO_NAME_MAX + 1];
  int cents;
  double weight;
  gboolean high_value, tagged;
  double background; /* probability a transaction, of a bundle's SKU; else -1 */
} IvSimProduct;

typedef struct {
  IvSlug id;
  int product, zone;
  IvSpan face;
  IvSpot stand; /* where a customer stands before it */
} IvSlot;

typedef struct {
  IvSlug id;
  IvSpot position;
  double facing, range, half_fov; /* radians, metres, radians */
  int first_day, last_day;        /* of its campaign, from the start date; none: 0, -1 */
  double uplift;
  int products[16];
  guint n_products;
} IvDisplay;

typedef struct {
  IvSlug id;
  IvOutline outline;
  IvSpot door_point, inside_point;
} IvCabin;

typedef struct {
  IvSlug id;
  IvOutline outline;
  IvSpot threshold_point, inside_point;
} IvStaffRoom;

typedef struct {
  IvSlug id;
  char name[IV_SCENARIO_NAME_MAX + 1];
  int number;
  IvSpot position;
  double height, yaw, pitch, hfov; /* metres, radians */
  double fps;                      /* of the frames that are analysed */
  int width, height_px;
} IvSimCamera;

/* A poster, a mannequin: something that looks like somebody to that camera. */
typedef struct {
  IvSlug id;
  int camera;
  IvSpot position;
  double height, width; /* metres, upright */
} IvFalseSource;

typedef struct {
  int camera, day, from, to; /* minutes of that local day */
} IvOutage;

typedef struct {
  IvSlug name;
  guint count;
  int home_zones[16];
  guint n_home_zones;
  guint8 rota[IV_WEEK][24];
} IvStaffRole;

typedef struct {
  double every_hours, minutes;
  int zone;
} IvBreaks;

typedef struct {
  IvSlug name;
  double share; /* of persons */
  double sizes[IV_PARTY_MAX];
  double mean_size;
  IvRange visit_minutes, items, examine_s;
  int stops[2], zones_max;
  double speed_factor, purchase, view, touch, pick, returns, try_on, display_stop, children;
  /* returner */
  int absences;
  IvRange absence_minutes;
  double absence_max_minutes;
  /* thieves and those who look like them */
  int takes[2]; /* items, 0 for honest people */
  gboolean conceals, removes_tags, sweeps, walks_out, puts_back;
  double prefers_high_value, delay_s;
} IvShopperKind;

typedef struct {
  IvRange session_s, patience_s; /* session_s.mean 0: no fitting rooms */
  int items[2];
  double buy_after;
} IvFittingHabits;

typedef struct {
  double mean, sd, per_item;
} IvServiceTime;

typedef struct {
  int *products;
  guint n;
  double probability;
} IvBundle;

typedef struct {
  IvSlug id;
  char name[81], time_zone[65], currency[4];
  int year, month, day, days; /* of the default history */
  IvOpening hours[IV_WEEK];
  IvHoliday *holidays;
  guint n_holidays;
  double visits_per_day, mean_minutes;

  IvOutline walls;
  IvObstacle *obstacles;
  IvDoor *doors;
  IvSpan *windows;
  IvOutside *outsides;
  IvZoneSpace *zones;
  IvCountLine *lines;
  IvQueueGroup *groups;
  IvSimLane *lanes;
  IvSimProduct *products;
  IvSlot *slots;
  IvDisplay *displays;
  IvCabin *cabins;
  IvStaffRoom *rooms;
  IvSimCamera *cameras;
  IvOutage *outages;
  IvFalseSource *false_sources;
  guint n_obstacles, n_doors, n_windows, n_outsides, n_zones, n_lines, n_groups, n_lanes,
      n_products, n_slots, n_displays, n_cabins, n_rooms, n_cameras, n_outages, n_false_sources;

  IvStaffRole *roles;
  guint n_roles;
  IvBreaks breaks;
  double room_visits_per_hour, unauthorised_per_week, after_hours_per_week;

  double arrivals[IV_WEEK][24]; /* persons an hour */
  double passers_per_visit, turn_back_share;

  IvRange adult_height, child_height, walking_speed;
  double speed_limits[2], shoulder_width, body_radius, personal_space, queue_spacing;

  IvShopperKind *kinds;
  guint n_kinds;
  double self_checkout_share;
  int self_checkout_max_items;
  IvFittingHabits fitting;
  IvServiceTime staffed, self_service; /* self_service.mean 0: none */
  int *open_order;                     /* lanes */
  guint n_open_order;
  IvRange patience_s;
  int balk_length;
  double post_gap_s[2];
  IvBundle *bundles;
  guint n_bundles;
  double refund_share, void_share, no_sale_share, without_customer_share;

  GPtrArray *owned; /* private */
} IvScenario;

/* Reads and checks the text of a scenario file. NULL with IV_SCENARIO_ERROR and the path of the
 * first mistake ("lanes[2].group: there is no such queue group \"x\""). */
IvScenario *iv_scenario_parse(const char *text, gsize length, GError **error);
void iv_scenario_free(IvScenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvScenario, iv_scenario_free)

/* The one noise setting that track level knows. */
typedef struct {
  gboolean fixtures_hide; /* shelves stand in the way; FALSE: cameras look through them */
  gboolean outages;       /* cameras fail as the scenario says */
} IvSightNoise;

/* Reads an `inveye-noise` file. A file with no misses at all is the ideal: no outages either. */
gboolean iv_sight_noise_parse(const char *text, gsize length, IvSightNoise *ret_noise,
                              GError **error);
