/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/journey.h"

#include <stdlib.h>

gboolean iv_journey_has_kind(IvZoneKind kind) {
  return kind == IV_ZONE_PRODUCT || kind == IV_ZONE_FITTING || kind == IV_ZONE_CHECKOUT;
}

/* Who is in two zones from the same instant on was in neither first: the smaller number leads, so
 * that the order in which stays are given changes nothing. */
static int by_entry(const void *a, const void *b) {
  const IvJourneyStay *x = a, *y = b;
  return x->from != y->from ? (x->from < y->from ? -1 : 1)
                            : (x->zone > y->zone) - (x->zone < y->zone);
}

static gboolean holds(const gint64 *zones, guint n, gint64 zone) {
  for (guint i = 0; i < n; i++)
    if (zones[i] == zone)
      return TRUE;
  return FALSE;
}

/* The product zones in order, repeats in a row merged as they are without what lies between. */
typedef struct {
  gint64 zones[IV_JOURNEY_STEPS_MAX];
  guint n;
} Products;

static gboolean leads_back(const Products *products, guint at) {
  guint others = 0;
  gint64 between[IV_JOURNEY_STEPS_MAX];
  for (guint i = at; i-- > 0;) {
    if (products->zones[i] == products->zones[at])
      return others >= 2;
    if (!holds(between, others, products->zones[i]))
      between[others++] = products->zones[i];
  }
  return FALSE;
}

static void look_at_products(const Products *products, IvJourney *journey) {
  for (guint i = 0; i < products->n; i++) {
    journey->product_zones += !holds(products->zones, i, products->zones[i]);
    journey->backtracked = journey->backtracked || leads_back(products, i);
  }
}

void iv_journey_make(const IvJourneyStay *stays, guint n, IvJourney *ret_journey) {
  IvJourneyStay sorted[IV_JOURNEY_STAYS_MAX];
  Products products = {.n = 0};
  *ret_journey = (IvJourney){.is_cut = n > IV_JOURNEY_STAYS_MAX};
  n = MIN(n, IV_JOURNEY_STAYS_MAX);
  for (guint i = 0; i < n; i++)
    sorted[i] = stays[i];
  qsort(sorted, n, sizeof *sorted, by_entry);
  for (guint i = 0; i < n; i++) {
    const IvJourneyStay *stay = &sorted[i];
    ret_journey->checkout = ret_journey->checkout || stay->kind == IV_ZONE_CHECKOUT;
    if (ret_journey->n_steps > 0 && ret_journey->steps[ret_journey->n_steps - 1] == stay->zone)
      continue;
    if (ret_journey->n_steps == IV_JOURNEY_STEPS_MAX) {
      ret_journey->is_cut = TRUE;
      continue;
    }
    ret_journey->steps[ret_journey->n_steps++] = stay->zone;
    if (stay->kind == IV_ZONE_PRODUCT &&
        (products.n == 0 || products.zones[products.n - 1] != stay->zone))
      products.zones[products.n++] = stay->zone;
  }
  look_at_products(&products, ret_journey);
}

gsize iv_journey_path_write(const gint64 *steps, guint n_steps, guint8 *ret_path) {
  gsize n = 0;
  for (guint i = 0; i < MIN(n_steps, IV_JOURNEY_STEPS_MAX); i++) {
    guint64 value = (guint64)steps[i];
    for (; value >= 0x80; value >>= 7)
      ret_path[n++] = (guint8)(value | 0x80);
    ret_path[n++] = (guint8)value;
  }
  return n;
}

guint iv_journey_path_read(const guint8 *path, gsize n, gint64 *ret_steps, guint max) {
  guint n_steps = 0, shift = 0;
  guint64 value = 0;
  for (gsize i = 0; i < n && n_steps < max && shift < 63; i++) {
    value |= (guint64)(path[i] & 0x7f) << shift;
    shift += 7;
    if (path[i] & 0x80)
      continue;
    ret_steps[n_steps++] = (gint64)value;
    value = 0;
    shift = 0;
  }
  return n_steps;
}

gboolean iv_journey_is_express(guint product_zones, gboolean checkout, IvTime duration) {
  return checkout && duration < IV_EXPRESS_SPAN && product_zones <= IV_EXPRESS_ZONES;
}
