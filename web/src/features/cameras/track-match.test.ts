/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { readTrackFrame } from './track-frames.ts';
import { keepFrame, matchFrame, type TrackFrame } from './track-match.ts';

const frame = (ts: number, ...boxes: [id: number, x: number][]): TrackFrame => ({
  ts,
  boxes: boxes.map(([id, x]) => ({ id, confirmed: true, x, y: 0.5, w: 0.1, h: 0.2 })),
});
const places = (matched: TrackFrame | null) => matched?.boxes.map(({ id, x }) => [id, Number(x.toFixed(4))]);

describe('matchFrame', () => {
  const frames = [frame(1000, [1, 0.1]), frame(1200, [1, 0.2], [2, 0.8]), frame(1400, [1, 0.4])];
  it('finds the tracks of the very frame', () => {
    expect(matchFrame(frames, 1200)).toBe(frames[1]);
    expect(matchFrame(frames, 1400)).toBe(frames[2]);
    expect(matchFrame(frames, 1000)).toBe(frames[0]);
  });
  it('finds who is between two frames on the way from one to the other', () => {
    expect(places(matchFrame(frames, 1050))).toEqual([[1, 0.125]]);
    expect(places(matchFrame(frames, 1250))).toEqual([
      [1, 0.25],
      [2, 0.8],
    ]);
    expect(places(matchFrame(frames, 1350))).toEqual([[1, 0.35]]);
  });
  it('lets people walk on until their tracks have come, and not far', () => {
    expect(places(matchFrame(frames, 1500))).toEqual([[1, 0.5]]);
    expect(places(matchFrame(frames, 1750))).toEqual([[1, 0.75]]);
    expect(places(matchFrame(frames, 1890))).toEqual([[1, 0.75]]);
    expect(places(matchFrame([frame(1000, [1, 0.1])], 1300))).toEqual([[1, 0.1]]);
  });
  it('draws no way over a gap', () => {
    const apart = [frame(1000, [1, 0.1]), frame(3000, [1, 0.9])];
    expect(places(matchFrame(apart, 1400))).toEqual([[1, 0.1]]);
    expect(places(matchFrame(apart, 2600))).toEqual([[1, 0.9]]);
    expect(matchFrame(apart, 2000)).toBeNull();
    expect(places(matchFrame(apart, 3200))).toEqual([[1, 0.9]]);
  });
  it('draws nothing rather than boxes beside the people', () => {
    expect(matchFrame(frames, 400)).toBeNull();
    expect(matchFrame(frames, 2000)).toBeNull();
    expect(matchFrame([], 1000)).toBeNull();
  });
  it('takes the newest where the picture has no time', () => {
    expect(matchFrame(frames, null)?.ts).toBe(1400);
  });
});

describe('keepFrame', () => {
  it('keeps a bounded past', () => {
    let frames: TrackFrame[] = [];
    for (let i = 0; i < 100; i++) frames = keepFrame(frames, frame(i));
    expect(frames).toHaveLength(60);
    expect(frames[59]?.ts).toBe(99);
  });
  it('starts anew when the clock goes back', () => {
    expect(keepFrame([frame(5000)], frame(100))).toEqual([frame(100)]);
  });
});

describe('readTrackFrame', () => {
  const ts = '2026-01-01T00:00:01.000Z';
  it('reads corners into boxes and leaves lost tracks out', () => {
    const read = readTrackFrame({
      ts,
      tracks: [
        { id: 7, state: 'confirmed', box: [0.1, 0.2, 0.4, 0.8] },
        { id: 8, state: 'tentative', box: [0, 0, 1, 1] },
        { id: 9, state: 'lost', box: [0, 0, 1, 1] },
      ],
    });
    expect(read?.ts).toBe(Date.parse(ts));
    expect(read?.boxes.map((b) => [b.id, b.confirmed])).toEqual([
      [7, true],
      [8, false],
    ]);
    expect(read?.boxes[0]?.w).toBeCloseTo(0.3);
    expect(read?.boxes[0]?.h).toBeCloseTo(0.6);
  });
  it('takes nothing that is malformed', () => {
    expect(readTrackFrame({ ts: 'soon', tracks: [] })).toBeNull();
    expect(readTrackFrame({ ts })).toBeNull();
    expect(readTrackFrame({ ts, tracks: [{ id: 'x', state: 'confirmed', box: [1, 2] }] })?.boxes).toEqual([]);
  });
});
