// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const LINT = path.join(import.meta.dirname, '..', 'lint-includes');

/** Lints a made-up src/ and returns what it says, without the folder's name. */
function lint(t, files) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'inveye-lint-'));
  t.after(() => fs.rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  const { status, stdout } = spawnSync(LINT, [root], { encoding: 'utf8' });
  return { status, said: stdout.replaceAll(`${root}/`, '').trimEnd() };
}

test('lower floors, the own room and neighbours on floor 1 are fine', (t) => {
  const files = {
    'config/a.c': '#include "model/m.h"\n#include "base/b.h"\n#include "config/a.h"\n',
    'track/t.c': '#include <glib.h>\n#include "model/m.h"\n/* time() is an argument */\nint open_sum;\n',
    'app/run.c': '#include "media/m.h"\n#include "vision/v.h"\n',
  };
  assert.deepEqual(lint(t, files), { status: 0, said: '' });
});

test('an upper floor is refused, with file and line', (t) => {
  const { status, said } = lint(t, { 'base/a.c': '\n#include "model/m.h"\n' });
  assert.equal(status, 1);
  assert.match(said, /^base\/a\.c:2: base \(floor 0\) may not include model \(floor 1\)/);
});

test('rooms of floors 2 and 3 do not know each other', (t) => {
  const { said } = lint(t, {
    'rules/a.c': '#include "track/t.h"\n',
    'vision/sub/b.c': '#include "media/m.h"\n',
  });
  assert.match(said, /rules\/a\.c:1: rules \(floor 2\) may not include track/);
  assert.match(said, /vision\/sub\/b\.c:1: vision \(floor 3\) may not include media/);
});

test('pure rooms read no clock, do no input or output and keep no random numbers', (t) => {
  const { said } = lint(t, {
    'kpi/a.c': '#include <stdio.h>\n/* time(NULL) in\n a comment */\nlong t = g_get_real_time ();\nchar *s = "open(x)";\nint r = rand();\n',
    'media/b.c': '#include <stdio.h>\nlong t = g_get_real_time();\n',
  });
  assert.deepEqual(said.split('\n'), [
    'kpi/a.c:1: kpi is pure and may not include <stdio.h>',
    'kpi/a.c:4: kpi is pure and may not call g_get_real_time()',
    'kpi/a.c:6: kpi is pure and may not call rand()',
  ]);
});

test('paths start at src/, and a room has a floor', (t) => {
  const { said } = lint(t, { 'base/a.c': '#include "a.h"\n', 'shed/b.c': '' });
  assert.match(said, /base\/a\.c:1: "a\.h" should be "base\/a\.h"/);
  assert.match(said, /shed: a room without a floor/);
});
