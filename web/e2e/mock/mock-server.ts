/* SPDX-License-Identifier: Apache-2.0 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Schemas } from '../../src/lib/api/client.ts';
import type { MockWorld } from './mock-world.ts';

/* A server that speaks the API out of a world in memory, for browser tests of states that a real
 * one seldom shows: errors, empty stores, lost links, conflicts. Types keep it true to the API. */

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const MIME: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/* As the real server sends it, so that a page that breaks it fails here too. */
const PAGE_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const CLIP = { 'Content-Type': 'video/mp4', 'Content-Disposition': 'attachment; filename="entrance.mp4"' };
const COOKIE = 'inveye_session=mock';

type Answer = { status: number; body?: unknown; headers?: Record<string, string> };
type Topic = { seq: number; data: unknown };

export class MockServer {
  readonly world: MockWorld;
  private readonly http: Server;
  private readonly wss = new WebSocketServer({ noServer: true });
  private readonly topics = new Map<string, Topic>();
  private readonly links = new Map<WebSocket, Set<string>>();
  private readonly faults = new Map<string, number>();
  private refuseLinks = false;
  private epoch = 'mock-1';

  constructor(world: MockWorld) {
    this.world = world;
    this.http = createServer((request, response) => void this.handle(request, response));
    this.http.on('upgrade', (request, socket, head) => {
      if (this.refuseLinks || !loggedIn(request)) return void socket.destroy();
      this.wss.handleUpgrade(request, socket, head, (link) => this.join(link));
    });
  }

  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.cutLinks(true);
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  /** Answers requests whose path ends so with this status; 0 takes the fault back. */
  fail(pathEnd: string, status: number): void {
    if (status === 0) this.faults.delete(pathEnd);
    else this.faults.set(pathEnd, status);
  }

  publish(topic: string, data: unknown): void {
    const seq = (this.topics.get(topic)?.seq ?? 0) + 1;
    this.topics.set(topic, { seq, data });
    for (const [link, wanted] of this.links) if (wanted.has(topic)) this.send(link, topic, 'update');
  }

  /** As if a message had been lost on the way. */
  skip(topic: string): void {
    const old = this.topics.get(topic);
    if (old) old.seq++;
  }

  /** Ends every WebSocket; with `refuse` no new one is taken until `takeLinks`. */
  cutLinks(refuse = false): void {
    this.refuseLinks = refuse;
    for (const link of this.links.keys()) link.terminate();
  }

  takeLinks(): void {
    this.refuseLinks = false;
  }

  private join(link: WebSocket): void {
    const wanted = new Set<string>();
    this.links.set(link, wanted);
    link.on('close', () => this.links.delete(link));
    link.on('message', (text) => {
      const command = JSON.parse(String(text)) as { subscribe?: string[]; unsubscribe?: string[] };
      command.unsubscribe?.forEach((topic) => wanted.delete(topic));
      for (const topic of command.subscribe ?? []) {
        wanted.add(topic);
        const data = this.topics.has(topic) ? undefined : this.snapshotOf(topic);
        if (data !== undefined) this.topics.set(topic, { seq: 0, data });
        if (this.topics.has(topic)) this.send(link, topic, 'snapshot');
      }
    });
  }

  private snapshotOf(topic: string): unknown {
    if (topic.endsWith('/kpi')) return this.world.live;
    if (topic.endsWith('/cameras')) return { cameras: this.world.cameras };
    if (topic.endsWith('/events')) return { events: [] };
    return undefined;
  }

  private send(link: WebSocket, topic: string, type: 'snapshot' | 'update'): void {
    const { seq, data } = this.topics.get(topic)!;
    link.send(JSON.stringify({ topic, epoch: this.epoch, seq, ts: new Date().toISOString(), type, data }));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/')) return this.file(url.pathname, response);
    if (url.pathname.endsWith('/snapshot.jpg') && loggedIn(request)) return this.picture(url, response);
    if (url.pathname.endsWith('.jpg') && loggedIn(request)) return this.still(response);
    if (url.pathname.endsWith('.mp4') && loggedIn(request)) return void response.writeHead(200, CLIP).end('a clip');
    const { status, body, headers } = await this.answer(request, url);
    const type = status >= 400 ? 'application/problem+json' : 'application/json';
    response.writeHead(status, { ...(body === undefined ? {} : { 'Content-Type': type }), ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  private async answer(request: IncomingMessage, url: URL): Promise<Answer> {
    const fault = [...this.faults].find(([end]) => url.pathname.endsWith(end));
    if (fault) return problem(fault[1], 'The mock was told to fail here.');
    const path = url.pathname.replace('/api/v1', '');
    const text = await bodyText(request);
    if (path.endsWith('/playlist.m3u8') && loggedIn(request)) return this.playlist();
    if (/\/(whep|mse)$/.test(path) && loggedIn(request)) return problem(409, this.world.notPlayable);
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    if (path === '/login') return this.login(body);
    if (!loggedIn(request)) return problem(401, 'Log in and try again.');
    if (path === '/logout') return { status: 204, headers: { 'Set-Cookie': 'inveye_session=; Max-Age=0; Path=/' } };
    return this.world.answer(request.method ?? 'GET', path, url.searchParams, body, request.headers['if-match']);
  }

  /** The mock has no video, and it is not for all. */
  private playlist(): Answer {
    if (this.world.me.permissions.includes('people.see')) return problem(404, 'Nothing was recorded in this time.');
    return problem(403, 'Recordings show people as they are, and your role sees them only blurred (permission people.see).');
  }

  private login({ username, password }: Record<string, unknown>): Answer {
    if (username !== 'admin' || password !== 'mock password') return problem(401, 'User name or password is wrong.');
    return {
      status: 200,
      body: { user: this.world.me },
      headers: { 'Set-Cookie': `${COOKIE}; HttpOnly; SameSite=Lax; Path=/` },
    };
  }

  /** A picture of an event. */
  private still(response: ServerResponse): void {
    const still = this.world.picture('entrance');
    response.writeHead(still ? 200 : 404, { 'Content-Type': 'image/jpeg' }).end(still?.jpeg);
  }

  private picture(url: URL, response: ServerResponse): void {
    const camera = url.pathname.split('/').at(-2) ?? '';
    const still = this.world.picture(camera);
    if (!still || this.faults.has('/snapshot.jpg')) {
      const body: Schemas['Problem'] = {
        type: 'urn:inveye:problem:busy',
        title: 'No picture',
        status: 503,
        detail: 'Nothing decoded yet.',
      };
      response.writeHead(503, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(body));
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'image/jpeg',
      'Cache-Control': 'no-store',
      'X-Frame-Ts': new Date(still.ts).toISOString(),
    });
    response.end(still.jpeg);
  }

  private async file(path: string, response: ServerResponse): Promise<void> {
    const name = extname(path) ? normalize(path) : '/index.html';
    try {
      const bytes = await readFile(join(DIST, name));
      const type = MIME[extname(name)] ?? 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': PAGE_POLICY }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }
}

export function problem(status: number, detail: string): Answer {
  return {
    status,
    body: { type: 'urn:inveye:problem:mock', title: 'Refused', status, detail } satisfies Schemas['Problem'],
  };
}

function loggedIn(request: IncomingMessage): boolean {
  return request.headers.cookie?.includes(COOKIE) ?? false;
}

async function bodyText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
