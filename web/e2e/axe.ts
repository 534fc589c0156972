/* SPDX-License-Identifier: Apache-2.0 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const SOURCE = fileURLToPath(new URL('../node_modules/axe-core/axe.min.js', import.meta.url));

/** What axe finds against WCAG 2.1 AA on the page as it is now, one line for each rule. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(SOURCE, 'utf8'));
  return page.evaluate(async () => {
    type Violation = { id: string; nodes: { html: string; failureSummary?: string }[] };
    const axe = (
      window as unknown as { axe: { run: (root: Document, options: object) => Promise<{ violations: Violation[] }> } }
    ).axe;
    const { violations } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.length} x ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary ?? ''}`,
    );
  });
}
