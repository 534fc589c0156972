/* SPDX-License-Identifier: Apache-2.0 */
import type { CSSProperties } from 'react';
import { type LabelWish, placeLabels } from '@/lib/geometry/labels.ts';
import type { PixelPoint, Size } from '@/lib/geometry/points.ts';
import { inwardNormal } from '@/lib/geometry/shapes.ts';

/* Zones, lines and lanes as they look on a picture, in the camera tiles and in the editor alike. */

export type AreaPart = 'queue' | 'service' | 'exit' | 'staff' | 'path';

/** Written out, so that a search for a token finds where it is used. */
export const PART_COLORS: Record<AreaPart, string> = {
  queue: 'var(--overlay-queue)',
  service: 'var(--overlay-service)',
  exit: 'var(--overlay-exit)',
  staff: 'var(--overlay-staff)',
  path: 'var(--overlay-queue)',
};

/* On a picture white on dark; what lies on the card's ground sets the two variables (PAPER_LABELS). */
const INK = 'var(--shape-label, white)';
const HALO = {
  paintOrder: 'stroke',
  stroke: 'var(--shape-halo, rgb(0 0 0 / 0.65))',
  strokeWidth: 3,
  strokeLinejoin: 'round',
} as const;

/** Style of what stands around shapes on a plan: their names are read on its ground. */
export const PAPER_LABELS = { '--shape-label': 'var(--ink)', '--shape-halo': 'var(--card)' } as CSSProperties;

type ZoneGraphicProps = { points: readonly PixelPoint[]; name: string; active?: boolean; faulty?: boolean };

export function ZoneGraphic({ points, name, active, faulty }: ZoneGraphicProps) {
  const color = faulty ? 'var(--danger)' : 'var(--overlay-zone)';
  return (
    <g>
      <title>{name}</title>
      <path
        d={`${path(points)}Z`}
        fill={color}
        fillOpacity={active ? 0.26 : 0.13}
        stroke={color}
        strokeWidth={active ? 2.5 : 1.5}
        strokeLinejoin="round"
      />
    </g>
  );
}

/** Of a mask on its way, which has to be seen on dark and on light. */
export const MASK_COLOR = 'rgb(255 255 255)';

/** Black as in the pictures, but with what lies below shining through a little, to draw by. */
export function MaskGraphic({ points, name, active, faulty }: ZoneGraphicProps) {
  const edge = { d: `${path(points)}Z`, strokeLinejoin: 'round' } as const;
  return (
    <g>
      <title>{name}</title>
      <path {...edge} fill="rgb(0 0 0)" fillOpacity={0.82} stroke="rgb(0 0 0 / 0.6)" strokeWidth={active ? 5 : 4} />
      <path
        {...edge}
        fill="none"
        stroke={faulty ? 'var(--danger)' : 'rgb(255 255 255 / 0.9)'}
        strokeWidth={active ? 2.5 : 1.5}
        strokeDasharray="2 4"
      />
    </g>
  );
}

type AreaGraphicProps = Omit<ZoneGraphicProps, 'name'> & { part: AreaPart };

/** A part of a lane. Its edge is dashed and lies on a dark one, to tell it from a zone on any picture. */
export function AreaGraphic({ part, points, active, faulty }: AreaGraphicProps) {
  const color = faulty ? 'var(--danger)' : PART_COLORS[part];
  if (part === 'path') return <PathGraphic points={points} color={color} active={active} />;
  const edge = { d: `${path(points)}Z`, strokeLinejoin: 'round' } as const;
  return (
    <g>
      <path
        {...edge}
        fill={color}
        fillOpacity={active ? 0.28 : 0.16}
        stroke="rgb(0 0 0 / 0.5)"
        strokeWidth={active ? 5 : 4}
      />
      <path {...edge} fill="none" stroke={color} strokeWidth={active ? 2.5 : 2} strokeDasharray="7 3" />
    </g>
  );
}

const FONT_SIZE = 12;

/** Names of zones and lanes, drawn after all shapes: none crosses one, and none covers another. */
export function ShapeLabels({ wishes, size }: { wishes: readonly LabelWish[]; size: Size }) {
  return (
    <g className="pointer-events-none">
      {placeLabels(wishes, size, FONT_SIZE).map(({ key, text, x, y, turned }) => (
        <text
          key={key}
          x={x}
          y={y}
          textAnchor="middle"
          dominantBaseline="central"
          transform={turned ? `rotate(-90 ${x} ${y})` : undefined}
          fontSize={FONT_SIZE}
          fontWeight="600"
          fill={INK}
          {...HALO}
        >
          {text}
        </text>
      ))}
    </g>
  );
}

type PathGraphicProps = { points: readonly PixelPoint[]; color: string; active?: boolean };

/** The middle of a line of people; the arrow at its head shows which way they move up. */
function PathGraphic({ points, color, active }: PathGraphicProps) {
  const [head, second] = points;
  if (!head || !second) return null;
  const length = Math.hypot(head.x - second.x, head.y - second.y) || 1;
  const [ux, uy] = [(head.x - second.x) / length, (head.y - second.y) / length];
  const wing = (turn: number) => `${head.x - ux * 11 - uy * turn} ${head.y - uy * 11 + ux * turn}`;
  const d = `${path(points)}M${wing(7)}L${head.x} ${head.y}L${wing(-7)}`;
  return (
    <g fill="none" strokeLinecap="round" strokeLinejoin="round">
      <path d={d} stroke="rgb(0 0 0 / 0.5)" strokeWidth={active ? 6 : 5} />
      <path d={d} stroke={color} strokeWidth={active ? 3.5 : 2.5} />
    </g>
  );
}

type LineGraphicProps = {
  a: PixelPoint;
  b: PixelPoint;
  name: string;
  active?: boolean;
  faulty?: boolean;
  labels?: boolean;
};

const ARROW = 30;
/** On a shorter line the words at its arrow would stand on its name. */
const LEAST_WITH_WORDS = 64;

/** A line with its arrow: people who walk the arrow's way are counted `in`. */
export function LineGraphic({ a, b, name, active, faulty, labels }: LineGraphicProps) {
  const color = faulty ? 'var(--danger)' : 'var(--overlay-line)';
  const mid = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const n = inwardNormal(a, b);
  const words = labels && Math.hypot(b.x - a.x, b.y - a.y) >= LEAST_WITH_WORDS;
  const tip = { x: mid.x + n.x * ARROW, y: mid.y + n.y * ARROW };
  const wing = (turn: number) => `${tip.x - n.x * 8 + -n.y * turn} ${tip.y - n.y * 8 + n.x * turn}`;
  return (
    <g stroke={color} strokeLinecap="round" fill="none">
      <path d={`M${a.x} ${a.y}L${b.x} ${b.y}`} stroke="rgb(0 0 0 / 0.45)" strokeWidth={active ? 6 : 5} />
      <path d={`M${a.x} ${a.y}L${b.x} ${b.y}`} strokeWidth={active ? 3.5 : 2.5} />
      <path d={`M${mid.x} ${mid.y}L${tip.x} ${tip.y}M${wing(6)}L${tip.x} ${tip.y}L${wing(-6)}`} strokeWidth={2.5} />
      <Label x={mid.x + n.x * (ARROW + 12)} y={mid.y + n.y * (ARROW + 12) + 4} text={words ? 'in' : ''} />
      <Label x={mid.x - n.x * 16} y={mid.y - n.y * 16 + 4} text={words ? 'out' : ''} />
      <Label {...besideEnd(a, b, n)} text={name} />
    </g>
  );
}

type Place = { x: number; y: number; anchor?: 'start' | 'middle' | 'end' };

/** The name stands near b, on the inward side, and runs away from the line. */
function besideEnd(a: PixelPoint, b: PixelPoint, n: PixelPoint): Place {
  const anchor = n.x > 0.3 ? 'start' : n.x < -0.3 ? 'end' : 'middle';
  const gap = anchor === 'middle' ? 16 : 9;
  return { x: a.x * 0.1 + b.x * 0.9 + n.x * gap, y: a.y * 0.1 + b.y * 0.9 + n.y * gap + 4, anchor };
}

function Label({ x, y, anchor = 'middle', text }: Place & { text: string }) {
  if (text === '') return null;
  return (
    <text x={x} y={y} textAnchor={anchor} fontSize="12" fontWeight="600" fill={INK} {...HALO}>
      {text}
    </text>
  );
}

function path(points: readonly PixelPoint[]): string {
  return points.map((p, i) => `${i === 0 ? 'M' : 'L'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('');
}
