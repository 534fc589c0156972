/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import type { Camera } from '@/lib/api/cameras.ts';
import { useNow } from '@/lib/use-now.ts';
import { AcceptView } from './accept-view.tsx';
import { Button } from '@/components/button.tsx';
import { useMay } from '@/lib/api/session.ts';
import { CameraDialog } from './camera-dialog.tsx';
import { useState } from 'react';
import { CameraStreams } from './camera-streams.tsx';
import { PrivacyNote } from './privacy-note.tsx';
import { cameraReason, CameraStateBadge } from './camera-state.tsx';
import { type Fact, HEALTH_COLUMNS, HEALTH_FACTS } from './health-columns.ts';

type HealthTableProps = {
  store: string;
  /** Cameras may be added, changed and removed: not in a simulated store. */
  editable?: boolean;
  query: DataQuery<readonly Camera[]>;
  stale?: boolean;
  editHref: (camera: Camera) => string;
};

export function HealthTable({ store, editable, query, stale, editHref }: HealthTableProps) {
  const now = useNow(1000);
  const may = useMay('cameras.write') && editable === true;
  const [open, setOpen] = useState<Camera | 'new' | null>(null);
  const onEdit = may ? setOpen : undefined;
  return (
    <Card
      title="Health"
      hint="What each camera delivers, and what was left out"
      flush
      actions={
        may && (
          <Button size="sm" variant="primary" icon="plus" onClick={() => setOpen('new')}>
            Add camera
          </Button>
        )
      }
    >
      <DataState
        query={query}
        what="camera health"
        stale={stale}
        loading={<Skeleton className="mx-6 mb-6 h-48" />}
        isEmpty={(cameras) => cameras.length === 0}
        empty={{
          icon: 'camera',
          title: 'No camera yet',
          text: may ? 'Add the first one: its address is all it takes.' : 'Cameras appear here with their health.',
        }}
      >
        {(cameras) => (
          <>
            <WideTable {...{ store, now, cameras, editHref, onEdit }} />
            <NarrowList {...{ store, now, cameras, editHref, onEdit }} />
          </>
        )}
      </DataState>
      {open && (
        <CameraDialog
          store={store}
          camera={open === 'new' ? null : open}
          cameras={query.data ?? []}
          onClose={() => setOpen(null)}
        />
      )}
    </Card>
  );
}

type ListProps = {
  store: string;
  cameras: readonly Camera[];
  now: number;
  editHref: (camera: Camera) => string;
  onEdit?: (camera: Camera) => void;
};

const HEAD = 'px-3 py-2 text-xs font-medium text-quiet whitespace-nowrap';

function WideTable({ store, cameras, now, editHref, onEdit }: ListProps) {
  return (
    <div className="hidden overflow-x-auto border-t border-line lg:block">
      <table className="w-full">
        <thead className="bg-page/60">
          <tr>
            <th scope="col" className={`${HEAD} pl-6! text-left`}>
              Camera
            </th>
            <th scope="col" className={`${HEAD} text-left`}>
              State
            </th>
            {HEALTH_COLUMNS.map(([first, second]) => (
              <th key={first.head} scope="col" className={`${HEAD} text-right align-top`}>
                <span title={first.title}>{first.head}</span>
                {second && (
                  <span title={second.title} className="block font-normal">
                    {second.head}
                  </span>
                )}
              </th>
            ))}
            <th scope="col" className={HEAD}>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {cameras.map((camera) => (
            <tr key={camera.id} data-health={camera.id} className="hover:bg-page/60">
              <th scope="row" className="py-3 pr-3 pl-6 text-left">
                <CameraName camera={camera} />
              </th>
              <td className="px-3 py-3">
                <CameraStateBadge camera={camera} />
                <Why camera={camera} className="mt-1 max-w-64 text-xs text-quiet" />
                <CameraStreams camera={camera} />
                <PrivacyNote camera={camera} />
                <AcceptView store={store} camera={camera} />
              </td>
              {HEALTH_COLUMNS.map(([first, second]) => (
                <td key={first.head} className="px-3 py-3 text-right whitespace-nowrap tabular-nums">
                  {first.cell(camera, now)}
                  {second && <Second fact={second} {...{ camera, now }} />}
                </td>
              ))}
              <td className="py-3 pr-6 pl-3 text-right">
                <EditLink href={editHref(camera)} name={camera.name} />
                <SettingsButton camera={camera} onEdit={onEdit} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Second({ fact, camera, now }: { fact: Fact; camera: Camera; now: number }) {
  return (
    <span title={fact.title} className="block text-xs text-quiet">
      <span className="sr-only">{fact.head} </span>
      {fact.cell(camera, now)}
    </span>
  );
}

function NarrowList({ store, cameras, now, editHref, onEdit }: ListProps) {
  return (
    <ul className="divide-y divide-line border-t border-line lg:hidden">
      {cameras.map((camera) => (
        <li key={camera.id} className="space-y-3 px-4 py-4 sm:px-6">
          <div className="flex items-start justify-between gap-3">
            <CameraName camera={camera} />
            <CameraStateBadge camera={camera} />
          </div>
          <Why camera={camera} className="text-[13px] text-quiet" />
          <CameraStreams camera={camera} />
          <PrivacyNote camera={camera} />
          <AcceptView store={store} camera={camera} />
          <dl className="grid grid-cols-2 gap-x-6 gap-y-1.5 text-[13px] sm:grid-cols-4">
            {HEALTH_FACTS.map(({ head, cell }) => (
              <div key={head} className="flex justify-between gap-2 first:col-span-2 sm:block sm:first:col-span-1">
                <dt className="text-quiet">{head}</dt>
                <dd className="tabular-nums">{cell(camera, now)}</dd>
              </div>
            ))}
          </dl>
          <div className="flex flex-wrap gap-x-5 gap-y-1">
            <EditLink href={editHref(camera)} name={camera.name} />
            <SettingsButton camera={camera} onEdit={onEdit} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Why({ camera, className }: { camera: Camera; className: string }) {
  const why = cameraReason(camera);
  return why ? <p className={className}>{why}</p> : null;
}

function CameraName({ camera }: { camera: Camera }) {
  return (
    <div className="min-w-0">
      <p className="truncate font-medium">{camera.name}</p>
      <p className="text-xs font-normal whitespace-nowrap text-quiet">
        #{camera.number} · {camera.role}
      </p>
    </div>
  );
}

function SettingsButton({ camera, onEdit }: { camera: Camera; onEdit?: (camera: Camera) => void }) {
  if (!onEdit) return null;
  return (
    <button
      type="button"
      className="cursor-pointer text-[13px] font-medium whitespace-nowrap text-primary-ink hover:underline lg:mt-1 lg:ml-auto lg:block"
      onClick={() => onEdit(camera)}
    >
      Settings<span className="sr-only"> of {camera.name}</span>
    </button>
  );
}

function EditLink({ href, name }: { href: string; name: string }) {
  return (
    <Link href={href} className="text-[13px] font-medium whitespace-nowrap text-primary-ink hover:underline">
      Zones and lines<span className="sr-only"> of {name}</span>
    </Link>
  );
}
