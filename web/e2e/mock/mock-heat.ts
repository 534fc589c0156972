/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '../../src/lib/api/client.ts';

/* Heat maps of the mock store: a till, a shelf and the way between them, alive from 9 to 17 h. */

const HOUR = 3_600_000;
const [WIDTH, HEIGHT] = [20, 12]; // metres
const CELL = 0.5;

const square = (x0: number, y0: number, x1: number, y1: number): [number, number][] =>
  [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ].map(([x = 0, y = 0]) => [x / WIDTH, y / HEIGHT]);

export function planScene(): Schemas['Scene'] {
  const zone = (id: string, name: string, kind: Schemas['Zone']['kind'], polygon: [number, number][]) => ({
    ...{ id, name, kind, polygon },
  });
  return {
    ...{ version: 1, hash: 'c'.repeat(16), image: { w: 2000, h: 1200 }, full_view: false, lines: [] },
    zones: [
      zone('tills', 'Tills', 'checkout', square(2, 8, 7, 11)),
      zone('bread', 'Bread', 'product', square(11, 2, 17, 5)),
      zone('wine', 'Wine', 'product', square(12, 7, 18, 11)),
    ],
    plan: { width_m: WIDTH, height_m: HEIGHT },
    walls: [{ polygon: square(1, 1, 19, 11.5) }],
    obstacles: [
      { polygon: square(9, 3, 10, 9), height_m: 1.8 },
      { polygon: square(11, 5.4, 17, 6.2), height_m: 1.8 },
    ],
  };
}

type Spot = { x: number; y: number; width: number; seconds: number };

/** Shares of the extent. */
const SPOTS: readonly Spot[] = [
  { x: 0.22, y: 0.8, width: 0.035, seconds: 220 },
  { x: 0.68, y: 0.3, width: 0.06, seconds: 60 },
  { x: 0.42, y: 0.55, width: 0.16, seconds: 9 },
  { x: 0.75, y: 0.72, width: 0.08, seconds: 25 },
];

type Grid = { columns: number; rows: number };

function period(grid: Grid, start: number, end: number, hour: number | null, times: number) {
  const cells: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < grid.columns * grid.rows && times > 0; i++) {
    const x = ((i % grid.columns) + 0.5) / grid.columns;
    const y = (Math.floor(i / grid.columns) + 0.5) / grid.rows;
    const sum = SPOTS.reduce(
      (all, s) => all + s.seconds * Math.exp(-((x - s.x) ** 2 + (y - s.y) ** 2) / (2 * s.width ** 2)),
      0,
    );
    if (sum < 0.5) continue;
    cells.push(i);
    values.push(Math.round(sum * times * 10) / 10);
  }
  return {
    ...{ start: new Date(start).toISOString(), end: new Date(end).toISOString(), hour_of_day: hour },
    person_seconds: Math.round(values.reduce((a, b) => a + b, 0) * CELL * CELL),
    ...{ coverage: 1, provisional: false, cells, values },
  };
}

/** How busy the store is in an hour; 0 while it is closed. */
const busy = (hour: number) => (hour < 9 || hour > 16 ? 0 : 1 + Math.sin(((hour - 8) / 9) * Math.PI) * 3);

export function heatMap(query: URLSearchParams, startOfDay: string): Schemas['HeatMap'] {
  const from = Date.parse(query.get('from') ?? startOfDay);
  const to = Date.parse(query.get('to') ?? '') || from + 24 * HOUR;
  const step = (query.get('step') ?? 'total') as Schemas['HeatMap']['step'];
  const camera = query.get('camera');
  const grid = camera
    ? { columns: 32, rows: 18, cell_m: null }
    : { columns: WIDTH / CELL, rows: HEIGHT / CELL, cell_m: CELL };
  const closed = { coverage: 0, person_seconds: null };
  const hours = Array.from({ length: step === 'hour_of_day' ? 24 : Math.ceil((to - from) / HOUR) }, (_, i) => {
    const start = step === 'hour_of_day' ? from : from + i * HOUR;
    const hour = step === 'hour_of_day' ? i : new Date(start).getUTCHours();
    const end = step === 'hour_of_day' ? to : start + HOUR;
    const row = period(grid, start, end, step === 'hour_of_day' ? i : null, busy(hour));
    return busy(hour) === 0 ? { ...row, ...closed } : row;
  });
  return {
    ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), step, time_zone: 'UTC' },
    ...{ camera_id: camera, grid, other_grids_person_seconds: 0 },
    figure: {
      unit: camera ? 'person-s' : 'person-s/m²',
      denominator: camera ? null : 'area of the cell',
      definition: 'time that people were in the cell / its area',
      definition_version: 0,
    },
    total: period(grid, from, to, null, 20),
    periods: step === 'total' ? [] : hours,
  };
}
