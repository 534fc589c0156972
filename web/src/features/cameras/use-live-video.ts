/* SPDX-License-Identifier: Apache-2.0 */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { ApiProblem, problemText } from '@/lib/api/problem.ts';
import { canPlayMse, NotPlayable, watchMse } from './mse.ts';
import { captureTime, openWhep } from './whep.ts';

/* Live video, opened again when it is lost: by WebRTC, or where that finds no way or can't play the stream, as
 * fragmented MP4. What can't be played at all is told with what to do about it, and asked for again seldom:
 * somebody may have changed the camera meanwhile. */

export type LiveState =
  /** Not wanted, or this browser or login can't. */
  | 'off'
  | 'connecting'
  | 'playing'
  /** It broke off, or can't be had now: tried again. */
  | 'lost'
  /** The server says why it can't be played. */
  | 'refused';

export type LiveVideo = { state: LiveState; reason: string | null };
export const NO_VIDEO: LiveVideo = { state: 'off', reason: null };

/** From the answer to a way to the server; none is found where a firewall keeps UDP and TCP away. */
const NO_WAY_MS = 5000;
/** So long nobody tries WebRTC again where it found no way. */
const NO_WAY_AGAIN_MS = 300_000;
/** From the answer to the first picture; a camera may send one keyframe in some seconds. */
const FIRST_PICTURE_MS = 15_000;
/** Without a picture for so long, stills take over; the connection is given the rest of the time. */
const STALL_MS = 3000;
const GIVE_UP_MS = 12_000;
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15_000] as const;
const REFUSED_AGAIN_MS = 60_000;

type Options = {
  /** WHEP. */
  path: string;
  msePath: string;
  running: boolean;
  video: RefObject<HTMLVideoElement | null>;
  /** A new picture is on screen; when it was taken, null where the browser does not say. */
  onShown: (ts: number | null) => void;
};

export function canPlayLive(): boolean {
  return (canPlayWebRtc() || canPlayMse()) && 'requestVideoFrameCallback' in HTMLVideoElement.prototype;
}

function canPlayWebRtc(): boolean {
  return typeof RTCPeerConnection === 'function';
}

/** Until when WebRTC is not tried, for all cameras of the page: what keeps it away is not theirs. */
let noWayUntil = 0;

/** For tests: WebRTC may be tried again. */
export function forgetNoWay(): void {
  noWayUntil = 0;
}

export function useLiveVideo({ path, msePath, running, video, onShown }: Options): LiveVideo {
  const [live, setLive] = useState(NO_VIDEO);
  const shown = useRef(onShown);
  useEffect(() => {
    shown.current = onShown;
  });
  const wanted = running && canPlayLive();

  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    const tell = (state: LiveState, reason: string | null = null) =>
      setLive((old) => (old.state === state && old.reason === reason ? old : { state, reason }));
    const run = async () => {
      for (let failures = 0; !stop.signal.aborted;) {
        const element = video.current;
        if (!element) return;
        if (failures === 0) tell('connecting');
        const fault = await watchSomehow({ path, msePath }, element, stop.signal, {
          onPicture: (ts) => {
            failures = 0;
            tell('playing');
            shown.current(ts);
          },
          onStall: () => tell('lost', 'No picture has come for a while.'),
        });
        if (stop.signal.aborted) return;
        const final = isFinal(fault);
        tell(final ? 'refused' : 'lost', fault === null ? null : problemText(fault));
        await sleep(final ? REFUSED_AGAIN_MS : RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]!, stop.signal);
        failures++;
      }
    };
    void run();
    return () => {
      stop.abort();
      tell('off');
    };
  }, [path, msePath, wanted, video]);

  return wanted ? live : NO_VIDEO;
}

/** The camera's stream can't be played, or this login may not: asking again at once changes nothing. */
function isFinal(fault: unknown): boolean {
  return fault instanceof NotPlayable || isRefusal(fault);
}

function isRefusal(fault: unknown): boolean {
  return fault instanceof ApiProblem && fault.status >= 400 && fault.status < 500;
}

/** WebRTC has no way to the server. */
class NoWay extends Error {}

/** By WebRTC, else as fragmented MP4. Resolves as `watch` does; of two faults with the one that says more. */
async function watchSomehow(
  { path, msePath }: { path: string; msePath: string },
  video: HTMLVideoElement,
  signal: AbortSignal,
  told: Watch,
): Promise<unknown> {
  let fault: unknown = null;
  if (canPlayWebRtc() && (performance.now() >= noWayUntil || !canPlayMse())) {
    fault = await watch(path, video, signal, told);
    if (fault instanceof NoWay) noWayUntil = performance.now() + NO_WAY_AGAIN_MS;
    const helps = fault instanceof NoWay || (isRefusal(fault) && (fault as ApiProblem).status === 409);
    if (!helps || !canPlayMse() || signal.aborted) return fault instanceof NoWay ? null : fault;
  }
  const second = await watchByMse(msePath, video, signal, told);
  return second instanceof NotPlayable && isRefusal(fault) ? fault : second;
}

/** Like `watch`, with a look at whether pictures come. */
async function watchByMse(path: string, video: HTMLVideoElement, outer: AbortSignal, told: Watch): Promise<unknown> {
  const end = new AbortController();
  let last = performance.now();
  let patience = FIRST_PICTURE_MS;
  const timer = setInterval(() => {
    const silent = performance.now() - last;
    if (patience !== FIRST_PICTURE_MS && silent > STALL_MS) told.onStall();
    if (silent > patience) end.abort();
  }, 500);
  try {
    await watchMse(path, video, AbortSignal.any([outer, end.signal]), (ts) => {
      last = performance.now();
      patience = GIVE_UP_MS;
      told.onPicture(ts);
    });
    return null;
  } catch (fault) {
    return end.signal.aborted ? null : fault;
  } finally {
    clearInterval(timer);
  }
}

type Watch = { onPicture: (ts: number | null) => void; onStall: () => void };

/** Resolves when it is over: with the reason, or null when the connection broke off. Never rejects. */
async function watch(path: string, video: HTMLVideoElement, outer: AbortSignal, told: Watch): Promise<unknown> {
  const end = new AbortController();
  const signal = AbortSignal.any([outer, end.signal]);
  try {
    const { connection } = await openWhep(path, signal, (stream) => {
      video.srcObject = stream;
      void video.play().catch(() => {});
    });
    await untilOver(connection, video, signal, told);
    return null;
  } catch (fault) {
    return fault;
  } finally {
    end.abort();
    video.srcObject = null;
  }
}

function untilOver(
  connection: RTCPeerConnection,
  video: HTMLVideoElement,
  signal: AbortSignal,
  told: Watch,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let last: number | null = null;
    let connected = false;
    const began = performance.now();
    const onFrame = (_now: number, frame: VideoFrameCallbackMetadata) => {
      if (signal.aborted) return;
      last = performance.now();
      told.onPicture(frame.rtpTimestamp === undefined ? null : captureTime(frame.rtpTimestamp, Date.now()));
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
    const look = () => {
      const silent = performance.now() - (last ?? began);
      const broken = ['failed', 'closed'].includes(connection.connectionState);
      connected ||= connection.connectionState === 'connected' || last !== null;
      const noWay = !connected && (connection.connectionState === 'failed' || silent > NO_WAY_MS);
      if (noWay && !signal.aborted) {
        clearInterval(timer);
        reject(new NoWay());
      }
      if (last !== null && silent > STALL_MS) told.onStall();
      if (broken || silent > (last === null ? FIRST_PICTURE_MS : GIVE_UP_MS)) over();
    };
    const timer = setInterval(look, 500);
    const over = () => {
      clearInterval(timer);
      resolve();
    };
    connection.addEventListener('connectionstatechange', look);
    signal.addEventListener('abort', over, { once: true });
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
