/* SPDX-License-Identifier: Apache-2.0 */

/* The address of several cameras' recordings: ?cameras=a,b&at=2026-03-29T10:00:00.000Z */

export const CAMERAS_MAX = 9;

export type SyncAddress = { cameras: string[]; at: number | null };

export function readSyncAddress(params: URLSearchParams): SyncAddress {
  const named = (params.get('cameras') ?? '').split(',').filter(Boolean);
  const at = Date.parse(params.get('at') ?? '');
  return { cameras: [...new Set(named)].slice(0, CAMERAS_MAX), at: Number.isNaN(at) ? null : at };
}

export function syncAddress(store: string, { cameras, at }: SyncAddress): string {
  const named = `cameras=${cameras.map(encodeURIComponent).join(',')}`;
  const when = at === null ? '' : `&at=${encodeURIComponent(new Date(at).toISOString())}`;
  return `/stores/${encodeURIComponent(store)}/cameras/recordings?${named}${when}`;
}
