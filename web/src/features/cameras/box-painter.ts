/* SPDX-License-Identifier: Apache-2.0 */
import { token } from '@/lib/theme/theme.ts';
import type { TrackBox } from './track-match.ts';

/* Boxes on a canvas that lies over the picture. */

type Colors = { confirmed: string; tentative: string; label: string };

export function paintBoxes(canvas: HTMLCanvasElement, boxes: readonly TrackBox[]): void {
  const context = canvas.getContext('2d');
  const { clientWidth: w, clientHeight: h } = canvas;
  if (!context || w === 0 || h === 0) return;
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(w * ratio);
  const height = Math.round(h * ratio);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, w, h);
  const colors = {
    confirmed: token('overlay-person'),
    tentative: token('overlay-tentative'),
    label: token('overlay-label'),
  };
  for (const box of boxes) paintBox(context, box, w, h, colors);
}

function paintBox(context: CanvasRenderingContext2D, box: TrackBox, w: number, h: number, colors: Colors): void {
  const x = box.x * w;
  const y = box.y * h;
  context.lineWidth = box.confirmed ? 2 : 1.5;
  context.strokeStyle = box.confirmed ? colors.confirmed : colors.tentative;
  context.setLineDash(box.confirmed ? [] : [4, 3]);
  context.beginPath();
  context.roundRect(x, y, box.w * w, box.h * h, 3);
  context.stroke();
  if (box.confirmed && w >= 240) paintLabel(context, String(box.id), x, y, colors);
}

function paintLabel(context: CanvasRenderingContext2D, text: string, x: number, y: number, colors: Colors): void {
  context.font = '600 10px "Inter Variable", sans-serif';
  const width = context.measureText(text).width + 8;
  const top = Math.max(0, y - 14);
  context.fillStyle = colors.label;
  context.beginPath();
  context.roundRect(x - 1, top, width, 14, 3);
  context.fill();
  context.fillStyle = 'white';
  context.fillText(text, x + 3, top + 10.5);
}
