/* SPDX-License-Identifier: Apache-2.0 */
import type Hls from 'hls.js';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Piece, playerTime, recordedTime } from './playlist-clock.ts';

/* Recordings in a video element, by hls.js. Times are those at which the pictures were taken. */

export type Playback = {
  state: 'loading' | 'ready' | 'failed';
  /** For people; null when nothing is wrong. */
  reason: string | null;
  /** When what is shown was recorded; null before anything is. */
  at: number | null;
  paused: boolean;
  /** Shows this instant, or in a gap what follows. False: it is beyond what was loaded. */
  seek: (at: number) => boolean;
  toggle: () => void;
  /** By so many pictures, paused. */
  step: (by: number) => void;
};

type Options = { video: RefObject<HTMLVideoElement | null>; path: string | null; from: number; speed: number; fps: number };

/** Plays the playlist at `path` from `from` on. */
export function usePlayback({ video, path, from, speed, fps }: Options): Playback {
  const pieces = useRef<Piece[]>([]);
  const start = useRef(from);
  const [state, setState] = useState<Playback['state']>('loading');
  const [reason, setReason] = useState<string | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const [paused, setPaused] = useState(true);
  useEffect(() => {
    start.current = from;
  });

  useEffect(() => {
    const element = video.current;
    if (!path || !element) return;
    let hls: Hls | null = null;
    let over = false;
    setState('loading');
    setReason(null);
    pieces.current = [];
    const fail = (why: string) => {
      setState('failed');
      setReason(why);
    };
    const open = async () => {
      const { default: Player } = await import('hls.js');
      if (over) return;
      if (!Player.isSupported()) return fail('This browser cannot play recordings.');
      hls = new Player({ autoStartLoad: false, maxBufferLength: 20, backBufferLength: 30 });
      hls.on(Player.Events.LEVEL_LOADED, (_, { details }) => {
        pieces.current = details.fragments.map((f) => ({ start: f.start, recorded: f.programDateTime ?? 0, duration: f.duration }));
        setState('ready');
      });
      hls.on(Player.Events.MANIFEST_PARSED, () => hls?.startLoad(0));
      hls.on(Player.Events.LEVEL_LOADED, () => {
        const time = playerTime(pieces.current, start.current);
        if (time !== null) element.currentTime = time;
      });
      hls.on(Player.Events.ERROR, (_, { fatal, details, response }) => {
        if (!fatal) return;
        if (response?.code === 404) return fail('Nothing was recorded here.');
        fail(details.includes('Codec') || details.includes('bufferAdd') ? 'This browser does not play the camera’s codec.' : 'The recording could not be read.');
      });
      hls.loadSource(path);
      hls.attachMedia(element);
    };
    open().catch(() => !over && fail('The player could not be loaded.'));
    return () => {
      over = true;
      hls?.destroy();
    };
  }, [path, video]);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const told = () => {
      const shown = recordedTime(pieces.current, element.currentTime);
      if (shown !== null) setAt(shown);
      setPaused(element.paused);
    };
    const events = ['timeupdate', 'seeked', 'play', 'pause', 'loadeddata'] as const;
    for (const name of events) element.addEventListener(name, told);
    return () => {
      for (const name of events) element.removeEventListener(name, told);
    };
  }, [path, video]); // with the path the element comes

  useEffect(() => {
    if (video.current) video.current.playbackRate = speed;
  }, [speed, video, state]);

  return {
    ...{ state, reason, at, paused },
    seek: (wanted) => {
      const time = playerTime(pieces.current, wanted);
      if (time === null || !video.current) return false;
      video.current.currentTime = time;
      setAt(recordedTime(pieces.current, time));
      return true;
    },
    toggle: () => {
      const element = video.current;
      if (element?.paused) void element.play().catch(() => {});
      else element?.pause();
    },
    step: (by) => {
      const element = video.current;
      if (!element) return;
      element.pause();
      element.currentTime = Math.max(0, element.currentTime + by / Math.max(1, fps));
    },
  };
}
