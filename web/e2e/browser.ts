/* SPDX-License-Identifier: Apache-2.0 */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/* Debian's Chromium, with everything off that would talk to the outside. */

const ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--mute-audio'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
];

export const CHROMIUM = process.env.INVEYE_CHROMIUM ?? '/usr/bin/chromium';

/** Why browser tests cannot run here; undefined when they can. */
export function whyNoBrowser(): string | undefined {
  return existsSync(CHROMIUM) ? undefined : `no ${CHROMIUM}; apt-get install chromium, or set INVEYE_CHROMIUM`;
}

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };
export const SMALL_PHONE = { width: 360, height: 740 };

/** How long a condition may take before the test fails; never waited for in full when all is well. */
export const DEADLINE_MS = 20_000;

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

export type Visit = { page: Page; problems: string[]; close: () => Promise<void> };

/** A page of its own profile. `problems` gathers what must not happen on any page. */
export async function visit(
  browser: Browser,
  viewport: { width: number; height: number },
  theme: 'light' | 'dark' = 'light',
): Promise<Visit> {
  const context = await browser.newContext({ viewport, colorScheme: theme, hasTouch: viewport.width < 600 });
  context.setDefaultTimeout(DEADLINE_MS);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (/Content Security Policy|act\(|Warning:/.test(text)) problems.push(`console: ${text}`);
  });
  return { page, problems, close: () => context.close() };
}

export async function logIn(page: Page, origin: string, username: string, password: string): Promise<void> {
  await page.goto(origin);
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  /* The login page has a heading too: only the navigation tells that one is in. */
  await page.getByRole('navigation', { name: 'Main' }).first().waitFor();
}

/** Waits until `probe` gives something true; fails with `what` when the deadline passes. */
export async function until<T>(
  what: string,
  probe: () => Promise<T>,
  deadlineMs = DEADLINE_MS,
): Promise<NonNullable<T>> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await probe();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${deadlineMs} ms: ${what} (last: ${String(last)})`);
}

/** The figure on a KPI card, as it is read. */
export async function kpi(page: Page, name: string): Promise<string> {
  return (await page.locator(`[data-kpi="${name}"] output`).textContent()) ?? '';
}

/** Pixels by which the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
