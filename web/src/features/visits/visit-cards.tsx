/* SPDX-License-Identifier: Apache-2.0 */
import { DefinitionNote } from '@/components/definition-note.tsx';
import { KpiCard } from '@/components/kpi-card.tsx';
import type { Schemas } from '@/lib/api/client.ts';
import type { Compare } from '@/lib/comparison.ts';
import { formatCount, formatDuration, formatShare, known } from '@/lib/format/number.ts';

type VisitCardsProps = {
  totals: Schemas['TrafficTotals'];
  /** Visits that go on. */
  open: number;
  /** More than a day: unique visitors are summed. */
  days: boolean;
  compared: Compare;
  stale: boolean;
  /** Events of visits. */
  href: string;
};

/** Who came and for how long, for a grid that the page lays out. Nothing where nobody is recognised. */
export function VisitCards({ totals, open, days, compared, stale, href }: VisitCardsProps) {
  const { unique_visitors: unique, visit_mean_s: mean, bounce_rate: bounce } = totals;
  if (!known(unique.value)) return null;
  return (
    <>
      <KpiCard
        icon="user"
        name="Unique visitors"
        unit="people"
        value={formatCount(unique.value)}
        note={uniqueNote(totals.known_share.value, days)}
        change={compared('unique_visitors', unique.value)}
        provisional={unique.provisional}
        stale={stale}
        href={href}
        definition={<DefinitionNote figure={unique} />}
      />
      <KpiCard
        icon="clock"
        name="Visit duration"
        value={formatDuration(mean.value)}
        note={durationNote(totals, open)}
        change={compared('visit_mean_s', mean.value)}
        provisional={mean.provisional}
        stale={stale}
        href={href}
        definition={<DefinitionNote figure={mean} />}
      />
      <KpiCard
        icon="undo"
        name="Bounce rate"
        value={formatShare(bounce.value)}
        note="left within 60 s, engaged in nothing"
        change={compared('bounce_rate', bounce.value)}
        provisional={bounce.provisional}
        stale={stale}
        href={href}
        definition={<DefinitionNote figure={bounce} />}
      />
    </>
  );
}

function uniqueNote(share: number | null, days: boolean): string | undefined {
  if (known(share) && share < 1) return `${formatShare(share)} of those who came in were recognised`;
  return days ? 'daily uniques, summed' : undefined;
}

function durationNote({ visit_median_s: median, visit_p90_s: p90 }: Schemas['TrafficTotals'], open: number): string {
  const spread = `half under ${formatDuration(median.value)} · 9 in 10 under ${formatDuration(p90.value)}`;
  return open === 0 ? spread : `${spread} · ${formatCount(open)} still here`;
}
