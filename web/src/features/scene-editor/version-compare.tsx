/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Badge, type Tone } from '@/components/badge.tsx';
import { ErrorNote, Skeleton } from '@/components/data-state.tsx';
import { SelectField } from '@/components/field.tsx';
import { type Scene, snapshotPath } from '@/lib/api/cameras.ts';
import type { Schemas } from '@/lib/api/client.ts';
import { PlanPaper } from './plan-paper.tsx';
import { type Change, differences, type Outline, outlines } from './scene-diff.ts';
import { useSceneVersion } from './scene-queries.ts';

type VersionCompareProps = {
  store: string;
  camera: string;
  versions: readonly Schemas['SceneVersion'][];
  from: number;
  to: number;
};

/** Two versions over each other, and what differs by name. */
export function VersionCompare({ store, camera, versions, ...start }: VersionCompareProps) {
  const [from, setFrom] = useState(start.from);
  const [to, setTo] = useState(start.to);
  const before = useSceneVersion(store, camera, from);
  const after = useSceneVersion(store, camera, to);
  const options = versions.map((v) => ({ value: String(v.version), label: `Version ${v.version}` }));
  const failed = before.error ? before : after.error ? after : null;
  return (
    <div>
      <div className="mb-4 grid grid-cols-2 gap-3">
        <SelectField
          label="Before (dashed)"
          value={String(from)}
          options={options}
          onChange={(v) => setFrom(Number(v))}
        />
        <SelectField label="After" value={String(to)} options={options} onChange={(v) => setTo(Number(v))} />
      </div>
      {failed ? (
        <ErrorNote what="these versions" error={failed.error} retry={failed.refetch} />
      ) : before.data && after.data ? (
        <>
          <Overlay {...{ store, camera }} before={before.data} after={after.data} />
          <DifferenceList before={before.data} after={after.data} />
        </>
      ) : (
        <Skeleton className="h-64 w-full" />
      )}
    </div>
  );
}

const TONES: Record<Change, Tone> = { added: 'success', removed: 'danger', moved: 'warning', changed: 'neutral' };
const COLORS: Record<Change, string> = {
  added: 'var(--success)',
  removed: 'var(--danger)',
  moved: 'var(--warning)',
  changed: 'var(--warning)',
};

function Overlay({ store, camera, before, after }: { store: string; camera: string; before: Scene; after: Scene }) {
  const { w, h } = after.image.w > 0 ? after.image : { w: 4, h: 3 };
  return (
    <div
      className="relative mb-4 w-full overflow-hidden rounded-lg border border-line bg-black"
      style={{ aspectRatio: `${w} / ${h}` }}
    >
      {after.plan ? (
        <PlanPaper store={store} plan={after.plan} />
      ) : (
        <img
          src={snapshotPath(store, camera, 640)}
          alt="Still of this camera"
          className="absolute inset-0 size-full opacity-60"
          onError={(event) => (event.currentTarget.style.visibility = 'hidden')}
        />
      )}
      <svg
        className="absolute inset-0 size-full"
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        role="img"
        aria-label="Both versions over each other"
      >
        {outlines(before, after, 'before').map((o) => (
          <OutlinePath key={`b:${o.key}`} outline={o} dashed />
        ))}
        {outlines(after, before, 'after').map((o) => (
          <OutlinePath key={`a:${o.key}`} outline={o} />
        ))}
      </svg>
    </div>
  );
}

/** What did not change is drawn once, faintly. */
function OutlinePath({ outline, dashed }: { outline: Outline; dashed?: boolean }) {
  if (dashed && outline.change === null) return null;
  return (
    <path
      d={`M${outline.points.map(([x, y]) => `${x} ${y}`).join('L')}${outline.open ? '' : 'Z'}`}
      fill="none"
      stroke={outline.change ? COLORS[outline.change] : 'var(--faint)'}
      strokeWidth={outline.change ? 2.5 : 1.25}
      strokeDasharray={dashed ? '7 5' : undefined}
      vectorEffect="non-scaling-stroke"
    />
  );
}

function DifferenceList({ before, after }: { before: Scene; after: Scene }) {
  const found = differences(before, after);
  if (found.length === 0) return <p className="text-[13px] text-quiet">Nothing differs.</p>;
  return (
    <ul className="divide-y divide-line">
      {found.map((d, i) => (
        <li key={i} className="flex items-baseline gap-3 py-2 text-[13px]">
          <Badge tone={TONES[d.change]}>{d.change}</Badge>
          <span className="min-w-0">
            <span className="font-medium">
              {d.what && `${d.what} `}
              {d.name}
            </span>
            {d.detail && <span className="block text-quiet">{d.detail}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
