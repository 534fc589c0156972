/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { Badge } from '@/components/badge.tsx';
import { Segmented } from '@/components/segmented.tsx';
import { trafficWords } from '@/features/accuracy/accuracy-words.ts';
import { TrafficCard } from '@/features/traffic/traffic-card.tsx';
import { type TrafficRange, useTraffic } from '@/features/traffic/traffic-queries.ts';
import { useStore } from '@/lib/api/stores.ts';
import { useNow } from '@/lib/use-now.ts';
import type { Range } from './use-today.ts';

const FIVE_MIN_MS = 5 * 60_000;
const SHOWN_MS = 2 * 60 * 60_000;

type Span = 'today' | 'last';

const SPANS = [
  { value: 'today', label: 'Today', hint: 'Today by hour' },
  { value: 'last', label: '2 h', hint: 'The last two hours, by five minutes' },
] as const;

/** Traffic of today by hour, or closer: the last two hours by five minutes. */
export function TrafficSection({ today }: { today: Range }) {
  const store = useStore();
  const now = useNow(FIVE_MIN_MS);
  const [span, setSpan] = useState<Span>('today');
  const range = useMemo((): TrafficRange => {
    if (span === 'today') return { ...today, step: 'hour' };
    const end = now + FIVE_MIN_MS;
    return { from: new Date(end - SHOWN_MS).toISOString(), to: new Date(end).toISOString(), step: '5min' };
  }, [span, today, now]);
  const traffic = useTraffic(store.id, range);
  const accuracy = trafficWords(traffic.data?.count_accuracy);
  const [, go] = useLocation();
  return (
    <TrafficCard
      title={span === 'today' ? 'Traffic by hour' : 'Traffic by five minutes'}
      hint="People in and out over entrance lines"
      actions={
        <>
          {accuracy && (
            <Badge tone={accuracy.tone} title={accuracy.hint}>
              {accuracy.text}
            </Badge>
          )}
          <Segmented<Span> label="Period" value={span} options={SPANS} onChange={setSpan} />
        </>
      }
      query={traffic}
      zone={store.time_zone}
      onPick={({ start, end }) =>
        go(
          `/stores/${store.id}/events?${new URLSearchParams({ kind: 'line.crossed', from: start, to: end }).toString()}`,
        )
      }
    />
  );
}
