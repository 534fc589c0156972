/* SPDX-License-Identifier: Apache-2.0 */
import type { Camera } from '@/lib/api/cameras.ts';
import { formatBitrate, formatDecimal } from '@/lib/format/number.ts';
import { codecName } from './health-columns.ts';

type Stream = Camera['streams'][number];

const NAMES: Record<Stream['name'], string> = { main: 'Main', sub: 'Sub' };

/** Whether there is more to tell than the columns of the table do. */
export function hasStreamsToTell({ streams }: Camera): boolean {
  return streams.length > 1 || streams.some((stream) => hindrance(stream) !== null);
}

/** Both streams of a camera that has two, and what keeps a stream from being played live. */
export function CameraStreams({ camera }: { camera: Camera }) {
  if (!hasStreamsToTell(camera)) return null;
  const single = camera.streams.length === 1;
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-0.5 text-xs text-quiet" aria-label={`Streams of ${camera.name}`}>
      {camera.streams.map((stream) => (
        <li key={stream.name} data-stream={stream.name}>
          {!single && <span className="font-medium">{NAMES[stream.name]}: </span>}
          {single ? `It sends ${hindrance(stream)}` : describeStream(stream)}
        </li>
      ))}
    </ul>
  );
}

/** "H.264 640×360, 15.0 pictures/s, 512 kbit/s, analysed". */
export function describeStream(stream: Stream): string {
  if (stream.state === 'idle') return 'not needed now, so not read';
  const size = stream.size ? [`${codecName(stream.codec)} ${stream.size.w}×${stream.size.h}`.trim()] : [];
  const rates = stream.fps_in > 0 ? [`${formatDecimal(stream.fps_in)} pictures/s`, formatBitrate(stream.bitrate)] : [];
  const state = stream.state === 'online' ? [] : [stream.reason === '' ? stream.state : `${stream.state}: ${stream.reason}`];
  const hindered = hindrance(stream);
  return [...size, ...rates, ...(stream.analysed ? ['analysed'] : []), ...(hindered ? [hindered] : []), ...state].join(', ');
}

/** What browsers can't take by WebRTC. */
function hindrance(stream: Stream): string | null {
  if (stream.b_frames) return 'B-frames, which WebRTC can’t show';
  return /265/.test(stream.codec ?? '') ? 'H.265, which WebRTC can’t show' : null;
}
