/* SPDX-License-Identifier: Apache-2.0 */
import { type RefObject, useEffect, useState } from 'react';

/** Whether the element is shown on the whole screen, and how to change it; null where browsers can't. */
export function useFullScreen(element: RefObject<HTMLElement | null>): [full: boolean, toggle: (() => void) | null] {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const changed = () => setFull(element.current !== null && document.fullscreenElement === element.current);
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  }, [element]);
  const toggle = () => {
    const done = full ? document.exitFullscreen() : element.current?.requestFullscreen();
    done?.catch(() => {});
  };
  return [full, document.fullscreenEnabled ? toggle : null];
}
