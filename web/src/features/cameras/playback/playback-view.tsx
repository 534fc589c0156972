/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { Card } from '@/components/card.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { Segmented } from '@/components/segmented.tsx';
import { type Camera, useCameras } from '@/lib/api/cameras.ts';
import type { Schemas } from '@/lib/api/client.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { keepPath } from '@/lib/evidence-link.ts';
import { dayStart, isoDay } from '@/lib/format/time.ts';
import { useNow } from '@/lib/use-now.ts';
import { ClipHandles } from '../clips/clip-handles.tsx';
import { ClipPanel } from '../clips/clip-panel.tsx';
import { ClipsLink } from '../clips/clips-link.tsx';
import { SaveClipButton, SavePictureButton } from '../clips/save-buttons.tsx';
import { useClipChoice } from '../clips/use-clip-choice.ts';
import { DayChooser } from './day-chooser.tsx';
import { DayEvents, type Mark } from './day-events.tsx';
import { PlayerControls, type Speed } from './player-controls.tsx';
import { RecordedPicture } from './recorded-picture.tsx';
import { playlistPath, useCameraEvents, useRecordings } from './recording-queries.ts';
import { syncAddress } from './sync-address.ts';
import { Timeline } from './timeline.tsx';
import { type Span, windowKept } from './timeline-scale.ts';
import { useDay } from './use-day.ts';
import { usePlayback } from './use-playback.ts';
import { type Zoom, ZOOMS } from './zooms.ts';

const HOUR = 3_600_000;

type PlaybackViewProps = {
  camera: string;
  /** The instant to begin with; null: the last minute of today. */
  start: number | null;
  wordsOf: (event: Schemas['Event']) => string;
};

/** The recordings of one camera: a day, its timeline and the picture. */
export function PlaybackView({ camera: id, start, wordsOf }: PlaybackViewProps) {
  const store = useStore();
  const zone = store.time_zone;
  const now = useNow(15_000);
  const [opened] = useState(() => start ?? Date.now() - 60_000);
  const [wanted, setWanted] = useState(opened);
  const [loadedAt, setLoadedAt] = useState(() => Date.now());
  const { date, day } = useDay(wanted, zone);
  const today = isoDay(now, zone);
  const recordings = useRecordings(store.id, id, day, date === today);
  const events = useCameraEvents(store.id, id, day, useMay('events.read'));
  const camera = useCameras(store.id).data?.find((c) => c.id === id);
  const mayKeep = useMay('evidence.write');
  const mayClip = useMay('recordings.export');
  const clip = useClipChoice();
  const [speed, setSpeed] = useState<Speed>('1');
  const [zoom, setZoom] = useState<Zoom>('24');
  const video = useRef<HTMLVideoElement>(null);
  const any = (recordings.data?.length ?? 0) > 0;
  const loaded = useMemo(() => ({ from: day.from, to: Math.min(day.to, Math.max(loadedAt, day.from + 1000)) }), [day, loadedAt]);
  const playback = usePlayback({
    ...{ video, from: wanted, speed: Number(speed), fps: camera?.fps_in ?? 10 },
    path: any ? playlistPath(store.id, id, loaded) : null,
  });

  const refused = playback.state === 'refused';

  const seek = (at: number) => {
    setWanted(at);
    /* What was recorded since: the playlist is loaded again. */
    if (!playback.seek(at) && !refused && at < now && date === today) setLoadedAt(Date.now());
  };
  /** Shows an edge of the clip, on this day, if it is loaded. */
  const peek = (edge: number) => {
    const inside = Math.min(edge, day.to - 1);
    setWanted(inside);
    playback.seek(inside);
  };
  const at = playback.at !== null && playback.at >= day.from && playback.at < day.to ? playback.at : null;
  const place = at ?? wanted;
  const shown = useRef<Span | null>(null);
  const span = (shown.current = windowKept(shown.current, place, Number(zoom) * HOUR, day));
  const bounds = { from: day.from, to: Math.min(day.to, Date.now()) };
  const name = camera?.name ?? id;
  const marks = (events.data ?? []).map((event): Mark => ({ id: event.id, ts: Date.parse(event.ts), text: wordsOf(event) }));

  return (
    <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_20rem]">
      <Card
        title={name}
        hint="Recordings"
        actions={
          <>
            <ClipsLink />
            <Link href={syncAddress(store.id, { cameras: [id], at: place })} className={LINK}>
              With other cameras
            </Link>
            <DayChooser date={date} today={today} onChoose={(next) => setWanted(dayStart(next, zone).getTime())} />
          </>
        }
      >
        <DataState
          query={recordings}
          what="recordings"
          loading={<Skeleton className="aspect-video" />}
          isEmpty={(all) => all.length === 0}
          empty={{ icon: 'camera', title: 'Nothing was recorded on this day', text: notRecorded(camera) }}
        >
          {(all) => (
            <div className="space-y-4">
              <RecordedPicture {...{ video, playback }} still={{ store: store.id, camera: id, name, at: wanted, zone }} />
              {!refused && (
                <PlayerControls {...{ playback, zone, speed }} onSpeed={setSpeed} onSkip={(ms) => seek(place + ms)} />
              )}
              <Timeline {...{ day, span, zone, now }} at={refused ? wanted : at} recorded={all} events={marks} onSeek={seek}>
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
              </Timeline>
              <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
                <Segmented<Zoom> label="How much of the day" value={zoom} options={ZOOMS} onChange={setZoom} />
                <div className="ml-auto flex flex-wrap items-center gap-2">
                  <SavePictureButton
                    camera={id}
                    at={() => (refused ? wanted : playback.shown())}
                    reason={refused || at !== null ? undefined : 'No picture is shown'}
                  />
                  {mayClip && !refused && !clip.open && (
                    <SaveClipButton
                      takesFocus={clip.givesFocus}
                      onClick={() => {
                        clip.begin(place);
                        setZoom('0.25');
                      }}
                    />
                  )}
                  {mayKeep && (
                    <Link href={keepPath(store.id, id, new Date(place).toISOString())} className={LINK}>
                      Keep as evidence
                    </Link>
                  )}
                </div>
              </div>
            </div>
          )}
        </DataState>
        {clip.open && (
          <ClipPanel
            bounds={bounds}
            cameras={[{ id, name }]}
            choice={clip}
            at={() => playback.shown() ?? place}
            onSeek={peek}
          />
        )}
      </Card>
      <DayEvents {...{ marks, zone }} onSeek={seek} />
    </div>
  );
}

const LINK = 'text-[13px] font-medium text-primary-ink hover:underline';

function notRecorded(camera: Camera | undefined): string {
  if (camera?.recording === 'failed') return camera.recording_reason;
  if (camera?.recording === 'off') return 'This camera is not recorded: change it where the camera is set up.';
  return 'Choose another day.';
}
