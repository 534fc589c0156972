/* SPDX-License-Identifier: Apache-2.0 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults } from './axe.ts';
import { DESKTOP, launch, logIn, overflow, type Visit, visit, whyNoBrowser } from './browser.ts';
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
