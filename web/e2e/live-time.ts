/* SPDX-License-Identifier: Apache-2.0 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { DESKTOP, launch, logIn, until, visit, whyNoBrowser } from './browser.ts';
import { startProgram, whyNoDemo } from './demo-program.ts';

/* From the moment at which a picture is made to the moment at which it is on the page (the picture
 * itself tells the first one, see bench/live_camera.c), and from asking for video to the first picture.
 * Not a test: npm run live-time [SECONDS] [OPENINGS]. */

const CAMERA = fileURLToPath(new URL('../../build/bench/live-camera', import.meta.url));
const PICTURE = { width: 640, height: 360, fps: 15, kbit: 512 };

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

type Times = { posted: number; first: number; delays: number[] };

/** Runs in the page: watches for some seconds as the dashboard does. */
async function watch({ path, seconds }: { path: string; seconds: number }): Promise<Times> {
  const BITS = 32;
  const connection = new RTCPeerConnection();
  const { receiver } = connection.addTransceiver('video', { direction: 'recvonly' });
  receiver.jitterBufferTarget = 0;
  const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true, playsInline: true });
  Object.assign(video.style, { position: 'fixed', inset: '0', zIndex: '9999' });
  document.body.append(video);
  connection.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
  await connection.setLocalDescription();
  const begun = performance.now();
  const headers = { 'Content-Type': 'application/sdp' };
  const answer = await fetch(path, { method: 'POST', headers, body: connection.localDescription!.sdp });
  if (answer.status !== 201) throw new Error(await answer.text());
  const posted = performance.now() - begun;
  await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() });

  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const bitsOf = (pixels: Uint8ClampedArray, block: number, row: number) =>
    Array.from({ length: BITS }, (_, i) => {
      const x = Math.floor((i + 0.5) * block);
      const y = row === 0 ? block / 2 : block * 1.5;
      return pixels[(Math.floor(y) * canvas.width + x) * 4]! > 125 ? 1 : 0;
    });
  /** When the picture was made, ms modulo 2^32; null when it can't be read. */
  const madeAt = () => {
    canvas.width = video.videoWidth;
    const block = canvas.width / BITS;
    canvas.height = block * 2;
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const bits = bitsOf(data, block, 0);
    const inverted = bitsOf(data, block, 1);
    if (bits.some((bit, i) => bit === inverted[i])) return null;
    return bits.reduce<number>((number, bit) => number * 2 + bit, 0);
  };
  let first = 0;
  const delays: number[] = [];
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no picture')), seconds * 1000 + 20_000);
    const onFrame = (now: number, frame: VideoFrameCallbackMetadata) => {
      first ||= now - begun;
      const shown = performance.timeOrigin + Math.max(now, frame.expectedDisplayTime);
      const made = madeAt();
      if (made !== null) delays.push((Math.round(shown) % 2 ** 32) - made);
      if (now - begun < seconds * 1000) return video.requestVideoFrameCallback(onFrame);
      clearTimeout(timer);
      resolve();
    };
    video.requestVideoFrameCallback(onFrame);
  });
  connection.close();
  video.remove();
  await fetch(answer.headers.get('Location')!, { method: 'DELETE' });
  return { posted, first, delays };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)]!);
}

async function measure(page: Page, path: string, seconds: number, openings: number) {
  const settled = 5; // s of the browser's own beginnings that are not counted
  const long = await page.evaluate(watch, { path, seconds: seconds + settled });
  const delays = long.delays.slice(settled * PICTURE.fps);
  const firsts: number[] = [];
  for (let i = 0; i < openings; i++) firsts.push((await page.evaluate(watch, { path, seconds: 0 })).first);
  return {
    pictures: delays.length,
    glass_p50_ms: percentile(delays, 0.5),
    glass_p95_ms: percentile(delays, 0.95),
    openings,
    first_picture_p50_ms: percentile(firsts, 0.5),
    first_picture_p95_ms: percentile(firsts, 0.95),
  };
}

const seconds = Number(process.argv[2] ?? 60);
const openings = Number(process.argv[3] ?? 40);
const camera = await startCamera();
const folder = await mkdtemp(join(tmpdir(), 'inveye-live-'));
const config = join(folder, 'store.yaml');
await writeFile(config, `store: {id: bench}\ncameras:\n  - {id: clock, url: "${camera.url}"}\n`);
const program = await startProgram(['--config', config]);
const browser = await launch();
try {
  const { page } = await visit(browser, DESKTOP);
  await logIn(page, program.origin, 'admin', program.password);
  await page.goto(`${program.origin}/stores/bench/settings`);
  const cameras = `${program.origin}/api/v1/stores/bench/cameras`;
  const isOnline = async () => {
    const { cameras: list } = (await (await page.request.get(cameras)).json()) as { cameras: { state: string }[] };
    return list[0]?.state === 'online';
  };
  await until('the camera is online', isOnline);
  console.log(JSON.stringify(await measure(page, `${cameras}/clock/whep`, seconds, openings)));
} finally {
  await browser.close();
  await program.stop();
  camera.child.kill();
  await rm(folder, { recursive: true });
}
