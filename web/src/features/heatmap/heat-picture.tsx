/* SPDX-License-Identifier: Apache-2.0 */
import { type PointerEvent, useMemo, useState } from 'react';
import type { Scene } from '@/lib/api/cameras.ts';
import { PlanSheet, ZoneEdges, ZoneNames } from './heat-backdrop.tsx';
import { HeatCanvas } from './heat-canvas.tsx';
import { extentOf, heatWords, type Place, valueAt, zoneHeat } from './heat-frames.ts';
import type { HeatMap, HeatPeriod } from './heat-queries.ts';
import { type HeatScale, themeOf } from './heat-scale.ts';

type HeatPictureProps = {
  map: HeatMap;
  period: HeatPeriod;
  scale: HeatScale;
  drawing: Scene | null;
  /** A still of the camera; null: none. */
  still: string | null;
  label: string;
};

const LISTED = 3;

/** Heat over the floor plan or a camera's still, with the value under the pointer. */
export function HeatPicture({ map, period, scale, drawing, still, label }: HeatPictureProps) {
  const [at, setAt] = useState<Place | null>(null);
  const plan = map.camera_id === null;
  const extent = useMemo(() => extentOf(map, drawing), [map, drawing]);
  const zones = useMemo(
    () => (drawing ? zoneHeat(map, period, extent, drawing).filter(({ value }) => value > 0) : []),
    [map, period, extent, drawing],
  );
  const value = at && valueAt(map, period, extent, at);
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt({ x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
  };
  const aspect = plan ? extent.columns / extent.rows : drawing ? drawing.image.w / drawing.image.h : 16 / 9;
  return (
    <div>
      <div
        role="img"
        aria-label={label}
        data-theme={themeOf(map)}
        className="relative mx-auto max-h-[560px] touch-pan-y overflow-hidden rounded-lg border border-line bg-sunken"
        style={{ aspectRatio: aspect, maxWidth: 560 * aspect }}
        onPointerMove={follow}
        onPointerDown={follow}
        onPointerLeave={() => setAt(null)}
      >
        {plan ? (
          <PlanSheet drawing={drawing} />
        ) : (
          still && (
            <img src={still} alt="" className="absolute inset-0 size-full object-fill brightness-75 grayscale" />
          )
        )}
        <HeatCanvas map={map} period={period} scale={scale} extent={extent} />
        <ZoneEdges drawing={drawing} />
        <ZoneNames drawing={drawing} />
        {at && value !== null && <ValueTip at={at} text={heatWords(map, value)} />}
      </div>
      {zones.length > 0 && (
        <p className="mt-3 text-[13px] leading-5 text-quiet">
          <span className="font-medium text-ink">Most time: </span>
          {zones
            .slice(0, LISTED)
            .map((zone) => `${zone.name}: ${heatWords(map, zone.value)}`)
            .join(' · ')}
        </p>
      )}
    </div>
  );
}

function ValueTip({ at, text }: { at: Place; text: string }) {
  return (
    <div
      className="pointer-events-none absolute z-10 rounded-md border border-line bg-card px-2 py-1 text-xs font-medium whitespace-nowrap text-ink shadow-raised tabular-nums"
      style={{
        left: `${at.x * 100}%`,
        top: `${at.y * 100}%`,
        transform: `translate(${at.x > 0.6 ? 'calc(-100% - 10px)' : '10px'}, ${at.y > 0.2 ? 'calc(-100% - 6px)' : '12px'})`,
      }}
    >
      {text}
    </div>
  );
}
