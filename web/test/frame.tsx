/* SPDX-License-Identifier: Apache-2.0 */
import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { ToastRegion } from '@/components/toast.tsx';
import type { Schemas } from '@/lib/api/client.ts';
import { ME_KEY, makeQueryClient } from '@/lib/api/query-client.ts';
import { StoreContext } from '@/lib/api/stores.ts';
import { LiveSocket, type SocketLike } from '@/lib/live/live-socket.ts';
import { LiveContext } from '@/lib/live/use-topic.ts';
import { MockWorld } from '../e2e/mock/mock-world.ts';

/* What stands around a component in the program, with a world in memory behind `fetch`. */

export class FakeLink implements SocketLike {
  readyState = 1;
  onopen: SocketLike['onopen'] = null;
  onclose: SocketLike['onclose'] = null;
  onmessage: SocketLike['onmessage'] = null;
  send() {}
  close() {}
  say(topic: string, type: 'snapshot' | 'update', seq: number, data: unknown) {
    const text = JSON.stringify({ topic, type, seq, epoch: 'e', ts: new Date().toISOString(), data });
    this.onmessage?.(new MessageEvent('message', { data: text }));
  }
  lose() {
    this.onclose?.(new Event('close') as CloseEvent);
  }
}

export type Answerer = (path: string, request: Request) => { status: number; body?: unknown } | undefined;

export function show(
  node: ReactNode,
  {
    path = '/stores/mock/overview',
    answer,
    simulated = false,
  }: { path?: string; answer?: Answerer; simulated?: boolean } = {},
) {
  const world = new MockWorld();
  world.stores[0]!.simulated = simulated;
  const client = makeQueryClient();
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  client.setQueryData(ME_KEY, world.me);
  const link = new FakeLink();
  const live = new LiveSocket({ open: () => link });
  live.start();
  link.onopen?.(new Event('open'));
  const location = memoryLocation({ path, record: true });
  globalThis.fetch = (input) => respond(world, input as Request, answer);
  const ui = (
    <Router hook={location.hook} searchHook={location.searchHook}>
      <QueryClientProvider client={client}>
        <LiveContext value={live}>
          <StoreContext value={world.stores[0]!}>
            <ToastRegion>{node}</ToastRegion>
          </StoreContext>
        </LiveContext>
      </QueryClientProvider>
    </Router>
  );
  return { ...render(ui), world, link, client, location };
}

async function respond(world: MockWorld, request: Request, answer?: Answerer): Promise<Response> {
  const url = new URL(typeof request === 'string' ? request : request.url, 'http://mock');
  const path = url.pathname.replace('/api/v1', '');
  const text = typeof request === 'string' ? '' : await request.text();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  const own = answer?.(path, request);
  const method = typeof request === 'string' ? 'GET' : request.method;
  const ifMatch = typeof request === 'string' ? undefined : (request.headers.get('If-Match') ?? undefined);
  if (!own && path.endsWith('.jpg'))
    return new Response(new Blob(['jpeg']), { headers: { 'X-Frame-Ts': new Date().toISOString() } });
  const { status, body: out } = own ?? world.answer(method, path, url.searchParams, body, ifMatch);
  return new Response(out === undefined ? null : JSON.stringify(out), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });
}

export function refused(status: number, detail: string): { status: number; body: Schemas['Problem'] } {
  return { status, body: { type: 'urn:inveye:problem:test', title: 'Refused', status, detail } };
}
