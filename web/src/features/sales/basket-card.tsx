/* SPDX-License-Identifier: Apache-2.0 */
import { type ReactNode, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { DefinitionTip } from '@/components/definition-tip.tsx';
import { Segmented } from '@/components/segmented.tsx';
import { formatMoney } from '@/lib/format/money.ts';
import { formatCount, formatDecimal, formatShare } from '@/lib/format/number.ts';
import { ofSize, oneForEachSet, type Size } from './rule-groups.ts';
import type { Baskets, Rule } from './sales-queries.ts';
import { productLabel, productsLabel, ruleWords } from './sales-words.ts';

const SIZES = [
  { value: 'all', label: 'All' },
  { value: 'pairs', label: 'Pairs' },
  { value: 'triples', label: 'Triples' },
] as const;

const SHOWN_FIRST = 6;

type BasketCardProps = {
  query: DataQuery<Baskets>;
  /** The part that asks what goes with a basket. */
  hint?: (baskets: Baskets) => ReactNode;
};

/** Pairs and triples of products that are bought together more often than by chance. */
export function BasketCard({ query, hint }: BasketCardProps) {
  const [size, setSize] = useState<Size>('all');
  return (
    <Card
      title="Bought together"
      hint={query.data && basketWords(query.data)}
      flush
      actions={<Segmented<Size> label="Products" value={size} options={SIZES} onChange={setSize} />}
    >
      <DataState
        query={query}
        what="baskets"
        loading={<Skeleton className="mx-6 mb-6 h-64" />}
        isEmpty={(baskets) => baskets.rules.length === 0}
        empty={{
          icon: 'basket',
          title: 'Nothing is often bought together',
          text: 'It takes receipts with their lines, and products that at least two baskets share. Try a longer period.',
        }}
      >
        {(baskets) => (
          <>
            {hint?.(baskets)}
            <Rules baskets={baskets} size={size} />
          </>
        )}
      </DataState>
    </Card>
  );
}

function basketWords(baskets: Baskets): string {
  if (baskets.baskets === null) return 'No point of sale told of this period';
  const words = [
    `${baskets.cut ? 'the newest ' : ''}${formatCount(baskets.baskets)} baskets`,
    `${formatDecimal(baskets.items_per_basket.value)} pieces`,
    `${formatMoney(baskets.basket_value_minor.value, baskets)} each`,
    ...(baskets.items_per_basket.provisional ? ['provisional'] : []),
  ];
  return words.join(' · ');
}

function Rules({ baskets, size }: { baskets: Baskets; size: Size }) {
  const [all, setAll] = useState(false);
  const rules = ofSize(oneForEachSet(baskets.rules), size);
  const shown = all ? rules : rules.slice(0, SHOWN_FIRST);
  if (rules.length === 0) return <p className="px-4 pb-6 text-[13px] text-quiet sm:px-6">None of this size.</p>;
  return (
    <>
      <ol className="divide-y divide-line border-t border-line">
        {shown.map((rule) => (
          <RuleRow key={JSON.stringify([rule.if, rule.then])} rule={rule} figures={baskets.figures} />
        ))}
      </ol>
      {rules.length > shown.length && (
        <div className="border-t border-line p-3 text-center">
          <Button size="sm" variant="ghost" onClick={() => setAll(true)}>
            Show all {formatCount(rules.length)}
          </Button>
        </div>
      )}
    </>
  );
}

function RuleRow({ rule, figures }: { rule: Rule; figures: Baskets['figures'] }) {
  return (
    <li data-rule={[...rule.if, rule.then].map(({ sku }) => sku).join('+')} className="px-4 py-3 sm:px-6">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-medium break-words">{productsLabel([...rule.if, rule.then])}</p>
          <p className="mt-0.5 text-[13px] leading-5 break-words text-quiet">{ruleWords(rule)}</p>
          {rule.lift >= 1.05 && (
            <p className="mt-0.5 text-[13px] leading-5 break-words text-success-ink">
              Hint: show {productLabel(rule.then)} beside {productsLabel(rule.if)}.
            </p>
          )}
        </div>
        <dl className="flex gap-5 tabular-nums sm:text-right">
          <Measure name="Support" meaning={figures.support.definition} value={formatShare(rule.support)} />
          <Measure name="Confidence" meaning={figures.confidence.definition} value={formatShare(rule.confidence)} />
          <Measure name="Lift" meaning={figures.lift.definition} value={formatDecimal(rule.lift)} />
        </dl>
      </div>
      <p className="mt-1 text-xs text-quiet">{formatCount(rule.baskets)} baskets hold all of them</p>
    </li>
  );
}

function Measure({ name, meaning, value }: { name: string; meaning: string; value: string }) {
  return (
    <div>
      <dt className="flex items-center gap-1.5 text-xs text-quiet sm:justify-end">
        {name}
        <DefinitionTip subject={name}>
          <p className="text-ink first-letter:uppercase">{meaning}</p>
        </DefinitionTip>
      </dt>
      <dd className="font-semibold">{value}</dd>
    </div>
  );
}
