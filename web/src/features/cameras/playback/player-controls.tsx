/* SPDX-License-Identifier: Apache-2.0 */
import { Button } from '@/components/button.tsx';
import { Segmented } from '@/components/segmented.tsx';
import { formatClock } from '@/lib/format/time.ts';
import type { Playback } from './use-playback.ts';

const SPEEDS = ['0.5', '1', '2', '4', '8'] as const;
export type Speed = (typeof SPEEDS)[number];
const OPTIONS = SPEEDS.map((value) => ({ value, label: `${value}×`, hint: `${value} times the speed` }));

type PlayerControlsProps = {
  playback: Pick<Playback, 'at' | 'paused' | 'state' | 'toggle' | 'step'>;
  zone: string;
  speed: Speed;
  onSpeed: (speed: Speed) => void;
  onSkip: (ms: number) => void;
};

export function PlayerControls({ playback, zone, speed, onSpeed, onSkip }: PlayerControlsProps) {
  const { at, paused, state } = playback;
  const dark = state !== 'ready';
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button size="sm" icon={paused ? 'play' : 'pause'} disabled={dark} onClick={playback.toggle}>
        {paused ? 'Play' : 'Pause'}
      </Button>
      <Button size="sm" disabled={dark} onClick={() => onSkip(-10_000)} title="10 seconds back">
        −10 s
      </Button>
      <Button size="sm" disabled={dark} onClick={() => onSkip(10_000)} title="10 seconds on">
        +10 s
      </Button>
      <Button size="sm" icon="chevronLeft" disabled={dark} onClick={() => playback.step(-1)} aria-label="One picture back" />
      <Button size="sm" icon="chevronRight" disabled={dark} onClick={() => playback.step(1)} aria-label="One picture on" />
      <Segmented<Speed> label="Speed" value={speed} options={OPTIONS} onChange={onSpeed} />
      <time data-shown={at ?? undefined} className="ml-auto text-[15px] font-semibold tabular-nums">
        {at === null ? '–' : formatClock(at, zone)}
      </time>
    </div>
  );
}
