/* SPDX-License-Identifier: Apache-2.0 */
import { createContext, useCallback, useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import type { LinkStatus, LiveSocket } from './live-socket.ts';
import { emptyTopic, type TopicMessage, type TopicState } from './topic-state.ts';

export const LiveContext = createContext<LiveSocket | null>(null);

function useLive(): LiveSocket {
  const live = useContext(LiveContext);
  if (!live) throw new Error('LiveContext is missing above this component');
  return live;
}

export function useLinkStatus(): LinkStatus {
  const live = useLive();
  return useSyncExternalStore(live.onStatus, live.getStatus);
}

/** Newest state of a topic; null as the name listens to nothing. */
export function useTopic(name: string | null): TopicState {
  const live = useLive();
  const subscribe = useCallback(
    (changed: () => void) => (name === null ? () => {} : live.subscribe(name, changed)),
    [live, name],
  );
  return useSyncExternalStore(subscribe, () => (name === null ? emptyTopic : live.getTopic(name)));
}

/** Calls back on every message of a topic without rendering; for pictures drawn on a canvas. */
export function useTopicMessages(name: string | null, onMessage: (message: TopicMessage) => void): void {
  const live = useLive();
  const latest = useRef(onMessage);
  useEffect(() => {
    latest.current = onMessage;
  });
  useEffect(() => {
    if (name === null) return;
    return live.subscribe(name, (message) => {
      if (message) latest.current(message);
    });
  }, [live, name]);
}
