/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useState } from 'react';

/** A clock that stood still, as on a machine that slept, is noticed within a minute. */
const LONGEST_WAIT_MS = 60_000;

/** The clock, rounded down to `everyMs`; renders anew the moment it moves on. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => floor(Date.now(), everyMs));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      const left = everyMs - (Date.now() % everyMs);
      timer = setTimeout(tick, Math.min(left, LONGEST_WAIT_MS));
    };
    const tick = () => {
      setNow(floor(Date.now(), everyMs));
      wait();
    };
    wait();
    return () => clearTimeout(timer);
  }, [everyMs]);
  return now;
}

function floor(ms: number, step: number): number {
  return Math.floor(ms / step) * step;
}
