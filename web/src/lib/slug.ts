/* SPDX-License-Identifier: Apache-2.0 */

export const SLUG_MAX = 40;

/** "Café & Bar 2" → "cafe-bar-2": the form of every id. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, SLUG_MAX)
    .replace(/-+$/, '');
}
