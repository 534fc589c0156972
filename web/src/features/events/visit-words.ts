/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '@/lib/api/client.ts';
import { formatDuration } from '@/lib/format/number.ts';
import type { EventWords } from './event-words.ts';

type Words = Omit<EventWords, 'place'>;

/** How visits of the store read; null for other kinds. */
export function visitWords(event: Schemas['Event']): Words | null {
  const number = event.visitor_id?.split('/')[1];
  const who = number ? `Visitor ${number}` : 'Somebody';
  switch (event.kind) {
    case 'visit.started':
      return { icon: 'arrowIn', tone: 'primary', text: `${who} came in` };
    case 'visit.reentered':
      return { icon: 'arrowIn', tone: 'neutral', text: `${who} came back after ${seconds(event, 'away_s')}` };
    case 'visit.turned_back':
      return { icon: 'undo', tone: 'neutral', text: `${who} turned back` };
    case 'visit.closed':
      return { icon: 'clock', tone: 'neutral', text: closed(event, who) };
    default:
      return null;
  }
}

function closed(event: Schemas['Event'], who: string): string {
  return event.attrs.cut === true
    ? `${who} was in the store when the program stopped`
    : `${who} was in the store for ${seconds(event, 'duration_s')}`;
}

function seconds(event: Schemas['Event'], key: string): string {
  const value = event.attrs[key];
  return formatDuration(typeof value === 'number' ? value : null);
}
