/* SPDX-License-Identifier: Apache-2.0 */
import { useQueries } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { playlistPath, recordingsQuery } from './recording-queries.ts';
import { hourOf } from './play-clock.ts';
import type { Recorded, Span } from './timeline-scale.ts';

const NONE: readonly Recorded[] = [];

/** What was recorded of each of these cameras on the day, in their order; and whether that is known. */
export function useLanes(store: string, cameras: readonly string[], day: Span, grows: boolean) {
  return useQueries({
    queries: cameras.map((camera) => recordingsQuery(store, camera, day, grows)),
    combine: (all) => ({ recorded: all.map(({ data }) => data ?? NONE), loaded: all.every(({ data }) => data !== undefined), failed: all.some(({ isError }) => isError) }),
  });
}

/** Playlists are asked for again no oftener, when what is recorded now is played. */
const AGAIN_MS = 5000;
/** The newest pictures are in no playlist yet. */
const BEHIND_MS = 12_000;

/** Where the playlists are that the clock needs: those of its hour, again when more was recorded since. */
export function usePlaylists(store: string, at: number, ended: boolean): (camera: string) => string {
  const { from, to } = hourOf(at);
  const [asked, setAsked] = useState(() => Date.now());
  const short = asked < to && (ended || at > asked - BEHIND_MS);
  useEffect(() => {
    if (!short) return;
    const timer = setTimeout(() => setAsked(Date.now()), Math.max(0, asked + AGAIN_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [short, asked]);
  return useMemo(() => {
    const span = { from, to: Math.min(to, Math.max(asked, from + 1000)) };
    return (camera: string) => playlistPath(store, camera, span);
  }, [store, from, to, asked]);
}
