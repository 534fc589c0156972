/* SPDX-License-Identifier: Apache-2.0 */
#include "store/plan_sights.h"

#include <string.h>

#include "config/scene_json.h"
#include "model/plan_sight.h"
#include "store/lookup.h"

static const char *const item_names[IV_PLAN_ITEMS] = {"lane", "line", "plan", "zone"};

const char *iv_plan_item_name(IvPlanItem item) {
  return item_names[item];
}

typedef struct {
  IvSql *sql;
  gint64 store_no, plan_no;
  IvScene *plan;   /* NULL = none is drawn */
  GArray *sights;  /* of IvSight: cameras with a place */
  GArray *cameras; /* of gint64: their numbers */
} Floor;

static void floor_clear(Floor *floor) {
  g_clear_pointer(&floor->plan, iv_scene_free);
  g_clear_pointer(&floor->sights, g_array_unref);
  g_clear_pointer(&floor->cameras, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Floor, floor_clear)

/* ---- reading ---- */

/* NULL where the row was written under rules that no longer hold: such a camera sees nothing, and
 * no start fails for it. */
static IvScene *read_drawing(IvStatement *st, int column) {
  const char *text = iv_column_text(st, column);
  return iv_scene_from_text(text, strlen(text), NULL);
}

static gboolean read_plan(Floor *floor, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st =
      iv_sql_statement(floor->sql, "SELECT c.camera_no, s.drawing FROM cameras c JOIN scenes s "
                                   "ON s.camera_no = c.camera_no AND s.version = c.scene_version "
                                   "WHERE c.store_no = $1 AND c.role = 'plan'");
  iv_bind_int(st, floor->store_no);
  if (iv_step_row(st, &wrong)) {
    g_autoptr(IvScene) plan = read_drawing(st, 1);
    floor->plan_no = iv_column_int(st, 0);
    if (plan && iv_scene_is_plan(plan))
      floor->plan = g_steal_pointer(&plan);
    iv_statement_reset(st);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean read_cameras(Floor *floor, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st =
      iv_sql_statement(floor->sql, "SELECT c.camera_no, s.drawing FROM cameras c JOIN scenes s "
                                   "ON s.camera_no = c.camera_no AND s.version = c.scene_version "
                                   "WHERE c.store_no = $1 AND c.in_config = 1 AND c.enabled = 1 "
                                   "AND c.role <> 'plan' ORDER BY c.number, c.camera_no");
  iv_bind_int(st, floor->store_no);
  while (iv_step_row(st, &wrong)) {
    g_autoptr(IvScene) scene = read_drawing(st, 1);
    gint64 no = iv_column_int(st, 0);
    IvSight sight = {0};
    if (scene)
      sight = iv_sight_of(scene);
    if (!sight.has_pose || floor->sights->len == IV_FLOOR_VIEW_CAMERAS_MAX)
      continue;
    g_array_append_val(floor->sights, sight);
    g_array_append_val(floor->cameras, no);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* ---- writing ---- */

static gboolean forget(const Floor *floor, GError **error) {
  IvStatement *st = iv_sql_statement(floor->sql, "DELETE FROM plan_sights WHERE store_no = $1");
  iv_bind_int(st, floor->store_no);
  return iv_step_done(st, error);
}

static gboolean put(const Floor *floor, IvPlanItem item, gint64 item_no, gint64 camera_no,
                    GError **error) {
  IvStatement *st = iv_sql_statement(
      floor->sql, "INSERT OR IGNORE INTO plan_sights (store_no, item, item_no, camera_no) "
                  "VALUES ($1, $2, $3, $4)");
  iv_bind_int(st, floor->store_no);
  iv_bind_text(st, iv_plan_item_name(item));
  iv_bind_int(st, item_no);
  iv_bind_int(st, camera_no);
  return iv_step_done(st, error);
}

/* `seen`: indices of cameras, each TRUE that sees it; none = the row of nobody. */
static gboolean put_all(const Floor *floor, IvPlanItem item, gint64 item_no, const gboolean *seen,
                        GError **error) {
  gboolean any = FALSE;
  for (guint i = 0; i < floor->cameras->len; i++) {
    any |= seen[i];
    if (seen[i] && !put(floor, item, item_no, g_array_index(floor->cameras, gint64, i), error))
      return FALSE;
  }
  return any || put(floor, item, item_no, 0, error);
}

static gboolean find_no(const Floor *floor, IvPlanItem item, const IvSlug *id, gint64 *ret_no,
                        GError **error) {
  static const char *const texts[IV_PLAN_ITEMS] = {
      [IV_PLAN_ITEM_LANE] = "SELECT lane_no FROM lanes WHERE store_no = $1 AND id = $2",
      [IV_PLAN_ITEM_LINE] = "SELECT line_no FROM lines WHERE store_no = $1 AND id = $2 "
                            "AND camera_no = $3",
      [IV_PLAN_ITEM_ZONE] = "SELECT zone_no FROM zones WHERE store_no = $1 AND id = $2",
  };
  IvStatement *st = iv_sql_statement(floor->sql, texts[item]);
  iv_bind_int(st, floor->store_no);
  iv_bind_text(st, id->text);
  if (item == IV_PLAN_ITEM_LINE)
    iv_bind_int(st, floor->plan_no);
  return iv_lookup_int(st, 0, ret_no, error);
}

static void mark(const IvPlanSeen *by, gboolean *seen) {
  for (guint i = 0; i < by->n_cameras; i++)
    seen[by->cameras[i]] = TRUE;
}

static gboolean put_one(const Floor *floor, IvPlanItem item, const IvSlug *id, const IvPlanSeen *by,
                        GError **error) {
  gboolean seen[IV_FLOOR_VIEW_CAMERAS_MAX] = {FALSE};
  gint64 no;
  mark(by, seen);
  return find_no(floor, item, id, &no, error) && put_all(floor, item, no, seen, error);
}

/* ---- lanes ---- */

/* Of the lane with this index: both or neither. */
static void mark_lane(const GArray *all, guint index, gboolean *seen) {
  const IvPlanSeen *queue = NULL, *service = NULL;
  for (guint i = 0; i < all->len; i++) {
    const IvPlanSeen *by = &g_array_index(all, IvPlanSeen, i);
    if (by->index == index && by->part == IV_PLAN_QUEUE)
      queue = by;
    else if (by->index == index && by->part == IV_PLAN_SERVICE)
      service = by;
  }
  if (!queue || !service || queue->n_cameras == 0 || service->n_cameras == 0)
    return;
  mark(queue, seen);
  mark(service, seen);
}

static gboolean put_lanes(const Floor *floor, const GArray *all, GError **error) {
  const IvScene *plan = floor->plan;
  gint64 no;
  for (guint i = 0; i < plan->n_lanes; i++) {
    const IvSlug *group = &plan->lanes[i].group;
    gboolean seen[IV_FLOOR_VIEW_CAMERAS_MAX] = {FALSE};
    mark_lane(all, i, seen);
    if (!find_no(floor, IV_PLAN_ITEM_LANE, &plan->lanes[i].id, &no, error) ||
        !put_all(floor, IV_PLAN_ITEM_LANE, no, seen, error))
      return FALSE;
    if (iv_slug_is_none(group))
      continue;
    for (guint k = 0; k < plan->n_lanes; k++)
      if (strcmp(plan->lanes[k].group.text, group->text) == 0)
        mark_lane(all, k, seen);
    if (!find_no(floor, IV_PLAN_ITEM_LANE, group, &no, error) ||
        !put_all(floor, IV_PLAN_ITEM_LANE, no, seen, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- all of it ---- */

static gboolean put_seen(const Floor *floor, GError **error) {
  const IvScene *plan = floor->plan;
  g_autoptr(GArray) all =
      iv_plan_seen(plan, (const IvSight *)(gconstpointer)floor->sights->data, floor->sights->len);
  for (guint i = 0; i < all->len; i++) {
    const IvPlanSeen *by = &g_array_index(all, IvPlanSeen, i);
    if ((by->part == IV_PLAN_ZONE &&
         !put_one(floor, IV_PLAN_ITEM_ZONE, &plan->zones[by->index].id, by, error)) ||
        (by->part == IV_PLAN_LINE &&
         !put_one(floor, IV_PLAN_ITEM_LINE, &plan->lines[by->index].id, by, error)))
      return FALSE;
  }
  gboolean every[IV_FLOOR_VIEW_CAMERAS_MAX];
  for (guint i = 0; i < IV_FLOOR_VIEW_CAMERAS_MAX; i++)
    every[i] = TRUE;
  return put_lanes(floor, all, error) && put_all(floor, IV_PLAN_ITEM_PLAN, 0, every, error);
}

gboolean iv_plan_sights_renew(IvSql *sql, gint64 store_no, GError **error) {
  g_auto(Floor) floor = {.sql = sql, .store_no = store_no};
  if (!read_plan(&floor, error) || !forget(&floor, error))
    return FALSE;
  if (!floor.plan)
    return TRUE;
  floor.sights = g_array_new(FALSE, FALSE, sizeof(IvSight));
  floor.cameras = g_array_new(FALSE, FALSE, sizeof(gint64));
  return read_cameras(&floor, error) && put_seen(&floor, error);
}
