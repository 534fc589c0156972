/* SPDX-License-Identifier: Apache-2.0 */
import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Size } from '@/lib/geometry/points.ts';

/** Size of an element in CSS pixels, 0x0 until it is laid out. */
export function useElementSize(ref: RefObject<Element | null>): Size {
  const [size, setSize] = useState<Size>({ w: 0, h: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const { width, height } = element.getBoundingClientRect();
      setSize((old) => (old.w === width && old.h === height ? old : { w: width, h: height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
