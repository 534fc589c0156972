/* SPDX-License-Identifier: Apache-2.0 */
import { DefinitionNote } from '@/components/definition-note.tsx';
import { KpiCard } from '@/components/kpi-card.tsx';
import type { Compare } from '@/lib/comparison.ts';
import { formatCount, formatShare, known } from '@/lib/format/number.ts';
import type { Traffic } from './traffic-queries.ts';

type PeriodCardsProps = { totals: Traffic['totals']; compared: Compare; stale: boolean; href: string };

export function PeriodCards({ totals, compared, stale, href }: PeriodCardsProps) {
  const { footfall, traffic_in, traffic_out, turn_backs, capture_rate: capture } = totals;
  const common = { stale, href };
  return (
    <>
      <KpiCard
        {...common}
        icon="people"
        name="Footfall"
        unit="people"
        value={formatCount(footfall.value)}
        change={compared('footfall', footfall.value)}
        provisional={footfall.provisional}
        definition={<DefinitionNote figure={footfall} />}
      />
      <KpiCard
        {...common}
        icon="arrowIn"
        name="Traffic in"
        value={formatCount(traffic_in.value)}
        change={compared('traffic_in', traffic_in.value)}
        provisional={traffic_in.provisional}
        definition={<DefinitionNote figure={traffic_in} />}
      />
      <KpiCard
        {...common}
        icon="arrowOut"
        name="Traffic out"
        value={formatCount(traffic_out.value)}
        change={compared('traffic_out', traffic_out.value)}
        provisional={traffic_out.provisional}
        definition={<DefinitionNote figure={traffic_out} />}
      />
      <KpiCard
        {...common}
        icon="undo"
        name="Turned back"
        unit="people"
        value={formatCount(turn_backs.value)}
        change={compared('turn_backs', turn_backs.value)}
        provisional={turn_backs.provisional}
        definition={<DefinitionNote figure={turn_backs} />}
      />
      {known(capture.value) && (
        <KpiCard
          {...common}
          icon="swap"
          name="Capture rate"
          value={formatShare(capture.value)}
          note="of those who walked past"
          change={compared('capture_rate', capture.value)}
          provisional={capture.provisional}
          definition={<DefinitionNote figure={capture} />}
        />
      )}
    </>
  );
}
