/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useRef, useState } from 'react';
import { AreaGraphic, type AreaPart, LineGraphic, ShapeLabels, ZoneGraphic } from '@/components/scene-shapes.tsx';
import { type Camera, type Scene, snapshotPath, type StreamName, useScene } from '@/lib/api/cameras.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import type { LabelWish } from '@/lib/geometry/labels.ts';
import { normPoint, type PixelPoint, type Size, toPixel } from '@/lib/geometry/points.ts';
import { useTopicMessages } from '@/lib/live/use-topic.ts';
import { useElementSize } from '@/lib/use-element-size.ts';
import { useVisible } from '@/lib/use-visible.ts';
import { paintBoxes } from './box-painter.ts';
import { LiveLayers } from './live-layers.tsx';
import { liveOf, type StreamStates } from './live-streams.ts';
import { readTrackFrame } from './track-frames.ts';
import { keepFrame, matchFrame, type TrackFrame } from './track-match.ts';
import { type LiveVideo } from './use-live-video.ts';
import { type SnapshotState, useSnapshots } from './use-snapshots.ts';

export type PictureOptions = { boxes: boolean; shapes: boolean };

type CameraPictureProps = {
  store: string;
  camera: Camera;
  fps: number;
  width: number;
  show: PictureOptions;
  /** Which stream, where the camera has two. */
  stream: StreamName;
  onState?: (state: SnapshotState) => void;
  onLive?: (live: LiveVideo) => void;
  /** Confirmed people on the picture that is shown; null while no tracks are known for it. */
  onPeople?: (people: number | null) => void;
};

/** The live picture of one camera with the people, zones, lines and lanes on it: video, and still
 *  pictures until it plays or where it can't. */
export function CameraPicture({ store, camera, fps, width, show, stream, onState, onLive, onPeople }: CameraPictureProps) {
  const root = useRef<HTMLDivElement>(null);
  const image = useRef<HTMLImageElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const frames = useRef<TrackFrame[]>([]);
  const shownAt = useRef<number | null>(null);
  const [hasPicture, setHasPicture] = useState(false);
  const { simulated } = useStore();
  const running = useVisible(root) && camera.state !== 'disabled' && !simulated;

  const paint = () => {
    if (!canvas.current) return;
    const frame = show.boxes ? matchFrame(frames.current, shownAt.current) : null;
    const boxes = frame?.boxes ?? [];
    onPeople?.(frame && boxes.filter((box) => box.confirmed).length);
    paintBoxes(canvas.current, boxes);
    canvas.current.dataset.boxes = String(boxes.length);
  };

  const mayWatch = useMay('video.watch');
  const [states, setStates] = useState<StreamStates>({});
  const live = liveOf(camera, stream, states);
  const plays = live.state === 'playing';
  const stills = useSnapshots({
    path: snapshotPath(store, camera.id, width),
    fps,
    running: running && !plays,
    image,
    onShown: (ts) => {
      shownAt.current = ts;
      setHasPicture(true);
      paint();
    },
  });
  const state = plays ? 'running' : stills.state;

  useTopicMessages(running && show.boxes ? `camera/${camera.id}/tracks` : null, (message) => {
    const frame = readTrackFrame(message.data);
    if (!frame) return;
    frames.current = keepFrame(frames.current, frame);
    paint();
  });

  useEffect(paint);
  useEffect(() => onState?.(state), [state, onState]);
  const { state: liveState, reason: liveReason } = live;
  useEffect(() => onLive?.({ state: liveState, reason: liveReason }), [liveState, liveReason, onLive]);

  return (
    <div ref={root} className={`absolute inset-0 transition-opacity ${state === 'failing' ? 'opacity-50' : ''}`}>
      <img
        ref={image}
        alt={`Live picture of ${camera.name}`}
        className={`size-full object-fill ${hasPicture && !plays ? '' : 'invisible'}`}
      />
      <LiveLayers
        store={store}
        camera={camera}
        wanted={stream}
        running={running && mayWatch}
        states={states}
        onState={(which, told) => setStates((old) => ({ ...old, [which]: told }))}
        onShown={(ts) => {
          shownAt.current = ts;
          paint();
        }}
      />
      {show.shapes && <SceneOverlay store={store} camera={camera.id} />}
      <canvas
        ref={canvas}
        aria-hidden="true"
        data-testid="boxes"
        className="pointer-events-none absolute inset-0 size-full"
      />
    </div>
  );
}

function SceneOverlay({ store, camera }: { store: string; camera: string }) {
  const host = useRef<SVGSVGElement>(null);
  const size = useElementSize(host);
  const scene = useScene(store, camera).data;
  return (
    <svg ref={host} aria-hidden="true" className="pointer-events-none absolute inset-0 size-full">
      {scene && size.w > 0 && <SceneShapes scene={scene} size={size} />}
    </svg>
  );
}

type Points = readonly (readonly number[])[];

function areasOf({ queue, service, exit, staff }: NonNullable<Scene['lanes']>[number]): [AreaPart, Points][] {
  const parts: [AreaPart, Points | undefined][] = [
    ['queue', queue?.polygon],
    ['service', service.polygon],
    ['exit', exit?.polygon],
    ['staff', staff?.polygon],
    ['path', queue?.path],
  ];
  return parts.flatMap(([part, points]) => (points ? [[part, points]] : []));
}

function labelsOf({ zones, lanes = [] }: Scene, pixel: (point: readonly number[]) => PixelPoint): LabelWish[] {
  const parents = new Set(zones.map((zone) => zone.parent));
  return [
    ...zones.map(({ id, name, polygon }) => ({
      ...{ key: `zone ${id}`, text: name, points: polygon.map(pixel), rank: parents.has(id) ? 3 : 1 },
    })),
    ...lanes.map(({ id, name, service }) => ({
      ...{ key: `lane ${id}`, text: name, points: service.polygon.map(pixel), rank: 2 },
    })),
  ];
}

function SceneShapes({ scene, size }: { scene: Scene; size: Size }) {
  const pixel = ([x, y]: readonly number[]) => toPixel(normPoint(x ?? 0, y ?? 0), size);
  const names = size.w >= 300;
  const lanes = scene.lanes ?? [];
  return (
    <>
      {scene.zones.map((zone) => (
        <ZoneGraphic key={zone.id} points={zone.polygon.map(pixel)} name={zone.name} />
      ))}
      {lanes.flatMap((lane) =>
        areasOf(lane).map(([part, points]) => (
          <AreaGraphic key={`${lane.id}/${part}`} part={part} points={points.map(pixel)} />
        )),
      )}
      {scene.lines.map((line) => (
        <LineGraphic key={line.id} a={pixel(line.a)} b={pixel(line.b)} name={names ? line.name : ''} labels={names} />
      ))}
      {names && <ShapeLabels wishes={labelsOf(scene, pixel)} size={size} />}
    </>
  );
}
