/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from 'vitest';
import { readSyncAddress, syncAddress } from './sync-address.ts';

it('says which cameras and when, and reads it back', () => {
  const at = Date.parse('2026-03-29T10:00:00.500Z');
  const href = syncAddress('shop', { cameras: ['a', 'b'], at });
  expect(href).toBe('/stores/shop/cameras/recordings?cameras=a,b&at=2026-03-29T10%3A00%3A00.500Z');
  expect(readSyncAddress(new URL(href, 'http://x').searchParams)).toEqual({ cameras: ['a', 'b'], at });
});

it('takes nonsense for nothing, each camera once, and nine at most', () => {
  expect(readSyncAddress(new URLSearchParams('at=soon'))).toEqual({ cameras: [], at: null });
  expect(readSyncAddress(new URLSearchParams('cameras=a,,a,b')).cameras).toEqual(['a', 'b']);
  expect(readSyncAddress(new URLSearchParams({ cameras: [...'abcdefghijkl'].join(',') })).cameras).toHaveLength(9);
});
