/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from 'vitest';
import { type Findable, find, receiptNamed } from './find.ts';

const all: Findable[] = [
  { type: 'zone', name: 'Behind the café', hint: 'Zone', href: '/z' },
  { type: 'camera', name: 'Café', hint: 'Camera #3', href: '/c' },
  { type: 'store', name: 'Demo store', hint: 'Store', href: '/s' },
];

it('finds without accents and case, names that begin with the text first', () => {
  expect(find(all, 'CAFE').map((f) => f.href)).toEqual(['/c', '/z']);
});

it('wants every word, and looks at the hint too', () => {
  expect(find(all, 'camera #3').map((f) => f.href)).toEqual(['/c']);
  expect(find(all, 'cafe store')).toEqual([]);
});

it('shows all to begin with, but at most a dozen', () => {
  expect(find(all, '')).toHaveLength(3);
  expect(
    find(
      Array.from({ length: 50 }, () => all[0]!),
      '',
    ),
  ).toHaveLength(12);
});

it('looks for a receipt only by what may be its number', () => {
  expect(receiptNamed(' A-10442 ', 'demo')).toEqual([
    {
      type: 'receipt',
      name: 'Receipt A-10442',
      hint: 'Look in sales',
      href: '/stores/demo/sales/receipts?receipt=A-10442',
    },
  ]);
  for (const text of ['', 'cafe', 'camera 3', '9'.repeat(65)]) expect(receiptNamed(text, 'demo')).toEqual([]);
});
