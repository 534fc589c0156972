/* SPDX-License-Identifier: Apache-2.0 */
/* Queue groups, lanes, service. */
#include "sim/scenario_private.h"

#define GROUPS_MAX 16
#define SERVICE_MAX 3600.0

static IvQueueShape read_queue(const IvNode *node) {
  return (IvQueueShape){iv_node_outline(node, "polygon", 3), iv_node_outline(node, "path", 2)};
}

static void read_groups(IvScenario *s, const IvNode *root) {
  IvNode list = iv_node_member(root, "queue_groups");
  s->n_groups = iv_node_length(&list, 0, GROUPS_MAX);
  s->groups = iv_node_alloc(root, s->n_groups, sizeof(IvQueueGroup));
  for (guint i = 0; i < s->n_groups; i++) {
    IvNode entry = iv_node_item(&list, i), queue = iv_node_member(&entry, "queue");
    s->groups[i] = (IvQueueGroup){.id = iv_node_slug(&entry, "id"), .queue = read_queue(&queue)};
    iv_scenario_read_name(&entry, &s->groups[i].id, s->groups[i].name);
  }
  iv_scenario_check_unique(&list, s->groups, s->n_groups, sizeof(IvQueueGroup));
}

static void read_lane(IvScenario *s, const IvNode *entry, IvSimLane *lane) {
  lane->id = iv_node_slug(entry, "id");
  iv_scenario_read_name(entry, &lane->id, lane->name);
  lane->number = iv_node_whole(entry, "number", 1, 999);
  lane->self_checkout = iv_node_flag(entry, "self_checkout", FALSE);
  lane->service_point = iv_node_spot(entry, "service_point");
  if (!lane->self_checkout)
    lane->staff_point = iv_node_spot(entry, "staff_point");
  g_strlcpy(lane->terminal, iv_node_text(entry, "pos_terminal", sizeof lane->terminal - 1),
            sizeof lane->terminal);
  lane->group = -1;
  IvNode group = iv_node_optional(entry, "group"), queue = iv_node_optional(entry, "queue");
  if (group.json)
    lane->group = iv_scenario_find(entry, "group", "queue group", s->groups, s->n_groups,
                                   sizeof(IvQueueGroup));
  if (queue.json)
    lane->queue = read_queue(&queue);
  if (!group.json && !queue.json)
    iv_node_fault(entry, "needs a queue of its own or a group");
  if (group.json && queue.json)
    iv_node_fault(entry, "has both a group and a queue of its own; which one do people use?");
}

static void read_lanes(IvScenario *s, const IvNode *root) {
  IvNode list = iv_node_member(root, "lanes");
  s->n_lanes = iv_node_length(&list, 1, IV_LANES_MAX);
  s->lanes = iv_node_alloc(root, s->n_lanes, sizeof(IvSimLane));
  for (guint i = 0; i < s->n_lanes; i++) {
    IvNode entry = iv_node_item(&list, i);
    read_lane(s, &entry, &s->lanes[i]);
  }
  iv_scenario_check_unique(&list, s->lanes, s->n_lanes, sizeof(IvSimLane));
}

static IvServiceTime read_time(const IvNode *service, const char *key) {
  IvNode node = iv_node_optional(service, key);
  if (!node.json)
    return (IvServiceTime){0, 0, 0};
  return (IvServiceTime){iv_node_number(&node, "mean_s", 1, SERVICE_MAX),
                         iv_node_number(&node, "sd_s", 0, SERVICE_MAX),
                         iv_node_number(&node, "per_item_s", 0, SERVICE_MAX)};
}

static void read_open_order(IvScenario *s, const IvNode *service) {
  IvNode list = iv_node_member(service, "open_order");
  s->n_open_order = iv_node_length(&list, 0, s->n_lanes);
  s->open_order = iv_node_alloc(service, s->n_open_order, sizeof(int));
  for (guint i = 0; i < s->n_open_order; i++) {
    s->open_order[i] =
        iv_scenario_find_item(&list, i, "lane", s->lanes, s->n_lanes, sizeof(IvSimLane));
    IvNode entry = iv_node_item(&list, i);
    if (s->lanes[s->open_order[i]].self_checkout)
      iv_node_fault(&entry, "a self-checkout needs no cashier");
    for (guint j = 0; j < i; j++)
      if (s->open_order[j] == s->open_order[i])
        iv_node_fault(&entry, "the lane is there twice");
  }
}

static void read_service(IvScenario *s, const IvNode *root) {
  IvNode service = iv_node_member(root, "service");
  s->staffed = read_time(&service, "staffed");
  s->self_service = read_time(&service, "self_checkout");
  read_open_order(s, &service);
  s->patience_s = iv_node_spread(&service, "queue_patience_s", 86400);
  s->balk_length = iv_node_whole(&service, "balk_length", 1, 1000);
  iv_node_pair(&service, "post_gap_s", 0, 600, s->post_gap_s);
  for (guint i = 0; i < s->n_lanes; i++)
    if ((s->lanes[i].self_checkout ? s->self_service : s->staffed).mean <= 0)
      iv_node_fault(&service, "says nothing of the service time at lane \"%s\"",
                    s->lanes[i].id.text);
}

static void read_refunds(IvScenario *s, const IvNode *root) {
  IvNode refunds = iv_node_member(root, "refunds");
  s->refund_share = iv_node_number(&refunds, "refund_share", 0, 1);
  s->void_share = iv_node_number(&refunds, "void_share", 0, 1);
  s->no_sale_share = iv_node_number(&refunds, "no_sale_share", 0, 1);
  s->without_customer_share = iv_node_number(&refunds, "without_customer_share", 0, 1);
}

void iv_scenario_read_tills(IvScenario *s, const IvNode *root) {
  read_groups(s, root);
  if (!root->reading->error)
    read_lanes(s, root);
  if (!root->reading->error)
    read_service(s, root);
  read_refunds(s, root);
}
