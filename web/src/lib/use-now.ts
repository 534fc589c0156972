/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useState } from 'react';

/** The clock, rounded down to `everyMs`; renders anew when it moves on. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => floor(Date.now(), everyMs));
  useEffect(() => {
    const timer = setInterval(() => setNow(floor(Date.now(), everyMs)), Math.min(everyMs, 60_000));
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

function floor(ms: number, step: number): number {
  return Math.floor(ms / step) * step;
}
