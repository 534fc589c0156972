/* SPDX-License-Identifier: Apache-2.0 */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, bodyOf } from '@/lib/api/client.ts';
import { useTopic, useTopicMessages } from '@/lib/live/use-topic.ts';
import { type EventPage, type EventPages, hasGrown, readPushed, withNew } from './event-pages.ts';
import type { Event } from './event-words.ts';

export type EventFilter = { kind?: string; camera?: string; from?: string; to?: string };

/** Events newest first, older ones page by page, new ones as they happen. */
export function useEvents(store: string, filter: EventFilter, limit: number) {
  const client = useQueryClient();
  const key = ['stores', store, 'events', filter, limit] as const;
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }): Promise<EventPage> =>
      bodyOf(
        api.GET('/api/v1/stores/{store}/events', {
          params: {
            path: { store },
            query: { ...filter, kind: filter.kind ? [filter.kind] : undefined, limit, cursor: pageParam ?? undefined },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });

  const topic = `store/${store}/events`;
  const { data, fresh } = useTopic(topic);
  const take = useCallback(
    (events: readonly Event[]) => {
      const wanted = events.filter((event) => matches(event, filter));
      if (wanted.length === 0) return;
      const pages = client.setQueryData<EventPages>(key, (old) => withNew(old, wanted));
      if (hasGrown(pages)) void client.invalidateQueries({ queryKey: key });
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key is made of these
    [client, store, JSON.stringify(filter), limit],
  );
  useTopicMessages(topic, (message) => take(readPushed(message.data)));
  return { ...query, events: query.data?.pages.flatMap((page) => page.events), stale: data !== null && !fresh };
}

export function matches(event: Event, filter: EventFilter): boolean {
  const is = (wanted: string | undefined, value: string | undefined) => wanted === undefined || wanted === value;
  const late = filter.from === undefined || Date.parse(event.ts) >= Date.parse(filter.from);
  const early = filter.to === undefined || Date.parse(event.ts) < Date.parse(filter.to);
  return (
    is(filter.kind, event.kind) &&
    is(filter.camera, event.camera_id) &&
    !event.kind.endsWith('.sample') &&
    late &&
    early
  );
}
