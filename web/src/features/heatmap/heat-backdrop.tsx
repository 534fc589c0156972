/* SPDX-License-Identifier: Apache-2.0 */
import type { Scene } from '@/lib/api/cameras.ts';
import { innermost } from './heat-frames.ts';

type Polygon = readonly (readonly number[])[];

const corners = (polygon: Polygon) => polygon.map(([x = 0, y = 0]) => `${x * 100},${y * 100}`).join(' ');

/** The floor plan under its heat: walls, shelves and zones, as quiet lines. */
export function PlanSheet({ drawing }: { drawing: Scene | null }) {
  const walls = drawing?.walls ?? [];
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" className="absolute inset-0 size-full" aria-hidden="true">
      <rect width="100" height="100" className={walls.length ? 'fill-sunken' : 'fill-card'} />
      {walls.map((wall, i) => (
        <polygon key={i} points={corners(wall.polygon)} className="fill-card stroke-line-strong" {...LINE} />
      ))}
      {drawing?.obstacles?.map((obstacle, i) => (
        <polygon key={i} points={corners(obstacle.polygon)} className="fill-line stroke-line-strong" {...LINE} />
      ))}
    </svg>
  );
}

/** Zones lie over the heat: their edges must be seen where it is hottest. */
export function ZoneEdges({ drawing }: { drawing: Scene | null }) {
  return (
    <svg
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-0 size-full"
      aria-hidden="true"
    >
      {drawing?.zones.map((zone) => (
        <polygon key={zone.id} points={corners(zone.polygon)} fill="none" className="stroke-ink/35" {...LINE} />
      ))}
    </svg>
  );
}

/** Names in the middle of their zones; on a phone there is no room for them. */
export function ZoneNames({ drawing }: { drawing: Scene | null }) {
  return (drawing ? innermost(drawing) : []).map((zone) => {
    const [x, y] = middleOf(zone.polygon);
    return (
      <span
        key={zone.id}
        aria-hidden="true"
        className="pointer-events-none absolute -translate-1/2 rounded bg-card/70 px-1 text-[11px] leading-4 font-medium whitespace-nowrap text-ink max-sm:hidden"
        style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
      >
        {zone.name}
      </span>
    );
  });
}

/** Of its bounds, just within the upper edge. */
function middleOf(polygon: Polygon): [number, number] {
  const xs = polygon.map(([x = 0]) => x);
  const ys = polygon.map(([, y = 0]) => y);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, Math.min(...ys) + 0.025];
}

const LINE = { vectorEffect: 'non-scaling-stroke', strokeWidth: 1, strokeLinejoin: 'round' } as const;
