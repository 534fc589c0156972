/* SPDX-License-Identifier: Apache-2.0 */
import { type ReactNode, useState } from 'react';
import { Badge } from '@/components/badge.tsx';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { MoreRows } from '@/components/more-rows.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { formatCount, formatDuration, known, NOT_KNOWN } from '@/lib/format/number.ts';
import type { LiveKpis } from '@/lib/api/live-kpis.ts';
import { LaneBadge } from './lane-badge.tsx';
import type { LiveLane, LiveQueue } from './queue-queries.ts';
import { byNeed } from './queue-sums.ts';

type LiveQueuesProps = {
  query: DataQuery<Pick<LiveKpis, 'queues' | 'lanes'>>;
  stale: boolean;
  cameraName: (id: string) => string;
  /** The way to the editor, where there are no lanes yet. */
  draw?: ReactNode;
  className?: string;
};

/** Who stands in line right now, where, and which lanes are open. */
export function LiveQueues({ query, stale, cameraName, draw, className }: LiveQueuesProps) {
  return (
    <Card title="Lines now" hint="Who waits, and which lanes are open" flush className={className}>
      <DataState
        query={query}
        what="lines"
        stale={stale}
        loading={<Skeleton className="mx-6 mb-6 h-40" />}
        isEmpty={(live) => live.queues.length === 0}
        empty={{
          icon: 'checkout',
          title: 'No lane yet',
          text: 'Draw a lane on a camera picture to see who waits there, and for how long.',
          action: draw,
        }}
      >
        {(live) => <Rows {...live} cameraName={cameraName} />}
      </DataState>
    </Card>
  );
}

type RowsProps = Pick<LiveKpis, 'queues' | 'lanes'> & Pick<LiveQueuesProps, 'cameraName'>;

/** Below this a full bar would make a short line look long. */
const LEAST_SCALE = 6;

/** So many at first: those with the longest lines. */
const SHOWN = 6;

function Rows({ queues, lanes, cameraName }: RowsProps) {
  const [all, setAll] = useState(false);
  const most = Math.max(LEAST_SCALE, ...queues.map((queue) => queue.length ?? 0));
  const sorted = byNeed(queues);
  return (
    <>
    <ul className="divide-y divide-line border-t border-line">
      {(all ? sorted : sorted.slice(0, SHOWN)).map((queue) => (
        <QueueRow
          key={`${queue.camera_id}/${queue.queue_id}`}
          queue={queue}
          lanes={lanes.filter((l) => l.queue_id === queue.queue_id && l.camera_id === queue.camera_id)}
          most={most}
          place={cameraName(queue.camera_id)}
        />
      ))}
    </ul>
    <MoreRows all={sorted.length} shown={SHOWN} what="lines" open={all} onChange={setAll} />
    </>
  );
}

type QueueRowProps = { queue: LiveQueue; lanes: readonly LiveLane[]; most: number; place: string };

/** On a phone: name and count, place and lanes, the bar, and the waits, each in one line. */
function QueueRow({ queue, lanes, most, place }: QueueRowProps) {
  return (
    <li
      data-queue={queue.queue_id}
      className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-6 md:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_auto] md:gap-x-6 md:py-3.5"
    >
      <div className="contents min-w-0 md:block">
        <p className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium first-letter:uppercase">{queue.name}</span>
          {queue.long && (
            <span className="shrink-0">
              <Badge tone="danger" dot title="The present or the estimated wait is over the limit">
                Long queue
              </Badge>
            </span>
          )}
        </p>
        <div className="order-1 col-span-full flex flex-wrap items-center gap-x-2 gap-y-1.5 md:block">
          <p className="min-w-0 truncate text-xs text-quiet">
            {place}
            {queue.group && ` · ${formatCount(queue.lanes_open)} of ${queue.lanes_total} lanes open`}
          </p>
          <ul aria-label={`Lanes of ${queue.name}`} className="flex min-w-0 flex-wrap gap-1.5 md:mt-2">
            {lanes.map((lane) => (
              <li key={lane.lane_id} className="flex max-w-full">
                <LaneBadge lane={lane} name={queue.group} />
              </li>
            ))}
          </ul>
        </div>
      </div>
      <Waiting queue={queue} most={most} />
      <dl className="order-3 col-span-full flex flex-wrap gap-x-5 gap-y-0.5 tabular-nums md:order-none md:col-span-1 md:w-56 md:gap-x-6">
        <Wait label="Longest wait" seconds={queue.present_wait_s} long={queue.long} />
        <Wait label="Estimated" seconds={queue.estimated_wait_s} long={queue.long} />
      </dl>
    </li>
  );
}

function Waiting({ queue: { name, length, long }, most }: { queue: LiveQueue; most: number }) {
  if (!known(length))
    return (
      <p className="order-2 col-span-full text-[13px] text-quiet md:order-none md:col-span-1">
        {NOT_KNOWN}: the camera gives no picture
      </p>
    );
  return (
    <div className="contents md:block">
      <p className="flex items-baseline gap-1.5 md:mb-1.5">
        <span className="text-xl leading-6 font-semibold tabular-nums">{formatCount(length)}</span>
        <span className="text-[13px] text-quiet">waiting</span>
      </p>
      <div className="order-2 col-span-full">
        <ProgressBar label={`People waiting for ${name}`} share={length / most} tone={long ? 'danger' : 'primary'} />
      </div>
    </div>
  );
}

function Wait({ label, seconds, long }: { label: string; seconds: number | null; long: boolean }) {
  const tone = !known(seconds) ? 'text-quiet' : long ? 'text-danger-ink' : '';
  return (
    <div className="flex items-baseline gap-1.5 md:block md:flex-1">
      <dt className="text-xs whitespace-nowrap text-quiet">{label}</dt>
      <dd className={`text-[13px] font-semibold whitespace-nowrap md:text-sm ${tone}`}>{formatDuration(seconds)}</dd>
    </div>
  );
}
