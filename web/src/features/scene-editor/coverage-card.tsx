/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Badge } from '@/components/badge.tsx';
import { Card } from '@/components/card.tsx';
import { SwitchField } from '@/components/switch-field.tsx';
import { formatShare } from '@/lib/format/number.ts';
import { gradeOf, GRADE_WORDS, lengthText } from './calibration.ts';
import type { FloorPlan } from './plan-queries.ts';

export type Layers = { views: boolean; blind: boolean };

type CoverageCardProps = {
  store: string;
  floor: FloorPlan;
  readOnly: boolean;
  layers: Layers;
  onLayers: (layers: Layers) => void;
  /** Camera whose view stands out. */
  camera: string | null;
  onCamera: (camera: string | null) => void;
};

/** What the cameras see of the plan. */
export function CoverageCard({ store, floor, readOnly, layers, onLayers, camera, onCamera }: CoverageCardProps) {
  const { coverage, cameras } = floor;
  return (
    <Card title="Cameras on the plan" hint={`${cameras.length - floor.uncalibrated} of ${cameras.length} calibrated`}>
      {coverage && (
        <dl className="mb-4 grid grid-cols-2 gap-x-4 gap-y-1 text-[13px]">
          <dt className="text-quiet">Seen</dt>
          <dd className="text-right font-medium tabular-nums">
            {coverage.blind_share === null ? 'n/a' : formatShare(1 - coverage.blind_share)} of{' '}
            {Math.round(coverage.floor_m2)} m²
          </dd>
          <dt className="text-quiet">Blind spots</dt>
          <dd className="text-right font-medium tabular-nums">
            {Math.round(coverage.blind_m2)} m²
            {coverage.blind_spots.length > 0 && `, ${coverage.blind_spots.length} ${coverage.blind_spots.length === 1 ? 'place' : 'places'}`}
          </dd>
          <dt className="text-quiet">Seen by two or more</dt>
          <dd className="text-right font-medium tabular-nums">{Math.round(seenByTwo(coverage))} m²</dd>
        </dl>
      )}
      {coverage && !coverage.obstacles_known && (
        <p className="mb-4 text-xs leading-4 text-quiet">
          Shelves and pillars are not drawn on this plan, so the store has more blind spots than are shown.
        </p>
      )}
      <div className="mb-4 flex flex-wrap gap-x-5 gap-y-2">
        <SwitchField label="Views" checked={layers.views} onChange={(views) => onLayers({ ...layers, views })} />
        <SwitchField label="Blind spots" checked={layers.blind} onChange={(blind) => onLayers({ ...layers, blind })} />
      </div>
      <ul className="-mx-2 space-y-0.5">
        {cameras.map((c) => (
          <li key={c.camera_id} className="flex items-start gap-2 rounded-lg px-2 py-2 hover:bg-sunken">
            <button
              type="button"
              aria-pressed={camera === c.camera_id}
              className="min-w-0 flex-1 text-left"
              onClick={() => onCamera(camera === c.camera_id ? null : c.camera_id)}
            >
              <span className="block truncate text-[13px] font-medium">
                {c.number}. {c.name}
              </span>
              <span className="block text-xs leading-4 text-quiet">{c.problem ?? aboutCamera(c)}</span>
            </button>
            {c.error && <Badge tone={gradeOf(c.error) === 'poor' ? 'danger' : 'neutral'}>{errorText(c.error)}</Badge>}
            <Link
              href={`/stores/${store}/settings/cameras/${c.camera_id}?calibrate`}
              className="shrink-0 rounded-md px-2 py-1 text-[13px] font-medium text-primary-ink hover:underline"
              aria-label={readOnly || c.calibrated ? `${readOnly ? 'Look at' : 'Edit'} the calibration of ${c.name}` : `Calibrate ${c.name}`}
            >
              {readOnly ? 'Look' : c.calibrated ? 'Edit' : 'Calibrate'}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function seenByTwo({ cells, cell_m }: NonNullable<FloorPlan['coverage']>): number {
  return cells.join('').replace(/[^2-9]/g, '').length * cell_m * cell_m;
}

function aboutCamera({ seen_m2, pose }: FloorPlan['cameras'][number]): string {
  const seen = seen_m2 === null ? '' : `sees ${Math.round(seen_m2)} m²`;
  return [seen, pose && `${pose.height_m.toFixed(1)} m up`].filter(Boolean).join(', ');
}

function errorText(error: NonNullable<FloorPlan['cameras'][number]['error']>): string {
  return error.rms_m === null ? GRADE_WORDS.untold.label : `± ${lengthText(error.rms_m)}`;
}
