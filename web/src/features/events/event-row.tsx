/* SPDX-License-Identifier: Apache-2.0 */
import type { Tone } from '@/components/badge.tsx';
import { Icon } from '@/components/icon.tsx';
import type { Names } from '@/lib/api/names.ts';
import { formatClock, formatDay } from '@/lib/format/time.ts';
import { type Snapshot, thumbnailPath } from './event-snapshots.ts';
import { type Event, eventWords } from './event-words.ts';

const ICON_TONES: Record<Tone, string> = {
  neutral: 'bg-sunken text-quiet',
  primary: 'bg-primary-soft text-primary-ink',
  success: 'bg-success-soft text-success-ink',
  warning: 'bg-warning-soft text-warning-ink',
  danger: 'bg-danger-soft text-danger-ink',
};

type EventRowProps = {
  event: Event;
  names: Names;
  zone: string;
  withDay?: boolean;
  snapshot?: Snapshot;
  onOpen?: (event: Event) => void;
};

export function EventRow({ event, names, zone, withDay, snapshot, onOpen }: EventRowProps) {
  const { icon, tone, text, place } = eventWords(event, names);
  return (
    <button
      type="button"
      data-event={event.kind}
      onClick={() => onOpen?.(event)}
      className="flex w-full items-center gap-3 px-4 py-2.5 text-left hover:bg-page/70 sm:px-6"
    >
      <span className={`grid size-8 shrink-0 place-items-center rounded-lg ${ICON_TONES[tone]}`}>
        <Icon name={icon} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate text-[13px] leading-5 font-medium">{text}</span>
        <span className="block truncate text-xs leading-4 text-quiet">{place}</span>
      </span>
      {snapshot && <Thumbnail store={event.store_id} snapshot={snapshot} />}
      <time dateTime={event.ts} className="shrink-0 text-right text-xs leading-4 text-quiet tabular-nums">
        {withDay && <span className="block">{formatDay(event.ts, zone)}</span>}
        {formatClock(event.ts, zone)}
      </time>
    </button>
  );
}

function Thumbnail({ store, snapshot }: { store: string; snapshot: Snapshot }) {
  return (
    <img
      src={thumbnailPath(store, snapshot)}
      alt="Picture of the event"
      loading="lazy"
      className="h-9 w-16 shrink-0 rounded-md bg-sunken object-cover"
    />
  );
}
