/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { useToast } from '@/components/toast.tsx';
import { problemText } from '@/lib/api/problem.ts';
import { useStore } from '@/lib/api/stores.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import { PlayerControls, type Speed } from '../cameras/playback/player-controls.tsx';
import { RecordedPicture } from '../cameras/playback/recorded-picture.tsx';
import { playlistPath } from '../cameras/playback/recording-queries.ts';
import { Timeline } from '../cameras/playback/timeline.tsx';
import { usePlayback } from '../cameras/playback/use-playback.ts';
import { type Audit, type Interval, useAuditMutations } from './accuracy-queries.ts';
import { countOf, type Direction, directionOf, isWatched, type Mark, MARGIN_MS, withMark } from './marks.ts';

type CountViewProps = { audit: Audit; interval: Interval; left: number; name: string; onClose: () => void };

/** One clip, counted by hand with two keys. What the system counted is not known here. */
export function CountView({ audit, interval, left, name, onClose }: CountViewProps) {
  const store = useStore();
  const zone = store.time_zone;
  const toast = useToast();
  const { settle } = useAuditMutations(store.id);
  const span = useMemo(() => ({ from: Date.parse(interval.from), to: Date.parse(interval.to) }), [interval]);
  const clip = useMemo(() => ({ from: span.from - MARGIN_MS, to: span.to + MARGIN_MS }), [span]);
  const [marks, setMarks] = useState<readonly Mark[]>([]);
  const [speed, setSpeed] = useState<Speed>('1');
  const [reached, setReached] = useState<number | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  const path = playlistPath(store.id, audit.camera_id, clip);
  const playback = usePlayback({ video, path, from: clip.from, speed: Number(speed), fps: 10 });
  const { at, state } = playback;
  const place = at ?? clip.from;
  const dark = state !== 'ready';

  useEffect(() => {
    if (at !== null) setReached((before) => Math.max(before ?? at, at));
  }, [at]);

  const mark = (direction: Direction) => {
    const shown = playback.shown();
    if (shown !== null) setMarks((all) => withMark(all, { at: Math.round(shown), direction }, span));
  };
  const undo = () => setMarks((all) => all.slice(0, -1));

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target instanceof HTMLElement && event.target.closest('input, select, textarea, [role="slider"], [role="radio"]'))
        return;
      const direction = directionOf(event.key);
      if (direction) mark(direction);
      else if (event.key === 'Backspace' || event.key === 'u') undo();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  const save = (kept: readonly Mark[] | null) =>
    settle.mutate(
      { audit: audit.id, interval: interval.id, marks: kept },
      { onError: (error) => toast('danger', problemText(error)) },
    );

  const events = marks.map((one, i) => ({ id: String(i), ts: one.at, text: one.direction }));
  return (
    <Card
      title={`Count ${name}`}
      hint={`${formatDateTime(interval.from, zone)}, five minutes; ${left} to count`}
      actions={
        <Button size="sm" variant="ghost" icon="close" onClick={onClose}>
          Later
        </Button>
      }
    >
      <div className="space-y-4">
        <RecordedPicture {...{ video, playback }} still={{ store: store.id, camera: audit.camera_id, name, at: place, zone }} />
        <div className="grid grid-cols-2 gap-3">
          {(['in', 'out'] as const).map((direction) => (
            <Button
              key={direction}
              variant={direction === 'in' ? 'primary' : 'secondary'}
              icon={direction === 'in' ? 'arrowIn' : 'arrowOut'}
              disabled={dark}
              className="!h-16 text-lg"
              onClick={() => mark(direction)}
            >
              {direction === 'in' ? 'In' : 'Out'} <b data-count={direction}>{countOf(marks, direction, span)}</b>
            </Button>
          ))}
        </div>
        <PlayerControls
          {...{ playback, zone, speed }}
          onSpeed={setSpeed}
          onSkip={(ms) => playback.seek(Math.min(Math.max(place + ms, clip.from), clip.to - 1))}
        />
        <Timeline {...{ zone, events }} day={clip} span={clip} recorded={[clip]} now={Infinity} at={at} onSeek={playback.seek} />
        <div className="flex flex-wrap items-center gap-2">
          <Button size="sm" icon="undo" disabled={marks.length === 0} onClick={undo}>
            Undo
          </Button>
          <p className="text-[13px] text-quiet">
            Keys: I or ↑ for in, O or ↓ for out, U takes the last one back. Mark people when they cross the line.
          </p>
          <div className="ml-auto flex gap-2">
            <Button size="sm" variant="ghost" busy={settle.isPending} onClick={() => save(null)}>
              Nothing can be seen
            </Button>
            <Button
              size="sm"
              variant="primary"
              icon="check"
              busy={settle.isPending}
              disabled={!isWatched(reached, span)}
              title={isWatched(reached, span) ? undefined : 'Watch the clip to its end first'}
              onClick={() => save(marks)}
            >
              Save
            </Button>
          </div>
        </div>
      </div>
    </Card>
  );
}
