/* SPDX-License-Identifier: Apache-2.0 */
/* Staff, arrivals, how people are built and walk. */
#include <math.h>

#include "sim/scenario_private.h"

#define ROLES_MAX 32
#define STAFF_MAX 100
#define RATE_MAX 4000.0 /* persons an hour */

static void read_rota(IvStaffRole *role, const IvNode *entry) {
  IvNode rota = iv_node_member(entry, "rota");
  for (int d = 0; d < IV_WEEK; d++) {
    IvNode day = iv_node_member(&rota, iv_week_keys[d]);
    if (iv_node_length(&day, 24, 24) == 0)
      return;
    for (guint h = 0; h < 24; h++)
      role->rota[d][h] = (guint8)iv_node_item_number(&day, h, 0, role->count);
  }
}

static void read_role(IvScenario *s, const IvNode *entry, IvStaffRole *role) {
  role->name = iv_node_slug(entry, "role");
  role->count = (guint)iv_node_whole(entry, "count", 1, STAFF_MAX);
  IvNode zones = iv_node_member(entry, "home_zones");
  role->n_home_zones = iv_node_length(&zones, 1, G_N_ELEMENTS(role->home_zones));
  for (guint i = 0; i < role->n_home_zones; i++)
    role->home_zones[i] =
        iv_scenario_find_item(&zones, i, "zone", s->zones, s->n_zones, sizeof(IvZoneSpace));
  read_rota(role, entry);
}

static void read_staff(IvScenario *s, const IvNode *root) {
  IvNode staff = iv_node_member(root, "staff"), list = iv_node_member(&staff, "roles");
  s->n_roles = iv_node_length(&list, 0, ROLES_MAX);
  s->roles = iv_node_alloc(root, s->n_roles, sizeof(IvStaffRole));
  for (guint i = 0; i < s->n_roles; i++) {
    IvNode entry = iv_node_item(&list, i);
    read_role(s, &entry, &s->roles[i]);
  }
  iv_scenario_check_unique(&list, s->roles, s->n_roles, sizeof(IvStaffRole));
  IvNode breaks = iv_node_member(&staff, "breaks");
  s->breaks = (IvBreaks){
      iv_node_number(&breaks, "every_hours", 0.25, 24), iv_node_number(&breaks, "minutes", 0, 240),
      iv_scenario_find(&breaks, "zone", "zone", s->zones, s->n_zones, sizeof(IvZoneSpace))};
  s->room_visits_per_hour = iv_node_number(&staff, "staff_room_visits_per_hour", 0, 60);
  s->after_hours_per_week = iv_node_number(&staff, "after_hours_entries_per_week", 0, 500);
  s->unauthorised_per_week = iv_node_number(&staff, "unauthorised_entries_per_week", 0, 500);
}

static void read_share(IvScenario *s, const IvNode *arrivals, const char *key, gboolean exits) {
  IvNode shares = iv_node_optional(arrivals, key);
  guint entrances = 0;
  double sum = 0;
  for (guint i = 0; i < s->n_lines; i++)
    entrances += !s->lines[i].is_passby;
  for (guint i = 0; i < s->n_lines; i++) {
    IvCountLine *line = &s->lines[i];
    double absent = shares.json ? 0 : 1.0 / entrances, share = 0;
    if (!line->is_passby)
      share = iv_node_number_or(&shares, line->id.text, 0, 1, absent);
    *(exits ? &line->exit_share : &line->entrance_share) = share;
    sum += share;
  }
  if (fabs(sum - 1) > 0.01)
    iv_node_fault(&shares, "the shares of the entrance lines sum to %g, not to 1", sum);
}

static void read_arrivals(IvScenario *s, const IvNode *root) {
  IvNode arrivals = iv_node_member(root, "arrivals"), visits = iv_node_member(&arrivals, "visits");
  for (int d = 0; d < IV_WEEK; d++) {
    IvNode day = iv_node_member(&visits, iv_week_keys[d]);
    if (iv_node_length(&day, 24, 24) == 0)
      return;
    for (guint h = 0; h < 24; h++)
      s->arrivals[d][h] = iv_node_item_number(&day, h, 0, RATE_MAX);
  }
  s->passers_per_visit = iv_node_number(&arrivals, "passers_per_visit", 0, 20);
  s->turn_back_share = iv_node_number(&arrivals, "turn_back_within_2s_share", 0, 1);
  read_share(s, &arrivals, "entrance_share", FALSE);
  IvNode exits = iv_node_optional(&arrivals, "exit_share");
  if (exits.json)
    read_share(s, &arrivals, "exit_share", TRUE);
  else
    for (guint i = 0; i < s->n_lines; i++)
      s->lines[i].exit_share = -1; /* out by the door they came in by */
}

void iv_scenario_read_people(IvScenario *s, const IvNode *root) {
  read_staff(s, root);
  if (!root->reading->error)
    read_arrivals(s, root);
  IvNode people = iv_node_member(root, "people");
  s->adult_height = iv_node_spread(&people, "adult_height_m", 2.5);
  s->child_height = iv_node_spread(&people, "child_height_m", 2.5);
  s->walking_speed = iv_node_spread(&people, "walking_speed_mps", 5);
  iv_node_pair(&people, "walking_speed_limits_mps", 0.2, 2.5, s->speed_limits);
  s->shoulder_width = iv_node_number(&people, "shoulder_width_m", 0.1, 1);
  s->body_radius = iv_node_number(&people, "body_radius_m", 0.1, 0.5);
  s->personal_space = iv_node_number(&people, "personal_space_m", 0, 2);
  s->queue_spacing = iv_node_number(&people, "queue_spacing_m", 0.3, 3);
}
