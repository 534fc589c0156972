/* SPDX-License-Identifier: Apache-2.0 */
import { toProblem } from '@/lib/api/problem.ts';

/* One live view by WHEP: an offer goes to the server, its answer has all candidates in it. */

export type WhepView = { connection: RTCPeerConnection; close: () => void };

/** Asked for at once; without it the browser keeps pictures back to even out the network. */
const SOONEST_MS = 0;

/** Rejects with ApiProblem where the server refuses. `signal` ends it at any time, also later. */
export async function openWhep(
  path: string,
  signal: AbortSignal,
  onStream: (stream: MediaStream) => void,
): Promise<WhepView> {
  const connection = new RTCPeerConnection();
  const { receiver } = connection.addTransceiver('video', { direction: 'recvonly' });
  if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = SOONEST_MS;
  connection.ontrack = ({ track }) => onStream(new MediaStream([track]));
  let location: string | null = null;
  const close = () => {
    connection.close();
    window.removeEventListener('pagehide', close);
    if (location) void fetch(location, { method: 'DELETE', keepalive: true }).catch(() => {});
    location = null;
  };
  signal.addEventListener('abort', close, { once: true });
  window.addEventListener('pagehide', close);
  try {
    await connection.setLocalDescription();
    const { sdp, at } = await exchange(path, connection.localDescription?.sdp ?? '', signal);
    location = at;
    if (signal.aborted) close();
    signal.throwIfAborted();
    await connection.setRemoteDescription({ type: 'answer', sdp });
    return { connection, close };
  } catch (fault) {
    close();
    throw fault;
  }
}

async function exchange(path: string, offer: string, signal: AbortSignal): Promise<{ sdp: string; at: string | null }> {
  const headers = { 'Content-Type': 'application/sdp' };
  const response = await fetch(path, { method: 'POST', headers, body: offer, signal });
  if (!response.ok) throw toProblem(response.status, await response.json().catch(() => null));
  return { sdp: await response.text(), at: response.headers.get('Location') };
}

const RTP_CLOCK = 90; // ticks per ms
const RTP_TURN = 2 ** 32;

/** When a picture was taken (ms since 1970), from its RTP timestamp, which comes round every 13 h: the
 *  time nearest to `now` that fits. */
export function captureTime(rtp: number, now: number): number {
  const turns = Math.round((now * RTP_CLOCK - rtp) / RTP_TURN);
  return (turns * RTP_TURN + rtp) / RTP_CLOCK;
}
