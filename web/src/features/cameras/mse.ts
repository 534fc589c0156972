/* SPDX-License-Identifier: Apache-2.0 */
import { toProblem } from '@/lib/api/problem.ts';
import { MsePlayer } from './mse-player.ts';

/* One live view as fragmented MP4 over a WebSocket, played by Media Source Extensions: where WebRTC finds no
 * way, or can't play the stream (B-frames, H.265). */

export function canPlayMse(): boolean {
  return typeof MediaSource === 'function' && typeof WebSocket === 'function';
}

/** This browser does not play what the camera sends. */
export class NotPlayable extends Error {}

type Offer = { type: string; socket: string };

async function ask(path: string, signal: AbortSignal): Promise<Offer> {
  const response = await fetch(path, { method: 'POST', signal });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toProblem(response.status, body);
  return body as Offer;
}

/** "hvc1.1.6.L93.B0" is H.265. */
function wordOf(type: string): string {
  return /codecs="(hvc1|hev1)/.test(type) ? 'H.265' : `this kind of H.264 (${/"(.*)"/.exec(type)?.[1] ?? type})`;
}

/**
 * Plays until `signal` ends it. Resolves when the connection broke off; rejects with ApiProblem where the server
 * refuses, and with NotPlayable where this browser can't. `onPicture` is told when each picture was taken.
 */
export async function watchMse(
  path: string,
  video: HTMLVideoElement,
  signal: AbortSignal,
  onPicture: (ts: number) => void,
): Promise<void> {
  const { type, socket: address } = await ask(path, signal);
  signal.throwIfAborted();
  if (!MediaSource.isTypeSupported(type)) throw new NotPlayable(`This browser does not play ${wordOf(type)} live.`);
  const socket = new WebSocket(new URL(address, window.location.href.replace(/^http/, 'ws')));
  socket.binaryType = 'arraybuffer';
  const player = new MsePlayer(video, onPicture);
  try {
    await until(socket, player, signal);
  } finally {
    socket.close();
    player.close();
  }
}

function until(socket: WebSocket, player: MsePlayer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => player.take(data);
    socket.onclose = () => resolve();
    socket.onerror = () => resolve();
    player.onFault = (fault) => reject(fault);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
