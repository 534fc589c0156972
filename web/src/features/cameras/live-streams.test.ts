/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { camera as mockCamera } from '../../../e2e/mock/mock-world.ts';
import { layersOf, liveOf } from './live-streams.ts';
import type { LiveState } from './use-live-video.ts';

const camera = mockCamera('door', 1, 'Door');
const single = { ...camera, streams: camera.streams.slice(0, 1) };
const live = (state: LiveState, reason: string | null = null) => ({ state, reason });

describe('streams of a camera', () => {
  it('opens the one that is wanted', () => {
    expect(layersOf(camera, 'sub', {})).toEqual({ mounted: ['sub'], shown: null });
    expect(layersOf(camera, 'sub', { sub: live('playing') })).toEqual({ mounted: ['sub'], shown: 'sub' });
  });
  it('has one name for the stream of a camera that has one', () => {
    expect(layersOf(single, 'sub', {})).toEqual({ mounted: ['main'], shown: null });
  });
  it('keeps the old picture until the new one plays', () => {
    const before = { sub: live('playing'), main: live('connecting') };
    expect(layersOf(camera, 'main', before)).toEqual({ mounted: ['main', 'sub'], shown: 'sub' });
    expect(liveOf(camera, 'main', before)).toEqual(live('playing'));
    const after = { sub: live('playing'), main: live('playing') };
    expect(layersOf(camera, 'main', after)).toEqual({ mounted: ['main'], shown: 'main' });
  });
  it('shows the other one where the wanted one cannot be played, and says so', () => {
    const states = { main: live('refused', 'It is H.265.'), sub: live('off') };
    expect(layersOf(camera, 'main', states)).toEqual({ mounted: ['main', 'sub'], shown: null });
    expect(liveOf(camera, 'main', { ...states, sub: live('playing') })).toEqual(
      live('playing', 'The sub stream is shown instead. It is H.265.'),
    );
  });
  it('tells why nothing plays', () => {
    expect(liveOf(single, 'main', { main: live('refused', 'No.') })).toEqual(live('refused', 'No.'));
  });
});
