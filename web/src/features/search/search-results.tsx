/* SPDX-License-Identifier: Apache-2.0 */
import { type KeyboardEvent, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { Icon, type IconName } from '@/components/icon.tsx';
import { useCameras } from '@/lib/api/cameras.ts';
import { useLiveKpis } from '@/lib/api/live-kpis.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore, useStores } from '@/lib/api/stores.ts';
import { type Findable, find, receiptNamed } from './find.ts';

const ICONS: Record<Findable['type'], IconName> = {
  store: 'store',
  camera: 'camera',
  zone: 'zone',
  line: 'line',
  receipt: 'receipt',
};

export function SearchResults({ onDone }: { onDone: () => void }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [, go] = useLocation();
  const list = useId();
  const { id } = useStore();
  const mayReceipts = useMay('sales.read');
  const found = [...find(useFindables(), text), ...(mayReceipts ? receiptNamed(text, id) : [])];
  const current = Math.min(active, found.length - 1);

  const open = (item: Findable | undefined) => {
    if (!item) return;
    go(item.href);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) setActive((current + step + found.length) % found.length);
    else if (event.key === 'Enter') open(found[current]);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found[current] ? `${list}-${current}` : undefined}
        aria-label="Search stores, cameras and zones"
        placeholder="Name of a store, camera, zone or line"
        value={text}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        className="h-11 w-full rounded-lg border border-line-strong bg-card px-3 placeholder:text-faint"
      />
      <ul id={list} role="listbox" aria-label="Results" className="mt-3 max-h-80 min-h-24 overflow-y-auto">
        {found.map((item, i) => (
          <li
            key={`${item.type}/${item.href}/${item.name}`}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === current}
            onClick={() => open(item)}
            onPointerMove={() => setActive(i)}
            className="flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2.5 aria-selected:bg-sunken"
          >
            <Icon name={ICONS[item.type]} className="size-5 text-quiet" />
            <span className="min-w-0 flex-1 truncate font-medium">{item.name}</span>
            <span className="text-xs text-quiet">{item.hint}</span>
          </li>
        ))}
        {found.length === 0 && <li className="px-3 py-6 text-center text-[13px] text-quiet">Nothing has this name.</li>}
      </ul>
    </>
  );
}

function useFindables(): Findable[] {
  const store = useStore();
  const stores = useStores().data ?? [];
  const cameras = useCameras(store.id).data ?? [];
  const live = useLiveKpis(store.id).data;
  return [
    ...cameras.map((c): Findable => ({
      type: 'camera',
      name: c.name,
      hint: `Camera #${c.number}`,
      href: `/stores/${store.id}/cameras?camera=${c.id}`,
    })),
    ...(live?.zones ?? []).map((z): Findable => ({
      type: 'zone',
      name: z.name,
      hint: 'Zone',
      href: `/stores/${store.id}/events?kind=zone.visit&camera=${z.camera_ids[0] ?? ''}`,
    })),
    ...(live?.lines ?? []).map((l): Findable => ({
      type: 'line',
      name: l.name,
      hint: 'Line',
      href: `/stores/${store.id}/events?kind=line.crossed&camera=${l.camera_id}`,
    })),
    ...stores.map((s): Findable => ({ type: 'store', name: s.name, hint: 'Store', href: `/stores/${s.id}/overview` })),
  ];
}
