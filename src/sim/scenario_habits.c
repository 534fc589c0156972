/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of shoppers, fitting. */
#include <math.h>

#include "sim/scenario_private.h"

#define KINDS_MAX 32
#define SHARES_OFF 0.01 /* how far from 1 shares may sum */

static double probability(const IvNode *entry, const char *key) {
  return iv_node_number_or(entry, key, 0, 1, 0);
}

static void read_sizes(const IvNode *entry, IvShopperKind *kind) {
  IvNode sizes = iv_node_member(entry, "group_size");
  double sum = 0;
  for (int n = 1; n <= IV_PARTY_MAX; n++) {
    char key[2] = {(char)('0' + n), 0};
    kind->sizes[n - 1] = iv_node_number_or(&sizes, key, 0, 1, 0);
    kind->mean_size += n * kind->sizes[n - 1];
    sum += kind->sizes[n - 1];
  }
  if (fabs(sum - 1) > SHARES_OFF)
    iv_node_fault(&sizes, "the shares of 1 to %d people sum to %g, not to 1", IV_PARTY_MAX, sum);
}

static void read_wholes(const IvNode *up, const char *key, double max, int ret_pair[2]) {
  double pair[2];
  iv_node_pair(up, key, 0, max, pair);
  ret_pair[0] = (int)pair[0], ret_pair[1] = (int)pair[1];
}

static void read_stealing(const IvNode *entry, IvShopperKind *kind) {
  IvNode steal = iv_node_optional(entry, "steal");
  if (!steal.json)
    return;
  IvNode delay = iv_node_optional(&steal, "conceal_delay_s");
  IvNode work = iv_node_optional(&steal, "tag_work_s");
  read_wholes(&steal, "items", 100, kind->takes);
  kind->conceals = delay.json != NULL;
  kind->removes_tags = work.json != NULL;
  kind->sweeps = iv_node_flag(&steal, "one_sku", FALSE);
  kind->walks_out = iv_node_flag(&steal, "carried_openly", FALSE);
  kind->prefers_high_value = iv_node_number_or(
      &steal, "prefers_high_value", 0, 1, iv_node_number_or(&steal, "prefers_tagged", 0, 1, 0));
  if (delay.json)
    kind->delay_s = iv_node_number(&delay, "mean", 0, 600);
  if (work.json)
    kind->delay_s = iv_node_item_number(&work, 1, 0, 600);
}

static void read_likeness(const IvNode *entry, IvShopperKind *kind) {
  IvNode likeness = iv_node_optional(entry, "lookalike");
  if (!likeness.json)
    return;
  read_wholes(&likeness, "items", 100, kind->takes);
  kind->puts_back = iv_node_number_or(&likeness, "puts_back", 0, 1, 0) > 0;
}

static void read_returning(const IvNode *entry, IvShopperKind *kind) {
  IvNode absences = iv_node_optional(entry, "absences");
  if (!absences.json)
    return;
  kind->absences = iv_node_whole(entry, "absences", 0, 1);
  kind->absence_minutes = iv_node_spread(entry, "absence_minutes", 600);
  kind->absence_max_minutes = iv_node_number(entry, "absence_max_minutes", 0, 600);
}

static void read_kind(const IvNode *entry, IvShopperKind *kind) {
  *kind = (IvShopperKind){
      .share = iv_node_number(entry, "share", 0, 1),
      .visit_minutes = iv_node_spread(entry, "visit_minutes", 600),
      .items = iv_node_spread(entry, "items", 300),
      .examine_s = iv_node_spread(entry, "examine_s", 600),
      .zones_max = iv_node_whole(entry, "zones_max", 1, IV_ZONES_MAX),
      .speed_factor = iv_node_number(entry, "speed_factor", 0.1, 3),
      .purchase = iv_node_number(entry, "purchase_probability", 0, 1),
      .view = probability(entry, "view_probability"),
      .touch = probability(entry, "touch_probability"),
      .pick = probability(entry, "pick_probability"),
      .returns = probability(entry, "return_probability"),
      .try_on = probability(entry, "try_on_probability"),
      .display_stop = probability(entry, "display_stop_probability"),
      .children = probability(entry, "children_probability"),
  };
  g_autofree char *name =
      g_strdelimit(g_strdup(iv_node_text(entry, "kind", IV_SLUG_MAX)), "_", '-');
  if (!iv_slug_set(&kind->name, name))
    iv_node_fault(entry, "its kind must be a name of a-z, 0-9, - and _");
  read_wholes(entry, "stops", 200, kind->stops);
  read_sizes(entry, kind);
  read_stealing(entry, kind);
  read_likeness(entry, kind);
  read_returning(entry, kind);
}

static void read_kinds(IvScenario *s, const IvNode *shoppers) {
  IvNode list = iv_node_member(shoppers, "kinds");
  s->n_kinds = iv_node_length(&list, 1, KINDS_MAX);
  s->kinds = iv_node_alloc(shoppers, s->n_kinds, sizeof(IvShopperKind));
  double sum = 0;
  for (guint i = 0; i < s->n_kinds; i++) {
    IvNode entry = iv_node_item(&list, i);
    read_kind(&entry, &s->kinds[i]);
    sum += s->kinds[i].share;
  }
  if (fabs(sum - 1) > SHARES_OFF)
    iv_node_fault(&list, "their shares sum to %g, not to 1", sum);
}

static void read_fitting(IvScenario *s, const IvNode *root) {
  IvNode fitting = iv_node_optional(root, "fitting");
  if (!fitting.json) {
    if (s->n_cabins > 0)
      iv_node_fault(&fitting, "is missing, and there are fitting rooms");
    return;
  }
  s->fitting.session_s = iv_node_spread(&fitting, "session_s", 7200);
  s->fitting.patience_s = iv_node_spread(&fitting, "queue_patience_s", 86400);
  read_wholes(&fitting, "items", 100, s->fitting.items);
  s->fitting.buy_after = iv_node_number(&fitting, "buy_after_probability", 0, 1);
}

void iv_scenario_read_habits(IvScenario *s, const IvNode *root) {
  IvNode shoppers = iv_node_member(root, "shoppers");
  read_kinds(s, &shoppers);
  s->self_checkout_share = iv_node_number(&shoppers, "self_checkout_share", 0, 1);
  s->self_checkout_max_items =
      (int)iv_node_number_or(&shoppers, "self_checkout_max_items", 0, 1000, 1000);
  read_fitting(s, root);
}
