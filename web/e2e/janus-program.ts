/* SPDX-License-Identifier: Apache-2.0 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/* Debian's janus with one RTSP camera, to be measured beside. JANUS_ROOT is where its packages were
 * unpacked, where they are not installed. */

const ROOT = process.env.JANUS_ROOT ?? '/';
const BINARY = join(ROOT, 'usr/bin/janus');
const LIBRARIES = join(ROOT, 'usr/lib/x86_64-linux-gnu');

export const hasJanus = existsSync(BINARY);

export type Janus = { child: ChildProcess; url: string; stop: () => Promise<void> };

export async function startJanus(camera: string): Promise<Janus> {
  const folder = await mkdtemp(join(tmpdir(), 'inveye-janus-'));
  const port = await freePort();
  const at = (what: string) => join(LIBRARIES, 'janus', what);
  const files = {
    'janus.jcfg': `general: { configs_folder = "${folder}" plugins_folder = "${at('plugins')}"
      transports_folder = "${at('transports')}" events_folder = "${at('events')}"
      loggers_folder = "${at('loggers')}" debug_level = 2 }\n`,
    'janus.transport.http.jcfg': `general: { base_path = "/janus" http = true port = ${port} ip = "127.0.0.1" https = false }\n`,
    'janus.plugin.streaming.jcfg': `clock: { type = "rtsp" id = 1 audio = false video = true url = "${camera}" }\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const env = { ...process.env, LD_LIBRARY_PATH: LIBRARIES };
  const child = spawn(BINARY, ['-F', folder], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  return { child, url: `http://127.0.0.1:${port}/janus`, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
