/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Button } from '@/components/button.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import type { Names } from '@/lib/api/names.ts';
import { EventDialog } from './event-dialog.tsx';
import type { useEvents } from './event-queries.ts';
import { EventRow } from './event-row.tsx';
import { useEventSnapshots } from './event-snapshots.ts';
import type { Event } from './event-words.ts';

type EventListProps = {
  query: ReturnType<typeof useEvents>;
  names: Names;
  zone: string;
  withDay?: boolean;
  /** Why the list may be empty. */
  emptyText: string;
};

export function EventList({ query, names, zone, withDay, emptyText }: EventListProps) {
  const [open, setOpen] = useState<Event | null>(null);
  const snapshots = useEventSnapshots(query.events);
  return (
    <>
      <DataState
        query={{ ...query, data: query.events }}
        what="events"
        stale={query.stale}
        loading={<RowsSkeleton />}
        isEmpty={(events) => events.length === 0}
        empty={{ icon: 'events', title: 'No events', text: emptyText }}
      >
        {(events) => (
          <>
            <ol className="divide-y divide-line border-t border-line">
              {events.map((event) => (
                <li key={event.id} className="animate-arrive">
                  <EventRow
                    event={event}
                    names={names}
                    zone={zone}
                    withDay={withDay}
                    snapshot={snapshots.get(event.id)}
                    onOpen={setOpen}
                  />
                </li>
              ))}
            </ol>
            {query.hasNextPage && (
              <div className="border-t border-line p-3 text-center">
                <Button
                  size="sm"
                  variant="ghost"
                  busy={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  Load older events
                </Button>
              </div>
            )}
          </>
        )}
      </DataState>
      <EventDialog
        event={open}
        snapshot={open ? snapshots.get(open.id) : undefined}
        names={names}
        zone={zone}
        onClose={() => setOpen(null)}
      />
    </>
  );
}

function RowsSkeleton() {
  return (
    <div className="space-y-3 px-4 pb-4 sm:px-6">
      {Array.from({ length: 6 }, (_, i) => (
        <Skeleton key={i} className="h-10 w-full" />
      ))}
    </div>
  );
}
