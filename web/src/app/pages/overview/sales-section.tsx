/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Card } from '@/components/card.tsx';
import { ErrorNote } from '@/components/data-state.tsx';
import { Icon } from '@/components/icon.tsx';
import { KpiSkeleton } from '@/components/kpi-card.tsx';
import { SalesCards, TODAY_CARDS } from '@/features/sales/sales-cards.tsx';
import { useSales } from '@/features/sales/sales-queries.ts';
import { isConnected } from '@/features/sales/sales-words.ts';
import { useStore } from '@/lib/api/stores.ts';
import { comparedWith } from '@/lib/comparison.ts';
import type { Range } from './use-today.ts';

/** What was sold today; one line where no point of sale is connected. */
export function SalesSection({ today }: { today: Range }) {
  const store = useStore();
  const sales = useSales(store.id, { ...today, step: 'hour', compare: 'week' });
  const href = `/stores/${store.id}/sales`;
  if (!sales.data && sales.error)
    return (
      <Card>
        <ErrorNote what="today's sales" error={sales.error} retry={sales.refetch} />
      </Card>
    );
  if (sales.data && !isConnected(sales.data)) return <Unconnected href={href} />;
  return (
    <section aria-label="Today's sales" className="grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-4">
      {sales.data ? (
        <SalesCards
          cards={TODAY_CARDS}
          sales={sales.data}
          compared={comparedWith(sales.data.comparison, true)}
          stale={Boolean(sales.error)}
          hrefOf={() => href}
        />
      ) : (
        TODAY_CARDS.map(({ figure }) => <KpiSkeleton key={figure} />)
      )}
    </section>
  );
}

function Unconnected({ href }: { href: string }) {
  return (
    <section
      aria-label="Today's sales"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-card border border-line bg-card px-4 py-3 text-[13px] shadow-card"
    >
      <Icon name="receipt" className="size-5 text-quiet" />
      <p className="min-w-0 flex-1 text-quiet">
        <span className="font-medium text-ink">Revenue n/a</span> · no point of sale connected
      </p>
      <Link href={href} className="font-medium text-primary-ink hover:underline">
        Connect
      </Link>
    </section>
  );
}
