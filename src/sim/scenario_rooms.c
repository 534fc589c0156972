/* SPDX-License-Identifier: Apache-2.0 */
/* Fitting rooms, staff rooms, cameras with their outages. */
#include "sim/scenario_private.h"

#define CABINS_MAX 64
#define ROOMS_MAX 32
#define OUTAGES_MAX 1000
#define FALSE_SOURCES_MAX 256
#define RADIANS (G_PI / 180)

static void read_cabins(IvScenario *s, const IvNode *root) {
  IvNode list = iv_node_member(root, "fitting_rooms");
  s->n_cabins = iv_node_length(&list, 0, CABINS_MAX);
  s->cabins = iv_node_alloc(root, s->n_cabins, sizeof(IvCabin));
  for (guint i = 0; i < s->n_cabins; i++) {
    IvNode entry = iv_node_item(&list, i);
    s->cabins[i] =
        (IvCabin){iv_node_slug(&entry, "id"), iv_node_outline(&entry, "polygon", 3),
                  iv_node_spot(&entry, "door_point"), iv_node_spot(&entry, "inside_point")};
  }
  iv_scenario_check_unique(&list, s->cabins, s->n_cabins, sizeof(IvCabin));
}

static void read_staff_rooms(IvScenario *s, const IvNode *root) {
  IvNode list = iv_node_member(root, "staff_rooms");
  s->n_rooms = iv_node_length(&list, 1, ROOMS_MAX);
  s->rooms = iv_node_alloc(root, s->n_rooms, sizeof(IvStaffRoom));
  for (guint i = 0; i < s->n_rooms; i++) {
    IvNode entry = iv_node_item(&list, i);
    s->rooms[i] = (IvStaffRoom){iv_node_slug(&entry, "id"), iv_node_outline(&entry, "polygon", 3),
                                iv_node_spot(&entry, "threshold_point"),
                                iv_node_spot(&entry, "inside_point")};
  }
  iv_scenario_check_unique(&list, s->rooms, s->n_rooms, sizeof(IvStaffRoom));
}

static void read_camera(const IvNode *entry, IvSimCamera *camera) {
  double image[2] = {1, 1};
  IvNode size = iv_node_member(entry, "image");
  if (iv_node_length(&size, 2, 2) == 2)
    for (guint i = 0; i < 2; i++)
      image[i] = iv_node_item_number(&size, i, 16, 16384);
  *camera = (IvSimCamera){
      .id = iv_node_slug(entry, "id"),
      .number = iv_node_whole(entry, "number", 1, 9999),
      .position = iv_node_spot(entry, "position"),
      .height = iv_node_number(entry, "height_m", 0.5, 30),
      .yaw = iv_node_number(entry, "yaw_deg", -360, 360) * RADIANS,
      .pitch = iv_node_number(entry, "pitch_deg", -90, 90) * RADIANS,
      .hfov = iv_node_number(entry, "hfov_deg", 5, 170) * RADIANS,
      .fps = iv_node_number(entry, "fps", 0.5, 60),
      .width = (int)image[0],
      .height_px = (int)image[1],
  };
  iv_scenario_read_name(entry, &camera->id, camera->name);
}

static void read_cameras(IvScenario *s, const IvNode *root) {
  IvNode list = iv_node_member(root, "cameras");
  s->n_cameras = iv_node_length(&list, 1, IV_CAMERAS_MAX);
  s->cameras = iv_node_alloc(root, s->n_cameras, sizeof(IvSimCamera));
  for (guint i = 0; i < s->n_cameras; i++) {
    IvNode entry = iv_node_item(&list, i);
    read_camera(&entry, &s->cameras[i]);
  }
  iv_scenario_check_unique(&list, s->cameras, s->n_cameras, sizeof(IvSimCamera));
}

/* Which camera counts a line. */
static void read_line_cameras(IvScenario *s, const IvNode *root) {
  IvNode list = iv_node_member(root, "lines");
  for (guint i = 0; i < s->n_lines; i++) {
    IvNode entry = iv_node_item(&list, i);
    s->lines[i].camera =
        iv_scenario_find(&entry, "camera", "camera", s->cameras, s->n_cameras, sizeof(IvSimCamera));
  }
}

/* A time of day that stands alone, not in a list. */
static int read_clock(const IvNode *entry, const char *key) {
  IvNode node = iv_node_member(entry, key);
  json_t *list = json_array();
  json_array_append(list, (json_t *)(gpointer)(node.json ? node.json : json_null()));
  IvNode wrapped = {entry->reading, entry, key, 0, list};
  int minutes = iv_node_clock(&wrapped, 0);
  json_decref(list);
  return minutes;
}

static void read_outages(IvScenario *s, const IvNode *root) {
  IvNode list = iv_node_member(root, "camera_outages");
  s->n_outages = iv_node_length(&list, 0, OUTAGES_MAX);
  s->outages = iv_node_alloc(root, s->n_outages, sizeof(IvOutage));
  for (guint i = 0; i < s->n_outages; i++) {
    IvNode entry = iv_node_item(&list, i);
    s->outages[i] = (IvOutage){
        iv_scenario_find(&entry, "camera", "camera", s->cameras, s->n_cameras, sizeof(IvSimCamera)),
        iv_node_whole(&entry, "day", 0, 10000), read_clock(&entry, "start"),
        read_clock(&entry, "end")};
    if (s->outages[i].from >= s->outages[i].to)
      iv_node_fault(&entry, "must end after its start");
  }
}

/* Places that look like somebody to one camera; the list may be missing. */
static void read_false_sources(IvScenario *s, const IvNode *root) {
  IvNode list = iv_node_optional(root, "false_sources");
  s->n_false_sources = list.json ? iv_node_length(&list, 0, FALSE_SOURCES_MAX) : 0;
  s->false_sources = iv_node_alloc(root, s->n_false_sources, sizeof(IvFalseSource));
  for (guint i = 0; i < s->n_false_sources; i++) {
    IvNode entry = iv_node_item(&list, i);
    s->false_sources[i] = (IvFalseSource){
        iv_node_slug(&entry, "id"),
        iv_scenario_find(&entry, "camera", "camera", s->cameras, s->n_cameras, sizeof(IvSimCamera)),
        iv_node_spot(&entry, "position"), iv_node_number(&entry, "height_m", 0.1, 5),
        iv_node_number(&entry, "width_m", 0.1, 5)};
  }
  iv_scenario_check_unique(&list, s->false_sources, s->n_false_sources, sizeof(IvFalseSource));
}

void iv_scenario_read_rooms(IvScenario *s, const IvNode *root) {
  read_cabins(s, root);
  read_staff_rooms(s, root);
  read_cameras(s, root);
  read_line_cameras(s, root);
  if (root->reading->error)
    return;
  read_outages(s, root);
  read_false_sources(s, root);
}
