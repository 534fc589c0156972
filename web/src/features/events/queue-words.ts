/* SPDX-License-Identifier: Apache-2.0 */
import type { Names } from '@/lib/api/names.ts';
import { formatCount, formatDuration, formatShare } from '@/lib/format/number.ts';
import type { Event, EventWords } from './event-words.ts';

/* How events of queues and lanes read. */

type Words = Omit<EventWords, 'place'>;

export function queueWords(event: Event, names: Names): Words | null {
  return WORDS[event.kind]?.(event, names.lane(event.lane_id), names) ?? null;
}

const WORDS: Record<string, (event: Event, lane: string, names: Names) => Words> = {
  'queue.joined': (event, lane) => ({
    ...{ icon: 'people', tone: 'neutral' },
    text: `Joined the line of ${lane}${position(event)}`,
  }),
  'queue.wait': (event, lane, names) => ({
    ...{ icon: 'clock', tone: 'neutral' },
    text: `Waited ${seconds(event, 'wait_s')} for ${servedBy(event, names) ?? lane}`,
  }),
  'queue.service': (event, lane) => ({
    ...{ icon: 'check', tone: 'success' },
    text: `Served at ${lane} in ${seconds(event, 'service_s')}`,
  }),
  'queue.abandoned': (event, lane) => ({
    ...{ icon: 'logout', tone: 'warning' },
    text: `Gave up at ${lane} after ${seconds(event, 'wait_s')}`,
  }),
  'queue.left': (event, lane) => ({
    ...{ icon: 'arrowOut', tone: 'neutral' },
    text: `No longer in the line of ${lane}${reason(event)}`,
  }),
  'queue.long.foretold': (event, lane) => ({
    ...{ icon: 'warning', tone: 'warning' },
    text: `Long queue foretold for ${lane}${chance(event)}`,
  }),
  'queue.long.started': (event, lane) => ({
    ...{ icon: 'warning', tone: 'danger' },
    text: `Long queue at ${lane}: ${seconds(event, 'wait_s')}`,
  }),
  'queue.long': (event, lane) => ({
    ...{ icon: 'warning', tone: 'warning' },
    text: `Long queue at ${lane} over, at most ${seconds(event, 'wait_s')}`,
  }),
  'lane.state': (event, lane) => ({
    ...{ icon: 'checkout', tone: event.attrs.state === 'open' ? 'success' : 'neutral' },
    text: `${lane} ${event.attrs.state === 'open' ? 'opened' : 'closed'}${reason(event)}`,
  }),
};

function seconds(event: Event, key: string): string {
  const value = event.attrs[key];
  return formatDuration(typeof value === 'number' ? value : null);
}

function chance(event: Event): string {
  const share = event.attrs.chance;
  return typeof share === 'number' ? ` within 15 min: ${formatShare(share)} likely` : ' within 15 min';
}

function position(event: Event): string {
  const place = event.attrs.position;
  return typeof place === 'number' ? ` as number ${formatCount(place)}` : '';
}

/** The lane that served, where several share the line. */
function servedBy(event: Event, names: Names): string | null {
  const lane = event.attrs.lane;
  return typeof lane === 'string' && lane !== '' ? names.lane(lane) : null;
}

function reason(event: Event): string {
  return event.attrs.reason ? `: ${String(event.attrs.reason)}` : '';
}
