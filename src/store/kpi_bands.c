/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "kpi/band.h"
#include "store/kpi_people.h"

#define ALIVE_LEAST 0.5 /* where the cameras were off, nobody knows whether a zone is dead */

/* First instant of the day `days` before the one that begins at `day`. */
static IvTime days_before(const IvKpiScope *scope, IvTime day, int days) {
  return iv_calendar_day_start(scope->zone, day - days * IV_DAY + IV_DAY / 2);
}

/* The zones of one kind: indices into `zones`. */
static GArray *of_kind(const GArray *zones, IvZoneKind kind) {
  GArray *members = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < zones->len; i++)
    if (g_array_index(zones, IvZoneFigures, i).kind == kind)
      g_array_append_val(members, i);
  return members;
}

static double engaged_share(GHashTable *people, gint64 zone_no) {
  IvHeads heads = iv_kpi_heads(people, zone_no);
  return heads.visitors > 0 ? (double)heads.engaged / (double)heads.visitors : (double)NAN;
}

static void give_bands(GHashTable *people, const GArray *numbers, GArray *zones,
                       const GArray *members, gboolean fixed) {
  g_autofree double *shares = g_new(double, members->len + 1);
  g_autofree IvBand *bands = g_new0(IvBand, members->len + 1);
  for (guint i = 0; i < members->len; i++)
    shares[i] =
        engaged_share(people, g_array_index(numbers, gint64, g_array_index(members, guint, i)));
  if (!fixed)
    iv_bands_rank(shares, members->len, bands);
  for (guint i = 0; i < members->len; i++)
    g_array_index(zones, IvZoneFigures, g_array_index(members, guint, i)).band =
        fixed ? iv_band_fixed(shares[i]) : bands[i];
}

static void count_day(GHashTable *people, const GArray *numbers, const GArray *members,
                      gboolean *dead) {
  g_autofree double *visitors = g_new(double, members->len + 1);
  for (guint i = 0; i < members->len; i++) {
    gint64 no = g_array_index(numbers, gint64, g_array_index(members, guint, i));
    visitors[i] = (double)iv_kpi_heads(people, no).visitors;
  }
  iv_dead_zones_day(visitors, members->len, dead);
}

/* `days` (GPtrArray of tables of heads): those of the last seven on which anybody came. */
static void give_dead(const GPtrArray *days, const GArray *numbers, GArray *zones,
                      const GArray *members) {
  g_autofree gboolean *dead = g_new(gboolean, members->len + 1);
  for (guint i = 0; i < members->len; i++)
    dead[i] = TRUE;
  for (guint d = 0; d < days->len; d++)
    count_day(g_ptr_array_index(days, d), numbers, members, dead);
  for (guint i = 0; i < members->len; i++) {
    IvZoneFigures *zone = &g_array_index(zones, IvZoneFigures, g_array_index(members, guint, i));
    gboolean known = days->len > 0 && zone->coverage >= ALIVE_LEAST; /* FALSE with NAN */
    zone->dead = !known ? IV_DEAD_UNKNOWN : dead[i] ? IV_DEAD_YES : IV_DEAD_NO;
  }
}

/* Whether people were counted that long ago. */
static gboolean has_history(const IvKpiScope *scope, IvTime from, gboolean *ret_has,
                            GError **error) {
  gint64 n;
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT count(*) FROM (SELECT 1 FROM kpi_day_people WHERE store_no = $1 "
                  "AND day_from <= $2 LIMIT 1)");
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, from);
  if (!iv_lookup_int(st, 0, &n, error))
    return FALSE;
  *ret_has = n > 0;
  return TRUE;
}

/* The seven whole days before `end`; empty when it is not known of all of them. */
static GPtrArray *read_days(const IvKpiScope *scope, IvTime end, GError **error) {
  g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
  IvTime from = days_before(scope, end, IV_DEAD_ZONE_DAYS);
  gboolean has;
  if (!has_history(scope, from, &has, error))
    return NULL;
  while (has && from < end) {
    IvPeriod day = {from, iv_calendar_day_end(scope->zone, from)};
    GHashTable *people = iv_kpi_people(scope, day, error);
    if (!people)
      return NULL;
    if (iv_kpi_heads(people, 0).visitors > 0)
      g_ptr_array_add(days, people);
    else
      g_hash_table_unref(people);
    from = day.to;
  }
  return g_steal_pointer(&days);
}

gboolean iv_kpi_rank_zones(const IvKpiScope *scope, const GArray *numbers, GArray *zones,
                           gboolean fixed, GError **error) {
  IvTime now = MIN(scope->range.to - 1, scope->now);
  IvTime today = iv_calendar_day_start(scope->zone, now);
  IvPeriod month = {days_before(scope, today, IV_BAND_DAYS - 1),
                    iv_calendar_day_end(scope->zone, now)};
  g_autoptr(GHashTable) people = iv_kpi_people(scope, month, error);
  if (!people)
    return FALSE;
  g_autoptr(GPtrArray) days =
      read_days(scope, iv_calendar_day_start(scope->zone, MIN(scope->range.to, scope->now)), error);
  if (!days)
    return FALSE;
  for (int kind = 0; kind < IV_ZONE_KINDS; kind++) {
    g_autoptr(GArray) members = of_kind(zones, (IvZoneKind)kind);
    give_bands(people, numbers, zones, members, fixed);
    give_dead(days, numbers, zones, members);
  }
  return TRUE;
}
