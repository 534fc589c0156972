/* SPDX-License-Identifier: Apache-2.0 */
import { type RefObject, useEffect, useState } from 'react';

/** True while the element is on the screen and the tab is in front. */
export function useVisible(ref: RefObject<Element | null>): boolean {
  const [onScreen, setOnScreen] = useState(false);
  const [inFront, setInFront] = useState(() => document.visibilityState === 'visible');
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    /* A busy page gets several at once, oldest first: out and in again is in. */
    const told = (entries: IntersectionObserverEntry[]) => setOnScreen(entries.at(-1)?.isIntersecting ?? false);
    const observer = new IntersectionObserver(told, { rootMargin: '80px' });
    observer.observe(element);
    const changed = () => setInFront(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', changed);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', changed);
    };
  }, [ref]);
  return onScreen && inFront;
}
