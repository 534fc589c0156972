/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useRef } from 'react';
import { type Camera, livePath, type StreamName } from '@/lib/api/cameras.ts';
import { layersOf, type StreamStates } from './live-streams.ts';
import { type LiveVideo, useLiveVideo } from './use-live-video.ts';

type LayersProps = {
  store: string;
  camera: Camera;
  /** The stream that is wanted, where the camera has two. */
  wanted: StreamName;
  running: boolean;
  states: StreamStates;
  onState: (stream: StreamName, live: LiveVideo) => void;
  /** A new picture is on screen; when it was taken. */
  onShown: (ts: number | null) => void;
};

/** The video of the stream that is wanted. While it does not play yet, or can't, the other one stays. */
export function LiveLayers({ store, camera, wanted, running, states, onState, onShown }: LayersProps) {
  const { mounted, shown } = layersOf(camera, wanted, states);
  return mounted.map((stream) => (
    <LiveLayer
      key={stream}
      path={livePath(store, camera.id, stream)}
      msePath={livePath(store, camera.id, stream, 'mse')}
      label={`Live video of ${camera.name}`}
      running={running}
      visible={stream === shown}
      onState={(live) => onState(stream, live)}
      onShown={(ts) => (shown === null || shown === stream) && onShown(ts)}
    />
  ));
}

type LayerProps = {
  path: string;
  msePath: string;
  label: string;
  running: boolean;
  visible: boolean;
  onState: (live: LiveVideo) => void;
  onShown: (ts: number | null) => void;
};

function LiveLayer({ path, msePath, label, running, visible, onState, onShown }: LayerProps) {
  const video = useRef<HTMLVideoElement>(null);
  const live = useLiveVideo({ path, msePath, running, video, onShown });
  const told = useRef(onState);
  useEffect(() => {
    told.current = onState;
  });
  useEffect(() => told.current(live), [live]);
  useEffect(() => () => told.current({ state: 'off', reason: null }), []);
  return (
    <video
      ref={video}
      aria-label={label}
      muted
      playsInline
      disablePictureInPicture
      className={`absolute inset-0 size-full object-fill ${visible ? '' : 'opacity-0'}`}
    />
  );
}
