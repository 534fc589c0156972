/* SPDX-License-Identifier: Apache-2.0 */
import { type ChildProcess, spawn } from 'node:child_process';
import { link, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { DESKTOP, launch, logIn, until, visit, whyNoBrowser } from './browser.ts';
import { startProgram, whyNoDemo } from './demo-program.ts';

/* From jumping to another moment of a recorded day, in the playback screen, to its picture on the page.
 * A camera is recorded for a minute; that file, linked under other names, makes the day.
 * Not a test: npm run seek-time [SEEKS] [HOURS]. */

const CAMERA = fileURLToPath(new URL('../../build/bench/live-camera', import.meta.url));
const PICTURE = { width: 1280, height: 720, fps: 15, kbit: 2000 };
const MINUTE_S = 62; // from one file to the next: a file is cut at the keyframe after a minute
const RECORDED_MS = 90_000;

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

async function writeConfig(folder: string, url: string, mode: string): Promise<string> {
  const file = join(folder, `${mode}.yaml`);
  const recording = `{mode: ${mode}, folder: "${folder}/recordings", segment: 1 min, keep: forever}`;
  await writeFile(file, `store: {id: bench, time_zone: UTC}\nrecording: ${recording}\ncameras:\n  - {id: clock, url: "${url}", fps: 0.5}\n`);
  return file;
}

const camera = await startCamera();
const folder = await mkdtemp(join(tmpdir(), 'inveye-seek-'));
const recordings = join(folder, 'recordings');

/** Records until a file is whole; its path. */
async function recordOne(): Promise<string> {
  const program = await startProgram(['--config', await writeConfig(folder, camera.url, 'continuous')]);
  const files = async () => (await readdir(recordings, { recursive: true })).filter((f) => f.endsWith('.mp4')).toSorted();
  try {
    await until('a second file begins', async () => (await files()).length > 1, RECORDED_MS);
    const [first] = await files();
    return join(recordings, first!);
  } finally {
    await program.stop();
  }
}

/** Yesterday, so many hours of it, made of that file. */
async function makeDay(file: string, hours: number): Promise<{ from: number; n: number }> {
  const today = new Date();
  const from = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()) - 24 * 3_600_000;
  const day = join(recordings, 'clock', new Date(from).toISOString().slice(0, 10).replaceAll('-', ''));
  await mkdir(day, { recursive: true });
  const n = Math.floor((hours * 3600) / MINUTE_S);
  for (let i = 0; i < n; i++) await link(file, join(day, `${from + i * MINUTE_S * 1000}000.mp4`));
  await writeFile(join(recordings, '.inveye-recordings'), 'new');
  return { from, n };
}

/** In the page: ms from each jump to the first picture after it. */
function seek(seeks: number): Promise<number[]> {
  const video = document.querySelector('video')!;
  const one = () =>
    new Promise<number>((resolve) => {
      const begun = performance.now();
      const time = Math.random() * (video.duration - 30);
      const look: VideoFrameRequestCallback = (now, { mediaTime }) => {
        if (Math.abs(mediaTime - time) < 1) resolve(now - begun);
        else video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
      video.currentTime = time;
    });
  const all = async () => {
    const times: number[] = [];
    for (let i = 0; i < seeks; i++) times.push(await one());
    return times;
  };
  return all();
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)]!);
}

async function open(page: Page, origin: string, from: number, hours: number) {
  const at = new Date(from + (hours / 2) * 3_600_000).toISOString();
  const span = `from=${at}&to=${new Date(from + (hours / 2 + 0.1) * 3_600_000).toISOString()}`;
  const list = `${origin}/api/v1/stores/bench/cameras/clock/recordings?${span}`;
  const isListed = async () => ((await (await page.request.get(list)).json()) as { recordings: unknown[] }).recordings.length > 0;
  await until('the files are in the index', isListed, RECORDED_MS);
  const begun = performance.now();
  await page.goto(`${origin}/stores/bench/cameras/clock/recordings?at=${at}`);
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
  return Math.round(performance.now() - begun);
}

const seeks = Number(process.argv[2] ?? 100);
const hours = Number(process.argv[3] ?? 24);
const browser = await launch();
try {
  const file = await recordOne();
  const { size } = await stat(file);
  const { from, n } = await makeDay(file, hours);
  const program = await startProgram(['--config', await writeConfig(folder, camera.url, 'events')]);
  try {
    const { page } = await visit(browser, DESKTOP);
    await logIn(page, program.origin, 'admin', program.password);
    const opened = await open(page, program.origin, from, hours);
    await page.evaluate(seek, 3); // the first ones fill caches
    const times = await page.evaluate(seek, seeks);
    const p = (share: number) => percentile(times, share);
    console.log(JSON.stringify({ files: n, file_bytes: size, page_to_picture_ms: opened, seeks, p50_ms: p(0.5), p95_ms: p(0.95), most_ms: p(1) }));
  } finally {
    await program.stop();
  }
} finally {
  await browser.close();
  camera.child.kill();
  await rm(folder, { recursive: true });
}
