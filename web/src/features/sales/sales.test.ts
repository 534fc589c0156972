/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { MockSales } from '../../../e2e/mock/mock-sales.ts';
import { ofSize, oneForEachSet } from './rule-groups.ts';
import { hasNoBar, metricText, salesBars } from './sales-bars.ts';
import { salesChartOption } from './sales-chart-option.ts';
import type { Rule, Sales } from './sales-queries.ts';
import { offerWords, piecesWords, ruleWords, terminalLabel } from './sales-words.ts';

const mock = new MockSales(Date.parse('2026-11-24T18:00:00Z'));
const kpis = (from: string, to: string, step = 'hour') =>
  mock.answer('GET', 'kpis/sales', new URLSearchParams({ from, to, step, compare: 'week' }), {})?.body as Sales;
const day = kpis('2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z');

const rule = (skus: readonly string[], then: string, confidence: number, lift = 2, baskets = 10): Rule => ({
  if: skus.map((sku) => ({ sku, name: null })),
  then: { sku: then, name: null },
  ...{ baskets, support: 0.1, confidence, lift },
});

describe('the chart', () => {
  const palette = (name: string) => name;

  it('has a bar for each bucket, and the same hour of the week before beside it', () => {
    const week = kpis('2026-11-16T00:00:00.000Z', '2026-11-17T00:00:00.000Z');
    const bars = salesBars(day, 'revenue', 'UTC');
    expect(bars).toHaveLength(24);
    expect(bars[9]?.value).toBe(day.buckets[9]?.revenue_minor);
    expect(bars[9]?.before).toBe(week.buckets[9]?.revenue_minor);
    expect(bars[9]?.title).toMatch(/^Mon,? 23 Nov, 09:00 to 10:00$/);
    expect(salesBars({ ...day, comparison: null }, 'revenue', 'UTC')[9]?.before).toBeNull();
  });

  it('goes by the clock on the wall where the clocks changed between the weeks', () => {
    const bucket = (start: string, revenue_minor: number) => ({ ...day.buckets[0]!, start, end: start, revenue_minor });
    const comparison = {
      ...day.comparison!,
      from: '2026-10-20T22:00:00Z',
      buckets: [bucket('2026-10-21T07:00:00Z', 7), bucket('2026-10-21T08:00:00Z', 9)],
    };
    const now = { ...day, from: '2026-10-27T23:00:00Z', buckets: [bucket('2026-10-28T08:00:00Z', 5)], comparison };
    expect(salesBars(now, 'revenue', 'Europe/Berlin')).toMatchObject([{ label: '09:00', value: 5, before: 7 }]);
  });

  it('draws nothing for what is not known, hatches what is provisional', () => {
    const bar = { label: 'a', title: 'a', before: 2, coverage: null };
    const option = salesChartOption(
      {
        bars: [
          { ...bar, value: 3, provisional: true },
          { ...bar, value: null, provisional: false },
        ],
        ...{ metric: 'transactions', money: day, before: 'Last week' },
      },
      palette,
    );
    const [earlier, present] = option.series as {
      data: { value: number | null; itemStyle: { decal: { symbol: string } } }[];
    }[];
    expect(present?.data.map((d) => d.value)).toEqual([3, null]);
    expect(present?.data.map((d) => d.itemStyle.decal.symbol)).toEqual(['rect', 'none']);
    expect(earlier?.data.map((d) => d.itemStyle.decal.symbol)).toEqual(['none', 'none']);
  });

  it('knows when there is nothing to chart', () => {
    expect(hasNoBar(day)).toBe(false);
    expect(hasNoBar(kpis('2027-01-01T00:00:00.000Z', '2027-01-02T00:00:00.000Z'))).toBe(true);
  });

  it('says n/a and never 0', () => {
    expect((['revenue', 'transactions', 'conversion'] as const).map((m) => metricText(null, m, day))).toEqual([
      'n/a',
      'n/a',
      'n/a',
    ]);
  });
});

describe('bought together', () => {
  it('reads the rules of one set of products as one, the surest', () => {
    const rules = [
      rule(['a'], 'b', 0.4),
      rule(['b'], 'a', 0.9),
      rule(['a', 'b'], 'c', 0.5, 3),
      rule(['c'], 'a', 0.3, 1),
    ];
    expect(oneForEachSet(rules)).toEqual([rules[2], rules[1], rules[3]]);
    expect(ofSize(rules, 'pairs')).toHaveLength(3);
    expect(ofSize(rules, 'triples')).toEqual([rules[2]]);
  });

  it('does not mix up products whose names run together', () => {
    expect(oneForEachSet([rule(['a,b'], 'c', 0.5), rule(['a', 'b'], 'c', 0.5)])).toHaveLength(2);
  });

  it.each([
    [3.1, 'Of those who buy a, 60% also buy b: 3.1 times as many as of all.'],
    [1, 'Of those who buy a, 60% also buy b: about as many as of all.'],
    [0.5, 'Of those who buy a, 60% also buy b: fewer than of all.'],
  ])('says a lift of %s in plain words', (lift, text) => {
    expect(ruleWords(rule(['a'], 'b', 0.6, lift))).toBe(text);
  });

  it('says of an offer what it rests on', () => {
    expect(offerWords(rule(['a'], 'b', 0.6, 3.1, 61))).toBe(
      'Offer b: 60% of those who buy a also buy it (61 baskets), 3.1 times as many as of all.',
    );
    expect(offerWords(rule(['a'], 'b', 0.6, 1.01, 4))).toContain('(only 4 baskets, so it may be chance)');
  });
});

describe('words', () => {
  it('names a terminal as people and the API do', () => {
    expect(terminalLabel({ id: 'POS-1', name: 'Till 1' })).toBe('Till 1 (POS-1)');
    expect(terminalLabel({ id: 'POS-9', name: '' })).toBe('POS-9');
  });
  it('does not make 0 of pieces that were not told', () => {
    expect([piecesWords(null), piecesWords(0), piecesWords(1)]).toEqual(['pieces not told', '0 pieces', '1 piece']);
  });
});
