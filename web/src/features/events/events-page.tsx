/* SPDX-License-Identifier: Apache-2.0 */
import { useSearchParams } from 'wouter';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { SelectField } from '@/components/field.tsx';
import { useCameras } from '@/lib/api/cameras.ts';
import { useNames } from '@/lib/api/names.ts';
import { useStore } from '@/lib/api/stores.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import { EventList } from './event-list.tsx';
import { type EventFilter, useEvents } from './event-queries.ts';
import { EVENT_KINDS } from './event-words.ts';

const KEYS = ['kind', 'camera', 'from', 'to'] as const;

/** The ledger: every count of every figure is a row here. Filters live in the address. */
export function EventsPage() {
  const store = useStore();
  const names = useNames(store.id);
  const cameras = useCameras(store.id).data ?? [];
  const [params, setParams] = useSearchParams();
  const filter = Object.fromEntries(
    KEYS.flatMap((key) => (params.get(key) ? [[key, params.get(key)]] : [])),
  ) as EventFilter;
  const query = useEvents(store.id, filter, 50);

  const choose = (key: keyof EventFilter, value: string) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (value) next.set(key, value);
        else next.delete(key);
        return next;
      },
      { replace: true },
    );

  return (
    <Card
      title="Events"
      hint="Every count is a row here"
      flush
      actions={
        <>
          <SelectField
            label="Kind"
            hideLabel
            compact
            value={filter.kind ?? ''}
            options={[{ value: '', label: 'All kinds' }, ...EVENT_KINDS]}
            onChange={(v) => choose('kind', v)}
          />
          <SelectField
            label="Camera"
            hideLabel
            compact
            value={filter.camera ?? ''}
            options={[{ value: '', label: 'All cameras' }, ...cameras.map((c) => ({ value: c.id, label: c.name }))]}
            onChange={(v) => choose('camera', v)}
          />
        </>
      }
    >
      <Narrowed filter={filter} zone={store.time_zone} onClear={choose} />
      <EventList
        query={query}
        names={names}
        zone={store.time_zone}
        withDay
        emptyText="Nothing happened that fits this filter."
      />
    </Card>
  );
}

type NarrowedProps = { filter: EventFilter; zone: string; onClear: (key: keyof EventFilter, value: string) => void };

/** What else the list was narrowed to on the way here, each with a way back. */
function Narrowed({ filter, zone, onClear }: NarrowedProps) {
  const parts: [keyof EventFilter, string][] = [];
  if (filter.from) parts.push(['from', `From ${formatDateTime(filter.from, zone)}`]);
  if (filter.to) parts.push(['to', `Before ${formatDateTime(filter.to, zone)}`]);
  if (parts.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-2 px-4 pb-4 sm:px-6">
      {parts.map(([key, text]) => (
        <li key={key}>
          <Button size="sm" icon="close" onClick={() => onClear(key, '')} aria-label={`Remove filter ${text}`}>
            {text}
          </Button>
        </li>
      ))}
    </ul>
  );
}
