/* SPDX-License-Identifier: Apache-2.0 */
import { Link, useLocation } from 'wouter';
import { Card } from '@/components/card.tsx';
import { KpiSkeleton } from '@/components/kpi-card.tsx';
import { RangePicker } from '@/components/range-picker.tsx';
import { BasketCard } from '@/features/sales/basket-card.tsx';
import { BasketHint } from '@/features/sales/basket-hint.tsx';
import { CategoryCard } from '@/features/sales/category-card.tsx';
import { ConnectNote } from '@/features/sales/connect-note.tsx';
import { LaneCard } from '@/features/sales/lane-card.tsx';
import { ReceiptList } from '@/features/sales/receipt-list.tsx';
import { PERIOD_CARDS, RareCards, SalesCards } from '@/features/sales/sales-cards.tsx';
import { SalesChartCard } from '@/features/sales/sales-chart-card.tsx';
import { type Sales, useBaskets, useReceipts, useSales, useTerminals } from '@/features/sales/sales-queries.ts';
import { isConnected } from '@/features/sales/sales-words.ts';
import { TerminalsButton } from '@/features/sales/terminals-dialog.tsx';
import { useLiveKpis } from '@/lib/api/live-kpis.ts';
import { useNames } from '@/lib/api/names.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { beforeWords, comparedWith } from '@/lib/comparison.ts';
import { useNow } from '@/lib/use-now.ts';
import { useDays } from './use-days.ts';

const NEWEST = 8;

type Range = { from: string; to: string };

/** Sales over any days. Sums are for all who see figures, single receipts for those who may. */
export function SalesPage() {
  const store = useStore();
  const now = useNow(60_000);
  const { days, range, step, today, choose } = useDays(now, 'today');
  const sales = useSales(store.id, { ...range, step, compare: 'week' });
  const before = sales.data?.comparison;
  const isToday = days.from === today;
  const unconnected = sales.data !== undefined && !isConnected(sales.data);
  return (
    <div className="space-y-4 sm:space-y-6">
      <RangePicker range={days} timezone={store.time_zone} now={now} onChange={choose} />
      {unconnected ? (
        <Card>
          <ConnectNote />
        </Card>
      ) : (
        <SalesParts
          days={days}
          range={range}
          sales={sales}
          before={before ? beforeWords(before.weeks, isToday) : 'Before'}
          compared={comparedWith(before, isToday)}
        />
      )}
    </div>
  );
}

type SalesPartsProps = {
  days: Range;
  range: Range;
  sales: ReturnType<typeof useSales>;
  before: string;
  compared: ReturnType<typeof comparedWith>;
};

function SalesParts({ days, range, sales, before, compared }: SalesPartsProps) {
  const store = useStore();
  const mayReceipts = useMay('sales.read');
  const names = useNames(store.id);
  const baskets = useBaskets(store.id, range);
  const [, go] = useLocation();
  const receipts = (query: Record<string, string>) =>
    `/stores/${store.id}/sales/receipts?${new URLSearchParams({ ...days, ...query }).toString()}`;
  return (
    <>
      <Figures sales={sales} compared={compared} hrefOf={mayReceipts ? receipts : undefined} />
      <SalesChartCard
        query={sales}
        before={before}
        zone={store.time_zone}
        onPick={mayReceipts ? ({ start, end }) => go(receipts({ since: start, until: end })) : undefined}
      />
      <LaneCard query={sales} laneName={names.lane} mapping={mayReceipts && <Mapping sales={sales.data} />} />
      <div className="grid grid-cols-1 items-start gap-4 sm:gap-6 xl:grid-cols-2">
        <CategoryCard query={sales} />
        {mayReceipts && <NewestReceipts range={range} sales={sales.data} href={receipts({})} />}
      </div>
      <BasketCard
        query={baskets}
        hint={(found) => (
          <BasketHint key={`${range.from}/${range.to}`} store={store.id} range={range} baskets={found} />
        )}
      />
    </>
  );
}

type FiguresProps = Pick<SalesPartsProps, 'sales' | 'compared'> & {
  /** Receipts of the period that fit; absent = they may not be seen. */
  hrefOf?: (query: Record<string, string>) => string;
};

function Figures({ sales, compared, hrefOf }: FiguresProps) {
  const stale = Boolean(sales.error);
  if (!sales.data && stale) return null; // the chart says why
  return (
    <section aria-labelledby="sales-figures">
      <h2 id="sales-figures" className="sr-only">
        Figures of the period
      </h2>
      <div className="grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-5">
        {sales.data ? (
          <>
            <SalesCards
              cards={PERIOD_CARDS}
              sales={sales.data}
              compared={compared}
              stale={stale}
              hrefOf={(figure) => (figure === 'link_rate' ? hrefOf?.({ linked: 'false' }) : undefined)}
            />
            <RareCards
              sales={sales.data}
              compared={compared}
              stale={stale}
              hrefOf={hrefOf && ((kind) => hrefOf({ kind }))}
            />
          </>
        ) : (
          PERIOD_CARDS.map(({ figure }) => <KpiSkeleton key={figure} />)
        )}
      </div>
    </section>
  );
}

function Mapping({ sales }: { sales: Sales | undefined }) {
  const store = useStore();
  const terminals = useTerminals(store.id);
  const names = useNames(store.id);
  const drawn = useLiveKpis(store.id).data?.lanes.map(({ lane_id }) => lane_id) ?? [];
  const counted = sales?.lanes.flatMap(({ lane_id }) => lane_id ?? []) ?? [];
  const mayWrite = useMay('sales.write');
  return (
    <TerminalsButton
      store={store.id}
      zone={store.time_zone}
      query={terminals}
      lanes={[...drawn, ...counted]}
      laneName={names.lane}
      mayWrite={mayWrite}
    />
  );
}

function NewestReceipts({ range, sales, href }: { range: Range; sales: Sales | undefined; href: string }) {
  const store = useStore();
  const names = useNames(store.id);
  const query = useReceipts(store.id, range, NEWEST);
  const terminals = useTerminals(store.id).data ?? [];
  return (
    <Card
      title="Receipts"
      hint="The newest of the period"
      flush
      actions={
        <Link href={href} className="text-[13px] font-medium text-primary-ink hover:underline">
          All receipts
        </Link>
      }
    >
      <ReceiptList
        query={query}
        money={sales ?? null}
        terminals={terminals}
        laneName={names.lane}
        zone={store.time_zone}
        emptyText="None was told of in this period."
        short
      />
    </Card>
  );
}
