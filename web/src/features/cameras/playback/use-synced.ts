/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { SyncedPlayback, type SyncedState } from './synced-playback.ts';

const TICK_MS = 40;

/** Players on one clock that begins, paused, at this instant; they are kept in step while it is on the page. */
export function useSynced(start: number): [SyncedPlayback, SyncedState] {
  const [synced] = useState(() => new SyncedPlayback(start));
  const state = useSyncExternalStore(synced.subscribe, synced.snapshot);
  useEffect(() => {
    const timer = setInterval(() => synced.tick(), TICK_MS);
    return () => clearInterval(timer);
  }, [synced]);
  return [synced, state];
}
