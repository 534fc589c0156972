/* SPDX-License-Identifier: Apache-2.0 */
import type { DataQuery } from '@/components/data-state.tsx';
import { DefinitionNote } from '@/components/definition-note.tsx';
import { KpiCard, KpiSkeleton } from '@/components/kpi-card.tsx';
import type { Compare } from '@/lib/comparison.ts';
import { formatCount, formatDuration, formatShare, known } from '@/lib/format/number.ts';
import type { QueueKpis } from './queue-queries.ts';

type WaitCardsProps = {
  query: DataQuery<QueueKpis>;
  compared: Compare;
  /** Events of this kind in the period. */
  eventsHref: (kind: string) => string;
};

/** Waits and service level of the period, all lines together; an error shows in the table of lanes. */
export function WaitCards({ query, compared, eventsHref }: WaitCardsProps) {
  const { data } = query;
  if (!data && !query.error) return Array.from({ length: 4 }, (_, i) => <KpiSkeleton key={i} />);
  const common = (figure: keyof QueueKpis['total'] & keyof QueueKpis['figures'], kind: string) => ({
    provisional: data?.total.provisional,
    change: compared(figure, data?.total[figure] ?? null),
    stale: Boolean(data && query.error),
    href: eventsHref(kind),
    definition: <Meaning data={data} figure={figure} />,
  });
  const total = data?.total;
  const failed = data ? null : 'could not be loaded';
  return (
    <>
      <KpiCard
        icon="clock"
        name="Mean wait"
        value={formatDuration(total?.wait_mean_s)}
        note={failed ?? 'from joining to service'}
        {...common('wait_mean_s', 'queue.wait')}
      />
      <KpiCard
        icon="clock"
        name="9 in 10 wait under"
        value={formatDuration(total?.wait_p90_s)}
        note={failed ?? 'the 90th percentile'}
        {...common('wait_p90_s', 'queue.wait')}
      />
      <KpiCard
        icon="check"
        name="Service level"
        value={formatShare(total?.service_level)}
        note={failed ?? 'served within the target'}
        {...common('service_level', 'queue.wait')}
      />
      <KpiCard
        icon="logout"
        name="Abandonment"
        value={formatShare(total?.abandonment_rate)}
        note={failed ?? abandonedText(total)}
        {...common('abandonment_rate', 'queue.abandoned')}
      />
    </>
  );
}

function abandonedText(total: QueueKpis['total'] | undefined): string {
  if (total?.joined === 0) return 'nobody joined a line';
  return known(total?.abandoned) && known(total.joined)
    ? `${formatCount(total.abandoned)} of ${formatCount(total.joined)} left unserved`
    : 'left unserved';
}

type MeaningProps = { data: QueueKpis | undefined; figure: keyof QueueKpis['total'] & keyof QueueKpis['figures'] };

function Meaning({ data, figure }: MeaningProps) {
  if (!data) return <p>The figures could not be loaded.</p>;
  const { coverage, provisional, open_waits } = data.total;
  return (
    <>
      <p className="mb-2 text-ink">All lines together.</p>
      <DefinitionNote figure={{ ...data.figures[figure], coverage, provisional }} />
      {open_waits > 0 && (
        <p className="mt-2 text-xs">
          {open_waits === 1 ? 'One wait is' : `${formatCount(open_waits)} waits are`} still going on.
        </p>
      )}
    </>
  );
}
