/* SPDX-License-Identifier: Apache-2.0 */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type OpenRecording, openRecording } from './hls-recording.ts';
import { playerTime, recordedTime } from './playlist-clock.ts';

/* The recordings of one camera. Times are those at which the pictures were taken. */

export type Playback = {
  /** `refused`: who asks may not see recordings. */
  state: 'loading' | 'ready' | 'failed' | 'refused';
  /** For people; null when nothing is wrong. */
  reason: string | null;
  /** When what is shown was recorded; null before anything is. */
  at: number | null;
  paused: boolean;
  /** `at` of this very moment: while it plays `at` is told a few times a second only. */
  shown: () => number | null;
  /** Shows this instant, or in a gap what follows. False: it is beyond what was loaded. */
  seek: (at: number) => boolean;
  toggle: () => void;
  /** By so many pictures, paused. */
  step: (by: number) => void;
};

type Options = { video: RefObject<HTMLVideoElement | null>; path: string | null; from: number; speed: number; fps: number };

/** Plays the playlist at `path` from `from` on. */
export function usePlayback({ video, path, from, speed, fps }: Options): Playback {
  const opened = useRef<OpenRecording | null>(null);
  const pieces = () => opened.current?.pieces() ?? [];
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
    setState('loading');
    setReason(null);
    const recording = openRecording(element, path, {
      start: () => start.current,
      onReady: () => setState('ready'),
      onFailed: ({ kind, words }) => {
        setState(kind === 'refused' ? 'refused' : 'failed');
        setReason(words);
      },
    });
    opened.current = recording;
    return () => {
      opened.current = null;
      recording.close();
    };
  }, [path, video]);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const told = () => {
      const shown = recordedTime(pieces(), element.currentTime);
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
    shown: () => (video.current && at !== null ? recordedTime(pieces(), video.current.currentTime) : null),
    seek: (wanted) => {
      const time = playerTime(pieces(), wanted);
      if (time === null || !video.current) return false;
      video.current.currentTime = time;
      setAt(recordedTime(pieces(), time));
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
