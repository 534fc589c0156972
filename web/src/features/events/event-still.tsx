/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { SwitchField } from '@/components/switch-field.tsx';
import { useStore } from '@/lib/api/stores.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import { offMoment, type Snapshot, stillPath } from './event-snapshots.ts';

/** The picture of an event, as it was or with what was seen in it. */
export function EventStill({ snapshot }: { snapshot: Snapshot }) {
  const store = useStore();
  const [boxes, setBoxes] = useState(true);
  const [gone, setGone] = useState(false);
  const path = stillPath(store.id, snapshot, boxes);
  const off = offMoment(snapshot);
  const { w, h } = snapshot.size;
  if (gone)
    return <p className="rounded-lg bg-sunken px-4 py-6 text-center text-[13px] text-quiet">The picture is not there any more.</p>;
  return (
    <figure className="mb-3">
      <a href={path} target="_blank" rel="noreferrer" className="block overflow-hidden rounded-lg bg-sunken">
        <img
          src={path}
          alt={boxes ? 'Picture of the event, with what was seen in it' : 'Picture of the event'}
          style={{ aspectRatio: `${w} / ${h}` }}
          className="w-full object-contain"
          onError={() => setGone(true)}
        />
      </a>
      <figcaption className="mt-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-xs text-quiet">
        <span className="tabular-nums">
          {formatDateTime(snapshot.picture_ts, store.time_zone)}
          {off && `, ${off} the event`}
        </span>
        <SwitchField label="Boxes" checked={boxes} onChange={setBoxes} />
      </figcaption>
    </figure>
  );
}
