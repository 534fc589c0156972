/* SPDX-License-Identifier: Apache-2.0 */
import { LineGraphic, MASK_COLOR, PART_COLORS } from '@/components/scene-shapes.tsx';
import { type NormPoint, type PixelPoint, type Size, toPixel } from '@/lib/geometry/points.ts';
import type { Target, Tool } from './editor-state.ts';

type DrawingGraphicProps = {
  tool: Tool;
  target: Target;
  points: readonly NormPoint[];
  /** Where the next corner would go. */
  pointer: NormPoint | null;
  /** The keyboard's cross-hair, when it is in use. */
  cross: NormPoint | null;
  size: Size;
};

/** The shape on its way: what is placed, and what the next corner would make of it. */
export function DrawingGraphic({ tool, target, points, pointer, cross, size }: DrawingGraphicProps) {
  const placed = points.map((p) => toPixel(p, size));
  const next = pointer ? toPixel(pointer, size) : null;
  const all = next ? [...placed, next] : placed;
  const [a, b] = all;
  const color = tool === 'area' ? PART_COLORS[target.part] : tool === 'mask' ? MASK_COLOR : 'var(--overlay-zone)';
  const open = tool === 'area' && target.part === 'path';
  return (
    <g className="pointer-events-none">
      {tool === 'line' && a && b && <LineGraphic a={a} b={b} name="" active labels />}
      {tool !== 'line' && all.length > 1 && (
        <path
          d={`M${all.map((p) => `${p.x} ${p.y}`).join('L')}${all.length > 2 && !open ? 'Z' : ''}`}
          fill={color}
          fillOpacity={all.length > 2 && !open ? 0.2 : 0}
          stroke={color}
          strokeWidth={2}
          strokeDasharray="6 4"
        />
      )}
      {placed.map((p, i) => (
        <circle
          key={i}
          cx={p.x}
          cy={p.y}
          r={i === 0 && placed.length > 2 && !open ? 8 : 5}
          fill="white"
          stroke="var(--primary)"
          strokeWidth={2}
        />
      ))}
      {cross && next && <CrossHair at={next} size={size} />}
    </g>
  );
}

function CrossHair({ at, size }: { at: PixelPoint; size: Size }) {
  return (
    <g stroke="white" strokeWidth={1} data-testid="cross-hair">
      <path d={`M0 ${at.y}H${size.w}M${at.x} 0V${size.h}`} opacity={0.7} />
      <circle cx={at.x} cy={at.y} r={9} fill="none" strokeWidth={2} />
    </g>
  );
}
