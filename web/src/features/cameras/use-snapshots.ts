/* SPDX-License-Identifier: Apache-2.0 */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { toProblem } from '@/lib/api/problem.ts';

/* Still pictures one after the other: the next is asked for when the last has come, so that a slow
 * line gets fewer pictures and never a queue. */

export type SnapshotState = 'waiting' | 'running' | 'failing';

/** A server that hangs must not leave an old picture standing as if it were live. */
const LONGEST_MS = 10_000;
const RETRY_MS = [500, 1000, 2000, 4000] as const;

type Options = {
  path: string;
  fps: number;
  running: boolean;
  image: RefObject<HTMLImageElement | null>;
  /** A new picture is on screen; `ts` is when it was taken, null where the server does not say. */
  onShown: (ts: number | null) => void;
};

export function useSnapshots({ path, fps, running, image, onShown }: Options): {
  state: SnapshotState;
  error: unknown;
} {
  const [state, setState] = useState<SnapshotState>('waiting');
  const [error, setError] = useState<unknown>(null);
  const shown = useRef(onShown);
  useEffect(() => {
    shown.current = onShown;
  });

  useEffect(() => {
    if (!running) return;
    const stop = new AbortController();
    const put = async (url: string, ts: number | null) => {
      const element = image.current;
      if (!element) return;
      const old = element.src;
      element.src = url;
      await element.decode().catch(() => {});
      if (old.startsWith('blob:')) URL.revokeObjectURL(old);
      shown.current(ts);
    };
    const run = async () => {
      for (let failures = 0; !stop.signal.aborted;) {
        const began = performance.now();
        try {
          const { url, ts } = await fetchStill(path, AbortSignal.any([stop.signal, AbortSignal.timeout(LONGEST_MS)]));
          await put(url, ts);
          failures = 0;
          setState('running');
          setError(null);
        } catch (fault) {
          if (stop.signal.aborted) return;
          setState('failing');
          setError(fault);
          failures = Math.min(failures + 1, RETRY_MS.length);
        }
        const pause = failures > 0 ? RETRY_MS[failures - 1]! : 1000 / fps - (performance.now() - began);
        await sleep(Math.max(10, pause), stop.signal);
      }
    };
    void run();
    return () => stop.abort();
  }, [path, fps, running, image]);

  return { state, error };
}

export async function fetchStill(path: string, signal?: AbortSignal): Promise<{ url: string; ts: number | null }> {
  const response = await fetch(path, { cache: 'no-store', signal: signal ?? null });
  if (!response.ok) throw toProblem(response.status, await response.json().catch(() => null));
  const url = URL.createObjectURL(await response.blob());
  return { url, ts: frameTime(response) };
}

function frameTime(response: Response): number | null {
  const at = Date.parse(response.headers.get('X-Frame-Ts') ?? '');
  return Number.isNaN(at) ? null : at;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
