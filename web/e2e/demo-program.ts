/* SPDX-License-Identifier: Apache-2.0 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/* `inveye run --demo` as a user starts it, in a folder of its own and on a free port. */

const BINARY = process.env.INVEYE_BINARY ?? fileURLToPath(new URL('../../build/inveye', import.meta.url));
const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '', '.cache'), 'inveye');
/* The first start encodes the demo film into the cache, which takes its time on a small machine. */
const START_MS = 240_000;

export type Demo = { origin: string; password: string; output: () => string; pid: number; stop: () => Promise<number | null> };

/** Why the demo cannot run here; undefined when it can. */
export function whyNoDemo(): string | undefined {
  if (!existsSync(BINARY)) return `no ${BINARY}; build it first, or set INVEYE_BINARY`;
  if (!existsSync(join(CACHE, 'vtest.avi'))) return `no vtest.avi in ${CACHE}; make setup fetches it`;
  if (!existsSync(join(DIST, 'index.html'))) return 'the dashboard is not built; npm run build';
  return undefined;
}

export function startDemo(): Promise<Demo> {
  return startProgram(['--demo']);
}

/** `inveye run` with these arguments; the folder of its data goes with it. */
export async function startProgram(what: string[]): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'inveye-e2e-'));
  const args = ['run', ...what, '--port', '0', '--data-dir', folder, '--web-dir', DIST];
  const child = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const told = new Promise<{ origin: string; password: string }>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`inveye did not start in ${START_MS} ms:\n${output}`)), START_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const origin = /InvEye is running: (\S+)/.exec(output)?.[1];
      const password = /with the password (\S+)/.exec(output)?.[1];
      if (!origin || !password) return;
      clearTimeout(timer);
      resolve({ origin, password });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`inveye ended with ${code}:\n${output}`)));
  });
  const stop = async () => {
    const code = await end(child);
    await rm(folder, { recursive: true, force: true });
    return code;
  };
  try {
    return { ...(await told), output: () => output, pid: child.pid!, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.removeAllListeners('exit');
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
    child.kill('SIGTERM');
  });
}
