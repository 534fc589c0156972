/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';

const TONES = {
  neutral: 'bg-sunken text-on-sunken',
  primary: 'bg-primary-soft text-primary-ink',
  success: 'bg-success-soft text-success-ink',
  warning: 'bg-warning-soft text-warning-ink',
  danger: 'bg-danger-soft text-danger-ink',
} as const;

const DOTS = {
  neutral: 'bg-faint',
  primary: 'bg-primary',
  success: 'bg-success',
  warning: 'bg-warning',
  danger: 'bg-danger',
} as const;

export type Tone = keyof typeof TONES;

/** `wrap`: the text may take several lines; for one that holds names and must be read whole. */
type BadgeProps = { tone?: Tone; dot?: boolean; wrap?: boolean; title?: string; children: ReactNode };

export function Badge({ tone = 'neutral', dot, wrap, title, children }: BadgeProps) {
  const lines = wrap ? 'rounded-xl wrap-anywhere' : 'rounded-full whitespace-nowrap';
  return (
    <span
      title={title}
      className={`inline-flex max-w-full min-w-0 items-center gap-1.5 px-2.5 py-0.5 text-xs leading-5 font-medium ${lines} ${TONES[tone]}`}
    >
      {dot && <Dot tone={tone} />}
      {children}
    </span>
  );
}

export function Dot({ tone, pulse }: { tone: Tone; pulse?: boolean }) {
  return (
    <span aria-hidden="true" className="relative inline-flex size-2 shrink-0">
      {pulse && <span className={`absolute inset-0 animate-pulse-ring rounded-full ${DOTS[tone]}`} />}
      <span className={`relative size-2 rounded-full ${DOTS[tone]}`} />
    </span>
  );
}
