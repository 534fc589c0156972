/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { MockWorld } from '../../../e2e/mock/mock-world.ts';
import { paint } from './heat-canvas.tsx';
import { extentOf, firstWithPeople, frameLabel, framesOf, hasNothing, heatWords, stepFor, valueAt, zoneHeat } from './heat-frames.ts';
import type { HeatMap, HeatPeriod } from './heat-queries.ts';
import { heatAlpha, heatColor, heatScale, heatShare, heatValue, parseHex, type Rgb } from './heat-scale.ts';

const world = new MockWorld();
const ask = (query: string) =>
  world.answer('GET', '/stores/mock/kpis/heatmap', new URLSearchParams(query), {}).body as HeatMap;
const DAY = 'from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z';

function small(cells: number[], values: number[]): HeatMap {
  const period: HeatPeriod = {
    ...{ start: '2026-11-24T00:00:00.000Z', end: '2026-11-25T00:00:00.000Z', hour_of_day: null },
    ...{ person_seconds: 1, coverage: 1, provisional: false, cells, values },
  };
  return { ...ask(DAY), grid: { columns: 4, rows: 2, cell_m: 0.5 }, total: period };
}

it('begins with the first hour with people; with none, at the beginning', () => {
  const { total } = small([], []);
  const hours = (...seconds: (number | null)[]) => seconds.map((person_seconds) => ({ ...total, person_seconds }));
  expect([hours(0, null, 7, 9), hours(3, 0), hours(0, null), []].map(firstWithPeople)).toEqual([2, 0, 0, 0]);
});

describe('the scale', () => {
  it('ends where 98 of 100 cells lie below, and says that some lie above', () => {
    const even = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(heatScale(even)).toEqual({ top: 98, cut: true });
    expect(heatScale([5, 5, 5])).toEqual({ top: 5, cut: false });
    expect(heatScale([0, 0])).toEqual({ top: 0, cut: false });
    expect(heatScale([])).toEqual({ top: 0, cut: false });
  });

  it('tells values by colour and back', () => {
    const scale = { top: 100, cut: true };
    expect(heatShare(scale, 25)).toBe(0.5);
    expect(heatShare(scale, 1e6)).toBe(1);
    expect(heatShare(scale, 0)).toBe(0);
    expect(heatShare({ top: 0, cut: false }, 3)).toBe(0);
    for (const share of [0, 0.5, 1]) expect(heatShare(scale, heatValue(scale, share))).toBeCloseTo(share);
  });

  it('mixes neighbouring colours', () => {
    const colors: Rgb[] = [
      [0, 0, 0],
      [100, 0, 0],
      [200, 100, 0],
    ];
    expect(heatColor(colors, 0)).toEqual([0, 0, 0]);
    expect(heatColor(colors, 0.25)).toEqual([50, 0, 0]);
    expect(heatColor(colors, 0.75)).toEqual([150, 50, 0]);
    expect(heatColor(colors, 1)).toEqual([200, 100, 0]);
    expect(heatColor(colors, 7)).toEqual([200, 100, 0]);
    expect(parseHex(' #0a14ff')).toEqual([10, 20, 255]);
    expect(parseHex('nonsense')).toEqual([128, 128, 128]);
  });

  it('leaves cells nobody was in clear', () => {
    const data = new Uint8ClampedArray(4 * 4);
    const { total } = small([1], [10]);
    paint(data, total, { top: 10, cut: false }, [
      [0, 0, 0],
      [9, 8, 7],
    ]);
    expect([...data]).toEqual([0, 0, 0, 0, 9, 8, 7, Math.round(255 * heatAlpha(1)), 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(heatAlpha(0)).toBe(0);
  });
});

describe('hours', () => {
  it('are those of the day, or of a typical day where the range is longer', () => {
    expect(stepFor({ from: '2026-11-24T00:00:00Z', to: '2026-11-25T00:00:00Z' })).toBe('hour');
    expect(stepFor({ from: '2026-10-25T00:00:00+02:00', to: '2026-10-26T00:00:00+01:00' })).toBe('hour'); // 25 h
    expect(stepFor({ from: '2026-11-24T00:00:00Z', to: '2026-12-01T00:00:00Z' })).toBe('hour_of_day');
  });

  it('begin and end with those of which something is known', () => {
    const frames = framesOf(ask(`${DAY}&step=hour`));
    expect(frames.length).toBe(8); // 9 to 17
    expect(frameLabel(frames[0]!, 'UTC')).toBe('09:00 – 10:00');
    expect(frameLabel(frames[0]!, 'Asia/Kolkata')).toBe('14:30 – 15:30');
    const typical = framesOf(ask(`from=2026-11-01T00:00:00Z&to=2026-11-25T00:00:00Z&step=hour_of_day`));
    expect(frameLabel(typical.at(-1)!, 'UTC')).toBe('16:00 – 17:00');
    const last = { ...typical[0]!, hour_of_day: 23 };
    expect(frameLabel(last, 'UTC')).toBe('23:00 – 00:00');
    expect(framesOf(ask(DAY))).toEqual([]);
  });

  it('keep an hour in which nobody came, but a camera looked', () => {
    const map = ask(`${DAY}&step=hour`);
    map.periods[12] = { ...map.periods[12]!, person_seconds: 0, cells: [], values: [], coverage: 1 };
    map.periods[20] = { ...map.periods[20]!, person_seconds: 0, coverage: 0.4 };
    expect(framesOf(map).length).toBe(12); // 9 to 21
  });
});

describe('what is under the pointer', () => {
  const map = small([0, 6], [12, 90]);
  const extent = { columns: 4, rows: 2 };

  it('is the value of its cell, 0 where nobody was, nothing outside', () => {
    expect(valueAt(map, map.total, extent, { x: 0.1, y: 0.1 })).toBe(12);
    expect(valueAt(map, map.total, extent, { x: 0.6, y: 0.9 })).toBe(90);
    expect(valueAt(map, map.total, extent, { x: 0.4, y: 0.4 })).toBe(0);
    expect(valueAt(map, map.total, extent, { x: 1, y: 0.4 })).toBeNull();
    expect(valueAt(map, map.total, extent, { x: -0.01, y: 0.4 })).toBeNull();
    expect(heatWords(map, 90)).toBe('1 min 30 s per m²');
    expect(heatWords({ ...map, camera_id: 'aisle' }, 0)).toBe('0 s');
  });

  it('fits a plan that ends within the last cell', () => {
    const drawing = { ...world.scenes.get('floor-plan')!, plan: { width_m: 1.75, height_m: 1 } };
    expect(extentOf(map, drawing)).toEqual({ columns: 3.5, rows: 2 });
    expect(extentOf(map, null)).toMatchObject(extent);
    expect(extentOf({ ...map, grid: { columns: 32, rows: 18, cell_m: null } }, drawing)).toMatchObject({ columns: 32 });
    expect(valueAt(map, map.total, { columns: 3.5, rows: 2 }, { x: 0.99, y: 0.4 })).toBe(0);
  });
});

describe('zones', () => {
  it('are listed by the mean of their cells', () => {
    const drawing = world.scenes.get('floor-plan')!;
    const map = ask(DAY);
    const rows = zoneHeat(map, map.total, extentOf(map, drawing), drawing);
    expect(rows.map(({ name }) => name)).toEqual(['Tills', 'Bread', 'Wine']);
    const left = { ...drawing.zones[0]!, id: 'left', name: 'Left', polygon: [[0, 0], [0.5, 0], [0.5, 1], [0, 1]] };
    const two = small([0, 6], [12, 90]);
    const extent = { columns: 4, rows: 2 };
    expect(zoneHeat(two, two.total, extent, { ...drawing, zones: [left as never] })).toEqual([
      { id: 'left', name: 'Left', value: 3 },
    ]);
    /* A department is told by the aisle in it. */
    const aisle = { ...left, id: 'aisle', name: 'Aisle', parent: 'left' };
    expect(zoneHeat(two, two.total, extent, { ...drawing, zones: [left, aisle] as never })).toEqual([
      { id: 'aisle', name: 'Aisle', value: 3 },
    ]);
  });
});

describe('nothing', () => {
  it('is a plan nobody measured on, or a time of which nothing is known; not a time without people', () => {
    const map = ask(DAY);
    expect(hasNothing(map)).toBe(false);
    expect(hasNothing({ ...map, grid: null })).toBe(true);
    expect(hasNothing({ ...map, total: { ...map.total, person_seconds: null } })).toBe(true);
    expect(hasNothing({ ...map, total: { ...map.total, person_seconds: 0 } })).toBe(false);
  });
});
