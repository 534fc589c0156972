/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useRef } from 'react';
import { useTheme } from '@/lib/theme/theme.ts';
import type { HeatMap, HeatPeriod } from './heat-queries.ts';
import { heatAlpha, heatColor, type HeatScale, heatShare, parseHex, type Rgb } from './heat-scale.ts';

const COLOR_TOKENS = ['--heat-1', '--heat-2', '--heat-3', '--heat-4', '--heat-5'] as const;

type HeatCanvasProps = {
  map: HeatMap;
  period: HeatPeriod;
  scale: HeatScale;
  extent: { columns: number; rows: number };
};

/** The heat itself: a pixel a cell, which the browser draws large and smooth. */
export function HeatCanvas({ map, period, scale, extent }: HeatCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const { columns, rows } = map.grid ?? { columns: 1, rows: 1 };
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const style = getComputedStyle(element);
    const colors = COLOR_TOKENS.map((name) => parseHex(style.getPropertyValue(name)));
    const picture = context.createImageData(columns, rows);
    paint(picture.data, period, scale, colors);
    context.putImageData(picture, 0, 0);
  }, [columns, rows, period, scale, theme]);
  return (
    <canvas
      ref={canvas}
      width={columns}
      height={rows}
      aria-hidden="true"
      className="pointer-events-none absolute top-0 left-0 max-w-none"
      style={{ width: `${(columns / extent.columns) * 100}%`, height: `${(rows / extent.rows) * 100}%` }}
    />
  );
}

/** Cells nobody was in stay clear. */
export function paint(data: Uint8ClampedArray, period: HeatPeriod, scale: HeatScale, colors: readonly Rgb[]): void {
  period.cells.forEach((cell, i) => {
    const share = heatShare(scale, period.values[i] ?? 0);
    const [r, g, b] = heatColor(colors, share);
    data.set([r, g, b, Math.round(255 * heatAlpha(share))], cell * 4);
  });
}
