// SPDX-License-Identifier: Apache-2.0
// What the documents link to and name is there.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const ROOT = path.join(import.meta.dirname, '../..');
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/features.md'];
const PLACE = /`((?:src|web|tools|docs|packaging|fuzz|tests|bench)\/[\w./-]*)`/g;

for (const document of DOCUMENTS) {
  const text = fs.readFileSync(path.join(ROOT, document), 'utf8');
  const here = path.dirname(path.join(ROOT, document));

  test(`${document}: links lead somewhere`, () => {
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      assert.ok(fs.existsSync(path.join(here, link)), `there is no ${link}`);
    }
  });

  test(`${document}: named places are there`, () => {
    const built = new Set(['web/dist']);
    for (const [, place] of text.matchAll(PLACE)) {
      assert.ok(built.has(place) || fs.existsSync(path.join(ROOT, place)), `there is no ${place}`);
    }
  });
}
