/* SPDX-License-Identifier: Apache-2.0 */
#include "app/floor_stage.h"

#include "identity/floor_tracker.h"
#include "kpi/calendar.h"
#include "model/visitor.h"

#define ZONE_BAND 0.35f /* metres: as vague as places are */
#define ZONE_DOUBT (3 * IV_SECOND)
#define VISITORS_A_SECOND 16 /* numbers that are kept free for each second of the day */

/* Somebody on the floor: how often he was told of, and how often as staff. */
typedef struct {
  guint said, staff;
  IvTime said_at;
  guint64 visitor;   /* of the store's day on which he was seen first */
  IvTrackPoint last; /* TENTATIVE = not told of yet */
} Person;

/* The last number that was given on a day. */
typedef struct {
  guint day;
  guint32 last;
} Numbers;

struct IvFloorStage {
  IvFloorStageConfig config;
  IvScene *plan;
  guint n_cameras;
  IvScene **cameras;
  int *place;                /* of each camera in `floor`; -1 = not on the plan */
  IvFloorTracker *floor;     /* NULL = stands still */
  IvCameraRules *rules;      /* NULL = no plan */
  GHashTable *people;        /* number → Person, owned */
  guint64 ids_from, last_id; /* numbers of people go on where the floor is made anew */
  Numbers numbers[2];        /* of even and odd days: around midnight both are in use */
  IvTime told, swept;
  guint late;
};

/* ---- the floor ---- */

static IvPoint middle(const IvLine *line) {
  return (IvPoint){(line->a.x + line->b.x) / 2, (line->a.y + line->b.y) / 2};
}

static void add_exit(IvFloorPlan *floor, IvPlanPoint at) {
  if (floor->n_exits < IV_FLOOR_EXITS_MAX)
    floor->exits[floor->n_exits++] = at;
}

/* Doors are drawn on the plan, or in the pictures of the cameras that look at them. */
static void add_exits(const IvFloorStage *stage, IvFloorPlan *floor) {
  const IvScene *plan = stage->plan;
  for (guint i = 0; i < plan->n_lines; i++)
    if (plan->lines[i].kind == IV_LINE_ENTRANCE)
      add_exit(floor, iv_plan_to_metres(&plan->plan, middle(&plan->lines[i])));
  for (guint c = 0; c < stage->n_cameras; c++) {
    const IvScene *scene = stage->cameras[c];
    IvPlanPoint at;
    for (guint i = 0; scene && scene->has_homography && i < scene->n_lines; i++)
      if (scene->lines[i].kind == IV_LINE_ENTRANCE &&
          iv_homography_to_plan(&scene->homography, middle(&scene->lines[i]), &at))
        add_exit(floor, at);
  }
}

static IvFloorPlan floor_plan(const IvFloorStage *stage) {
  const IvPlanSheet *sheet = &stage->plan->plan;
  IvFloorPlan floor = {.width = sheet->width_m, .height = sheet->height_m};
  for (guint i = 0; sheet->n_walls > 0 && i < sheet->walls[0].n_points; i++) {
    IvPlanPoint corner = iv_plan_to_metres(sheet, sheet->walls[0].polygon[i]);
    floor.walls[floor.n_walls++] = (IvPoint){(float)corner.x, (float)corner.y};
  }
  add_exits(stage, &floor);
  return floor;
}

static void make_floor(IvFloorStage *stage) {
  IvFloorCamera cameras[IV_FLOOR_CAMERAS_MAX];
  guint n = 0;
  for (guint i = 0; i < stage->n_cameras; i++) {
    const IvScene *scene = stage->cameras[i];
    stage->place[i] = -1;
    if (!scene || !scene->has_homography || n == IV_FLOOR_CAMERAS_MAX)
      continue;
    stage->place[i] = (int)n;
    cameras[n++] = iv_floor_camera_new(&scene->homography, scene->image, scene->camera_height_m);
  }
  if (n == 0 || !iv_scene_is_plan(stage->plan))
    return;
  IvFloorPlan plan = floor_plan(stage);
  stage->floor = iv_floor_tracker_new(NULL, &plan, cameras, n);
  stage->ids_from = stage->last_id;
}

static void make_rules(IvFloorStage *stage) {
  if (iv_scene_is_plan(stage->plan))
    stage->rules = iv_camera_rules_new(&stage->config.limits, &stage->config.source, stage->plan);
}

IvFloorStage *iv_floor_stage_new(const IvFloorStageConfig *config, const IvScene *plan,
                                 const IvScene *const *cameras, guint n_cameras) {
  IvFloorStage *stage = g_new0(IvFloorStage, 1);
  stage->config = *config;
  stage->config.limits.zone_band = ZONE_BAND;
  stage->config.limits.exit_grace = ZONE_DOUBT;
  iv_slug_set(&stage->config.source.camera_id, IV_FLOOR_PLAN_ID);
  g_time_zone_ref(config->zone);
  stage->plan = iv_scene_copy(plan);
  stage->n_cameras = n_cameras;
  stage->cameras = g_new0(IvScene *, MAX(n_cameras, 1));
  stage->place = g_new0(int, MAX(n_cameras, 1));
  for (guint i = 0; i < n_cameras; i++)
    stage->cameras[i] = cameras[i] ? iv_scene_copy(cameras[i]) : NULL;
  stage->people = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  stage->told = stage->swept = IV_TIME_NONE;
  make_floor(stage);
  make_rules(stage);
  return stage;
}

void iv_floor_stage_free(IvFloorStage *stage) {
  if (!stage)
    return;
  for (guint i = 0; i < stage->n_cameras; i++)
    iv_scene_free(stage->cameras[i]);
  g_free(stage->cameras);
  g_free(stage->place);
  iv_scene_free(stage->plan);
  iv_floor_tracker_free(stage->floor);
  iv_camera_rules_free(stage->rules);
  g_hash_table_unref(stage->people);
  g_time_zone_unref(stage->config.zone);
  g_free(stage);
}

gboolean iv_floor_stage_is_active(const IvFloorStage *stage) {
  return stage->floor != NULL;
}

gboolean iv_floor_stage_has_camera(const IvFloorStage *stage, guint camera) {
  return stage->floor && stage->place[camera] >= 0;
}

IvTime iv_floor_stage_lag(void) {
  return iv_floor_tracker_config_default().lag;
}

/* ---- people ---- */

/* No number comes twice on a day, after a start neither: each second has its own. */
static guint64 new_visitor(IvFloorStage *stage, IvTime ts) {
  guint day = iv_calendar_day_number(stage->config.zone, ts);
  IvTime since = ts - iv_calendar_day_start(stage->config.zone, ts);
  Numbers *numbers = &stage->numbers[day % 2];
  if (numbers->day != day)
    *numbers = (Numbers){.day = day};
  numbers->last = MAX(numbers->last + 1, (guint32)(since / IV_SECOND) * VISITORS_A_SECOND + 1);
  return iv_visitor_make(day, numbers->last);
}

static Person *find_person(IvFloorStage *stage, guint64 id, IvTime ts) {
  gpointer key = GSIZE_TO_POINTER((gsize)id);
  Person *person = g_hash_table_lookup(stage->people, key);
  if (!person) {
    person = g_new0(Person, 1);
    person->visitor = new_visitor(stage, ts);
    g_hash_table_insert(stage->people, key, person);
  }
  return person;
}

static gboolean is_staff(const Person *person) {
  return 2 * person->staff > person->said;
}

static gboolean is_late(const IvFloorStage *stage, const IvTrackPoint *point) {
  return point->state == IV_TRACK_CONFIRMED && stage->told != IV_TIME_NONE &&
         point->ts < stage->told - iv_floor_stage_lag();
}

void iv_floor_stage_see(IvFloorStage *stage, guint camera, const IvTracker *tracker) {
  guint n;
  const IvTrackPoint *points = iv_tracker_points(tracker, &n);
  if (!iv_floor_stage_has_camera(stage, camera))
    return;
  for (guint i = 0; i < n; i++) {
    stage->late += is_late(stage, &points[i]);
    iv_floor_tracker_see(stage->floor, (guint)stage->place[camera], &points[i],
                         iv_tracker_look(tracker, points[i].tracklet_id));
  }
}

guint iv_floor_stage_late(const IvFloorStage *stage) {
  return stage->late;
}

void iv_floor_stage_vote_staff(IvFloorStage *stage, guint camera, guint64 tracklet, IvTime ts,
                               gboolean staff) {
  if (!iv_floor_stage_has_camera(stage, camera))
    return;
  guint64 id = iv_floor_tracker_person_of(stage->floor, (guint)stage->place[camera], tracklet);
  if (id == 0)
    return;
  Person *person = find_person(stage, stage->ids_from + id, ts);
  person->said++;
  person->said_at = ts;
  person->staff += staff ? 1 : 0;
}

static gint by_id(gconstpointer a, gconstpointer b) {
  const IvTrackPoint *x = a, *y = b;
  return (x->tracklet_id > y->tracklet_id) - (x->tracklet_id < y->tracklet_id);
}

guint iv_floor_stage_people(const IvFloorStage *stage, guint max, IvTrackPoint *ret_points) {
  g_autoptr(GArray) here = g_array_new(FALSE, FALSE, sizeof(IvTrackPoint));
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, stage->people);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const Person *person = value;
    if (person->last.state == IV_TRACK_CONFIRMED && !is_staff(person))
      g_array_append_val(here, person->last);
  }
  g_array_sort(here, by_id);
  guint n = MIN(here->len, max);
  for (guint i = 0; i < n; i++)
    ret_points[i] = g_array_index(here, IvTrackPoint, i);
  return n;
}

/* ---- counting ---- */

static void count_point(IvFloorStage *stage, const IvTrackPoint *at, GArray *ret_events) {
  IvTrackPoint point = *at;
  point.tracklet_id += stage->ids_from;
  stage->last_id = MAX(stage->last_id, point.tracklet_id);
  Person *person = find_person(stage, point.tracklet_id, point.ts);
  point.visitor = person->visitor;
  person->last = point;
  if (!is_staff(person))
    iv_camera_rules_update(stage->rules, &point, 1, ret_events);
  else if (point.state == IV_TRACK_CONFIRMED)
    iv_camera_rules_see_staff(stage->rules, point.ground, point.ts);
  if (point.state == IV_TRACK_ENDED)
    g_hash_table_remove(stage->people, GSIZE_TO_POINTER((gsize)point.tracklet_id));
}

static void make_nameless(GArray *events, guint from) {
  for (; from < events->len; from++) {
    IvEvent *event = &g_array_index(events, IvEvent, from);
    if (!iv_slug_is_none(&event->line_id))
      event->visitor = 0;
  }
}

static void count(IvFloorStage *stage, const IvTrackPoint *points, guint n, GArray *ret_events) {
  guint from = ret_events->len;
  for (guint i = 0; i < n; i++)
    count_point(stage, &points[i], ret_events);
  make_nameless(ret_events, from);
}

/* Of those who were never told of, nobody says that they are gone. */
static void sweep(IvFloorStage *stage) {
  GHashTableIter iter;
  gpointer value;
  if (stage->swept != IV_TIME_NONE && stage->told - stage->swept < IV_MINUTE)
    return;
  stage->swept = stage->told;
  g_hash_table_iter_init(&iter, stage->people);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const Person *person = value;
    if (person->last.state == IV_TRACK_TENTATIVE &&
        stage->told - person->said_at > iv_floor_tracker_config_default().keep_lost)
      g_hash_table_iter_remove(&iter);
  }
}

void iv_floor_stage_advance(IvFloorStage *stage, IvTime ts, GArray *ret_events) {
  guint n;
  if (!stage->floor || (stage->told != IV_TIME_NONE && ts <= stage->told))
    return;
  stage->told = ts;
  const IvTrackPoint *points = iv_floor_tracker_advance(stage->floor, ts, &n);
  count(stage, points, n, ret_events);
  iv_camera_rules_tick(stage->rules, ts - iv_floor_stage_lag(), ret_events);
  sweep(stage);
}

/* Everybody leaves the floor as it is. */
static void end_floor(IvFloorStage *stage, GArray *ret_events) {
  guint n;
  if (!stage->floor)
    return;
  const IvTrackPoint *points = iv_floor_tracker_finish(stage->floor, &n);
  count(stage, points, n, ret_events);
  iv_camera_rules_rest(stage->rules, ret_events);
  g_clear_pointer(&stage->floor, iv_floor_tracker_free);
  g_hash_table_remove_all(stage->people);
}

void iv_floor_stage_set_plan(IvFloorStage *stage, const IvScene *plan, GArray *ret_events) {
  end_floor(stage, ret_events);
  iv_scene_free(stage->plan);
  stage->plan = iv_scene_copy(plan);
  if (stage->rules && iv_scene_is_plan(plan)) {
    iv_camera_rules_set_scene(stage->rules, plan, stage->told == IV_TIME_NONE ? 0 : stage->told,
                              ret_events);
  } else if (stage->rules) {
    iv_camera_rules_finish(stage->rules, ret_events);
    g_clear_pointer(&stage->rules, iv_camera_rules_free);
  } else {
    make_rules(stage);
  }
  make_floor(stage);
}

void iv_floor_stage_set_camera(IvFloorStage *stage, guint camera, const IvScene *scene,
                               GArray *ret_events) {
  const IvScene *before = stage->cameras[camera];
  gboolean matters = (before && before->has_homography) || (scene && scene->has_homography);
  if (matters)
    end_floor(stage, ret_events);
  iv_scene_free(stage->cameras[camera]);
  stage->cameras[camera] = scene ? iv_scene_copy(scene) : NULL;
  if (matters)
    make_floor(stage);
}

void iv_floor_stage_finish(IvFloorStage *stage, GArray *ret_events) {
  end_floor(stage, ret_events);
  if (stage->rules)
    iv_camera_rules_finish(stage->rules, ret_events);
}

const IvCameraRules *iv_floor_stage_rules(const IvFloorStage *stage) {
  return stage->rules;
}
