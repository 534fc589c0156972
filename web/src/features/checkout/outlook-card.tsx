/* SPDX-License-Identifier: Apache-2.0 */
import { Badge } from '@/components/badge.tsx';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import type { LiveKpis } from '@/lib/api/live-kpis.ts';
import { formatCount, formatDuration, formatShare, known } from '@/lib/format/number.ts';
import {
  adviceWords,
  isKnown,
  type LaneNames,
  lanesWords,
  type OutlookPool,
  poolName,
  poolsInOrder,
  scoreWords,
  unknownWords,
} from './outlook-words.ts';

type Seen = Pick<LiveKpis, 'outlook' | 'lanes' | 'queues'>;

type OutlookCardProps = { query: DataQuery<Seen>; stale: boolean };

/** The waits to come, which lanes to open for them, and how often that was right. */
export function OutlookCard({ query, stale }: OutlookCardProps) {
  return (
    <Card title="Next 15 minutes" hint="Foretold waits, and the lanes they ask for" flush>
      <DataState
        query={query}
        what="the outlook"
        stale={stale}
        loading={<Skeleton className="mx-6 mb-6 h-32" />}
        isEmpty={({ outlook }) => outlook.pools.length === 0}
        empty={{ icon: 'clock', title: 'Nothing to foretell yet', text: 'Waits are foretold for lanes that are drawn.' }}
      >
        {(live) => <Pools {...live} />}
      </DataState>
    </Card>
  );
}

function Pools({ outlook, lanes, queues }: Seen) {
  const laneName: LaneNames = (id) => lanes.find((lane) => lane.lane_id === id)?.name ?? id;
  const queueName: LaneNames = (id) => queues.find((queue) => queue.queue_id === id)?.name ?? id;
  return (
    <>
      <ul className="divide-y divide-line border-t border-line">
        {poolsInOrder(outlook).map((pool) => (
          <Pool
            key={pool.queues[0]?.queue_id}
            pool={pool}
            name={poolName(pool, queueName)}
            laneName={laneName}
            target={outlook.target_s}
            waiting={waitingIn(pool, queues)}
          />
        ))}
      </ul>
      <p className="border-t border-line px-4 py-3 text-xs text-quiet sm:px-6" title={outlook.figure.definition}>
        {scoreWords(outlook.score, outlook.ts === null ? Date.now() : Date.parse(outlook.ts))}
      </p>
    </>
  );
}

function waitingIn(pool: OutlookPool, queues: Seen['queues']): number {
  const ids = new Set(pool.queues.map((queue) => queue.queue_id));
  return queues.reduce((sum, queue) => sum + (ids.has(queue.queue_id) ? (queue.length ?? 0) : 0), 0);
}

/** The chance from which on a call is made. */
const CALLED_FROM = 0.65;

type PoolProps = { pool: OutlookPool; name: string; laneName: LaneNames; target: number; waiting: number };

function Pool({ pool, name, laneName, target, waiting }: PoolProps) {
  const words = isKnown(pool) ? adviceWords(pool, laneName, target, waiting) : null;
  return (
    <li className="grid grid-cols-1 items-center gap-x-6 gap-y-3 px-4 py-3.5 sm:px-6 md:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 font-medium wrap-anywhere first-letter:uppercase">{name}</span>
          <Call pool={pool} />
        </p>
        <p className="text-xs text-quiet">
          {lanesWords(pool)}
          {known(pool.arrivals_15m) && ` · about ${formatCount(pool.arrivals_15m)} people on their way`}
        </p>
        {words && (
          <p className="mt-2 text-sm">
            <Badge tone={words.tone} wrap>
              {words.title}
            </Badge>{' '}
            <span className="text-quiet">{words.text}</span>
          </p>
        )}
        {!isKnown(pool) && <p className="mt-2 text-sm text-quiet">{unknownWords(pool)}</p>}
      </div>
      <dl className="flex gap-6 tabular-nums">
        <Figure label="In 5 min" value={formatDuration(pool.foretold_wait_5m_s)} />
        <Figure label="In 10 min" value={formatDuration(pool.foretold_wait_10m_s)} />
        <Figure label="Long queue likely" value={formatShare(pool.long_chance)} />
      </dl>
    </li>
  );
}

/** A call stands for 15 min, also when what came since made it unlikely: then it is no alarm any more. */
function Call({ pool: { called_at, long_chance } }: { pool: OutlookPool }) {
  if (called_at === null) return null;
  return known(long_chance) && long_chance < CALLED_FROM ? (
    <Badge title="Foretold within the last 15 min; fewer than 65 of 100 futures have a long queue now">
      Long queue foretold, less likely now
    </Badge>
  ) : (
    <Badge tone="danger" dot title="At least 65 of 100 futures have a long queue within 15 min">
      Long queue ahead
    </Badge>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="text-xs whitespace-nowrap text-quiet">{label}</dt>
      <dd className="font-semibold whitespace-nowrap">{value}</dd>
    </div>
  );
}
