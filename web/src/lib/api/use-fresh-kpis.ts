/* SPDX-License-Identifier: Apache-2.0 */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useTopicMessages } from '@/lib/live/use-topic.ts';
import type { LiveKpis } from './live-kpis.ts';
import { throttled } from './throttled.ts';
import { useMay } from './session.ts';

const AT_MOST_EVERY_MS = 3000;

/** Fetches traffic, zone and queue figures anew when the live figures show that they moved. */
export function useFreshKpis(store: string): void {
  const client = useQueryClient();
  const may = useMay('kpis.read');
  const last = useRef<{ lines: string; zones: string; queues: string } | null>(null);
  const refetch = useMemo(() => {
    const part = (name: string) =>
      throttled(AT_MOST_EVERY_MS, () => void client.invalidateQueries({ queryKey: ['stores', store, 'kpis', name] }));
    return { traffic: part('traffic'), zones: part('zones'), queues: part('queues') };
  }, [client, store]);
  useEffect(
    () => () => {
      refetch.traffic.stop();
      refetch.zones.stop();
      refetch.queues.stop();
    },
    [refetch],
  );
  useTopicMessages(may ? `store/${store}/kpi` : null, ({ data }) => {
    const live = data as LiveKpis;
    const now = { lines: JSON.stringify(live.lines), zones: JSON.stringify(live.zones), queues: movesOf(live) };
    if (last.current && last.current.lines !== now.lines) refetch.traffic.run();
    if (last.current && last.current.zones !== now.zones) refetch.zones.run();
    if (last.current && last.current.queues !== now.queues) refetch.queues.run();
    last.current = now;
  });
}

/** Somebody joined, was served or left, or a lane opened or closed; waits grow all the time. */
function movesOf({ queues, lanes }: LiveKpis): string {
  return JSON.stringify([queues.map((q) => [q.queue_id, q.length]), lanes.map((l) => [l.lane_id, l.state, l.serving])]);
}
