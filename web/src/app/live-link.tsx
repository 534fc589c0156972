/* SPDX-License-Identifier: Apache-2.0 */
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { ME_KEY, refetchTopic } from '@/lib/api/query-client.ts';
import { LiveSocket } from '@/lib/live/live-socket.ts';
import { LiveContext } from '@/lib/live/use-topic.ts';

/** Keeps the one WebSocket open while somebody is logged in. */
export function LiveLink({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live] = useState(
    () =>
      new LiveSocket({
        open: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/ws`),
        onGap: (topic) => refetchTopic(client, topic),
        onRefused: () => void client.invalidateQueries({ queryKey: ME_KEY }),
      }),
  );
  useEffect(() => {
    const again = () => document.visibilityState === 'visible' && live.retryNow();
    live.start();
    window.addEventListener('online', again);
    document.addEventListener('visibilitychange', again);
    return () => {
      window.removeEventListener('online', again);
      document.removeEventListener('visibilitychange', again);
      live.stop();
    };
  }, [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}
