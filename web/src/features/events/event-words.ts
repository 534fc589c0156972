/* SPDX-License-Identifier: Apache-2.0 */
import type { Tone } from '@/components/badge.tsx';
import type { IconName } from '@/components/icon.tsx';
import type { Schemas } from '@/lib/api/client.ts';
import type { Names } from '@/lib/api/names.ts';
import { formatCount, formatDuration, known } from '@/lib/format/number.ts';
import { crowdWords } from './crowd-words.ts';
import { queueWords } from './queue-words.ts';
import { visitWords } from './visit-words.ts';

export type Event = Schemas['Event'];

/* How each kind of event reads. Kinds of a newer edge are shown by their name, as words. */

export type EventWords = { icon: IconName; tone: Tone; text: string; place: string };

export const EVENT_KINDS: readonly { value: string; label: string }[] = [
  { value: 'line.crossed', label: 'Line crossed' },
  { value: 'line.passed_by', label: 'Walked past the entrance' },
  { value: 'group.entered', label: 'Came in together' },
  { value: 'visit.started', label: 'Came to the store' },
  { value: 'visit.reentered', label: 'Came back' },
  { value: 'visit.turned_back', label: 'Turned back' },
  { value: 'visit.closed', label: 'Left the store' },
  { value: 'zone.visit.started', label: 'Entered a zone' },
  { value: 'zone.visit', label: 'Stayed in a zone' },
  { value: 'zone.over_capacity.started', label: 'Zone became too full' },
  { value: 'zone.over_capacity', label: 'Zone was too full' },
  { value: 'queue.joined', label: 'Joined a line' },
  { value: 'queue.wait', label: 'Waited in line' },
  { value: 'queue.service', label: 'Served at a till' },
  { value: 'queue.abandoned', label: 'Gave up waiting' },
  { value: 'queue.left', label: 'Left a line otherwise' },
  { value: 'queue.long.foretold', label: 'Long queue foretold' },
  { value: 'queue.long.started', label: 'Long queue began' },
  { value: 'queue.long', label: 'Long queue' },
  { value: 'lane.state', label: 'Lane opened or closed' },
  { value: 'camera.state', label: 'Camera state' },
  { value: 'camera.view', label: 'Camera view' },
  { value: 'recording.shortened', label: 'Recordings cut short' },
  { value: 'archive.behind', label: 'Archive behind' },
];

/** Not in the list of kinds: they come only when they are asked for. */
const SAMPLES: Record<string, string> = {
  'camera.sample': 'Minute of a camera',
  'queue.sample': 'Minute of a line',
  'heat.sample': 'Five minutes of the heat map',
};

export function kindLabel(kind: string): string {
  return EVENT_KINDS.find(({ value }) => value === kind)?.label ?? SAMPLES[kind] ?? asWords(kind);
}

/** "stock.shelf_empty": "Stock shelf empty". */
function asWords(kind: string): string {
  const words = kind.replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
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
        text: `Walked past, over ${names.line(event.camera_id, event.line_id)}`,
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
    case 'camera.view':
      return { ...cameraView(event), place };
    case 'recording.shortened':
      return { ...shortened(event), place: '' };
    case 'archive.behind':
      return { ...archiveBehind(event), place: '' };
    default:
      return {
        ...(queueWords(event, names) ??
          visitWords(event) ??
          crowdWords(event, names) ??
          sampleWords(event) ??
          otherWords(event)),
        place,
      };
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

function otherWords({ kind }: Event): Omit<EventWords, 'place'> {
  return { icon: 'dot', tone: 'neutral', text: kindLabel(kind) };
}

/** What was measured over a stretch of time, rather than what somebody did. */
function sampleWords({ kind, attrs }: Event): Omit<EventWords, 'place'> | null {
  if (kind === 'camera.sample') {
    const alive = typeof attrs.alive_s === 'number' ? formatDuration(attrs.alive_s) : 'n/a';
    return { icon: 'camera', tone: 'neutral', text: `Pictures for ${alive}, at most ${count(attrs.people_max)} in view` };
  }
  if (kind === 'queue.sample')
    return { icon: 'checkout', tone: 'neutral', text: `A minute of the line: at most ${count(attrs.max)} waiting` };
  return null;
}

function count(value: unknown): string {
  return formatCount(typeof value === 'number' ? value : null);
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

const VIEW_WORDS: Record<string, string> = {
  good: 'shows its view again',
  frozen: 'picture is frozen',
  black: 'picture is black',
  covered: 'view is covered',
  defocused: 'picture is blurred',
  moved: 'shows another view',
};

function cameraView(event: Event): Omit<EventWords, 'place'> {
  const state = String(event.attrs.state ?? '');
  return {
    icon: 'camera',
    tone: state === 'good' ? 'success' : 'danger',
    text: `Camera ${VIEW_WORDS[state] ?? state}`,
  };
}

function span(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  return days < 2 ? formatDuration(seconds) : `${days} days`;
}

/** Of no camera: the disk is every camera's. */
function shortened({ attrs }: Event): Omit<EventWords, 'place'> {
  const kept = typeof attrs.kept_s === 'number' ? `, they reach back ${span(attrs.kept_s)}` : '';
  const wanted = typeof attrs.wanted_s === 'number' && kept ? ` of ${span(attrs.wanted_s)}` : '';
  return { icon: 'camera', tone: 'danger', text: `Recordings cut short: ${String(attrs.reason ?? 'no room')}${kept}${wanted}` };
}

function archiveBehind({ attrs }: Event): Omit<EventWords, 'place'> {
  const behind = typeof attrs.behind_s === 'number' ? `; the oldest file waits for ${span(attrs.behind_s)}` : '';
  return { icon: 'layers', tone: 'danger', text: `Archive: ${String(attrs.reason ?? 'it is behind')}${behind}` };
}

function dwell(event: Event): number | null {
  const told = event.attrs.dwell_s;
  if (typeof told === 'number' && known(told)) return told;
  return event.end_ts ? (Date.parse(event.end_ts) - Date.parse(event.ts)) / 1000 : null;
}
