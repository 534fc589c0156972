/* SPDX-License-Identifier: Apache-2.0 */
import { comparedWith, type Compare } from '@/lib/comparison.ts';
import type { ZoneKpis, ZoneRow } from './zone-queries.ts';

/** Each zone against the same zone of the weeks before; silent for one that was not there then. */
export function zoneCompare(
  { weeks, zones }: NonNullable<ZoneKpis['comparison']>,
  isToday: boolean,
): (zone: ZoneRow) => Compare {
  const changes = new Map(zones.map((zone) => [zone.zone_id, zone.changes]));
  return ({ zone_id }) => comparedWith({ weeks, changes: changes.get(zone_id) ?? {} }, isToday);
}
