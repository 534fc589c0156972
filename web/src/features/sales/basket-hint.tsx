/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Button } from '@/components/button.tsx';
import { SelectField } from '@/components/field.tsx';
import { problemText } from '@/lib/api/problem.ts';
import { type Baskets, type Product, useHint } from './sales-queries.ts';
import { offerWords, productLabel, productsLabel } from './sales-words.ts';

/** As many as the API takes. */
const BASKET_MOST = 20;

type BasketHintProps = { store: string; range: { from: string; to: string }; baskets: Baskets };

/** "What should the cashier offer to somebody with these in the basket?" */
export function BasketHint({ store, range, baskets }: BasketHintProps) {
  const [basket, setBasket] = useState<readonly string[]>([]);
  const hint = useHint(store, range, basket);
  const products = productsOf(baskets);
  const inBasket = basket.flatMap((sku) => products.filter((product) => product.sku === sku));
  const rest = products.filter(({ sku }) => !basket.includes(sku));
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-4 sm:px-6">
      <SelectField
        label="Add a product to the basket"
        hideLabel
        compact
        className="max-w-60"
        value=""
        disabled={basket.length >= BASKET_MOST}
        options={[
          { value: '', label: basket.length === 0 ? 'What goes with …' : 'and …' },
          ...rest.map((product) => ({ value: product.sku, label: productLabel(product) })),
        ]}
        onChange={(sku) => sku && setBasket([...basket, sku])}
      />
      {inBasket.map((product) => (
        <Button
          key={product.sku}
          size="sm"
          icon="close"
          className="max-w-full"
          aria-label={`Take ${productLabel(product)} out of the basket`}
          onClick={() => setBasket(basket.filter((sku) => sku !== product.sku))}
        >
          <span className="truncate">{productLabel(product)}</span>
        </Button>
      ))}
      {inBasket.length > 0 && (
        <p role="status" className="min-w-0 text-[13px] break-words">
          {hintWords(inBasket, hint)}
        </p>
      )}
    </div>
  );
}

function hintWords(basket: readonly Product[], { data, error }: ReturnType<typeof useHint>): string {
  if (error) return problemText(error);
  if (!data) return 'Looking …';
  if (!data.hint) return `Nothing goes with ${productsLabel(basket)} more often than by chance.`;
  return offerWords(data.hint);
}

/** The products that any rule speaks of, by name. */
function productsOf({ rules }: Baskets): Product[] {
  const found = new Map(rules.flatMap((rule) => [...rule.if, rule.then]).map((product) => [product.sku, product]));
  return [...found.values()].sort((a, b) => productLabel(a).localeCompare(productLabel(b)));
}
