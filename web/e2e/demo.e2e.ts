/* SPDX-License-Identifier: Apache-2.0 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults } from './axe.ts';
import {
  DESKTOP,
  kpi,
  launch,
  logIn,
  overflow,
  PHONE,
  SMALL_PHONE,
  until,
  type Visit,
  visit,
  whyNoBrowser,
} from './browser.ts';
import { type Demo, startDemo, whyNoDemo } from './demo-program.ts';

/* The real program on real footage, used as its users use it. The tests run in order on one demo. */

const skip = whyNoBrowser() ?? whyNoDemo();
/* Figures come from people walking through the film; a pass of it takes a minute and a half. */
const FILM_MS = 120_000;

let browser: Browser;
let demo: Demo;
let desk: Visit;
let page: Page;

before(async () => {
  if (skip) return;
  demo = await startDemo();
  browser = await launch();
  desk = await visit(browser, DESKTOP);
  page = desk.page;
});
after(async () => {
  if (skip) return;
  await browser.close();
  assert.equal(await demo.stop(), 0, demo.output());
});

const boxesOn = (p: Page, camera: string) =>
  p.locator(`[data-camera="${camera}"] canvas`).evaluate((c) => Number((c as HTMLCanvasElement).dataset.boxes));
const lineFigure = async (p: Page, line: string, way: 'in' | 'out') =>
  Number(await p.locator(`[data-line="${line}"] [data-direction="${way}"]`).textContent());

async function photograph(p: Page, name: string): Promise<void> {
  const folder = process.env.INVEYE_SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await p.screenshot({ path: join(folder, `${name}.png`) });
}

async function cameraIds(p: Page): Promise<string[]> {
  await p.locator('[data-camera]').first().waitFor();
  return p.locator('[data-camera]').evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.camera ?? ''));
}

test('demo: log in with the printed password, see the store live', { skip }, async () => {
  await logIn(page, demo.origin, 'admin', demo.password);
  await page.locator('[data-link="open"]').waitFor();
  await page.getByRole('heading', { level: 2, name: 'Demo store' }).waitFor();
  await page.getByText('password that somebody else gave you').waitFor();
});

test('demo: four cameras show pictures with boxes on the people', { skip }, async () => {
  const ids = await cameraIds(page);
  assert.equal(ids.length, 4);
  for (const id of ids) {
    await page.locator(`[data-camera="${id}"][data-picture="running"]`).waitFor();
    await until(`boxes on ${id}`, async () => (await boxesOn(page, id)) > 0, FILM_MS);
  }
});

test('demo: the pictures are live video, and end with the page', { skip }, async () => {
  const metric = async (name: string) => {
    const text = await (await fetch(`${demo.origin}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  };
  for (const id of await cameraIds(page)) {
    await page.locator(`[data-camera="${id}"][data-live="playing"]`).waitFor();
    const moves = () => page.locator(`[data-camera="${id}"] video`).evaluate((v) => (v as HTMLVideoElement).currentTime);
    const before = await moves();
    await until(`pictures of ${id}`, async () => (await moves()) > before);
    const width = await page.locator(`[data-camera="${id}"] video`).evaluate((v) => (v as HTMLVideoElement).videoWidth);
    assert.ok(width > 0, `${id} is ${width} wide`);
  }
  assert.equal(await metric('inveye_viewers'), 4);
  await page.getByRole('link', { name: 'Events' }).first().click();
  await until('the views are closed', async () => (await metric('inveye_viewers')) === 0);
  assert.equal(await metric('inveye_viewers_lost_total'), 0);
  await page.getByRole('link', { name: 'Overview' }).first().click();
  await page.locator('[data-live="playing"]').first().waitFor();
});

test('demo: where WebRTC finds no way, MP4 over the WebSocket takes over', { skip }, async () => {
  const blocked = await visit(browser, DESKTOP);
  /* Only by a TURN server, and there is none: as behind a firewall that keeps UDP and TCP away. */
  await blocked.page.addInitScript(() => {
    const Plain = RTCPeerConnection;
    window.RTCPeerConnection = class extends Plain {
      constructor() {
        super({ iceTransportPolicy: 'relay' });
      }
    };
  });
  await logIn(blocked.page, demo.origin, 'admin', demo.password);
  const [id] = await cameraIds(blocked.page);
  const tile = blocked.page.locator(`[data-camera="${id}"][data-live="playing"]`);
  await tile.waitFor({ timeout: 60_000 });
  const video = tile.locator('video');
  assert.match(await video.evaluate((v) => (v as HTMLVideoElement).src), /^blob:/);
  const at = () => video.evaluate((v) => (v as HTMLVideoElement).currentTime);
  const before = await at();
  await until('the picture moves', async () => (await at()) > before + 1);
  await until('boxes', async () => (await boxesOn(blocked.page, id!)) > 0, FILM_MS);
  await blocked.close();
});

test('demo: figures are measured, and events arrive by themselves', { skip }, async () => {
  const feed = page.getByRole('region', { name: 'Live events' });
  await feed.locator('[data-event]').first().waitFor({ timeout: FILM_MS });
  const before = await feed.locator('[data-event]').count();
  await until('more events', async () => (await feed.locator('[data-event]').count()) > before, FILM_MS);
  await until(
    'traffic',
    async () => Number(await kpi(page, 'Traffic in')) + Number(await kpi(page, 'Traffic out')) > 0,
    FILM_MS,
  );
  await until('people in store', async () => Number(await kpi(page, 'In store now')) > 0, FILM_MS);
  await page.locator('[data-zone]').first().waitFor();
});

test('demo: a line drawn in the editor counts people at once', { skip }, async () => {
  const [camera] = await cameraIds(page);
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.locator(`a[href$="/settings/cameras/${camera}"]`).click();
  await page.getByRole('button', { name: 'Line', exact: true }).click();
  const box = (await page.getByRole('application').boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.62, box.y + box.height * 0.1);
  await page.mouse.click(box.x + box.width * 0.62, box.y + box.height * 0.95);
  await page.getByLabel('Name').fill('Drawn by hand');
  await page.getByLabel('Kind').selectOption('internal');
  await photograph(page, 'editor');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/Saved as version/).waitFor();

  await page.getByRole('link', { name: 'Customers' }).first().click();
  const total = async () =>
    (await lineFigure(page, 'drawn-by-hand', 'in')) + (await lineFigure(page, 'drawn-by-hand', 'out'));
  const first = await until('the first crossing', total, FILM_MS);
  await until('one more crossing', async () => (await total()) > first, FILM_MS);
  await photograph(page, 'customers');
});

test('demo: the new line is there after a reload, with its version', { skip }, async () => {
  const store = new URL(page.url()).pathname.split('/')[2];
  await page.goto(`${demo.origin}/stores/${store}/overview`);
  const [camera] = await cameraIds(page);
  await page.goto(`${demo.origin}/stores/${store}/settings/cameras/${camera}`);
  await page.getByRole('button', { name: /Drawn by hand/ }).click();
  assert.equal(await page.getByLabel('Id').inputValue(), 'drawn-by-hand');
  assert.equal(await page.getByLabel('Id').isDisabled(), true);
  await page.getByRole('button', { name: /^Version/ }).click();
  await page.getByText('In use').waitFor();
});

test('demo: a lane drawn in the editor serves people, as the checkout shows', { skip }, async () => {
  const store = new URL(page.url()).pathname.split('/')[2];
  await page.goto(`${demo.origin}/stores/${store}/overview`);
  const [camera] = await cameraIds(page);
  await page.goto(`${demo.origin}/stores/${store}/settings/cameras/${camera}`);
  await page.getByRole('button', { name: 'Lane', exact: true }).click();
  await page.getByAltText('Still of this camera').waitFor();
  const box = (await page.getByRole('application').boundingBox())!;
  const draw = async (...corners: [number, number][]) => {
    for (const [x, y] of corners) await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
    await page.keyboard.press('Enter');
  };
  await draw([0.05, 0.3], [0.5, 0.3], [0.5, 0.95], [0.05, 0.95]);
  await draw([0.52, 0.3], [0.95, 0.3], [0.95, 0.95], [0.52, 0.95]);
  await page.getByLabel('Name').fill('Counter');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/Saved as version/).waitFor();
  await page.getByRole('link', { name: 'Checkout' }).first().click();
  await page
    .locator('[data-queue="counter"]')
    .getByText(/waiting$/)
    .waitFor();
  const served = async () => Number(await page.locator('[data-lane="counter"] td').first().textContent()) > 0;
  await until('a customer served', served, FILM_MS);
  await photograph(page, 'checkout');
});

test('demo: from a figure to its breakdown to its events', { skip }, async () => {
  const store = new URL(page.url()).pathname.split('/')[2];
  await page.goto(`${demo.origin}/stores/${store}/overview`);
  await page.getByRole('link', { name: 'Traffic in' }).click();
  await page.locator('[data-line]').first().getByRole('link', { name: 'Events' }).click();
  await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
  await page.locator('[data-event="line.crossed"]').first().click();
  await page.getByRole('dialog').getByText('line.crossed').waitFor();
  assert.equal(await page.locator('[data-event]:not([data-event="line.crossed"])').count(), 0);
  await page.keyboard.press('Escape');
});

test('demo: a second person is added, sees what a viewer may, and no more', { skip }, async () => {
  const store = new URL(page.url()).pathname.split('/')[2];
  await page.goto(`${demo.origin}/stores/${store}/settings/users`);
  await page.getByRole('button', { name: 'Add user' }).click();
  await page.getByLabel('User name').fill('vera');
  await page.getByLabel('First password').fill('looks at figures');
  await page.getByRole('dialog').getByRole('button', { name: 'Add user' }).click();
  await page.locator('[data-user="vera"]').waitFor();
  const other = await visit(browser, DESKTOP);
  await logIn(other.page, demo.origin, 'vera', 'looks at figures');
  await other.page.locator('[data-camera]').first().waitFor();
  await other.page.goto(`${demo.origin}/stores/${store}/settings/users`);
  await other.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await other.close();
});

for (const [name, size] of [
  ['phone', PHONE],
  ['small phone', SMALL_PHONE],
] as const) {
  test(`demo: it works on a ${name}`, { skip }, async () => {
    const phone = await visit(browser, size, 'dark');
    await logIn(phone.page, demo.origin, 'admin', demo.password);
    const [camera] = await cameraIds(phone.page);
    await phone.page.locator(`[data-camera="${camera}"]`).scrollIntoViewIfNeeded();
    await until('boxes', async () => (await boxesOn(phone.page, camera!)) > 0, FILM_MS);
    const bar = phone.page.getByRole('navigation', { name: 'Main' }).last();
    for (const entry of ['Overview', 'Customers', 'Checkout', 'Sales', 'Cameras', 'Events', 'Evidence', 'Settings']) {
      const link = bar.getByRole('link', { name: entry });
      if ((await link.count()) > 0) await link.click();
      else {
        await bar.getByRole('button', { name: 'More' }).click();
        await phone.page.getByRole('menuitem', { name: entry }).click();
      }
      await phone.page.getByRole('heading', { level: 1, name: entry }).waitFor();
      assert.equal(await overflow(phone.page), 0, `${entry} is too wide`);
      await photograph(phone.page, `${name.replace(' ', '-')}-${entry.toLowerCase()}`);
    }
    await phone.close();
    assert.deepEqual(phone.problems, []);
  });
}

test('demo: the overview with real data is accessible', { skip }, async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('link', { name: 'Overview' }).first().click();
  await page.locator('[data-zone]').first().waitFor();
  await until('pictures', async () => (await page.locator('[data-picture="running"]').count()) === 4);
  assert.deepEqual(await accessibilityFaults(page), []);
  await photograph(page, 'overview');
});

test('demo: log out, and the session is over', { skip }, async () => {
  await page.getByRole('button', { name: 'Account of admin' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in to InvEye' }).waitFor();
  const answer = await page.request.get(`${demo.origin}/api/v1/me`);
  assert.equal(answer.status(), 401);
  assert.deepEqual(desk.problems, []);
});
