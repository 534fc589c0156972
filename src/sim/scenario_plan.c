/* SPDX-License-Identifier: Apache-2.0 */
/* Floor plan, zones, counting lines. */
#include "sim/scenario_private.h"

#define HEIGHT_MAX 20.0
#define OBSTACLES_MAX 1000
#define DOORS_MAX 32

static void read_obstacles(IvScenario *s, const IvNode *plan) {
  static const char *const kinds[] = {"wall",  "gondola", "wall-shelf", "rack",
                                      "table", "counter", "kiosk",      "partition"};
  IvNode list = iv_node_member(plan, "obstacles");
  s->n_obstacles = iv_node_length(&list, 0, OBSTACLES_MAX);
  s->obstacles = iv_node_alloc(plan, s->n_obstacles, sizeof(IvObstacle));
  for (guint i = 0; i < s->n_obstacles; i++) {
    IvNode entry = iv_node_item(&list, i);
    IvObstacle *obstacle = &s->obstacles[i];
    obstacle->id = iv_node_slug(&entry, "id");
    obstacle->is_wall = iv_node_choice(&entry, "kind", kinds, G_N_ELEMENTS(kinds)) == 0;
    obstacle->height = iv_node_number(&entry, "height_m", 0.01, HEIGHT_MAX);
    obstacle->outline = iv_node_outline(&entry, "polygon", 3);
    obstacle->bounds = iv_outline_bounds(&obstacle->outline);
  }
  iv_scenario_check_unique(&list, s->obstacles, s->n_obstacles, sizeof(IvObstacle));
}

static void read_doors(IvScenario *s, const IvNode *plan) {
  static const char *const kinds[] = {"public", "staff"};
  IvNode list = iv_node_member(plan, "doors"), windows = iv_node_member(plan, "windows");
  s->n_doors = iv_node_length(&list, 1, DOORS_MAX);
  s->doors = iv_node_alloc(plan, s->n_doors, sizeof(IvDoor));
  for (guint i = 0; i < s->n_doors; i++) {
    IvNode entry = iv_node_item(&list, i);
    s->doors[i] = (IvDoor){iv_node_slug(&entry, "id"),
                           iv_node_choice(&entry, "kind", kinds, 2) == 0, iv_node_span(&entry)};
  }
  iv_scenario_check_unique(&list, s->doors, s->n_doors, sizeof(IvDoor));
  s->n_windows = iv_node_length(&windows, 0, DOORS_MAX);
  s->windows = iv_node_alloc(plan, s->n_windows, sizeof(IvSpan));
  for (guint i = 0; i < s->n_windows; i++) {
    IvNode entry = iv_node_item(&windows, i);
    s->windows[i] = iv_node_span(&entry);
  }
}

static void read_outsides(IvScenario *s, const IvNode *plan) {
  IvNode list = iv_node_member(plan, "outside");
  s->n_outsides = iv_node_length(&list, 1, DOORS_MAX);
  s->outsides = iv_node_alloc(plan, s->n_outsides, sizeof(IvOutside));
  for (guint i = 0; i < s->n_outsides; i++) {
    IvNode entry = iv_node_item(&list, i);
    IvOutside *outside = &s->outsides[i];
    outside->id = iv_node_slug(&entry, "id");
    outside->door = iv_scenario_find(&entry, "door", "door", s->doors, s->n_doors, sizeof(IvDoor));
    outside->walkway = iv_node_outline(&entry, "walkway", 3);
    outside->spawn = iv_node_outline(&entry, "spawn", 3);
  }
}

static void link_parents(IvScenario *s, const IvNode *list) {
  for (guint i = 0; i < s->n_zones; i++)
    s->zones[i].is_leaf = TRUE;
  for (guint i = 0; i < s->n_zones; i++) {
    IvNode entry = iv_node_item(list, i), parent = iv_node_optional(&entry, "parent");
    s->zones[i].parent = -1;
    if (!parent.json)
      continue;
    s->zones[i].parent =
        iv_scenario_find(&entry, "parent", "zone", s->zones, s->n_zones, sizeof(IvZoneSpace));
    s->zones[s->zones[i].parent].is_leaf = FALSE;
  }
  for (guint i = 0; i < s->n_zones; i++) {
    guint steps = 0;
    for (int up = s->zones[i].parent; up >= 0 && steps <= s->n_zones; up = s->zones[up].parent)
      steps++;
    IvNode entry = iv_node_item(list, i);
    if (steps > s->n_zones)
      iv_node_fault(&entry, "the zone is its own ancestor");
  }
}

static void read_zones(IvScenario *s, const IvNode *root) {
  const char *kinds[IV_SPACES];
  for (int k = 0; k < IV_SPACES; k++)
    kinds[k] = iv_space_kind_name((IvSpaceKind)k);
  IvNode list = iv_node_member(root, "zones");
  s->n_zones = iv_node_length(&list, 1, IV_ZONES_MAX);
  s->zones = iv_node_alloc(root, s->n_zones, sizeof(IvZoneSpace));
  for (guint i = 0; i < s->n_zones; i++) {
    IvNode entry = iv_node_item(&list, i);
    s->zones[i].id = iv_node_slug(&entry, "id");
    iv_scenario_read_name(&entry, &s->zones[i].id, s->zones[i].name);
    s->zones[i].kind = (IvSpaceKind)iv_node_choice(&entry, "kind", kinds, IV_SPACES);
    s->zones[i].outline = iv_node_outline(&entry, "polygon", 3);
  }
  iv_scenario_check_unique(&list, s->zones, s->n_zones, sizeof(IvZoneSpace));
  if (!root->reading->error)
    link_parents(s, &list);
}

static void read_lines(IvScenario *s, const IvNode *root) {
  static const char *const kinds[] = {"entrance", "passby"};
  IvNode list = iv_node_member(root, "lines");
  s->n_lines = iv_node_length(&list, 1, IV_LINES_MAX);
  s->lines = iv_node_alloc(root, s->n_lines, sizeof(IvCountLine));
  guint entrances = 0;
  for (guint i = 0; i < s->n_lines; i++) {
    IvNode entry = iv_node_item(&list, i);
    IvCountLine *line = &s->lines[i];
    line->id = iv_node_slug(&entry, "id");
    iv_scenario_read_name(&entry, &line->id, line->name);
    line->is_passby = iv_node_choice(&entry, "kind", kinds, 2) == 1;
    line->door = iv_scenario_find(&entry, "door", "door", s->doors, s->n_doors, sizeof(IvDoor));
    line->span = iv_node_span(&entry);
    entrances += !line->is_passby;
    if (!root->reading->error && !s->doors[line->door].is_public)
      iv_node_fault(&entry, "its door \"%s\" is not public", s->doors[line->door].id.text);
  }
  iv_scenario_check_unique(&list, s->lines, s->n_lines, sizeof(IvCountLine));
  if (entrances == 0)
    iv_node_fault(&list, "must hold an entrance line");
}

void iv_scenario_read_plan(IvScenario *s, const IvNode *root) {
  IvNode plan = iv_node_member(root, "floor_plan");
  s->walls = iv_node_outline(&plan, "walls", 3);
  read_obstacles(s, &plan);
  read_doors(s, &plan);
  read_outsides(s, &plan);
  read_zones(s, root);
  if (!root->reading->error)
    read_lines(s, root);
}
