/* SPDX-License-Identifier: Apache-2.0 */
import type { Tone } from '@/components/badge.tsx';
import type { IconName } from '@/components/icon.tsx';
import type { Schemas } from '@/lib/api/client.ts';
import type { Names } from '@/lib/api/names.ts';
import { formatDuration, known } from '@/lib/format/number.ts';
import { queueWords } from './queue-words.ts';
import { visitWords } from './visit-words.ts';

export type Event = Schemas['Event'];

/* How each kind of event reads. Kinds of a newer edge are shown by their name. */

export type EventWords = { icon: IconName; tone: Tone; text: string; place: string };

export const EVENT_KINDS: readonly { value: string; label: string }[] = [
  { value: 'line.crossed', label: 'Line crossed' },
  { value: 'line.passed_by', label: 'Passed by' },
  { value: 'visit.started', label: 'Visit began' },
  { value: 'visit.reentered', label: 'Came back' },
  { value: 'visit.turned_back', label: 'Turned back' },
  { value: 'visit.closed', label: 'Visit' },
  { value: 'zone.visit.started', label: 'Zone entered' },
  { value: 'zone.visit', label: 'Zone visit' },
  { value: 'queue.joined', label: 'Queue joined' },
  { value: 'queue.wait', label: 'Wait' },
  { value: 'queue.service', label: 'Service' },
  { value: 'queue.abandoned', label: 'Queue abandoned' },
  { value: 'queue.left', label: 'Queue left' },
  { value: 'queue.long.foretold', label: 'Long queue foretold' },
  { value: 'queue.long.started', label: 'Long queue began' },
  { value: 'queue.long', label: 'Long queue' },
  { value: 'lane.state', label: 'Lane opened or closed' },
  { value: 'camera.state', label: 'Camera state' },
];

export function kindLabel(kind: string): string {
  return EVENT_KINDS.find(({ value }) => value === kind)?.label ?? kind;
}

const STATE_TONES: Record<string, Tone> = { online: 'success', degraded: 'warning', offline: 'danger' };

export function eventWords(event: Event, names: Names): EventWords {
  const place = names.camera(event.camera_id);
  switch (event.kind) {
    case 'line.crossed':
      return { ...crossing(event, names.line(event.camera_id, event.line_id)), place };
    case 'line.passed_by':
      return {
        icon: 'people',
        tone: 'neutral',
        text: `Passed by ${names.line(event.camera_id, event.line_id)}`,
        place,
      };
    case 'zone.visit.started':
      return { icon: 'zone', tone: 'neutral', text: `Entered ${names.zone(event.zone_id)}`, place };
    case 'zone.visit':
      return {
        icon: 'clock',
        tone: 'neutral',
        text: `Stayed ${formatDuration(dwell(event))} in ${names.zone(event.zone_id)}`,
        place,
      };
    case 'camera.state':
      return { ...cameraState(event), place };
    default:
      return { ...(queueWords(event, names) ?? visitWords(event) ?? { icon: 'dot', tone: 'neutral', text: event.kind }), place };
  }
}

function crossing(event: Event, line: string): Omit<EventWords, 'place'> {
  const out = event.attrs.direction === 'out';
  const back = event.attrs.turn_back === true ? ' and turned back' : '';
  return {
    icon: out ? 'arrowOut' : 'arrowIn',
    tone: out ? 'neutral' : 'primary',
    text: `${out ? 'Out' : 'In'} over ${line}${back}`,
  };
}

function cameraState(event: Event): Omit<EventWords, 'place'> {
  const state = String(event.attrs.state ?? '');
  const reason = event.attrs.reason ? `: ${String(event.attrs.reason)}` : '';
  return {
    icon: state === 'offline' ? 'offline' : 'camera',
    tone: STATE_TONES[state] ?? 'neutral',
    text: `Camera ${state}${reason}`,
  };
}

function dwell(event: Event): number | null {
  const told = event.attrs.dwell_s;
  if (typeof told === 'number' && known(told)) return told;
  return event.end_ts ? (Date.parse(event.end_ts) - Date.parse(event.ts)) / 1000 : null;
}
