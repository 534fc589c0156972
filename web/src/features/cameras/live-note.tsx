/* SPDX-License-Identifier: Apache-2.0 */
import type { LiveVideo } from './use-live-video.ts';

const WORDS: Record<LiveVideo['state'], string> = {
  off: '',
  connecting: 'Connecting…',
  playing: 'Live',
  lost: 'Reconnecting…',
  refused: 'Still pictures',
};

/** How the picture comes; where it is no video, why not. `long`: with room for a sentence. */
export function LiveNote({ live, long }: { live: LiveVideo; long: boolean }) {
  if (live.state === 'off') return null;
  const reason = live.reason;
  return (
    <span
      role="status"
      title={reason ?? undefined}
      className="pointer-events-auto inline-flex min-w-0 items-center gap-1.5 text-xs text-white/80"
    >
      {long && reason && <span className="max-w-md truncate text-white/90">{reason}</span>}
      <span className="rounded bg-black/50 px-1.5 py-0.5 font-medium whitespace-nowrap">{WORDS[live.state]}</span>
    </span>
  );
}
