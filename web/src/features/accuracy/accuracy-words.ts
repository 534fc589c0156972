/* SPDX-License-Identifier: Apache-2.0 */
import type { Tone } from '@/components/badge.tsx';
import type { Schemas } from '@/lib/api/client.ts';
import type { Figures, LineAccuracy, Share } from './accuracy-queries.ts';

export type State = LineAccuracy['state'];

const STATES: Record<State, { tone: Tone; text: string; hint: string }> = {
  never: { tone: 'neutral', text: 'Not audited', hint: 'Nobody has counted by hand yet: how true the count is, is not known' },
  undecided: { tone: 'warning', text: 'Undecided', hint: 'Too little was counted by hand, or the camera was drawn anew since' },
  passed: { tone: 'success', text: 'Passed', hint: 'Recall and precision are at least 90 %, as far as 95 % sure' },
  failed: { tone: 'danger', text: 'Failed', hint: 'Recall or precision is below 90 %' },
  drifted: { tone: 'danger', text: 'Drifted', hint: 'It counts worse than when it passed' },
};

export function stateWords(state: State) {
  return STATES[state];
}

/** Beside the traffic figures; null where there is nothing to say. */
export function trafficWords(state: Schemas['Traffic']['count_accuracy']): { tone: Tone; text: string; hint: string } | null {
  if (!state || state === 'passed') return null;
  const { tone, hint } = STATES[state];
  const text = { never: 'Count not audited', undecided: 'Count not audited enough', failed: 'Count failed its audit', drifted: 'Count has drifted' };
  return { tone, text: text[state], hint };
}

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;

/** "97.0 % (91.5–99.0)". */
export function shareText({ share, low, high }: Share): string {
  if (share === null || low === null || high === null) return 'n/a';
  return `${percent(share)} (${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)})`;
}

export function netText({ net_error: net, net_error_low: low, net_error_high: high }: Figures): string {
  if (net === null) return 'n/a';
  const sign = (value: number) => `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)}`;
  return low === null || high === null ? `${sign(net)} %` : `${sign(net)} % (${sign(low)} to ${sign(high)})`;
}
