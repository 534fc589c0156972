/* SPDX-License-Identifier: Apache-2.0 */
import { act, cleanup, render } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetNoWay, type LiveVideo, useLiveVideo } from './use-live-video.ts';

/* The browser's part is played: what is tested is what follows from what it says. */

class FakeConnection extends EventTarget {
  static all: FakeConnection[] = [];
  connectionState = 'new';
  localDescription = { sdp: 'offer' };
  ontrack: ((event: { track: unknown }) => void) | null = null;
  constructor() {
    super();
    FakeConnection.all.push(this);
  }
  addTransceiver = () => ({ receiver: {} });
  setLocalDescription = () => Promise.resolve();
  setRemoteDescription = () => {
    this.ontrack?.({ track: {} });
    return Promise.resolve();
  };
  close = () => {
    this.connectionState = 'closed';
  };
  fail() {
    this.connectionState = 'failed';
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}

type Frame = (now: number, frame: { rtpTimestamp?: number }) => void;
let nextFrame: Frame | null = null;
let asked: { method: string; path: string }[] = [];
let answers: (() => Response)[] = [];
let live: LiveVideo = { state: 'off', reason: null };
let shown: (number | null)[] = [];

const good = () => new Response('answer', { status: 201, headers: { Location: '/whep/1' } });
const refusal = () => Response.json({ title: 'No', detail: 'Switch B-frames off.' }, { status: 409 });
const down = () => {
  throw new TypeError('fetch failed');
};

beforeEach(() => {
  vi.useFakeTimers();
  FakeConnection.all = [];
  forgetNoWay();
  nextFrame = null;
  asked = [];
  answers = [];
  shown = [];
  vi.stubGlobal('RTCPeerConnection', FakeConnection);
  vi.stubGlobal('MediaStream', class {});
  vi.stubGlobal('fetch', (path: string, { method }: { method: string }) => {
    asked.push({ method, path });
    if (method === 'DELETE') return Promise.resolve(new Response(null, { status: 204 }));
    return Promise.resolve().then(answers.shift() ?? good);
  });
  Object.assign(HTMLVideoElement.prototype, {
    requestVideoFrameCallback: (call: Frame) => (nextFrame = call),
    play: () => Promise.resolve(),
  });
  Object.defineProperty(HTMLVideoElement.prototype, 'srcObject', { writable: true, configurable: true, value: null });
});
afterEach(() => {
  cleanup(); // which tells the server: while its part is played
  vi.unstubAllGlobals();
  vi.useRealTimers();
  for (const name of ['requestVideoFrameCallback', 'play', 'srcObject'] as const)
    delete (HTMLVideoElement.prototype as Partial<HTMLVideoElement>)[name];
});

function Player({ running = true }: { running?: boolean }) {
  const video = useRef<HTMLVideoElement>(null);
  live = useLiveVideo({ path: '/whep', msePath: '/mse', running, video, onShown: (ts) => shown.push(ts) });
  return <video ref={video} muted />;
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const picture = () => act(() => nextFrame?.(0, { rtpTimestamp: (Date.now() * 90) % 2 ** 32 }));
const posts = () => asked.filter(({ method }) => method === 'POST').length;

/* What of MSE matters here: that it is asked for, what is appended, and that it ends. */
class FakeSocket {
  static all: FakeSocket[] = [];
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;
  readonly url: string;
  constructor(url: URL) {
    this.url = String(url);
    FakeSocket.all.push(this);
  }
  close() {
    this.closed = true;
  }
}

class FakeSource extends EventTarget {
  static supported = true;
  static isTypeSupported = () => FakeSource.supported;
  readyState = 'open';
  appended = 0;
  addSourceBuffer() {
    const buffer = Object.assign(new EventTarget(), {
      updating: false,
      buffered: { length: 0, start: () => 0, end: () => 0 },
      appendBuffer: () => {
        this.appended++;
        queueMicrotask(() => buffer.dispatchEvent(new Event('updateend')));
      },
    });
    return buffer;
  }
}

function withMse(supported = true) {
  FakeSocket.all = [];
  FakeSource.supported = supported;
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('MediaSource', FakeSource);
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => {} }));
}

const view = () => Response.json({ type: 'video/mp4; codecs="avc1.64001f"', socket: '/api/v1/mse/7' }, { status: 201 });
const mediaPicture = (mediaTime: number) => act(() => nextFrame?.(0, { mediaTime } as never));

describe('useLiveVideo by MSE', () => {
  it('takes over where WebRTC cannot play the stream, and tells when pictures were taken', async () => {
    withMse();
    answers = [refusal, view];
    render(<Player />);
    await pass(10);
    expect(asked.map(({ path }) => path)).toEqual(['/whep', '/mse']);
    expect(FakeSocket.all[0]!.url).toContain('ws://');
    const begin = new ArrayBuffer(16 + 4 + 8);
    new DataView(begin).setUint16(2, 4);
    new DataView(begin).setBigInt64(8, 1_000_000_000n);
    act(() => FakeSocket.all[0]!.onmessage?.({ data: begin }));
    mediaPicture(10);
    expect(live.state).toBe('playing');
    expect(shown).toEqual([1_010_000]);
  });

  it('says why where this browser plays neither', async () => {
    withMse(false);
    answers = [refusal, view];
    render(<Player />);
    await pass(10);
    expect(live).toEqual({ state: 'refused', reason: 'Switch B-frames off.' });
  });

  it('takes over where WebRTC finds no way, and ends with the page', async () => {
    withMse();
    answers = [good, view];
    const { unmount } = render(<Player />);
    await pass(10);
    act(() => FakeConnection.all[0]!.fail());
    await pass(10);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /whep', 'DELETE /whep/1', 'POST /mse']);
    unmount();
    await pass(10);
    expect(FakeSocket.all[0]!.closed).toBe(true);
  });
});

describe('useLiveVideo', () => {
  it('connects, plays, and tells when each picture was taken', async () => {
    render(<Player />);
    expect(live.state).toBe('connecting');
    await pass(10);
    picture();
    expect(live.state).toBe('playing');
    expect(Math.abs(shown[0]! - Date.now())).toBeLessThan(1);
  });

  it('ends the view on the server when it is not wanted any more', async () => {
    const { rerender } = render(<Player />);
    await pass(10);
    picture();
    rerender(<Player running={false} />);
    await pass(10);
    expect(live.state).toBe('off');
    expect(FakeConnection.all[0]!.connectionState).toBe('closed');
    expect(asked).toEqual([
      { method: 'POST', path: '/whep' },
      { method: 'DELETE', path: '/whep/1' },
    ]);
  });

  it('says why a stream cannot be played, and asks again seldom', async () => {
    answers = [refusal, refusal];
    render(<Player />);
    await pass(10);
    expect(live).toEqual({ state: 'refused', reason: 'Switch B-frames off.' });
    await pass(50_000);
    expect(posts()).toBe(1);
    await pass(20_000);
    expect(posts()).toBe(2);
    expect(live.state).toBe('refused');
  });

  it('tries again and again while the server is away, less and less often', async () => {
    answers = Array.from({ length: 40 }, () => down);
    render(<Player />);
    await pass(10);
    expect(live.state).toBe('lost');
    expect(live.reason).toContain('cannot be reached');
    await pass(8000);
    expect(posts()).toBe(5);
    answers = [];
    await pass(8000);
    picture();
    expect(live).toEqual({ state: 'playing', reason: null });
  });

  it('opens it again when the connection breaks off', async () => {
    render(<Player />);
    await pass(10);
    picture();
    act(() => FakeConnection.all[0]!.fail());
    await pass(10);
    expect(live.state).toBe('lost');
    await pass(600);
    expect(FakeConnection.all).toHaveLength(2);
    picture();
    expect(live.state).toBe('playing');
  });

  it('calls pictures that stay away lost, and gives the connection up after a while', async () => {
    render(<Player />);
    await pass(10);
    picture();
    await pass(4000);
    expect(live.state).toBe('lost');
    expect(posts()).toBe(1);
    picture();
    expect(live.state).toBe('playing');
    await pass(14_000);
    expect(posts()).toBe(2);
  });

  it('does nothing in a browser without WebRTC', async () => {
    vi.stubGlobal('RTCPeerConnection', undefined);
    render(<Player />);
    await pass(1000);
    expect(live.state).toBe('off');
    expect(asked).toEqual([]);
  });
});
