/* SPDX-License-Identifier: Apache-2.0 */
import { Badge, type Tone } from '@/components/badge.tsx';
import type { LiveLane } from './queue-queries.ts';

type State = { tone: Tone; text: string };

/** `name`: also which lane it is, where a line has several. */
export function LaneBadge({ lane, name }: { lane: LiveLane; name: boolean }) {
  const { tone, text } = stateOf(lane);
  const kind = lane.self_checkout ? 'self-checkout ' : '';
  return (
    <Badge tone={tone} dot title={lane.state === null ? 'The camera gives no picture' : undefined}>
      <span className="truncate">{name ? `${lane.name} · ${text}` : `${kind}${text}`}</span>
    </Badge>
  );
}

function stateOf({ state, serving }: LiveLane): State {
  if (state === null) return { tone: 'warning', text: 'not seen' };
  if (state === 'closed') return { tone: 'neutral', text: 'closed' };
  return { tone: 'success', text: serving ? 'open, serving' : 'open' };
}
