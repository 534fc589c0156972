/* SPDX-License-Identifier: Apache-2.0 */
import { type PointerEvent, type RefObject, useCallback, useRef, useState } from 'react';
import {
  distance,
  type NormPoint,
  type PixelPoint,
  pixelPoint,
  type Size,
  toNorm,
  toPixel,
} from '@/lib/geometry/points.ts';
import { drawingLimits, type EditorAction, type EditorState } from './editor-state.ts';

/* Pointer (mouse, pen, touch) to editor actions. A finger puts the corner where it is lifted, so
 * that it can be placed exactly. */

const SNAP_PX = 14;
const SAME_PLACE_PX = 5;
const DOUBLE_TAP_MS = 400;

type Tap = { key: string; corner: number; at: number };
type Drag = { key: string; corner: number | null; last: PixelPoint; gesture: string };

export type Grip = { key: string; corner?: number; edge?: number };

export function useCanvasGestures(
  svg: RefObject<SVGSVGElement | null>,
  size: Size,
  state: EditorState,
  dispatch: (action: EditorAction) => void,
) {
  const [hover, setHover] = useState<NormPoint | null>(null);
  const drag = useRef<Drag | null>(null);
  const tap = useRef<Tap | null>(null);
  const gestures = useRef(0);

  const at = useCallback(
    (event: PointerEvent): PixelPoint => {
      const box = svg.current?.getBoundingClientRect();
      return pixelPoint(event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0));
    },
    [svg],
  );

  /** Pointer down on a corner, an edge's middle, or a shape's body. */
  const grab = (event: PointerEvent, grip: Grip) => {
    if (state.tool !== 'select' || event.button !== 0) return;
    event.stopPropagation();
    if (isSecondTap(event, grip)) return dispatch({ type: 'deleteCorner', key: grip.key, corner: grip.corner! });
    svg.current?.setPointerCapture(event.pointerId);
    const gesture = `drag:${++gestures.current}`;
    const point = at(event);
    let corner = grip.corner ?? null;
    if (grip.edge !== undefined) {
      dispatch({ type: 'insertCorner', key: grip.key, edge: grip.edge, at: toNorm(point, size), gesture });
      corner = grip.edge + 1;
    } else {
      dispatch({ type: 'select', key: grip.key, corner });
    }
    drag.current = { key: grip.key, corner, last: point, gesture };
  };

  /** Told by hand: with the pointer captured no element but the picture gets a double click. */
  const isSecondTap = (event: PointerEvent, { key, corner }: Grip): boolean => {
    if (corner === undefined) return false;
    const before = tap.current;
    const second = before?.key === key && before.corner === corner && event.timeStamp - before.at < DOUBLE_TAP_MS;
    tap.current = second ? null : { key, corner, at: event.timeStamp };
    return second;
  };

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    if (state.tool === 'select') dispatch({ type: 'select', key: null });
    else setHover(toNorm(at(event), size));
  };

  const onPointerMove = (event: PointerEvent) => {
    const point = at(event);
    if (state.tool !== 'select') setHover(toNorm(point, size));
    const d = drag.current;
    if (!d) return;
    if (distance(point, d.last) > 0) tap.current = null;
    if (d.corner !== null) {
      dispatch({ type: 'moveCorner', key: d.key, corner: d.corner, to: toNorm(point, size), gesture: d.gesture });
    } else if (distance(point, d.last) > 0) {
      const dx = (point.x - d.last.x) / size.w;
      const dy = (point.y - d.last.y) / size.h;
      dispatch({ type: 'moveShape', key: d.key, dx, dy, gesture: d.gesture });
      d.last = point;
    }
  };

  const onPointerUp = (event: PointerEvent) => {
    if (drag.current) {
      drag.current = null;
      dispatch({ type: 'endGesture' });
    } else if (state.tool !== 'select' && event.button === 0) {
      placeOrFinish(at(event));
      if (event.pointerType === 'touch') setHover(null);
    }
  };

  const placeOrFinish = (point: PixelPoint) => {
    const { drawing } = state;
    const [least] = drawingLimits(state);
    const first = drawing[0];
    const last = drawing[drawing.length - 1];
    const closes = least >= 3 && drawing.length >= least && first && distance(point, toPixel(first, size)) < SNAP_PX;
    const again = last && distance(point, toPixel(last, size)) < SAME_PLACE_PX;
    if (closes || (again && drawing.length >= least)) dispatch({ type: 'finish' });
    else if (!again) dispatch({ type: 'place', at: toNorm(point, size) });
  };

  const onPointerLeave = () => setHover(null);
  const onPointerCancel = () => {
    drag.current = null;
    dispatch({ type: 'endGesture' });
  };

  return {
    hover,
    grab,
    placeOrFinish,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerLeave, onPointerCancel },
  };
}
