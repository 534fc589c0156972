/* SPDX-License-Identifier: Apache-2.0 */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { clampNorm, type NormPoint, normPoint, pixelPoint, type Size, toNorm, toPixel } from '@/lib/geometry/points.ts';
import { useElementSize } from '@/lib/use-element-size.ts';

export type BoardPoint = { at: NormPoint; suspect: boolean };

type PointBoardProps = {
  label: string;
  image: Size;
  children: ReactNode;
  points: readonly BoardPoint[];
  /** A point whose other half is not placed yet. */
  half: NormPoint | null;
  selected: number | null;
  readOnly: boolean;
  onPlace: (at: NormPoint) => void;
  onMove: (index: number, at: NormPoint, gesture: string) => void;
  onSelect: (index: number | null) => void;
};

const STEP = 0.002;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A picture with numbered points: a click places one, dragging or arrow keys move one. */
export function PointBoard({ label, image, children, points, half, selected, readOnly, ...on }: PointBoardProps) {
  const svg = useRef<SVGSVGElement>(null);
  const size = useElementSize(svg);
  const drag = useRef<{ index: number; gesture: string } | null>(null);
  const drags = useRef(0);

  const at = (event: PointerEvent): NormPoint => {
    const box = svg.current?.getBoundingClientRect();
    return clampNorm(toNorm(pixelPoint(event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0)), size));
  };
  const grab = (event: PointerEvent, index: number) => {
    event.stopPropagation();
    on.onSelect(index);
    if (readOnly || event.button !== 0) return;
    svg.current?.setPointerCapture(event.pointerId);
    drag.current = { index, gesture: `pair:${label}:${++drags.current}` };
  };
  const move = (event: PointerEvent) => {
    if (drag.current) on.onMove(drag.current.index, at(event), drag.current.gesture);
  };
  const drop = (event: PointerEvent) => {
    if (drag.current) drag.current = null;
    else if (!readOnly && event.button === 0) on.onPlace(at(event));
  };
  const nudge = (event: KeyboardEvent, index: number, from: NormPoint) => {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (readOnly || (dx === 0 && dy === 0)) return;
    event.preventDefault();
    const step = event.shiftKey ? STEP * 10 : STEP;
    on.onMove(index, clampNorm(normPoint(from.x + dx * step, from.y + dy * step)), `pair:key:${label}:${index}`);
  };

  return (
    <div
      className="relative w-full overflow-hidden rounded-lg border border-line bg-sunken"
      style={{ aspectRatio: `${image.w} / ${image.h}` }}
    >
      {children}
      <svg
        ref={svg}
        role="group"
        aria-label={label}
        aria-description={readOnly ? undefined : 'Enter places a point in the middle; arrow keys move a point.'}
        tabIndex={readOnly ? undefined : 0}
        onKeyDown={(event) => {
          if (readOnly || event.key !== 'Enter' || event.target !== event.currentTarget) return;
          event.preventDefault();
          on.onPlace(normPoint(0.5, 0.5));
        }}
        className={`absolute inset-0 size-full select-none ${readOnly ? '' : 'cursor-crosshair'}`}
        onPointerMove={move}
        onPointerUp={drop}
        onPointerCancel={() => (drag.current = null)}
      >
        {size.w > 0 &&
          points.map((point, i) => (
            <g
              key={i}
              role="button"
              tabIndex={0}
              aria-label={`Point ${i + 1} on ${label}${point.suspect ? ', probably wrong' : ''}`}
              aria-pressed={i === selected}
              className="cursor-move touch-none"
              onPointerDown={(event) => grab(event, i)}
              onFocus={() => on.onSelect(i)}
              onKeyDown={(event) => nudge(event, i, point.at)}
            >
              <Dot {...toPixel(point.at, size)} size={size} text={`${i + 1}`} active={i === selected} suspect={point.suspect} />
            </g>
          ))}
        {size.w > 0 && half && (
          <g className="pointer-events-none">
            <Dot {...toPixel(half, size)} size={size} text={`${points.length + 1}`} active pending />
          </g>
        )}
      </svg>
    </div>
  );
}

type DotProps = { x: number; y: number; /** Of the picture it lies on. */ size: Size; text: string; active?: boolean; suspect?: boolean; pending?: boolean };

/** The middle of the cross is the place; its number stands beside it. */
function Dot({ x, y, size, text, active, suspect, pending }: DotProps) {
  const color = suspect ? 'var(--danger-fill)' : 'var(--primary-fill)';
  const side = text.length > 1 ? 22 : 18;
  const left = x + 9 + side > size.w ? x - 9 - side : x + 9;
  const top = y < 24 ? y + 6 : y - 22;
  return (
    <g>
      <circle cx={x} cy={y} r={16} fill="transparent" />
      <path d={`M${x - 8} ${y}H${x + 8}M${x} ${y - 8}V${y + 8}`} stroke="white" strokeWidth={4} />
      <path d={`M${x - 8} ${y}H${x + 8}M${x} ${y - 8}V${y + 8}`} stroke={color} strokeWidth={2} />
      {active && (
        <circle
          cx={x}
          cy={y}
          r={11}
          fill="none"
          stroke={color}
          strokeWidth={2.5}
          strokeDasharray={pending ? '4 3' : undefined}
        />
      )}
      <rect x={left} y={top} width={side} height={16} rx={8} fill={color} stroke="white" strokeWidth={1} />
      <text x={left + side / 2} y={top + 12} textAnchor="middle" fontSize="11" fontWeight="600" fill="white">
        {text}
      </text>
    </g>
  );
}
