/* SPDX-License-Identifier: Apache-2.0 */

const TONES = { primary: 'bg-primary', zone: 'bg-series-zone', danger: 'bg-danger' } as const;

type ProgressBarProps = { label: string; /** 0..1 */ share: number; tone?: keyof typeof TONES };

export function ProgressBar({ label, share, tone = 'primary' }: ProgressBarProps) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1.5 w-full overflow-hidden rounded-full bg-sunken"
    >
      <div
        className={`h-full rounded-full transition-[width] duration-500 ${TONES[tone]}`}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
