/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Card } from '@/components/card.tsx';
import { useNames } from '@/lib/api/names.ts';
import { useStore } from '@/lib/api/stores.ts';
import { EventList } from './event-list.tsx';
import { useEvents } from './event-queries.ts';

/** What happens in the store, as it happens. */
export function EventFeed({ className }: { className?: string }) {
  const store = useStore();
  const names = useNames(store.id);
  const query = useEvents(store.id, {}, 30);
  return (
    <Card
      title="Events"
      hint="As they happen"
      flush
      className={className}
      actions={
        <Link href={`/stores/${store.id}/events`} className="text-[13px] font-medium text-primary-ink hover:underline">
          All events
        </Link>
      }
    >
      <div className="h-full overflow-y-auto" tabIndex={0} role="region" aria-label="Live events">
        <EventList
          query={query}
          names={names}
          zone={store.time_zone}
          emptyText="They appear here as soon as somebody crosses a line or enters a zone."
        />
      </div>
    </Card>
  );
}
