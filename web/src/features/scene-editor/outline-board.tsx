/* SPDX-License-Identifier: Apache-2.0 */
import { type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { clampNorm, type NormPoint, pixelPoint, type Size, toNorm, toPixel } from '@/lib/geometry/points.ts';
import { useElementSize } from '@/lib/use-element-size.ts';
import { between, type OutlineKind, type OutlineRef, type Outlines } from './outlines.ts';

type OutlineBoardProps = {
  image: Size;
  children: ReactNode;
  outlines: Outlines;
  selected: OutlineRef | null;
  readOnly: boolean;
  onDraw: (a: NormPoint, b: NormPoint) => void;
  onSelect: (outline: OutlineRef | null) => void;
};

/** The plan with its walls and obstacles: dragging draws a rectangle, a click selects one. */
export function OutlineBoard({ image, children, outlines, selected, readOnly, onDraw, onSelect }: OutlineBoardProps) {
  const svg = useRef<SVGSVGElement>(null);
  const size = useElementSize(svg);
  const [drawn, setDrawn] = useState<readonly [NormPoint, NormPoint] | null>(null);
  const at = (event: PointerEvent): NormPoint => {
    const box = svg.current?.getBoundingClientRect();
    return clampNorm(toNorm(pixelPoint(event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0)), size));
  };
  const begin = (event: PointerEvent) => {
    onSelect(null);
    if (readOnly || event.button !== 0) return;
    svg.current?.setPointerCapture(event.pointerId);
    setDrawn([at(event), at(event)]);
  };
  const end = (event: PointerEvent) => {
    if (drawn) onDraw(drawn[0], at(event));
    setDrawn(null);
  };
  const outline = (kind: OutlineKind) => (o: { polygon: number[][] }, index: number) => (
    <path
      key={`${kind}${index}`}
      d={`M${o.polygon.map(([x = 0, y = 0]) => `${x * size.w} ${y * size.h}`).join('L')}Z`}
      fill="var(--quiet)"
      fillOpacity={kind === 'walls' ? 0 : 0.3}
      stroke={selected?.kind === kind && selected.index === index ? 'var(--primary)' : 'var(--quiet)'}
      strokeWidth={kind === 'walls' ? 3 : 1.5}
      pointerEvents={kind === 'walls' ? 'stroke' : 'all'}
      className="cursor-pointer"
      onPointerDown={(event) => {
        event.stopPropagation();
        onSelect({ kind, index });
      }}
    />
  );
  return (
    <div
      className="relative w-full overflow-hidden rounded-lg border border-line bg-card"
      style={{ aspectRatio: `${image.w} / ${image.h}` }}
    >
      {children}
      <svg
        ref={svg}
        role="group"
        aria-label="Walls and shelves on the plan"
        className={`absolute inset-0 size-full select-none ${readOnly ? '' : 'cursor-crosshair touch-none'}`}
        onPointerDown={begin}
        onPointerMove={(event) => drawn && setDrawn([drawn[0], at(event)])}
        onPointerUp={end}
        onPointerCancel={() => setDrawn(null)}
      >
        {size.w > 0 && outlines.walls.map(outline('walls'))}
        {size.w > 0 && outlines.obstacles.map(outline('obstacles'))}
        {drawn && (
          <path
            d={`M${between(...drawn)
              .map((p) => toPixel(p, size))
              .map(({ x, y }) => `${x} ${y}`)
              .join('L')}Z`}
            fill="var(--primary)"
            fillOpacity={0.15}
            stroke="var(--primary)"
            strokeWidth={2}
            strokeDasharray="6 4"
          />
        )}
      </svg>
    </div>
  );
}
