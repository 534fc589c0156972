/* SPDX-License-Identifier: Apache-2.0 */
/* Products, shelf slots, displays with their campaigns, baskets. */
#include <math.h>

#include "sim/scenario_private.h"

#define PRODUCTS_MAX 5000
#define SHELVES_MAX 500
#define BUNDLES_MAX 100
#define CAMPAIGNS_MAX 100
#define STAND_OFF 0.45 /* metres between a shelf's face and who stands before it */

typedef struct {
  IvSlug id;
  int first_day, last_day;
  double uplift;
} Campaign;

static void read_products(IvScenario *s, const IvNode *root) {
  IvNode list = iv_node_member(root, "products");
  s->n_products = iv_node_length(&list, 1, PRODUCTS_MAX);
  s->products = iv_node_alloc(root, s->n_products, sizeof(IvSimProduct));
  for (guint i = 0; i < s->n_products; i++) {
    IvNode entry = iv_node_item(&list, i);
    s->products[i] = (IvSimProduct){
        .sku = iv_node_slug(&entry, "sku"),
        .category = iv_node_slug(&entry, "category"),
        .cents = (int)lround(iv_node_number(&entry, "price", 0, 1e6) * 100),
        .weight = iv_node_number(&entry, "weight", 0, 1e6),
        .high_value = iv_node_flag(&entry, "high_value", FALSE),
        .tagged = iv_node_flag(&entry, "tagged", FALSE),
        .background = -1,
    };
    iv_scenario_read_name(&entry, &s->products[i].sku, s->products[i].name);
  }
  iv_scenario_check_unique(&list, s->products, s->n_products, sizeof(IvSimProduct));
}

static void read_slot(IvScenario *s, const IvNode *entry, int zone, IvSlot *slot) {
  slot->id = iv_node_slug(entry, "id");
  slot->product =
      iv_scenario_find(entry, "sku", "product", s->products, s->n_products, sizeof(IvSimProduct));
  slot->zone = zone;
  slot->face = iv_node_span(entry);
  IvSpot middle = iv_spot_mix(slot->face.a, slot->face.b, 0.5), right = iv_span_right(&slot->face);
  slot->stand = (IvSpot){middle.x + STAND_OFF * right.x, middle.y + STAND_OFF * right.y};
}

/* The shelves are counted first, so that all slots lie in one array. */
static void read_shelves(IvScenario *s, const IvNode *root) {
  IvNode list = iv_node_member(root, "shelves");
  guint shelves = iv_node_length(&list, 1, SHELVES_MAX), total = 0, at = 0;
  for (guint i = 0; i < shelves; i++) {
    IvNode shelf = iv_node_item(&list, i), slots = iv_node_member(&shelf, "slots");
    total += iv_node_length(&slots, 0, IV_SLOTS_MAX);
  }
  if (total == 0 || total > IV_SLOTS_MAX)
    iv_node_fault(&list, "must have 1 to %d slots in all, has %u", IV_SLOTS_MAX, total);
  if (root->reading->error)
    return;
  s->n_slots = total;
  s->slots = iv_node_alloc(root, total, sizeof(IvSlot));
  for (guint i = 0; i < shelves; i++) {
    IvNode shelf = iv_node_item(&list, i), slots = iv_node_member(&shelf, "slots");
    int zone = iv_scenario_find(&shelf, "zone", "zone", s->zones, s->n_zones, sizeof(IvZoneSpace));
    for (guint j = 0; j < json_array_size(slots.json); j++) {
      IvNode entry = iv_node_item(&slots, j);
      read_slot(s, &entry, zone, &s->slots[at++]);
    }
  }
  iv_scenario_check_unique(&list, s->slots, s->n_slots, sizeof(IvSlot));
}

static Campaign *read_campaigns(const IvNode *root, guint *ret_n) {
  IvNode list = iv_node_member(root, "campaigns");
  *ret_n = iv_node_length(&list, 0, CAMPAIGNS_MAX);
  Campaign *campaigns = iv_node_alloc(root, *ret_n, sizeof *campaigns);
  for (guint i = 0; i < *ret_n; i++) {
    IvNode entry = iv_node_item(&list, i);
    campaigns[i] = (Campaign){
        iv_node_slug(&entry, "id"), iv_node_whole(&entry, "first_day", 0, 10000),
        iv_node_whole(&entry, "last_day", 0, 10000), iv_node_number(&entry, "uplift", 0, 100)};
  }
  return campaigns;
}

static void read_display(IvScenario *s, const IvNode *entry, IvDisplay *display) {
  display->id = iv_node_slug(entry, "id");
  display->position = iv_node_spot(entry, "position");
  display->facing = iv_node_number(entry, "facing_deg", -360, 360) * G_PI / 180;
  display->range = iv_node_number(entry, "range_m", 0.1, 50);
  display->half_fov = iv_node_number(entry, "fov_deg", 1, 360) * G_PI / 360;
  display->last_day = -1;
  IvNode skus = iv_node_member(entry, "skus");
  display->n_products = iv_node_length(&skus, 0, G_N_ELEMENTS(display->products));
  for (guint i = 0; i < display->n_products; i++)
    display->products[i] = iv_scenario_find_item(&skus, i, "product", s->products, s->n_products,
                                                 sizeof(IvSimProduct));
}

static void read_displays(IvScenario *s, const IvNode *root) {
  guint n_campaigns;
  const Campaign *campaigns = read_campaigns(root, &n_campaigns);
  IvNode list = iv_node_member(root, "displays");
  s->n_displays = iv_node_length(&list, 0, IV_DISPLAYS_MAX);
  s->displays = iv_node_alloc(root, s->n_displays, sizeof(IvDisplay));
  for (guint i = 0; i < s->n_displays; i++) {
    IvNode entry = iv_node_item(&list, i), campaign = iv_node_optional(&entry, "campaign");
    read_display(s, &entry, &s->displays[i]);
    if (!campaign.json)
      continue;
    int c =
        iv_scenario_find(&entry, "campaign", "campaign", campaigns, n_campaigns, sizeof(Campaign));
    if (root->reading->error)
      return;
    s->displays[i].first_day = campaigns[c].first_day;
    s->displays[i].last_day = campaigns[c].last_day;
    s->displays[i].uplift = campaigns[c].uplift;
  }
  iv_scenario_check_unique(&list, s->displays, s->n_displays, sizeof(IvDisplay));
}

static void read_bundle(IvScenario *s, const IvNode *entry, IvBundle *bundle) {
  IvNode skus = iv_node_member(entry, "skus");
  bundle->probability = iv_node_number(entry, "probability", 0, 1);
  bundle->n = iv_node_length(&skus, 2, 16);
  bundle->products = iv_node_alloc(entry, bundle->n, sizeof(int));
  for (guint i = 0; i < bundle->n; i++) {
    bundle->products[i] = iv_scenario_find_item(&skus, i, "product", s->products, s->n_products,
                                                sizeof(IvSimProduct));
    if (s->products[bundle->products[i]].background < 0)
      s->products[bundle->products[i]].background = 0;
  }
}

static void read_baskets(IvScenario *s, const IvNode *root) {
  IvNode baskets = iv_node_member(root, "baskets"), list = iv_node_member(&baskets, "bundles");
  s->n_bundles = iv_node_length(&list, 0, BUNDLES_MAX);
  s->bundles = iv_node_alloc(root, s->n_bundles, sizeof(IvBundle));
  for (guint i = 0; i < s->n_bundles; i++) {
    IvNode entry = iv_node_item(&list, i);
    read_bundle(s, &entry, &s->bundles[i]);
  }
  IvNode background = iv_node_member(&baskets, "background_probability");
  for (guint i = 0; i < s->n_products; i++)
    s->products[i].background =
        iv_node_number_or(&background, s->products[i].sku.text, 0, 1, s->products[i].background);
}

void iv_scenario_read_goods(IvScenario *s, const IvNode *root) {
  read_products(s, root);
  if (!root->reading->error)
    read_shelves(s, root);
  if (!root->reading->error)
    read_displays(s, root);
  if (!root->reading->error)
    read_baskets(s, root);
}
