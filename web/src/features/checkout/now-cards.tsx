/* SPDX-License-Identifier: Apache-2.0 */
import type { DataQuery } from '@/components/data-state.tsx';
import { KpiCard, KpiSkeleton } from '@/components/kpi-card.tsx';
import type { LiveKpis } from '@/lib/api/live-kpis.ts';
import { formatCount, known } from '@/lib/format/number.ts';
import type { QueueKpis } from './queue-queries.ts';
import { openNow, waitingNow } from './queue-sums.ts';

type NowCardsProps = {
  query: DataQuery<Pick<LiveKpis, 'queues' | 'lanes'>>;
  stale: boolean;
  /** The server's words for the figures, once they are there. */
  meanings: QueueKpis['figures'] | undefined;
};

/** Lanes open and people waiting at this moment; an error shows in the card of the lines. */
export function NowCards({ query, stale, meanings }: NowCardsProps) {
  const { data } = query;
  if (!data && !query.error) return Array.from({ length: 2 }, (_, i) => <KpiSkeleton key={i} />);
  const lanes = openNow(data?.lanes ?? []);
  const waiting = waitingNow(data?.queues ?? []);
  const failed = data ? undefined : 'could not be loaded';
  return (
    <>
      <KpiCard
        icon="checkout"
        name="Lanes open"
        value={
          known(lanes.open) ? `${formatCount(lanes.open)} / ${formatCount(data?.lanes.length)}` : formatCount(null)
        }
        unit="lanes"
        stale={stale}
        note={failed ?? laneText(data?.lanes.length ?? 0, lanes)}
        definition={<Meaning lead="Lanes that are open now, of all that are drawn." meaning={meanings?.open_hours} />}
      />
      <KpiCard
        icon="people"
        name="Waiting now"
        value={formatCount(waiting.people)}
        unit="people"
        stale={stale}
        note={failed ?? seenText(data?.queues.length ?? 0, waiting.unseen, 'line')}
        definition={<Meaning lead="All lines together." meaning={meanings?.length} />}
      />
    </>
  );
}

function laneText(all: number, { open, unseen }: ReturnType<typeof openNow>): string {
  return all > 0 && unseen === 0 ? `${formatCount(all - (open ?? 0))} closed` : seenText(all, unseen, 'lane');
}

function seenText(all: number, unseen: number, what: string): string {
  if (all === 0) return 'no lane drawn yet';
  const count = (n: number) => `${n} ${n === 1 ? what : `${what}s`}`;
  return unseen === 0 ? `in ${count(all)}` : `${count(unseen)} not seen`;
}

type MeaningProps = { lead: string; meaning: QueueKpis['figures']['length'] | undefined };

function Meaning({ lead, meaning }: MeaningProps) {
  return (
    <>
      <p className="text-ink">{lead}</p>
      {meaning && <p className="mt-2 first-letter:uppercase">{meaning.definition}</p>}
    </>
  );
}
