/* SPDX-License-Identifier: Apache-2.0 */
import { formatDuration } from '@/lib/format/number.ts';
import type { HeatMap } from './heat-queries.ts';
import { heatAlpha, type HeatScale, heatValue, themeOf } from './heat-scale.ts';

/** As strong as on the map, where little heat lets the ground through. */
const BAR = `linear-gradient(to right, ${[1, 2, 3, 4, 5]
  .map((n) => `color-mix(in srgb, var(--heat-${n}) ${Math.round(100 * heatAlpha(Math.max(0.01, (n - 1) / 4)))}%, var(--card))`)
  .join(', ')})`;

const TICKS = [0, 0.5, 1] as const;

/** Which colour is how much, and of what. */
export function HeatLegend({ map, scale }: { map: HeatMap; scale: HeatScale }) {
  const plan = map.camera_id === null;
  return (
    <div className="w-full max-w-xs" data-legend>
      <p className="mb-1 text-xs text-quiet">{plan ? 'Time people spent, per m²' : 'Time people spent, per cell'}</p>
      <div
        aria-hidden="true"
        data-theme={themeOf(map)}
        className="h-2.5 rounded-full"
        style={{ background: BAR }}
      />
      <p className="mt-1 flex justify-between text-xs text-quiet tabular-nums">
        {TICKS.map((share) => (
          <span key={share}>
            {share === 1 && scale.cut ? '≥ ' : ''}
            {share === 0 ? '0' : formatDuration(heatValue(scale, share))}
          </span>
        ))}
      </p>
    </div>
  );
}
