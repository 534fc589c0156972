/* SPDX-License-Identifier: Apache-2.0 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults } from './axe.ts';
import { DESKTOP, launch, logIn, overflow, PHONE, until, type Visit, visit, whyNoBrowser } from './browser.ts';
import { type Demo, startProgram, whyNoDemo } from './demo-program.ts';
import { Relay } from './relay.ts';

/* What two cameras recorded, played together: each picture says when it was made (bench/live_camera.c),
 * so that what is on the page is compared with the truth. One camera breaks off for a while. */

const CAMERA = fileURLToPath(new URL('../../build/bench/live-camera', import.meta.url));
const skip = whyNoBrowser() ?? whyNoDemo() ?? (existsSync(CAMERA) ? undefined : `no ${CAMERA}; build it first`);
const RECORD_MS = 60_000;
const GAP_MS = 3000;
/** A clip is made some seconds after its span is over. */
const CLIP_MS = 60_000;
const IN_STEP_MS = 300;

type Span = { from: number; to: number };

const children: ChildProcess[] = [];
let relay: Relay;
let folder: string;
let program: Demo;
let browser: Browser;
let desk: Visit;
let page: Page;
/** What was recorded of each camera. */
let whole: Span[];
let broken: Span[];

async function startCamera(): Promise<string> {
  const child = spawn(CAMERA, ['320', '180', '15', '200'], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', (code) => reject(new Error(`the camera ended with ${code}`)));
  });
}

async function recorded(camera: string): Promise<Span[]> {
  const span = `from=${new Date(Date.now() - 600_000).toISOString()}&to=${new Date().toISOString()}`;
  const answer = await page.request.get(`${program.origin}/api/v1/stores/shop/cameras/${camera}/recordings?${span}`);
  const { recordings } = (await answer.json()) as { recordings: { start: string; end: string }[] };
  const all: Span[] = [];
  for (const { start, end } of recordings) {
    const last = all.at(-1);
    if (last && Date.parse(start) - last.to < 1000) last.to = Date.parse(end);
    else all.push({ from: Date.parse(start), to: Date.parse(end) });
  }
  return all;
}

const lasts = (span: Span | undefined, ms: number) => span !== undefined && span.to - span.from >= ms;

/** Both record; one is cut off for a while; both record. */
async function recordWithGap(): Promise<void> {
  const began = async (id: string) => lasts((await recorded(id))[0], 5000);
  await until('both record', async () => (await began('a')) && (await began('b')), RECORD_MS);
  relay.cut();
  const lastFrame = async () => {
    const answer = await page.request.get(`${program.origin}/api/v1/stores/shop/cameras`);
    const { cameras } = (await answer.json()) as { cameras: { id: string; last_frame_ts: string }[] };
    return Date.parse(cameras.find(({ id }) => id === 'b')!.last_frame_ts);
  };
  await until('one is lost', async () => (await lastFrame()) < Date.now() - GAP_MS, RECORD_MS);
  relay.heal();
  await until('both record again', async () => lasts((await recorded('b'))[1], 5000), RECORD_MS);
  broken = await recorded('b');
  const enough = broken[1]!.from + 5000;
  await until('the other has as much', async () => (await recorded('a')).at(-1)!.to >= enough, RECORD_MS);
  whole = await recorded('a');
}

before(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), 'inveye-playback-'));
  const [first, second] = [await startCamera(), await startCamera()];
  relay = await Relay.to(Number(new URL(second).port));
  const config = join(folder, 'store.yaml');
  const lines = [
    'store: {id: shop, name: Shop}',
    'recording: {mode: continuous, segment: 10 s}',
    'cameras:',
    `  - {id: a, name: Aisle, fps: 1, url: "${first}"}`,
    `  - {id: b, name: Back door, fps: 1, url: "${relay.address('/clock')}"}`,
  ];
  await writeFile(config, lines.join('\n'));
  program = await startProgram(['--config', config]);
  browser = await launch();
  desk = await visit(browser, DESKTOP);
  page = desk.page;
  await logIn(page, program.origin, 'admin', program.password);
  await recordWithGap();
  page.on('console', (message) => message.type() === 'error' && desk.problems.push(`console: ${message.text()}`));
});
after(async () => {
  if (skip) return;
  await browser?.close();
  await program?.stop();
  relay?.close();
  for (const child of children) child.removeAllListeners('exit').kill();
  await rm(folder, { recursive: true, force: true });
});

const tile = (camera: string, state: string) => page.locator(`[data-tile="${camera}"][data-state="${state}"]`);
const clock = async () => Number(await page.locator('time[data-shown]').getAttribute('data-shown'));

/** What the picture itself says of when it was made: 32 bits, black or white, along its upper edge. In the page. */
const READ_CLOCK = `(picture, width, height) => {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  const block = width / 32;
  const row = context.getImageData(0, Math.floor(block / 2), width, 1).data;
  let read = 0;
  for (let i = 0; i < 32; i++) read = read * 2 + (row[Math.floor((i + 0.5) * block) * 4] > 125 ? 1 : 0);
  return read;
}`;

type Apart = { playlist: number[]; pictures: number[] };

/** By how much both cameras are apart (ms) from now until the clock says `to`: by their playlists, and in
 * the pictures themselves. */
function watchUntil(to: number): Promise<Apart> {
  return page.evaluate(
    (end) =>
      new Promise<{ playlist: number[]; pictures: number[] }>((resolve) => {
        const BITS = 32;
        const videos = [...document.querySelectorAll<HTMLVideoElement>('[data-tile] video')];
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d', { willReadFrequently: true })!;
        const madeAt = (video: HTMLVideoElement) => {
          canvas.width = video.videoWidth;
          const block = canvas.width / BITS;
          canvas.height = block * 2;
          context.drawImage(video, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          const row = Math.floor(block / 2) * canvas.width;
          const bit = (i: number) => (data[(row + Math.floor((i + 0.5) * block)) * 4]! > 125 ? 1 : 0);
          return Array.from({ length: BITS }, (_, i) => bit(i)).reduce<number>((number, b) => number * 2 + b, 0);
        };
        const apart = { playlist: [] as number[], pictures: [] as number[] };
        const look = () => {
          const [a, b] = videos.map((video) => Number(video.dataset.shown));
          apart.playlist.push(Math.abs(a! - b!));
          apart.pictures.push(Math.abs(madeAt(videos[0]!) - madeAt(videos[1]!)));
          if (Math.min(a!, b!) < end) requestAnimationFrame(look);
          else resolve(apart);
        };
        look();
      }),
    to,
  );
}

function assertInStep({ playlist, pictures }: Apart, what: string): void {
  const worst = Math.max(...playlist);
  const sorted = pictures.toSorted((x, y) => x - y);
  const typical = sorted[Math.floor(sorted.length / 2)]!;
  assert.ok(playlist.length > 5, `${what}: looked ${playlist.length} times`);
  assert.ok(worst < IN_STEP_MS, `${what}: up to ${worst} ms apart`);
  assert.ok(typical < IN_STEP_MS, `${what}: pictures are ${typical} ms apart`);
}

test('playback: two cameras play in step, through the gap of one', { skip }, async () => {
  const gap = { from: broken[0]!.to, to: broken[1]!.from };
  const at = new Date(gap.from - 3500).toISOString();
  await page.goto(`${program.origin}/stores/shop/cameras/recordings?cameras=a,b&at=${at}`);
  await tile('a', 'shown').waitFor();
  await tile('b', 'shown').waitFor();
  assert.equal(await clock(), Date.parse(at));
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await until('they have settled', async () => (await clock()) > Date.parse(at) + 1000);
  assertInStep(await watchUntil(gap.from - 300), 'before the gap');

  await tile('b', 'gap').waitFor();
  await page.getByText(/^Not recorded until \d\d:\d\d:\d\d$/).waitFor();
  assert.equal(await tile('a', 'shown').count(), 1);
  await tile('b', 'shown').waitFor();
  assert.ok((await clock()) >= gap.to - 250, 'not before its recording');
  await until('they have settled again', async () => (await clock()) > gap.to + 1000);
  assertInStep(await watchUntil(gap.to + 2500), 'after the gap');
});

test('playback: a jump leads both to the same instant, and the address says it', { skip }, async () => {
  await page.getByRole('button', { name: 'Pause' }).click();
  const from = await clock();
  await page.getByRole('slider', { name: 'Time of the recordings' }).press('ArrowLeft');
  await until('the jump', async () => (await clock()) <= from - 4500);
  const named = () => Date.parse(new URL(page.url()).searchParams.get('at')!);
  await until('the address', async () => named() === Math.floor(await clock()));
  await page.getByRole('button', { name: '−10 s' }).click();
  await tile('b', 'shown').waitFor();
  const shown = (camera: string) => tile(camera, 'shown').locator('video').getAttribute('data-shown').then(Number);
  await until('both are there', async () => {
    const now = await clock();
    return Math.abs((await shown('a')) - now) < 30 && Math.abs((await shown('b')) - now) < 30;
  });
});

test('playback: a camera is made large, and leaves', { skip }, async () => {
  const aisle = page.getByRole('button', { name: 'Aisle large' });
  await aisle.click();
  assert.equal(await aisle.getAttribute('aria-pressed'), 'true');
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Remove Back door' }).click();
  await until('one camera', async () => (await page.locator('[data-tile]').count()) === 1);
  assert.equal(new URL(page.url()).searchParams.get('cameras'), 'a');
});

test('playback: the picture that is saved is the one that is shown', { skip }, async () => {
  const at = whole[0]!.from;
  await page.goto(`${program.origin}/stores/shop/cameras/a/recordings?at=${new Date(at).toISOString()}`);
  const save = page.getByRole('button', { name: 'Save picture' });
  const later = page.getByRole('button', { name: 'One picture on' });
  await until('the instant', async () => Math.abs((await clock()) - at) < 100);
  for (const what of ['the first', 'the next', 'the one after']) {
    const download = page.waitForEvent('download');
    await save.click();
    const file = await readFile(await (await download).path(), 'base64');
    const [saved, shown] = await page.evaluate<[number, number]>(
      `(async () => {
        const read = ${READ_CLOCK};
        const still = new Image();
        still.src = 'data:image/jpeg;base64,${file}';
        await still.decode();
        const video = document.querySelector('video');
        return [read(still, still.naturalWidth, still.naturalHeight), read(video, video.videoWidth, video.videoHeight)];
      })()`,
    );
    assert.equal(saved, shown, what);
    const before = await clock();
    await later.click();
    await until('another picture', async () => (await clock()) > before);
  }
});

test('playback: a clip is saved, with the gap that was told before, and can be deleted', { skip }, async () => {
  const gap = { from: broken[0]!.to, to: broken[1]!.from };
  await page.goto(`${program.origin}/stores/shop/cameras/b/recordings?at=${new Date(gap.from).toISOString()}`);
  await page.getByRole('button', { name: 'Save clip' }).click();
  const panel = page.getByRole('region', { name: 'Save a clip' });
  await panel.getByText(/^Not recorded: /).waitFor();
  const estimate = (await panel.locator('[data-clip-size]').textContent()) ?? '';
  await panel.getByRole('button', { name: 'Save clip' }).click();
  const clip = panel.getByRole('article');
  const download = clip.getByRole('link', { name: 'Download' });
  await download.waitFor({ timeout: CLIP_MS });
  await clip.getByText(/^Not recorded: /).waitFor();
  const coming = page.waitForEvent('download');
  await download.click();
  const file = await readFile(await (await coming).path());
  assert.equal(file.toString('latin1', 4, 8), 'ftyp');
  assert.equal(createHash('sha256').update(file).digest('hex'), await clip.locator('code').textContent());
  const [number, unit] = /about ([\d.]+) (KB|MB)$/.exec(estimate)!.slice(1);
  const told = Number(number) * (unit === 'MB' ? 1e6 : 1e3);
  assert.ok(Math.abs(file.length / told - 1) < 0.2, `${file.length} bytes, told before: ${estimate}`);

  await panel.getByRole('link', { name: 'All saved clips' }).click();
  await page.getByRole('article').getByText(/^Not recorded: /).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No clip is saved').waitFor();
});

test('playback: the recordings of one camera begin where the address says, and lead to others', { skip }, async () => {
  const at = whole[0]!.from + 2000;
  await page.goto(`${program.origin}/stores/shop/cameras/a/recordings?at=${new Date(at).toISOString()}`);
  await until('the instant', async () => Math.abs((await clock()) - at) < 100);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await until('it plays', async () => (await clock()) > at + 300);
  await page.setViewportSize(PHONE);
  assert.equal(await overflow(page), 0);
  await page.getByRole('link', { name: 'With other cameras' }).click();
  await tile('a', 'shown').waitFor();
  await page.getByRole('button', { name: 'Cameras (1)' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Back door' }).click();
  await page.keyboard.press('Escape');
  await tile('b', 'shown').or(tile('b', 'gap')).waitFor();
  assert.equal(await overflow(page), 0);
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(desk.problems, []);
});

test('playback: who may see people only blurred gets pictures instead, and is told why', { skip }, async () => {
  const user = { name: 'vera', role: 'viewer', password: 'a password of hers', stores: ['shop'] };
  const headers = { Origin: program.origin };
  const added = await page.request.post(`${program.origin}/api/v1/users`, { data: user, headers });
  assert.equal(added.status(), 201, await added.text());
  const other = await visit(browser, PHONE);
  await logIn(other.page, program.origin, user.name, user.password);
  const at = new Date(whole[0]!.from + 2000).toISOString();
  await other.page.goto(`${program.origin}/stores/shop/cameras/a/recordings?at=${at}`);
  await other.page.getByText(/your role sees them only blurred/).waitFor();
  const still = other.page.getByRole('img', { name: /^Aisle, .*people are blurred$/ });
  await until('the picture', () => still.evaluate((image) => (image as HTMLImageElement).naturalWidth === 320));
  assert.equal(await overflow(other.page), 0);
  assert.deepEqual(await accessibilityFaults(other.page), []);
  await other.close();
  assert.deepEqual(other.problems, []);
});
