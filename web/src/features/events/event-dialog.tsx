/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Dialog } from '@/components/dialog.tsx';
import type { Names } from '@/lib/api/names.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { keepPath } from '@/lib/evidence-link.ts';
import { formatDuration } from '@/lib/format/number.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import type { Snapshot } from './event-snapshots.ts';
import { EventStill } from './event-still.tsx';
import { type Event, eventWords, kindLabel } from './event-words.ts';

type EventDialogProps = {
  event: Event | null;
  /** Its picture, where there is one. */
  snapshot?: Snapshot;
  names: Names;
  zone: string;
  onClose: () => void;
};

/** One row of the ledger, whole: every count can be traced to it. */
export function EventDialog({ event, snapshot, names, zone, onClose }: EventDialogProps) {
  const store = useStore();
  const mayPlay = useMay('recordings.read') && !store.simulated;
  const mayKeep = useMay('evidence.write') && !store.simulated;
  if (!event) return null;
  const { text, place } = eventWords(event, names);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text}
      description={place}
      wide={snapshot !== undefined}
    >
      {snapshot && <EventStill key={snapshot.id} snapshot={snapshot} />}
      <dl className="divide-y divide-line text-[13px]">
        {facts(event, names, zone).map(([name, value]) => (
          <div key={name} className="flex justify-between gap-6 py-2">
            <dt className="shrink-0 text-quiet">{name}</dt>
            <dd className="min-w-0 text-right break-words tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {event.camera_id && (
        <p className="mt-3 flex flex-wrap gap-x-5 gap-y-2 text-[13px] font-medium text-primary-ink">
          {mayPlay && (
            <Link
              href={`/stores/${store.id}/cameras/${event.camera_id}/recordings?at=${moment(event)}`}
              className="hover:underline"
            >
              Watch the recording
            </Link>
          )}
          {mayKeep && (
            <Link
              href={keepPath(store.id, event.camera_id, event.end_ts ?? event.ts, { event: event.id, title: text })}
              className="hover:underline"
            >
              Keep as evidence
            </Link>
          )}
        </p>
      )}
    </Dialog>
  );
}

/** A moment before it. */
function moment(event: Event): string {
  return new Date(Date.parse(event.ts) - 3000).toISOString();
}

function facts(event: Event, names: Names, zone: string): [string, string][] {
  const rows: [string, string | number | undefined][] = [
    ['Kind', withId(kindLabel(event.kind), event.kind)],
    [event.end_ts ? 'From' : 'Time', formatDateTime(event.ts, zone)],
    ['To', event.end_ts && formatDateTime(event.end_ts, zone)],
    ['Camera', event.camera_id && withId(names.camera(event.camera_id), event.camera_id)],
    ['Line', event.line_id && withId(names.line(event.camera_id, event.line_id), event.line_id)],
    ['Zone', event.zone_id && withId(names.zone(event.zone_id), event.zone_id)],
    ['Lane', event.lane_id && withId(names.lane(event.lane_id), event.lane_id)],
    ['Visitor', event.visitor_id?.split('/')[1]],
    ['Track', event.tracklet_id],
    ...Object.entries(event.attrs).map(([key, value]) => attribute(key, value, zone)),
    ['Scene version', event.scene_version],
    ['Model', event.model_version],
    ['Edge', event.edge_id],
    ['Event id', event.id],
  ];
  return rows
    .filter((row): row is [string, string | number] => row[1] !== undefined && row[1] !== '')
    .map(([k, v]) => [k, String(v)]);
}

/** The name that people know, and the id that the API and the database know. */
function withId(name: string, id: string): string {
  return name === id ? id : `${name} (${id})`;
}

const ATTRIBUTES: Record<string, string> = {
  direction: 'Direction',
  turn_back: 'Turned back',
  in_ts: 'Way in at',
  dwell_s: 'Dwell',
  wait_s: 'Wait',
  service_s: 'Service',
  position: 'Place in line',
  lane: 'Served at',
  duration_s: 'In the store',
  away_s: 'Away before',
  entries: 'Ways in',
  engaged: 'Engaged',
  cut: 'Cut short',
  state: 'State',
  reason: 'Reason',
};

function attribute(key: string, value: string | number | boolean, zone: string): [string, string] {
  const name = ATTRIBUTES[key] ?? key.replaceAll('_', ' ');
  if (typeof value === 'boolean') return [name, value ? 'yes' : 'no'];
  if (key.endsWith('_s') && typeof value === 'number') return [name, formatDuration(value)];
  if (key.endsWith('_ts')) return [name, formatDateTime(String(value), zone)];
  return [name, String(value)];
}
