/* SPDX-License-Identifier: Apache-2.0 */
import { useRef } from 'react';
import type { Scene } from '@/lib/api/cameras.ts';
import { placeLabels } from '@/lib/geometry/labels.ts';
import { normPoint, toPixel } from '@/lib/geometry/points.ts';
import { useElementSize } from '@/lib/use-element-size.ts';
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

const FONT_SIZE = 11;

/** Names within their zones, as far as there is room: the list under the picture has the others. */
export function ZoneNames({ drawing }: { drawing: Scene | null }) {
  const host = useRef<HTMLDivElement>(null);
  const size = useElementSize(host);
  const wishes = (drawing ? innermost(drawing) : []).map(({ id, name, polygon }) => ({
    ...{ key: id, text: name ?? id, rank: 1 },
    points: polygon.map(([x = 0, y = 0]) => toPixel(normPoint(x, y), size)),
  }));
  return (
    <div ref={host} aria-hidden="true" className="pointer-events-none absolute inset-0">
      {size.w > 0 &&
        placeLabels(wishes, size, FONT_SIZE).map(({ key, text, x, y, turned }) => (
          <span
            key={key}
            className="absolute rounded bg-card/70 px-0.5 text-[11px] leading-3.5 font-medium whitespace-nowrap text-ink"
            style={{ left: x, top: y, transform: `translate(-50%, -50%)${turned ? ' rotate(-90deg)' : ''}` }}
          >
            {text}
          </span>
        ))}
    </div>
  );
}

const LINE = { vectorEffect: 'non-scaling-stroke', strokeWidth: 1, strokeLinejoin: 'round' } as const;
