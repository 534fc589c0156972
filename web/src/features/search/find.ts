/* SPDX-License-Identifier: Apache-2.0 */

export type Findable = {
  type: 'store' | 'camera' | 'zone' | 'line' | 'receipt';
  name: string;
  hint: string;
  href: string;
};

const MOST = 12;

/** Every word must occur in name or hint; names that begin with the text come first. */
export function find(all: readonly Findable[], text: string): Findable[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  const hits = all.filter((item) => {
    const hay = fold(`${item.name} ${item.hint}`);
    return words.every((word) => hay.includes(word));
  });
  const begins = (item: Findable) => Number(fold(item.name).startsWith(words[0] ?? ''));
  return hits.sort((a, b) => begins(b) - begins(a)).slice(0, MOST);
}

/** What may be the number of a receipt is looked for among them: they are too many to list here. */
export function receiptNamed(text: string, store: string): Findable[] {
  const number = text.trim();
  if (!/^\S*\d\S*$/.test(number) || number.length > 64) return [];
  const href = `/stores/${store}/sales/receipts?${new URLSearchParams({ receipt: number }).toString()}`;
  return [{ type: 'receipt', name: `Receipt ${number}`, hint: 'Look in sales', href }];
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}
