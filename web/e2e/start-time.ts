/* SPDX-License-Identifier: Apache-2.0 */
import { kpi, launch, logIn, until, visit, whyNoBrowser, DESKTOP } from './browser.ts';
import { startDemo, whyNoDemo } from './demo-program.ts';

/* How long from `inveye run --demo` to the first figure on the page that is not zero, log-in
 * included, in a browser that is open already. Not a test: npm run start-time [ROUNDS]. */

const why = whyNoBrowser() ?? whyNoDemo();
if (why) {
  console.error(why);
  process.exit(1);
}

async function firstFigure(): Promise<number> {
  const browser = await launch();
  const { page } = await visit(browser, DESKTOP);
  const begun = performance.now();
  const demo = await startDemo();
  try {
    await logIn(page, demo.origin, 'admin', demo.password);
    await until('a figure', async () =>
      ['In store now', 'Traffic in', 'Traffic out'].reduce(
        async (some, name) => (await some) || Number(await kpi(page, name)) > 0,
        Promise.resolve(false),
      ),
    );
    return (performance.now() - begun) / 1000;
  } finally {
    await demo.stop();
    await browser.close();
  }
}

const rounds = Number(process.argv[2] ?? 3);
const seconds: number[] = [];
for (let i = 0; i < rounds; i++) seconds.push(await firstFigure());
seconds.sort((a, b) => a - b);
console.log(JSON.stringify({ start_s_median: seconds[Math.floor(rounds / 2)], start_s_max: seconds.at(-1), rounds }));
