/* SPDX-License-Identifier: Apache-2.0 */

import type { watchMse } from '../src/features/cameras/mse.ts';

/* What runs in the page while live video is measured: each function whole in itself, for it travels as
 * text. */

export type Source = { kind: 'whep' | 'mse' | 'janus'; url: string };
export type Times = { posted: number; first: number; delays: number[] };

/** Offers to `window` how one connects: to a video element, or to none, when nobody looks. Each gives back how
 *  to end it. `mse` needs the dashboard's own player in `window.player` (mse.ts). */
export function prepare(): void {
  const post = async (url: string, body: unknown): Promise<Record<string, never>> => {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, never>;
  };
  const transaction = () => Math.random().toString(36).slice(2);

  const connectionTo = (video: HTMLVideoElement | null) => {
    const connection = new RTCPeerConnection();
    if (video) connection.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
    return connection;
  };

  const whep: Connect = async (url, video) => {
    const connection = connectionTo(video);
    const { receiver } = connection.addTransceiver('video', { direction: 'recvonly' });
    receiver.jitterBufferTarget = 0;
    await connection.setLocalDescription();
    const headers = { 'Content-Type': 'application/sdp' };
    const answer = await fetch(url, { method: 'POST', headers, body: connection.localDescription!.sdp });
    if (answer.status !== 201) throw new Error(await answer.text());
    await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
    return async () => {
      connection.close();
      await fetch(answer.headers.get('Location')!, { method: 'DELETE' });
    };
  };

  const mse: Connect = async (url, video) => {
    const ended = new AbortController();
    if (video) {
      void window.player.watchMse(url, video, ended.signal, () => {});
      return async () => ended.abort();
    }
    const { socket } = (await (await fetch(url, { method: 'POST' })).json()) as { socket: string };
    const pieces = new WebSocket(new URL(socket, window.location.href.replace(/^http/, 'ws')));
    return async () => pieces.close();
  };

  const janus: Connect = async (url, video) => {
    const connection = connectionTo(video);
    type Reply = { data: { id: number } };
    const session = (await post(url, { janus: 'create', transaction: transaction() })) as unknown as Reply;
    const at = `${url}/${session.data.id}`;
    const attach = { janus: 'attach', plugin: 'janus.plugin.streaming', transaction: transaction() };
    const handle = `${at}/${((await post(at, attach)) as unknown as Reply).data.id}`;
    await post(handle, { janus: 'message', body: { request: 'watch', id: 1 }, transaction: transaction() });
    let offer: RTCSessionDescriptionInit | undefined;
    while (!offer) offer = ((await (await fetch(at)).json()) as { jsep?: RTCSessionDescriptionInit }).jsep;
    await connection.setRemoteDescription(offer);
    for (const { receiver } of connection.getTransceivers()) receiver.jitterBufferTarget = 0;
    await connection.setLocalDescription();
    const gathered = () => connection.iceGatheringState === 'complete';
    while (!gathered()) await new Promise((resolve) => setTimeout(resolve, 5));
    const jsep = { type: 'answer', sdp: connection.localDescription!.sdp };
    await post(handle, { janus: 'message', body: { request: 'start' }, jsep, transaction: transaction() });
    return async () => {
      connection.close();
      await post(at, { janus: 'destroy', transaction: transaction() });
    };
  };
  Object.assign(window, { connectTo: { whep, mse, janus } });
}

type Connect = (url: string, video: HTMLVideoElement | null) => Promise<() => Promise<void>>;
declare global {
  interface Window {
    connectTo: Record<Source['kind'], Connect>;
    player: { watchMse: typeof watchMse };
    letGo: () => Promise<void>;
  }
}

/** Watches for some seconds as the dashboard does. */
export async function watch({ source, seconds }: { source: Source; seconds: number }): Promise<Times> {
  const BITS = 32;
  const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true, playsInline: true });
  Object.assign(video.style, { position: 'fixed', inset: '0', zIndex: '9999' });
  document.body.append(video);
  const begun = performance.now();
  const close = await window.connectTo[source.kind](source.url, video);
  const posted = performance.now() - begun;

  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const bitsOf = (pixels: Uint8ClampedArray, block: number, row: number) =>
    Array.from({ length: BITS }, (_, i) => {
      const x = Math.floor((i + 0.5) * block);
      const y = row === 0 ? block / 2 : block * 1.5;
      return pixels[(Math.floor(y) * canvas.width + x) * 4]! > 125 ? 1 : 0;
    });
  /** When the picture was made, ms modulo 2^32; null when it can't be read. */
  const madeAt = () => {
    canvas.width = video.videoWidth;
    const block = canvas.width / BITS;
    canvas.height = block * 2;
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const bits = bitsOf(data, block, 0);
    const inverted = bitsOf(data, block, 1);
    if (bits.some((bit, i) => bit === inverted[i])) return null;
    return bits.reduce<number>((number, bit) => number * 2 + bit, 0);
  };
  let first = 0;
  const delays: number[] = [];
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no picture')), seconds * 1000 + 20_000);
    const onFrame = (now: number, frame: VideoFrameCallbackMetadata) => {
      first ||= now - begun;
      const shown = performance.timeOrigin + Math.max(now, frame.expectedDisplayTime);
      const made = madeAt();
      if (made !== null) delays.push((Math.round(shown) % 2 ** 32) - made);
      if (now - begun < seconds * 1000) return video.requestVideoFrameCallback(onFrame);
      clearTimeout(timer);
      resolve();
    };
    video.requestVideoFrameCallback(onFrame);
  });
  await close();
  video.remove();
  return { posted, first, delays };
}

/** Holds so many connections, whose video nobody looks at, for some seconds. */
export async function hold({ source, viewers }: { source: Source; viewers: number }): Promise<void> {
  const held: (() => Promise<void>)[] = [];
  for (let i = 0; i < viewers; i++) held.push(await window.connectTo[source.kind](source.url, null));
  window.letGo = async () => {
    await Promise.all(held.map((end) => end()));
  };
}
