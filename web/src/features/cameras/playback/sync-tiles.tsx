/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { SyncTile } from './sync-tile.tsx';
import type { SyncedPlayback, SyncedState } from './synced-playback.ts';

type SyncTilesProps = {
  synced: SyncedPlayback;
  states: SyncedState['tiles'];
  /** In their order. `gap`: what is told in a gap. */
  cameras: readonly { id: string; name: string; path: string; gap: string }[];
  onRemove: (camera: string) => void;
  onRefused: (reason: string) => void;
};

/** The pictures of the cameras, one of them larger on demand. */
export function SyncTiles({ synced, states, cameras, onRemove, onRefused }: SyncTilesProps) {
  const [large, setLarge] = useState<string | null>(null);
  const alone = cameras.length === 1;
  const main = !alone && cameras.some(({ id }) => id === large) ? large : null;
  return (
    <div className={`grid gap-2 ${main ? 'grid-cols-3 sm:grid-cols-4' : columnsFor(cameras.length)}`}>
      {cameras.map(({ id, name, path, gap }) => (
        <div key={id} className={id === main || alone ? LARGE : ''}>
          <SyncTile
            {...{ synced, camera: id, name, path, gap, onRefused }}
            state={states[id] ?? 'loading'}
            large={alone ? undefined : id === main}
            onLarge={() => setLarge(id === main ? null : id)}
            onRemove={() => onRemove(id)}
          />
        </div>
      ))}
    </div>
  );
}

/** As wide as leaves what one plays with in sight. */
const LARGE = 'order-first col-span-full mx-auto w-full max-w-[calc(62vh*16/9)]';

function columnsFor(cameras: number): string {
  if (cameras === 1) return 'grid-cols-1';
  if (cameras === 2) return 'grid-cols-1 sm:grid-cols-2';
  return cameras <= 4 ? 'grid-cols-2' : 'grid-cols-2 lg:grid-cols-3';
}
