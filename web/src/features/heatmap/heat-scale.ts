/* SPDX-License-Identifier: Apache-2.0 */

/* From a value to a colour. A few places (a till, a door) hold so much time that on an even scale all
 * others would look empty: colours follow the square root, and end where 98 of 100 cells lie below. */

export type Rgb = readonly [number, number, number];

export type HeatScale = {
  /** The value that has the last colour, and all above it. */
  top: number;
  /** Some cells lie above it. */
  cut: boolean;
};

const TOP_SHARE = 0.98;

export function heatScale(values: readonly number[]): HeatScale {
  const sorted = values.filter((v) => v > 0).sort((a, b) => a - b);
  const most = sorted.at(-1);
  if (most === undefined) return { top: 0, cut: false };
  const top = sorted[Math.min(sorted.length - 1, Math.ceil(TOP_SHARE * sorted.length) - 1)] ?? most;
  return { top, cut: top < most };
}

/** On a photograph the colours are those of the dark theme, whatever the page's. */
export function themeOf(map: { camera_id: string | null }): 'dark' | undefined {
  return map.camera_id === null ? undefined : 'dark';
}

/** Where on the colours a value stands, 0..1. */
export function heatShare(scale: HeatScale, value: number): number {
  return scale.top > 0 && value > 0 ? Math.sqrt(Math.min(1, value / scale.top)) : 0;
}

/** The value at a place of the colours. */
export function heatValue(scale: HeatScale, share: number): number {
  return scale.top * share * share;
}

/** Between the colours of the scale, evenly spread. */
export function heatColor(colors: readonly Rgb[], share: number): Rgb {
  const place = Math.max(0, Math.min(1, share)) * (colors.length - 1);
  const i = Math.min(colors.length - 2, Math.floor(place));
  const [a, b] = [colors[i] ?? [0, 0, 0], colors[i + 1] ?? colors[i] ?? [0, 0, 0]];
  const mix = (k: 0 | 1 | 2) => Math.round(a[k] + (b[k] - a[k]) * (place - i));
  return [mix(0), mix(1), mix(2)];
}

/** Little heat lets more of the picture below through. */
export function heatAlpha(share: number): number {
  return share <= 0 ? 0 : 0.35 + 0.5 * share;
}

export function parseHex(text: string): Rgb {
  const n = Number.parseInt(text.trim().slice(1), 16);
  return Number.isNaN(n) ? [128, 128, 128] : [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}
