/* SPDX-License-Identifier: Apache-2.0 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults } from './axe.ts';
import { DESKTOP, launch, logIn, overflow, PHONE, until, type Visit, visit, whyNoBrowser } from './browser.ts';
import { MockServer } from './mock/mock-server.ts';
import { MockWorld } from './mock/mock-world.ts';

/* Recordings, and what is saved of them, against the mock: it has no video. */

const skip = whyNoBrowser();
const MINUTE = 60_000;
let browser: Browser;
let server: MockServer;
let origin: string;
let visited: Visit;
let page: Page;

before(async () => {
  if (!skip) browser = await launch();
});
after(async () => {
  await browser?.close();
});
beforeEach(async () => {
  if (skip) return;
  server = new MockServer(new MockWorld());
  server.world.stores[0]!.time_zone = zoneOfNoon();
  origin = await server.start();
  visited = await visit(browser, DESKTOP);
  page = visited.page;
  await logIn(page, origin, 'admin', 'mock password');
});
afterEach(async () => {
  if (skip) return;
  await visited.close();
  await server.stop();
  assert.deepEqual(visited.problems, []);
});

/** Where it is about noon: no midnight lies in the recordings of the test. */
function zoneOfNoon(): string {
  const ahead = 12 - new Date().getUTCHours();
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`; // these have the opposite sign
}

/** In the middle of the minute that the aisle lacks, or so many minutes later. */
const moment = (later = 0) => new Date(server.world.recordings.end - (19.5 - later) * MINUTE).toISOString();
const open = (path: string) => page.goto(`${origin}/stores/mock/cameras${path}`);
const panel = () => page.getByRole('region', { name: 'Save a clip' });
const size = () => panel().locator('[data-clip-size]').textContent();
const sound = async (what: string) => {
  assert.deepEqual(await accessibilityFaults(page), [], what);
  assert.equal(await overflow(page), 0, `${what} is too wide`);
};

test('recordings: who may see people only blurred is told why they are not played', { skip }, async () => {
  const { me } = server.world;
  me.permissions = me.permissions.filter((p) => p !== 'people.see');
  for (const path of ['/entrance/recordings', '/recordings?cameras=entrance,aisle']) {
    await open(path);
    await page.getByText('Recordings are not played for you').waitFor();
    await page.getByText(/your role sees them only blurred/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Play', exact: true }).count(), 0, path);
    await sound(path);
  }
});

test('recordings: a picture with people blurred is shown and saved where recordings are not played', { skip }, async () => {
  const { me } = server.world;
  me.permissions = me.permissions.filter((p) => p !== 'people.see');
  await open(`/entrance/recordings?at=${moment()}`);
  await page.getByRole('img', { name: /^Entrance, .*people are blurred$/ }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save picture' }).click();
  assert.match((await download).suggestedFilename(), /^entrance_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.jpg$/);
});

test('clips: a span is chosen by pointer and by key, saved, and downloaded', { skip }, async () => {
  await open(`/entrance/recordings?at=${moment()}`);
  await page.getByRole('button', { name: 'Save clip' }).click();
  await until('the size', async () => (await size()) === '1 min, about 3.6 MB');
  const [first, last] = [
    page.getByRole('slider', { name: 'Beginning of the clip' }),
    page.getByRole('slider', { name: 'End of the clip' }),
  ];
  await first.press('ArrowLeft');
  await until('a second more', async () => (await size())?.startsWith('1 min 1 s'));
  /* By a third of the timeline, which shows 15 minutes. */
  const timeline = (await page.getByRole('slider', { name: 'Time of the recording' }).boundingBox())!;
  const handle = (await last.boundingBox())!;
  const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + timeline.width / 3, y, { steps: 5 });
  await page.mouse.up();
  await until('five minutes more', async () => /^6 min/.test((await size()) ?? ''));
  await sound('choosing');
  server.world.clips.step = 0.4;
  await panel().getByRole('button', { name: 'Save clip' }).click();
  await panel().getByRole('progressbar').waitFor();
  await sound('making');
  await panel().getByRole('button', { name: 'Close' }).click();
  const opener = page.getByRole('button', { name: 'Save clip' });
  await until('the focus is back', () => opener.evaluate((button) => button === document.activeElement));
  /* The page is left: it is made nonetheless. */
  await page.getByRole('link', { name: 'Saved clips' }).click();
  await page.getByRole('heading', { level: 1, name: 'Saved clips' }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  assert.equal((await download).suggestedFilename(), 'entrance.mp4');
  await sound('the list');
});

test('clips: of several cameras one each, and what one lacks is told before', { skip }, async () => {
  await page.setViewportSize(PHONE);
  await open(`/recordings?cameras=entrance,aisle&at=${moment(0.5)}`);
  await page.getByRole('button', { name: 'Save clips' }).click();
  await until('the size', async () => (await size()) === '2 clips of 1 min, about 5.4 MB together');
  await panel().getByText(/^Aisle: Not recorded: .* \(30 s\)\.$/).waitFor();
  await sound('choosing');
  await panel().getByRole('button', { name: 'Save 2 clips' }).click();
  await until('both', async () => (await panel().getByRole('article').count()) === 2);
  assert.deepEqual(server.world.clips.clips.map(({ camera }) => camera).toSorted(), ['aisle', 'entrance']);
});

test('clips: who may not save any is not offered to', { skip }, async () => {
  const { me } = server.world;
  me.permissions = me.permissions.filter((p) => p !== 'recordings.export');
  await open(`/entrance/recordings?at=${moment()}`);
  await page.getByRole('slider', { name: 'Time of the recording' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Save clip' }).count(), 0);
  assert.equal(await page.getByRole('link', { name: 'Saved clips' }).count(), 0);
  await open('/clips');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
});
