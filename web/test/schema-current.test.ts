/* SPDX-License-Identifier: Apache-2.0 */
import { readFile } from 'node:fs/promises';
import openapi, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';

/* The types of the API are made from docs/api/openapi.yaml, never by hand: `npm run types`. */
it('src/lib/api/schema.gen.ts is what openapi-typescript makes of docs/api/openapi.yaml', async () => {
  const source = new URL(`file://${process.cwd()}/../docs/api/openapi.yaml`);
  const made = astToString(await openapi(source));
  const kept = await readFile('src/lib/api/schema.gen.ts', 'utf8');
  expect(kept.endsWith(made), 'out of date: run `npm run types` in web/ and commit the file').toBe(true);
});
