/* SPDX-License-Identifier: Apache-2.0 */
import { type CSSProperties, useEffect, useState } from 'react';
import { IconButton } from '@/components/button.tsx';

const FRAME_MS = 900;

/** The track is filled up to the hour; the two engines name its parts differently. */
const SLIDER = [
  'h-10 min-w-0 flex-1 cursor-pointer appearance-none bg-transparent',
  '[&::-webkit-slider-runnable-track]:h-1.5 [&::-webkit-slider-runnable-track]:rounded-full',
  '[&::-webkit-slider-runnable-track]:bg-[linear-gradient(to_right,var(--primary)_var(--done),var(--line-strong)_var(--done))]',
  '[&::-webkit-slider-thumb]:-mt-[5px] [&::-webkit-slider-thumb]:size-4 [&::-webkit-slider-thumb]:appearance-none',
  '[&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:bg-primary [&::-webkit-slider-thumb]:shadow',
  '[&::-moz-range-track]:h-1.5 [&::-moz-range-track]:rounded-full [&::-moz-range-track]:bg-line-strong',
  '[&::-moz-range-progress]:h-1.5 [&::-moz-range-progress]:rounded-full [&::-moz-range-progress]:bg-primary',
  '[&::-moz-range-thumb]:size-4 [&::-moz-range-thumb]:border-0 [&::-moz-range-thumb]:bg-primary',
].join(' ');

type HeatPlayerProps = {
  labels: readonly string[];
  at: number;
  onChange: (at: number) => void;
};

/** Through the hours, by hand or by itself; from the last it goes on with the first. */
export function HeatPlayer({ labels, at, onChange }: HeatPlayerProps) {
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => onChange((at + 1) % labels.length), FRAME_MS);
    return () => clearTimeout(timer);
  }, [playing, at, labels.length, onChange]);
  const take = (value: number) => {
    setPlaying(false);
    onChange(value);
  };
  return (
    <div className="flex items-center gap-3">
      <IconButton
        icon={playing ? 'pause' : 'play'}
        label={playing ? 'Stop' : 'Play the hours one after the other'}
        disabled={labels.length < 2}
        onClick={() => setPlaying((now) => !now)}
      />
      <input
        type="range"
        aria-label="Hour"
        aria-valuetext={labels[at]}
        min={0}
        max={Math.max(0, labels.length - 1)}
        step={1}
        value={at}
        onChange={(event) => take(Number(event.target.value))}
        className={SLIDER}
        style={{ '--done': `${labels.length > 1 ? (at / (labels.length - 1)) * 100 : 0}%` } as CSSProperties}
      />
      <output aria-live="off" className="w-28 shrink-0 text-right text-[13px] font-medium tabular-nums text-ink">{labels[at]}</output>
    </div>
  );
}
