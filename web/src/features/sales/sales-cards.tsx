/* SPDX-License-Identifier: Apache-2.0 */
import { DefinitionNote } from '@/components/definition-note.tsx';
import type { IconName } from '@/components/icon.tsx';
import { KpiCard } from '@/components/kpi-card.tsx';
import type { Compare } from '@/lib/comparison.ts';
import { formatMoney, formatMoneyShort } from '@/lib/format/money.ts';
import { formatCount, formatDecimal, formatShare, known } from '@/lib/format/number.ts';
import type { Sales } from './sales-queries.ts';
import { isUntold } from './sales-words.ts';

type Total = keyof Sales['totals'];
type Kind = 'money' | 'count' | 'decimal' | 'share';

/** Below this the cameras saw too little for what is divided by footfall. */
const LEAST_COVERAGE = 0.9;

type CardSpec = { figure: Total; icon: IconName; name: string; kind: Kind; unit?: string };

const REVENUE: CardSpec = { figure: 'revenue_minor', icon: 'money', name: 'Net revenue', kind: 'money' };
const TRANSACTIONS: CardSpec = { figure: 'transactions', icon: 'receipt', name: 'Transactions', kind: 'count' };
const CONVERSION: CardSpec = { figure: 'conversion_rate', icon: 'percent', name: 'Conversion', kind: 'share' };
const PER_VISITOR: CardSpec = {
  figure: 'sales_per_visitor_minor',
  icon: 'people',
  name: 'Sales per visitor',
  kind: 'money',
};

const PER_GROUP: CardSpec = { figure: 'group_conversion', icon: 'people', name: 'Group conversion', kind: 'share' };

export const TODAY_CARDS: readonly CardSpec[] = [
  { ...REVENUE, name: 'Net revenue today' },
  TRANSACTIONS,
  CONVERSION,
  PER_VISITOR,
];

export const PERIOD_CARDS: readonly CardSpec[] = [
  REVENUE,
  TRANSACTIONS,
  { figure: 'average_value_minor', icon: 'basket', name: 'Average value', kind: 'money' },
  { figure: 'units_per_transaction', icon: 'layers', name: 'Units per sale', kind: 'decimal' },
  CONVERSION,
  PER_GROUP,
  PER_VISITOR,
  { figure: 'link_rate', icon: 'link', name: 'Link rate', kind: 'share' },
];

type SalesCardsProps = {
  cards: readonly CardSpec[];
  sales: Sales;
  compared: Compare;
  stale: boolean;
  /** Where a card leads. */ hrefOf?: (figure: Total) => string | undefined;
};

/** Cards for a grid that the page lays out. */
export function SalesCards({ cards, sales, compared, stale, hrefOf }: SalesCardsProps) {
  return cards.map(({ figure: id, icon, name, kind, unit }) => {
    const figure = sales.totals[id];
    return (
      <KpiCard
        key={id}
        icon={icon}
        name={name}
        unit={unit}
        value={valueText(figure.value, kind, sales)}
        exact={kind === 'money' ? formatMoney(figure.value, sales) : undefined}
        change={compared(id, figure.value)}
        note={noteOf(sales, id)}
        provisional={figure.provisional}
        stale={stale}
        href={hrefOf?.(id)}
        definition={<DefinitionNote figure={figure} />}
      />
    );
  });
}

function valueText(value: number | null, kind: Kind, sales: Sales): string {
  if (kind === 'money') return formatMoneyShort(value, sales);
  if (kind === 'share') return formatShare(value);
  return kind === 'decimal' ? formatDecimal(value) : formatCount(value);
}

/** Why there is no figure, or why not to lean on it. */
function noteOf(sales: Sales, id: Total): string | undefined {
  const { value, denominator, coverage } = sales.totals[id];
  if (isUntold(sales)) return 'no receipt of this period';
  if (id === 'link_rate') return known(value) ? 'of sales had a customer seen at the till' : 'no sale at a lane that was watched';
  if (denominator !== 'footfall' && denominator !== 'groups') return undefined;
  if (!known(value)) return `no ${denominator} to divide by`;
  return known(coverage) && coverage < LEAST_COVERAGE ? `cameras alive ${formatShare(coverage)}` : undefined;
}

type RareCardsProps = {
  sales: Sales;
  compared: Compare;
  stale: boolean;
  /** The receipts of a kind; absent = may not be seen. */ hrefOf?: (kind: string) => string;
};

/** What a loss-prevention eye looks at: money given back, receipts cancelled, drawers opened. */
export function RareCards({ sales, compared, stale, hrefOf }: RareCardsProps) {
  const { refunds, refunds_minor, voids, no_sales } = sales.totals;
  const given = known(refunds_minor.value) && refunds_minor.value > 0;
  const common = { stale, provisional: refunds.provisional };
  return (
    <>
      <KpiCard
        {...common}
        icon="undo"
        name="Refunds"
        value={formatCount(refunds.value)}
        change={compared('refunds', refunds.value)}
        note={given ? `${formatMoney(refunds_minor.value, sales)} given back` : undefined}
        href={hrefOf?.('refund')}
        definition={<DefinitionNote figure={refunds} />}
      />
      <KpiCard
        {...common}
        icon="close"
        name="Voids"
        value={formatCount(voids.value)}
        change={compared('voids', voids.value)}
        href={hrefOf?.('void')}
        definition={<DefinitionNote figure={voids} />}
      />
      <KpiCard
        {...common}
        icon="key"
        name="Drawer openings"
        note="without a sale"
        value={formatCount(no_sales.value)}
        change={compared('no_sales', no_sales.value)}
        href={hrefOf?.('no-sale')}
        definition={<DefinitionNote figure={no_sales} />}
      />
    </>
  );
}
