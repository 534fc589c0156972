/* SPDX-License-Identifier: Apache-2.0 */

export type Findable = { type: 'store' | 'camera' | 'zone' | 'line'; name: string; hint: string; href: string };

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

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}
