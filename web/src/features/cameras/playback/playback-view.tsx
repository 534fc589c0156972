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
import { addDays, dayStart, formatClock, isoDay } from '@/lib/format/time.ts';
import { useNow } from '@/lib/use-now.ts';
import { DayChooser } from './day-chooser.tsx';
import { PlayerControls, type Speed } from './player-controls.tsx';
import { playlistPath, useCameraEvents, useRecordings } from './recording-queries.ts';
import { Timeline } from './timeline.tsx';
import { type Span, windowAround } from './timeline-scale.ts';
import { syncAddress } from './sync-address.ts';
import { usePlayback } from './use-playback.ts';
import { type Zoom, ZOOMS } from './zooms.ts';

const HOUR = 3_600_000;
/** An event is shown from a moment before it. */
const LEAD_MS = 3000;

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
  const date = isoDay(wanted, zone);
  const day = useMemo<Span>(
    () => ({ from: dayStart(date, zone).getTime(), to: dayStart(addDays(date, 1), zone).getTime() }),
    [date, zone],
  );
  const today = isoDay(now, zone);
  const recordings = useRecordings(store.id, id, day, date === today);
  const events = useCameraEvents(store.id, id, day, useMay('events.read'));
  const camera = useCameras(store.id).data?.find((c) => c.id === id);
  const mayKeep = useMay('evidence.write');
  const [speed, setSpeed] = useState<Speed>('1');
  const [zoom, setZoom] = useState<Zoom>('24');
  const video = useRef<HTMLVideoElement>(null);
  const any = (recordings.data?.length ?? 0) > 0;
  const loaded = useMemo(() => ({ from: day.from, to: Math.min(day.to, Math.max(loadedAt, day.from + 1000)) }), [day, loadedAt]);
  const playback = usePlayback({
    ...{ video, from: wanted, speed: Number(speed), fps: camera?.fps_in ?? 10 },
    path: any ? playlistPath(store.id, id, loaded) : null,
  });

  const seek = (at: number) => {
    setWanted(at);
    /* What was recorded since: the playlist is loaded again. */
    if (!playback.seek(at) && at < now && date === today) setLoadedAt(Date.now());
  };
  const at = playback.at !== null && playback.at >= day.from && playback.at < day.to ? playback.at : null;
  const span = windowAround(at ?? wanted, Number(zoom) * HOUR, day);
  const marks = (events.data ?? []).map((event) => ({ id: event.id, ts: Date.parse(event.ts), text: wordsOf(event) }));

  return (
    <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_20rem]">
      <Card
        title={camera?.name ?? id}
        hint="Recordings"
        actions={
          <>
            <Link
              href={syncAddress(store.id, { cameras: [id], at: at ?? wanted })}
              className="text-[13px] font-medium text-primary-ink hover:underline"
            >
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
              <div className="relative overflow-hidden rounded-lg bg-slate-950">
                <video ref={video} muted playsInline data-playback={playback.state} className="aspect-video w-full object-contain" />
                {playback.reason && (
                  <p role="alert" className="absolute inset-x-0 bottom-0 bg-black/70 px-4 py-3 text-[13px] text-white">
                    {playback.reason}
                  </p>
                )}
              </div>
              <PlayerControls {...{ playback, zone, speed }} onSpeed={setSpeed} onSkip={(ms) => seek((at ?? wanted) + ms)} />
              <Timeline {...{ day, span, zone, at, now }} recorded={all} events={marks} onSeek={seek} />
              <div className="flex flex-wrap items-center justify-between gap-3">
                <Segmented<Zoom> label="How much of the day" value={zoom} options={ZOOMS} onChange={setZoom} />
                {mayKeep && (
                  <Link
                    href={keepPath(store.id, id, new Date(at ?? wanted).toISOString())}
                    className="text-[13px] font-medium text-primary-ink hover:underline"
                  >
                    Keep as evidence
                  </Link>
                )}
              </div>
            </div>
          )}
        </DataState>
      </Card>
      <Card title="Events of the day" hint="Shown from 3 s before" flush>
        {marks.length === 0 ? (
          <p className="px-4 pb-5 text-[13px] text-quiet sm:px-6">Nothing happened here, as far as is known.</p>
        ) : (
          <ul className="max-h-[36rem] divide-y divide-line overflow-y-auto border-t border-line">
            {marks.map((mark) => (
              <li key={mark.id}>
                <button
                  type="button"
                  onClick={() => seek(mark.ts - LEAD_MS)}
                  className="flex w-full gap-3 px-4 py-2 text-left text-[13px] hover:bg-page/70 sm:px-6"
                >
                  <span className="min-w-0 flex-1 truncate">{mark.text}</span>
                  <time className="text-quiet tabular-nums">{formatClock(mark.ts, zone)}</time>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}

function notRecorded(camera: Camera | undefined): string {
  if (camera?.recording === 'failed') return camera.recording_reason;
  if (camera?.recording === 'off') return 'This camera is not recorded: change it where the camera is set up.';
  return 'Choose another day.';
}
