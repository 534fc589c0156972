/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useRef, useState } from 'react';
import { Card } from '@/components/card.tsx';
import { EmptyNote } from '@/components/data-state.tsx';
import { Segmented } from '@/components/segmented.tsx';
import type { Camera } from '@/lib/api/cameras.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { dayStart, formatClock, isoDay } from '@/lib/format/time.ts';
import { useNow } from '@/lib/use-now.ts';
import { ClipHandles } from '../clips/clip-handles.tsx';
import { ClipPanel } from '../clips/clip-panel.tsx';
import { ClipsLink } from '../clips/clips-link.tsx';
import { SaveClipButton } from '../clips/save-buttons.tsx';
import { useClipChoice } from '../clips/use-clip-choice.ts';
import { CameraChoice } from './camera-choice.tsx';
import { DayChooser } from './day-chooser.tsx';
import { nextBeginning } from './play-clock.ts';
import { PlayerControls, type Speed } from './player-controls.tsx';
import { RefusedNote } from './refused-note.tsx';
import { SyncTiles } from './sync-tiles.tsx';
import { SyncTimeline } from './sync-timeline.tsx';
import { type Span, windowKept } from './timeline-scale.ts';
import { useDay } from './use-day.ts';
import { useLanes, usePlaylists } from './use-lanes.ts';
import { useSynced } from './use-synced.ts';
import { type Zoom, ZOOMS } from './zooms.ts';

const HOUR = 3_600_000;
const STEP_MS = 100;

type SyncViewProps = {
  cameras: readonly Camera[];
  /** Ids of those that are played. */
  chosen: readonly string[];
  start: number;
  /** The address is to say this. */
  onChange: (chosen: readonly string[], at: number) => void;
};

/** The recordings of several cameras on one clock. */
export function SyncView({ cameras, chosen, start, onChange }: SyncViewProps) {
  const store = useStore();
  const zone = store.time_zone;
  const now = useNow(5000);
  const [synced, { at, paused, ended, tiles }] = useSynced(start);

  const [speed, setSpeed] = useState<Speed>('1');
  const [zoom, setZoom] = useState<Zoom>('24');
  const [refused, setRefused] = useState<string | null>(null);
  const mayClip = useMay('recordings.export');
  const clip = useClipChoice();

  const { date, day } = useDay(at, zone);
  const today = isoDay(now, zone);
  const lanes = useLanes(store.id, chosen, day, date === today);
  const pathOf = usePlaylists(store.id, at, ended);
  const shown = useRef<Span | null>(null);
  const span = (shown.current = windowKept(shown.current, at, Number(zoom) * HOUR, day));
  useEffect(() => synced.setRecorded(lanes.recorded), [synced, lanes.recorded]);

  const put = (next: readonly string[]) => onChange(next, synced.at());
  const seek = (to: number) => {
    synced.seek(Math.min(to, Date.now()));
    put(chosen);
  };
  /** Shows an edge of the clips, on this day. */
  const peek = (edge: number) => synced.seek(Math.min(edge, day.to - 1));
  const controls = {
    ...{ at, paused, state: 'ready' as const },
    toggle: () => {
      synced.toggle();
      put(chosen);
    },
    step: (by: number) => {
      synced.pause();
      seek(synced.at() + by * STEP_MS);
    },
  };
  const nameOf = (id: string) => cameras.find((camera) => camera.id === id)?.name ?? id;
  const gapOf = (i: number) => {
    const next = nextBeginning(lanes.recorded[i] ?? [], at);
    return next === null ? 'Not recorded' : `Not recorded until ${formatClock(next, zone)}`;
  };
  const bounds = { from: day.from, to: Math.min(day.to, Date.now()) };

  return (
    <Card
      title="Recordings"
      hint={chosen.length === 1 ? nameOf(chosen[0]!) : `${chosen.length} cameras on one clock`}
      actions={
        <>
          <ClipsLink />
          <CameraChoice cameras={cameras} chosen={chosen} onChange={put} />
          <DayChooser
            date={date}
            today={today}
            onChoose={(next) => seek(dayStart(next, zone).getTime() + Math.min(at - day.from, 24 * HOUR - 1))}
          />
        </>
      }
    >
      {chosen.length === 0 ? (
        <EmptyNote icon="camera" title="No camera is chosen" text="Choose one or more above: their recordings play together." />
      ) : (
        <div className="space-y-4">
          {refused !== null && <RefusedNote reason={refused} />}
          <SyncTiles
            {...{ synced, states: tiles }}
            cameras={chosen.map((id, i) => ({ id, name: nameOf(id), path: pathOf(id), gap: gapOf(i) }))}
            onRemove={(id) => put(chosen.filter((other) => other !== id))}
            onRefused={setRefused}
          />
          {refused === null && (
            <PlayerControls
              {...{ playback: controls, zone, speed }}
              onSpeed={(next) => {
                setSpeed(next);
                synced.setSpeed(Number(next));
              }}
              onSkip={(ms) => seek(synced.at() + ms)}
            />
          )}
          <SyncTimeline
            {...{ day, span, zone, at, now }}
            lanes={chosen.map((camera, i) => ({ camera, name: nameOf(camera), recorded: lanes.recorded[i] ?? [] }))}
            onSeek={seek}
          >
            {clip.span && (
              <ClipHandles
                {...{ span, bounds, zone }}
                clip={clip.span}
                onChange={(next, moved) => {
                  clip.choose(next);
                  peek(moved);
                }}
              />
            )}
          </SyncTimeline>
          {lanes.failed && <p role="alert" className="text-[13px] text-danger-ink">It is not known now what was recorded.</p>}
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <Segmented<Zoom> label="How much of the day" value={zoom} options={ZOOMS} onChange={setZoom} />
            {mayClip && refused === null && !clip.open && (
              <SaveClipButton
                takesFocus={clip.givesFocus}
                several={chosen.length > 1}
                onClick={() => {
                  clip.begin(synced.at());
                  setZoom('0.25');
                }}
              />
            )}
          </div>
          {clip.open && (
            <ClipPanel
              cameras={chosen.map((id) => ({ id, name: nameOf(id) }))}
              choice={clip}
              bounds={bounds}
              at={() => synced.at()}
              onSeek={peek}
            />
          )}
        </div>
      )}
    </Card>
  );
}
