/* SPDX-License-Identifier: Apache-2.0 */
import type Hls from 'hls.js';
import { problemText, toProblem } from '@/lib/api/problem.ts';
import { type Piece, playerTime } from './playlist-clock.ts';

/* A playlist of recordings in a video element, by hls.js. */

/** `none`: nothing was recorded in the span; `refused`: not for who asks; the words are for people. */
export type Failure = { kind: 'none' | 'refused' | 'unplayable' | 'unreadable'; words: string };

export type OpenRecording = {
  /** What is in the playlist; empty before it came. Moves a little as files are read: ask each time. */
  pieces: () => readonly Piece[];
  close: () => void;
};

type Options = {
  /** The instant to begin with, asked for when the playlist has come; in a gap, what follows is shown. */
  start: () => number;
  onReady: () => void;
  onFailed: (failure: Failure) => void;
};

const NONE: Failure = { kind: 'none', words: 'Nothing was recorded here.' };
const UNSUPPORTED: Failure = { kind: 'unplayable', words: 'This browser cannot play recordings.' };
const CODEC: Failure = { kind: 'unplayable', words: 'This browser does not play the camera’s codec.' };
const UNREADABLE: Failure = { kind: 'unreadable', words: 'The recording could not be read.' };
const NO_PLAYER: Failure = { kind: 'unreadable', words: 'The player could not be loaded.' };

/** Until `close`, the element is ours: it gets a source and, once, its position. */
export function openRecording(element: HTMLVideoElement, path: string, { start, onReady, onFailed }: Options): OpenRecording {
  let hls: Hls | null = null;
  let over = false;
  let begun = false;
  let pieces: readonly Piece[] | null = null;
  let read = (): readonly Piece[] => [];

  const open = async () => {
    const { default: Player } = await import('hls.js');
    if (over) return;
    if (!Player.isSupported()) return onFailed(UNSUPPORTED);
    const player = new Player({ autoStartLoad: false, maxBufferLength: 20, backBufferLength: 30 });
    hls = player;
    /* As fragments are read their true lengths move all that follow. */
    player.on(Player.Events.LEVEL_PTS_UPDATED, () => (pieces = null));
    player.on(Player.Events.LEVEL_LOADED, (_, { details }) => {
      pieces = null;
      read = () => details.fragments.map((f) => ({ start: f.start, recorded: f.programDateTime ?? 0, duration: f.duration }));
      if (begun) return;
      begun = true;
      const all = read();
      /* The player goes there itself once the element has its source. */
      player.startLoad(playerTime(all, start()) ?? all.at(-1)?.start ?? 0);
      onReady();
    });
    player.on(Player.Events.ERROR, (_, { fatal, details, response, networkDetails }) => {
      if (!fatal) return;
      if (response?.code === 403) return onFailed({ kind: 'refused', words: refusal(networkDetails) });
      if (response?.code === 404) return onFailed(NONE);
      onFailed(details.includes('Codec') || details.includes('bufferAdd') ? CODEC : UNREADABLE);
    });
    player.loadSource(path);
    player.attachMedia(element);
  };
  open().catch(() => !over && onFailed(NO_PLAYER));

  return {
    pieces: () => (pieces ??= read()),
    close: () => {
      over = true;
      hls?.destroy();
    },
  };
}

/** What the server said; hls.js hands its request on. */
function refusal(request: unknown): string {
  try {
    return problemText(toProblem(403, JSON.parse((request as XMLHttpRequest).responseText)));
  } catch {
    return 'Your role may not see them. Ask an administrator.';
  }
}
