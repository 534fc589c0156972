/* SPDX-License-Identifier: Apache-2.0 */
import { type ReactNode, useEffect, useRef } from 'react';
import { AreaGraphic, LineGraphic, MaskGraphic, PAPER_LABELS, ShapeLabels, ZoneGraphic } from '@/components/scene-shapes.tsx';
import type { LabelWish } from '@/lib/geometry/labels.ts';
import { type Size, toPixel } from '@/lib/geometry/points.ts';
import { useElementSize } from '@/lib/use-element-size.ts';
import { useCanvasGestures } from './canvas-gestures.ts';
import { useCanvasKeys } from './canvas-keys.ts';
import { CornerHandles } from './corner-handles.tsx';
import { type AreaShape, type Draft, isNamed, laneOf, type Shape, shapeOf } from './draft.ts';
import { DrawingGraphic } from './drawing-graphic.tsx';
import type { EditorAction, EditorState } from './editor-state.ts';
import type { Fault } from './validation.ts';
import { LANE_PART_WORDS } from './words.ts';

type EditorCanvasProps = {
  state: EditorState;
  dispatch: (action: EditorAction) => void;
  faults: readonly Fault[];
  /** Address of the still that is drawn on; null while it loads. */
  still: string | null;
  image: Size;
  /** Lies under the drawing instead of a still. */
  backdrop?: ReactNode;
};

const HELP =
  'Drawing area. Choose a tool first; arrow keys move the cross-hair, Enter places a corner, F finishes, Escape cancels. ' +
  'With a shape selected, arrow keys move it and Delete removes it.';

export function EditorCanvas({ state, dispatch, faults, still, image, backdrop }: EditorCanvasProps) {
  const svg = useRef<SVGSVGElement>(null);
  const size = useElementSize(svg);
  const gestures = useCanvasGestures(svg, size, state, dispatch);
  const keys = useCanvasKeys(state, dispatch);
  const drawing = state.tool !== 'select';
  const selected = shapeOf(state.draft, state.selected);

  /* A button elsewhere began it: the picture comes into sight. While it is drawn on it never moves. */
  useEffect(() => {
    const picture = svg.current;
    if (!drawing || !picture || picture.contains(document.activeElement)) return;
    picture.focus({ preventScroll: true });
    picture.scrollIntoView({ block: 'nearest' });
  }, [drawing, state.tool, state.target]);

  return (
    <div
      className={`relative w-full overflow-hidden rounded-lg ${backdrop ? 'border border-line bg-card' : 'bg-black'}`}
      style={{ aspectRatio: `${image.w} / ${image.h}`, ...(backdrop && PAPER_LABELS) }}
    >
      {backdrop}
      {still && (
        <img
          src={still}
          alt="Still of this camera"
          draggable={false}
          className="absolute inset-0 size-full select-none"
        />
      )}
      <svg
        ref={svg}
        role="application"
        aria-label={HELP}
        tabIndex={0}
        className={`absolute inset-0 size-full scroll-mt-20 scroll-mb-4 max-md:scroll-mb-40 outline-offset-[-2px] select-none ${drawing ? 'cursor-crosshair touch-none' : 'touch-manipulation'}`}
        {...gestures.handlers}
        onPointerMove={(event) => {
          keys.hideCross();
          gestures.handlers.onPointerMove(event);
        }}
        onKeyDown={keys.onKeyDown}
      >
        {size.w > 0 && (
          <>
            {inDrawingOrder(state).map((shape) => (
              <g
                key={shape.key}
                data-shape={isNamed(shape) ? shape.id : shape.key}
                className={drawing ? 'pointer-events-none' : 'cursor-move touch-none'}
                onPointerDown={(event) => gestures.grab(event, { key: shape.key })}
              >
                <ShapeGraphic
                  shape={shape}
                  size={size}
                  active={shape.key === state.selected}
                  faulty={isFaulty(faults, shape)}
                />
              </g>
            ))}
            <ShapeLabels wishes={labelsOf(state, size)} size={size} />
            {selected && !drawing && (
              <CornerHandles
                shape={selected}
                name={nameOf(state.draft, selected)}
                corner={state.corner}
                size={size}
                grab={gestures.grab}
                dispatch={dispatch}
              />
            )}
            {drawing && (
              <DrawingGraphic
                tool={state.tool}
                target={state.target}
                points={state.drawing}
                pointer={keys.cross ?? gestures.hover}
                cross={keys.cross}
                size={size}
              />
            )}
          </>
        )}
      </svg>
    </div>
  );
}

type ShapeGraphicProps = { shape: Shape; size: Size; active: boolean; faulty: boolean };

function ShapeGraphic({ shape, size, active, faulty }: ShapeGraphicProps) {
  const points = shape.points.map((p) => toPixel(p, size));
  if (shape.type === 'area') return <AreaGraphic part={shape.part} {...{ points, active, faulty }} />;
  const { name } = shape;
  if (shape.type === 'mask') return <MaskGraphic {...{ points, name, active, faulty }} />;
  if (shape.type === 'zone') return <ZoneGraphic {...{ points, name, active, faulty }} />;
  const [a, b] = points;
  if (!a || !b) return null;
  return (
    <>
      <path d={`M${a.x} ${a.y}L${b.x} ${b.y}`} stroke="transparent" strokeWidth={24} />
      <LineGraphic {...{ a, b, name, active, faulty }} labels />
    </>
  );
}

/** Lines above areas above zones, the selected one above all, so that it can be grabbed. */
function inDrawingOrder(state: EditorState): Shape[] {
  const ranks = { mask: 0, zone: 1, area: 2, line: 3 } as const;
  const rank = (s: Shape) =>
    s.key === state.selected ? 4 : s.type === 'area' && s.part === 'path' ? 3 : ranks[s.type];
  return [...state.draft.shapes].sort((a, b) => rank(a) - rank(b));
}

function nameOf(draft: Draft, shape: Shape): string {
  if (shape.type !== 'area') return shape.name;
  return `${LANE_PART_WORDS[shape.part].label.toLowerCase()} of ${laneOf(draft, shape.lane)?.name ?? ''}`;
}

/** Zones that hold others are told by those, and named where there is room left. */
function labelsOf(state: EditorState, size: Size): LabelWish[] {
  const parents = new Set(state.draft.shapes.map((shape) => (shape.type === 'zone' ? shape.parent : null)));
  const isParent = (shape: Shape) => isNamed(shape) && parents.has(shape.id);
  return state.draft.shapes.flatMap((shape): LabelWish[] => {
    if (shape.type === 'line') return [];
    const text = shape.type === 'area' ? labelOf(state, shape) : shape.name;
    const rank = shape.type === 'area' ? 2 : isParent(shape) || shape.type === 'mask' ? 3 : 1;
    const points = shape.points.map((p) => toPixel(p, size));
    return [{ key: shape.key, text, points, rank, must: shape.key === state.selected }];
  });
}

/** What stands on the picture: of the lane that is worked on, which part is which; else its name once. */
function labelOf({ draft, selected }: EditorState, shape: AreaShape): string {
  if (shape.part === 'path') return '';
  const lane = laneOf(draft, shape.lane);
  if (laneOf(draft, selected)?.key === shape.lane) return LANE_PART_WORDS[shape.part].label;
  if (shape.part === 'queue' && lane?.group) return lane.group;
  return shape.part === 'service' ? (lane?.name ?? '') : '';
}

function isFaulty(faults: readonly Fault[], shape: Shape): boolean {
  return faults.some((f) => f.key === shape.key && f.field === 'shape');
}
