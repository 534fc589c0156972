/* SPDX-License-Identifier: Apache-2.0 */
import type { PointerEvent } from 'react';
import { PART_COLORS } from '@/components/scene-shapes.tsx';
import { midpoint, type NormPoint, type Size, toPixel } from '@/lib/geometry/points.ts';
import type { Grip } from './canvas-gestures.ts';
import { limitsOf, type Shape } from './draft.ts';
import type { EditorAction } from './editor-state.ts';

type CornerHandlesProps = {
  shape: Shape;
  /** What the corners are told apart by: "Zone 1", "queue of Lane 1". */
  name: string;
  corner: number | null;
  size: Size;
  grab: (event: PointerEvent, grip: Grip) => void;
  dispatch: (action: EditorAction) => void;
};

/* A finger needs 24 px and more; what is seen stays small. */
const TOUCH_PX = 18;

export function CornerHandles({ shape, name, corner, size, grab, dispatch }: CornerHandlesProps) {
  const { key, points, type } = shape;
  const grows = type !== 'line' && points.length < limitsOf(shape)[1];
  const open = shape.type === 'area' && shape.part === 'path';
  const dots = open ? points.slice(0, -1) : points;
  return (
    <g>
      {grows &&
        dots.map((p, i) => {
          const at = toPixel(midpoint(p, points[(i + 1) % points.length] ?? p), size);
          return (
            <g
              key={`edge-${i}`}
              className="cursor-copy touch-none"
              onPointerDown={(event) => grab(event, { key, edge: i })}
            >
              <circle cx={at.x} cy={at.y} r={TOUCH_PX - 4} fill="transparent" />
              <circle
                cx={at.x}
                cy={at.y}
                r={4}
                fill={shape.type === 'area' ? PART_COLORS[shape.part] : 'var(--overlay-zone)'}
                stroke="white"
                strokeWidth={1}
                opacity={0.85}
              />
            </g>
          );
        })}
      {points.map((p, i) => {
        const at = toPixel(p, size);
        const active = corner === i;
        return (
          <g
            key={`corner-${i}`}
            role="button"
            tabIndex={0}
            aria-label={cornerLabel(shape, name, i, p)}
            aria-pressed={active}
            className="group cursor-grab touch-none outline-none"
            onFocus={() => dispatch({ type: 'select', key, corner: i })}
            onPointerDown={(event) => grab(event, { key, corner: i })}
          >
            <circle cx={at.x} cy={at.y} r={TOUCH_PX} fill="transparent" />
            <circle
              cx={at.x}
              cy={at.y}
              r={active ? 8 : 6.5}
              fill={active ? 'var(--primary)' : 'white'}
              stroke={active ? 'white' : 'var(--primary)'}
              strokeWidth={2}
            />
            {type === 'line' && (
              <text
                x={at.x}
                y={at.y + 3.5}
                textAnchor="middle"
                fontSize="9"
                fontWeight="700"
                fill={active ? 'white' : 'var(--primary)'}
                className="pointer-events-none"
              >
                {i === 0 ? 'a' : 'b'}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function cornerLabel(shape: Shape, name: string, index: number, p: NormPoint): string {
  const part = shape.type === 'line' ? (index === 0 ? 'Start' : 'End') : `Corner ${index + 1}`;
  return `${part} of ${name}, ${Math.round(p.x * 100)}% across, ${Math.round(p.y * 100)}% down`;
}
