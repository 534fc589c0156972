/* SPDX-License-Identifier: Apache-2.0 */
import type { Compared } from '@/lib/comparison.ts';
import { formatShare } from '@/lib/format/number.ts';
import { Icon } from './icon.tsx';

/** Small arrow with the change and what it is against. Only shown where a comparison exists. */
export function Trend({ change, against, good }: Compared) {
  const { direction, share } = change;
  const tone =
    direction === 'flat' || !good ? 'text-quiet' : direction === good ? 'text-success-ink' : 'text-danger-ink';
  const word = direction === 'up' ? 'up' : direction === 'down' ? 'down' : 'unchanged';
  return (
    <span className="inline-flex items-center gap-1 align-middle text-xs leading-4">
      <span className={`inline-flex items-center gap-0.5 font-medium whitespace-nowrap ${tone}`}>
        {direction !== 'flat' && <Icon name={direction === 'up' ? 'arrowUp' : 'arrowDown'} className="size-3.5" />}
        <span className="sr-only">{word} </span>
        {direction === 'flat' ? '0%' : formatShare(Math.abs(share))}
      </span>
      {against && <span className="text-quiet">{against}</span>}
    </span>
  );
}
