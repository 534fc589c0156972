/* SPDX-License-Identifier: Apache-2.0 */

/** Where a moment of a camera is kept as evidence: the page of that feature, its form filled in. */
export function keepPath(store: string, camera: string, at: string, more: { event?: string; title?: string } = {}): string {
  const params = new URLSearchParams({ keep: at, camera, ...more });
  return `/stores/${store}/evidence?${params.toString()}`;
}
