/* SPDX-License-Identifier: Apache-2.0 */
import type { LinkStatus } from '@/lib/live/live-socket.ts';
import { useLinkStatus } from '@/lib/live/use-topic.ts';
import { Badge, Dot, type Tone } from './badge.tsx';

const STATES: Record<LinkStatus, { tone: Tone; text: string; title: string }> = {
  idle: { tone: 'neutral', text: 'Off', title: 'No live updates' },
  connecting: { tone: 'neutral', text: 'Connecting', title: 'Opening the live connection' },
  open: { tone: 'success', text: 'Live', title: 'Figures change as people move' },
  lost: { tone: 'warning', text: 'Reconnecting', title: 'The live connection is lost; trying again' },
};

export function LiveBadge() {
  const status = useLinkStatus();
  const { tone, text, title } = STATES[status];
  return (
    <span role="status" data-link={status}>
      <Badge tone={tone} title={title}>
        <Dot tone={tone} pulse={status === 'open'} />
        <span className="max-[380px]:sr-only">{text}</span>
      </Badge>
    </span>
  );
}
