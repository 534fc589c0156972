/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '@/components/button.tsx';
import { useSavePicture } from '../clips/use-save-picture.ts';
import { openRecording } from './hls-recording.ts';
import type { SyncedPlayback, TileState } from './synced-playback.ts';

type SyncTileProps = {
  synced: SyncedPlayback;
  camera: string;
  name: string;
  path: string;
  state: TileState;
  /** What is told in a gap. */
  gap: string;
  /** Larger than the others; undefined: it is alone. */
  large: boolean | undefined;
  onLarge: () => void;
  onRemove: () => void;
  /** Recordings are not for who asks: what the server says. The same function each time. */
  onRefused: (reason: string) => void;
};

/** One camera of several: its picture, or why there is none. */
export function SyncTile({ synced, camera, name, path, state, gap, large, onLarge, onRemove, onRefused }: SyncTileProps) {
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const save = useSavePicture(camera);

  useEffect(() => {
    const element = video.current;
    const canvas = still.current;
    if (!element) return;
    setFailure(null);
    const seat = synced.join(camera, element);
    const recording = openRecording(element, path, {
      start: () => synced.at(),
      onReady: () => seat.ready(recording.pieces),
      onFailed: ({ kind, words }) => {
        if (kind === 'none') return seat.ready(() => []);
        if (kind === 'refused') onRefused(words);
        setFailure(kind === 'refused' ? 'Not played for you' : words);
        seat.failed();
      },
    });
    return () => {
      /* The last picture stays until the next recording is there. */
      if (canvas) keepPicture(element, canvas);
      seat.leave();
      recording.close();
    };
  }, [synced, camera, path, onRefused]);

  return (
    <figure
      data-tile={camera}
      data-state={state}
      className="group/tile relative aspect-video overflow-hidden rounded-lg bg-slate-950"
    >
      <video ref={video} muted playsInline className="absolute inset-0 size-full object-contain" />
      <canvas ref={still} hidden={state !== 'loading'} className="absolute inset-0 size-full object-contain" />
      {state === 'gap' && <Note text={gap} />}
      {state === 'failed' && <Note text={failure ?? 'The recording could not be read.'} />}
      <div
        aria-hidden="true"
        className={`pointer-events-none absolute inset-0 grid place-items-center text-white transition-opacity ${state === 'loading' ? 'opacity-100 delay-500' : 'opacity-0'}`}
      >
        <span className="size-7 animate-spin rounded-full border-2 border-current border-r-transparent" />
      </div>
      {large !== undefined && (
        <button
          type="button"
          aria-pressed={large}
          aria-label={`${name} large`}
          title={large ? 'All of one size' : 'Make it large'}
          onClick={onLarge}
          className="absolute inset-0 rounded-lg focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-white"
        />
      )}
      <figcaption className="pointer-events-none absolute inset-x-0 top-0 flex items-center gap-2 bg-gradient-to-b from-black/75 to-transparent py-1 pr-1 pl-3 text-[13px] text-white">
        <span className="min-w-0 flex-1 truncate font-medium drop-shadow">{name}</span>
        {state === 'shown' && (
          <IconButton
            small
            icon="picture"
            label={`Save picture of ${name}`}
            aria-busy={save.isPending || undefined}
            disabled={save.isPending}
            onClick={() => save.mutate(Number(video.current?.dataset.shown ?? synced.at()))}
            className="pointer-events-auto text-white! hover:bg-white/15!"
          />
        )}
        <IconButton
          small
          icon="close"
          label={`Remove ${name}`}
          onClick={onRemove}
          className="pointer-events-auto text-white! hover:bg-white/15!"
        />
      </figcaption>
    </figure>
  );
}

function Note({ text }: { text: string }) {
  return (
    <p className="absolute inset-0 grid place-items-center bg-slate-950 px-4 text-center text-[13px] text-slate-300">{text}</p>
  );
}

function keepPicture(video: HTMLVideoElement, canvas: HTMLCanvasElement): void {
  if (video.videoWidth === 0) return;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
}
