/* SPDX-License-Identifier: Apache-2.0 */
import type { Scene } from '@/lib/api/cameras.ts';
import { formatDuration, known } from '@/lib/format/number.ts';
import { formatHour } from '@/lib/format/time.ts';
import type { HeatMap, HeatPeriod } from './heat-queries.ts';

/** Hours of one day, or of the day in general where the range is longer. */
export function stepFor(range: { from: string; to: string }): 'hour' | 'hour_of_day' {
  return Date.parse(range.to) - Date.parse(range.from) > 26 * 3_600_000 ? 'hour_of_day' : 'hour';
}

export function frameLabel(period: HeatPeriod, zone: string): string {
  if (period.hour_of_day === null) return `${formatHour(period.start, zone)} – ${formatHour(period.end, zone)}`;
  const clock = (hour: number) => `${String(hour % 24).padStart(2, '0')}:00`;
  return `${clock(period.hour_of_day)} – ${clock(period.hour_of_day + 1)}`;
}

/** The periods worth looking at: from the first to the last of which something is known. */
export function framesOf(map: HeatMap): HeatPeriod[] {
  const told = map.periods.map((p) => known(p.person_seconds) && (p.person_seconds > 0 || (p.coverage ?? 0) > 0));
  const first = told.indexOf(true);
  return first < 0 ? [] : map.periods.slice(first, told.lastIndexOf(true) + 1);
}

/** Before the store opens there is nothing to look at. */
export function firstWithPeople(frames: readonly HeatPeriod[]): number {
  return Math.max(
    0,
    frames.findIndex(({ person_seconds }) => known(person_seconds) && person_seconds > 0),
  );
}

/** Nothing is known of the whole range: no camera was alive, or nothing was ever measured there. */
export function hasNothing(map: HeatMap): boolean {
  return map.grid === null || !known(map.total.person_seconds);
}

export type Place = { x: number; y: number };

/** Width and height of what the heat lies on, in cells of its grid. The grid may reach over a plan. */
export function extentOf(map: HeatMap, drawing: Scene | null): { columns: number; rows: number } {
  const grid = map.grid ?? { columns: 1, rows: 1, cell_m: null };
  const plan = drawing?.plan;
  if (grid.cell_m === null || !plan) return grid;
  return { columns: plan.width_m / grid.cell_m, rows: plan.height_m / grid.cell_m };
}

/** Of the cell under a place (shares of the extent): its figure, 0 where nobody was; null outside. */
export function valueAt(map: HeatMap, period: HeatPeriod, extent: { columns: number; rows: number }, at: Place) {
  const grid = map.grid;
  const [column, row] = [Math.floor(at.x * extent.columns), Math.floor(at.y * extent.rows)];
  if (!grid || column < 0 || row < 0 || column >= grid.columns || row >= grid.rows) return null;
  const i = period.cells.indexOf(row * grid.columns + column);
  return i < 0 ? 0 : (period.values[i] ?? 0);
}

/** A figure with its unit: "3 min 20 s per m²". */
export function heatWords(map: HeatMap, value: number): string {
  return map.camera_id === null ? `${formatDuration(value)} per m²` : formatDuration(value);
}

/** Zones that hold no others: a department is told by its aisles. */
export function innermost(scene: Scene): Scene['zones'] {
  const parents = new Set(scene.zones.map((zone) => zone.parent));
  return scene.zones.filter((zone) => !parents.has(zone.id));
}

export type ZoneHeat = { id: string; name: string; value: number };

/** Mean figure of the zones' cells, most first: where people spend their time, in words. */
export function zoneHeat(map: HeatMap, period: HeatPeriod, extent: { columns: number; rows: number }, scene: Scene) {
  const grid = map.grid;
  if (!grid) return [];
  const value = new Map(period.cells.map((cell, i) => [cell, period.values[i] ?? 0]));
  const rows = innermost(scene).map((zone): ZoneHeat | null => {
    let [sum, n] = [0, 0];
    for (let cell = 0; cell < grid.columns * grid.rows; cell++) {
      const middle = { x: (cell % grid.columns) + 0.5, y: Math.floor(cell / grid.columns) + 0.5 };
      if (!isInside(zone.polygon, middle.x / extent.columns, middle.y / extent.rows)) continue;
      sum += value.get(cell) ?? 0;
      n++;
    }
    return n === 0 ? null : { id: zone.id, name: zone.name ?? zone.id, value: sum / n };
  });
  return rows.filter((row) => row !== null).sort((a, b) => b.value - a.value);
}

/** Even-odd. */
function isInside(polygon: readonly (readonly number[])[], x: number, y: number): boolean {
  let inside = false;
  polygon.forEach(([ax = 0, ay = 0], i) => {
    const [bx = 0, by = 0] = polygon[(i + 1) % polygon.length] ?? [];
    if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) inside = !inside;
  });
  return inside;
}
