/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { isPartly, periodChartOption } from '@/components/period-chart-option.ts';
import { MockWorld } from '../../../e2e/mock/mock-world.ts';
import { hasNothing, seriesWith, TRAFFIC_SERIES, trafficBars } from './traffic-bars.ts';
import type { Traffic } from './traffic-queries.ts';

const world = new MockWorld();
const traffic = (query = '') =>
  world.answer('GET', '/stores/mock/kpis/traffic', new URLSearchParams(query), {}).body as Traffic;

describe('the chart', () => {
  const palette = (name: string) => name;
  const bars = trafficBars(traffic('from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z&step=hour'), 'UTC');

  it('has a bar for each bucket, named in store time', () => {
    expect(bars).toHaveLength(24);
    expect(trafficBars(traffic('from=2026-11-24T00:00:00Z&to=2026-11-24T01:00:00Z'), 'Asia/Kolkata')[0]?.label).toBe(
      '05:30',
    );
  });

  it('tells apart never, part of the time, and (nearly) always', () => {
    expect([null, 0, 0.01, 0.94, 0.95, 1].map(isPartly)).toEqual([false, false, true, true, false, false]);
  });

  it('hatches what is provisional, and draws nothing for what is not known', () => {
    const option = periodChartOption(
      [
        { label: 'a', title: 'a', in: 3, out: 2, before: 4, coverage: 1, provisional: false },
        { label: 'b', title: 'b', in: 1, out: null, before: null, coverage: 0.4, provisional: true },
        { label: 'c', title: 'c', in: null, out: null, before: 7, coverage: null, provisional: false },
      ],
      TRAFFIC_SERIES,
      palette,
    );
    const [inBars, outBars, strip] = option.series as {
      data: { value: number | null; itemStyle: { decal?: { symbol: string }; color?: string } }[];
    }[];
    expect(inBars?.data.map((d) => d.value)).toEqual([3, 1, null]);
    expect(outBars?.data.map((d) => d.value)).toEqual([2, null, null]);
    expect(inBars?.data.map((d) => d.itemStyle.decal?.symbol)).toEqual(['none', 'rect', 'none']);
    expect(strip?.data.map((d) => [d.value, d.itemStyle.color])).toEqual([
      [1, 'success'],
      [1, 'warning'],
      [null, 'line'],
    ]);
  });

  it('draws the weeks before as a line over the same hours, and only where they are asked for', () => {
    const day = 'from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z&step=hour';
    const told = traffic(`${day}&compare=week`);
    const then = told.comparison!.buckets.map((b, i) => ({ ...b, traffic_in: i }));
    const week = { ...told, comparison: { ...told.comparison!, from: '2026-11-17T00:00:00Z', buckets: then } };
    week.comparison.buckets.forEach((b, i) => (b.start = new Date(Date.UTC(2026, 10, 17, i)).toISOString()));
    expect(trafficBars(week, 'UTC').map((bar) => bar.before)).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(trafficBars(traffic(day), 'UTC')[9]?.before).toBeNull();
    expect(seriesWith(null)).toHaveLength(2);
    const option = periodChartOption(trafficBars(week, 'UTC'), seriesWith('last week'), palette);
    const lines = (option.series as { type: string; name: string; data: unknown[] }[]).filter((s) => s.type === 'line');
    expect(lines.map(({ name, data }) => [name, data[9]])).toEqual([['In, last week', 9]]);
  });

  it('knows when there is nothing to chart', () => {
    expect(hasNothing(traffic())).toBe(false);
    const dead = traffic().buckets.map((b) => ({ ...b, coverage: 0, traffic_in: null, traffic_out: null }));
    expect(hasNothing({ ...traffic(), buckets: dead })).toBe(true);
  });
});
