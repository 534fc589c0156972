/* SPDX-License-Identifier: Apache-2.0 */
import { known } from '@/lib/format/number.ts';
import type { ZoneRow } from './zone-queries.ts';

export function totalVisits(zones: readonly ZoneRow[]): number | null {
  const some = zones.filter((zone) => known(zone.zone_visits));
  return some.length === 0 ? null : some.reduce((sum, zone) => sum + (zone.zone_visits ?? 0), 0);
}

/** Mean stay over all zone visits: each zone weighs by its visits, means are never averaged. */
export function meanDwell(zones: readonly ZoneRow[]): number | null {
  const some = zones.filter((zone) => known(zone.zone_visits) && known(zone.dwell_mean_s));
  const visits = some.reduce((sum, zone) => sum + (zone.zone_visits ?? 0), 0);
  return visits === 0
    ? null
    : some.reduce((sum, zone) => sum + (zone.dwell_mean_s ?? 0) * (zone.zone_visits ?? 0), 0) / visits;
}
