/* SPDX-License-Identifier: Apache-2.0 */
import { useRef, useState } from 'react';
import type { Span } from '../playback/timeline-scale.ts';
import type { Clip } from './clip-queries.ts';
import { minuteAround } from './clip-span.ts';

/** Saving a clip at the recordings: first its span is chosen, then those that were asked for are shown. */
export type ClipChoice = {
  open: boolean;
  /** The span that is being chosen; null: none is. */
  span: Span | null;
  /** Ids of what was asked for, while it is in sight. */
  asked: readonly Clip['id'][];
  /** Once after it was closed: what opens it takes the focus again. */
  givesFocus: () => boolean;
  choose: (span: Span) => void;
  begin: (at: number) => void;
  ask: (ids: readonly Clip['id'][]) => void;
  close: () => void;
};

export function useClipChoice(): ClipChoice {
  const [span, setSpan] = useState<Span | null>(null);
  const [asked, setAsked] = useState<readonly Clip['id'][]>([]);
  const closed = useRef(false);
  return {
    open: span !== null || asked.length > 0,
    ...{ span, asked },
    givesFocus: () => {
      const gives = closed.current;
      closed.current = false;
      return gives;
    },
    choose: setSpan,
    begin: (at) => {
      setSpan(minuteAround(at, Date.now()));
      setAsked([]);
    },
    ask: (ids) => {
      setSpan(null);
      setAsked(ids);
    },
    close: () => {
      setSpan(null);
      setAsked([]);
      closed.current = true;
    },
  };
}
