/* SPDX-License-Identifier: Apache-2.0 */
import type { Camera } from '@/lib/api/cameras.ts';
import { formatBitrate, formatCount, formatDecimal, formatDuration, formatShare, known, NOT_KNOWN } from '@/lib/format/number.ts';
import { formatAgo } from '@/lib/format/time.ts';

/* What is told of a camera's health, once for the table and for the list on phones. */

export type Fact = { head: string; title?: string; cell: (camera: Camera, now: number) => string };

const PICTURE: Fact = {
  head: 'Picture',
  cell: (c) => (c.size ? `${codecName(c.codec)} ${c.size.w}×${c.size.h}`.trim() : NOT_KNOWN),
};
const BITRATE: Fact = { head: 'Bitrate', cell: (c) => formatBitrate(c.bitrate) };
const FPS_IN: Fact = { head: 'FPS in', title: 'Pictures a second from the camera', cell: (c) => formatDecimal(c.fps_in) };
const ANALYSED: Fact = {
  head: 'Analysed',
  title: 'Pictures a second that were analysed',
  cell: (c) => (c.analysed || c.state === 'disabled' ? formatDecimal(c.fps_analysed) : 'Off'),
};
const SKIPPED: Fact = {
  head: 'Skipped',
  title: 'Due but not analysed: the machine was busy',
  cell: (c) => withShare(c.frames_skipped, c.frames_due),
};
const GATED: Fact = {
  head: 'Gated',
  title: 'Due but not analysed: the picture was still',
  cell: (c) => withShare(c.frames_gated, c.frames_due),
};
const LAST_FRAME: Fact = {
  head: 'Last frame',
  title: 'Age of the newest picture',
  cell: (c, now) => (c.last_frame_ts ? formatAgo(Date.parse(c.last_frame_ts), now) : NOT_KNOWN),
};
const CLOCK: Fact = {
  head: 'Clock',
  title: 'The camera’s clock against that of this machine; counts do not depend on it',
  cell: (c) => clockWords(c.clock_ahead_s),
};
const RECORDED: Fact = { head: 'Recording', title: 'Whether its pictures are recorded', cell: (c) => RECORDING[c.recording] };
const DAMAGED: Fact = {
  head: 'Damaged',
  title: 'Pictures that could not be decoded',
  cell: (c) => formatCount(c.decode_errors),
};
const RECONNECTS: Fact = { head: 'Reconnects', cell: (c) => formatCount(c.reconnects) };

const ENCODING: Fact = {
  head: 'Encoding',
  title: 'What encoding anew for masks and blur takes of one processor core',
  cell: ({ privacy: p }) => (p.reencoded_streams > 0 ? formatShare(p.reencode_cores) : '–'),
};

/** Columns of the table: two facts below each other, so that it fits beside the navigation. */
export const HEALTH_COLUMNS: readonly (readonly [Fact, Fact?])[] = [
  [PICTURE, BITRATE],
  [FPS_IN, ANALYSED],
  [SKIPPED, GATED],
  [LAST_FRAME, CLOCK],
  [DAMAGED, RECONNECTS],
  [RECORDED, ENCODING],
];

export const HEALTH_FACTS: readonly Fact[] = HEALTH_COLUMNS.flatMap(([first, second]) => (second ? [first, second] : [first]));

const RECORDING: Record<Camera['recording'], string> = {
  off: 'Off',
  recording: 'On',
  waiting: 'Waiting',
  failed: 'Failed',
};

/** "2.4 s behind"; within a second it is right. */
export function clockWords(ahead: number | null): string {
  if (!known(ahead)) return NOT_KNOWN;
  if (Math.abs(ahead) < 1) return 'right';
  return `${formatDuration(Math.abs(ahead))} ${ahead > 0 ? 'ahead' : 'behind'}`;
}

const CODECS: Record<string, string> = { h264: 'H.264', h265: 'H.265', mjpeg: 'MJPEG' };

export function codecName(codec: string | null): string {
  return codec === null ? '' : (CODECS[codec] ?? codec);
}

function withShare(part: number | undefined, all: number | undefined): string {
  if (!known(part)) return NOT_KNOWN;
  return known(all) && all > 0 && part > 0 ? `${formatCount(part)} (${formatShare(part / all)})` : formatCount(part);
}
