/* SPDX-License-Identifier: Apache-2.0 */
import { type CSSProperties, useRef, useState } from 'react';
import { Link } from 'wouter';
import { Dot } from '@/components/badge.tsx';
import { Icon } from '@/components/icon.tsx';
import type { Camera } from '@/lib/api/cameras.ts';
import { useStore } from '@/lib/api/stores.ts';
import { CameraPicture, type PictureOptions } from './camera-picture.tsx';
import { cameraReason, cameraStateText, cameraTone } from './camera-state.tsx';
import { LiveNote } from './live-note.tsx';
import { useFullScreen } from './use-full-screen.ts';
import { NO_VIDEO } from './use-live-video.ts';
import type { SnapshotState } from './use-snapshots.ts';

type CameraTileProps = {
  store: string;
  camera: Camera;
  fps: number;
  width: number;
  show: PictureOptions;
  /** Width over height of the tile; the picture is fitted into it. */
  frame: number;
  href?: string;
};

export function CameraTile({ store, camera, fps, width, show, href, frame }: CameraTileProps) {
  const [state, setState] = useState<SnapshotState>('waiting');
  const [seen, setSeen] = useState<number | null>(null);
  const [live, setLive] = useState(NO_VIDEO);
  const root = useRef<HTMLElement>(null);
  const [full, toggleFull] = useFullScreen(root);
  const people = seen ?? camera.people;
  const { simulated } = useStore();
  const dark = state !== 'running' || camera.state === 'disabled' || camera.state === 'offline';
  return (
    <figure
      ref={root}
      data-camera={camera.id}
      data-picture={state}
      data-live={live.state}
      className="group relative overflow-hidden rounded-lg bg-slate-950 [&:fullscreen]:rounded-none"
      style={{ aspectRatio: frame }}
    >
      <div className="absolute inset-0 grid place-items-center">
        <div className="relative" style={full ? onScreen(camera) : fitted(camera, frame)}>
          <CameraPicture
            store={store}
            camera={camera}
            fps={fps}
            width={width}
            show={show}
            stream={full || !href ? 'main' : 'sub'}
            onState={setState}
            onLive={setLive}
            onPeople={setSeen}
          />
        </div>
      </div>
      {dark && <NoPicture camera={camera} simulated={simulated} />}
      <figcaption className="pointer-events-none absolute inset-x-0 top-0 flex items-center gap-2 bg-gradient-to-b from-black/70 to-transparent px-3 pt-2 pb-6 text-[13px] text-white">
        <Dot tone={cameraTone(camera)} pulse={camera.state === 'online' && state === 'running'} />
        <span className="min-w-0 flex-1 truncate font-medium drop-shadow">
          {href ? (
            <Link href={href} className="pointer-events-auto after:absolute after:inset-0">
              {camera.name}
            </Link>
          ) : (
            camera.name
          )}
        </span>
        {!dark && <LiveNote live={live} long={!href} />}
        <span className="text-xs text-white/80">#{camera.number}</span>
        {toggleFull && (
          <button
            type="button"
            onClick={toggleFull}
            aria-label={full ? 'Leave full screen' : 'Full screen'}
            className={`pointer-events-auto relative z-10 grid place-items-center rounded-md hover:bg-white/15 focus-visible:outline-2 focus-visible:outline-white ${href ? 'size-6' : 'size-8'}`}
          >
            <Icon name={full ? 'close' : 'expand'} />
          </button>
        )}
      </figcaption>
      {!dark && camera.state === 'online' && cameraReason(camera) && (
        <p className="pointer-events-none absolute inset-x-2 bottom-2 rounded-md bg-danger-fill px-2 py-1 text-xs font-medium text-white">
          {cameraStateText(camera)}: {cameraReason(camera)}
        </p>
      )}
      {people !== null && camera.state === 'online' && !dark && !cameraReason(camera) && (
        <span className="pointer-events-none absolute bottom-2 left-2 inline-flex items-center gap-1.5 rounded-md bg-black/60 px-2 py-1 text-xs font-medium text-white tabular-nums backdrop-blur-sm">
          <Icon name="people" className="size-3.5" />
          {people}
          <span className="sr-only">people in view</span>
        </span>
      )}
    </figure>
  );
}

function fitted(camera: Camera, frame: number): CSSProperties {
  const aspect = aspectOf(camera);
  return aspect >= frame ? { width: '100%', aspectRatio: aspect } : { height: '100%', aspectRatio: aspect };
}

function onScreen(camera: Camera): CSSProperties {
  const aspect = aspectOf(camera);
  return { width: `min(100vw, calc(100vh * ${aspect}))`, aspectRatio: aspect };
}

export function aspectOf(camera: Camera | undefined): number {
  return camera?.size ? camera.size.w / camera.size.h : 4 / 3;
}

function NoPicture({ camera, simulated }: { camera: Camera; simulated: boolean }) {
  const live = simulated ? 'Simulated camera' : 'Waiting for a picture…';
  const text = camera.state === 'online' ? live : cameraStateText(camera);
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-1.5 bg-slate-950/90 px-4 text-center text-slate-200">
      <Icon name={camera.state === 'offline' ? 'offline' : 'camera'} className="size-7 text-slate-400" />
      <p className="text-[13px] font-medium">{text}</p>
      {(camera.reason || simulated) && (
        <p className="line-clamp-2 text-xs text-slate-400">{simulated ? 'It counts, and gives no picture' : camera.reason}</p>
      )}
    </div>
  );
}
