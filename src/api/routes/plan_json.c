/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/plan_json.h"

#include <math.h>

#include "api/routes/call.h"

#define SPOT_M2 1.0 /* smaller blind spots are gaps between cells */
#define SPOTS_MAX 50

static json_t *rounded(double value, double steps) {
  return iv_json_number(round(value * steps) / steps);
}

json_t *iv_plan_point_to_json(IvPlanPoint at) {
  return json_pack("[oo]", rounded(at.x, 1e3), rounded(at.y, 1e3));
}

json_t *iv_homography_error_to_json(const IvHomographyError *error) {
  return json_pack("{so so so}", "rms_m", rounded(error->rms, 1e4), "worst_m",
                   rounded(error->worst, 1e4), "suspect",
                   error->suspect < 0 ? json_null() : json_integer(error->suspect));
}

json_t *iv_pose_to_json(const IvCameraPose *pose) {
  return json_pack(
      "{so so so so so sb}", "x", rounded(pose->foot.x, 1e3), "y", rounded(pose->foot.y, 1e3),
      "height_m", rounded(pose->height, 1e3), "pitch_deg", rounded(pose->pitch * 180 / G_PI, 10),
      "hfov_deg", rounded(pose->hfov * 180 / G_PI, 10), "assumed_lens", pose->assumed_lens ? 1 : 0);
}

json_t *iv_sight_to_json(const IvSight *sight) {
  IvPlanPoint corners[IV_VIEW_POINTS_MAX];
  guint n = iv_sight_polygon(sight, corners);
  json_t *list = json_array();
  for (guint i = 0; i < n; i++)
    json_array_append_new(list, iv_plan_point_to_json(corners[i]));
  return list;
}

/* One text a row: '-' no floor, '0' seen by nobody, '1'..'9' by so many cameras (9 = or more). */
static json_t *cells_to_json(const IvFloorView *c) {
  json_t *rows = json_array();
  g_autofree char *text = g_malloc(c->columns + 1);
  for (guint row = 0; row < c->rows; row++) {
    for (guint i = 0; i < c->columns; i++) {
      guint8 n = c->cells[row * c->columns + i];
      text[i] = n == IV_CELL_OUTSIDE ? '-' : (char)('0' + MIN(n, 9));
    }
    text[c->columns] = '\0';
    json_array_append_new(rows, json_string(text));
  }
  return rows;
}

static json_t *spots_to_json(const IvFloorView *c) {
  g_autoptr(GArray) spots = iv_floor_view_blind_spots(c, SPOT_M2);
  json_t *list = json_array();
  for (guint i = 0; i < MIN(spots->len, SPOTS_MAX); i++) {
    const IvBlindSpot *spot = &g_array_index(spots, IvBlindSpot, i);
    json_array_append_new(list, json_pack("{so so}", "at", iv_plan_point_to_json(spot->at),
                                          "area_m2", rounded(spot->area_m2, 1e2)));
  }
  return list;
}

json_t *iv_floor_view_to_json(const IvFloorView *coverage, gboolean obstacles_known) {
  double share = coverage->floor_m2 > 0 ? coverage->blind_m2 / coverage->floor_m2 : (double)NAN;
  return json_pack("{so so so sb so si si so so}", "floor_m2", rounded(coverage->floor_m2, 1e2),
                   "blind_m2", rounded(coverage->blind_m2, 1e2), "blind_share", rounded(share, 1e4),
                   "obstacles_known", obstacles_known ? 1 : 0, "cell_m",
                   iv_json_number(coverage->cell_m), "columns", (int)coverage->columns, "rows",
                   (int)coverage->rows, "cells", cells_to_json(coverage), "blind_spots",
                   spots_to_json(coverage));
}
