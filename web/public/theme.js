/* SPDX-License-Identifier: Apache-2.0 */
/* Runs before the first paint, so that a dark page never flashes white. */
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('inveye.theme');
  } catch (_) {
    /* storage may be forbidden; the system's choice stands */
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
