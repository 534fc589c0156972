/* SPDX-License-Identifier: Apache-2.0 */
import type { Names } from '@/lib/api/names.ts';
import { formatCount, formatDuration } from '@/lib/format/number.ts';
import type { Event, EventWords } from './event-words.ts';

/* How events of several people at once read: groups at the entrance, zones that are too full. */

type Words = Omit<EventWords, 'place'>;

export function crowdWords(event: Event, names: Names): Words | null {
  switch (event.kind) {
    case 'group.entered':
      return {
        ...{ icon: 'people', tone: 'primary' },
        text: `A group of ${count(event, 'size')} came in over ${names.line(event.camera_id, event.line_id)}`,
      };
    case 'zone.over_capacity.started':
      return {
        ...{ icon: 'warning', tone: 'danger' },
        text: `${names.zone(event.zone_id)} too full: ${people(event)}`,
      };
    case 'zone.over_capacity':
      return { icon: 'warning', tone: 'warning', text: over(event, names.zone(event.zone_id)) };
    default:
      return null;
  }
}

function over(event: Event, zone: string): string {
  const long = event.end_ts ? ` for ${formatDuration((Date.parse(event.end_ts) - Date.parse(event.ts)) / 1000)}` : '';
  const reason = event.attrs.reason ? ` (${String(event.attrs.reason)})` : '';
  return `${zone} was too full${long}: up to ${people(event)}${reason}`;
}

/** "12 of 10 people": how many were inside, and how many it is for. */
function people(event: Event): string {
  return `${count(event, 'people')} of ${count(event, 'capacity')} people`;
}

function count(event: Event, key: string): string {
  const value = event.attrs[key];
  return formatCount(typeof value === 'number' ? value : null);
}
