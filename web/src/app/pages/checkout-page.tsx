/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { Card } from '@/components/card.tsx';
import { EmptyNote } from '@/components/data-state.tsx';
import { RangePicker } from '@/components/range-picker.tsx';
import { LaneTable } from '@/features/checkout/lane-table.tsx';
import { LiveQueues } from '@/features/checkout/live-queues.tsx';
import { NowCards } from '@/features/checkout/now-cards.tsx';
import { OutlookCard } from '@/features/checkout/outlook-card.tsx';
import { QueueHistory } from '@/features/checkout/queue-history.tsx';
import { type QueueRow, useQueueKpis } from '@/features/checkout/queue-queries.ts';
import { StaffingCard } from '@/features/checkout/staffing-card.tsx';
import { useStaffing } from '@/features/checkout/staffing-queries.ts';
import { WaitCards } from '@/features/checkout/wait-cards.tsx';
import { type Camera, useCameras } from '@/lib/api/cameras.ts';
import { useNoDrawing } from '@/lib/api/drawing.ts';
import { useLiveKpis } from '@/lib/api/live-kpis.ts';
import { useNames } from '@/lib/api/names.ts';
import { useStore } from '@/lib/api/stores.ts';
import { beforeWords, comparedWith, lowerFirst } from '@/lib/comparison.ts';
import { useNow } from '@/lib/use-now.ts';
import { useDays } from './use-days.ts';

/** The plan of lanes reaches so far ahead. */
const STAFFING_DAYS = 2;

/** Lines of people and lanes: now, soon, and over any days. */
export function CheckoutPage() {
  const store = useStore();
  const now = useNow(60_000);
  const names = useNames(store.id);
  const live = useLiveKpis(store.id);
  const [params, setParams] = useSearchParams();
  const [, go] = useLocation();
  const { days, range, step, today, choose } = useDays(now, 'today');
  const queues = useQueueKpis(
    store.id,
    useMemo(() => ({ ...range, step, compare: 'week' }), [range, step]),
  );
  const isToday = days.from === today;
  const week = queues.data?.comparison;
  const compared = comparedWith(week, isToday);
  const staffing = useStaffing(store.id, STAFFING_DAYS);
  const setLine = (queue: string) =>
    setParams((old) => ({ ...Object.fromEntries(old), queue }), { replace: true });
  const events = (query: Record<string, string>) =>
    `/stores/${store.id}/events?${new URLSearchParams({ from: range.from, to: range.to, ...query }).toString()}`;
  const eventsOf = (row: QueueRow, more: Record<string, string> = {}) =>
    events({ kind: row.group_id ? 'queue.service' : 'queue.wait', camera: row.camera_ids[0] ?? '', ...more });

  if (live.data?.queues.length === 0 && queues.data?.rows.length === 0) return <NoLane store={store.id} />;
  return (
    <div className="space-y-4 sm:space-y-6">
      <section aria-labelledby="now" className="grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-4">
        <h2 id="now" className="sr-only">
          Now
        </h2>
        <div className="contents xl:order-2 xl:flex xl:flex-col xl:gap-4">
          <NowCards query={live} stale={live.stale} meanings={queues.data?.figures} />
        </div>
        <LiveQueues
          query={live}
          stale={live.stale}
          cameraName={names.camera}
          draw={<DrawLink store={store.id} />}
          className="col-span-full xl:col-span-3"
        />
      </section>
      <OutlookCard query={live} stale={live.stale} />
      <RangePicker range={days} timezone={store.time_zone} now={now} onChange={choose} />
      <section aria-labelledby="figures" className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
        <h2 id="figures" className="sr-only">
          Figures of the period
        </h2>
        <WaitCards query={queues} compared={compared} eventsHref={(kind) => events({ kind })} />
      </section>
      <QueueHistory
        query={queues}
        zone={store.time_zone}
        before={week ? lowerFirst(beforeWords(week.weeks, isToday)) : null}
        line={params.get('queue') ?? ''}
        onLine={setLine}
        onPick={(row, period) => go(eventsOf(row, { from: period.start, to: period.end }))}
      />
      <LaneTable query={queues} eventsHref={eventsOf} />
      <StaffingCard query={staffing} zone={store.time_zone} />
    </div>
  );
}

/** One clear word instead of six empty cards: nothing here can be known before a lane is drawn. */
function NoLane({ store }: { store: string }) {
  return (
    <Card>
      <EmptyNote
        icon="checkout"
        title="No lane is drawn yet"
        text="In none of this store's camera pictures, nor on its floor plan, is there a lane: where people queue and where they are served. Draw one where a camera sees a till or a counter, and this screen shows who waits, for how long, which lanes to open, and how waits went over the days."
        action={<DrawLink store={store} />}
      />
    </Card>
  );
}

/** To the editor of the camera that looks at the tills; where that is not clear, to all of them. */
function DrawLink({ store }: { store: string }) {
  const mayDraw = useNoDrawing() === null;
  const camera = tillCamera(useCameras(store).data ?? []);
  if (!mayDraw) return null;
  return (
    <Link
      href={`/stores/${store}/settings${camera ? `/cameras/${camera.id}` : ''}`}
      className="inline-flex h-10 items-center rounded-lg bg-primary-fill px-4 font-medium text-white hover:bg-primary-fill-hover"
    >
      Draw a lane
    </Link>
  );
}

function tillCamera(cameras: readonly Camera[]): Camera | undefined {
  const tills = cameras.filter((camera) => camera.role === 'checkout');
  const likely = tills.length > 0 ? tills : cameras;
  return likely.length === 1 ? likely[0] : undefined;
}
