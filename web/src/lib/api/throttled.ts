/* SPDX-License-Identifier: Apache-2.0 */

export type Throttled = { run: () => void; stop: () => void };

/** Runs at once, then at most once in each period; a call within it runs at its end. */
export function throttled(everyMs: number, action: () => void): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const open = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, everyMs);
  };
  const run = () => {
    again = timer !== undefined;
    if (again) return;
    action();
    open();
  };
  return { run, stop: () => clearTimeout(timer) };
}
