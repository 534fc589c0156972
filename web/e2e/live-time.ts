/* SPDX-License-Identifier: Apache-2.0 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { DESKTOP, launch, logIn, until, visit, whyNoBrowser } from './browser.ts';
import { startProgram, whyNoDemo } from './demo-program.ts';
import { hasJanus, startJanus } from './janus-program.ts';
import { hold, prepare, type Source, watch } from './live-watch.ts';

/* From the moment at which a picture is made to the moment at which it is on the page (the picture
 * itself tells the first one, see bench/live_camera.c), from asking for video to the first picture, and
 * what a viewer costs the server. Where Debian's janus is there, it serves the same camera to the same
 * browser, in turns. Not a test: npm run live-time [SECONDS] [OPENINGS]. */

const CAMERA = fileURLToPath(new URL('../../build/bench/live-camera', import.meta.url));
const PICTURE = { width: 640, height: 360, fps: 15, kbit: 512 };
const TURNS = 3;
const VIEWERS = 30;
const SETTLE_S = 4; // of the browser's own beginnings that are not counted

const why = whyNoBrowser() ?? whyNoDemo();
if (why) {
  console.error(why);
  process.exit(1);
}

async function startCamera(): Promise<{ child: ChildProcess; url: string }> {
  const { width, height, fps, kbit } = PICTURE;
  const child = spawn(CAMERA, [width, height, fps, kbit].map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', (code) => reject(new Error(`the camera ended with ${code}`)));
  });
  return { child, url };
}

/* ---- what is measured ---- */

/** A server, as a page sees it and as the system does. */
type Side = { name: string; page: Page; source: Source; pid: number; delays: number[]; firsts: number[] };

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)]!);
}

async function takeTurn({ page, source, delays, firsts }: Side, seconds: number, openings: number) {
  const long = await page.evaluate(watch, { source, seconds: seconds + SETTLE_S });
  delays.push(...long.delays.slice(SETTLE_S * PICTURE.fps));
  for (let i = 0; i < openings; i++) firsts.push((await page.evaluate(watch, { source, seconds: 0 })).first);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Cores used over some seconds. */
async function load(pid: number, seconds: number): Promise<number> {
  const ticks = async () => {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  const begun = performance.now();
  const before = await ticks();
  await sleep(seconds * 1000);
  return ((await ticks()) - before) / 100 / ((performance.now() - begun) / 1000);
}

async function costOfViewer({ page, source, pid }: Side, seconds: number): Promise<number> {
  await page.evaluate(hold, { source, viewers: 1 }); // janus reads the camera only then
  await sleep(SETTLE_S * 1000);
  const few = await load(pid, seconds);
  const letGo = () => page.evaluate(() => window.letGo());
  await letGo();
  await page.evaluate(hold, { source, viewers: 1 + VIEWERS });
  await sleep(SETTLE_S * 1000);
  const many = await load(pid, seconds);
  await letGo();
  return (many - few) / VIEWERS;
}

async function measure(sides: Side[], seconds: number, openings: number) {
  for (let turn = 0; turn < TURNS; turn++)
    for (const side of sides) await takeTurn(side, Math.ceil(seconds / TURNS), Math.ceil(openings / TURNS));
  const results = [];
  for (const side of sides)
    results.push({
      server: side.name,
      pictures: side.delays.length,
      glass_p50_ms: percentile(side.delays, 0.5),
      glass_p95_ms: percentile(side.delays, 0.95),
      openings: side.firsts.length,
      first_picture_p50_ms: percentile(side.firsts, 0.5),
      first_picture_p95_ms: percentile(side.firsts, 0.95),
      cores_per_viewer: Number((await costOfViewer(side, Math.max(5, seconds / 3))).toFixed(4)),
    });
  return results;
}

/* ---- who is measured ---- */

const seconds = Number(process.argv[2] ?? 60);
const openings = Number(process.argv[3] ?? 40);
const camera = await startCamera();
const folder = await mkdtemp(join(tmpdir(), 'inveye-live-'));
const config = join(folder, 'store.yaml');
await writeFile(config, `store: {id: bench}\ncameras:\n  - {id: clock, url: "${camera.url}"}\n`);
const program = await startProgram(['--config', config]);
const browser = await launch();
const janus = hasJanus ? await startJanus(camera.url) : null;
const empty = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html>'));

/** The dashboard's player of fragmented MP4, as one script. */
async function mseScript(): Promise<string> {
  const source = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));
  const lib = { entry: source('features/cameras/mse.ts'), formats: ['iife' as const], name: 'player' };
  const resolve = { alias: { '@': source('') } };
  const made = await build({ configFile: false, logLevel: 'error', resolve, build: { write: false, lib } });
  const [bundle] = [made].flat() as Rolldown.RolldownOutput[];
  return `${bundle!.output[0].code}; window.player = player;`;
}

async function ours(kind: 'whep' | 'mse'): Promise<Side> {
  const { page } = await visit(browser, DESKTOP);
  await logIn(page, program.origin, 'admin', program.password);
  await page.goto(`${program.origin}/stores/bench/settings`);
  const cameras = `${program.origin}/api/v1/stores/bench/cameras`;
  const isOnline = async () => {
    const { cameras: list } = (await (await page.request.get(cameras)).json()) as { cameras: { state: string }[] };
    return list[0]?.state === 'online';
  };
  await until('the camera is online', isOnline);
  if (kind === 'mse') await page.evaluate(await mseScript());
  const source: Source = { kind, url: `${cameras}/clock/${kind}` };
  return { name: `inveye ${kind}`, page, source, pid: program.pid, delays: [], firsts: [] };
}

async function theirs(url: string, pid: number): Promise<Side> {
  await new Promise<void>((resolve) => empty.listen(0, '127.0.0.1', resolve));
  const { page } = await visit(browser, DESKTOP);
  await page.goto(`http://127.0.0.1:${(empty.address() as AddressInfo).port}/`);
  await until('janus answers', async () => (await page.request.get(`${url}/info`)).ok());
  return { name: 'janus', page, source: { kind: 'janus', url }, pid, delays: [], firsts: [] };
}

try {
  const sides = [await ours('whep'), await ours('mse'), ...(janus ? [await theirs(janus.url, janus.child.pid!)] : [])];
  for (const { page } of sides) await page.evaluate(prepare);
  console.log(JSON.stringify(await measure(sides, seconds, openings), null, 1));
} finally {
  await browser.close();
  await janus?.stop();
  await program.stop();
  camera.child.kill();
  empty.close();
  await rm(folder, { recursive: true });
}
