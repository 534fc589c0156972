/* SPDX-License-Identifier: Apache-2.0 */
/* Two kinds of points that must never be mixed: shares of the picture (what scenes are stored in)
 * and pixels of something drawn. The brands make the compiler keep them apart. */

declare const norm: unique symbol;
declare const pixel: unique symbol;

/** 0..1 of the picture, y down. */
export type NormPoint = { readonly x: number; readonly y: number; readonly [norm]: true };
/** Pixels of the picture or of the element it is drawn in, y down. */
export type PixelPoint = { readonly x: number; readonly y: number; readonly [pixel]: true };

export type Size = { readonly w: number; readonly h: number };

export function normPoint(x: number, y: number): NormPoint {
  return { x, y } as NormPoint;
}

export function pixelPoint(x: number, y: number): PixelPoint {
  return { x, y } as PixelPoint;
}

export function toPixel(p: NormPoint, size: Size): PixelPoint {
  return pixelPoint(p.x * size.w, p.y * size.h);
}

export function toNorm(p: PixelPoint, size: Size): NormPoint {
  return normPoint(size.w > 0 ? p.x / size.w : 0, size.h > 0 ? p.y / size.h : 0);
}

export function clampNorm(p: NormPoint): NormPoint {
  return normPoint(clamp01(p.x), clamp01(p.y));
}

/** Four decimals: a tenth of a pixel at 1000 px, and no noise in stored scenes. */
export function roundNorm(p: NormPoint): NormPoint {
  return normPoint(Math.round(p.x * 1e4) / 1e4, Math.round(p.y * 1e4) / 1e4);
}

export function distance(a: PixelPoint, b: PixelPoint): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function midpoint(a: NormPoint, b: NormPoint): NormPoint {
  return normPoint((a.x + b.x) / 2, (a.y + b.y) / 2);
}

function clamp01(v: number): number {
  return Math.min(1, Math.max(0, v));
}
