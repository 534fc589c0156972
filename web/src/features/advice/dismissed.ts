/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import type { Recommendation } from './advice-queries.ts';

/* Which recommendations somebody put aside: on this device only, for a week. */

const WEEK_MS = 7 * 86_400_000;

/** What is the same recommendation again: its rule, and what it is about. */
export function adviceKey({ rule, subject }: Pick<Recommendation, 'rule' | 'subject'>): string {
  return `${rule}/${subject?.id || subject?.name || ''}`;
}

/** When each was put aside; those of more than a week ago have come back. */
export function stillDismissed(stored: unknown, now: number): Record<string, number> {
  if (typeof stored !== 'object' || stored === null) return {};
  return Object.fromEntries(
    Object.entries(stored).filter(([, at]) => typeof at === 'number' && at <= now && now - at < WEEK_MS),
  ) as Record<string, number>;
}

export function useDismissed(user: string, store: string) {
  const key = `inveye.advice.${user}.${store}`;
  const [dismissed, setDismissed] = useState(() => stillDismissed(read(key), Date.now()));
  const change = (next: Record<string, number>) => {
    setDismissed(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      /* not remembered, still put aside */
    }
  };
  return {
    isDismissed: (advice: Recommendation) => adviceKey(advice) in dismissed,
    dismiss: (advice: Recommendation) => change({ ...dismissed, [adviceKey(advice)]: Date.now() }),
    restore: () => change({}),
  };
}

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}');
  } catch {
    return {};
  }
}
